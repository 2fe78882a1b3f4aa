"""Weights of a search's parts, learned from questions whose answers are known."""

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from retrieval.scoring.fusion import FusionWeights, ScoreComponents

#: How often the weights may halve or double before a corpus must have shown it: the spread of their prior, in octaves.
_OCTAVES: Final = 0.5
#: The weights that are tried, in octaves around the prior, and the sharpness of the choice among documents.
_TRIED: Final = np.arange(-3, 3.25, 0.25)
_SHARPNESS: Final = (4.0, 6.0, 8.0, 12.0, 16.0, 24.0, 32.0, 48.0)


def fit_fusion_weights(found: ScoreComponents, right: NDArray[np.bool_]) -> FusionWeights:
    """The weights that best explain which documents are right; all arrays [questions, documents found].

    The likelihood of a right document among those found is a softmax of their scores (conditional logit: McFadden,
    1974); the weights have a log-normal prior around the defaults, so that few questions leave them there. Questions
    that nothing or everything answers teach nothing.
    """
    told: NDArray[np.bool_] = np.logical_and(right.any(axis=1), ~right.all(axis=1))
    told_of = found.at(told)
    octaves = {"lexical": 0.0, "topic": 0.0}
    if told.any():
        taught = ["lexical", "topic"] if told_of.topic.any() else ["lexical"]
        for name in taught * 3:
            octaves[name] = max(_TRIED, key=lambda tried: _posterior(told_of, right[told], octaves | {name: tried}))
    return _weights(octaves)


def drop_topics_if_harmful(fusion: FusionWeights, found: ScoreComponents, right: NDArray[np.bool_]) -> FusionWeights:
    """The same weights, but none for topics that take more right documents from the top than they bring there.

    All arrays [questions, documents found]. More by two standard deviations of what chance would do (the sign test);
    less is no proof, since topics know fewer wordings when a corpus asks itself.
    """
    without = replace(fusion, topic=0.0)
    brought = _first_is_right(fusion, found, right).astype(int) - _first_is_right(without, found, right)
    return without if brought.sum() < -2 * np.sqrt(np.abs(brought).sum()) else fusion


def _first_is_right(fusion: FusionWeights, found: ScoreComponents, right: NDArray[np.bool_]) -> NDArray[np.bool_]:
    if not right.size:
        return np.zeros(len(right), dtype=np.bool_)
    first = fusion.score(found).argmax(axis=1)
    return np.asarray(right[np.arange(len(right)), first])


def _weights(octaves: dict[str, float]) -> FusionWeights:
    return FusionWeights(
        lexical=FusionWeights.lexical * 2.0 ** octaves["lexical"], topic=FusionWeights.topic * 2.0 ** octaves["topic"]
    )


def _posterior(found: ScoreComponents, right: NDArray[np.bool_], octaves: dict[str, float]) -> float:
    scores = _weights(octaves).score(found).astype(np.float64)
    scores -= scores.max(axis=1, keepdims=True)
    prior = -sum(octave**2 for octave in octaves.values()) / (2 * _OCTAVES**2)
    likelihoods = []
    for sharpness in _SHARPNESS:
        chances = np.exp(sharpness * scores)
        shares = np.where(right, chances, 0).sum(axis=1) / chances.sum(axis=1)
        likelihoods.append(float(np.log(shares + 1e-9).sum()))
    return prior + max(likelihoods)
