"""The first report: what a new index can be expected to do for customers, and what would help this corpus most.

No customer has asked anything yet, so it rests on the questions that indexing made from the corpus, each asked with
what it was taken from held out, and on labelled questions where there are some.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from retrieval.decision import CHOICES, DECISIONS, DEFAULTS, Chances, Decision, DecisionSettings, decide
from retrieval.scoring.calibration import UNANSWERABLE
from retrieval.scoring.confidence import OwnQuestions
from retrieval.scoring.logistic import sigmoid
from retrieval.scoring.thresholds import labels_needed
from retrieval.snapshot.page_report import FindingKind, PageReport
from retrieval.snapshot.snapshot import Snapshot
from retrieval.snapshot.space import Space

Floats = NDArray[np.float64]

#: The certainty of an interval: 90 %, by the normal distribution.
_WIDTH: Final = 1.645
#: Customers word things otherwise than the questions that are made from a corpus, so that a search is less sure of what
#: they ask, by these log-odds, and by half of them where people have worded questions for all pages; and how far what
#: they got was still from what was foretold, as a standard deviation of a share. Measured on public help centres with
#: customers' questions (docs/confidence.md).
_WORDED_OTHERWISE, _UNLIKE_CUSTOMERS = 1.0, 0.13
#: With a smaller share of questions that are answered or suggested, a customer rarely gets anything.
LITTLE: Final = 0.25
#: As many pieces of advice are given.
MOST: Final = 5

AdviceKind = Literal[FindingKind, "too_small", "labels", "phrasings", "other_languages"]


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A share, 0 to 1, and the interval that holds it with 90 % certainty."""

    share: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class Advice:
    """Something that would help this corpus."""

    kind: AdviceKind
    #: The pages it is about, or how many questions it takes.
    count: int
    #: The share of all pages that it may bring to the first place at most; 0 where it helps otherwise.
    gain: float
    #: Ids of some of the pages.
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PageCounts:
    """Pages of all spaces, those asked for by a sentence of their own, and how many came first or among the first."""

    pages: int
    asked: int
    first: int
    among: int


@dataclass(frozen=True, kw_only=True)
class FirstReport:
    """Outlook for a snapshot: the shares of decisions to expect, and what would help customers most, best first."""

    snapshot: str
    pages: PageCounts
    #: How many questions the shares rest on, and the share of all that is taken to have no answer.
    questions: int
    unanswerable: float
    #: The share of customers' questions that get each decision; empty where there is nothing to tell it by.
    shares: dict[Decision, Estimate]
    #: The share of the questions that have an answer whose customer sees its page before a person.
    helped: Estimate | None
    advice: tuple[Advice, ...]

    @property
    def is_little(self) -> bool:
        """True when hardly any customer would be answered or get a suggestion; False where nothing is known."""
        return bool(self.shares) and self.shares["answer"].share + self.shares["suggest"].share < LITTLE


def first_report(
    snapshot: Snapshot,
    *,
    budget: float,
    unanswerable: float = UNANSWERABLE,
    decisions: DecisionSettings = DEFAULTS,
) -> FirstReport | None:
    """The report on a snapshot within these settings; None where an earlier release made it."""
    reports = [(space, report) for space in snapshot.spaces if (report := space.pages) is not None and report.pages]
    if not reports:
        return None
    pages = PageCounts(
        pages=sum(each.pages for _, each in reports),
        asked=sum(each.asked for _, each in reports),
        first=sum(each.first for _, each in reports),
        among=sum(each.among for _, each in reports),
    )
    told = [
        (
            each.pages / pages.pages,
            _decided(space, each, budget=budget, unanswerable=unanswerable, decisions=decisions),
        )
        for space, each in reports
    ]
    is_told = any(space.calibration.is_calibrated for space, _ in reports)
    questions = sum(len(decided.decisions) for _, decided in told) if is_told else 0
    labelled = sum(space.calibration.fitted_on.get("labels", 0) for space, _ in reports)
    advice = [
        *_page_advice([report for _, report in reports], pages),
        *_other_advice(snapshot, reports, questions=questions, labelled=labelled, budget=budget),
    ]
    return FirstReport(
        snapshot=snapshot.version,
        pages=pages,
        questions=questions,
        unanswerable=unanswerable,
        shares={name: _estimate([(part, each.share(name)) for part, each in told]) for name in DECISIONS}
        if questions
        else {},
        helped=_estimate([(part, each.helped) for part, each in told]) if questions else None,
        advice=tuple(sorted(advice, key=lambda each: -each.gain)[:MOST]),
    )


