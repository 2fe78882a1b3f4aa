from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from retrieval.errors import SnapshotDamaged
from retrieval.indexing.fusion_training import fit_fusion_weights
from retrieval.scoring.fusion import FILE, FusionWeights, ScoreComponents

FOUND = 20


def signals(dense: NDArray[np.floating], lexical: NDArray[np.floating], topic: NDArray[np.floating]) -> ScoreComponents:
    return ScoreComponents(
        documents=np.broadcast_to(np.arange(dense.shape[-1]), dense.shape),
        dense=dense.astype(np.float32),
        lexical=lexical.astype(np.float32),
        topic=topic.astype(np.float32),
    )


def asked(count: int, *, lexical: float = 0, topic: float = 0) -> tuple[ScoreComponents, NDArray[np.bool_]]:
    """Questions whose first document is right: what keywords and topics say of it beyond what they say of any."""
    random = np.random.default_rng(7)
    dense, words, topics = random.uniform(0, 0.5, (3, count, FOUND))
    dense[:, 0] += 0.1
    words[:, 0] += lexical
    topics[:, 0] += topic
    right = np.zeros((count, FOUND), dtype=np.bool_)
    right[:, 0] = True
    return signals(dense, words, topics), right


def test_a_score_is_the_cosine_and_the_weighed_others() -> None:
    found = signals(np.array([0.5, -0.2]), np.array([0.25, 1.0]), np.array([0.0, 2.0]))
    assert FusionWeights(lexical=0.4, topic=0.1).score(found) == pytest.approx([0.6, 0.4], abs=1e-6)
    assert FusionWeights(lexical=0, topic=0).score(found) == pytest.approx([0.5, -0.2], abs=1e-6)
    assert FusionWeights().score(found).dtype == np.float32


def test_without_questions_the_weights_stay_where_they_were() -> None:
    assert fit_fusion_weights(*asked(0)) == FusionWeights()


@pytest.mark.parametrize("says", [True, False])
def test_questions_that_everything_or_nothing_answers_teach_nothing(says: bool) -> None:
    found, right = asked(200, lexical=0.5)
    assert fit_fusion_weights(found, np.full_like(right, says)) == FusionWeights()
    one_told = np.full_like(right, says)
    one_told[:100] = right[:100]
    assert fit_fusion_weights(found, one_told) == fit_fusion_weights(found.at(slice(100)), right[:100]), (
        "the others count nothing"
    )


def test_few_questions_leave_the_weights_nearer_to_where_they_were_than_many() -> None:
    few, many = (fit_fusion_weights(*asked(count, lexical=0.4)).lexical for count in (3, 300))
    assert FusionWeights.lexical <= few < many


def test_keywords_count_more_where_they_tell_and_less_where_they_mislead() -> None:
    telling, saying_nothing, misleading = (fit_fusion_weights(*asked(300, lexical=more)) for more in (0.4, 0, -0.2))
    assert telling.lexical > FusionWeights.lexical > saying_nothing.lexical > misleading.lexical > 0


def test_topics_count_more_where_they_tell_and_less_where_they_mislead() -> None:
    telling, misleading = (fit_fusion_weights(*asked(300, topic=more)) for more in (0.4, -0.2))
    assert telling.topic > FusionWeights.topic > misleading.topic > 0


def test_weights_that_were_learned_rank_better_than_those_before() -> None:
    found, right = asked(300, lexical=0.4)
    ranks = [
        float((fusion.score(found).argmax(axis=1) == 0).mean())
        for fusion in (FusionWeights(), fit_fusion_weights(found, right))
    ]
    assert ranks[1] > ranks[0]


def test_topics_keep_their_weight_where_there_are_none() -> None:
    found, right = asked(300, lexical=0.4)
    without = signals(found.dense, found.lexical, np.zeros_like(found.topic))
    learned = fit_fusion_weights(without, right)
    assert learned.topic == FusionWeights.topic
    assert learned.lexical > FusionWeights.lexical


def test_several_documents_may_be_right() -> None:
    found, right = asked(300, lexical=0.4)
    found.lexical[:, 1] = found.lexical[:, 0]
    right[:, 1] = True
    assert fit_fusion_weights(found, right).lexical > FusionWeights.lexical


def test_what_stands_at_a_place_is_taken_from_every_signal() -> None:
    found = signals(np.array([1.0, 2, 3]), np.array([4.0, 5, 6]), np.array([7.0, 8, 9]))
    for places in (slice(1, 3), np.array([1, 2]), np.array([False, True, True])):
        taken = found.at(places)
        assert taken.documents.tolist() == [1, 2]
        assert (taken.dense.tolist(), taken.lexical.tolist(), taken.topic.tolist()) == ([2, 3], [5, 6], [8, 9])


def test_what_is_saved_is_loaded_the_same(tmp_path: Path) -> None:
    fusion = FusionWeights(lexical=0.1 + 0.2, topic=1 / 3)
    fusion.save(tmp_path)
    assert FusionWeights.load(tmp_path) == fusion


@pytest.mark.parametrize(
    "content", [None, b"", b"{", b"[]", b'{"lexical": "much"}', b'{"lexical": null}', b'{"colour": 1}', b"\xff\xfe"]
)
def test_a_damaged_file_is_refused_by_name(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / FILE).write_bytes(content)
    with pytest.raises(SnapshotDamaged, match=str(tmp_path / FILE)):
        FusionWeights.load(tmp_path)
