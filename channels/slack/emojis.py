"""Emojis by the names that Slack writes for them."""

from functools import lru_cache

from emoji import emojize

_FLAG = "flag-"
_FIRST_OF_FLAGS = ord("🇦")


@lru_cache(maxsize=1024)
def emoji_of(name: str) -> str | None:
    """The emoji of a name without its colons; None for one that only a workspace has."""
    code = name.removeprefix(_FLAG)
    if code != name and len(code) == 2 and code.isascii() and code.isalpha():
        return "".join(chr(_FIRST_OF_FLAGS + ord(letter) - ord("a")) for letter in code.lower())
    for known in (name, name.replace("-", "_")):
        shown = emojize(f":{known}:", language="alias")
        if shown != f":{known}:":
            return shown
    return None
