"""The languages that the bot speaks, and those that are too near to each other to be told apart in a few words."""

from collections.abc import Collection
from functools import lru_cache

from corpus.language_tags import canonical_code, equivalent_codes, language_code

SUPPORTED = ("en", "sv", "de", "es", "fr", "da", "nb", "it", "pt", "nl", "fi", "pl")
#: How the id of a choice begins that is a language, before its code.
LANGUAGE_CHOICE_PREFIX = "language:"
GROUPS = (frozenset({"da", "nb"}),)


@lru_cache(1024)
def base_code(tag: str | None) -> str | None:
    """The code we use for a language tag or locale: "sv" for "sv-SE", "nb" for "no"; None for what is none."""
    code = language_code((tag or "").split(".")[0])
    return canonical_code(code) if code else None


@lru_cache(1024)
def group_of(language: str) -> frozenset[str]:
    """The languages among which this one is hard to tell, itself among them."""
    return next((group for group in GROUPS if language in group), frozenset({language}))


def corpus_code(language: str | None, corpus: Collection[str]) -> str | None:
    """The code that the corpus has for a language: a company that writes "no" means what we call "nb"."""
    codes = equivalent_codes(language) if language else ()
    return next((code for code in codes if code in corpus), language)


def reply_locale(language: str | None, locale: str | None) -> str | None:
    """The locale to speak to a customer in: the platform's if it is of their language, since it may tell the region."""
    return locale if language is None or base_code(locale) == language else language
