"""The folder of one corpus under measurement: its index, and its questions with their vectors."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

import numpy as np

from retrieval.encoders.encoder import Encoder, Vectors
from retrieval.query.query_text import embedding_texts
from retrieval.questions import Question, read_questions

QUESTIONS, VIEWS, VECTORS = "questions.jsonl", "views.json", "vectors.npy"


@dataclass(frozen=True, kw_only=True)
class Work:
    """Questions, and the vector that each of their views is searched by."""

    index: Path
    questions: Sequence[Question]
    vectors: dict[str, Vectors]

    @classmethod
    def save(cls, folder: Path, questions: Sequence[Question], encoder: Encoder) -> None:
        """Write questions and what this encoder makes of them."""
        views = list(dict.fromkeys(view for asked in questions for view in embedding_texts(asked.question)))
        lines = (json.dumps(asdict(asked), ensure_ascii=False) + "\n" for asked in questions)
        (folder / QUESTIONS).write_text("".join(lines), "utf-8")
        (folder / VIEWS).write_text(json.dumps(views), "utf-8")
        np.save(folder / VECTORS, encoder.encode(views))

    @classmethod
    def open(cls, folder: Path) -> Self:
        """What was saved there."""
        views = json.loads((folder / VIEWS).read_text("utf-8"))
        return cls(
            index=index_in(folder),
            questions=read_questions(folder / QUESTIONS),
            vectors=dict(zip(views, np.load(folder / VECTORS), strict=True)),
        )


def index_in(folder: Path) -> Path:
    """Where the index of a work folder is."""
    return folder / "index"
