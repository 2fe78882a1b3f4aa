import resource
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.chunking import chunk
from corpus.document import Document
from retrieval.encoders.compile import default_encoder_directory
from retrieval.encoders.encoder import Encoder, open_encoder
from retrieval.indexing.reindex import SHOWN, BuildReport, reindex
from retrieval.snapshot.embedded_texts import list_texts
from retrieval.snapshot.snapshot import SNAPSHOTS
from tests.benchmarks.corpus import made_material, read_material
from tests.benchmarks.figures import Building
from tests.benchmarks.spread import SpreadEncoder
from tests.benchmarks.work import Work, index_in

#: Texts that tell what a character costs the encoder, when a corpus is not really embedded.
SAMPLE = 2000


def measure_building(
    folder: Path, *, passages: int, questions: int, is_real: bool, files: tuple[str, str] | None = None
) -> Building:
    """Build a corpus of so many passages, or the one of these files, in a folder; then change one document.

    If it is real, the corpus is embedded by the encoder that is measured; else a `SpreadEncoder` gives the vectors, and
    what the texts would have cost is computed from a sample. The encoder is measured in halves, before and after, so
    that a machine that slows down meanwhile does so for both.
    """
    material = read_material(*map(Path, files)) if files else made_material(passages, questions=questions)
    encoder = open_encoder(default_encoder_directory())
    texts = _texts(material.documents)
    characters = sum(map(len, texts))
    sample = texts if is_real else texts[:: max(1, len(texts) // SAMPLE)]
    count = len(texts)
    del texts  # a build lays out its own
    before = _taken(encoder, sample[::2])
    building = encoder if is_real else SpreadEncoder(encoder)
    Work.save(folder, material.questions[:questions], building)
    full, report = _reindex(material.documents, folder, building)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    disk = sum(path.stat().st_size for path in _snapshot(folder, report).rglob("*")) / 1e6
    incremental, _ = _reindex(_changed(material.documents), folder, building)
    a_character, cpu_a_character = (before + _taken(encoder, sample[1::2])) / sum(map(len, sample))
    return Building(
        passages=report.passages,
        texts=count,
        full=full.rest + full.characters * a_character,
        incremental=incremental.rest + incremental.characters * a_character,
        encoder=characters * a_character,
        full_cpu=full.cpu + full.characters * cpu_a_character,
        encoder_cpu=characters * cpu_a_character,
        is_computed=not is_real,
        spent=full.seconds,
        peak_mb=peak,
        disk_mb=disk,
        index=report.index,
        recall=report.recall,
    )


@dataclass(frozen=True, kw_only=True)
class _Spent:
    """Seconds of a build; without those of an encoder that is not the real one, also of processor time; characters."""

    seconds: float
    rest: float
    cpu: float
    characters: int


def _reindex(documents: Sequence[Document], folder: Path, encoder: Encoder) -> tuple[_Spent, BuildReport]:
    fast = encoder if isinstance(encoder, SpreadEncoder) else None
    before = (fast.seconds, fast.cpu, fast.characters) if fast else (0.0, 0.0, 0)
    started, cpu = time.perf_counter(), time.process_time()
    report = reindex(documents, index_in(folder), encoder, now=datetime.now(UTC))
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    after = (fast.seconds, fast.cpu, fast.characters) if fast else (0.0, 0.0, 0)
    spent = _Spent(
        seconds=seconds,
        rest=seconds - after[0] + before[0],
        cpu=cpu - after[1] + before[1],
        characters=after[2] - before[2],
    )
    return spent, report


def _texts(documents: Sequence[Document]) -> list[str]:
    """What is embedded of the documents."""
    return list_texts([chunk(document, capacity=SHOWN) for document in documents])[1]


def _changed(documents: Sequence[Document]) -> list[Document]:
    """The documents with one sentence more in one of them."""
    middle = len(documents) // 2
    changed = replace(documents[middle], text=f"{documents[middle].text}\n\nThis was added later.")
    return [*documents[:middle], changed, *documents[middle + 1 :]]


def _taken(encoder: Encoder, texts: Sequence[str]) -> NDArray[np.float64]:
    """Seconds, and seconds of processor time, that an encoder takes."""
    started, cpu = time.perf_counter(), time.process_time()
    encoder.encode(texts)
    return np.array([time.perf_counter() - started, time.process_time() - cpu])


def _snapshot(folder: Path, report: BuildReport) -> Path:
    return index_in(folder) / SNAPSHOTS / report.version
