"""A reader's words as a verdict, or as none: read leniently, believed strictly."""

import json
import math
from typing import Any

from retrieval.reader.port import Reading, Verdict, is_allowed

#: Longer replies are nobody's verdict.
_LONGEST = 20_000
_NOTHING = frozenset({"", "none", "null"})


def read_verdict(words: str, reading: Reading) -> Verdict | None:
    """The verdict in a model's words; None where there is none, or more than one, or one on what was not offered.

    It may stand in a fence or between other words, which are dropped; what is in it counts only as ids and numbers.
    """
    found = [each for each in json_objects(words[:_LONGEST]) if "best" in each]
    if len(found) != 1:
        return None
    try:
        verdict = _verdict(found[0])
    except (TypeError, ValueError, KeyError):
        return None
    return verdict if is_allowed(verdict, reading.pages) else None


def json_objects(words: str) -> list[dict[str, Any]]:
    """The JSON objects in a text that stand in no other."""
    decoder = json.JSONDecoder(parse_constant=_no_number)
    found, place = [], words.find("{")
    while place >= 0:
        try:
            value, end = decoder.raw_decode(words, place)
        except (ValueError, RecursionError):
            place = words.find("{", place + 1)
            continue
        found.append(value)
        place = words.find("{", end)
    return found


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no number")


def _verdict(said: dict[str, Any]) -> Verdict:
    best = said["best"]
    if isinstance(best, str) and best.strip().casefold() in _NOTHING:
        best = None
    if not (best is None or isinstance(best, str)):
        raise TypeError(best)
    sentences = tuple(_whole(each) for each in _list(said.get("sentences")))
    return Verdict(
        best=best,
        also=tuple(_text(each) for each in _list(said.get("also")) if each != best),
        sentences=tuple(sorted(set(sentences))) if best is not None else (),
        sure=_share(said["sure"]),
    )


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise TypeError(value)
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(value)
    return value


def _share(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise TypeError(value)
    return float(value)
