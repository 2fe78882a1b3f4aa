"""Record of a reader, kept beside the index: its outcomes in trials, and what it cost to learn them."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Final, Self, get_args

import structlog

from retrieval.reader.trust import Counts, Outcome, Seen, Trust, level

log = structlog.get_logger()

#: Where an index keeps it, beside CURRENT.
FILE: Final = "reader.json"
#: Trials that are kept, the newest.
_MOST: Final = 2000
#: Of so many trials or more, a smaller share of verdicts is next to none.
_ENOUGH_TO_TELL, _FEWEST_VERDICTS = 20, 0.2


@dataclass(frozen=True, kw_only=True)
class Trial:
    """One question whose answer was known, and what the reader made of it."""

    outcome: Outcome
    sure: float
    #: How much it counts.
    weight: float


@dataclass(frozen=True, kw_only=True)
class ReaderRecord:
    """All that is known of one reader."""

    fingerprint: str
    #: By what was shown, so that nothing is asked twice; None where what came back was no verdict.
    trials: Mapping[str, Trial | None] = field(default_factory=dict)
    #: By what people said of pages that it named.
    people: Seen = field(default_factory=Seen)
    #: Whether all was asked that should be; the rest is asked next time.
    is_finished: bool = False
    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0

    @property
    def seen(self) -> Seen:
        """Number of times that each outcome was seen, weighed, in trials and by people."""
        seen = self.people
        for trial in self.trials.values():
            if trial is not None:
                seen = seen.and_one(trial.outcome, trial.sure, trial.weight)
        return seen

    @property
    def said(self) -> Counts:
        """Number of trials by how sure the reader said it was, the least sure first."""
        counts = [0.0, 0.0, 0.0]
        for trial in self.trials.values():
            if trial is not None:
                counts[level(trial.sure)] += 1
        return counts[0], counts[1], counts[2]

    @property
    def is_left_aside(self) -> bool:
        """True when the reader was found out: it is wrong too often, or says next to nothing that counts."""
        verdicts = sum(trial is not None for trial in self.trials.values())
        is_mute = len(self.trials) >= _ENOUGH_TO_TELL and verdicts < _FEWEST_VERDICTS * len(self.trials)
        return is_mute or self.trust.is_left_aside

    @property
    def trust(self) -> Trust:
        """Trust in the reader by these outcomes."""
        return Trust.of(self.seen, self.said)

    def counts(self, one: Outcome, other: Outcome) -> tuple[int, int]:
        """Number of verdicts that were the one outcome, and of those that were either, in trials and by people."""
        tried = [trial.outcome for trial in self.trials.values() if trial is not None]
        both = [tried.count(outcome) + round(sum(getattr(self.people, outcome))) for outcome in (one, other)]
        return both[0], sum(both)

    @property
    def share_right(self) -> float | None:
        """The share of the pages it named where the right one was offered that were the right one; None without any."""
        return _share(*self.counts("right", "wrong"))

    @property
    def share_invented(self) -> float | None:
        """The share of the questions that nothing offered answered for which it named a page; None without any."""
        return _share(*self.counts("invented", "refused"))

    def save(self, index: Path) -> None:
        """Keep it, whole or not at all."""
        index.mkdir(parents=True, exist_ok=True)
        aside = index / f".{FILE}.{os.getpid()}"
        aside.write_text(json.dumps(asdict(self)), "utf-8")
        aside.replace(index / FILE)

    @classmethod
    def load(cls, index: Path, fingerprint: str) -> Self:
        """The record of a reader; an empty one where there is none, it is another's, or it cannot be read."""
        empty = cls(fingerprint=fingerprint)
        try:
            stored = json.loads((index / FILE).read_bytes())
            if stored["fingerprint"] != fingerprint:
                return empty
            trials = {str(key): _trial(each) for key, each in stored.pop("trials").items()}
            people = Seen.from_json(stored.pop("people"))
            return cls(**stored | {"trials": trials, "people": people})
        except FileNotFoundError:
            return empty
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            log.warning("reader_record_unreadable", index=str(index), error=type(error).__name__)
            return empty

    def with_people(self, people: Seen) -> Self:
        """The record with what people said now."""
        return replace(self, people=people)

    def and_one(self, key: str, trial: Trial | None, *, tokens_in: int, tokens_out: int) -> Self:
        """The record after one more trial."""
        kept = list(self.trials.items())[1 - _MOST :]
        return replace(
            self,
            trials={**dict(kept), key: trial},
            calls=self.calls + 1,
            tokens_in=self.tokens_in + tokens_in,
            tokens_out=self.tokens_out + tokens_out,
        )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _trial(stored: dict[str, object] | None) -> Trial | None:
    if stored is None:
        return None
    if stored["outcome"] not in get_args(Outcome):
        raise ValueError(stored["outcome"])
    return Trial(**stored)  # type: ignore[arg-type]
