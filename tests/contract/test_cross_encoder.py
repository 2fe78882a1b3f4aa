"""Any CrossEncoder becomes a reranker: what is compiled scores as the original does, and reads as a reader."""

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from retrieval.encoders.compile_cross_encoder import cross_encoder_directory
from retrieval.encoders.cross_encoder import CrossEncoder
from retrieval.encoders.encoder import DESCRIPTION
from retrieval.encoders.onnx import MODEL
from retrieval.errors import EncoderDamaged, EncoderUnavailable, ReaderFailed, ReaderUnavailable
from retrieval.reader.opening import open_reader
from retrieval.reader.port import Verdict, is_allowed
from retrieval.reader.reranker import Reranker, verdict_of
from retrieval.reader.settings import ReaderSettings
from tests.contract.small_cross_encoder import PAIRS
from tests.unit.retrieval.reader.pages import reading

#: In one test process: the model takes twenty seconds to make.
pytestmark = pytest.mark.xdist_group("cross-encoder")

SCRIPT = Path(__file__).with_name("small_cross_encoder.py")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    here = tmp_path_factory.mktemp("reranker")
    environment = os.environ | {"HF_HUB_OFFLINE": "1", "PYTHONWARNINGS": "ignore"}
    subprocess.run([sys.executable, SCRIPT, here], check=True, capture_output=True, env=environment)
    return here


@pytest.fixture(scope="module")
def compiled(folder: Path) -> Path:
    return cross_encoder_directory(str(folder / "model"), folder / "cache")


def test_scores_are_those_of_the_original(folder: Path, compiled: Path) -> None:
    wanted = np.array(json.loads((folder / "scores.json").read_text()))
    model = CrossEncoder(compiled)
    made = np.array([model.scores(question, [text])[0] for question, text in PAIRS])
    assert np.isfinite(made).all()
    usual = slice(0, 4)  # what is cut to length is cut otherwise
    assert np.corrcoef(made[usual], wanted[usual])[0, 1] > 0.95
    assert json.loads((compiled / DESCRIPTION).read_text())["correlation"] > 0.98


def test_a_score_does_not_hang_on_its_company(compiled: Path) -> None:
    model = CrossEncoder(compiled)
    texts = ["Hold the button.", "", "Delivery takes days. " * 200, "\0 \ud800 odd"]
    together = model.scores("how do i reset it", texts)
    assert np.array_equal(together, [model.scores("how do i reset it", [text])[0] for text in texts])


def test_it_is_compiled_once_and_anew_where_the_folder_holds_another_model(folder: Path, compiled: Path) -> None:
    made = (compiled / DESCRIPTION).stat()
    assert cross_encoder_directory(str(folder / "model"), folder / "cache") == compiled
    assert (compiled / DESCRIPTION).stat() == made


async def test_it_reads_as_a_reader(folder: Path, compiled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("retrieval.encoders.compile_cross_encoder.cache_directory", lambda: folder / "cache")
    reader = open_reader(ReaderSettings(), str(folder / "model"))
    assert isinstance(reader, Reranker)
    assert CrossEncoder(compiled).fingerprint in reader.fingerprint
    offered = reading("reset", "billing", "delivery")
    replies = [await reader.read(offered) for _ in range(2)]
    assert replies[0] == replies[1]
    assert replies[0].verdict is not None
    assert is_allowed(replies[0].verdict, offered.pages)
    await reader.close()


@pytest.mark.parametrize(
    ("name", "why"), [("labels", "gives 3 numbers"), ("nowhere", "no such folder"), ("cache", "cannot be loaded")]
)
def test_what_is_no_reranker_is_refused_by_name(name: str, why: str, folder: Path, compiled: Path) -> None:
    assert compiled.exists()
    with pytest.raises(EncoderUnavailable, match=why):
        cross_encoder_directory(str(folder / name), folder / "other")
    assert not list((folder / "other").glob("*")), "nothing is left of it"


def test_what_cannot_be_had_is_no_reader(folder: Path) -> None:
    with pytest.raises(ReaderUnavailable, match="reranker"):
        open_reader(ReaderSettings(), str(folder / "nowhere"))


def test_both_readers_at_once_are_refused() -> None:
    with pytest.raises(ReaderUnavailable, match="both"):
        open_reader(ReaderSettings(url="http://127.0.0.1:9/v1", model="m"), "some/model")


def test_altered_files_are_refused(compiled: Path, tmp_path: Path) -> None:
    for path in compiled.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / MODEL).write_bytes(b"x" + (compiled / MODEL).read_bytes())
    with pytest.raises(EncoderDamaged, match="damaged"):
        CrossEncoder(tmp_path)


def test_the_best_page_is_named_or_none_where_it_is_likelier_no_answer() -> None:
    ids = ("a", "b")
    assert verdict_of(ids, np.array([-3.0, 4.0])) == Verdict(best="b", sure=pytest.approx(0.98, abs=0.01))  # type: ignore[arg-type]
    nothing = verdict_of(ids, np.array([-3.0, -4.0]))
    assert nothing is not None
    assert (nothing.best, nothing.sure > 0.9) == (None, True)
    assert verdict_of(ids, np.array([np.nan, 1.0])) is None
    assert verdict_of((), np.array([])) is None


async def test_one_that_takes_too_long_is_not_waited_for() -> None:
    waited = threading.Event()

    class Slow:
        fingerprint = "slow"

        def scores(self, question: str, texts: list[str]) -> "np.typing.NDArray[np.float64]":
            waited.wait(20)
            return np.zeros(len(texts) * bool(question))

    with pytest.raises(ReaderFailed) as failed:
        await Reranker(Slow(), timeout=0.05).read(reading("a", "b"))
    assert failed.value.is_timeout
    waited.set()
