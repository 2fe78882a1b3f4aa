"""The contract of a channel with its platform, over the platform's stand-in and real connections.

A channel joins with one subclass of `PlatformContract`. What a platform does not have is left out by its flags.
"""

import time
from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

import pytest

from channels.errors import PermanentFailure, TemporaryFailure
from channels.message import Choice, Outbound, SourceCard
from channels.testing.faults import Fate
from channels.testing.http_server import served
from channels.testing.memory_host import MemoryHost
from channels.testing.platform import Platform
from channels.testing.running_channel import Make, Running

SOURCE = SourceCard(title="Opening hours", kind="article", url="https://example.com/hours", updated=date(2025, 3, 3))
#: How long a condition is waited for before a test fails, in seconds.
PATIENCE = 20.0
#: How long it is left before it is looked at again, at first and in the end, in seconds.
_SHORTEST_PAUSE, _LONGEST_PAUSE = 0.01, 0.1


def until(condition: Callable[[], object]) -> None:
    """Return when the condition holds; AssertionError when it does not within `PATIENCE`."""
    deadline = time.monotonic() + PATIENCE
    pause = _SHORTEST_PAUSE
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {PATIENCE:.0f} s in vain")
        time.sleep(pause)
        pause = min(pause * 1.5, _LONGEST_PAUSE)  # what takes long is asked for seldom: asking takes time from it


