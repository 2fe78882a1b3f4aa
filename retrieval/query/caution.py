"""Extra caution by what customers ask; so slow and so small that nobody can turn it.

What is near to the corpus and yet not in it makes answers wrong more often. Where most customers ask that, an answer
must be surer, by a step; where they no longer do, the step is taken back. Each customer has one vote, their last
question, however much they write. What is far from the corpus counts for nothing: it is never answered anyway.
"""

import json
import os
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from retrieval.result import SearchResult

#: Where an index keeps its step, beside CURRENT.
FILE: Final = "caution.json"
#: The most steps, and how many customers must have asked since the last one.
MOST: Final = 3
QUORUM: Final = 400
#: From which share of questions on that are near and not known a step is taken, and up to which it is taken back.
_MANY, _FEW = 0.6, 0.4
#: Below this probability of an answer a question is far off; below the other it is near, and not known.
_FAR, _KNOWN = 0.1, 0.5

Vote = Literal["known", "unknown"]


def careful(threshold: float, step: int) -> float:
    """The confidence that an answer needs after so many steps: each takes a quarter of what is left to certainty."""
    return threshold + max(0.0, 1 - threshold) * step / (MOST + 1)


def vote_of(result: SearchResult) -> Vote | None:
    """Vote of a question on what customers ask; None where it is about something else entirely."""
    if not result.candidates or result.answerable < _FAR:
        return None
    return "known" if result.answerable >= _KNOWN else "unknown"


@dataclass(frozen=True, kw_only=True)
class CautionStep:
    """A step that was taken: from one level of care to another, by the votes of so many customers."""

    before: int
    after: int
    customers: int
    unknown: int


class Votes:
    """The last question of each customer since the last step. Safe to share between threads."""

    def __init__(self, step: int = 0) -> None:
        self.step = step
        self._votes: dict[str, Vote] = {}
        self._lock = threading.Lock()

    def count(self, result: SearchResult, customer: str) -> CautionStep | None:
        """Count a customer's question; the step, if it is the one that decides."""
        vote = vote_of(result)
        if vote is None:
            return None
        with self._lock:
            self._votes[customer] = vote
            if len(self._votes) < QUORUM:
                return None
            unknown = sum(each == "unknown" for each in self._votes.values())
            share, before = unknown / len(self._votes), self.step
            self.step = min(MOST, before + 1) if share >= _MANY else max(0, before - 1) if share <= _FEW else before
            taken = CautionStep(before=before, after=self.step, customers=len(self._votes), unknown=unknown)
            self._votes.clear()
        return taken if taken.before != taken.after else None


def read_step(index: Path, version: str) -> int:
    """The step of a snapshot, as an index keeps it; 0 for another snapshot, or where nothing can be read."""
    try:
        stored = json.loads((index / FILE).read_bytes())
        return min(MOST, max(0, int(stored["step"]))) if stored["version"] == version else 0
    except (OSError, ValueError, TypeError, KeyError):
        return 0


def write_step(index: Path, version: str, step: int) -> None:
    """Keep the step of a snapshot, whole or not at all."""
    aside = index / f".{FILE}.{os.getpid()}"
    aside.write_text(json.dumps({"version": version, "step": step}), "utf-8")
    aside.replace(index / FILE)
