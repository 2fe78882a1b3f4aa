"""The order of what was found, and what a confidence is computed from."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

#: The features of a search, in the order in which a fit holds their weights.
FEATURES: Final = ("top", "margin", "lift", "authority")
#: How many documents the features look at.
WIDTH: Final = 10
#: A document in the customer's language goes before another that is better by less than this score.
SAME_LANGUAGE: Final = 0.1


def order(scores: NDArray[np.float32], authority: NDArray[np.float32], same: NDArray[np.int64]) -> NDArray[np.int64]:
    """Places of what was found, best first; int64 [n].

    scores, authority: [n]; equal scores go by authority, then by place. same: [n, k], numbers of what each one has in
    common with others, such as a title or a topic, -1 for nothing. What has something in common with a better one comes
    after all that differ: it would give the customer no other choice (diversification as in Carbonell and Goldstein,
    SIGIR 1998, with likeness known instead of measured).
    """
    ranked = np.lexsort((np.arange(len(scores)), -authority, -scores))
    seen: set[int] = set()
    distinct: list[int] = []
    others: list[int] = []
    for place, numbers in zip(ranked.tolist(), same[ranked].tolist(), strict=True):
        own = {number for number in numbers if number >= 0}
        (others if own & seen else distinct).append(place)
        seen |= own
    return np.array(distinct + others, dtype=np.int64)


def in_common(titles: NDArray[np.int32], topics: NDArray[np.int64]) -> NDArray[np.int64]:
    """Numbers of what documents have in common, int64 [n, 2], from those of their titles and topics, [n] each.

    Odd ones are topics, even ones titles, so that no topic is taken for a title; -1 where there is no topic.
    """
    return np.column_stack([2 * titles.astype(np.int64), np.where(topics >= 0, 2 * topics + 1, -1)])


def features(scores: NDArray[np.float32], authority: float) -> NDArray[np.float64]:
    """Features of a search from the scores of its best documents, best first, and the authority of the first.

    scores: [n]. Returns float64 [4]: the top score, its distance to the second, its distance to the mean of the
    following ones, up to WIDTH, and the authority. A search that found a single document is as far from the rest as
    can be.
    """
    best = scores[:WIDTH].astype(np.float64)
    if len(best) < 2:
        top = float(best[0])
        return np.array([top, top, top, authority])
    return np.array([best[0], best[0] - best[1], best[0] - best[1:].mean(), authority])


def named(features: NDArray[np.float64]) -> dict[str, float]:
    """The features by name, for a receipt."""
    return dict(zip(FEATURES, map(float, features), strict=True))
