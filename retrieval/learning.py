from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, Self

import numpy as np

from retrieval.confidence import Calibration, Examples, calibrate
from retrieval.encoder import Encoder
from retrieval.fusion import Fusion, learn_fusion, proven
from retrieval.pseudo import FREE_ENOUGH, SORTS, Corpus, pseudo_questions
from retrieval.rehearsal import Rehearsal, ask_strangers, rehearse
from retrieval.snapshot import Snapshot
from retrieval.topics import Topics

#: How many questions made from the corpus a customer's own question counts for.
LABEL: Final = 5.0
#: With fewer labelled questions than this, their share of unanswerable ones says nothing.
_ENOUGH: Final = 50


@dataclass(frozen=True, kw_only=True)
class Learned:
    """What was learned from a corpus; all of it is in the snapshot too, but for the note on what was not."""

    calibration: Calibration
    fusion: Fusion
    topics: int
    note: str = ""

    @classmethod
    def of(cls, snapshot: Snapshot) -> Self:
        """What a snapshot holds."""
        return cls(calibration=snapshot.calibration, fusion=snapshot.fusion, topics=len(snapshot.topics))


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What customers asked, as the maintainer knows it: texts that documents answer, and texts that none does."""

    answered: frozenset[str] = frozenset()
    unanswered: Sequence[str] = ()

    @property
    def unanswerable(self) -> float | None:
        """The share that nothing answers, if there are enough questions to tell."""
        count = len(self.answered) + len(self.unanswered)
        return len(self.unanswered) / count if count >= _ENOUGH else None


def learn(corpus: Corpus, encoder: Encoder, directory: Path, *, today: date, asked: Asked | None = None) -> Learned:
    """Learn from a corpus its topics, how to weigh a search, and how sure to be of it; all of it is written."""
    asked = asked or Asked()
    topics = Topics.learn(corpus.vectors, corpus.examples)
    topics.save(directory)
    rehearsal = rehearse(corpus, pseudo_questions(corpus, encoder, labelled=asked.answered))
    fusion = _weights(rehearsal)
    fusion.save(directory)
    judged = _examples(rehearsal, fusion)
    if asked.unanswered:
        vectors = encoder.encode(asked.unanswered)
        strangers, _ = ask_strangers(corpus, asked.unanswered, vectors, topics).judged(fusion)
        judged = judged.with_unanswerable(strangers, weight=LABEL)
    sorts = rehearsal.sorts.tolist()
    calibration = calibrate(
        judged,
        fitted_on={sort: sorts.count(sort) for sort in SORTS if sort in sorts and sort != "titles"}
        | {"unanswerable": int((~judged.answerable).sum())},
        fitted_at=today.isoformat(),
        unanswerable=asked.unanswerable,
    )
    calibration.save(directory)
    return Learned(calibration=calibration, fusion=fusion, topics=corpus.examples.count, note=corpus.examples.note)


def _weights(rehearsal: Rehearsal) -> Fusion:
    """Weights learned from phrasings and threads, and from titles only if those are few."""
    free = np.isin(rehearsal.sorts, ("labels", "phrasings", "threads"))
    told = rehearsal.known.at(free if free.sum() >= FREE_ENOUGH else rehearsal.sorts != "shortened")
    # Documents that nobody worded a question for are in no topic, and must not be pushed aside by those that are.
    asked = rehearsal.known.at(rehearsal.sorts != "titles") if free.any() else told
    return proven(learn_fusion(told.found, told.right), asked.found, asked.right)


def _examples(rehearsal: Rehearsal, fusion: Fusion) -> Examples:
    """Each question as the corpus answers it, and as one that it cannot answer; titles alone are nobody's question."""
    chosen = rehearsal.sorts != "titles"
    known, places = rehearsal.known.at(chosen).judged(fusion)
    strange, nowhere = rehearsal.strange.at(chosen).judged(fusion)
    groups = rehearsal.groups[chosen]
    weight = np.where(rehearsal.sorts[chosen] == "labels", LABEL, 1.0)
    return Examples(
        features=np.concatenate([known, strange]),
        places=np.concatenate([places, nowhere]),
        answerable=np.repeat([True, False], len(groups)),
        groups=np.tile(groups, 2),
        weight=np.tile(weight, 2),
    )
