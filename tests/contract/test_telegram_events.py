"""What only Telegram does to us: batches, gaps, two who ask, a secret at the door, groups that move."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs

from channels.errors import BadSettings, PermanentFailure, TemporaryFailure
from channels.message import Choice, Labels, Outbound, Status
from channels.telegram.channel import TelegramChannel
from channels.telegram.strings import UP
from channels.telegram.webhook import SECRET_HEADER
from channels.testing import Fate, HostReply, MemoryHost, Running, served
from channels.testing.platform_contract import until
from channels.testing.telegram.platform import TOKEN, TelegramPlatform
from channels.web.settings import LANGUAGES
from channels.webhooks import REFUSED
from tests.contract.test_telegram_channel import SECRET, WEBHOOK, section

HELPED = f"{UP} {Labels().helped}"


@dataclass(frozen=True, kw_only=True)
class Telegram:
    platform: TelegramPlatform
    running: Running
    host: MemoryHost
    url: str

    @property
    def texts(self) -> list[str]:
        return [inbound.text for inbound in self.host.accepted]

    def tells(self, text: str, *, to: str = "ada", number: int = 1, **more: Any) -> str | None:
        address = self.platform.address(to)
        told = {"author": "bot", **more}
        return self.running.send(Outbound(id=number, channel="telegram", address=address, text=text, **told))

    def heard(self, who: str = "ada") -> list[str]:
        return [heard.text for heard in self.platform.heard(who)]


def _telegram(**more: Any) -> Iterator[Telegram]:
    platform, host = TelegramPlatform(), MemoryHost()
    with (
        served(platform.app) as server,
        Running(TelegramChannel.from_settings, section(server.url, **more), host) as running,
    ):
        platform.url = lambda: running.url
        until(lambda: platform.api.webhook or "getUpdates" in platform.api.calls)
        yield Telegram(platform=platform, running=running, host=host, url=server.url)
    assert platform.complaints == []


@pytest.fixture
def polling() -> Iterator[Telegram]:
    yield from _telegram()


@pytest.fixture
def webhook() -> Iterator[Telegram]:
    yield from _telegram(**WEBHOOK)


def test_a_batch_with_gaps_is_taken_once_and_in_order(polling: Telegram) -> None:
    texts = [f"Question {number}" for number in range(1, 151)]
    polling.platform.says_together("ada", texts)

    assert polling.texts == texts
    assert max(polling.platform.api.updates.batches) == 100


def test_nothing_of_a_batch_is_confirmed_before_all_of_it_is_stored(polling: Telegram) -> None:
    polling.host.can_store = False
    polling.platform.api.updates.add(*(_update(polling, number) for number in (7001, 7004, 7009)))
    until(lambda: len(polling.platform.api.updates.batches) >= 2)  # told again

    assert not polling.platform.api.updates.wait_confirmed(7001, 7004, 7009, patience=0)
    polling.host.can_store = True
    assert polling.platform.api.updates.wait_confirmed(7001, 7004, 7009, patience=20)
    assert polling.texts == ["7001", "7004", "7009"]


def _update(telegram: Telegram, number: int) -> dict[str, Any]:
    seat = telegram.platform.api.chats.seat("ada")
    message = {"message_id": number, "date": 1_760_000_000, "from": seat.user, "chat": seat.chat, "text": str(number)}
    return {"update_id": number, "message": message}


def test_an_update_below_those_before_is_taken(polling: Telegram) -> None:
    polling.platform.says("ada", "First")
    polling.platform.api.updates.add(_update(polling, 12))

    assert polling.platform.api.updates.wait_confirmed(12, patience=20)
    assert polling.texts == ["First", "12"]


def test_an_update_that_cannot_be_read_holds_up_no_other(polling: Telegram, monkeypatch: pytest.MonkeyPatch) -> None:
    from channels.telegram.updates import parse_update

    def unread(update: Any, *more: Any) -> Any:
        if update.message.text == "7001":
            raise RuntimeError("no idea")
        return parse_update(update, *more)

    monkeypatch.setattr("channels.telegram.channel.parse_update", unread)
    polling.platform.api.updates.add(_update(polling, 7001), _update(polling, 7004))

    assert polling.platform.api.updates.wait_confirmed(7001, 7004, patience=20)
    assert polling.texts == ["7004"]


def _of_another_shape(telegram: Telegram, number: int) -> dict[str, Any]:
    update = _update(telegram, number)
    del update["message"]["chat"]["type"]  # as if the Bot API did not promise it any more
    return update


def test_an_update_of_another_shape_holds_up_no_other(polling: Telegram, caplog: pytest.LogCaptureFixture) -> None:
    with capture_logs() as logs:
        polling.platform.api.updates.add(_of_another_shape(polling, 7001), _update(polling, 7004))
        assert polling.platform.api.updates.wait_confirmed(7001, 7004, patience=20)

    assert polling.texts == ["7004"]
    assert [each["update_id"] for each in logs if each["event"] == "update_not_read"] == [7001]
    assert "7004" not in caplog.text  # what customers wrote


def test_an_update_of_another_shape_is_not_called_for_again(webhook: Telegram) -> None:
    headers = {SECRET_HEADER: SECRET}
    with capture_logs() as logs:
        update = _of_another_shape(webhook, 7001)
        answer = httpx.post(f"{webhook.running.url}/webhooks/telegram", json=update, headers=headers)

    assert (answer.status_code, webhook.texts) == (200, [])
    assert logs[0]["event"] == "update_not_read"


def test_two_who_ask_with_one_token_take_each_message_once(polling: Telegram) -> None:
    with Running(TelegramChannel.from_settings, section(polling.url), polling.host):
        for number in range(8):
            polling.platform.says("ada", f"Question {number}")

    assert polling.texts == [f"Question {number}" for number in range(8)]


def test_a_conflict_is_told_and_asking_goes_on(polling: Telegram) -> None:
    with capture_logs() as logs:
        polling.platform.fails_next(Fate(name="conflict"), Fate(name="conflict"))
        polling.platform.says("ada", "First")
        polling.platform.says("ada", "Second")
        until(lambda: any(each["event"] == "telegram_conflict" for each in logs))

    assert polling.texts == ["First", "Second"]
    assert not any(TOKEN in str(each) for each in logs)


@pytest.mark.parametrize(
    ("shown", "reason"), [(None, "no secret token"), ("another", "wrong secret token"), ("å", "wrong secret token")]
)
def test_who_does_not_know_the_secret_is_refused_and_counted(webhook: Telegram, shown: str | None, reason: str) -> None:
    counted = REFUSED.labels("telegram", reason)._value.get()
    headers = {SECRET_HEADER.encode(): shown.encode()} if shown else {}
    with capture_logs() as logs:
        answer = httpx.post(f"{webhook.running.url}/webhooks/telegram", json=_update(webhook, 1), headers=headers)

    assert answer.status_code == 403
    assert webhook.host.accepted == []
    assert logs == [{"event": "webhook_refused", "log_level": "warning", "channel": "telegram", "reason": reason}]
    assert REFUSED.labels("telegram", reason)._value.get() == counted + 1


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"{}", b'{"message": 5}', b"\xff"])
def test_what_is_no_update_is_refused(webhook: Telegram, body: bytes) -> None:
    headers = {SECRET_HEADER: SECRET}
    answer = httpx.post(f"{webhook.running.url}/webhooks/telegram", content=body, headers=headers)

    assert answer.status_code == 400
    assert webhook.host.accepted == []


def test_polling_has_no_door(polling: Telegram) -> None:
    answer = httpx.post(f"{polling.running.url}/webhooks/telegram", json={}, headers={SECRET_HEADER: SECRET})

    assert answer.status_code == 404
    assert polling.running.channel.exclusive_resource == "telegram:700001"


def test_an_agent_gets_a_file_by_a_link_that_nobody_can_guess(webhook: Telegram) -> None:
    webhook.platform.sends_file("ada", "räkning <1>.pdf")
    [attachment] = webhook.host.accepted[0].attachments
    link = attachment.url.replace(WEBHOOK["public_url"], webhook.running.url)
    answer = httpx.get(link)
    signature = link.split("/")[-3]

    assert (answer.status_code, answer.text) == (200, "documents/file-1")
    assert answer.headers["Content-Disposition"] == "attachment; filename*=UTF-8''r%C3%A4kning%20%3C1%3E.pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert httpx.get(link.replace("file-1", "file-2")).status_code == 404
    assert httpx.get(link.replace(signature, "0" * 64)).status_code == 404
    assert TOKEN not in attachment.url


def test_markup_that_telegram_refuses_is_sent_as_plain_text(polling: Telegram) -> None:
    polling.platform.api.refuses_markup = True
    polling.tells("We open at **nine**.", choices=(Choice(id="1", label="Thanks"),))

    [heard] = polling.platform.heard("ada")
    assert (heard.text, heard.buttons) == ("We open at nine.", ("Thanks",))


def test_a_long_message_goes_on_where_it_was_broken_off(polling: Telegram) -> None:
    text = "\n\n".join(f"{number}: " + "word " * 700 for number in range(3))
    polling.platform.api.spared = 1
    polling.platform.fails_next(Fate(name="broken"))
    with pytest.raises(TemporaryFailure):
        polling.tells(text)
    polling.tells(text)

    assert [heard[:2] for heard in polling.heard()] == ["0:", "1:", "2:"]


def test_a_send_that_is_not_answered_is_said_to_be_perhaps_delivered(polling: Telegram) -> None:
    polling.platform.fails_next(Fate(name="silent"))
    with pytest.raises(TemporaryFailure, match="may have been delivered"):
        polling.tells("Hello")


@pytest.mark.parametrize("name", ["unauthorized", "broken"])
def test_what_may_pass_is_tried_again_and_tells_no_token(polling: Telegram, name: Any) -> None:
    polling.platform.fails_next(Fate(name=name))
    with pytest.raises(TemporaryFailure) as failure:
        polling.tells("Hello")

    assert TOKEN not in str(failure.value)
    assert failure.value.everywhere == (name == "unauthorized")


def test_a_chat_that_is_gone_is_not_tried_again(polling: Telegram) -> None:
    with pytest.raises(PermanentFailure, match="Chat not found"):
        polling.running.send(Outbound(id=1, channel="telegram", address="999", author="bot", text="Hello"))


def test_a_group_that_moved_is_followed(polling: Telegram) -> None:
    polling.platform.says("ada@team", "@answerdesk_bot hello")
    new = polling.platform.migrates("ada@team")
    first = polling.tells("Hello.", to="ada@team")
    polling.tells("Anything else?", to="ada@team", number=2)

    assert polling.heard("ada@team") == ["Hello.", "Anything else?"]
    assert first == f"{new}/1"


def test_an_answer_in_a_group_replies_to_who_asked(polling: Telegram) -> None:
    asked = polling.platform.says("ada@team", "@answerdesk_bot hello")
    polling.platform.says("bo@team", "@answerdesk_bot hi")
    polling.tells("Hello.", to="ada@team", number=100)

    message = polling.platform.api.chats.of(polling.platform.api.chats.seat("ada@team"))[-1]
    assert message["reply_to_message"]["message_id"] == int(asked)


def test_a_topic_is_answered_in_the_topic(polling: Telegram) -> None:
    polling.platform.says("ada@team#5", "@answerdesk_bot hello")
    polling.tells("Hello.", to="ada@team#5")
    polling.platform.replies("ada@team#5", "Thanks")

    assert polling.heard("ada@team#5") == ["Hello."]
    assert polling.heard("ada@team#6") == []
    assert polling.texts == ["hello", "Thanks"]


def test_a_group_is_told_twenty_messages_a_minute(polling: Telegram) -> None:
    for number in range(20):
        polling.tells("Hello.", to="ada@team" if number % 2 else "bo@team", number=number)
    with pytest.raises(TemporaryFailure) as failure:
        polling.tells("Hello.", to="ada@team", number=21)

    assert failure.value.retry_after is not None
    assert 0 < failure.value.retry_after <= 60
    assert not failure.value.everywhere
    polling.tells("Hello.", to="ada", number=22)  # another chat


def test_every_press_is_answered_and_marks_its_button(polling: Telegram) -> None:
    polling.tells("We open at nine.", feedback=True)
    polling.platform.presses("ada", HELPED)
    until(lambda: polling.platform.heard("ada")[0].buttons == (f"✓ {HELPED}",))
    polling.platform.presses("ada", f"✓ {HELPED}")

    until(lambda: not polling.platform.api.unanswered)
    assert [inbound.action and inbound.action.name for inbound in polling.host.accepted] == ["helped", "helped"]


def test_a_press_of_somebody_else_in_a_group_changes_nothing(polling: Telegram) -> None:
    polling.tells("We open at nine.", to="ada@team", feedback=True)
    polling.platform.presses("bo@team", HELPED)

    until(lambda: not polling.platform.api.unanswered)
    assert polling.host.accepted == []


def test_typing_is_shown_while_the_bot_owes_an_answer(polling: Telegram) -> None:
    address = polling.platform.address("ada@team#5")
    polling.host.set_status("telegram", address, Status(owner="bot", pending=True))
    polling.platform.says("ada@team#5", "@answerdesk_bot hello")
    seat = polling.platform.api.chats.seat("ada@team#5")

    until(lambda: polling.platform.api.typing == [(seat.chat["id"], 5)])
    polling.host.set_status("telegram", address, Status(owner="bot"))
    polling.platform.says("ada", "hello")
    polling.host.say("telegram", address, HostReply(text="Hello."))
    assert len(polling.platform.api.typing) == 1


def test_the_menu_of_commands_is_set(polling: Telegram) -> None:
    until(lambda: len(polling.platform.api.commands) == 2 + len(LANGUAGES))
    named = {language: [each["command"] for each in each] for language, each in polling.platform.api.commands.items()}

    assert named == {language: ["start", "help", "human", "language", "forget"] for language in ("", "no", *LANGUAGES)}
    said = {words["description"] for each in polling.platform.api.commands.values() for words in each}
    assert {"Talk to a human", "Prata med en människa", "Porozmawiaj z człowiekiem"} <= said


async def test_a_stop_lets_the_call_of_the_menu_end_that_is_under_way_and_begins_no_other() -> None:
    platform = TelegramPlatform()
    platform.api.takes_commands.clear()
    with served(platform.app) as server:
        channel = TelegramChannel.from_settings(section(server.url), MemoryHost())
        running = asyncio.create_task(channel.run())
        await asyncio.to_thread(until, lambda: "setMyCommands" in platform.api.calls)
        running.cancel()
        await asyncio.wait([running], timeout=0.1)
        platform.api.takes_commands.set()
        await asyncio.gather(running, return_exceptions=True)
        await asyncio.to_thread(until, lambda: platform.api.commands)
    assert platform.api.calls.count("setMyCommands") == len(platform.api.commands) == 1
    assert platform.api.complaints == []


async def test_a_call_that_failed_is_told_while_something_waits_for_it() -> None:
    platform = TelegramPlatform()
    platform.api.webhook = {"url": "https://help.example.com/webhooks/telegram"}
    failed, waiting = {"last_error_message": "Connection timed out"}, {"pending_update_count": 2}
    with served(platform.app) as server:
        channel = TelegramChannel.from_settings(section(server.url, **WEBHOOK), MemoryHost())
        platform.api.last_calls = failed | waiting | {"last_error_date": 1_760_000_000}
        [wrong] = [finding for finding in await channel.check() if not finding.ok]
        assert wrong.message == "Telegram's last call failed: Connection timed out (9 October 08:53 UTC)."
        platform.api.last_calls = failed | waiting
        [wrong] = [finding for finding in await channel.check() if not finding.ok]
        assert wrong.message == "Telegram's last call failed: Connection timed out."
        platform.api.last_calls = failed | {"last_error_date": 1_760_000_000}  # long past, and told all the same
        assert all(finding.ok for finding in await channel.check())


async def test_a_telegram_that_is_away_is_not_put_down_to_the_token() -> None:
    channel = TelegramChannel.from_settings(section("http://127.0.0.1:9"), MemoryHost())
    [away] = await channel.check()
    assert "network" in (away.remedy or "")
    assert "token" not in (away.remedy or "")


async def test_a_check_says_what_to_do_next() -> None:
    platform = TelegramPlatform()
    with served(platform.app) as server:
        by_polling = TelegramChannel.from_settings(section(server.url), MemoryHost())
        by_webhook = TelegramChannel.from_settings(section(server.url, **WEBHOOK), MemoryHost())
        assert all(finding.ok for finding in await by_polling.check())
        [unset] = [finding for finding in await by_webhook.check() if not finding.ok]
        assert unset.message == "Telegram calls nobody, not https://help.example.com/webhooks/telegram."
        platform.api.webhook = {"url": "https://help.example.com/webhooks/telegram"}
        assert all(finding.ok for finding in await by_webhook.check())
        [excluded] = [finding for finding in await by_polling.check() if not finding.ok]
        assert excluded.remedy is not None
        stranger = TelegramChannel.from_settings(section(server.url) | {"token": "1:wrong"}, MemoryHost())
        [unknown] = await stranger.check()
        assert "@BotFather" in (unknown.remedy or "")
        assert "1:wrong" not in unknown.message
    assert set(platform.api.calls) == {"getMe", "getWebhookInfo"}


@pytest.mark.parametrize(
    ("settings", "key"),
    [
        ({}, "token"),
        ({"token": "secret-thing"}, "token"),
        ({"token": TOKEN, "mode": "webhook"}, "secret_token"),
        ({"token": TOKEN, "mode": "webhook", "secret_token": "s"}, "public_url"),
        ({"token": TOKEN, "secret_token": "secret thing"}, "secret_token"),
        ({"token": TOKEN, "base_url": "api.telegram.org"}, "base_url"),
        ({"token": TOKEN, "mode": "sockets"}, "mode"),
        ({"token": TOKEN, "timeout": 0}, "timeout"),
    ],
)
def test_a_wrong_setting_is_named_and_no_secret_shown(settings: dict[str, Any], key: str) -> None:
    with pytest.raises(BadSettings, match=rf"channels\.telegram\.{key}: ") as refused:
        TelegramChannel.from_settings(settings, MemoryHost())

    assert "thing" not in str(refused.value)


async def test_stopping_breaks_off_what_was_to_follow() -> None:
    platform = TelegramPlatform()
    with served(platform.app) as server:
        channel = TelegramChannel.from_settings(section(server.url), MemoryHost())
        running = asyncio.create_task(channel.run())
        await asyncio.to_thread(until, lambda: "getUpdates" in platform.api.calls)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        assert running.cancelled()
