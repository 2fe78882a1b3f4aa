"""Worth of asking a reader: it is asked only where it could change what a customer gets."""

from typing import Final

from retrieval.result import SearchResult

#: As sure of the first page, nothing is to be gained; and as unlikely is it that one of those offered answers.
SURE: Final = 0.75
HOPELESS: Final = 0.5


def may_matter(result: SearchResult) -> bool:
    """True when a verdict on a search could change the decision for the better."""
    if not result.candidates or result.same_words or result.decision == "answer":
        return False
    within = max(result.among_first, result.confidence)
    return result.confidence < SURE and within + (result.answerable - within) / 2 >= HOPELESS