@dataclass(frozen=True, kw_only=True)
class _Decided:
    """A space's own questions, each with its decision; `reach` is the share of its pages that can be found at all."""

    own: OwnQuestions
    decisions: NDArray[np.str_]
    reach: float

    def share(self, name: Decision) -> tuple[float, float]:
        """The share that gets a decision, and its variance; who asks for a page out of reach gets a person."""
        mean, variance = _mean(np.asarray(self.decisions == name, dtype=np.float64), self.own.weight)
        rest = 1 - self.reach if name == "escalate" else 0.0
        return self.reach * mean + rest, self.reach**2 * variance

    @property
    def helped(self) -> tuple[float, float]:
        """The chance that an answerable question's page is shown before a person, and its variance."""
        shown = np.select(
            [np.isin(self.decisions, ("answer", "suggest")), self.decisions == "clarify"],
            [self.own.first, self.own.choices],
            0.0,
        )
        asked = self.own.is_answerable
        mean, variance = _mean(shown[asked], self.own.weight[asked])
        return self.reach * mean, self.reach**2 * variance


def _decided(
    space: Space, report: PageReport, *, budget: float, unanswerable: float, decisions: DecisionSettings
) -> _Decided:
    calibration = space.calibration
    own = _as_customers_ask(calibration.own_questions(unanswerable=unanswerable), report.phrased / report.examined)
    needed = calibration.promised_threshold if decisions.promised_only else calibration.threshold
    threshold = needed(budget, unanswerable=unanswerable) if len(own.first) else 1.0
    names = [
        decide(
            Chances(first=first, beside=beside, choices=choices, answerable=answerable),
            decisions,
            threshold=threshold,
            pages=min(CHOICES, space.entry.documents),
        )
        for answerable, first, beside, choices in np.column_stack(
            [own.answerable, own.first, own.beside, own.choices]
        ).tolist()
    ]
    lost = sum(each.pages for each in report.findings if each.kind in {"no_text", "not_found"})
    return _Decided(own=own, decisions=np.array(names, dtype=np.str_), reach=max(0.0, 1 - lost / report.examined))


def _as_customers_ask(own: OwnQuestions, phrased: float) -> OwnQuestions:
    """The same questions, each as likely to be answered as if a customer had asked it in their words.

    phrased: the share of pages that people have worded questions for.
    """
    further = _WORDED_OTHERWISE * (1 - phrased / 2)

    def less_sure(chances: Floats) -> Floats:
        odds = np.log(np.clip(chances, 1e-9, 1 - 1e-9) / np.clip(1 - chances, 1e-9, 1))
        return np.where(own.is_customers, chances, sigmoid(odds - further))

    return replace(
        own,
        answerable=less_sure(own.answerable),
        first=less_sure(own.first),
        beside=less_sure(own.beside),
        choices=less_sure(own.choices),
    )


def _mean(values: Floats, weight: Floats) -> tuple[float, float]:
    """Weighed mean and its variance, both 0 without values."""
    total = float(weight.sum())
    if not total:
        return 0.0, 0.0
    shares = weight / total
    mean = float(shares @ values)
    return mean, float(shares**2 @ (values - mean) ** 2)


def _estimate(parts: Sequence[tuple[float, tuple[float, float]]]) -> Estimate:
    """The estimate of a whole, from parts of it: the size of each, its mean and its variance."""
    share = sum(size * mean for size, (mean, _) in parts)
    deviation = math.sqrt(sum(size**2 * variance for size, (_, variance) in parts) + _UNLIKE_CUSTOMERS**2)
    return Estimate(share=share, low=max(0.0, share - _WIDTH * deviation), high=min(1.0, share + _WIDTH * deviation))


def _page_advice(reports: Sequence[PageReport], pages: PageCounts) -> Iterator[Advice]:
    """Advice on what was found on pages; what helps no page to the first place is left out."""
    kinds = dict.fromkeys(each.kind for report in reports for each in report.findings)
    examined = sum(report.examined for report in reports)
    for kind in kinds:
        found = [each for report in reports for each in report.findings if each.kind == kind]
        count = sum(each.pages for each in found)
        if not count:
            continue
        # Pages of which only some are examined are taken to be like those.
        count = round(count * pages.pages / examined)
        gain = sum(each.not_first for each in found) / examined
        examples = tuple(name for each in found for name in each.examples)
        # A tenth of what is wrong with pages that come first all the same: it makes an answer less sure.
        others = 0.1 * sum(each.pages - each.not_first for each in found) / examined
        is_last = kind == "not_found"  # said otherwise already where the reason is known
        yield Advice(kind=kind, count=count, gain=(gain + others) * (0.5 if is_last else 1), examples=examples)


def _other_advice(
    snapshot: Snapshot,
    reports: Sequence[tuple[Space, PageReport]],
    *,
    questions: int,
    labelled: int,
    budget: float,
) -> Iterator[Advice]:
    if not questions:
        yield Advice(kind="too_small", count=snapshot.manifest.documents, gain=1.0)
    unphrased = sum(report.examined - report.phrased for _, report in reports)
    examined = sum(report.examined for _, report in reports)
    if unphrased:
        yield Advice(kind="phrasings", count=round(unphrased * snapshot.manifest.documents / examined), gain=0.02)
    if labelled < (needed := labels_needed(budget)):
        yield Advice(kind="labels", count=needed - labelled, gain=0.03)
