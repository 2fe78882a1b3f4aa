from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from retrieval.encoders.encoder import Progress, Vectors
from retrieval.query.query_text import embedding_texts
from retrieval.questions import Question
from retrieval.snapshot.snapshot import open_snapshot
from retrieval.testing import HashEncoder
from tests.benchmarks.asking import by_turns, measure_asking
from tests.benchmarks.building import measure_building
from tests.benchmarks.corpus import made_material, read_material
from tests.benchmarks.figures import Asked, Asking, Building, Latency, Measured, Memory, Peer, StartUp, ratios
from tests.benchmarks.peers import entries_of
from tests.benchmarks.picture import picture
from tests.benchmarks.spread import RecalledEncoder, SpreadEncoder
from tests.benchmarks.table import table
from tests.benchmarks.work import Work, index_in

ROOT = Path(__file__).parents[3]


def made_measured(passages: int = 100) -> Measured:
    def latency(p50: float) -> Latency:
        return Latency(p50=p50, p95=2 * p50)

    asking = Asking(questions=10, encoder=latency(2.0), search=latency(0.5), whole=latency(2.6), reader=latency(1.0))
    other = Peer(
        name="other",
        version="1.0",
        build=1.0,
        questions=10,
        whole=latency(4.0),
        accuracy_at_1=0.4,
        rss_mb=500.0,
    )
    memory = Memory(rss=150.0, pss=120.0, uss=100.0, anonymous=80.0)
    return Measured(
        corpus="made",
        building=Building(
            passages=passages,
            texts=2 * passages,
            full=100.0,
            incremental=2.0,
            encoder=95.0,
            full_cpu=200.0,
            encoder_cpu=188.0,
            is_computed=True,
            spent=5.0,
            peak_mb=300.0,
            disk_mb=12.0,
            index="flat",
            recall=1.0,
        ),
        asked=Asked(short=asking, long=None, accuracy_at_1=0.5),
        start_up=StartUp(ready=0.3, answered=0.4, command=0.6),
        alone=memory,
        beside=(replace(memory, uss=80.0), replace(memory, uss=90.0)),
        servers=(memory, memory),
        peers=(other,),
    )


def test_a_made_corpus_is_the_same_each_time_and_of_one_passage_a_document() -> None:
    material, again = (made_material(60, questions=20) for _ in range(2))
    assert material == again
    assert len(material.documents) == 60
    assert len({document.id for document in material.documents}) == 60
    assert made_material(60, questions=20, seed=2) != material


def test_made_questions_are_short_and_long_and_share_words_with_their_document() -> None:
    material = made_material(60, questions=20)
    documents = {document.id: document for document in material.documents}
    assert {len(embedding_texts(asked.question)) for asked in material.questions} == {1, 2}
    for asked in material.questions:
        document = documents[asked.expected[0]]
        assert set(asked.question.lower().split()) & set(f"{document.title} {document.text}".lower().split())


def test_files_are_read_as_any_source_and_question_file() -> None:
    sample = ROOT / "corpus" / "sample"
    material = read_material(sample / "forum.jsonl", sample / "questions.jsonl")
    assert material.documents
    assert material.questions


def test_spread_vectors_are_of_unit_length_and_near_where_words_are_the_same() -> None:
    encoder = SpreadEncoder(HashEncoder(384))
    texts = ["reset the hub network", "network of the hub reset now", "refund my parcel", ""]
    vectors = encoder.encode(texts)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert vectors[0] @ vectors[1] > 0.8 > vectors[0] @ vectors[2]
    assert np.allclose(SpreadEncoder(HashEncoder(384)).encode(texts[2:])[0], vectors[2])
    assert encoder.characters == sum(map(len, texts))


def test_a_paid_encoder_encodes_and_yet_gives_what_is_known() -> None:
    class Counting(HashEncoder):
        asked = 0

        def encode(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
            self.asked += len(texts)
            return super().encode(texts, progress=progress)

    real = Counting(8)
    known = {"a": np.eye(8, dtype=np.float32)[0]}
    for is_paid in (False, True):
        assert np.array_equal(RecalledEncoder(known, real, is_paid=is_paid).encode(["a"]), known["a"][None, :])
    assert real.asked == 1


def test_every_act_is_done_for_every_question_in_changing_order() -> None:
    done: list[str] = []
    acts = {name: lambda asked, name=name: done.append(name + asked.id) for name in "xyz"}
    questions = [Question(id=str(number), question="", expected=()) for number in range(3)]
    taken = by_turns(acts, questions)
    assert {name: len(each) for name, each in taken.items()} == {"x": 3, "y": 3, "z": 3}
    assert done[9:] == ["x0", "y0", "z0", "y1", "z1", "x1", "z2", "x2", "y2"]


@pytest.mark.parametrize("is_real", [True, False])
def test_building_and_asking_sixty_passages(tmp_path: Path, *, is_real: bool) -> None:
    building = measure_building(tmp_path, passages=60, questions=20, is_real=is_real)
    assert (building.passages, building.texts, building.index) == (60, 124, "flat")
    assert building.is_computed is not is_real
    assert building.encoder > 0
    assert building.spent > 0
    assert len(list((index_in(tmp_path) / "snapshots").iterdir())) == 2, "one more after the change"
    work = Work.open(tmp_path)
    assert open_snapshot(work.index).manifest.main.encoder == open_snapshot(work.index).main.encoder.fingerprint
    asked = measure_asking(tmp_path)
    assert asked.short
    assert asked.long
    assert asked.short.questions + asked.long.questions == len(work.questions) == 20
    assert asked.accuracy_at_1 is not None
    entries = list(entries_of(open_snapshot(work.index)))
    assert {entry.document for entry in entries} == {each.id for each in made_material(60, questions=20).documents}
    assert 0 < asked.short.search.p50 <= asked.short.search.p95


def test_ratios_are_figures_by_figures() -> None:
    assert ratios(made_measured()) == {
        "question / encoder alone": 1.3,
        "search / encoder alone": 0.25,
        "a reader's own part / encoder alone": 0.5,
        "indexing throughput / encoder's": 0.95,
        "indexing throughput / encoder's, in processor time": 0.94,
        "one document changed / full build": 0.02,
        "own / resident memory of two processes": 0.6,
        "other's question / encoder alone": 2.0,
    }


def test_the_table_names_each_ratio() -> None:
    measured = made_measured()
    printed = table([measured, made_measured(1000)])
    for name, value in ratios(measured).items():
        assert f"{value:.3f}  {name}" in printed
    assert "computed from a sample" in printed


def test_the_picture_shows_each_size_in_both_panels() -> None:
    drawn = ET.fromstring(picture([made_measured(1000), made_measured(700)]))
    words = ["".join(text.itertext()) for text in drawn.iter("{http://www.w3.org/2000/svg}text")]
    assert words.count("1 000") == words.count("700") == 2
    assert {"milliseconds", "megabytes"} < set(words)
    lines = list(drawn.iter("{http://www.w3.org/2000/svg}polyline"))
    assert [len((line.get("points") or "").split()) for line in lines] == [2] * 5
