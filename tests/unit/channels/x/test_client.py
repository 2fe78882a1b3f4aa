import httpx
import pytest

from channels.errors import PermanentFailure, TemporaryFailure
from channels.x.client import delivery_error
from channels.x.stream import FIRST_REFUSED, FIRST_TOO_MANY, LONGEST_REFUSED, LONGEST_STEP, StreamEnded, pause_after

NOW = 1_760_000_000.0


def refused(status: int, headers: dict[str, str] | None = None, **content: object) -> Exception:
    return delivery_error(httpx.Response(status, headers=headers, json=content), now=NOW)


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"x-rate-limit-remaining": "0", "x-rate-limit-reset": str(int(NOW) + 90)}, 90),
        ({"x-rate-limit-reset": str(int(NOW) - 5)}, 1),
        (
            {
                "x-rate-limit-remaining": "14",
                "x-rate-limit-reset": str(int(NOW) + 90),
                "x-user-limit-24hour-remaining": "0",
                "x-user-limit-24hour-reset": str(int(NOW) + 9000),
            },
            9000,
        ),
        ({"x-rate-limit-reset": "soon"}, 60),
        ({}, 60),
    ],
)
def test_a_limit_waits_for_the_window_that_is_used_up(headers: dict[str, str], wait: float) -> None:
    error = refused(429, headers)
    assert isinstance(error, TemporaryFailure)
    assert (error.retry_after, error.everywhere) == (wait, True)


def test_credits_that_are_used_up_hold_everything_back_for_long() -> None:
    error = refused(402, title="CreditsDepleted")
    assert isinstance(error, TemporaryFailure)
    assert error.everywhere
    assert (error.retry_after or 0) > 30 * 60
    assert "CreditsDepleted" in str(error)


@pytest.mark.parametrize("status", [400, 403, 404, 422])
def test_what_x_will_never_do_is_permanent_and_in_its_words(status: int) -> None:
    error = refused(status, errors=[{"message": "No such\nuser"}])
    assert isinstance(error, PermanentFailure)
    assert "No such user" in str(error)


@pytest.mark.parametrize("status", [401, 408, 409, 500, 503])
def test_what_may_pass_is_temporary(status: int) -> None:
    assert isinstance(refused(status), TemporaryFailure)


def test_what_is_no_json_is_told_by_its_status() -> None:
    assert "Bad Gateway" in str(delivery_error(httpx.Response(502, text="<html>"), now=NOW))


def test_a_stream_is_opened_again_as_x_asks_for() -> None:
    ended, busy, many = StreamEnded("over"), TemporaryFailure("503"), TemporaryFailure("429", everywhere=True)
    assert [pause_after(number, ended) for number in (1, 2, 3, 1000)] == [0, 0.25, 0.5, LONGEST_STEP]
    assert [pause_after(number, busy) for number in (1, 2, 3, 20)] == [FIRST_REFUSED, 10, 20, LONGEST_REFUSED]
    assert [pause_after(number, many) for number in (1, 2)] == [FIRST_TOO_MANY, 120]
    assert pause_after(1, TemporaryFailure("429", retry_after=700, everywhere=True)) == 700
