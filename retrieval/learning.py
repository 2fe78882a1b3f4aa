from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Self

from retrieval.confidence import Calibration, calibrate
from retrieval.encoder import Encoder
from retrieval.fusion import Fusion, learn_fusion, proven
from retrieval.pseudo import Corpus, pseudo_questions
from retrieval.rehearsal import rehearse
from retrieval.snapshot import Snapshot
from retrieval.topics import Topics


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


def learn(corpus: Corpus, encoder: Encoder, directory: Path, *, today: date) -> Learned:
    """Learn from a corpus its topics, how to weigh a search, and how sure to be of it; all of it is written."""
    Topics.learn(corpus.vectors, corpus.examples).save(directory)
    rehearsal = rehearse(corpus, pseudo_questions(corpus, encoder))
    free = rehearsal.worded_freely()
    fusion = proven(learn_fusion(rehearsal.found.at(free), rehearsal.right[free]), rehearsal.found, rehearsal.right)
    fusion.save(directory)
    calibration = calibrate(*rehearsal.judged(fusion), fitted_on=rehearsal.counts, fitted_at=today.isoformat())
    calibration.save(directory)
    return Learned(calibration=calibration, fusion=fusion, topics=corpus.examples.count, note=corpus.examples.note)
