"""Scores of the documents found by each part of the search, and the weight of each part."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import SnapshotDamaged

FILE = "fusion.json"

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


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
    """Weights of keywords and topics beside a cosine of 1. The defaults are the prior."""

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
