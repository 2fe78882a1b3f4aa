import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from unicodedata import combining, normalize

#: Letters that are no base letter with a mark, as people write them who lack the key.
_ALONE = str.maketrans({"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "æ": "ae", "Æ": "Ae", "ß": "ss", "’": "'", "‘": "'"})


@dataclass(frozen=True, kw_only=True, eq=False)
class Lexicon:
    """Patterns of wishes, choices and complaints in one language; there is one of each. Remarks are in sayings/.

    Patterns are regular expressions for `re.IGNORECASE`, to be met by a `plain` text: single spaces, no accents, straight
    apostrophes. A tuple holds alternatives. All but `upset` must cover a whole message or sentence.
    """

    #: ISO 639-1.
    language: str
    #: Words that begin a sentence: with a capital, they are still no name of somebody who is greeted or thanked.
    openers: str
    #: What may be put behind a wish: please, now.
    polite: str
    #: A sentence that says no more than that the answer was wrong or no help; what may stand before and after it.
    denies: tuple[str, ...]
    denies_before: str
    denies_after: str
    #: What only upset people write, anywhere. Words of plain trouble ("broken", "a terrible picture") are not among them.
    upset: tuple[str, ...]
    #: None of the choices that were offered.
    none: tuple[str, ...]
    #: Words for the first to the fourth of them, and for the last; what may stand before ("the", "number") and after.
    places: Mapping[str, int]
    last: str
    place_before: str
    place_after: str
    #: What may stand apart before or after a choice: "yes, delivery", "no, the second", "the delivery one".
    place_said: str
    #: The wish that all about them is deleted.
    forget: tuple[str, ...]
    #: The wish for one step at a time.
    stepwise: tuple[str, ...]
    #: The names of the languages we speak, by their codes; what may stand before one ("in", "can you write") and after.
    names: Mapping[str, str]
    names_before: str
    names_after: str
    #: Words that hold a sentence together. Not in it: what turns a meaning around.
    function: frozenset[str]
    #: Words that ask. They tell "where is it" from "what is it", and nothing else.
    asking: frozenset[str]
    #: Words that turn a meaning around: two questions that differ in one of them are never the same.
    negations: frozenset[str]
    #: Words that stand for what was said before.
    anaphora: frozenset[str]
    #: How a follow-up begins.
    opens: str
    #: How a sentence begins that asks, with or without its sign.
    asks: tuple[str, ...] = field(default=())
    #: How a second question may begin beside that, after one of `joins`; and how what is asked before it may.
    asks_on: str = ""
    asks_to: str = ""
    joins: str = ""
    #: How a clause says that something is not to be done: "please don't cancel", "I don't want to". Looked for anywhere.
    unwanted: tuple[str, ...] = field(default=())


@lru_cache(maxsize=64)  # a turn's texts are met by many patterns
def plain(text: str) -> str:
    """A text as patterns meet it: on one line, without accents, with straight apostrophes."""
    decomposed = normalize("NFKD", text)
    bare = "".join(character for character in decomposed if not combining(character))
    return " ".join(bare.translate(_ALONE).split())


def plain_pattern(pattern: str) -> str:
    """A pattern that meets plain texts."""
    return plain(pattern) if not pattern.isascii() else pattern


def words(text: str) -> frozenset[str]:
    """The words of a list, each also as it is written without accents."""
    return frozenset(text.split()) | frozenset(plain(text).split())


def one_of(alternatives: tuple[str, ...]) -> str:
    """One pattern for all."""
    return f"(?:{'|'.join(map(plain_pattern, alternatives))})"


def matcher(pattern: str) -> re.Pattern[str]:
    """A pattern, ready to meet plain texts."""
    return re.compile(pattern, re.IGNORECASE)


def lowered(text: str) -> str:
    """A plain text in small letters, as a `finder` meets it."""
    return plain(text).lower()


def finder(pattern: str) -> re.Pattern[str]:
    """A pattern to be looked for anywhere in lowered texts: four times as quick as one that must ignore case."""
    return re.compile(pattern)
