"""The one reader of a browser's Accept-Language header (RFC 9110, 12.5.4)."""

import re
from collections.abc import Collection

#: Norwegian is written in two ways, and browsers have a third name for both.
_NORWEGIAN = {"no": "nb", "nn": "nb"}
_QUALITY = re.compile(r"\s*q=([01](?:\.\d{0,3})?)\s*", re.IGNORECASE)


def preferred_language(header: str, offered: Collection[str], default: str = "en") -> str:
    """The offered language that a browser likes best: by weight, then by place; `default` where it likes none.

    Languages are told by their first subtag: "pt-BR" is "pt", and "no" and "nn" are "nb".
    """
    liked: list[tuple[float, int, str]] = []
    for place, part in enumerate(header.split(",")):
        tag, _, parameter = part.partition(";")
        language = _base(tag)
        weight = _weight(parameter)
        if language in offered and weight > 0:
            liked.append((-weight, place, language))
    return min(liked)[2] if liked else default


def _base(tag: str) -> str:
    code = tag.strip().replace("_", "-").partition("-")[0].lower()
    return _NORWEGIAN.get(code, code)


def _weight(parameter: str) -> float:
    found = _QUALITY.fullmatch(parameter)
    return float(found[1]) if found else 1.0
