import pytest

from channels.web.rate_limit import MOST_KEYS, TokenBuckets


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_minutes_worth_may_come_at_once_and_then_waits() -> None:
    limit = TokenBuckets(3, Clock())

    assert [limit.take("a") for _ in range(5)] == [0, 0, 0, 20, 20]


def test_it_fills_up_with_time_but_never_over() -> None:
    clock = Clock()
    limit = TokenBuckets(3, clock)
    for _ in range(3):
        limit.take("a")

    clock.now += 10
    assert limit.take("a") == pytest.approx(10)
    clock.now += 10
    assert limit.take("a") == 0
    clock.now += 3600
    assert [limit.take("a") > 0 for _ in range(4)] == [False, False, False, True]


def test_each_key_has_its_own() -> None:
    limit = TokenBuckets(1, Clock())

    assert [limit.take("a"), limit.take("b"), limit.take("a")] == [0, 0, 60]


def test_keys_that_are_owed_nothing_are_forgotten() -> None:
    clock = Clock()
    limit = TokenBuckets(2, clock)
    for number in range(MOST_KEYS):
        limit.take(str(number))
    clock.now += 61
    limit.take("late")

    assert len(limit._buckets) == 1
