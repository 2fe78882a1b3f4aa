import signal
import time
from collections.abc import Callable

import pytest

from tests.acceptance.conftest import Server, WebCustomer

#: Seconds after the message was accepted; the quiet period ends at 0.2, and the answer is out soon after.
MOMENTS = (0.0, 0.05, 0.1, 0.15, 0.19, 0.2, 0.21, 0.23, 0.26, 0.4)


@pytest.mark.parametrize("moment", MOMENTS, ids=lambda moment: f"after_{moment * 1000:.0f}_ms")
def test_a_server_killed_before_its_answer_answers_exactly_once(server: Callable[..., Server], moment: float) -> None:
    running = server()
    customer = WebCustomer(running.url)
    customer.says("How do I reset my hub?")
    time.sleep(moment)  # the moment of the crash is what differs: quiet period, search, commit, delivery
    running.end(signal.SIGKILL)
    running.start()
    replies = customer.sees_replies()
    assert len(replies) == 1
    assert "source" in replies[0]


def test_a_message_sent_again_after_a_crash_is_not_answered_twice(server: Callable[..., Server]) -> None:
    running = server()
    customer = WebCustomer(running.url)
    message_id = customer.says("How do I reset my hub?")
    running.end(signal.SIGKILL)
    running.start()
    customer.says("How do I reset my hub?", message_id=message_id)
    assert len(customer.sees_replies()) == 1


def test_a_server_told_to_stop_goes_in_order(server: Callable[..., Server]) -> None:
    running = server()
    WebCustomer(running.url).says("How do I reset my hub?")
    assert running.end(signal.SIGTERM) == 0
