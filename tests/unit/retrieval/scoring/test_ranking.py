from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.scoring.features import FEATURES, WIDTH, as_dict, features
from retrieval.scoring.ranking import OFFICIAL, OFFICIAL_AHEAD, deduplicate, group_keys, rank


def ordered(
    scores: Sequence[float], authority: Sequence[float] | None = None, same: Sequence[Sequence[int]] | None = None
) -> list[int]:
    places = rank(
        np.array(scores, dtype=np.float32),
        np.array(authority or [1.0] * len(scores), dtype=np.float32),
        np.array(same, dtype=np.int64) if same else np.empty((len(scores), 0), dtype=np.int64),
    )
    assert places.dtype == np.int64
    return [int(place) for place in places]


def test_the_best_score_comes_first() -> None:
    assert ordered([0.1, 0.9, 0.5]) == [1, 2, 0]
    assert ordered([]) == []


def test_equal_scores_go_by_authority_and_then_by_place() -> None:
    assert ordered([0.5, 0.5, 0.5, 0.5], [0.2, 0.9, 0.2, 0.9]) == [1, 3, 0, 2]
    assert ordered([0.5, 0.6], [0.7, 0.1]) == [1, 0], "authority decides nothing else"


def test_what_is_official_goes_before_what_is_little_better() -> None:
    assert ordered([0.55, 0.6, 0.58], [1.0, 0.3, 0.85]) == [0, 1, 2]
    assert ordered([0.45, 0.6, 0.58], [1.0, 0.3, 0.85]) == [1, 2, 0], "what is much better answers something else"
    assert ordered([0.5, 0.6, 0.55], [0.3, 0.5, 0.85]) == [1, 2, 0], "where nothing is official, nothing is put back"


def test_what_has_something_in_common_with_a_better_one_comes_after_all_that_differ() -> None:
    assert ordered([0.9, 0.8, 0.7, 0.6], same=[[1], [1], [2], [3]]) == [0, 2, 3, 1]


def test_what_was_put_off_keeps_its_order_by_score() -> None:
    assert ordered([0.6, 0.9, 0.7, 0.8], same=[[1], [1], [1], [1]]) == [1, 3, 2, 0]


def test_one_thing_in_common_is_enough() -> None:
    assert ordered([0.9, 0.8, 0.7], same=[[1, 11], [2, 11], [3, 12]]) == [0, 2, 1]


def test_likeness_to_one_that_was_put_off_counts_too() -> None:
    # The second is like the first, and the third like the second only.
    assert ordered([0.9, 0.8, 0.7, 0.6], same=[[1, 11], [1, 12], [3, 12], [4, 14]]) == [0, 3, 1, 2]


def test_having_nothing_is_nothing_in_common() -> None:
    assert ordered([0.9, 0.8, 0.7], same=[[-1, -1], [-1, -1], [-1, -1]]) == [0, 1, 2]


def test_a_title_is_never_taken_for_a_topic() -> None:
    titles, topics = np.array([0, 1, 2, 3, 4], dtype=np.int32), np.array([1, 0, -1, 3, 3])
    numbers = group_keys(titles, topics)
    assert numbers.shape == (5, 2)
    assert set(numbers[:, 0].tolist()).isdisjoint(numbers[:, 1].tolist())
    assert len(set(numbers[:, 0].tolist())) == 5
    assert numbers[2, 1] == -1
    assert numbers[3, 1] == numbers[4, 1] != numbers[0, 1] != numbers[1, 1]


Row = tuple[float, float, list[int]]
_ROWS = st.integers(0, 3).flatmap(
    lambda width: st.lists(
        st.tuples(
            st.sampled_from([0.1, 0.5, 0.9]) | st.floats(-1, 2, width=32),
            st.sampled_from([0.0, 0.5, 1.0]),
            st.lists(st.integers(-1, 6), min_size=width, max_size=width),
        ),
        max_size=40,
    )
)


@given(_ROWS)
def test_nothing_is_lost_or_doubled_and_no_two_before_the_first_repetition_are_alike(rows: list[Row]) -> None:
    places = ordered([row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows])
    assert sorted(places) == list(range(len(rows)))
    back = [np.float32(0 if row[1] >= OFFICIAL else OFFICIAL_AHEAD) - np.float32(row[0]) for row in rows]
    ranked = sorted(range(len(rows)), key=lambda place: (back[place], -rows[place][1], place))
    own = [{number for number in row[2] if number >= 0} for row in rows]
    repeated = [place for at, place in enumerate(ranked) if own[place] & set().union(*(own[p] for p in ranked[:at]))]
    assert places == [place for place in ranked if place not in repeated] + repeated


def features_of(scores: list[float]) -> dict[str, float]:
    return as_dict(features(np.array(scores, dtype=np.float32), 0.7, 0.25, 1.5, 0.4))


def test_features_are_the_lead_of_the_first_and_what_each_part_says_of_it() -> None:
    found = features_of([0.9, 0.5, 0.3, 0.2])
    assert tuple(found) == FEATURES
    assert found == pytest.approx(
        {
            "score": 0.9,
            "margin": 0.4,
            "lift": 0.9 - 1 / 3,
            "spread": 0.7,
            "dense": 0.7,
            "lexical": 0.5,
            "topic": 1.5,
            "near": 0.4,
        },
        abs=1e-6,
    )


def test_a_single_document_is_as_far_from_the_rest_as_can_be() -> None:
    found = features_of([0.9])
    assert [found[name] for name in ("score", "margin", "lift", "spread")] == pytest.approx([0.9] * 4, abs=1e-6)


def test_features_look_at_no_more_than_the_best_few() -> None:
    best = np.linspace(0.9, 0.5, WIDTH).tolist()
    assert features_of(best) == features_of([*best, *[-1.0] * 50])


def test_documents_told_as_others_are_told_once_by_their_best() -> None:
    documents, scores = np.array([2, 4, 6, 9]), np.array([0.4, 0.9, 0.6, 0.5], dtype=np.float32)
    rows, best = deduplicate(documents, scores, np.array([2, 2, 7, 9]))
    # 4 is told as 2, which was found itself; 6 as 7, which was not.
    assert rows.tolist() == [0, 2, 3]
    assert best.tolist() == pytest.approx([0.9, 0.6, 0.5])
