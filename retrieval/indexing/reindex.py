import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from corpus import ChunkSize, Document, chunk
from corpus.sections import with_sections
from retrieval.encoders.encoder import Encoder, account
from retrieval.errors import BuildFailed, EncoderDamaged, SnapshotError
from retrieval.indexing.document_changes import Changes
from retrieval.indexing.spaces import Built, Plan, build_space, plan_spaces
from retrieval.indexing.training import CustomerQuestions, TrainingReport
from retrieval.scoring.calibration import UNANSWERABLE, AnyCalibration
from retrieval.snapshot.passage_store import write_passages
from retrieval.snapshot.publishing import build_directory, commit_snapshot, set_current
from retrieval.snapshot.snapshot import (
    DOCUMENTS,
    FORMAT,
    SNAPSHOTS,
    Manifest,
    Snapshot,
    encoded,
    file_entries,
    open_snapshot,
    space_directory,
)
from retrieval.snapshot.space import ENCODER

#: Changes when a snapshot of the same documents would come out differently.
INDEX_VERSION = "20"
#: The error budgets of which a report says what they take.
BUDGETS = (0.01, 0.02, 0.05, 0.1)
#: What is shown at once, in characters: most articles whole, long ones by their sections.
SHOWN = ChunkSize(full=1500, hard=2400)


@dataclass(frozen=True, kw_only=True)
class SpaceReport:
    """Contents of a further space."""

    documents: int
    units: int
    carried: int
    is_calibrated: bool
    thresholds: dict[str, float]


@dataclass(frozen=True, kw_only=True)
class BuildReport:
    """Result of a reindex."""

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
    #: Synthetic questions that the confidence was fitted on, by kind; none when the corpus was too small.
    fitted_on: dict[str, int]
    is_calibrated: bool
    #: The confidence that an answer needs for each of some error budgets.
    thresholds: dict[str, float]
    #: The further spaces, by name, with their figures.
    spaces: dict[str, SpaceReport]
    #: A sentence on the encoder of each space, the main one's first: its name, how its numbers are kept, and why.
    encoders: dict[str, str]


def reindex(
    documents: Sequence[Document],
    index: Path,
    encoder: Encoder,
    *,
    now: datetime,
    multilingual: Encoder | None = None,
    asked: CustomerQuestions | None = None,
    progress: Callable[[int, int], None] | None = None,
    is_used: bool = True,
) -> BuildReport:
    """Build a snapshot of the documents and put it into use, unless the one in use is made of the same.

    With `is_used` false, it is only kept beside the one in use.

    `encoder` is for English; what is in other languages is found by `multilingual`, which serves them all.
    Texts that the snapshot in use has embedded with the same encoder are not embedded again. progress hears how many
    texts are embedded of how many. BuildFailed, IndexBusy: the snapshot in use is untouched then, and what was embedded
    is kept for the next time.
    """
    started = time.monotonic()
    if not documents:
        raise BuildFailed("There are no documents to index.")
    hashes = {document.id: _hash(document) for document in documents}
    digest = hashlib.sha256(encoded([INDEX_VERSION, hashes, _asked(asked)])).hexdigest()
    planned = plan_spaces(documents, encoder, multilingual)
    with build_directory(index) as aside:
        before = _current_snapshot(index)
        if before and _is_same(before.manifest, digest, planned):
            learned = [TrainingReport.of(space) for space in before.spaces]
            return _report(before.manifest, learned, before.directory, started=started)
        changes = Changes.between(before.documents if before else {}, hashes)
        built = _build_spaces(
            documents, planned, aside, before=before, index=index, today=now.date(), asked=asked, progress=progress
        )
        (aside / DOCUMENTS).write_bytes(encoded(hashes))
        manifest = Manifest(
            format=FORMAT,
            created=now.isoformat(),
            parent=before.version if before else None,
            corpus=digest,
            documents=len(documents),
            passages=built.passages,
            spaces=tuple(each.entry for each in built.spaces),
            files=file_entries(aside),
        )
        version = commit_snapshot(index, aside, manifest, f"{now:%Y%m%dT%H%M%S}")
        if is_used:
            set_current(index, version)
        for each in built.spaces:
            each.scratch.unlink()
    return _report(
        manifest,
        [each.learned for each in built.spaces],
        index / SNAPSHOTS / version,
        started=started,
        carried=[each.carried for each in built.spaces],
        changes=changes,
    )


