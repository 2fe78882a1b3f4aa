"""Calibrations of snapshots of recipe 16 and before: read and judged as then, so that receipts replay.

Every reindex writes a `Calibration`; nothing is fitted here any more.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from retrieval.scoring.confidence import Confidence, OwnQuestions, chance, prior_shift, weighed
from retrieval.scoring.features import FEATURES
from retrieval.scoring.logistic import sigmoid
from retrieval.scoring.thresholds import UNREACHABLE, certified_threshold

_KNOWN = [FEATURES.index(name) for name in ("dense", "lexical", "topic", "near")]
_CLEAR = [FEATURES.index(name) for name in ("margin", "lift", "score")]
_AMONG = [FEATURES.index(name) for name in ("spread", "lift", "score")]
#: The share of unanswerable questions that the fits saw.
_SHARE: Final = 0.3


@dataclass(frozen=True, kw_only=True)
class EarlierCalibration:
    """Logistic weights of a corpus's own questions, the intercepts last."""

    #: None of each when the corpus was too small.
    known: tuple[float, ...] | None
    clear: tuple[float, ...]
    among: tuple[float, ...]
    #: The mean and the spread of the scores that tell how known a question is.
    usual: tuple[tuple[float, float], ...]
    fitted_on: dict[str, int]
    fitted_at: str
    #: How much less the corpus was taken to know of customers' wordings than of its own.
    shift: float = 0.0
    #: float32 [n, 5]: index, log-odds of an answer, chance of the first, weight; 2 if the first was right, 0 if none.
    evidence: NDArray[np.float32] = field(repr=False, compare=False)

    @property
    def is_calibrated(self) -> bool:
        """True when the corpus was large enough to tell how sure an answer is."""
        return self.known is not None

    @classmethod
    def read(cls, stored: Mapping[str, Any], evidence: NDArray[np.float32]) -> Self:
        """Take it from what was stored; ValueError, TypeError, KeyError where something is missing."""
        fit = stored["fit"] or {"known": None, "clear": (), "among": ()}
        return cls(
            known=fit["known"] and tuple(map(float, fit["known"])),
            clear=tuple(map(float, fit["clear"])),
            among=tuple(map(float, fit["among"])),
            usual=tuple((float(mean), float(spread)) for mean, spread in stored["usual"]),
            fitted_on=stored["fitted_on"],
            fitted_at=stored["fitted_at"],
            evidence=evidence,
        )

    def with_shift(self, shift: float) -> Self:
        """The same, for customers who were taken to word their questions so far from the corpus."""
        return replace(self, shift=shift)

    def confidence(self, features: Sequence[float], *, unanswerable: float) -> Confidence:
        """Confidence of a search with these FEATURES, where this share of the questions cannot be answered."""
        if self.known is None:
            return Confidence(answerable=0.0, first=0.0, beside=0.0, choices=0.0)
        told = [(place, *usual) for place, usual in zip(_KNOWN, self.usual, strict=True) if usual[1] > 0]
        index = sum((features[place] - mean) / spread for place, mean, spread in told) / max(1, len(told))
        known = (index - self.shift) * self.known[0] + self.known[1]
        answerable = chance(known + prior_shift(unanswerable, _SHARE))
        clear = chance(weighed([features[place] for place in _CLEAR], self.clear))
        among = max(clear, chance(weighed([features[place] for place in _AMONG], self.among)))
        return Confidence(
            answerable=answerable, first=answerable * clear, beside=answerable * clear, choices=answerable * among
        )

    def own_questions(self, *, unanswerable: float) -> OwnQuestions:  # noqa: ARG002  # as of every calibration
        """None: what was kept of them then says nothing of suggestions and choices."""
        nothing, neither = np.empty(0), np.empty(0, dtype=np.bool_)
        return OwnQuestions(
            answerable=nothing,
            first=nothing,
            beside=nothing,
            choices=nothing,
            weight=nothing,
            is_answerable=neither,
            is_customers=neither,
        )

    def threshold(self, budget: float, *, unanswerable: float) -> float:
        """The lowest confidence whose answers keep the budget, as promised by the corpus's own questions."""
        if self.known is None:
            return UNREACHABLE
        _, known, clear, weight, outcome = self.evidence.astype(np.float64).T
        share = np.where(outcome > 0, 1 - unanswerable, unanswerable)
        for kind in (outcome > 0, outcome == 0):
            share[kind] *= weight[kind] / max(1e-9, weight[kind].sum())
        confidence = sigmoid(known + prior_shift(unanswerable, _SHARE)) * clear
        return certified_threshold(confidence, outcome < 2, share, budget)

    def promised_threshold(self, budget: float, *, unanswerable: float) -> float:
        """The same: nothing less was kept then."""
        return self.threshold(budget, unanswerable=unanswerable)
