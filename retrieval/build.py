import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Self

import numpy as np

from corpus.document import Document
from corpus.passage import Passage
from corpus.split import Capacity, split
from retrieval.documents import DocumentFacts
from retrieval.embedding import KEYS, embed
from retrieval.encoder import Encoder
from retrieval.errors import BuildFailed, EncoderDamaged, SnapshotError
from retrieval.halves import Halves
from retrieval.learning import Asked, Learned, learn
from retrieval.lexical import LexicalIndex, write_lexical
from retrieval.passages import write_passages
from retrieval.pseudo import Corpus
from retrieval.publish import building, publish
from retrieval.search import UNANSWERABLE
from retrieval.snapshot import (
    DOCUMENTS,
    ENCODER,
    FORMAT,
    Manifest,
    Snapshot,
    encoded,
    file_entries,
    open_snapshot,
)
from retrieval.topics import find_topics
from retrieval.units import Units, lay_out, searched_texts
from retrieval.vectors import write_vectors

#: Changes when a snapshot of the same documents would come out differently.
RECIPE = "14"
#: The error budgets of which a report says what they take.
BUDGETS = (0.01, 0.02, 0.05, 0.1)
#: What is shown at once, in characters: most articles whole, long ones by their sections.
SHOWN = Capacity(full=1500, hard=2400)


@dataclass(frozen=True, kw_only=True)
class BuildReport:
    """What a reindex did."""

    version: str
    #: False when the documents are those of the snapshot in use, which then stays.
    is_new: bool
    documents: int
    passages: int
    #: Vectors: views of passages, titles and known phrasings.
    units: int
    #: Documents that the snapshot before did not have, had otherwise, or had and this one has not.
    added: int
    changed: int
    removed: int
    #: Vectors that were carried over from the snapshot before, or from a build that was stopped.
    carried: int
    seconds: float
    #: How the vectors are searched, and the share of the ten nearest that this finds, measured against all of them.
    index: str
    recall: float
    #: What the corpus taught: the weights of keywords and topics beside the vectors, and how many topics there are.
    fusion: dict[str, float]
    topics: int
    #: What could not be learned, and why; empty when nothing is missing.
    note: str
    #: Pseudo-questions that the confidence was fitted on, by kind; none when the corpus was too small.
    fitted_on: dict[str, int]
    is_calibrated: bool
    #: The confidence that an answer needs for each of some error budgets, before customers' questions were seen; above
    #: 1 where the corpus cannot promise it.
    thresholds: dict[str, float]


@dataclass(frozen=True, kw_only=True)
class Changes:
    """How many documents came, changed and went from one snapshot to the next."""

    added: int
    changed: int
    removed: int

    @classmethod
    def between(cls, before: Mapping[str, str], after: Mapping[str, str]) -> Self:
        """Compare the hashes of documents, by their ids."""
        common = before.keys() & after.keys()
        return cls(
            added=len(after) - len(common),
            changed=sum(before[document] != after[document] for document in common),
            removed=len(before) - len(common),
        )


