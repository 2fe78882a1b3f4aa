import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from corpus.document import Document
from corpus.split import Capacity, split
from retrieval.confidence import Calibration, calibrate
from retrieval.encoder import Encoder
from retrieval.errors import BuildFailed, SnapshotError
from retrieval.passages import write_passages
from retrieval.pseudo import ask_pseudo_questions
from retrieval.publish import building, publish
from retrieval.snapshot import ENCODER, FORMAT, VECTORS, Manifest, current_version, encoded, file_entries, open_snapshot
from retrieval.units import lay_out
from retrieval.vectors import KIND, write_vectors

#: Changes when a snapshot of the same documents would come out differently.
RECIPE = "2"
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
    #: Vectors: passages and known phrasings.
    units: int
    seconds: float
    #: Pseudo-questions that the confidence was fitted on, by kind; none when the corpus was too small.
    fitted_on: dict[str, int]
    is_calibrated: bool


def reindex(
    documents: Sequence[Document],
    index: Path,
    encoder: Encoder,
    *,
    now: datetime,
    progress: Callable[[int, int], None] | None = None,
) -> BuildReport:
    """Build a snapshot of the documents and put it into use, unless the one in use is made of the same.

    progress hears how many texts are embedded of how many. BuildFailed, IndexBusy; the snapshot in use is untouched
    then.
    """
    started = time.monotonic()
    if not documents:
        raise BuildFailed("There are no documents to index.")
    corpus = _corpus_hash(documents)
    with building(index) as aside:
        parent = current_version(index)
        if unchanged := _unchanged(index, corpus, encoder.fingerprint, started):
            return unchanged
        passages = [split(document, capacity=SHOWN) for document in documents]
        units, texts = lay_out(passages)
        done = 0

        def embedded(count: int) -> None:
            nonlocal done
            done += count
            if progress:
                progress(done, len(texts))

        vectors = encoder.encode(texts, progress=embedded)
        asked = ask_pseudo_questions(passages, units, vectors, encoder)
        calibration = calibrate(
            asked.features, asked.right, asked.groups, fitted_on=asked.counts, fitted_at=now.date().isoformat()
        )
        write_passages((passage for each in passages for passage in each), aside)
        units.save(aside)
        write_vectors(vectors, aside / VECTORS)
        calibration.save(aside)
        (aside / ENCODER).mkdir()
        encoder.save(aside / ENCODER)
        manifest = Manifest(
            format=FORMAT,
            created=now.isoformat(),
            parent=parent,
            encoder=encoder.fingerprint,
            corpus=corpus,
            index=KIND,
            documents=len(documents),
            passages=sum(map(len, passages)),
            units=len(texts),
            files=file_entries(aside),
        )
        version = publish(index, aside, manifest, f"{now:%Y%m%dT%H%M%S}")
    return _report(manifest, calibration, version, is_new=True, started=started)


def _unchanged(index: Path, corpus: str, encoder: str, started: float) -> BuildReport | None:
    """The report when the snapshot in use is whole and of the same documents and encoder."""
    try:
        snapshot = open_snapshot(index)
        snapshot.verify()
    except SnapshotError:
        return None
    if (snapshot.manifest.corpus, snapshot.manifest.encoder) != (corpus, encoder):
        return None
    return _report(snapshot.manifest, snapshot.calibration, snapshot.version, is_new=False, started=started)


def _report(manifest: Manifest, calibration: Calibration, version: str, *, is_new: bool, started: float) -> BuildReport:
    return BuildReport(
        version=version,
        is_new=is_new,
        documents=manifest.documents,
        passages=manifest.passages,
        units=manifest.units,
        seconds=round(time.monotonic() - started, 2),
        fitted_on=calibration.fitted_on,
        is_calibrated=bool(calibration.weights),
    )


def _corpus_hash(documents: Sequence[Document]) -> str:
    digest = hashlib.sha256(RECIPE.encode())
    for document in documents:
        fields = asdict(document)
        del fields["origin"]
        digest.update(hashlib.sha256(encoded(fields)).digest())
    return digest.hexdigest()
