"""The dialogues of dialogues.yaml, each by a customer of its own in the web chat, over HTTP."""

import re
import shutil
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.conversation.text.choice_reply import HUMAN, NONE
from bot.store.records.relevance_labels import read_labels
from bot.testing import ScriptedIndex
from tests.acceptance.conftest import WebCustomer
from tests.acceptance.player import PAGES, QUIET, check_case, check_texts, dialogues, is_burst
from tests.acceptance.stage import Stage, staged
from tests.acceptance.test_dialogues import talking

DIALOGUES = dialogues()


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with staged(tmp_path_factory.mktemp("stage"), PAGES) as (stage, _):
        yield stage


@pytest.fixture(scope="module")
def patient_stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with staged(tmp_path_factory.mktemp("patient"), PAGES, quiet=QUIET) as (stage, _):
        yield stage


class Customer:
    """Plays a dialogue's steps and checks what comes back."""

    def __init__(self, stage: Stage, locale: str | None) -> None:
        self._stage = stage
        self._web = WebCustomer(stage.url, locale=locale)
        self._seen: list[dict[str, Any]] = []

    @property
    def address(self) -> str:
        return self._web.address

    def plays(self, step: dict[str, Any]) -> None:
        if "refused" in step:
            with pytest.raises(httpx.HTTPStatusError) as refused:
                self._web.says(step["says"])
            assert refused.value.response.status_code == step["refused"]
            return
        self._acts(step)
        replies = self._web.sees_replies(len(self._seen) + len(step["hears"]))[len(self._seen) :]
        self._seen += replies
        check_texts([_text(reply) for reply in replies], step["hears"])
        if "asks" in step:
            assert step["asks"] in replies[-1]["question"]
        if "sources" in step:
            assert [reply["source"]["title"] for reply in replies if reply["source"]] == step["sources"]
        if "choices" in step:
            assert [choice["label"] for choice in replies[-1]["choices"]] == step["choices"]

    def _acts(self, step: dict[str, Any]) -> None:
        if "says" in step:
            self._web.says(step["says"])
        for text in step.get("burst", ()):
            self._web.says(text)
        if "presses" in step:
            line, choice = self._offered(step["presses"])
            self._web.presses("choose", line, choice=choice)
        if "helped" in step:
            answer = next(line for line in reversed(self._seen) if line["feedback"])
            self._web.presses("helped" if step["helped"] else "not_helped", answer["id"])
        if "human" in step:
            self._web.presses("human")
        if "sends_file" in step:
            self._stage.takes_file(self.address, step["sends_file"])

    def _offered(self, label: str) -> tuple[int, str]:
        return next(
            (line["id"], choice["id"])
            for line in reversed(self._seen)
            for choice in line["choices"]
            if choice["label"] == label
        )


def _text(reply: dict[str, Any]) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", reply["html"])).replace("’", "'").split())


def test_there_are_enough_of_them() -> None:
    assert len(DIALOGUES) >= 40


@pytest.mark.parametrize("language", ["en", "sv", "de", "fr", "es"])
def test_each_of_five_languages_has_the_same_rows_on_every_channel(language: str) -> None:
    wanted = ["a language is asked for, a greeting, thanks and a goodbye", "a human please", "not known"]
    # On the shelf are pages in English and Swedish.
    told = "an answer with its source, and a complaint" if language in {"en", "sv"} else "a complaint"
    assert {f"{language}: {row}" for row in (*wanted, told)} <= set(TYPED)


@pytest.mark.parametrize("dialogue", DIALOGUES.values(), ids=DIALOGUES.keys())
def test_dialogue(request: pytest.FixtureRequest, dialogue: dict[str, Any]) -> None:
    stage: Stage = request.getfixturevalue("patient_stage" if is_burst(dialogue) else "stage")
    customer = Customer(stage, dialogue.get("locale"))
    for step in dialogue["steps"]:
        customer.plays(step)
    check_case(stage, customer.address, dialogue.get("case"))


TYPED = {
    name: dialogue
    for name, dialogue in DIALOGUES.items()
    if "locale" not in dialogue and all("says" in step and "refused" not in step for step in dialogue["steps"])
}


@pytest.mark.parametrize("dialogue", TYPED.values(), ids=TYPED.keys())
async def test_dialogue_on_the_terminal(tmp_path: Path, migrated_file: Path, dialogue: dict[str, Any]) -> None:
    shutil.copyfile(migrated_file, tmp_path / "answerdesk.db")
    async with talking(tmp_path, tmp_path, ScriptedIndex(PAGES)) as talk:
        for step in dialogue["steps"]:
            heard = [" ".join(text.split()) for text in await talk.says(step["says"])]
            check_texts(heard, step["hears"])
            if "asks" in step:
                assert step["asks"] in heard[-1]
            for place, label in enumerate(step.get("choices", ()), 1):
                assert f"{place}. {label}" in heard[-1]


def test_the_buttons_speak_the_customers_language(stage: Stage) -> None:
    customer = WebCustomer(stage.url, locale="sv-SE")
    customer.says("Hur laddar jag batteriet?")
    [answer] = customer.sees_replies(1)
    assert answer["labels"] == {
        "question": "Hjälpte det här?",
        "helped": "Det hjälpte",
        "not_helped": "Det hjälpte inte",
        "human": "Prata med en människa",
    }


def test_a_choice_is_kept_as_a_label_and_shown_to_agents(stage: Stage) -> None:
    customer = Customer(stage, None)
    customer.plays({"says": "How can I return the thing?", "hears": ["Which of these"]})
    customer.plays({"presses": "Return a gift", "hears": ["Whoever has the receipt"]})
    customer.plays({"says": "a human please", "hears": ["colleague"]})
    labels = stage.run(read_labels(stage.app.db))
    assert [each.document_id for each in labels if each.question == "How can I return the thing?"] == ["return-gift"]
    [case] = stage.cases(customer.address)
    [offer] = [line for line in case.lines if line.choices]
    assert offer.chosen == "3"
    assert [choice.id for choice in offer.choices] == ["1", "2", "3", NONE]
    assert HUMAN not in {choice.id for choice in offer.choices}
