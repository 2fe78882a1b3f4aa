"""The order of what was found."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

#: A document in the customer's language goes before another that is better by less than this score.
SAME_LANGUAGE: Final = 0.1
#: The same where documents of many languages meet, whose cosines differ by a fifth of what others do.
SAME_LANGUAGE_MIXED: Final = 0.02
#: As much authority have the company's own pages and answers.
OFFICIAL: Final = 0.9
#: They go before another document that is better by less than this score; and where documents of many languages meet.
OFFICIAL_AHEAD: Final = 0.1
OFFICIAL_AHEAD_MIXED: Final = 0.02


def rank(
    scores: NDArray[np.float32],
    authority: NDArray[np.float32],
    same: NDArray[np.int64],
    most: int | None = None,
    *,
    ahead: float = OFFICIAL_AHEAD,
) -> NDArray[np.int64]:
    """Places of what was found, best first; int64 [n], or the first `most` of them.

    scores, authority: [n]; what is official goes before others that are better by less than `ahead`; equal scores go by
    authority, then by place. same: [n, k], numbers of what each one has in
    common with others, such as a title or a topic, -1 for nothing. What has something in common with a better one comes
    after all that differ: it would give the customer no other choice (diversification as in Carbonell and Goldstein,
    SIGIR 1998, with likeness known instead of measured).
    """
    ranked = np.lexsort((-authority, np.where(authority >= OFFICIAL, 0, np.float32(ahead)) - scores))
    most = len(ranked) if most is None else most
    seen: set[int] = set()
    distinct: list[int] = []
    others: list[int] = []
    for place, numbers in zip(ranked.tolist(), same[ranked].tolist(), strict=True):
        (distinct if seen.isdisjoint(numbers) else others).append(place)
        if len(distinct) == most:
            break
        seen.update(numbers)
        seen.discard(-1)
    return np.array((distinct + others)[:most], dtype=np.int64)


def deduplicate(
    documents: NDArray[np.int64], scores: Floats, told: NDArray[np.int64]
) -> tuple[NDArray[np.int64], Floats]:
    """Documents, in order, each told as another one: for each that is told, in order, its place and its score.

    The score is the best of all that are told as it. The place is its own where it was found itself, or else that of
    the best.
    """
    best = np.argsort(-scores, kind="stable")
    kept, first = np.unique(told[best], return_index=True)
    places = np.minimum(np.searchsorted(documents, kept), len(documents) - 1)
    rows: NDArray[np.int64] = np.where(documents[places] == kept, places, best[first])
    return rows, scores[best[first]]


def group_keys(titles: NDArray[np.int32], topics: NDArray[np.int64]) -> NDArray[np.int64]:
    """Numbers of what documents have in common, int64 [n, 2], from those of their titles and topics, [n] each.

    Odd ones are topics, even ones titles, so that no topic is taken for a title; -1 where there is no topic.
    """
    return np.column_stack([2 * titles.astype(np.int64), np.where(topics >= 0, 2 * topics + 1, -1)])
