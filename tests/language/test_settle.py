from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.language.common_words import common_words
from bot.conversation.language.decision import LanguageChoice, LanguageState, decide_language, settle_by_match
from bot.conversation.language.detectors import make_detector
from bot.conversation.language.likelihood import Likelihoods, evidence_in
from bot.conversation.language.posterior import Belief, Hints, first_belief, likeliest, update
from bot.conversation.language_tags import SUPPORTED, base_code, corpus_code, group_of, reply_locale
from bot.conversation.phrases import LANGUAGES
from tests.language.data import sentences

DETECTOR = make_detector("py3langid")
SWEDISH = LanguageState(language="sv", belief={"sv": 0.97, "en": 0.02})
PINNED = LanguageState(language="sv", is_pinned=True, belief={"sv": 1.0})
BOTH = Hints(corpus=frozenset({"en", "sv"}))
ENGLISH = "My bike was stolen last night. What should I do now to block the lock?"
SENTENCES = [sentence.text for sentence in sentences()]

words = st.text(st.characters(categories=("L", "N", "P", "S")), min_size=1, max_size=20)
standings = st.builds(
    LanguageState,
    language=st.sampled_from(SUPPORTED),
    is_pinned=st.booleans(),
    belief=st.none(),
    has_asked=st.booleans(),
)
hints = st.builds(
    Hints,
    locale=st.none() | st.sampled_from(["sv-SE", "en", "de_AT", "no", "xx", "", "zh-Hant"]),
    corpus=st.frozensets(st.sampled_from(["en", "sv", "de", "nb", "ja"])),
)
evidence = st.sampled_from(SENTENCES).map(lambda text: evidence_in(text, DETECTOR))


def said(text: str, standing: LanguageState, known: Hints = BOTH, *, wish: str | None = None) -> LanguageChoice:
    return decide_language(standing, evidence_in(text, DETECTOR), known, wish=wish)


@given(said=st.lists(words | st.sampled_from(["ok", "thanks", "hello", "danke", "yes"]), max_size=2), known=hints)
def test_no_message_of_one_or_two_words_changes_an_established_language(said: list[str], known: Hints) -> None:
    heard = evidence_in(" ".join(said), DETECTOR)
    few = replace(heard, words=min(heard.words, 2), telling=min(heard.telling, 2))
    for language in SUPPORTED:
        assert decide_language(LanguageState(language=language), few, known).language == language


@given(standing=standings, heard=evidence, known=hints)
def test_the_language_is_one_of_which_something_is_known_and_the_belief_adds_up(
    standing: LanguageState, heard: Likelihoods, known: Hints
) -> None:
    choice = decide_language(standing, heard, known)
    assert choice.language is not None
    assert 0 < sum(choice.belief.values()) <= 1.001
    assert choice.language in choice.belief
    assert set(choice.asks) <= set(SUPPORTED)


@given(heard=evidence, known=hints, standing=standings, wish=st.sampled_from(SUPPORTED))
def test_what_the_customer_asks_for_is_what_they_get(
    heard: Likelihoods, known: Hints, standing: LanguageState, wish: str
) -> None:
    choice = decide_language(standing, heard, known, wish=wish)
    assert (choice.language, choice.is_pinned, choice.ground) == (wish, True, "wish")


@given(heard=evidence, known=hints)
def test_a_pin_holds_whatever_is_written(heard: Likelihoods, known: Hints) -> None:
    assert decide_language(PINNED, heard, known).language == "sv"


@given(heard=evidence, known=hints, standing=standings)
def test_nobody_is_asked_twice(heard: Likelihoods, known: Hints, standing: LanguageState) -> None:
    assert decide_language(replace(standing, has_asked=True), heard, known).asks == ()


@given(text=st.text(max_size=200))
def test_no_text_breaks_it(text: str) -> None:
    heard = evidence_in(text, DETECTOR)
    assert 0 <= heard.telling <= heard.words
    assert all(abs(heard.weight(language)) <= heard.words for language in heard.weights)


@pytest.mark.parametrize(
    "text",
    [
        "Kompass Pro",
        "123456",
        "ERR_LOCK_17",
        "https://shop.example/orders/4711",
        "me@shop.example",
        "👍",
        "`cannot open the file that you have`",
        "“Unable to connect to the server, please try again later”",
        "Åsa Lindström, Västra Hamngatan 3",
        "",
    ],
)
def test_what_belongs_to_no_language_says_nothing_of_it(text: str) -> None:
    for language in ("en", "sv", "de"):
        choice = said(text, LanguageState(language=language))
        assert choice.language == language
        assert choice.belief.get(language, 0) >= 0.9


def test_who_writes_whole_sentences_in_another_language_is_answered_in_it() -> None:
    choice = said(ENGLISH, SWEDISH)
    assert (choice.language, choice.ground, choice.detected) == ("en", "words", "en")


def test_a_borrowed_word_or_two_in_passing_is_forgotten() -> None:
    standing = SWEDISH
    for text in ("thanks", "ok", "sorry", "hello", "yes please", "thanks"):
        choice = said(text, standing)
        standing = LanguageState(language=choice.language, belief=choice.belief)
    assert standing == SWEDISH


