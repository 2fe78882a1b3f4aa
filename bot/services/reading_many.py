"""A reader's word on searches outside of a conversation, as `ask` and `evaluate` make them."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.settings import Settings
from retrieval import SearchResult
from retrieval.reader.bounds import ReaderLimits
from retrieval.reader.consultation import Outcome
from retrieval.reader.consulted import Consulted
from retrieval.reader.opening import open_consultation


@dataclass(frozen=True, kw_only=True)
class Readings:
    """Searches after a reader's verdicts, and what that took."""

    results: Sequence[SearchResult]
    #: For each, what the reader said and how far it was believed; None where it was not asked or said nothing.
    consulted: Sequence[Consulted | None]
    #: How many questions came to what, by outcome; tokens in and out of all calls; the seconds of each call, sorted.
    outcomes: Mapping[Outcome, int]
    tokens_in: int
    tokens_out: int
    seconds: Sequence[float]
    is_left_aside: bool

    @property
    def calls(self) -> int:
        """Number of calls of the reader."""
        return sum(count for outcome, count in self.outcomes.items() if outcome in _CALLS)


_CALLS: frozenset[Outcome] = frozenset({"verdict", "no_verdict", "timeout", "failed"})
#: As many are under way at once as the settings say; there is no customer, and no hour, to be spared.
_UNBOUNDED = 1_000_000_000


def read_many(
    settings: Settings, results: Sequence[SearchResult], *, progress: Callable[[int], None] = lambda _: None
) -> Readings | None:
    """The searches after the verdicts of the settings' reader, all weighed alike; None where they name none.

    progress hears how many are read. ReaderUnavailable.
    """
    if not settings.has_reader:
        return None
    return asyncio.run(_read(settings, results, progress))


async def _read(settings: Settings, results: Sequence[SearchResult], progress: Callable[[int], None]) -> Readings:
    counts: Counter[Outcome] = Counter()
    tokens, seconds = [0, 0], list[float]()

    def observe(outcome: Outcome, tokens_in: int, tokens_out: int, took: float) -> None:
        counts[outcome] += 1
        tokens[0] += tokens_in
        tokens[1] += tokens_out
        if outcome in _CALLS:
            seconds.append(took)

    limits = ReaderLimits(
        at_once=settings.reader.at_once, per_hour=_UNBOUNDED, per_customer=_UNBOUNDED, per_day=_UNBOUNDED
    )
    consultation = open_consultation(
        settings.reader,
        settings.reranker,
        settings.index,
        stricter=settings.document_budgets,
        observe=observe,
        limits=limits,
    )
    assert consultation is not None
    verdicts = []
    try:
        for start in range(0, len(results), settings.reader.at_once):
            some = results[start : start + settings.reader.at_once]
            verdicts += await asyncio.gather(*map(consultation.verdict, some))
            progress(len(verdicts))
    finally:
        await consultation.close()
    consulted = [consultation.taken(verdict) if verdict is not None else None for verdict in verdicts]
    return Readings(
        results=[
            each.applied_to(result) if each is not None else result
            for result, each in zip(results, consulted, strict=True)
        ],
        consulted=consulted,
        outcomes=counts,
        tokens_in=tokens[0],
        tokens_out=tokens[1],
        seconds=sorted(seconds),
        is_left_aside=consultation.is_left_aside,
    )