@dataclass(frozen=True, kw_only=True)
class _Contents:
    """Spaces that were written, and the number of passages that all of them are made of."""

    spaces: Sequence[Built]
    passages: int


def _build_spaces(
    documents: Sequence[Document],
    planned: Sequence[Plan],
    aside: Path,
    *,
    before: Snapshot | None,
    index: Path,
    today: date,
    asked: CustomerQuestions | None,
    progress: Callable[[int, int], None] | None,
) -> _Contents:
    """Cut the documents into passages, and write these and each planned space into the folder `aside`."""
    passages = [with_sections(chunk(document, capacity=SHOWN)) for document in documents]
    spaces = [
        build_space(plan, passages, aside, before=before, index=index, today=today, asked=asked, progress=progress)
        for plan in planned
    ]
    write_passages((passage for each in passages for passage in each), aside)
    return _Contents(spaces=spaces, passages=sum(map(len, passages)))


def _is_same(manifest: Manifest, corpus: str, planned: Sequence[Plan]) -> bool:
    """True when a snapshot is made of this corpus, in these spaces, by encoders that still go by these names."""
    made = [(entry.name, entry.encoder, entry.encoder_name) for entry in manifest.spaces]
    wanted = [
        (plan.name, plan.encoder.fingerprint, plan.encoder.name if of_name else None)
        for plan, (*_, of_name) in zip(planned, made, strict=False)
    ]
    return manifest.corpus == corpus and len(made) == len(planned) and made == wanted


def _current_snapshot(index: Path) -> Snapshot | None:
    """The snapshot in use, if there is one and it is whole; a damaged one is built anew."""
    try:
        snapshot = open_snapshot(index)
        snapshot.verify()
    except (SnapshotError, EncoderDamaged):
        return None
    return snapshot


def _report(
    manifest: Manifest,
    learned: Sequence[TrainingReport],
    directory: Path,
    *,
    started: float,
    carried: Sequence[int] = (),
    changes: Changes | None = None,
) -> BuildReport:
    main, *further = learned
    carried = carried or [0] * len(learned)
    return BuildReport(
        version=directory.name,
        is_new=changes is not None,
        documents=manifest.documents,
        passages=manifest.passages,
        units=manifest.main.units,
        **{name: len(documents) for name, documents in asdict(changes or Changes()).items()},
        carried=carried[0],
        seconds=round(time.monotonic() - started, 2),
        index=manifest.main.index,
        recall=manifest.main.recall,
        fusion=asdict(main.fusion),
        topics=main.topics,
        note=main.note,
        fitted_on=main.calibration.fitted_on,
        is_calibrated=main.calibration.is_calibrated,
        thresholds=_thresholds(main.calibration),
        spaces={
            entry.name: SpaceReport(
                documents=entry.documents,
                units=entry.units,
                carried=count,
                is_calibrated=each.calibration.is_calibrated,
                thresholds=_thresholds(each.calibration),
            )
            for entry, each, count in zip(manifest.spaces[1:], further, carried[1:], strict=True)
        },
        encoders={entry.name: account(space_directory(directory, entry.name) / ENCODER) for entry in manifest.spaces},
    )


def _thresholds(calibration: AnyCalibration) -> dict[str, float]:
    """The confidence that an answer needs for each of some error budgets."""
    return {f"{budget:g}": calibration.threshold(budget, unanswerable=UNANSWERABLE) for budget in BUDGETS}


def _asked(asked: CustomerQuestions | None) -> list[list[Any]]:
    if asked is None:
        return []
    return [sorted(asked.answered), list(asked.unanswered), [asdict(each) for each in asked.verdicts]]


def _hash(document: Document) -> str:
    fields = {**vars(document)}
    del fields["origin"]  # where it was read is not what it says
    return hashlib.sha256(encoded(fields)).hexdigest()
