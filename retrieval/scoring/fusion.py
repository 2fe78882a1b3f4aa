"""What the parts of a search say of the documents it found, and how much each part counts."""

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import SnapshotDamaged

FILE = "fusion.json"

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

#: How often the weights may halve or double before a corpus must have shown it: the spread of their prior, in octaves.
_OCTAVES: Final = 0.5
#: The weights that are tried, in octaves around the prior, and the sharpness of the choice among documents.
_TRIED: Final = np.arange(-3, 3.25, 0.25)
_SHARPNESS: Final = (4.0, 6.0, 8.0, 12.0, 16.0, 24.0, 32.0, 48.0)


@dataclass(frozen=True, kw_only=True)
class ScoreComponents:
    """Documents found for a question, int64 [n], and what each part of the search says of them, float32 [n] each."""

    documents: Ints
    #: Cosine of the question and the document's nearest unit, -1 to 1; the mean over the views of the question.
    dense: Floats
    #: Share of the question's words that the document's best text holds, 0 to 1.
    lexical: Floats
    #: Support for the document's best topic, 0 or more.
    topic: Floats

    def at(self, places: slice | NDArray[np.bool_] | Ints) -> "ScoreComponents":
        """Only what stands at these places."""
        return ScoreComponents(
            documents=self.documents[places],
            dense=self.dense[places],
            lexical=self.lexical[places],
            topic=self.topic[places],
        )


@dataclass(frozen=True, kw_only=True)
class FusionWeights:
    """How much keywords and topics count beside a cosine of 1. The defaults are the prior."""

    lexical: float = 0.5
    topic: float = 0.3

    def score(self, found: ScoreComponents) -> Floats:
        """One score a document, float32 [n]."""
        score: Floats = found.dense + np.float32(self.lexical) * found.lexical + np.float32(self.topic) * found.topic
        return score

    def save(self, directory: Path) -> None:
        """Write it as JSON."""
        (directory / FILE).write_text(json.dumps(asdict(self), indent=1), "utf-8")

    @classmethod
    def load(cls, directory: Path) -> Self:
        """Read what was saved."""
        path = directory / FILE
        try:
            return cls(**{name: float(value) for name, value in json.loads(path.read_bytes()).items()})
        except (OSError, ValueError, TypeError, AttributeError) as error:
            raise SnapshotDamaged(f"{path} cannot be read: {error}. Reindex, or roll back.") from error


def learn_fusion(found: ScoreComponents, right: NDArray[np.bool_]) -> FusionWeights:
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
    return _fusion(octaves)


def proven(fusion: FusionWeights, found: ScoreComponents, right: NDArray[np.bool_]) -> FusionWeights:
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


def _fusion(octaves: dict[str, float]) -> FusionWeights:
    return FusionWeights(
        lexical=FusionWeights.lexical * 2.0 ** octaves["lexical"], topic=FusionWeights.topic * 2.0 ** octaves["topic"]
    )


def _posterior(found: ScoreComponents, right: NDArray[np.bool_], octaves: dict[str, float]) -> float:
    scores = _fusion(octaves).score(found).astype(np.float64)
    scores -= scores.max(axis=1, keepdims=True)
    prior = -sum(octave**2 for octave in octaves.values()) / (2 * _OCTAVES**2)
    likelihoods = []
    for sharpness in _SHARPNESS:
        chances = np.exp(sharpness * scores)
        shares = np.where(right, chances, 0).sum(axis=1) / chances.sum(axis=1)
        likelihoods.append(float(np.log(shares + 1e-9).sum()))
    return prior + max(likelihoods)
