from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
import yaml

from bot.conversation.contradiction import NEAR, contradiction
from bot.conversation.phrases import LANGUAGES
from retrieval.result import Candidate, SearchResult
from tests.unit.bot.conversation.test_policy import CANDIDATE, FOUND

DAYS = "How many days do I have to return an item?"


def page(title: str, text: str, **values: object) -> Candidate:
    return replace(CANDIDATE, document_id=title, title=title, text=text, **values)  # type: ignore[arg-type]


def found(one: str | Candidate, other: str | Candidate) -> SearchResult:
    first = page("One", one) if isinstance(one, str) else one
    second = page("Other", other) if isinstance(other, str) else other
    return replace(FOUND, candidates=(first, second))


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        (DAYS, "You can return an item within 30 days.", "You have 14 days to return an item."),
        (DAYS, "Welcome. You can return an item within 30 days.", "Return an item within fourteen days. Bye."),
        ("How long is the warranty?", "The warranty lasts 2 years.", "The warranty lasts three years."),
        ("How much is delivery?", "Delivery costs 49 kr.", "Delivery costs 59 kr."),
        ("When does the sale end?", "The sale ends on 3 May.", "The sale ends on May 5th."),
        ("Can I use the lamp outside?", "You can use the lamp outside.", "You can not use the lamp outside."),
    ],
)
def test_different_numbers_dates_and_yes_or_no_contradict(question: str, one: str, other: str) -> None:
    rivals = contradiction(question, found(one, other))
    assert rivals is not None
    assert rivals.titles == ("One", "Other")
    assert "“One” says: " in rivals.words
    assert "“Other” says: " in rivals.words


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        (DAYS, "You have 30 days to return an item.", "You can return an item within thirty days."),
        (DAYS, "You have 30 days to return an item.", "A refund takes 5 days."),
        (DAYS, "You have 30 days to return an item.", "You have 2 hours to return an item to the shop."),
        (DAYS, "You have 30 days to return an item.", "You have 30 days, at most 60 days, to return an item."),
        ("How long is a refund to my card?", "A refund to a card takes 5 days.", "A refund to a bank takes 9 days."),
        ("How do I use the lamp outside?", "Use the lamp outside.", "Do not use the lamp outside in snow."),
        ("Wie geht das mit der Lampe draußen?", "Die Lampe draußen verwenden.", "Die Lampe draußen nicht verwenden."),
        ("Can I use the lamp outside?", "You can use the lamp outside.", "The remote is not for use outside."),
        ("Where?", "It lasts 2 years.", "It lasts 3 years."),
    ],
)
def test_the_same_or_another_matter_contradicts_nothing(question: str, one: str, other: str) -> None:
    assert contradiction(question, found(one, other)) is None


SAID = yaml.safe_load(Path(__file__).with_name("contradictions.yaml").read_text("utf-8"))


def pairs(kind: str) -> list[tuple[str, str, str, str]]:
    """Language, question and what two pages say, of all languages."""
    return [
        (language, matter["asked"], one, other)
        for language, matters in SAID.items()
        for matter in matters
        for one, other in matter.get(kind, ())
    ]


def rivals_in(language: str | None, question: str, one: str, other: str) -> bool:
    pages = found(page("One", one, language=language), page("Other", other, language=language))
    return contradiction(question, pages) is not None


@pytest.mark.parametrize(("language", "question", "one", "other"), pairs("differ"))
def test_pages_contradict_each_other_in_each_language_whichever_comes_first(
    language: str, question: str, one: str, other: str
) -> None:
    assert rivals_in(language, question, one, other)
    assert rivals_in(language, question, other, one)


@pytest.mark.parametrize(("language", "question", "one", "other"), pairs("agree"))
def test_pages_that_agree_or_are_about_something_else_are_not_taken_for_rivals(
    language: str, question: str, one: str, other: str
) -> None:
    assert not rivals_in(language, question, one, other)
    assert not rivals_in(language, question, other, one)


def test_each_language_is_tested_with_a_number_a_price_a_date_and_a_no() -> None:
    assert set(SAID) == set(LANGUAGES)
    assert all(len(matters) >= 4 for matters in SAID.values())
    assert all(any("differ" in matter for matter in matters) for matters in SAID.values())


def test_sentences_about_different_things_raise_no_alarm_whatever_is_asked() -> None:
    """Each question of a language with each two of its sentences that belong to different ones, or are the same."""
    alarms, asked = [], 0
    for language, matters in SAID.items():
        said = [
            (place, sentence)
            for place, matter in enumerate(matters)
            for pair in (*matter.get("differ", ()), *matter.get("agree", ()))
            for sentence in pair
        ]
        for (mine, one), (theirs, other) in product(said, said):
            if mine != theirs or one == other:
                asked += len(matters)
                alarms += [(one, other) for each in matters if rivals_in(language, each["asked"], one, other)]
    assert alarms == []
    assert asked > 5000


def test_pages_that_do_not_say_their_language_are_read_as_english_and_swedish() -> None:
    assert rivals_in(None, "Hur länge gäller garantin?", "Garantin gäller i 2 år.", "Garantin gäller i tre år.")
    assert rivals_in(None, "How long is the warranty?", "The warranty lasts 2 years.", "The warranty lasts 3 years.")


def test_only_trusted_rivals_in_one_language_near_each_other_and_believed_count() -> None:
    one = page("One", "You have 30 days to return an item.")
    other = page("Other", "You have 14 days to return an item.")
    assert contradiction(DAYS, found(one, other))
    assert contradiction(DAYS, found(one, replace(other, kind="answer", confirmed=True)))
    assert not contradiction(DAYS, found(one, replace(other, kind="answer")))
    assert not contradiction(DAYS, found(one, replace(other, language="sv")))
    assert not contradiction(DAYS, found(one, replace(other, score=one.score - NEAR - 0.01)))
    doubtful = replace(found(one, other), confidence=0.1)
    assert not contradiction(DAYS, doubtful)
    assert contradiction(DAYS, replace(doubtful, among_first=0.95))
    assert not contradiction(DAYS, replace(doubtful, candidates=(one,), confidence=0.95))