def test_a_first_word_chooses_where_nothing_else_is_known_and_yields_to_the_next_sentence() -> None:
    first = said("hello", LanguageState())
    assert first.language == "en"
    second = said("jag kan inte logga in", LanguageState(language="en", belief=first.belief))
    assert second.language == "sv"


@pytest.mark.parametrize(
    ("greeting", "language"),
    [("moin", "de"), ("vielen dank", "de"), ("hola", "es"), ("coucou", "fr"), ("bom dia", "pt"), ("bye", "en")],
)
def test_a_greeting_is_of_the_languages_that_have_it_whatever_its_letters_look_like(
    greeting: str, language: str
) -> None:
    assert said(greeting, LanguageState(), Hints(corpus=frozenset({"en"}))).language == language


def test_the_platforms_locale_decides_where_the_words_do_not() -> None:
    assert said("Kompass 300", LanguageState(), Hints(locale="de-AT")).language == "de"
    assert said("Kompass 300", LanguageState(), Hints(locale="de-AT")).ground == "locale"
    assert said(ENGLISH, LanguageState(), Hints(locale="de-AT")).language == "en"
    assert said("Kompass 300", LanguageState(), Hints()).language is None


def test_danish_and_norwegian_are_told_apart_by_what_is_known_where_their_words_are_the_same() -> None:
    both = "Kan jeg betale med kort?"
    assert said(both, LanguageState(), Hints(locale="da-DK")).language == "da"
    assert said(both, LanguageState(), Hints(locale="no")).language == "nb"
    assert said(both, LanguageState(), Hints(corpus=frozenset({"en", "da"}))).language == "da"
    assert said(both, LanguageState(language="nb")).language == "nb"
    assert said("Hva gjør dere når noe er ødelagt?", LanguageState()).language == "nb"


def test_a_whole_text_against_a_pin_asks_once_and_changes_nothing() -> None:
    choice = said(ENGLISH, PINNED)
    assert (choice.language, choice.is_pinned, choice.asks) == ("sv", True, ("en", "sv"))
    assert said(ENGLISH, replace(PINNED, has_asked=True)).asks == ()
    assert said("thanks a lot", PINNED).asks == ()


def test_a_new_customer_who_writes_in_two_languages_at_once_is_asked() -> None:
    torn = Likelihoods(words=12, telling=8, weights={"en": 0.0, "sv": -0.2, "de": -9.0})
    choice = decide_language(LanguageState(), torn, BOTH)
    assert choice.language == "en"
    assert choice.asks == ("en", "sv")


def test_the_page_that_answers_tells_where_nothing_else_does() -> None:
    unknown = said("Kompass", LanguageState())
    assert unknown.language is None
    found = settle_by_match(LanguageState(), unknown, "sv", BOTH)
    assert (found.language, found.ground) == ("sv", "match")
    assert settle_by_match(LanguageState(), unknown, "en", Hints(corpus=frozenset({"en"}))) == unknown
    assert settle_by_match(SWEDISH, said("Kompass", SWEDISH), "en", BOTH).language == "sv"


def test_a_language_that_we_do_not_speak_is_named_where_a_text_is_clearly_in_it() -> None:
    czech = "Dobrý den, moje objednávka ještě nedorazila a nevím, co mám dělat, můžete mi prosím pomoct?"
    assert said(czech, LanguageState(), Hints(corpus=frozenset({"en"}))).language == "cs"


def test_codes_of_platforms_and_of_the_corpus_are_ours() -> None:
    assert [base_code(tag) for tag in ("sv-SE", "pt_BR.UTF-8", "no", "nn-NO", "", None, "xx")] == [
        "sv", "pt", "nb", "nb", None, None, None,
    ]  # fmt: skip
    assert corpus_code("nb", {"en", "no"}) == "no"
    assert corpus_code("nb", {"en"}) == "nb"
    assert corpus_code("sv", {"no"}) == "sv"
    assert corpus_code(None, {"en"}) is None
    assert group_of("da") == {"da", "nb"}


def test_the_languages_told_apart_are_those_that_the_bot_speaks() -> None:
    assert set(SUPPORTED) == set(LANGUAGES) == set().union(*common_words().values())


def test_a_customer_is_spoken_to_in_their_region_where_it_is_of_their_language() -> None:
    assert reply_locale("en", "en-US") == "en-US"
    assert reply_locale("sv", "en-US") == "sv"
    assert reply_locale(None, "de-AT") == "de-AT"
    assert reply_locale(None, None) is None


def test_a_belief_is_bayes_rule() -> None:
    prior: Belief = first_belief(Hints())
    heard = Likelihoods(words=50, telling=50, weights={"en": 0.0, "sv": -1.0})
    now = update(prior, heard)
    assert now["sv"] / now["en"] == pytest.approx(2.718281828**-1, rel=1e-3)
    assert likeliest(now)[0] == "en"
