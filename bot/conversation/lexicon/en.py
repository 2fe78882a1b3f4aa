"""English wishes, choices and complaints. Written for this project."""

from bot.conversation.lexicon.lexicon import Lexicon, words

_IT = r"(?:that|this|it)"
_MEANT = r"(?:asked|meant|mean|need|want)(?: for| about)?"

LEXICON = Lexicon(
    language="en",
    openers=(
        "but however still yet no nope not never nothing it its that this my the i we how what why where when who which can "
        "could is are do does did please wrong also and or so if"
    ),
    polite="please|pls|plz|now|thanks|thank you",
    denies=(
        (
            rf"(?:(?:{_IT}|(?:your|the) answer) )?(?:really )?(?:did|does|has)(?: not|n'?t) (?:really )?"
            r"(?:help(?:ed)?|work(?:ed)?|answer (?:it|that|my question)|solved? (?:it|that|anything))"
        ),
        rf"{_IT}(?:'?s| is| was) (?:just |completely |totally )?(?:wrong|incorrect|untrue|false|no help)",
        (
            rf"{_IT}(?:(?:'?s| is| was) not| (?:is|was)n'?t) (?:very |really )?"
            rf"(?:what i {_MEANT}|right|correct|true|helpful|it|the answer)"
        ),
        rf"not (?:very )?helpful|wrong(?: answer)?|no help|not what i {_MEANT}",
        r"(?:it(?:'s| is) )?still (?:not working|broken|nothing|the same)",
        r"(?:it )?still does(?: not|n'?t) (?:work|help)",
        rf"i(?:'ve| have)? (?:already )?tried {_IT}(?: already)?",
    ),
    denies_before="no|nope|sorry|but",
    denies_after="at all|either|though|for me|me",
    upset=(
        r"(?:that|this|it|you|your \w+)(?:'s|'re| is| are| was) (?:\w+ ){0,2}(?:stupid|garbage|trash|rubbish|disgusting|terrible service|shameful|a scam|a disgrace|shit|nonsense)",
        r"(?:crap|disgusted|disgraceful|are you (?:kidding|serious|joking) me|you (?:kidding|joking)|sick of (?:it|this|you|your)|never (?:buy|order|shop)(?:ing)? (?:\w+ ){0,3}again|nothing ever works?|what is wrong with you|i've had enough|had it with)",
        r"(?:third|fourth|fifth|tenth|3rd|4th|5th|hundredth) time (?:that )?(?:i(?:'m|'ve| am| have| had)? (?:to )?(?:ask\w*|writ\w*|tell\w*|say\w*|complain\w*|contact\w*|repeat\w*|explain\w*|report\w*|call\w*)|asking|now)",
        r"same useless|(?:nobody|no one|noone) (?:answers|replies|cares|helps)|very (?:angry|upset|disappointed)|i am appalled|unbelievable service|scammers|liars",
        (
            rf"(?:(?:this|that|it|you|your \w+) (?:is|are)|{_IT}'?s|you're) (?:\w+ ){{0,2}}"
            r"(?:ridiculous|absurd|unacceptable|outrageous|a joke|useless|pathetic|a disgrace|infuriating|bullshit|crap)"
        ),
        r"how many times (?:do|must|should) i (?:have to |need to )?(?:ask|say|tell|write|repeat|explain)",
        r"for the last time|asked (?:this )?(?:already|twice|three times|\d+ times)",
        r"(?:i am|i'm) (?:\w+ ){0,2}(?:angry|furious|mad|fed up|pissed(?: off)?|frustrated|sick of)|fed up with",
        r"idiots|morons|you (?:\w+ ){0,2}(?:idiot|moron)|(?:you're|you are) (?:so )?stupid",
        r"(?:stupid|useless|worthless|dumb|damn) (?:bot|robot|support|service|company|answer|people)",
        r"worst (?:\w+ )?(?:service|support|company)|waste of (?:my )?time|wtf|what the (?:hell|fuck)",
        r"f+u+c+k\w*|bullshit|piece of (?:crap|shit|junk)",
    ),
    none=(
        r"(?:no|nope|neither|none|nothing)(?:,? of (?:these|those|them|the above))?",
        r"(?:no,? )?(?:something|anything|someone) else",
        r"none (?:of|fits?|apply|applies)\b.*",
        r"not (?:any of )?(?:these|those|them)",
    ),
    places={
        "top": 1,
        "upper": 1,
        "middle": 2,
        "fist": 1,
        "secnd": 2,
        "secon": 2,
        "thrid": 3,
        "first": 1,
        "1st": 1,
        "one": 1,
        "second": 2,
        "2nd": 2,
        "two": 2,
        "third": 3,
        "3rd": 3,
        "three": 3,
        "fourth": 4,
        "4th": 4,
        "four": 4,
    },
    last="last|bottom|lowest",
    place_before=r"(?:i mean |i meant )?(?:the |number |no\.? |nr\.? |option |#)?",
    place_after="one|option|please",
    place_said="yes|yeah|yep|yup|ok|okay|sure|no|nope|sorry|oh|ah|please|pls|thanks|i think|i guess|i mean|i meant|maybe|it is|it's|that is|that's|that one|this one|this|that|ones?|the|probably|definitely|i choose|i'll take|i take|i want|i need|give me|show me|take|about|actually",
    forget=(
        (
            r"(?:please |can you |could you )?(?:delete|erase|remove) "
            r"(?:everything|all|all data|all information) (?:about|on|of) me(?:,? please)?"
        ),
        (
            r"(?:please |can you |could you )?(?:forget (?:me|about me|everything about me)|"
            r"(?:delete|erase|remove) (?:all )?(?:my|me|of my)(?: personal)?"
            r"(?: (?:data|information|messages|chat|chats|conversation|history|account data))?(?: and forget me)?)"
        ),
        r"i want (?:you to forget me|my data (?:deleted|erased|removed)|to be forgotten)",
        r"/forget",
    ),
    stepwise=(
        (
            r"(?:please |can you |could you )?(?:(?:do|go|take|explain|show|tell|give) (?:me )?(?:it|that|this|them)? ?)?"
            r"(?:step by step|one (?:step )?at a time|one by one)"
        ),
    ),
    names={
        "en": "english",
        "sv": "swedish",
        "de": "german",
        "es": "spanish",
        "fr": "french",
        "da": "danish",
        "nb": "norwegian",
        "it": "italian",
        "pt": "portuguese",
        "nl": "dutch",
        "fi": "finnish",
        "pl": "polish",
    },
    names_before=(
        r"do you (?:also )?(?:speak|write|know)|"
        r"in|(?:i )?(?:speak|prefer|want|would like)(?: it in)?|(?:please )?(?:write|answer|reply|continue|switch|speak|talk)"
        r"(?: to me)?(?: in| to)?|(?:can|could) (?:you|we) (?:please )?(?:write|answer|reply|continue|switch|speak|talk)"
        r"(?: to me)?(?: in| to)?"
    ),
    names_after="please|pls|thanks|only|instead",
    function=words(
        """a an the and or but so also of to in at for from with by as into about is are was were be been am do does did
        have has had having can could will would shall should may might must i me my mine we us our ours you your yours he
        she it its they them their this that these those there here if then than just please hi hello hey thanks thank ok
        okay well really actually get got want wants need like s t re ve ll m d"""
    ),
    asking=words("what which who whom whose when where why how"),
    negations=words("not no never on off without"),
    anaphora=words("it its that this these those they them one ones"),
    opens="and|but|or|then|what about|how about|what if",
    asks=(
        r"how (?:do|does|can|could|should|to|long|much|many|often|far|is|are)|what (?:is|are|does|do|happens|should|can)",
        r"where (?:is|are|do|does|can)|when (?:do|does|is|are|will|can)|why (?:is|are|do|does|can|did|has)|which",
        r"who (?:is|can|do)|can (?:i|you|we|it|one)|could (?:i|you|we)|do (?:i|you|we|they)|does (?:it|the|my|this)",
        r"(?:is|are) (?:there|it possible)|will (?:it|you|my|the)|should i|may i",
    ),
    asks_on=r"will (?:i|we|they|he|she)|do (?:the|my)|does \w+|is (?:it|the|my)|are (?:the|my|they)|has|have (?:i|you|we)|must i|am i|would (?:it|you)|if i",
    asks_to=r"i (?:want|would like|need|wish|'d like) to|i'd like to|i'm trying to",
    joins="and|and also|as well as",
    unwanted=(
        r"^(?:please |pls |but |so |and |oh |no |hey |hi |kindly )*(?:do not|don'?t|never) (?!know|understand|have|see|get|think|work|you\b|i\b|we\b|they|like|remember|worry|need|be\b|care|mean|seem|find|show|received|used|got|had|heard|saw|been|kbow|kno)\w+",
        r"\b(?:please|pls|kindly) (?:do not|don'?t|never)\b|\bunder no circumstances\b|\byou (?:must|should|may) not\b|\b(?:would|i'd|had) rather not\b|\brather you did(?: not|n'?t)\b",
        r"\b(?:i|we) (?:really |still |actually |also )?(?:do not|don'?t|did not|didn'?t|never|would not|wouldn'?t) (?:really |actually |even )?(?:want|wish|intend|plan|mean|asked?|wanted|wished|agreed?|request(?:ed)?|like)(?: you| for you| anyone| anybody)? to\b",
        r"\b(?:i|we) (?:won'?t|will not|shan'?t|am not going to|are not going to)\b|\b(?:i'm|we're|not) (?:not )?going to\b(?<=not going to)|\bno need to\b",
    ),
)
