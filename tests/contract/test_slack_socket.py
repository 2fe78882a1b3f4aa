"""Socket Mode over real WebSocket connections that leave, break, or die without a word."""

from collections.abc import Iterator

import pytest

from channels.message import Choice, Outbound
from channels.testing import MemoryHost, Running
from channels.testing.platform_contract import until
from channels.testing.slack.workspace import SlackWorkspace
from tests.contract.slack_running import by_socket


@pytest.fixture
def slack() -> SlackWorkspace:
    return SlackWorkspace()


@pytest.fixture
def host() -> MemoryHost:
    return MemoryHost()


@pytest.fixture
def running(slack: SlackWorkspace, host: MemoryHost) -> Iterator[Running]:
    with by_socket(slack, host) as running:
        yield running


pytestmark = pytest.mark.usefixtures("running")


@pytest.mark.parametrize("end", ["asks_to_leave", "breaks_off", "dies_silently"])
def test_a_connection_that_ends_is_replaced(slack: SlackWorkspace, host: MemoryHost, end: str) -> None:
    slack.says("ada", "before")
    getattr(slack.sockets, end)()
    until(lambda: slack.sockets.opened == 2)
    slack.says("ada", "after")

    assert [inbound.text for inbound in host.accepted] == ["before", "after"]


def test_it_is_replaced_time_and_again(slack: SlackWorkspace, host: MemoryHost) -> None:
    for number in range(3):
        slack.sockets.breaks_off()
        until(lambda: slack.sockets.living(0.1))
        slack.says("ada", str(number))

    assert [inbound.text for inbound in host.accepted] == ["0", "1", "2"]


def test_what_was_not_acknowledged_is_told_again_and_taken_once(slack: SlackWorkspace, host: MemoryHost) -> None:
    host.can_store = False
    with pytest.raises(AssertionError):
        slack.says("ada", "When?", event="Ev1", message="1700000001.000001")
    host.can_store = True
    slack.says("ada", "When?", event="Ev1", message="1700000001.000001")
    slack.says("ada", "When?", event="Ev1", message="1700000001.000001")

    assert [inbound.text for inbound in host.accepted] == ["When?"]


def test_a_press_comes_over_the_connection(slack: SlackWorkspace, running: Running, host: MemoryHost) -> None:
    choices = (Choice(id="a", label="A bike"),)
    address = slack.address("ada")
    running.send(Outbound(id=7, channel="slack", address=address, author="bot", text="Which?", choices=choices))
    slack.presses("ada", "A bike")
    until(lambda: slack.heard("ada")[0].buttons == ())

    assert host.accepted[0].action is not None


def test_every_kind_of_envelope_is_acknowledged(slack: SlackWorkspace) -> None:
    slack.tells({"type": "anything_new"})
    assert slack.deliveries.deliver({"type": "shortcut", "user": {"id": "U1"}, "callback_id": "x"})
