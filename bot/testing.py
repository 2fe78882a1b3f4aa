"""An index without an encoder, behaving as the docstring of `Index` says: for tests and for trying the bot out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.conversation import content_words, tokens
from retrieval import Candidate, Chances, SearchResult


@dataclass(frozen=True, kw_only=True)
class ScriptedPage:
    """A document on the `ScriptedIndex`."""

    id: str
    title: str
    text: str
    #: Words a question about it may hold, beside its title's.
    about: str = ""
    #: Words on which it is likely and no more, and on which it is only worth showing beside a person.
    likely: str = ""
    near: str = ""
    #: A known phrasing: who asks in its words means this page.
    asks: str = ""
    language: str = "en"
    kind: Literal["article", "faq", "answer"] = "article"
    has_url: bool = True


class ScriptedIndex:
    """The worker's `Index` without an index: a page is found by the share of the question's words it is about.

    Sure where one page has most of the words and no other comes near; sure only that one of the first is right where
    several do; a guess where most are words on which a page is likely; else not sure at all.
    """

    #: The confidence an answer needs here.
    threshold = 0.9
    #: Share of the words that a page must have, and how far the next must be behind.
    _ENOUGH, _AHEAD = 0.5, 0.2

    def __init__(self, pages: Sequence[ScriptedPage]) -> None:
        self._pages = tuple(pages)
        #: What was searched, oldest first; and what was counted as a question, with the customer's key.
        self.asked: list[str] = []
        self.counted: list[tuple[str, str]] = []

    @property
    def languages(self) -> frozenset[str]:
        """The languages of the pages."""
        return frozenset(page.language for page in self._pages)

    def search(self, question: str, *, language: str | None = None, budget: float | None = None) -> SearchResult:  # noqa: ARG002
        """The pages about the question, the most fitting first."""
        self.asked.append(question)
        pages = [page for page in self._pages if not language or page.language == language]
        chances, best = self._found(content_words(question), pages)
        return SearchResult(
            question=question,
            candidates=tuple(_candidate(page, score) for score, page in best[:10]),
            confidence=chances.first,
            among_beside=chances.beside,
            among_first=chances.choices,
            threshold=self.threshold,
            features={},
            snapshot="shelf",
            same_words=tuple(page.id for page in pages if tokens(page.title) == tokens(question)),
        )

    def count_question(self, result: SearchResult, *, customer: str) -> None:
        """Remember that a question was counted."""
        self.counted.append((result.question, customer))

    def _found(
        self, words: frozenset[str], pages: Sequence[ScriptedPage]
    ) -> tuple[Chances, list[tuple[float, ScriptedPage]]]:
        """Chances of the first pages, and the pages with their scores, best first."""
        best: list[tuple[float, ScriptedPage]] = []
        for strength in ("about", "likely", "near"):
            scored = [(_score(page, words, strength), page) for page in pages]
            best = sorted((each for each in scored if each[0] > 0), key=lambda each: -each[0])
            if best and best[0][0] >= self._ENOUGH:
                close = sum(score > best[0][0] - self._AHEAD for score, _ in best)
                return _CHANCES[strength, min(close, 4) if strength == "about" else min(len(best), 2)], best
        return Chances(first=0.1, beside=0.0, choices=0.2), best


#: By what the words of a question are to the best page, and by how many pages are near.
_CHANCES = {
    ("about", 1): Chances(first=0.97, beside=0.97, choices=0.97),
    ("about", 2): Chances(first=0.4, beside=0.7, choices=0.97),
    ("about", 3): Chances(first=0.4, beside=0.7, choices=0.97),
    ("about", 4): Chances(first=0.4, beside=0.2, choices=0.2),
    ("likely", 1): Chances(first=0.6, beside=0.6, choices=0.6),
    ("likely", 2): Chances(first=0.6, beside=0.85, choices=0.9),
    ("near", 1): Chances(first=0.3, beside=0.3, choices=0.3),
    ("near", 2): Chances(first=0.2, beside=0.3, choices=0.35),
}


def _score(page: ScriptedPage, words: frozenset[str], strength: str) -> float:
    """Share of the words that a page has, at least as strongly as is said."""
    if not words:
        return 0.0
    held = {"about": page.about, "likely": f"{page.about} {page.likely}"}.get(
        strength, f"{page.about} {page.likely} {page.near}"
    )
    return len(words & content_words(f"{page.title} {held}")) / len(words) + 0.5 * (words == content_words(page.asks))


def _candidate(page: ScriptedPage, score: float) -> Candidate:
    return Candidate(
        document_id=page.id,
        passage_id=f"{page.id}#0",
        title=page.title,
        headings=(),
        text=page.text,
        kind=page.kind,
        url=f"https://help.example/{page.id}" if page.has_url else None,
        language=page.language,
        updated=None,
        author=None,
        confirmed=page.kind != "answer",
        authority=1.0,
        score=score,
    )
