"""The port to retrieval while the application serves."""

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

    def count_question(self, result: SearchResult, *, customer: str) -> None:
        """Count a search as what a customer wanted to know: how customers ask may make the index more careful.

        Only what was understood as a question is counted. `customer` tells customers apart and names nobody.
        """
