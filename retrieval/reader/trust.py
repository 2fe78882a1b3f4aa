"""Trust in a reader: what it says where a page is right, and where none is, as counts.

Both are Dirichlet posteriors (Gelman et al., Bayesian Data Analysis, 3.4): a careful prior for a reader that nobody
knows, and what it was seen to do. How sure it says it is counts by what came of it, never by itself.
"""

from dataclasses import dataclass, field, fields, replace
from typing import Any, Final, Literal, Self

from retrieval.reader.port import Verdict

#: Where the sureness of a verdict is divided: unsure, fairly sure, sure.
SURENESS: Final = (0.7, 0.9)
LEVELS: Final = len(SURENESS) + 1
Counts = tuple[float, float, float]
#: What a verdict was, seen beside the truth. right, wrong, missed: it named the right page, another, or none, where
#: the right one was offered; invented, refused: it named a page, or none, where no page offered was right.
Outcome = Literal["right", "wrong", "missed", "invented", "refused"]
#: With so many verdicts, nearly all at one level, how sure a reader says it is tells nothing.
_ENOUGH, _NEARLY_ALL = 30, 0.97
#: A reader is left aside that names the right page in a smaller share of the times that it names one, or names one in
#: a larger share of the times that none is right.
LEAST_RIGHT, MOST_INVENTED = 0.72, 0.6
#: One that is right less often than this suggests only what is likelier than usual, and else has the customer choose.
OFTEN_RIGHT, LIKELIER = 0.82, 0.75
#: With fewer verdicts seen, nothing is a plain answer on a reader's word.
ENOUGH_TO_ANSWER: Final = 8
#: Where a reader finds no page in a larger share of the times that one is right, its finding none tells nothing.
MOST_MISSED: Final = 0.5
#: So much of what it was seen to do is counted: what customers ask is harder than what is known of a reader.
_MOST_SEEN: Final = 40.0


def level(sure: float) -> int:
    """The level of sureness, from 0."""
    return sum(sure >= edge for edge in SURENESS)


@dataclass(frozen=True, kw_only=True)
class Seen:
    """Counts of each outcome, by how sure the verdict was."""

    right: Counts = (0.0, 0.0, 0.0)
    wrong: Counts = (0.0, 0.0, 0.0)
    missed: Counts = (0.0, 0.0, 0.0)
    invented: Counts = (0.0, 0.0, 0.0)
    refused: Counts = (0.0, 0.0, 0.0)

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        """Take it from what was stored; ValueError, TypeError, KeyError where something is missing."""
        return cls(**{each.name: _counts(stored[each.name]) for each in fields(cls)})

    def and_one(self, outcome: Outcome, sure: float, weight: float = 1.0) -> "Seen":
        """These and one more verdict."""
        counts = list(getattr(self, outcome))
        counts[level(sure)] += weight
        named: dict[str, Counts] = {outcome: (counts[0], counts[1], counts[2])}
        return replace(self, **named)

    @property
    def verdicts(self) -> float:
        """All of them."""
        return sum(sum(getattr(self, each.name)) for each in fields(self))


def _counts(value: Any) -> Counts:
    one, two, three = (float(each) for each in value)
    if min(one, two, three) < 0:
        raise ValueError(value)
    return one, two, three


#: What is believed of a reader that nobody knows, as if so much had been seen: that it is right where it says it is
#: sure, and fails as smaller and larger models were seen to on customers' questions of public help centres.
UNKNOWN: Final = Seen(
    right=(1.5, 3.5, 9.0),
    wrong=(1.5, 1.0, 0.5),
    missed=(2.0, 1.0, 0.5),
    invented=(4.0, 2.0, 0.5),
    refused=(4.0, 3.5, 6.0),
)


@dataclass(frozen=True, kw_only=True)
class Trust:
    """A reader's worth as a search takes it into account."""

    seen: Seen = field(default_factory=Seen)
    #: False where how sure it says it is tells nothing: it says the same of nearly all.
    is_sureness_told: bool = True

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        """Take it from what was stored; ValueError, TypeError, KeyError where something is missing."""
        return cls(seen=Seen.from_json(stored["seen"]), is_sureness_told=bool(stored["is_sureness_told"]))

    @classmethod
    def of(cls, seen: Seen, said: Counts) -> Self:
        """From what was seen of a reader, and how often it said it was how sure, of whatever."""
        total = sum(said)
        return cls(seen=seen, is_sureness_told=total < _ENOUGH or max(said) < _NEARLY_ALL * total)

    @property
    def is_left_aside(self) -> bool:
        """True when the reader was found out: what it says is worth nothing."""
        return self._share("right", "wrong") < LEAST_RIGHT or self._share("invented", "refused") > MOST_INVENTED

    @property
    def suggests_from(self) -> float:
        """The probability from which on a page is suggested on the reader's word, where no more is asked for."""
        return LIKELIER if self._share("right", "wrong") < OFTEN_RIGHT else 0.0

    def _share(self, outcome: Outcome, other: Outcome) -> float:
        """The share of one outcome beside another, by all that was seen and the prior."""
        one, two = (sum(getattr(UNKNOWN, each)) + sum(getattr(self.seen, each)) for each in (outcome, other))
        return float(one / (one + two))

    @property
    def may_answer(self) -> bool:
        """True when a page may be a plain answer on the reader's word: not before enough was seen of it."""
        return self.is_sureness_told and self.seen.verdicts >= ENOUGH_TO_ANSWER

    @property
    def is_none_told(self) -> bool:
        """True when the reader's finding no page tells something: not where it mostly finds none that is there."""
        missed = sum(self._posterior("missed"))
        return missed <= MOST_MISSED * (missed + sum(self._posterior("right")) + sum(self._posterior("wrong")))

    def chance(self, outcome: Outcome, verdict: Verdict) -> float:
        """The probability of such a verdict where its case is given: the right page offered, or nothing right."""
        counts = self._posterior(outcome)
        case: tuple[Outcome, ...] = (
            ("right", "wrong", "missed") if outcome in {"right", "wrong", "missed"} else ("invented", "refused")
        )
        whole = sum(sum(self._posterior(each)) for each in case)
        told = counts[level(verdict.sure)] if self.is_sureness_told else sum(counts)
        return told / whole

    def _posterior(self, outcome: Outcome) -> Counts:
        case = ("right", "wrong", "missed") if outcome in {"right", "wrong", "missed"} else ("invented", "refused")
        seen = sum(sum(getattr(self.seen, each)) for each in case)
        scale = min(1.0, _MOST_SEEN / seen) if seen else 1.0
        one, two, three = (
            prior + scale * count
            for prior, count in zip(getattr(UNKNOWN, outcome), getattr(self.seen, outcome), strict=True)
        )
        return one, two, three
