"""The dialogues of dialogues.yaml on Telegram: the whole path over real HTTP, by polling, against the stand-in."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.app import App
from bot.conversation.case import Agent
from bot.conversation.phrases import LANGUAGES, phrases_for
from bot.store.engine.database import Database
from bot.store.privacy import erasure
from bot.store.tables import conversations
from channels.testing import served
from channels.testing.platform_contract import until
from channels.testing.telegram.platform import TOKEN, TelegramPlatform
from tests.acceptance.player import PAGES, QUIET, Player, dialogues, is_burst
from tests.acceptance.stage import Stage, staged

LABELS = phrases_for("en").labels()
#: Buttons under answers, in every language, and with what Telegram's customers see before them.
OURS = frozenset(
    f"{sign}{label}"
    for language in LANGUAGES
    for label in astuple(phrases_for(language).labels())
    for sign in ("", "👍 ", "👎 ")
)
#: What Telegram has no way to express.
LEFT_OUT = {"an empty message is refused and the conversation goes on": "Telegram takes no empty message"}
DIALOGUES = dialogues(without=LEFT_OUT)
WEBHOOK: dict[str, Any] = {
    "mode": "webhook",
    "secret_token": "a-secret_of-ours",
    "public_url": "https://help.example.com",
}


class TelegramStage:
    """The application with the Telegram channel, and the platform it talks to."""

    def __init__(self, stage: Stage, platform: TelegramPlatform) -> None:
        self.stage = stage
        self.platform = platform
        self._numbers = count(1)

    def customer(self, place: str = "", locale: str | None = None) -> "Customer":
        return Customer(self, f"customer{next(self._numbers)}{place}", locale)


@pytest.fixture(scope="module")
def telegram_stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TelegramStage]:
    with _staged(tmp_path_factory.mktemp("telegram")) as stage:
        yield stage


@pytest.fixture(scope="module")
def patient_stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TelegramStage]:
    with _staged(tmp_path_factory.mktemp("patient-telegram"), quiet=QUIET) as stage:
        yield stage


@contextmanager
def _staged(folder: Path, *, quiet: float = 0.0, **more: Any) -> Iterator[TelegramStage]:
    platform = TelegramPlatform()
    with served(platform.app) as telegram:
        section = {"token": TOKEN, "base_url": telegram.url, **more}
        channels = {"telegram": section}
        with staged(folder, PAGES, quiet=quiet, channels=channels, limits={"telegram": ()}) as (stage, server):
            platform.url = lambda: server.url
            until(lambda: platform.api.webhook or "getUpdates" in platform.api.calls)
            yield TelegramStage(stage, platform)
            until(lambda: not platform.api.unanswered)
    assert platform.complaints == []


class Customer(Player):
    """Presses what is under the messages."""

    channel = "telegram"
    ours = OURS

    def __init__(self, stage: TelegramStage, name: str, locale: str | None) -> None:
        super().__init__(stage.stage, stage.platform, name)
        self._telegram = stage.platform
        if locale:
            self._telegram.speaks(name, locale)

    @property
    def number(self) -> str:
        return str(self._telegram.api.chats.seat(self.name).user["id"])

    def bursts(self, texts: Sequence[str]) -> None:
        self._telegram.says_together(self.name, texts)

    def says_helped(self, *, helped: bool) -> None:
        self._telegram.presses(self.name, f"👍 {LABELS.helped}" if helped else f"👎 {LABELS.not_helped}")

    def asks_for_a_human(self) -> None:
        self._telegram.presses(self.name, LABELS.human)


@pytest.mark.parametrize("dialogue", DIALOGUES.values(), ids=DIALOGUES.keys())
def test_dialogue(request: pytest.FixtureRequest, dialogue: dict[str, Any]) -> None:
    stage: TelegramStage = request.getfixturevalue("patient_stage" if is_burst(dialogue) else "telegram_stage")
    stage.customer(locale=dialogue.get("locale")).plays_all(dialogue)


def test_the_buttons_speak_the_customers_language(telegram_stage: TelegramStage) -> None:
    customer = telegram_stage.customer(locale="sv")
    customer.plays({"says": "Hur laddar jag batteriet?", "hears": ["Stäng av cykeln"]})

    [heard] = telegram_stage.platform.heard(customer.name)
    assert heard.buttons == ("👍 Det hjälpte", "👎 Det hjälpte inte", "Prata med en människa")
    telegram_stage.platform.presses(customer.name, "Prata med en människa")
    until(lambda: telegram_stage.stage.cases(customer.number))


@pytest.mark.parametrize(
    "name",
    ["clarify, then a button", "the button says it did not help, and the offer is pressed", "a file without words"],
)
def test_dialogue_by_webhook(tmp_path: Path, name: str) -> None:
    with _staged(tmp_path, **WEBHOOK) as telegram:
        customer = telegram.customer()
        for step in DIALOGUES[name]["steps"]:
            customer.plays(step)


def test_two_people_in_a_group_are_answered_each_in_their_own_conversation(telegram_stage: TelegramStage) -> None:
    ada, bo = telegram_stage.customer("@team"), telegram_stage.customer("@team")
    platform = telegram_stage.platform
    platform.says(ada.name, "When is lunch?")
    platform.says(ada.name, "@answerdesk_bot How do I return it?")
    until(lambda: len(platform.heard(ada.name)) == 1)
    platform.says(bo.name, "@answerdesk_bot how do I reset the display?")
    until(lambda: len(platform.heard(ada.name)) == 2)
    platform.presses(bo.name, "Return a gift")  # not Bo's to press
    platform.presses(ada.name, "Return a gift")
    until(lambda: len(platform.heard(ada.name)) == 3)

    asked, answered, chosen = platform.heard(ada.name)
    assert "Which of these" in asked.text
    assert "Hold both buttons" in answered.text
    assert "Whoever has the receipt" in chosen.text


def test_a_command_asks_for_a_human(telegram_stage: TelegramStage) -> None:
    customer = telegram_stage.customer()
    customer_says = telegram_stage.platform.says
    customer_says(customer.name, "/start")
    until(lambda: telegram_stage.platform.heard(customer.name))
    assert "What can I help you with" in telegram_stage.platform.heard(customer.name)[0].text
    customer_says(customer.name, "/human")
    until(lambda: telegram_stage.stage.cases(customer.number))
    [case] = telegram_stage.stage.cases(customer.number)
    assert case.reason == "asked"


def test_who_asks_by_a_command_to_be_forgotten_is_erased_by_an_agent_and_told_so(
    telegram_stage: TelegramStage,
) -> None:
    stage, customer = telegram_stage.stage, telegram_stage.customer()
    telegram_stage.platform.says(customer.name, "/language sv")
    until(lambda: len(telegram_stage.platform.heard(customer.name)) == 1)
    telegram_stage.platform.says(customer.name, "/forget")
    until(lambda: stage.cases(customer.number))
    [case] = stage.cases(customer.number)
    assert case.reason == "forget"
    alva = stage.run(_alva(stage.app))
    until(lambda: len(telegram_stage.platform.heard(customer.name)) == 2)
    stage.run(stage.app.desk.erase(case.escalation_id, alva))
    until(lambda: len(telegram_stage.platform.heard(customer.name)) == 3)
    assert telegram_stage.platform.heard(customer.name)[-1].text == phrases_for("sv").forgotten()
    until(lambda: not stage.run(_is_known(stage.app.db, customer.number)))  # its address went with that
    until(lambda: not stage.run(stage.app.db.has_remnants()))
    telegram_stage.platform.says(customer.name, "/start")
    until(lambda: len(telegram_stage.platform.heard(customer.name)) == 4)
    assert stage.run(erasure.preview(stage.app.db, "telegram", customer.number)).messages == 2


async def _alva(app: App) -> Agent:
    return await app.agents.create(
        await app.agents.invite(), name="Alva", email="alva@example.com", password="correct horse"
    )


async def _is_known(db: Database, customer: str) -> bool:
    async with db.read() as connection:
        return customer in list(await connection.scalars(select(conversations.c.address)))


def test_a_command_chooses_the_language(telegram_stage: TelegramStage) -> None:
    customer = telegram_stage.customer()
    telegram_stage.platform.says(customer.name, "/language sv")
    until(lambda: telegram_stage.platform.heard(customer.name))
    assert "svenska" in telegram_stage.platform.heard(customer.name)[0].text
