import json
import shutil
from pathlib import Path

import pytest

from corpus.document import Document
from retrieval.errors import EncoderDamaged, EncoderMismatch, NoSnapshot, SnapshotDamaged, SnapshotFormat
from retrieval.snapshot.snapshot import SNAPSHOTS, open_snapshot, short_hash
from tests.unit.retrieval.conftest import build_once, make_documents


@pytest.fixture
def directory(documents: list[Document], index: Path) -> Path:
    return index / SNAPSHOTS / build_once(documents, index).version


def resigned(directory: Path, **changes: object) -> str:
    """Change the manifest and give the snapshot the name that belongs to it, as another release would."""
    manifest = json.loads((directory / "manifest.json").read_text()) | changes
    stored = json.dumps(manifest).encode()
    (directory / "manifest.json").write_bytes(stored)
    version = f"20990101T000000-{short_hash(stored)}"
    directory.rename(directory.parent / version)
    return version


def test_an_empty_folder_says_how_to_make_an_index(tmp_path: Path) -> None:
    with pytest.raises(NoSnapshot, match="answerdesk reindex --index"):
        open_snapshot(tmp_path)


def test_a_version_that_is_not_there_is_named(directory: Path, index: Path) -> None:
    with pytest.raises(NoSnapshot, match="nosuch"):
        open_snapshot(index, "nosuch")
    shutil.rmtree(directory)
    with pytest.raises(NoSnapshot, match=directory.name):
        open_snapshot(index)


@pytest.mark.parametrize("file", ["vectors.faiss", "passages.rows", "units.npy", "confidence.json"])
def test_a_truncated_file_is_refused_by_name(directory: Path, index: Path, file: str) -> None:
    content = (directory / file).read_bytes()
    (directory / file).write_bytes(content[: len(content) // 2])
    with pytest.raises(SnapshotDamaged, match=rf"{file} has {len(content) // 2} bytes instead of {len(content)}"):
        open_snapshot(index)


def test_a_missing_file_is_refused_by_name(directory: Path, index: Path) -> None:
    (directory / "passages.offsets.npy").unlink()
    with pytest.raises(SnapshotDamaged, match=r"passages\.offsets\.npy is missing"):
        open_snapshot(index)


def test_an_altered_file_of_the_same_size_is_found_by_verifying(directory: Path, index: Path) -> None:
    content = bytearray((directory / "passages.rows").read_bytes())
    content[10] ^= 1
    (directory / "passages.rows").write_bytes(content)
    with pytest.raises(SnapshotDamaged, match=r"passages\.rows was altered"):
        open_snapshot(index).verify()


def test_an_altered_manifest_is_refused(directory: Path, index: Path) -> None:
    manifest = directory / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"documents": 60', '"documents": 61'))
    with pytest.raises(SnapshotDamaged, match=r"manifest\.json was altered"):
        open_snapshot(index)


def test_another_format_is_refused_with_what_to_do(directory: Path, index: Path) -> None:
    version = resigned(directory, format=99)
    with pytest.raises(SnapshotFormat, match=r"format 99.*Reindex"):
        open_snapshot(index, version)


def test_vectors_of_another_encoder_are_refused(directory: Path, index: Path) -> None:
    (space,) = json.loads((directory / "manifest.json").read_text())["spaces"]
    version = resigned(directory, spaces=[space | {"encoder": "another"}])
    with pytest.raises(EncoderMismatch, match="not the encoder"):
        open_snapshot(index, version)


def test_an_unknown_encoder_is_named(directory: Path, index: Path) -> None:
    path = directory / "encoder" / "encoder.json"
    path.write_text(path.read_text().replace('"hash"', '"hush"'))
    with pytest.raises(EncoderDamaged, match="'hush'"):
        _ = open_snapshot(index).main.encoder


@pytest.mark.usefixtures("directory")
def test_a_pointer_that_is_no_text_is_refused(index: Path) -> None:
    (index / "CURRENT").write_bytes(b"\xff\xfe")
    with pytest.raises(SnapshotDamaged, match="CURRENT cannot be read"):
        open_snapshot(index)


def test_each_document_is_told_once_by_its_first_passage(tmp_path: Path) -> None:
    build_once(make_documents(), tmp_path / "index")
    told = list(open_snapshot(tmp_path / "index").passages.documents())
    assert [each.document_id for each in told] == [document.id for document in make_documents()]