def reindex(
    documents: Sequence[Document],
    index: Path,
    encoder: Encoder,
    *,
    now: datetime,
    asked: Asked | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> BuildReport:
    """Build a snapshot of the documents and put it into use, unless the one in use is made of the same.

    Texts that the snapshot in use has embedded with the same encoder are not embedded again. progress hears how many
    texts are embedded of how many. BuildFailed, IndexBusy: the snapshot in use is untouched then, and what was embedded
    is kept for the next time.
    """
    started = time.monotonic()
    if not documents:
        raise BuildFailed("There are no documents to index.")
    hashes = {document.id: _hash(document) for document in documents}
    digest = hashlib.sha256(encoded([RECIPE, hashes, _asked(asked)])).hexdigest()
    with building(index) as aside:
        before = _before(index)
        if before and (before.manifest.corpus, before.manifest.encoder) == (digest, encoder.fingerprint):
            return _report(before.manifest, Learned.of(before), before.version, started=started)
        changes = Changes.between(before.documents if before else {}, hashes)
        passages = [split(document, capacity=SHOWN) for document in documents]
        units, texts = lay_out(passages)
        scratch = index / f".embedded-{encoder.fingerprint[:16]}"
        known = before.embedded(encoder.fingerprint) if before else None
        embedded = embed(texts, encoder, known=known, scratch=scratch, progress=progress)
        vectors = write_vectors(
            embedded.vectors, aside, before=before.vectors if before and known else None, fresh=embedded.fresh
        )
        corpus = _prepare(aside, passages, units, texts, embedded.vectors)
        learned = learn(corpus, encoder, aside, today=now.date(), asked=asked)
        write_passages((passage for each in passages for passage in each), aside)
        (aside / DOCUMENTS).write_bytes(encoded(hashes))
        np.save(aside / KEYS, embedded.keys)
        (aside / ENCODER).mkdir()
        encoder.save(aside / ENCODER)
        manifest = Manifest(
            format=FORMAT,
            created=now.isoformat(),
            parent=before.version if before else None,
            encoder=encoder.fingerprint,
            corpus=digest,
            index=vectors.kind,
            probes=vectors.probes,
            recall=vectors.recall,
            centres=before.version if before and vectors.is_carried else None,
            documents=len(documents),
            passages=sum(map(len, passages)),
            units=len(texts),
            files=file_entries(aside),
        )
        version = publish(index, aside, manifest, f"{now:%Y%m%dT%H%M%S}")
        scratch.unlink()
    return _report(manifest, learned, version, started=started, carried=embedded.carried, changes=changes)


def _prepare(
    aside: Path, passages: Sequence[Sequence[Passage]], units: Units, texts: Sequence[str], vectors: Halves
) -> Corpus:
    """Write what is searched beside the vectors, and find what there is to learn from."""
    facts = DocumentFacts.of([each[0].document for each in passages])
    facts.save(aside)
    units.save(aside)
    write_lexical(((each[0].document.language, searched_texts(each)) for each in passages), aside)
    return Corpus(
        documents=passages,
        facts=facts,
        units=units,
        texts=texts,
        vectors=vectors,
        lexical=LexicalIndex(aside),
        examples=find_topics(passages, units),
    )


def _before(index: Path) -> Snapshot | None:
    """The snapshot in use, if there is one and it is whole; a damaged one is built anew."""
    try:
        snapshot = open_snapshot(index)
        snapshot.verify()
    except (SnapshotError, EncoderDamaged):
        return None
    return snapshot


def _report(
    manifest: Manifest,
    learned: Learned,
    version: str,
    *,
    started: float,
    carried: int = 0,
    changes: Changes | None = None,
) -> BuildReport:
    return BuildReport(
        version=version,
        is_new=changes is not None,
        documents=manifest.documents,
        passages=manifest.passages,
        units=manifest.units,
        **asdict(changes or Changes(added=0, changed=0, removed=0)),
        carried=carried,
        seconds=round(time.monotonic() - started, 2),
        index=manifest.index,
        recall=manifest.recall,
        fusion=asdict(learned.fusion),
        topics=learned.topics,
        note=learned.note,
        fitted_on=learned.calibration.fitted_on,
        is_calibrated=learned.calibration.fit is not None,
        thresholds={
            f"{budget:g}": learned.calibration.threshold(budget, learned.calibration.traffic(assumed=UNANSWERABLE))
            for budget in BUDGETS
        },
    )


def _asked(asked: Asked | None) -> list[list[Any]]:
    if asked is None:
        return []
    return [sorted(asked.answered), list(asked.unanswered), [asdict(each) for each in asked.verdicts]]


def _hash(document: Document) -> str:
    fields = {**vars(document)}
    del fields["origin"]  # where it was read is not what it says
    return hashlib.sha256(encoded(fields)).hexdigest()
