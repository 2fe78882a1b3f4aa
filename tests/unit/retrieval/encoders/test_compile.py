"""Models of each kind, made by tiny_models.py, compiled and compared with what sentence-transformers makes of them."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from retrieval.encoders.compile import encoder_directory
from retrieval.encoders.compiling import cache_key
from retrieval.encoders.encoder import account, describe, open_encoder
from retrieval.encoders.head import FILE as HEAD
from retrieval.errors import EncoderDamaged, EncoderUnavailable
from tests.unit.retrieval.encoders import tiny_models
from tests.unit.retrieval.encoders.tiny_models import TEXTS

#: In one test process: the models take fifteen seconds to make and compile.
pytestmark = pytest.mark.xdist_group("tiny models")

SMALL = ("bert", "bert-cls", "bert-dense", "mpnet", "xlm-roberta", "distilbert")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the models, what they are compiled to, and the original's vectors."""
    folder = tmp_path_factory.mktemp("tiny")
    environment = os.environ | {"HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"}
    command = [sys.executable, tiny_models.__file__, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    return folder


def cosines(made: Path, name: str, kind: str) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    """How near a compiled model's vectors of TEXTS are to the original's."""
    encoder = open_encoder(made / "compiled" / name)
    compiled = encoder.encode_questions(TEXTS) if kind == "questions" else encoder.encode(TEXTS)
    near: np.ndarray[tuple[int], np.dtype[np.float32]] = np.sum(
        compiled * np.load(made / "vectors" / f"{name}.npz")[kind], axis=1
    )
    return near


@pytest.mark.parametrize("kind", ["questions", "passages"])
@pytest.mark.parametrize("name", SMALL)
def test_a_model_of_each_kind_has_the_originals_vectors_in_int8(made: Path, name: str, kind: str) -> None:
    assert describe(made / "compiled" / name)["quantisation"] == "int8 per channel"
    assert cosines(made, name, kind).min() > 0.998
    assert account(made / "compiled" / name).startswith(f"{made / 'models' / name}, compiled to int8: its vectors stay")


@pytest.mark.parametrize("name", SMALL)
def test_prompts_length_and_dimensions_are_the_models_own(made: Path, name: str) -> None:
    encoder, told = open_encoder(made / "compiled" / name), describe(made / "compiled" / name)
    prompts = {"bert": ("ask: ", "read: "), "xlm-roberta": ("ask: ", "read: "), "mpnet": ("q: ", "")}
    assert tuple(told["prompts"].values()) == prompts.get(name, ("", ""))
    assert encoder.is_symmetric == (name not in prompts)
    assert told["max_tokens"] == {"bert": 40, "mpnet": 80, "xlm-roberta": 90}.get(name, 96)
    assert encoder.dimensions == {"bert-dense": 24, "distilbert": 80}.get(name, 32)
    assert encoder.encode(TEXTS).shape == (len(TEXTS), encoder.dimensions)


def test_what_is_beyond_the_models_length_is_not_read(made: Path) -> None:
    encoder = open_encoder(made / "compiled" / "bert")
    long = "a b c d " * 20
    assert np.array_equal(encoder.encode([long])[0], encoder.encode([long + "something else"])[0])
    assert not np.array_equal(encoder.encode(["a b c d"])[0], encoder.encode(["a b c d something else"])[0])


def test_where_vectors_would_not_stay_it_is_compiled_to_fp32_and_says_why(made: Path) -> None:
    told = describe(made / "compiled" / "wild")
    assert told["quantisation"] == "none"
    assert told["int8_cosine"]["apart"] < 0.97
    assert min(cosines(made, "wild", "passages")) > 0.9999
    assert "compiled to fp32: in int8 its vectors would not stay" in account(made / "compiled" / "wild")


def test_an_encoder_that_was_compiled_is_saved_whole_and_a_changed_head_is_refused(made: Path, tmp_path: Path) -> None:
    encoder = open_encoder(made / "compiled" / "bert-dense")
    encoder.save(tmp_path)
    assert np.array_equal(open_encoder(tmp_path).encode(TEXTS), encoder.encode(TEXTS))
    content = (tmp_path / HEAD).read_bytes()
    (tmp_path / HEAD).unlink()
    with pytest.raises(EncoderDamaged, match="damaged"):
        open_encoder(tmp_path)
    (tmp_path / HEAD).write_bytes(content[:-40])
    with pytest.raises(EncoderDamaged, match=str(tmp_path)):
        open_encoder(tmp_path)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("no modules", r"this is no sentence-transformers model: there is no modules\.json in this folder"),
        ("no weights", "this model cannot be loaded from its folder"),
        ("bad weights", "this model cannot be loaded from its folder"),
        ("activation", "Softsign.* is not known here"),
        ("kind", "a transformer of the kind 'electra' cannot be compiled; these can: bert, "),
    ],
)
def test_what_cannot_be_compiled_is_one_clear_error_and_nothing_is_written(made: Path, wrong: str, says: str) -> None:
    error = json.loads((made / "errors.json").read_text("utf-8"))[wrong]
    assert error.startswith(f"{made / 'spoilt' / wrong}: ")
    assert re.search(says, error)
    assert "\n" not in error
    assert list((made / "not compiled").iterdir()) == []


def test_a_folder_that_is_not_there_is_named_without_looking_anywhere(tmp_path: Path) -> None:
    with pytest.raises(EncoderUnavailable, match=f"{tmp_path / 'nowhere'}: there is no such folder"):
        encoder_directory(str(tmp_path / "nowhere"), tmp_path / "cache")
    assert not (tmp_path / "cache").exists()


def test_another_model_in_the_same_folder_is_not_taken_for_the_one_that_was_compiled(tmp_path: Path) -> None:
    (tmp_path / "part").mkdir()
    (tmp_path / "part" / "weights").write_bytes(b"1")
    first = cache_key(str(tmp_path))
    assert cache_key(str(tmp_path)) == first
    (tmp_path / "part" / "weights").write_bytes(b"2")
    assert cache_key(str(tmp_path)) != first
    assert len({cache_key("some/model"), cache_key("some-model"), cache_key("some/model/")}) == 3


def test_the_same_weights_that_are_asked_otherwise_are_another_encoder(made: Path) -> None:
    one, two = (describe(made / "compiled" / name) for name in ("bert", "bert-asked-otherwise"))
    assert one["fingerprint"] != two["fingerprint"]
    assert (one["prompts"]["question"], two["prompts"]["question"]) == ("ask: ", "tell: ")
