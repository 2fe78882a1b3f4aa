"""Doing a decision's search again, from what its receipt says and the snapshot that it names."""

from collections.abc import Iterator
from pathlib import Path

from bot.conversation import Receipt
from bot.errors import InvalidState
from retrieval import KEPT, NoSnapshot, Searcher, SearchResult, open_snapshot


def replay(receipt: Receipt, index: Path) -> list[str]:
    """Differences that come out when the search is done again, a line each; none when all is equal, to the bit.

    A reader is not asked again: what it said is in the receipt.
    The threshold is not computed again: it was set by all that customers had asked until then. InvalidState when the
    receipt tells of no search, or when its snapshot is gone.
    """
    if receipt.searched is None or receipt.snapshot is None or receipt.unanswerable is None:
        raise InvalidState("Nothing was searched for this decision, so there is nothing to do again.")
    try:
        snapshot = open_snapshot(index, receipt.snapshot)
    except NoSnapshot as error:
        raise InvalidState(
            f"The snapshot {receipt.snapshot} is no longer there, so it cannot be asked again."
        ) from error
    searcher = Searcher(snapshot, budget=0.5, unanswerable=receipt.unanswerable, shift=receipt.shift or 0.0)
    limit = max(KEPT, receipt.reader.offered if receipt.reader else 0)
    found = searcher.search(receipt.searched, language=receipt.language, limit=limit)
    return list(_differences(receipt, receipt.reader.applied_to(found) if receipt.reader else found))


def _differences(receipt: Receipt, found: SearchResult) -> Iterator[str]:
    figures = {
        "confidence": (receipt.confidence, found.confidence),
        "among_first": (receipt.among_first, found.among_first),
        **{name: (receipt.features.get(name), found.features.get(name)) for name in found.features},
    }
    for name, (recorded, again) in figures.items():
        if recorded != again:
            yield f"{name} was {recorded}, and is {again}"
    if receipt.parts:
        return  # its candidates are those of several searches
    for place, (recorded_one, one) in enumerate(zip(receipt.candidates, found.candidates, strict=False), 1):
        if recorded_one != one:
            yield f"candidate {place} was {recorded_one.title!r}, and is {one.title!r}"
