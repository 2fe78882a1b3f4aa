"""A verdict as evidence: what is believed of each page after it, by Bayes, from what the search believed before.

The decision stays that of `retrieval.decision.decide`, on these probabilities, within the same error budget.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Final

from retrieval.decision import BESIDE, CHOICES
from retrieval.reader.passages import led_by
from retrieval.reader.port import Verdict
from retrieval.reader.trust import Trust
from retrieval.result import Candidate, SearchResult

#: Of the chance that the right page comes after the first CHOICES, the part that it is among those offered.
_AMONG_OFFERED: Final = 0.5
#: No page that is offered is believed less likely than this share of the chance that one of them is right.
_LEAST: Final = 0.01
#: A reader that errs takes, this often, what the search thinks likely, and else any page.
_BY_SEARCH: Final = 0.5
#: A reader that names another page than the right one names the right one beside it this often.
_BESIDE: Final = 0.5


@dataclass(frozen=True, kw_only=True)
class Belief:
    """Probabilities, adding up to 1: of each page that is offered, of another one, and that no page answers."""

    pages: tuple[float, ...]
    unseen: float
    nothing: float


def belief_of(result: SearchResult, offered: int) -> Belief:
    """Belief of a search in each of its first so many candidates, in pages beyond them, and in none; sums to 1."""
    within = [result.confidence, result.among_beside - result.confidence]
    rest = max(0.0, result.among_first - result.among_beside) / (CHOICES - BESIDE)
    within += [rest] * (CHOICES - BESIDE)
    after = max(0.0, result.answerable - max(result.among_first, result.confidence))
    tail = offered - CHOICES
    pages = [max(0.0, each) for each in within[:offered]]
    pages += [_AMONG_OFFERED * after / max(1, tail)] * max(0, tail)
    least = max(1e-9, _LEAST * result.answerable)
    pages = [max(least, each) for each in pages]
    unseen = max(0.0, result.answerable - sum(pages))
    nothing = max(1e-6, 1 - result.answerable)
    whole = sum(pages) + unseen + nothing
    return Belief(pages=tuple(each / whole for each in pages), unseen=unseen / whole, nothing=nothing / whole)


def updated(before: Belief, ids: Sequence[str], verdict: Verdict, trust: Trust) -> Belief:
    """The belief after a verdict on pages with these ids, in the order of the belief."""
    if verdict.best is None:
        likely = [trust.chance("missed", verdict)] * len(ids)
        nothing = trust.chance("refused", verdict)
    else:
        errs = _errors(before.pages)
        named = ids.index(verdict.best)
        likely = [
            trust.chance("right", verdict)
            if place == named
            else trust.chance("wrong", verdict)
            * errs[named]
            / (1 - errs[place])
            * _beside(verdict, ids[place], len(ids))
            for place in range(len(ids))
        ]
        nothing = trust.chance("invented", verdict) * errs[named]
    pages = [chance * weight for chance, weight in zip(before.pages, likely, strict=True)]
    unseen, none = before.unseen * nothing, before.nothing * nothing
    whole = sum(pages) + unseen + none
    return Belief(pages=tuple(each / whole for each in pages), unseen=unseen / whole, nothing=none / whole)


def _errors(pages: Sequence[float]) -> list[float]:
    """Probability that a reader that errs takes each page."""
    total = sum(pages)
    return [_BY_SEARCH * each / total + (1 - _BY_SEARCH) / len(pages) if len(pages) > 1 else 0.999 for each in pages]


def _beside(verdict: Verdict, name: str, offered: int) -> float:
    """Likelihood ratio of a page's being named beside the best, or not, where it is the right one."""
    others, also = max(1, offered - 1), len(verdict.also)
    if not also or also >= others:
        return 1.0
    return _BESIDE * others / also if name in verdict.also else (1 - _BESIDE) * others / (others - also)


def with_verdict(
    result: SearchResult,
    verdict: Verdict,
    trust: Trust,
    *,
    offered: int,
    characters: int,
    stricter: Mapping[str, float] | None = None,
) -> SearchResult:
    """The search after a reader's verdict on its first so many candidates: reordered, and as sure as is right then.

    characters: how much of each page was shown, by which sentences are numbered. stricter: documents with a budget of
    their own, by pattern: one that comes first by the verdict is no plain answer: its threshold is not known.
    A reader that is left aside changes nothing; one that is hardly known, or says of all how sure it is, makes
    suggestions and no plain answers.
    """
    if trust.is_left_aside or (verdict.best is None and not trust.is_none_told):
        return result
    shown = result.candidates[:offered]
    ids = [each.document_id for each in shown]
    after = updated(belief_of(result, len(shown)), ids, verdict, trust)
    order = sorted(range(len(shown)), key=lambda place: (-after.pages[place], place))
    chances = [after.pages[place] for place in order]
    pages = [shown[place] for place in order]
    if pages[0].document_id == verdict.best:
        pages[0] = led_by(pages[0], verdict.sentences, characters=characters)
    answerable = min(1.0, sum(after.pages) + after.unseen)
    return replace(
        result,
        candidates=(*pages, *result.candidates[offered:]),
        confidence=chances[0],
        among_beside=min(1.0, sum(chances[:BESIDE])),
        among_first=min(1.0, sum(chances[:CHOICES])),
        answerable=answerable,
        settings=replace(result.settings, suggest_at=max(result.settings.suggest_at, trust.suggests_from)),
        may_answer=trust.may_answer and _may_answer(result, pages[0], stricter or {}),
    )


def _may_answer(result: SearchResult, first: Candidate, stricter: Mapping[str, float]) -> bool:
    """True when the page that is first after the verdict may be a plain answer."""
    before = result.candidates[0]
    if first.document_id == before.document_id:
        return result.may_answer
    if any(fnmatchcase(first.document_id, pattern) for pattern in stricter):
        return False
    is_confirmed = first.kind != "answer" or first.confirmed
    was_confirmed = before.kind != "answer" or before.confirmed
    return is_confirmed or result.settings.unconfirmed_answers or (not was_confirmed and result.may_answer)
