"""The small social intents.

A pattern must cover a whole message, so that "hi, how do I reset it" is a question; only the wish for a person is
heard anywhere in a message.
"""

import re
from typing import Literal

Intent = Literal["human", "greeting", "thanks", "goodbye", "question", "empty"]

#: Words that begin a sentence: with a capital, they are still no name.
_NO_NAME = (
    r"(but|however|still|yet|no|nope|not|never|nothing|it|its|that|this|my|the|i|we|how|what|why|where|when|who|which|can|"
    r"could|is|are|do|does|did|please|wrong|also|and|or|so|if|"
    r"men|dock|fast|fortfarande|ändå|nej|inte|aldrig|inget|det|den|detta|min|mitt|mina|jag|vi|hur|vad|varför|var|när|vem|"
    r"vilken|kan|är|gör|också|och|eller|så|om)"
)
#: Whom somebody thanks: one or two words with a capital, as in "Anna-Lena Ek", and nothing is asked after them.
_CAPITAL, _SMALL, _LETTER = r"(?-i:[^\W\d_a-zß-öø-ÿ])", r"(?-i:[a-zß-öø-ÿ])", r"(?:[^\W\d_]|['’-])"
_NAME = rf"(?!{_NO_NAME}\b){_CAPITAL}(?={_LETTER}*{_SMALL}){_LETTER}{{1,19}}"
_THANKED = rf"(?!.*\?)[, ]+{_NAME}( {_NAME})?"
_MUCH = r"( (a lot|so much|very much|a million|again|for (the|your) help|(that|it) (helped|worked|did it|works)))*"
_MYCKET = r"( (så mycket|för hjälpen))*"

_WHOLE: dict[Intent, tuple[str, ...]] = {
    "greeting": (
        r"(hi|hello|hey|hiya|howdy|greetings|good (morning|afternoon|evening|day))( (there|all|everyone|team|bot))?",
        r"(hej(san)?|hallå|tjena|god (morgon|kväll|dag))( på (er|dig))?",
    ),
    "thanks": (
        (
            r"((ok(ay)?|great|perfect|super|nice|cool|yes|brilliant)[ ,!.]*)?(thanks?( you)?|thx|ty|cheers)"
            rf"{_MUCH}({_THANKED}[,!]?{_MUCH})?"
        ),
        rf"((ja|ok(ej)?|toppen|perfekt|super)[ ,!.]*)?tack(ar)?{_MYCKET}({_THANKED}[,!]?{_MYCKET})?",
    ),
    "goodbye": (
        r"(bye( bye)?|goodbye|good night|see you|that('s| is| was) (all|it))",
        r"(hej ?då|vi hörs|ha det( bra)?)",
    ),
}
#: Words that can only mean a person, and words that mean one when somebody wants to talk to them.
_HUMAN = r"(humans?( being)?|(real|actual|live) (person|human|agent|people)|människa|riktig person)"
_PERSON = (
    rf"({_HUMAN}|person|someone|somebody|people|agents?|operator|representative|rep|advis[oe]r|colleague|employee|"
    r"staff( member)?|support( (person|agent|team|staff))?|customer (service|support|care)|"
    r"någon|handläggare|medarbetare|kundtjänst|kundservice)"
)
_POLITE = r"([ ,.!?]+(please|pls|plz|now|thanks|thank you|tack|nu))*"
_ARTICLE = r"((an?|the|some|one of your|your|en|ett|er) )?"
_WANT = (
    r"(i )?(need|want|would like|'d like|want to have|can i (have|get|see)|could i (have|get)|give me|get me|find me|"
    r"vill ha|behöver|ge mig)"
)
_TALK = (
    r"(talk(ing)?|speak(ing)?|chat(ting)?|get through|put (me )?through|connect(ed)?( me)?|transfer(red)?( me)?|"
    r"pass me)"
)
_TALA = r"(prata|tala|snacka|chatta|komma i kontakt|få kontakt|koppla mig|bli kopplad)"
_WANTS_PERSON = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"^\W*{_ARTICLE}{_PERSON}{_POLITE}\W*$",
        rf"\b{_WANT} {_ARTICLE}({_HUMAN}|operator|representative|(support |human )?agent)\b",
        rf"\b{_TALK} (to|with|over to|on to) {_ARTICLE}{_PERSON}\b",
        rf"\b{_TALA} (med|till) {_ARTICLE}{_PERSON}",
        rf"\b{_HUMAN}( (there|here|available))?,? (please|pls|plz|tack)\b",
    )
)
_SOCIAL = {name: re.compile(rf"\W*({'|'.join(patterns)})\W*", re.IGNORECASE) for name, patterns in _WHOLE.items()}


def read_intent(text: str) -> Intent:
    """What a customer's message is for, as far as words alone tell; anything else is a question."""
    message = " ".join(text.split())
    if not any(character.isalnum() for character in message):
        return "empty"
    if any(pattern.search(message) for pattern in _WANTS_PERSON):
        return "human"
    for name, pattern in _SOCIAL.items():
        if pattern.fullmatch(message):
            return name
    return "question"
