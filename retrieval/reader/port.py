"""The port to a reader: what it is shown, what it may say, and how it fails."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from retrieval.reader.passages import OfferedPage


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Verdict of a reader on one question: ids of pages that were offered, numbers, and nothing else."""

    #: The page that answers; None where none of those offered does.
    best: str | None
    #: Others that would serve about as well.
    also: tuple[str, ...] = ()
    #: Numbers of the sentences of the best page that answer, from 1, rising.
    sentences: tuple[int, ...] = ()
    #: How sure the reader says it is of all that, 0 to 1.
    sure: float


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One question beside the pages that may answer it, as a reader sees them: masked, and cut to length."""

    question: str
    #: The question before, where this one may follow on it.
    before: str | None = None
    #: In an order that tells nothing of how they were ranked.
    pages: tuple[OfferedPage, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids that may be named."""
        return tuple(page.id for page in self.pages)


@dataclass(frozen=True, kw_only=True)
class Reply:
    """Outcome of one reading: a verdict, or none where what was said is no verdict; and the tokens that it took."""

    verdict: Verdict | None
    tokens_in: int = 0
    tokens_out: int = 0


class Reader(Protocol):
    """A model that chooses among pages."""

    @property
    def fingerprint(self) -> str:
        """Equal for readers that say the same of the same: what a record of its worth is kept under. No secret."""

    async def read(self, reading: Reading) -> Reply:
        """Say which page answers. ReaderFailed where nothing came back; it is not asked twice."""

    async def close(self) -> None:
        """Give connections back."""


def is_allowed(verdict: Verdict, offered: Sequence[OfferedPage]) -> bool:
    """True when a verdict names only what was offered: pages by their ids, and sentences that the best page has."""
    pages = {page.id: page for page in offered}
    named = [*verdict.also, *([verdict.best] if verdict.best is not None else [])]
    if not 0 <= verdict.sure <= 1 or any(each not in pages for each in named) or len(set(named)) < len(named):
        return False
    most = len(pages[verdict.best].sentences) if verdict.best is not None else 0
    return all(1 <= number <= most for number in verdict.sentences)
