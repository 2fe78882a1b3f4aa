"""A question mended by the message after it: "hub not lamp", "not the lamp, the hub", "I meant the hub"."""

from bot.conversation.lexicon import matcher, plain
from bot.conversation.text.negation import is_about

#: A longer message mends nothing. In characters.
_LONGEST = 80
_NOT = r"(?:not|inte|ikke|nicht|pas|no|non|nao|niet|nie|ei)"
_ARTICLE = (
    r"(?:(?:the|an?|my|den|det|de|en|ett|et|die|der|das|dem|mein|meine|le|la|les|mon|ma|l'|el|los|las|mi|il|lo|i|o|os|as|het)"
    r"[ ])?"
)
_NAMED = r"\w[\w-]*(?: \w[\w-]*)?"
_SMALL = r"(?:(?:no|nej|nein|non|nei|nee|sorry|oops|pardon|perdon|forlat|entschuldigung|it's|its|ah|oh)[ ,.!]+)*"
_SORRY = (
    r"(?:(?:no|nej|nein|non|nei|nee|nie|ei|sorry|oops|oups|ups|pardon|perdon|forlat|entschuldigung|my bad|korrektur|"
    r"correction|correccion|error mio|erreur|fel av mig)[ ,.!:]+)+"
)
_MEANT = (
    r"(?:i meant?|jag menade?r?|ich meinte|ich meine|je voulais dire|je parle d[eu]|quise decir|queria decir|"
    r"me refiero a|jeg mente|tarkoitin|ik bedoelde|ik bedoel|intendevo|volevo dire|queria dizer|"
    r"mialem na mysli|chodzilo mi o)"
)
_SWAPPED = (
    matcher(rf"{_SMALL}{_ARTICLE}(?P<right>{_NAMED}),? {_NOT} {_ARTICLE}(?P<wrong>{_NAMED})\W*"),
    matcher(rf"{_SMALL}{_NOT} {_ARTICLE}(?P<wrong>{_NAMED})[,.;:]+ {_ARTICLE}(?P<right>{_NAMED})\W*"),
)
_ADDED = (
    matcher(rf"{_SMALL}{_MEANT} (?P<right>\w.*)"),
    matcher(r"\*(?P<right>\w.*)"),
    matcher(rf"{_SORRY}(?P<right>{_ARTICLE.removesuffix('?')}{_NAMED})\W*"),
)


def corrected(message: str, question: str) -> str | None:
    """The question as a message mends it; None where the message mends nothing of it.

    What is said to be wrong must stand in the question: "lamp not working" mends none.
    """
    said = plain(message).strip()
    if len(said) > _LONGEST or "?" in said:
        return None
    for pattern in _SWAPPED:
        found = pattern.fullmatch(said)
        wrong = [word for word in question.split() if found and is_about(word, plain(found["wrong"]).lower())]
        if found and wrong:
            return question.replace(wrong[0].strip("?!.,"), found["right"], 1)
    added = next((found for pattern in _ADDED if (found := pattern.fullmatch(said))), None)
    return f"{question} {added['right']}" if added else None
