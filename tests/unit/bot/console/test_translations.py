"""The console in its languages: nothing is missing, nothing is left in English. All texts are our own."""

import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from bot.console import case_actions, display
from bot.console.translations import LANGUAGES, catalogue, words_of_scripts
from bot.conversation.explain import WHY
from bot.desk.transitions import ERASED, EVENT_TEXTS, LEFT_IDLE
from bot.store.privacy.erasure import ERASED_BY_MAINTAINER
from bot.store.records.message_edits import DELETED, EDITED
from channels.web.accept_language import preferred_language

ROOT = Path(__file__).parents[4]
CONSOLE = ROOT / "bot" / "console"
TRANSLATED = sorted(set(LANGUAGES) - {"en"})
TEMPLATES = sorted((CONSOLE / "templates").glob("*.html"))
SCRIPTS = sorted((CONSOLE / "static").glob("*.js"))
PLACEHOLDER = re.compile(r"%\(\w+\)s|\{\w+\}")


@pytest.fixture(scope="module")
def english(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """All the console says, as `make words` finds it."""
    target = tmp_path_factory.mktemp("words") / "console.pot"
    [command] = re.findall(r"pybabel (extract .*?) -o ", (ROOT / "Makefile").read_text("utf-8"))
    babel = [sys.executable, "-m", "babel.messages.frontend", "--quiet", *command.split(), "-o", str(target), "."]
    subprocess.run(babel, check=True, cwd=ROOT)
    with target.open("rb") as source:
        return read_po(source)


def _texts(language: str) -> Catalog:
    with (CONSOLE / "translations" / f"{language}.po").open("rb") as source:
        return read_po(source, locale=language)


def _messages(catalog: Catalog) -> dict[tuple[str | None, str], Message]:
    return {(m.context, m.id[0] if isinstance(m.id, tuple | list) else m.id): m for m in catalog if m.id}


def _forms(value: str | tuple[str, ...] | list[str] | None) -> list[str]:
    return [value] if isinstance(value, str) else list(value or ())


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalogue_has_every_text_and_no_other(english: Catalog, language: str) -> None:
    assert len(_messages(english)) > 200
    assert _messages(_texts(language)).keys() == _messages(english).keys()


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_text_is_translated_and_keeps_its_placeholders(language: str) -> None:
    for text, message in _messages(_texts(language)).items():
        assert not message.fuzzy, text
        forms = _forms(message.string)
        assert all(form.strip() for form in forms), text
        wanted = set(PLACEHOLDER.findall(_forms(message.id)[-1]))
        for form in forms[1:] or forms:
            assert set(PLACEHOLDER.findall(form)) == wanted, text
        assert set(PLACEHOLDER.findall(forms[0])) <= wanted, text


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_text_can_break_out_of_the_page(language: str) -> None:
    for message in _messages(_texts(language)).values():
        for form in _forms(message.string):
            assert not set(form) & set('<>&"'), form
            assert "%" not in re.sub(r"%\(\w+\)s", "", form) or "{" in form, form


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_sentence_ends_as_it_does_in_english(language: str) -> None:
    for (_, text), message in _messages(_texts(language)).items():
        for form in _forms(message.string):
            assert (form[-1] in ".?:") == (text[-1] in ".?:"), form


def test_the_texts_that_are_chosen_while_the_console_runs_are_found_too(english: Catalog) -> None:
    known = {text for _, text in _messages(english)}
    said = {
        *display.REASONS.values(),
        *WHY.values(),
        *EVENT_TEXTS.values(),
        LEFT_IDLE,
        EDITED,
        DELETED,
        ERASED,
        ERASED_BY_MAINTAINER,
    }
    said |= {text for action in case_actions.ACTIONS.values() for text in (action.label, action.done)}
    assert said <= known


def test_the_scripts_get_every_word_they_say(english: Catalog, tmp_path: Path) -> None:
    (tmp_path / "babel.cfg").write_text("[javascript: **.js]\n")
    target = tmp_path / "scripts.pot"
    babel = [sys.executable, "-m", "babel.messages.frontend", "--quiet", "extract", "-F", str(tmp_path / "babel.cfg")]
    subprocess.run([*babel, "-o", str(target), str(CONSOLE / "static")], check=True, cwd=ROOT)
    with target.open("rb") as source:
        found = {text for _, text in _messages(read_po(source))}
    assert set(words_of_scripts()) == found
    assert len(found) > 10
    assert found <= {text for _, text in _messages(english)}


def _shown(template: str) -> Iterator[str]:
    """What stands in a template outside of its expressions: texts, and attributes that people read."""
    kept = re.sub(r"\{#.*?#\}|\{%.*?%\}", "", template, flags=re.DOTALL)
    kept = re.sub(r"\{\{.*?\}\}", "", kept, flags=re.DOTALL)
    yield from re.findall(r'(?:aria-label|title|placeholder|alt)="([^"]+)"', kept)
    yield re.sub(r"<kbd>[^<]*</kbd>|<[^>]*>", "", kept, flags=re.DOTALL)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_holds_text_of_its_own(path: Path) -> None:
    shown = " ".join(_shown(path.read_text("utf-8"))).replace("answerdesk", "")
    assert re.findall(r"\w+", shown) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_expression_of_a_template_says_a_text_untranslated(path: Path) -> None:
    expressions = re.findall(r"\{\{(.*?)\}\}", path.read_text("utf-8"), flags=re.DOTALL)
    for expression in expressions:
        outside = re.sub(r'\b(?:_|n?p?gettext)\((?:"[^"]*"(?:, )?)+', "", expression)
        assert re.findall(r'"[A-Z][^"]*[a-z ][^"]*"', outside) == [], expression


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_no_script_says_a_sentence_untranslated(path: Path) -> None:
    code = re.sub(r"^\s*//.*$|\s// .*$", "", path.read_text("utf-8"), flags=re.MULTILINE)
    assert re.findall(r'(?<!_\()["`][A-Z][^"`]* [^"`]*["`]', code) == []


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("sv-SE,sv;q=0.9,en;q=0.8", "sv"),
        ("ja, de;q=0.4, es-MX;q=0.7", "es"),
        ("fr;q=0, de", "de"),
        ("da, nb;q=0.9", "en"),
        ("*;q=0.5, ;;,=", "en"),
        ("DE-at;q=1.0, en;q=1.000", "de"),
        ("de;q=much, fr", "de"),
    ],
)
def test_a_browser_gets_the_language_it_likes_best(header: str, language: str) -> None:
    assert preferred_language(header, LANGUAGES) == language


