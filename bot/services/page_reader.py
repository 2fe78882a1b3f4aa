"""The port to a reader while the application serves: what it says of a turn's searches."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from bot.conversation import QueryResult
from bot.metrics import READER, READER_SECONDS, READER_TOKENS
from retrieval import SearchResult
from retrieval.reader.consultation import OUTCOMES, Outcome
from retrieval.reader.consulted import Consulted

for _outcome in OUTCOMES:
    READER.labels(_outcome)  # what never came of a question is told as 0
for _direction in ("in", "out"):
    READER_TOKENS.labels(_direction)


class PageReader(Protocol):
    """A reader that may be asked which of the pages found answers."""

    async def consult(
        self, result: SearchResult, *, customer: str | None = None, names: Sequence[str] = (), before: str | None = None
    ) -> Consulted | None:
        """Give its verdict on a search; None where it is not asked, or nothing came of it. It raises nothing.

        customer: a key that tells customers apart; names: the customer's, which are masked; before: the question that
        this one may follow on.
        """

    async def close(self) -> None:
        """Give back what it holds."""


def count_reading(outcome: Outcome, tokens_in: int, tokens_out: int, seconds: float) -> None:
    """Count what came of a question that a reader could be asked."""
    READER.labels(outcome).inc()
    READER_TOKENS.labels("in").inc(tokens_in)
    READER_TOKENS.labels("out").inc(tokens_out)
    if seconds:
        READER_SECONDS.observe(seconds)


async def read_results(
    reader: PageReader, looked_up: Sequence[QueryResult], *, customer: str, names: Sequence[str]
) -> tuple[QueryResult, ...]:
    """Add a reader's verdicts to results, asked of all at once; a choice that was made is not asked about."""

    async def read(asked: QueryResult) -> QueryResult:
        if asked.query.document is not None:
            return asked
        consulted = await reader.consult(asked.result, customer=customer, names=names, before=asked.before)
        if consulted is None:
            return asked
        return replace(asked, result=consulted.applied_to(asked.result), consulted=consulted)

    return tuple(await asyncio.gather(*map(read, looked_up)))