class PlatformContract:
    """Override `platform`, `settings`, `make` and `connect`."""

    #: What the platform has.
    has_edits = True
    has_deletions = True
    has_buttons = True
    #: Whether it calls us, so that what is not stored is not acknowledged.
    has_webhook = True
    #: The longest text of one message, in characters.
    longest = 4000

    @pytest.fixture
    @abstractmethod
    def platform(self) -> Platform:
        """A new stand-in."""

    @abstractmethod
    def settings(self, platform_url: str) -> Mapping[str, Any]:
        """The channel's section of the settings, with the platform at this address."""

    @abstractmethod
    def make(self) -> Make:
        """The channel's `from_settings`."""

    @abstractmethod
    def connect(self, platform: Platform, running: Running) -> None:
        """Tell the platform where the bot listens, or wait until the bot has connected to it."""

    @pytest.fixture
    def host(self) -> MemoryHost:
        return MemoryHost()

    @pytest.fixture
    def running(self, platform: Platform, host: MemoryHost) -> Iterator[Running]:
        with served(platform.app) as server, Running(self.make(), self.settings(server.url), host) as running:
            self.connect(platform, running)
            yield running
        assert not platform.complaints

    def outbound(self, platform: Platform, running: Running, number: int = 1, **more: Any) -> Outbound:
        """Something to tell Ada."""
        told = {"text": f"Answer {number}", "author": "bot"} | more
        return Outbound(id=number, channel=running.channel.name, address=platform.address("ada"), **told)

    def test_what_is_delivered_is_kept_with_its_id(self, platform: Platform, running: Running) -> None:
        platform.treats(iter((Fate(name="broken"), None)).__next__)
        with pytest.raises(TemporaryFailure):
            running.send(self.outbound(platform, running))
        sent = running.send(self.outbound(platform, running))

        [delivered] = platform.delivered
        assert (delivered.address, delivered.id) == (platform.address("ada"), sent)
        assert "Answer 1" in delivered.text

    def test_what_a_customer_says_is_accepted_once(
        self, platform: Platform, running: Running, host: MemoryHost
    ) -> None:
        message = platform.new_message("ada")
        platform.says("ada", "When are you open?", event="one", message=message)
        platform.says("ada", "When are you open?", event="one", message=message)
        platform.says("ada", "When are you open?", event="again", message=message)
        platform.says("ada", "And on Sundays?")

        until(lambda: len(host.accepted) >= 2)
        assert [inbound.text for inbound in host.accepted] == ["When are you open?", "And on Sundays?"]
        assert {inbound.address for inbound in host.accepted} == {platform.address("ada")}
        assert all(inbound.channel == running.channel.name for inbound in host.accepted)

    def test_customers_are_told_apart(self, platform: Platform, running: Running, host: MemoryHost) -> None:
        platform.says("ada", "Hello?")
        platform.says("bo", "Hello?")

        until(lambda: len(host.accepted) == 2)
        assert [each.address for each in host.accepted] == [platform.address("ada"), platform.address("bo")]
        assert len({each.customer for each in host.accepted}) == 2
        running.send(self.outbound(platform, running))
        assert (len(platform.heard("ada")), len(platform.heard("bo"))) == (1, 0)

    def test_what_is_said_is_text_whatever_it_looks_like(
        self, platform: Platform, running: Running, host: MemoryHost
    ) -> None:
        text = "a < b && b > c, *not bold* <b>x</b> 🚲 \u202e åäö"
        platform.says("ada", text)

        until(lambda: host.accepted)
        assert host.accepted[0].text == text
        running.send(self.outbound(platform, running, text=f"You wrote: {_as_markdown(text)}"))
        assert text in platform.heard("ada")[0].text

    def test_an_answer_shows_its_source(self, platform: Platform, running: Running) -> None:
        message = self.outbound(platform, running, text="We open at **nine**.", source=SOURCE, feedback=True)
        running.send(message)

        [heard] = platform.heard("ada")
        assert "We open at nine." in heard.text
        assert "Opening hours" in heard.text
        assert bool(heard.buttons) == self.has_buttons

    def test_an_agent_is_named(self, platform: Platform, running: Running) -> None:
        running.send(self.outbound(platform, running, text="I looked it up.", author="agent", author_name="Maria"))

        [heard] = platform.heard("ada")
        assert "Maria" in heard.text
        assert "I looked it up." in heard.text

    def test_messages_arrive_in_the_order_they_are_sent(self, platform: Platform, running: Running) -> None:
        for number in range(1, 6):
            running.send(self.outbound(platform, running, number))

        assert [heard.text for heard in platform.heard("ada")] == [f"Answer {number}" for number in range(1, 6)]

    def test_a_long_answer_arrives_whole(self, platform: Platform, running: Running) -> None:
        steps = [f"Step {number}: press the button and wait a while" for number in range(1, self.longest // 20)]
        running.send(self.outbound(platform, running, text="\n".join(f"{n}. {s}" for n, s in enumerate(steps, 1))))

        heard = "\n".join(each.text for each in platform.heard("ada"))
        assert len(platform.heard("ada")) > 1
        places = [heard.find(step) for step in steps]
        assert places == sorted(places)
        assert -1 not in places

    def test_a_choice_reaches_the_host(self, platform: Platform, running: Running, host: MemoryHost) -> None:
        choices = (Choice(id="a", label="A bike & more"), Choice(id="b", label="<A bag>"))
        running.send(self.outbound(platform, running, 7, text="Which?", choices=choices))
        platform.presses("ada", "<A bag>")

        until(lambda: host.accepted)
        [inbound] = host.accepted
        if self.has_buttons:
            assert inbound.action is not None
            pressed = inbound.action
            assert (pressed.name, pressed.answer_id, pressed.choice) == ("choose", 7, "b")
        else:
            assert inbound.text == "2"

    def test_a_suggestion_is_a_page_and_three_ways_on(
        self, platform: Platform, running: Running, host: MemoryHost
    ) -> None:
        page = "This may be it:\n\n**Reset**\n\nHold the button."
        ways = (Choice(id="solved", label="Yes"), Choice(id="not", label="No"), Choice(id="human", label="A person"))
        running.send(self.outbound(platform, running, 7, text=page, source=SOURCE))
        running.send(self.outbound(platform, running, 8, text="Did this solve it?", choices=ways))
        shown, asked = platform.heard("ada")
        assert "This may be it:" in shown.text
        assert "Hold the button." in shown.text
        assert SOURCE.title in shown.text
        assert shown.buttons == ()
        assert "Did this solve it?" in asked.text
        assert asked.buttons == ("Yes", "No", "A person")

        platform.presses("ada", "No")
        until(lambda: host.accepted)
        pressed = host.accepted[0].action
        if self.has_buttons:
            assert pressed is not None
            assert (pressed.name, pressed.answer_id, pressed.choice) == ("choose", 8, "not")
        else:
            assert host.accepted[0].text == "2"

    def test_pages_beside_a_hand_over_can_be_opened(self, platform: Platform, running: Running) -> None:
        pages = "- [Opening hours](<https://example.com/hours>)\n- [On \\*Sundays\\*](<https://example.com/sundays>)"
        running.send(self.outbound(platform, running, text=f"A colleague has it.\n\nThese may help:\n\n{pages}"))

        [heard] = platform.heard("ada")
        places = [heard.text.find(each) for each in ("These may help:", "Opening hours", "On *Sundays*")]
        assert places == sorted(places)
        assert places[0] >= 0
        assert heard.links == ("https://example.com/hours", "https://example.com/sundays")

    def test_an_edit_and_a_deletion_reach_the_host(
        self, platform: Platform, running: Running, host: MemoryHost
    ) -> None:
        message = platform.says("ada", "When are you open?")
        until(lambda: host.accepted)
        count = 1
        if self.has_edits:
            platform.edits("ada", message, "When do you close?")
            count += 1
            until(lambda: len(host.accepted) == count)
            assert host.accepted[-1].edits == host.accepted[0].platform_message_id
            assert host.accepted[-1].text == "When do you close?"
        if self.has_deletions:
            platform.deletes("ada", message)
            count += 1
            until(lambda: len(host.accepted) == count)
            assert host.accepted[-1].deletes == host.accepted[0].platform_message_id
        assert running.channel.name == host.accepted[0].channel

    def test_a_file_reaches_the_host_as_a_reference(
        self, platform: Platform, running: Running, host: MemoryHost
    ) -> None:
        platform.sends_file("ada", "bill.pdf")

        until(lambda: host.accepted)
        assert [each.name for each in host.accepted[0].attachments] == ["bill.pdf"]
        secrets = [str(value) for key, value in self.settings(running.url).items() if "token" in key or "secret" in key]
        assert not any(secret in each.url for each in host.accepted[0].attachments for secret in secrets)

    def test_too_many_is_tried_again_when_the_platform_says(self, platform: Platform, running: Running) -> None:
        platform.fails_next(Fate(name="too many", retry_after=7))
        with pytest.raises(TemporaryFailure) as failure:
            running.send(self.outbound(platform, running))

        assert failure.value.retry_after is not None
        assert 6 <= failure.value.retry_after <= 9
        running.send(self.outbound(platform, running))
        assert len(platform.heard("ada")) == 1

    def test_a_broken_platform_is_tried_again(self, platform: Platform, running: Running) -> None:
        platform.fails_next(Fate(name="broken"))
        with pytest.raises(TemporaryFailure):
            running.send(self.outbound(platform, running))

        running.send(self.outbound(platform, running))
        assert len(platform.heard("ada")) == 1

    def test_a_customer_who_blocked_us_is_not_tried_again(self, platform: Platform, running: Running) -> None:
        platform.fails_next(Fate(name="blocked"))
        with pytest.raises(PermanentFailure):
            running.send(self.outbound(platform, running))

    def test_what_the_bot_says_itself_does_not_come_in(
        self, platform: Platform, running: Running, host: MemoryHost
    ) -> None:
        running.send(self.outbound(platform, running, text="Hello from the bot"))
        platform.says("ada", "Hello?")

        until(lambda: host.accepted)
        assert [inbound.text for inbound in host.accepted] == ["Hello?"]

    def test_what_cannot_be_stored_comes_again(self, platform: Platform, running: Running, host: MemoryHost) -> None:
        host.can_store = False
        if self.has_webhook:
            with pytest.raises(AssertionError):
                platform.says("ada", "Hello?", event="one", message="1")
            host.can_store = True
            platform.says("ada", "Hello?", event="one", message="1")
            until(lambda: host.accepted)
            assert [inbound.text for inbound in host.accepted] == ["Hello?"]
        assert running.url

    def test_after_a_stop_it_starts_again(self, platform: Platform, running: Running, host: MemoryHost) -> None:
        running.stop()
        running.start()
        self.connect(platform, running)
        platform.says("ada", "Hello?")

        until(lambda: host.accepted)
        assert [inbound.text for inbound in host.accepted] == ["Hello?"]


def _as_markdown(text: str) -> str:
    return "".join(f"\\{each}" if each in "\\`*_[]<>&#~|" else each for each in text)
