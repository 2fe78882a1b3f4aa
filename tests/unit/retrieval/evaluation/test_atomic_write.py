from pathlib import Path

import pytest

from retrieval.errors import BuildFailed
from retrieval.evaluation.atomic_write import write_all


def test_files_are_written_and_nothing_else_is_left(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")
    write_all({tmp_path / "a": "new", tmp_path / "b": "also \ud800"})
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"a": "new", "b": "also ?"}


def test_where_one_cannot_be_written_the_others_stay_as_they_were(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")
    (tmp_path / "b").mkdir()
    with pytest.raises(BuildFailed, match=r"b could not be written: it is a folder"):
        write_all({tmp_path / "a": "new", tmp_path / "b": "new"})
    with pytest.raises(BuildFailed, match="nowhere"):
        write_all({tmp_path / "a": "new", tmp_path / "nowhere" / "b": "new"})
    assert {path.name for path in tmp_path.iterdir()} == {"a", "b"}
    assert (tmp_path / "a").read_text() == "old"
