"""How sure an answer is: a calibrated probability in two parts, that there is an answer and that this is it.

The chance that the corpus answers a question comes from how well it knows what is asked: the mean of four scores, each
in its usual spread. A fit of their weights does worse than equal ones on questions that a corpus did not foresee (as
Dawes, American Psychologist 34, 1979, 571, found of linear models in general). The chance that the first document is
the one comes from how clearly it leads. Both are fitted on questions that the corpus was asked of itself, with and
without their topic; how many customers ask what nobody has written about is not known then, and comes from
`QueryPopulation`.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from retrieval.arrays import open_memmap
from retrieval.errors import SnapshotDamaged
from retrieval.scoring.features import FEATURES
from retrieval.scoring.logistic import fit_nonnegative, sigmoid
from retrieval.scoring.query_population import Normal, QueryPopulation
from retrieval.scoring.thresholds import UNREACHABLE, Bools, Floats, certified_threshold, expected_threshold

FILE, EVIDENCE = "confidence.json", "confidence.npy"
#: Fewer pseudo-questions say nothing about a corpus.
FEWEST = 20
#: How many documents a customer may be asked to choose from.
CHOICES = 3

_KNOWN = [FEATURES.index(name) for name in ("dense", "lexical", "topic", "near")]
_CLEAR = [FEATURES.index(name) for name in ("margin", "lift", "score")]
_AMONG = [FEATURES.index(name) for name in ("spread", "lift", "score")]
#: The share of unanswerable questions that the fit sees; `QueryPopulation` puts another in its place.
_SHARE = 0.3
#: How many questions the fit takes its examples for, so that its ridge weighs the same however many there are.
_WORTH = 500.0
_FOLDS = 5


@dataclass(frozen=True, kw_only=True)
class LabelledSearches:
    """Searches whose outcome is known: features [n, FEATURES], and the place of the first right document, -1: none.

    groups [n] are equal for questions of one document; weight [n] says how much each counts. `answerable` [n] are
    those whose topic the corpus has.
    """

    features: Floats
    places: NDArray[np.int64]
    answerable: Bools
    groups: NDArray[np.int64]
    weight: Floats

    def at(self, rows: Bools) -> "LabelledSearches":
        """Only some of them."""
        return LabelledSearches(**{name: getattr(self, name)[rows] for name in self.__dataclass_fields__})

    def and_these(self, others: "LabelledSearches") -> "LabelledSearches":
        """These and others, whose groups are others too."""
        groups = np.append(self.groups, self.groups.max(initial=-1) + 1 + others.groups)
        names = ("features", "places", "answerable", "weight")
        both = {name: np.concatenate([getattr(self, name), getattr(others, name)]) for name in names}
        return LabelledSearches(groups=groups, **both)


@dataclass(frozen=True, kw_only=True)
class Fit:
    """The logistic weights, intercepts last: of how known, how clear the first is, and how clear the first few are."""

    known: tuple[float, ...]
    clear: tuple[float, ...]
    among: tuple[float, ...]

    @classmethod
    def to(cls, examples: LabelledSearches, index: Floats) -> Self:
        """Fit to examples and their index of how known they are, [n]."""
        counts = examples.weight * np.where(examples.answerable, 1 - _SHARE, _SHARE)
        for kind in (examples.answerable, ~examples.answerable):
            counts[kind] *= _WORTH / max(1e-9, examples.weight[kind].sum())
        known = fit_nonnegative(index[:, None], examples.answerable, counts)
        asked = examples.at(examples.answerable)
        worth = asked.weight * _WORTH / max(1e-9, asked.weight.sum())
        return cls(
            known=tuple(known.tolist()),
            clear=_fit(asked.features[:, _CLEAR], asked.places == 0, worth),
            among=_fit(asked.features[:, _AMONG], (asked.places >= 0) & (asked.places < CHOICES), worth),
        )

    def chances(self, features: Floats, index: Floats) -> tuple[Floats, Floats, Floats]:
        """Log-odds that a question can be answered; chances that the first one, and one of the first few, then do."""
        return (
            index * self.known[0] + self.known[1],
            sigmoid(features[..., _CLEAR] @ np.array(self.clear[:-1]) + self.clear[-1]),
            sigmoid(features[..., _AMONG] @ np.array(self.among[:-1]) + self.among[-1]),
        )


@dataclass(frozen=True, kw_only=True)
class Confidence:
    """How sure a search is; each a probability, 0 to 1."""

    #: That the corpus answers the question.
    known: float
    #: That the first document does.
    first: float
    #: That one of the first CHOICES does.
    among_first: float


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """Turns the features of a search into a probability, and a budget into a threshold."""

    #: None when the corpus was too small.
    fit: Fit | None
    #: The mean and the spread of the scores that tell how known a question is.
    usual: tuple[tuple[float, float], ...]
    #: How known questions are whose answer the corpus has, and those whose topic it lacks.
    answerable: Normal
    unanswerable: Normal
    #: What it was fitted on: counts by sort of pseudo-question, and the day.
    fitted_on: dict[str, int]
    fitted_at: str
    #: The share of unanswerable questions among labelled ones, where there were enough.
    labelled_unanswerable: float | None
    #: What is promised is promised of these, float32 [n, 5], by fits that did not see their documents: index of how
    #: known, log-odds of an answer, chance of the first; the weight; 2 if the first was right, 0 if none could be.
    evidence: NDArray[np.float32] = field(repr=False, compare=False)

    def index(self, features: Floats) -> Floats:
        """How well the corpus knows what is asked, [n], from features [n, FEATURES]; about 0 between yes and no."""
        mean, spread = np.array(self.usual, dtype=np.float64).T
        told = spread > 0
        scaled = (features[..., _KNOWN] - mean) / np.where(told, spread, np.inf)
        index: Floats = scaled.sum(axis=-1) / max(1, int(told.sum()))
        return index

    @cached_property
    def _told(self) -> list[tuple[int, float, float]]:
        """The features that tell how known a question is, by their places, each with its mean and its spread."""
        return [(place, *usual) for place, usual in zip(_KNOWN, self.usual, strict=True) if usual[1] > 0]

    def sureness(self, features: Sequence[float], traffic: QueryPopulation) -> Confidence:
        """How sure a search is with these FEATURES, of customers who ask like this traffic.

        In plain numbers, as `confidences` does it with arrays: one search is judged in a tenth of the time.
        """
        if self.fit is None:
            return Confidence(known=0.0, first=0.0, among_first=0.0)
        index = sum((features[place] - mean) / spread for place, mean, spread in self._told) / max(1, len(self._told))
        known = (index - traffic.shift) * self.fit.known[0] + self.fit.known[1]
        answerable = _chance(known + _moved(traffic.unanswerable))
        clear = _chance(_weighed(features, _CLEAR, self.fit.clear))
        among = _chance(_weighed(features, _AMONG, self.fit.among))
        return Confidence(known=answerable, first=answerable * clear, among_first=answerable * max(among, clear))

    def confidences(self, features: Floats, traffic: QueryPopulation) -> Floats:
        """The confidence of each of many searches, [n], from features [n, FEATURES]; `sureness` says it of one."""
        if self.fit is None:
            return np.zeros(len(features))
        known, clear, _ = self.fit.chances(features, self.index(features) - traffic.shift)
        return _answerable(known, traffic.unanswerable) * clear

    def threshold(self, budget: float, traffic: QueryPopulation) -> float:
        """The lowest confidence whose answers keep the budget, both as promised by the evidence and as expected.

        The evidence is weighed as if as many customers asked the unanswerable as there may well be. NEVER when what was
        seen of this corpus cannot promise that much. Where customers ask unlike anything that it was fitted on, half of
        the budget is left.
        """
        if self.fit is None:
            return UNREACHABLE
        left = budget / 2 if traffic.is_unlike else budget
        _, known, clear, weight, outcome = self.evidence.astype(np.float64).T
        wrong = outcome < 2
        share = np.where(outcome > 0, 1 - traffic.most_unanswerable, traffic.most_unanswerable)
        for kind in (outcome > 0, outcome == 0):
            share[kind] *= weight[kind] / max(1e-9, weight[kind].sum())
        threshold = certified_threshold(_answerable(known, traffic.unanswerable) * clear, wrong, share, left)
        if len(traffic.sample):
            careful = replace(traffic, unanswerable=traffic.most_unanswerable)
            confidences, at_least = (self.confidences(traffic.sample, each) for each in (traffic, careful))
            threshold = max(threshold, expected_threshold(confidences, at_least, left))
        return threshold

    def traffic(self, features: Floats | None = None, *, assumed: float) -> QueryPopulation:
        """What customers ask like, from the features of their questions, [n, FEATURES]; no labels are needed.

        The share of unanswerable ones that is assumed gives way to that among labelled questions.
        """
        if self.labelled_unanswerable is not None:
            assumed = min(max(self.labelled_unanswerable, 0.01), 0.95)
        if self.fit is None or features is None:
            return QueryPopulation.assumed(assumed)
        return QueryPopulation.seen(features, self.index(features), self.answerable, self.unanswerable, assumed=assumed)

    def save(self, directory: Path) -> None:
        """Write it as JSON, and the evidence as an array."""
        stored = asdict(self)
        np.save(directory / EVIDENCE, stored.pop("evidence"))
        (directory / FILE).write_text(json.dumps(stored, indent=1), "utf-8")

    @classmethod
    def load(cls, directory: Path) -> Self:
        """Read what was saved."""
        path = directory / FILE
        try:
            stored = json.loads(path.read_text("utf-8"))
            fit = stored.pop("fit")
            return cls(
                fit=fit and Fit(**{name: tuple(map(float, weights)) for name, weights in fit.items()}),
                usual=tuple((float(mean), float(spread)) for mean, spread in stored.pop("usual")),
                answerable=Normal(**stored.pop("answerable")),
                unanswerable=Normal(**stored.pop("unanswerable")),
                evidence=open_memmap(directory / EVIDENCE),
                **stored,
            )
        except (OSError, EOFError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise SnapshotDamaged(f"{path} cannot be read: {error}. Reindex, or roll back.") from error


def calibrate(
    examples: LabelledSearches, *, fitted_on: dict[str, int], fitted_at: str, unanswerable: float | None = None
) -> Calibration:
    """Fit on examples; `unanswerable` is the share among customers' questions, where it is known.

    The evidence comes from fits that did not see the question's group, five in turn, so it does not flatter.
    """
    usual = _usual(examples.features[:, _KNOWN])
    empty = Calibration(
        fit=None,
        usual=usual,
        answerable=Normal(mean=0.0, deviation=1.0),
        unanswerable=Normal(mean=0.0, deviation=1.0),
        fitted_on=fitted_on,
        fitted_at=fitted_at,
        labelled_unanswerable=unanswerable,
        evidence=np.empty((0, 5), dtype=np.float32),
    )
    if examples.answerable.sum() < FEWEST or examples.answerable.all():
        return empty
    index = empty.index(examples.features)
    fold = np.unique(examples.groups, return_inverse=True)[1] % _FOLDS
    evidence = np.empty((len(index), 5), dtype=np.float32)
    for number in range(_FOLDS):
        asked = fold == number
        fit = Fit.to(examples.at(~asked), index[~asked])
        known, clear, _ = fit.chances(examples.features[asked], index[asked])
        outcome = np.where(examples.answerable[asked], 1 + (examples.places[asked] == 0), 0)
        evidence[asked] = np.column_stack([index[asked], known, clear, examples.weight[asked], outcome])
    fit = Fit.to(examples, index)
    if not fit.known[0]:
        return empty
    return Calibration(
        fit=fit,
        usual=usual,
        answerable=Normal.of(index[examples.answerable], examples.weight[examples.answerable]),
        unanswerable=Normal.of(index[~examples.answerable], examples.weight[~examples.answerable]),
        fitted_on=fitted_on,
        fitted_at=fitted_at,
        labelled_unanswerable=unanswerable,
        evidence=evidence,
    )


def _fit(features: Floats, right: Bools, counts: Floats) -> tuple[float, ...]:
    """Rising weights; where all or none are right, no weights and their share, as if one more of each had been seen."""
    if right.all() or not right.any():
        share = (right.sum() + 1) / (len(right) + 2)
        return (*([0.0] * features.shape[1]), float(np.log(share / (1 - share))))
    return tuple(fit_nonnegative(features, right, counts).tolist())


def _usual(scores: Floats) -> tuple[tuple[float, float], ...]:
    """Mean and spread of each score; the spread of one that never varies is 0, and it tells nothing."""
    if not len(scores):
        return tuple((0.0, 0.0) for _ in _KNOWN)
    spreads = scores.std(axis=0)
    return tuple(zip(scores.mean(axis=0).tolist(), np.where(spreads > 1e-6, spreads, 0.0).tolist(), strict=True))


def _answerable(known: Floats, unanswerable: float) -> Floats:
    """The chance of an answer from log-odds fitted at _SHARE, where `unanswerable` is the share instead.

    Odds change with the share they are drawn at, and with nothing else (Saerens et al., Neural Comput. 14, 2002, 21).
    """
    return sigmoid(known + _moved(unanswerable))


def _moved(unanswerable: float) -> float:
    """What is added to log-odds fitted at _SHARE where `unanswerable` is the share."""
    return math.log((1 - unanswerable) / unanswerable) - math.log((1 - _SHARE) / _SHARE)


def _weighed(features: Sequence[float], places: Sequence[int], weights: Sequence[float]) -> float:
    """Log-odds of some features by their weights, the intercept last."""
    return sum(features[place] * weight for place, weight in zip(places, weights, strict=False)) + weights[-1]


def _chance(odds: float) -> float:
    """`sigmoid` of one number."""
    return 1 / (1 + math.exp(-min(max(odds, -30.0), 30.0)))
