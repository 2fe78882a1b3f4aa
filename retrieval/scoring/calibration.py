"""Calibrated probability of an answer, in two parts: that there is one, and that this is it.

What probability belongs to a search was learned from corpora whose customers' questions are labelled (`SHIPPED`, by
`python -m tests.benchmarks.shipped_weights`), on features that mean the same in every corpus (`CorpusScale`). So the
first customer of a new help centre is answered by what others' customers taught. What a corpus adds is its scale, the
threshold that its own questions ask for, and, where people have labelled questions, its own weights.

The chance of an answer does not move with what customers ask: the same question has the same confidence until the
snapshot changes.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from retrieval.arrays import open_memmap
from retrieval.decision import BESIDE, CHOICES
from retrieval.errors import SnapshotDamaged
from retrieval.scoring.confidence import Confidence, OwnQuestions, chance, prior_shift, weighed
from retrieval.scoring.corpus_scale import CorpusScale
from retrieval.scoring.earlier_calibration import EarlierCalibration
from retrieval.scoring.logistic import fit_around, sigmoid
from retrieval.scoring.shipped_weights import SHIPPED, SPREADS, Weights
from retrieval.scoring.thresholds import (
    UNREACHABLE,
    Bools,
    Floats,
    certified_threshold,
    expected_threshold,
)

FILE, EVIDENCE = "confidence.json", "confidence.npy"
#: What is kept of each of the corpus's own questions: see `Calibration.evidence`.
EVIDENCE_COLUMNS: Final = 7
#: With fewer questions of its own, a corpus says nothing of its budget, and a usual threshold is taken.
FEWEST = 20
#: The share of questions that nothing in a corpus answers, where nobody has said otherwise: that of SHIPPED.
UNANSWERABLE: Final = 0.2
#: The threshold keeps the budget even if so many ask what nobody has written about.
_CAREFUL: Final = 0.6
#: How many labelled questions the shipped weights count for, in each direction that they vary in.
_EXPERIENCE: Final = 8.0
#: What a label of the maintainer's counts in `LabelledSearches.weight`; here it counts as one question.
_LABEL: Final = 5.0


@dataclass(frozen=True, kw_only=True)
class LabelledSearches:
    """Searches whose outcome is known: features [n, FEATURES], and the place of the first right document, -1: none.

    weight [n] says how much each counts. `answerable` [n] are those whose topic the corpus has; `is_customers` [n] are
    those that customers asked and people judged, the others are made from the corpus.
    """

    features: Floats
    places: NDArray[np.int64]
    answerable: Bools
    weight: Floats
    is_customers: Bools

    def at(self, rows: Bools) -> "LabelledSearches":
        """Only some of them."""
        return LabelledSearches(**{name: getattr(self, name)[rows] for name in self.__dataclass_fields__})

    def and_these(self, others: "LabelledSearches") -> "LabelledSearches":
        """These and others."""
        names = self.__dataclass_fields__
        return LabelledSearches(
            **{name: np.concatenate([getattr(self, name), getattr(others, name)]) for name in names}
        )


class AnyCalibration(Protocol):
    """A corpus's calibration, of this release or an earlier one."""

    @property
    def is_calibrated(self) -> bool:
        """True when the corpus was large enough to say something itself."""

    @property
    def fitted_on(self) -> dict[str, int]:
        """Number of questions of each sort that it was fitted on."""

    def confidence(self, features: Sequence[float], *, unanswerable: float) -> Confidence:
        """Confidence of a search with these FEATURES, where this share of the questions cannot be answered."""

    def own_questions(self, *, unanswerable: float) -> OwnQuestions:
        """The corpus's own questions as searches, weighed so that this share of them has no answer."""

    def threshold(self, budget: float, *, unanswerable: float) -> float:
        """The lowest confidence of an answer that keeps the budget as far as can be expected."""

    def promised_threshold(self, budget: float, *, unanswerable: float) -> float:
        """The lowest confidence of an answer at which labelled questions promise the budget; UNREACHABLE without."""


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """Turns the features of a search into a probability, and a budget into a threshold."""

    scale: CorpusScale
    weights: Weights
    #: What it was fitted on: counts by sort of question, and the day.
    fitted_on: dict[str, int]
    fitted_at: str
    #: The share of unanswerable questions among labelled ones, where there were enough.
    labelled_unanswerable: float | None
    #: What its own questions came to, float32 [n, 7]: log-odds of an answer; chances of the first, of one beside and of
    #: one of the choices; the weight; 2 if the first was right, 0 if none could be; 1 if a customer asked it.
    evidence: NDArray[np.float32] = field(repr=False, compare=False)

    @property
    def is_calibrated(self) -> bool:
        """True when the corpus was large enough to say something itself."""
        return len(self.evidence) >= 2 * FEWEST

    def confidence(self, features: Sequence[float], *, unanswerable: float = UNANSWERABLE) -> Confidence:
        """Confidence of a search with these FEATURES, where this share of the questions cannot be answered."""
        known, lead = self.scale.comparable(features)
        answerable = chance(weighed(known, self.weights.known) + prior_shift(self._share(unanswerable), UNANSWERABLE))
        first = chance(weighed(lead, self.weights.first))
        beside = max(first, chance(weighed(lead, self.weights.beside)))
        choices = max(beside, chance(weighed(lead, self.weights.choices)))
        return Confidence(
            answerable=answerable,
            first=answerable * first,
            beside=answerable * beside,
            choices=answerable * choices,
        )

    def threshold(self, budget: float, *, unanswerable: float = UNANSWERABLE) -> float:
        """The lowest confidence of an answer that keeps the budget as far as can be expected.

        Expected by the corpus's own questions, as if at least _CAREFUL of them could not be answered. Where these are
        too few to say so, an answer has to be twice as sure as the budget asks, and as sure as the surest of them.
        """
        share = self._share(unanswerable)
        confidence, weight, outcome = self._evidence(share)
        careful = max(_CAREFUL, share)
        for kind, part in ((outcome > 0, 1 - careful), (outcome == 0, careful)):
            weight[kind] *= part / max(1e-9, weight[kind].sum())
        threshold = expected_threshold(confidence, outcome < 2, weight, budget)
        return threshold if threshold <= 1 else max(1 - budget / 2, float(confidence.max(initial=0)))

    def promised_threshold(self, budget: float, *, unanswerable: float = UNANSWERABLE) -> float:
        """The lowest confidence of an answer at which labelled questions promise the budget; UNREACHABLE without."""
        customers = self.evidence[:, 6] > 0
        if not customers.any():
            return UNREACHABLE
        confidence, weight, outcome = (each[customers] for each in self._evidence(self._share(unanswerable)))
        return max(
            certified_threshold(confidence, outcome < 2, weight, budget),
            self.threshold(budget, unanswerable=unanswerable),
        )

    def own_questions(self, *, unanswerable: float = UNANSWERABLE) -> OwnQuestions:
        """The corpus's own questions as searches, weighed so that this share of them has no answer."""
        share = self._share(unanswerable)
        known, first, beside, choices, weight, outcome, customers = self.evidence.astype(np.float64).T
        answerable = sigmoid(known + prior_shift(share, UNANSWERABLE))
        for kind, part in ((outcome > 0, 1 - share), (outcome == 0, share)):
            weight[kind] *= part / max(1e-9, weight[kind].sum())
        return OwnQuestions(
            answerable=answerable,
            first=answerable * first,
            beside=answerable * beside,
            choices=answerable * choices,
            weight=weight,
            is_answerable=outcome > 0,
            is_customers=customers > 0,
        )

    def save(self, directory: Path) -> None:
        """Write it as JSON, and the evidence as an array."""
        stored = asdict(self)
        np.save(directory / EVIDENCE, stored.pop("evidence"))
        (directory / FILE).write_text(json.dumps(stored, indent=1), "utf-8")

    @classmethod
    def read(cls, stored: dict[str, object], evidence: NDArray[np.float32]) -> Self:
        """Take it from what was stored; ValueError, TypeError, KeyError where something is missing."""
        if evidence.ndim != 2 or evidence.shape[1] != EVIDENCE_COLUMNS:
            raise ValueError(f"{EVIDENCE} is {evidence.shape}, and this release reads [n, {EVIDENCE_COLUMNS}]")
        scale, weights = dict(stored.pop("scale")), dict(stored.pop("weights"))  # type: ignore[call-overload]
        middle = tuple((float(mean), float(deviation)) for mean, deviation in scale.pop("middle"))
        return cls(
            scale=CorpusScale(middle=middle, **scale),
            weights=Weights(**{name: tuple(map(float, each)) for name, each in weights.items()}),
            evidence=evidence,
            **stored,  # type: ignore[arg-type]
        )

    def _share(self, unanswerable: float) -> float:
        """The share of unanswerable questions: that among labelled ones, or the one that is assumed."""
        share = unanswerable if self.labelled_unanswerable is None else self.labelled_unanswerable
        return min(max(share, 0.01), 0.95)

    def _evidence(self, unanswerable: float) -> tuple[Floats, Floats, Floats]:
        """Confidence, weight and outcome of the corpus's own questions, [n] each."""
        known, first, _, _, weight, outcome, _ = self.evidence.astype(np.float64).T
        return sigmoid(known + prior_shift(unanswerable, UNANSWERABLE)) * first, weight, outcome


