"""What customers say of the help itself: that it was none, and that they are upset. In English and Swedish."""

import re

#: A sentence that says no more than that the answer was wrong or no help.
_DENIES = re.compile(
    r"""\W*(?:(?:no|nope|sorry|but|nej|nä|men|tyvärr)[ ,.]+)*(?:
    (?:(?:that|this|it|(?:your|the)\ answer)\ )?(?:really\ )?(?:did|does|has)(?:\ not|n['’]?t)\ (?:really\ )?
      (?:help(?:ed)?|work(?:ed)?|answer\ (?:it|that|my\ question)|solved?\ (?:it|that|anything))
    | (?:that|this|it)(?:['’]?s|\ is|\ was)\ (?:just\ |completely\ |totally\ )?(?:wrong|incorrect|untrue|false|no\ help)
    | (?:that|this|it)(?:(?:['’]?s|\ is|\ was)\ not|\ (?:is|was)n['’]?t)\ (?:very\ |really\ )?
      (?:what\ i\ (?:asked|meant|mean|need|want)(?:\ for|\ about)?|right|correct|true|helpful|it|the\ answer)
    | not\ (?:very\ )?helpful | wrong(?:\ answer)? | no\ help
    | not\ what\ i\ (?:asked|meant|mean|need|want)(?:\ for|\ about)?
    | (?:it(?:['’]s|\ is)\ )?still\ (?:not\ working|broken|nothing|the\ same)
    | (?:it\ )?still\ does(?:\ not|n['’]?t)\ (?:work|help)
    | i(?:['’]ve|\ have)?\ (?:already\ )?tried\ (?:that|this|it)(?:\ already)?
    | (?:(?:det|svaret|detta)\ )?(?:hjälpte|hjälper|fungerade|fungerar|funkade|funkar|stämmer)\ (?:inte|ej)
    | (?:det\ (?:är|var)\ )?fel(?:\ svar)?
    | (?:det\ (?:är|var)\ )?inte\ (?:det|vad)\ jag\ (?:frågade|menade|behöver)(?:\ om)?
    | det\ har\ jag\ (?:redan\ )?(?:provat|testat|gjort)
    )(?:\ (?:at\ all|either|though|for\ me|me|alls|heller|mig))*\W*""",
    re.IGNORECASE | re.VERBOSE,
)
#: What only upset people write. Words of plain trouble ("broken", "a terrible picture") are not among them.
_UPSET = re.compile(
    r"""\b(?:
    (?:(?:this|that|it|you|your\ \w+)\ (?:is|are)|(?:this|that|it)['’]?s|you['’]re)\ (?:\w+\ ){0,2}
      (?:ridiculous|absurd|unacceptable|outrageous|a\ joke|useless|pathetic|a\ disgrace|infuriating|bullshit|crap)
    | (?:second|third|fourth|fifth|tenth|2nd|3rd|4th|5th|hundredth)\ time\ (?:that\ )?(?:i|i['’]m|i['’]ve|asking|now)
    | how\ many\ times\ (?:do|must|should)\ i\ (?:have\ to\ |need\ to\ )?(?:ask|say|tell|write|repeat|explain)
    | for\ the\ last\ time
    | asked\ (?:this\ )?(?:already|twice|three\ times|\d+\ times)
    | (?:i\ am|i['’]m)\ (?:\w+\ ){0,2}(?:angry|furious|mad|fed\ up|pissed(?:\ off)?|frustrated|sick\ of) | fed\ up\ with
    | idiots | morons | you\ (?:\w+\ ){0,2}(?:idiot|moron) | (?:you['’]re|you\ are)\ (?:so\ )?stupid
    | (?:stupid|useless|worthless|dumb|damn)\ (?:bot|robot|support|service|company|answer|people)
    | worst\ (?:\w+\ )?(?:service|support|company) | waste\ of\ (?:my\ )?time | wtf | what\ the\ (?:hell|fuck)
    | f+u+c+k\w* | bullshit | piece\ of\ (?:crap|shit|junk)
    | (?:det\ här|detta|det|ni|du)\ (?:är|e)\ (?:\w+\ ){0,2}
      (?:löjligt|skandal|oacceptabelt|ett\ skämt|värdelös\w*|sjukt|skit\w*|dumma?)
    | (?:andra|tredje|fjärde|femte)\ gången\ (?:som\ )?jag | hur\ många\ gånger\ (?:ska|måste)\ jag
      \ (?:fråga|säga|skriva|upprepa)
    | för\ sista\ gången | jag\ är\ (?:\w+\ ){0,2}(?:arg|förbannad|rasande|frustrerad)
    | (?:så\ )?trött\ på\ (?:det\ här|detta|er) | idioter | idiotisk\w*
    | värdelös(?:a)?\ (?:bot|support|service|kundtjänst|robot) | för\ fan | fan\ också | vad\ fan | fy\ fan
    | jävl\w+ | helvete | skitdålig\w*
    )(?!\w)""",
    re.IGNORECASE | re.VERBOSE,
)
#: Words and letters from which on capitals are shouting and no abbreviation.
_SHOUTED_WORDS, _SHOUTED_LETTERS = 3, 12


def denies(sentence: str) -> bool:
    """Whether a sentence says that an answer was wrong or no help, and nothing else."""
    return _DENIES.fullmatch(" ".join(sentence.split())) is not None


def is_upset(text: str) -> bool:
    """Whether somebody insults, shouts or complains about the help they get, anywhere in a text."""
    return _UPSET.search(" ".join(text.split())) is not None or _shouts(text)


def without_anger(text: str) -> str:
    """What is left of a text without the words that only upset people write."""
    return " ".join(_UPSET.sub(" ", " ".join(text.split())).split())


def _shouts(text: str) -> bool:
    letters = [character for character in text if character.isalpha()]
    words = [word for word in text.split() if sum(map(str.isalpha, word)) > 1]
    if len(words) < _SHOUTED_WORDS or len(letters) < _SHOUTED_LETTERS:
        return False
    return sum(map(str.isupper, letters)) >= 0.9 * len(letters)