def test_dates_and_numbers_are_written_as_in_the_language() -> None:
    day = date(2026, 3, 1)
    assert {language: catalogue(language).date(day) for language in LANGUAGES} == {
        "en": "Mar 1, 2026",
        "sv": "1 mars 2026",
        "de": "01.03.2026",
        "es": "1 mar 2026",
        "fr": "1 mars 2026",
    }
    assert [catalogue(language).number(0.714, "0.00") for language in ("en", "sv")] == ["0.71", "0,71"]
    assert catalogue("de").number(20_000) == "20.000"


def test_languages_have_their_names_in_the_language_of_the_console() -> None:
    assert catalogue("en").language_name("sv-SE") == "Swedish"
    assert catalogue("sv").language_name("nb") == catalogue("sv").language_name("no") == "Norska"
    assert catalogue("fr").language_name("qqq") == "qqq"


@pytest.mark.parametrize("language", TRANSLATED)
def test_what_happened_to_a_case_is_told_in_the_agents_language(language: str) -> None:
    say = catalogue(language)
    for sentence in EVENT_TEXTS.values():
        told = display.event_text(sentence.format(agent="Bo claimed this."), say)
        assert told != sentence.format(agent="Bo claimed this.")
        assert "Bo claimed this." in told
    assert display.event_text(DELETED, say) == say.gettext(DELETED)
    assert display.event_text("Something of another version.", say) == "Something of another version."


def test_languages_are_listed_by_what_they_are_called_here_and_accents_change_no_order() -> None:
    assert catalogue("fr").by_name(["nb", "en", "nl"]) == ["en", "nl", "nb"]  # Anglais, Néerlandais, Norvégien
    assert catalogue("de").by_name(["de", "da"]) == ["da", "de"]  # Dänisch, Deutsch
