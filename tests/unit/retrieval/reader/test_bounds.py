"""How often a reader is asked, and what a dead one costs."""

from retrieval.reader.bounds import PAUSE, Bounds, ReaderLimits

FEW = ReaderLimits(at_once=2, per_hour=4, per_customer=3, per_day=6)


def call(bounds: Bounds, now: float, customer: str = "a", *, fails: bool = False) -> str | None:
    refused = bounds.take(now, customer)
    if refused is None:
        bounds.give_back(now, customer, is_failure=fails)
    return refused


def test_only_so_many_are_under_way_at_once() -> None:
    bounds = Bounds(FEW)
    assert [bounds.take(0, name) for name in "abc"] == [None, None, "busy"]
    bounds.cancel()
    assert bounds.take(0, "c") is None


def test_a_customer_an_hour_and_a_day_have_their_limits() -> None:
    bounds = Bounds(FEW)
    assert [call(bounds, 0) for _ in range(4)] == [None, None, None, "limit"]
    assert [call(bounds, 1, "b") for _ in range(2)] == [None, "limit"], "the hour is used up"
    assert [call(bounds, 3601, "b") for _ in range(3)] == [None, None, "limit"], "and then the day"
    assert call(bounds, 86_401 + 1, "b") is None


def test_a_dead_reader_costs_a_customer_one_wait_in_ten_minutes() -> None:
    bounds = Bounds(ReaderLimits())
    assert call(bounds, 0, fails=True) is None
    assert [call(bounds, at) for at in (1, 300, PAUSE - 1)] == ["waited"] * 3
    assert call(bounds, PAUSE + 1) is None


def test_after_three_failures_nobody_waits_but_one_who_tries_it_again() -> None:
    bounds = Bounds(ReaderLimits())
    assert [call(bounds, 0, name, fails=True) for name in "abc"] == [None] * 3
    assert call(bounds, 1, "d") == "away"
    assert bounds.take(PAUSE + 1, "d") is None
    assert bounds.take(PAUSE + 1, "e") == "away", "one tries, the others do not wait for it"
    bounds.give_back(PAUSE + 5, "d", is_failure=True)
    assert call(bounds, PAUSE + 6, "e") == "away"
    assert call(bounds, 2 * PAUSE + 6, "e") is None
    assert call(bounds, 2 * PAUSE + 7, "f") is None, "it is back for all"
