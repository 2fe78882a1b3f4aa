"""Texts to words: in lower case, without the endings of a language, or in pieces where the language is unknown.

A piece is five letters of a word with its borders: pieces are common to the forms of a word, to the parts of a
compound, and to names and words that languages share, and need no rules of any language (McNamee and Mayfield, Inf.
Retrieval 7, 2004, 73).
"""

import re
import threading
from collections.abc import Iterable
from unicodedata import normalize

#: A letter or digit, and what follows of them with the marks on them: accents that stand apart, points, vowel signs.
_WORD = re.compile(r"\w[\w\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0963\u0966-\u0dff]*")
_ALGORITHMS = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish",
    "eu": "basque", "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian",
    "id": "indonesian", "it": "italian", "lt": "lithuanian", "nb": "norwegian", "ne": "nepali", "nl": "dutch",
    "nn": "norwegian", "no": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian",
    "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip
#: Letters of a piece of a word; a word begins and ends with a sign of its own.
_PIECE = 5
#: A stemmer belongs to one thread.
_local = threading.local()


def stems(text: str, language: str | None) -> list[str]:
    """The words of a text in lower case, without the endings of the language; as they are in a language unknown."""
    return stem_words(words(text), language)


def words(text: str) -> list[str]:
    """The words of a text in lower case."""
    if not text.isascii():
        text = normalize("NFKC", text.encode("utf-8", "replace").decode())
    found: list[str] = _WORD.findall(text.casefold())
    return found


def stem_words(found: list[str], language: str | None) -> list[str]:
    """Words without the endings of the language, as they are in a language unknown."""
    algorithm = _ALGORITHMS.get(language or "")
    if algorithm is None:
        return found
    if not hasattr(_local, "stemmers"):
        _local.stemmers = {}
    if algorithm not in _local.stemmers:
        import Stemmer  # noqa: PLC0415  # a compiled library that importing this package should not need

        _local.stemmers[algorithm] = Stemmer.Stemmer(algorithm)
    return list(_local.stemmers[algorithm].stemWords(found))


def pieces(text_words: Iterable[str]) -> list[str]:
    """Words, marked as such, and after each its pieces."""
    found: list[str] = []
    for word in text_words:
        bordered = f"_{word}_"
        found.append(f"={word}")
        found += [bordered[start : start + _PIECE] for start in range(max(1, len(bordered) - _PIECE + 1))]
    return found
