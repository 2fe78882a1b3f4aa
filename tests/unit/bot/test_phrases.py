from datetime import UTC, datetime, timedelta
from string import Formatter
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from babel.messages.catalog import Catalog, Message

from bot.conversation.phrases import LANGUAGES, USUAL_ADDRESS, own_name, phrases_for
from bot.conversation.phrases.catalogue import FOLDER, read_catalogue
from bot.conversation.receipt import Reason

STOCKHOLM = ZoneInfo("Europe/Stockholm")
AFTERNOON = datetime(2026, 3, 2, 15, 10, tzinfo=UTC)
FORMAL = [f"{language}@formal" for language in USUAL_ADDRESS if language in LANGUAGES]


def messages(name: str) -> dict[str, Message]:
    """The phrases of a catalogue by their ids."""
    return {_id(message): message for message in _entries(read_catalogue(name))}


def forms(message: Message) -> tuple[str, ...]:
    """A phrase in each plural form it has."""
    return tuple(message.string) if isinstance(message.string, (list, tuple)) else (message.string or "",)


def texts(name: str) -> list[str]:
    """All that a catalogue says."""
    return [form for message in messages(name).values() for form in forms(message)]


def _entries(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def _id(message: Message) -> str:
    return str(message.id[0] if isinstance(message.id, (list, tuple)) else message.id)


def _placeholders(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name)


ENGLISH = messages("en")


def test_there_is_a_catalogue_for_each_language_and_address_and_no_other() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == {*LANGUAGES, *FORMAL}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_catalogue_is_complete(language: str) -> None:
    assert messages(language).keys() == ENGLISH.keys()


@pytest.mark.parametrize("name", FORMAL)
def test_formal_address_changes_some_phrases_and_adds_none(name: str) -> None:
    base = messages(name.removesuffix("@formal"))
    formal = messages(name)
    assert len(formal) > 0
    assert formal.keys() <= base.keys()
    assert not [phrase for phrase, message in formal.items() if forms(message) == forms(base[phrase])]


@pytest.mark.parametrize("name", [*LANGUAGES, *FORMAL])
def test_each_phrase_is_translated_in_all_its_forms_with_the_same_values(name: str) -> None:
    catalogue = read_catalogue(name)
    for phrase, message in messages(name).items():
        assert not message.fuzzy, phrase
        assert len(forms(message)) == (catalogue.num_plurals if message.pluralizable else 1), phrase
        for form in forms(message):
            assert form.strip() == form != "", phrase
            assert _placeholders(form) == _placeholders(forms(ENGLISH[phrase])[-1]), phrase
    assert catalogue.plural_expr == read_catalogue(name.removesuffix("@formal")).plural_expr


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_plural_rule_is_that_of_the_language(language: str) -> None:
    assert read_catalogue(language).plural_expr == Catalog(locale=language).plural_expr


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", get_args(Reason))
def test_every_reason_has_words_in_every_language(language: str, reason: Reason) -> None:
    assert phrases_for(language).handover(reason)


@pytest.mark.parametrize("text", [text for name in (*LANGUAGES, *FORMAL) for text in texts(name)])
def test_the_bot_speaks_plainly_and_whole_sentences(text: str) -> None:
    assert not {"!", "¡", "…"} & set(text)
    assert text[0].isupper() or not text[0].isalpha()


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_but_buttons_and_headings_is_without_an_end(language: str) -> None:
    for phrase, message in messages(language).items():
        ends = ":" if phrase == "language.other" else ".?"
        is_label = phrase in {"choice.none", "choice.human", "step.place"}
        assert all((form[-1] in ends) != is_label for form in forms(message)), phrase


@pytest.mark.parametrize(
    ("tag", "language"),
    [("sv-SE", "sv"), ("EN_us", "en"), ("xx", "en"), ("", "en"), (None, "en"), ("zh-Hant-TW", "en"), ("-", "en")],
)
def test_a_locale_is_spoken_to_in_its_language_and_an_unknown_one_in_english(tag: str | None, language: str) -> None:
    assert phrases_for(tag).language == language


def test_a_phrase_that_nobody_wrote_is_an_error() -> None:
    with pytest.raises(KeyError, match="no\\.such"):
        phrases_for("sv").say("no.such")


def test_an_answer_in_another_language_is_offered_as_such() -> None:
    assert phrases_for("en").other_language("sv-SE") == "We have this in Swedish only:"
    assert phrases_for("sv").other_language("en") == "Det här har vi bara på engelska:"
    assert phrases_for("sv").other_language("nb") == "Det här har vi bara på norska:"


def test_a_language_is_asked_for_by_its_own_name_and_confirmed() -> None:
    assert [own_name(language) for language in ("sv", "nb", "en")] == ["Svenska", "Norsk", "English"]
    assert phrases_for("sv").language_set() == "Då skriver jag på svenska från och med nu."


def test_times_and_dates_are_those_of_the_customers_zone_and_region() -> None:
    assert phrases_for("sv").time(AFTERNOON, STOCKHOLM) == "16:10"
    assert phrases_for("en").time(AFTERNOON, STOCKHOLM) == "16:10"
    assert phrases_for("en-US").time(AFTERNOON, STOCKHOLM).replace("\u202f", " ") == "4:10 PM"
    assert phrases_for("sv").date(datetime(2026, 3, 2, 23, 30, tzinfo=UTC), STOCKHOLM) == "3 mars 2026"


@pytest.mark.parametrize(
    ("within", "said"),
    [
        (timedelta(seconds=1), "It's 16:10 now. They usually answer within 1 minute."),
        (timedelta(minutes=20), "It's 16:10 now. They usually answer within 20 minutes."),
        (timedelta(minutes=121), "It's 16:10 now. They usually answer within 3 hours."),
        (timedelta(days=2), "They usually answer within 2 days."),
    ],
)
def test_a_wait_is_rounded_up_and_counted(within: timedelta, said: str) -> None:
    assert phrases_for("en").wait(within, now=AFTERNOON, zone=STOCKHOLM) == said
