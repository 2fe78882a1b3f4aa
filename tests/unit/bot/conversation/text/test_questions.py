import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.text.questions import LONGEST_LIST, may_follow, questions_in
from bot.conversation.text.search_terms import is_same_question


@pytest.mark.parametrize(
    ("text", "questions"),
    [
        ("How do I reset it? How do I pair it?", ["How do I reset it?", "How do I pair it?"]),
        (
            "How do I reset the hub? Also, where is my parcel?",
            ["How do I reset the hub?", "Also, where is my parcel?"],
        ),
        ("how do i reset the hub\nwhere is my parcel", ["how do i reset the hub", "where is my parcel"]),
        (
            "1. How do I reset the hub?\n2. Where is my parcel?\n3. Can I return a lamp?",
            ["How do I reset the hub?", "Where is my parcel?", "Can I return a lamp?"],
        ),
        (
            "I bought the hub yesterday. How do I pair it? My lamp is red. What does that mean?",
            ["I bought the hub yesterday. How do I pair it?", "My lamp is red. What does that mean?"],
        ),
        (
            "Where is my parcel? How do I reset the hub? It is the small one.",
            ["Where is my parcel?", "How do I reset the hub? It is the small one."],
        ),
        ("Hur laddar jag den? Var är mitt paket?", ["Hur laddar jag den?", "Var är mitt paket?"]),
    ],
)
def test_several_questions_are_taken_apart(text: str, questions: list[str]) -> None:
    assert list(questions_in(text)) == questions


@pytest.mark.parametrize(
    "text",
    [
        "How do I reset my hub?",
        "I bought the hub yesterday. How do I pair it?",
        "How do I pair it? I bought it yesterday.",
        "my lamp is red\nsince yesterday",
        "When I press the button it blinks red. How do I stop that?",
        "How do I return a lamp? Can anybody help me?",
        "Is there any way to tell? I want to know who read my mail.",
        "How do I reset it? Please?",
        "a? b? c?",
        "???",
        "Where is A one? Where is B two? Where is C three? Where is D four? Where is E five?",
        "Where is my parcel? " + "word " * LONGEST_LIST + "How do I reset the hub?",
    ],
)
def test_one_question_stays_whole(text: str) -> None:
    assert questions_in(text) == (text.strip(),)


@given(st.lists(st.sampled_from(["How do I pair the hub?", "It is red.", "Where is my parcel?", "ok", "Why so slow?"])))
def test_no_word_is_lost(pieces: list[str]) -> None:
    text = " ".join(pieces)
    assert re.findall(r"\w+", " ".join(questions_in(text))) == re.findall(r"\w+", text)


@pytest.mark.parametrize(
    "question",
    [
        "and on my phone?",
        "But what about Norway?",
        "what about the small one",
        "how about used ones?",
        "och på mobilen?",
        "Hur är det med Norge?",
        "why?",
        "why not",
        "how long does it take?",
        "Does that cost extra?",
        "hur då",
    ],
)
def test_a_follow_up_may_need_the_question_before(question: str) -> None:
    assert may_follow(question)


@pytest.mark.parametrize(
    "question",
    [
        "How do I reset my hub?",
        "My lamp blinks red and I do not know why",
        "Where is my parcel?",
        "and then I pressed the button for ten seconds but it went on blinking",
        "How do I get my money back for it now that the shop is closed?",
        "",
    ],
)
def test_a_question_with_content_of_its_own_is_no_follow_up(question: str) -> None:
    assert not may_follow(question)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("How do I reset my hub?", "how do i reset the hub"),
        ("How do I reset my hub?", "How can I reset my hub, please?"),
        ("why?", "Why"),
        ("Hur laddar jag batteriet?", "hur laddar man batteriet"),
    ],
)
def test_nearly_the_same_words_are_the_same_question(one: str, other: str) -> None:
    assert is_same_question(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("How do I reset my hub?", "How do I reset my lamp?"),
        ("Where is my hub?", "What is a hub?"),
        ("How do I turn alerts on?", "How do I turn alerts off?"),
        ("Does the lamp work outside?", "Does the lamp not work outside?"),
        ("why?", "how?"),
        ("it", ""),
    ],
)
def test_other_words_are_another_question(one: str, other: str) -> None:
    assert not is_same_question(one, other)
