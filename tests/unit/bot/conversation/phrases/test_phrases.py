import re
from datetime import date, timedelta
from string import Formatter
from typing import get_args

import pytest
from babel.messages.catalog import Catalog, Message

from bot.conversation.compose import compose
from bot.conversation.decisions import Social
from bot.conversation.phrases import LANGUAGES, USUAL_ADDRESS, own_name, phrases_for
from bot.conversation.phrases.catalogue import FOLDER, read_catalogue
from bot.conversation.receipt import Reason

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
#: What stands above something else.
LEADS = frozenset({"language.other", "suggest.lead", "suggest.next", "suggest.unconfirmed", "beside"})
#: Words that stand by themselves or go on after others.
WORDS = {"button.yes", "button.no", "source.updated", "source.confirmed", "source.unconfirmed"}


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


@pytest.mark.parametrize("name", [*LANGUAGES, *FORMAL])
def test_the_bot_exclaims_nothing_and_begins_sentences_as_such(name: str) -> None:
    for phrase, message in messages(name).items():
        for text in forms(message):
            assert not {"!", "¡", "…"} & set(text)
            assert text[0].isupper() or not text[0].isalpha() or phrase in WORDS, text


@pytest.mark.parametrize("text", texts("en"))
def test_the_bot_promises_nothing_and_is_no_just_a_bot(text: str) -> None:
    assert not {"soon", "shortly", "bot", "sorry"} & set(text.lower().replace(".", " ").split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_but_buttons_and_headings_is_without_an_end(language: str) -> None:
    for phrase, message in messages(language).items():
        ends = ":" if phrase in LEADS else ".?"
        is_label = phrase == "step.place" or phrase.startswith(("button.", "choice.", "source."))
        is_label = is_label and phrase != "button.question"
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


def test_a_language_that_was_chosen_is_confirmed_by_its_name() -> None:
    [draft] = compose(Social(phrase="language"), phrases_for("de"))
    assert draft.text == "Gut, ab jetzt schreibe ich auf Deutsch."


def test_a_language_is_asked_for_by_its_own_name_and_confirmed() -> None:
    assert [own_name(language) for language in ("sv", "nb", "en")] == ["Svenska", "Norsk", "English"]
    assert phrases_for("sv").language_set() == "Då skriver jag på svenska från och med nu."


def test_dates_are_those_of_the_customers_region() -> None:
    day = date(2026, 3, 2)
    written = ["2 mars 2026", "2 March 2026", "March 2, 2026"]
    assert [phrases_for(each).day(day) for each in ("sv", "en", "en-US")] == written


@pytest.mark.parametrize(
    ("within", "said"),
    [
        (timedelta(seconds=1), "They usually answer within 1 minute."),
        (timedelta(minutes=20), "They usually answer within 20 minutes."),
        (timedelta(minutes=121), "They usually answer within 3 hours."),
        (timedelta(days=2), "They usually answer within 2 days."),
    ],
)
def test_a_wait_is_rounded_up_and_counted(within: timedelta, said: str) -> None:
    assert phrases_for("en").wait(within) == said


@pytest.mark.parametrize(
    ("tag", "language", "said"),
    [
        ("pt-BR", "pt", "Qual destas quer dizer?"),
        ("no", "nb", "Hvilken av disse mener du?"),
        ("nn-NO", "nb", "Hvilken av disse mener du?"),
        ("de-AT", "de", "Was davon meinen Sie?"),
        ("es-MX", "es", "¿A cuál de estas te refieres?"),
    ],
)
def test_a_regional_or_near_language_is_served(tag: str, language: str, said: str) -> None:
    phrases = phrases_for(tag)
    assert (phrases.language, phrases.say("clarify")) == (language, said)


def test_the_address_is_the_usual_one_or_the_one_that_is_set() -> None:
    assert phrases_for("de").say("clarify") == "Was davon meinen Sie?"
    assert phrases_for("de", address="informal").say("clarify") == "Was davon meinst du?"
    assert phrases_for("de").say("choice.human") == phrases_for("de", address="informal").say("choice.human")
    assert phrases_for("nl").say("clarify") == "Welke van deze bedoel je?"
    assert phrases_for("nl", address="formal").say("clarify") == "Welke van deze bedoelt u?"
    assert phrases_for("sv", address="formal") == phrases_for("sv")


def test_counts_take_the_plural_of_the_language() -> None:
    polish = phrases_for("pl")
    counted = [polish.say_count("step.offer", count).split(".")[0] for count in (1, 3, 5, 22)]
    assert counted == ["To 1 krok", "To 3 kroki", "To 5 kroków", "To 22 kroki"]
    assert phrases_for("de").say_count("wait.hours", 3) == "Meist kommt die Antwort innerhalb von 3 Stunden."


@pytest.mark.parametrize("language", LANGUAGES)
def test_another_language_and_the_own_one_are_named_in_the_customers(language: str) -> None:
    phrases = phrases_for(language)
    assert phrases.name_of("sv") in phrases.other_language("sv")
    assert own_name(language).casefold() in phrases.language_set().casefold()


#: The highest LIX allowed, over all that is said in a language. Below 30 is very easy, below 40 easy (Björnsson).
#: Finnish joins what others write apart, so that its words are long: the same phrases have 44, in English 17.
HARDEST = dict.fromkeys(LANGUAGES, 35) | {"fi": 50}
#: The most words in any one sentence.
LONGEST = 25


@pytest.mark.parametrize("name", [*LANGUAGES, *FORMAL])
def test_the_phrases_are_easy_to_read(name: str) -> None:
    assert lix(texts(name)) <= HARDEST[name.partition("@")[0]]
    assert max(len(words(sentence)) for text in texts(name) for sentence in parts(text)) <= LONGEST


def test_the_reading_level_is_computed_as_defined() -> None:
    assert lix(["Jag har en bil. Den är fantastisk."]) == pytest.approx(7 / 2 + 100 * 1 / 7)


def lix(said: list[str]) -> float:
    """Läsbarhetsindex: words in a sentence plus per cent of words longer than six letters (Björnsson 1968)."""
    found = [word for text in said for word in words(text)]
    sentences = sum(len(parts(text)) for text in said)
    return len(found) / sentences + 100 * sum(len(word) > 6 for word in found) / len(found)


def words(text: str) -> list[str]:
    """The words of a text, without its values."""
    return re.findall(r"[^\W\d_]+", re.sub(r"{\w+}", "", text))


def parts(text: str) -> list[str]:
    """The sentences of a text; a colon ends one too."""
    return [part for part in re.split(r"[.?:]+(?:\W|$)", text) if words(part)]
