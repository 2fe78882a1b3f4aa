"""Masking of what tells who somebody is, before a text is shown to a reader."""

import re
import string
from collections.abc import Sequence

_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_DIGITS = re.compile(r"(?<![\w.])\+?\(?\d(?:[ ./()-]{0,2}\d){6,24}(?![\w])")
_DATE = re.compile(r"\d{4}([-./])\d{1,2}\1\d{1,2}|\d{1,2}([-./])\d{1,2}\2\d{4}")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b")
_TOKEN = re.compile(
    r"(?<![\w/.-])(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[A-Za-z0-9_-]{16,}(?:\.[A-Za-z0-9_-]{6,}){0,2}(?![\w-])"
)
_SECRET = re.compile(
    r"(?i)\b(?:password|passwort|passcode|api[ _-]?key|secret|token|pin|cvv|cvc)\s*(?:is|ist|:|=)\s*\S+"
)
_WORD = re.compile(r"\S+")
#: More letters in a row are no word that could be parted.
_LONGEST_WORD = 100
_ASCII = string.ascii_letters + string.digits + string.punctuation
_SCHEME = re.compile(r"https?://")
_QUERY = re.compile(r"[?#]")


def shortened(text: str, most: int) -> str:
    """The beginning of a text, at most so many characters, without a word or a number that the cut has parted.

    What is written without spaces is cut where it is long enough, but for letters and digits of ASCII at its end.
    """
    if len(text) <= most:
        return text
    *whole, parted = _WORD.findall(text[:most]) or [""]
    end = text[:most].rindex(parted) if len(parted) < _LONGEST_WORD else len(text[:most].rstrip(_ASCII))
    while whole and any(map(str.isdigit, whole[-1])):
        end = text.rindex(whole.pop(), 0, end)
    return text[:end].rstrip()


def masked(text: str, names: Sequence[str] = ()) -> str:
    """A text without cards, mail addresses, phone numbers, account numbers, tokens, passwords and these names.

    What is taken out leaves its kind, such as [card]. Names are taken word by word, however they are written.
    """
    text = _WORD.sub(_without_query, text)
    text = _MAIL.sub("[mail]", text)
    text = _SECRET.sub("[secret]", text)
    text = _IBAN.sub("[account]", text)
    text = _DIGITS.sub(_number, text)
    text = _TOKEN.sub("[token]", text)
    words = sorted({word for name in names for word in re.findall(r"[^\W\d_]{2,}", name)}, key=len, reverse=True)
    if words:
        text = re.sub(rf"(?i)\b(?:{'|'.join(map(re.escape, words))})\b", "[name]", text)
    return text


def _without_query(word: re.Match[str]) -> str:
    """A word up to the query part of the address in it."""
    address = _SCHEME.search(word[0])
    query = _QUERY.search(word[0], address.end() + 1) if address else None
    return word[0][: query.start()] if query else word[0]


def _number(found: re.Match[str]) -> str:
    if _DATE.fullmatch(found[0]):
        return found[0]
    digits = re.sub(r"\D", "", found[0])
    return "[card]" if len(digits) >= 12 and _is_luhn(digits) else "[phone]"


def _is_luhn(digits: str) -> bool:
    """True when a number has the check digit of cards (ISO/IEC 7812-1)."""
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(each - 9 * (each > 9) for each in doubled) % 10 == 0