def load_calibration(directory: Path) -> Calibration | EarlierCalibration:
    """Read what was saved, by this release or an earlier one; SnapshotDamaged where it cannot be."""
    path = directory / FILE
    try:
        stored = json.loads(path.read_text("utf-8"))
        evidence = open_memmap(directory / EVIDENCE)
        return EarlierCalibration.read(stored, evidence) if "fit" in stored else Calibration.read(stored, evidence)
    except (OSError, EOFError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise SnapshotDamaged(f"{path} cannot be read: {error}. Reindex, or roll back.") from error


def calibrate(
    searches: LabelledSearches,
    *,
    worded: float,
    unrelated: float,
    fitted_on: dict[str, int],
    fitted_at: str,
    unanswerable: float | None = None,
) -> Calibration:
    """Calibrate to a corpus by searches whose outcome is known.

    worded: the share of its own questions that people have worded; unrelated: the cosine of texts that have nothing to
    do with each other; unanswerable: the share among customers' questions, where it is known.
    """
    made = searches.at(~searches.is_customers | searches.answerable)
    scale = CorpusScale.of(made.features, made.answerable, worded=worded, unrelated=unrelated)
    known, lead = scale.all_comparable(searches.features)
    weights = _taught(known, lead, searches)
    first, beside, choices = (
        sigmoid(lead @ np.array(each[:-1]) + each[-1]) for each in (weights.first, weights.beside, weights.choices)
    )
    beside = np.maximum(first, beside)
    choices = np.maximum(beside, choices)
    outcome = np.where(searches.answerable, 1 + (searches.places == 0), 0)
    odds = known @ np.array(weights.known[:-1]) + weights.known[-1]
    return Calibration(
        scale=scale,
        weights=weights,
        fitted_on=fitted_on,
        fitted_at=fitted_at,
        labelled_unanswerable=unanswerable,
        evidence=np.column_stack(
            [odds, first, beside, choices, searches.weight, outcome, searches.is_customers]
        ).astype(np.float32),
    )


def _taught(known: Floats, lead: Floats, searches: LabelledSearches) -> Weights:
    """The shipped weights, moved by what customers asked and people judged.

    That questions are answerable can only be learned beside some that are not.
    """
    asked = searches.is_customers
    counts = searches.weight / _LABEL
    both = asked if len(set(searches.answerable[asked].tolist())) == 2 else np.zeros_like(asked)
    answered = asked & searches.answerable
    places = searches.places[answered]

    def moved(name: str, features: Floats, right: Bools, count: Floats) -> tuple[float, ...]:
        spreads = np.array(SPREADS["known" if name == "known" else "lead"])
        precision = _EXPERIENCE * np.append(spreads**2, 1.0)
        return tuple(fit_around(np.array(getattr(SHIPPED, name)), precision, features, right, count).tolist())

    within = {"first": 1, "beside": BESIDE, "choices": CHOICES}
    return Weights(
        known=moved("known", known[both], searches.answerable[both], counts[both]),
        **{
            name: moved(name, lead[answered], (places >= 0) & (places < most), counts[answered])
            for name, most in within.items()
        },
    )
