"""The words of a message that carry what it is about, in English and Swedish."""

import re

from retrieval.lexical import stems

_WORD = re.compile(r"\w+")
#: Words that ask. They tell "where is it" from "what is it", and nothing else.
_ASKING = frozenset(
    "what which who whom whose when where why how vad vilken vilket vilka vem vems när var varför hur".split()  # noqa: SIM905
)
#: Words that hold a sentence together. Not in it: what turns a meaning around (no, not, on, off, without).
_FUNCTION = frozenset(
    """a an the and or but so also of to in at for from with by as into about is are was were be been am do does did
    have has had having can could will would shall should may might must i me my mine we us our ours you your yours he
    she it its they them their this that these those there here if then than just please hi hello hey thanks thank ok
    okay well really actually get got want wants need like s t re ve ll m d
    en ett den det de dem och eller men så som av till i på för från med om är vara blir har hade kan kunde ska skulle
    vill måste får jag mig min mitt mina vi oss vår vårt du dig din ditt dina er ert ni han hon denna detta dessa där
    här då hej tack snälla också bara man""".split()  # noqa: SIM905
)
#: Words that turn a meaning around: two questions that differ in one of them are never the same.
TURNING = frozenset("not no never on off without inte ej aldrig utan".split())  # noqa: SIM905
#: Share of their words that two questions have in common if they are nearly the same.
NEARLY_ALL = 0.75


def tokens(text: str) -> list[str]:
    """The words of a text in lower case, in their order."""
    return _WORD.findall(text.casefold())


def content_words(text: str, *, asking: bool = False) -> frozenset[str]:
    """The stems of the words that carry what a text is about; with `asking` also those that ask."""
    left_out = _FUNCTION if asking else _FUNCTION | _ASKING
    return frozenset(stems(" ".join(word for word in tokens(text) if word not in left_out), "en"))


def is_same_question(one: str, other: str, *, share: float = NEARLY_ALL) -> bool:
    """Whether two questions have that share of the words that carry meaning, of all they have together."""
    ours, theirs = content_words(one, asking=True), content_words(other, asking=True)
    if not ours or not theirs:
        return tokens(one) == tokens(other)
    if ours & TURNING != theirs & TURNING:
        return False
    return len(ours & theirs) >= share * len(ours | theirs)
