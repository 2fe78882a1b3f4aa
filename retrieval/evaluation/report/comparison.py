"""The same questions on another snapshot: by how much it is better or worse."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.evaluation.predictions import Score
from retrieval.evaluation.report.results import QuestionResult


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Difference of the same questions from one snapshot to another, at the same budget."""

    #: Versions.
    before: str
    after: str
    score_before: Score
    score_after: Score
    threshold_before: float
    threshold_after: float
    #: Differences, after minus before; None where there is nothing on one of the sides.
    answered: float
    wrong_among_answered: float | None
    accuracy_at_1: float | None
    helped: float | None
    #: Questions whose first document became right, or ceased to be, and how likely chance is as one-sided as that.
    became_right: int
    became_wrong: int
    chance: float
    #: Questions that only one of them answers.
    newly_answered: int
    no_longer_answered: int


def change(
    before: tuple[Score, Sequence[QuestionResult], float], after: tuple[Score, Sequence[QuestionResult], float]
) -> Comparison:
    """Compare two runs of the same questions: score, outcomes in the same order, and threshold of each."""
    (old, then, old_threshold), (new, now, new_threshold) = before, after
    pairs = list(zip(then, now, strict=True))
    became_right = sum(b.is_right and not a.is_right for a, b in pairs)
    became_wrong = sum(a.is_right and not b.is_right for a, b in pairs)
    return Comparison(
        before=then[0].found.snapshot,
        after=now[0].found.snapshot,
        score_before=old,
        score_after=new,
        threshold_before=old_threshold,
        threshold_after=new_threshold,
        answered=new.answered - old.answered,
        wrong_among_answered=_difference(new.wrong_among_answered, old.wrong_among_answered),
        accuracy_at_1=_difference(new.accuracy_at_1, old.accuracy_at_1),
        helped=_difference(new.helped, old.helped),
        became_right=became_right,
        became_wrong=became_wrong,
        chance=sign_test(became_right, became_wrong),
        newly_answered=sum(b.is_answered and not a.is_answered for a, b in pairs),
        no_longer_answered=sum(a.is_answered and not b.is_answered for a, b in pairs),
    )


def sign_test(better: int, worse: int) -> float:
    """The chance that equally likely changes to the better and the worse are at least as one-sided as these.

    The exact test of McNemar (Psychometrika 12, 1947, 153), on both sides; 1 without changes.
    """
    changes = better + worse
    tail = sum(math.comb(changes, count) for count in range(min(better, worse) + 1))
    return float(min(1, 2 * tail / 2**changes))


def _difference(after: float | None, before: float | None) -> float | None:
    return None if after is None or before is None else after - before
