"""Nothing can be set, run or written on the element that the docs do not tell."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
import typer
from pydantic import BaseModel

from bot.cli import app
from bot.conversation.receipt import DecisionName, Reason
from bot.settings import Settings
from channels.slack.settings import SlackSettings
from channels.telegram.settings import TelegramSettings
from channels.web.settings import WebSettings
from channels.x.settings import XSettings

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
WIDGET = ROOT / "channels" / "static" / "widget" / "element.js"


def rows(page: str, heading: str | None = None) -> list[str]:
    """What the tables of a page, or of one of its sections, name in their first column."""
    text = (DOCS / page).read_text("utf-8")
    if heading:
        [text] = re.findall(rf"^## {heading}$(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    return re.findall(r"^\| `([^`]+)`", text, re.MULTILINE)


def keys(model: type[BaseModel], above: str = "") -> Iterator[str]:
    """The dotted names of a model's settings."""
    for name, field in model.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from keys(inner, f"{above}{name}.")
        else:
            yield above + name


def commands(group: Any = None, above: str = "") -> Iterator[tuple[str, Any]]:
    """Every command by its full name."""
    group = group or typer.main.get_command(app)
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, f"{above}{name} ")
        else:
            yield above + name, command


COMMANDS = dict(commands())


def test_every_setting_has_a_row_and_every_row_a_setting() -> None:
    assert rows("settings.md") == list(keys(Settings))


def test_every_setting_of_the_web_chat_has_a_row_and_every_row_a_setting() -> None:
    assert sorted(rows("web-chat.md", "Settings")) == sorted(keys(WebSettings))


def test_every_setting_of_telegram_has_a_row_and_every_row_a_setting() -> None:
    assert sorted(rows("telegram.md", "Settings")) == sorted(keys(TelegramSettings))


def test_every_setting_of_slack_has_a_row_and_every_row_a_setting() -> None:
    assert sorted(rows("slack.md", "Settings")) == sorted(keys(SlackSettings))


@pytest.mark.parametrize(
    ("page", "model"),
    [
        ("settings.md", Settings),
        ("web-chat.md", WebSettings),
        ("slack.md", SlackSettings),
        ("telegram.md", TelegramSettings),
        ("x.md", XSettings),
    ],
)
def test_the_defaults_in_the_docs_are_the_defaults(page: str, model: type[BaseModel]) -> None:
    for key, default in re.findall(r"^\| `([^`]+)` \| `([^`]+)` \|", (DOCS / page).read_text("utf-8"), re.MULTILINE):
        place, _, name = key.rpartition(".")
        owner = model.model_fields[place].annotation if place else model
        assert owner is not None
        if name not in owner.model_fields or "://" in default:
            continue  # an attribute of the element, or a pattern
        value = owner.model_fields[name].default
        shown = next(iter(value)) if isinstance(value, dict) else value
        assert default in {str(shown), str(list(shown)).replace("'", '"') if isinstance(shown, tuple) else ""}, key


def test_every_setting_of_x_has_a_row_and_every_row_a_setting() -> None:
    assert rows("x.md", "Settings") == list(keys(XSettings))


def test_every_attribute_of_the_element_has_a_row_and_every_row_an_attribute() -> None:
    source = WIDGET.read_text("utf-8")
    read = set(re.findall(r'[gh][ea][ts]Attribute\("([a-z]+)"\)', source))
    assert set(rows("web-chat.md", "Attributes of the element")) == read
    [listed] = re.findall(r"// <answerdesk-chat ([a-z ]+)>", source)
    assert set(listed.split()) == read


def test_every_command_has_a_section_and_every_section_a_command() -> None:
    sections = re.findall(r"^## (\w+)$", (DOCS / "commands.md").read_text("utf-8"), re.MULTILINE)
    assert sorted(sections) == sorted({name.split()[0] for name in COMMANDS})


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_option_and_argument_is_explained(name: str) -> None:
    assert (COMMANDS[name].help or "").endswith(".")
    for parameter in COMMANDS[name].params:
        assert parameter.help, parameter.name


@pytest.mark.parametrize("name", COMMANDS)
def test_the_docs_name_only_options_that_there_are(name: str) -> None:
    text = (DOCS / "commands.md").read_text("utf-8")
    [section] = re.findall(rf"^## {name.split(maxsplit=1)[0]}$(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert f"`answerdesk {name}" in section
    group = [command for each, command in COMMANDS.items() if each.split()[0] == name.split(maxsplit=1)[0]]
    known = {option for command in group for parameter in command.params for option in parameter.opts}
    assert set(re.findall(r"--[a-z-]+", section)) <= known


def test_every_decision_and_every_reason_has_a_row_and_every_row_one() -> None:
    decisions = re.findall(r"^\| ([a-z]+) \|", (DOCS / "decisions.md").read_text("utf-8"), re.MULTILINE)
    assert set(decisions) - {"decision", "reason"} == set(get_args(DecisionName))
    assert rows("decisions.md", "Reasons for a hand-over") == list(get_args(Reason))


def test_the_keys_of_the_console_are_those_it_shows() -> None:
    template = (ROOT / "bot" / "console" / "templates" / "keys.html").read_text("utf-8")
    shown = re.sub(r'\{\{ _\("(\w+)"\) \}\}', r"\1", template)
    told = (DOCS / "console.md").read_text("utf-8").partition("## Keys")[2]
    assert re.findall(r"`([^`]+)`", told) == re.findall(r"<kbd>([^<]+)</kbd>", shown)
