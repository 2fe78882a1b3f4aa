from bot.console.auth.throttle import MOST_PER_ADDRESS, MOST_PER_EMAIL, MOST_PER_PAIR, WINDOW, SignInThrottle
from tests.unit.bot.console.conftest import Seconds


def test_success_takes_back_what_went_wrong_before() -> None:
    attempts = SignInThrottle(Seconds())
    for _ in range(MOST_PER_PAIR - 1):
        attempts.add("alva", "a")
    attempts.add("alva", "a")
    attempts.succeeded("alva", "a")
    for _ in range(MOST_PER_PAIR - 1):
        attempts.add("alva", "a")
    assert attempts.wait("alva", "a") == 0


def test_one_address_cannot_try_everybody() -> None:
    attempts = SignInThrottle(Seconds())
    for number in range(MOST_PER_ADDRESS):
        assert attempts.wait(f"agent-{number}", "a") == 0
        attempts.add(f"agent-{number}", "a")
    assert attempts.wait("another", "a") == WINDOW
    assert attempts.wait("another", "b") == 0


def test_many_addresses_cannot_try_one_agent() -> None:
    attempts = SignInThrottle(Seconds())
    for number in range(MOST_PER_EMAIL):
        attempts.add("alva", f"address-{number}")
    assert attempts.wait("alva", "new") == WINDOW


def test_attempts_that_do_not_count_any_more_are_forgotten() -> None:
    seconds = Seconds()
    attempts = SignInThrottle(seconds)
    for number in range(100):
        attempts.add(f"agent-{number}", f"address-{number}")
    seconds.now += WINDOW
    assert attempts.wait("agent-1", "address-1") == 0
    assert attempts._failures == {}
