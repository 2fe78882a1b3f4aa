"""What the application asks of retrieval while it serves."""

from typing import Protocol

from retrieval import SearchResult


class Index(Protocol):
    """The index in use."""

    @property
    def languages(self) -> frozenset[str]:
        """The languages that its documents say they are in."""

    def search(self, question: str, *, language: str | None = None, budget: float | None = None) -> SearchResult:
        """Find candidates, within another budget than its own if one is given.

        RetrievalError when nothing can be looked up.
        """
