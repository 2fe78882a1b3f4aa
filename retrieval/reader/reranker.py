"""A reader on this machine: a CrossEncoder that scores each page beside the question."""

import asyncio
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import ReaderFailed
from retrieval.reader.port import Reading, Reply, Verdict

#: Changes when scores would be taken otherwise: the record begins anew then.
_VERSION: Final = "1"


class Scorer(Protocol):
    """A model that scores texts beside a question."""

    fingerprint: str

    def scores(self, question: str, texts: list[str]) -> NDArray[np.float64]:
        """Scores of how well each text answers the question, in log-odds, float64 [n]."""


class Reranker:
    """A `Reader` over a scorer: the best page, or none where even that is likelier no answer than one."""

    def __init__(self, scorer: Scorer, *, timeout: float) -> None:
        self._scorer, self._timeout = scorer, timeout

    @property
    def fingerprint(self) -> str:
        """The model."""
        return f"reranker {self._scorer.fingerprint} {_VERSION}"

    async def read(self, reading: Reading) -> Reply:
        """Score all pages, in a thread; one that takes too long is not waited for."""
        texts = [" ".join([page.title, *page.sentences]) for page in reading.pages]
        question = f"{reading.before} {reading.question}" if reading.before else reading.question
        try:
            async with asyncio.timeout(self._timeout):
                scores = await asyncio.to_thread(self._scorer.scores, question, texts)
        except TimeoutError as error:
            raise ReaderFailed(f"no scores within {self._timeout:g} s", is_timeout=True) from error
        return Reply(verdict=verdict_of(reading.ids, scores))

    async def close(self) -> None:
        """Hold nothing."""


def verdict_of(ids: tuple[str, ...], scores: NDArray[np.float64]) -> Verdict | None:
    """The verdict in log-odds of pages [n], beside those of no page, 0; None where they are no numbers."""
    if not len(scores) or not np.isfinite(scores).all():
        return None
    odds = np.append(np.clip(scores, -50, 50), 0.0)
    shares = np.exp(odds - odds.max())
    shares /= shares.sum()
    best = int(np.argmax(shares))
    return Verdict(best=ids[best] if best < len(ids) else None, sure=float(shares[best]))
