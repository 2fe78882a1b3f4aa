from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from channels.message import Choice, Outbound, SourceCard
from channels.x.rendering import LONGEST, cut, read_press, render
from channels.x.strings import ENGLISH

TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1)


def said(text: str, **more: object) -> Outbound:
    return Outbound(id=1, channel="x", address="1-2", text=text, **{"author": "bot"} | more)  # type: ignore[arg-type]


def test_an_answer_is_plain_text_with_its_source_and_what_to_write() -> None:
    source = SourceCard(title="Opening hours", kind="article", url="https://example.com/h", updated=date(2025, 3, 3))
    [text] = render(said("**We open** at [nine](https://example.com/9).", source=source, feedback=True), with_hint=True)
    assert text == (
        "We open at nine (https://example.com/9).\n\n"
        "From: Opening hours · 3 March 2025\nhttps://example.com/h\n\n"
        f"{ENGLISH.did_not_help}\n{ENGLISH.reach_a_person}"
    )


def test_a_forum_answer_is_shown_as_one() -> None:
    [text] = render(said("Try it.", source=SourceCard(title="A thread", kind="answer", author="Bo\nB")))
    assert text == "Try it.\n\nFrom: A thread · forum answer by Bo B, not confirmed by the company"


def test_choices_are_numbered() -> None:
    choices = tuple(Choice(id=each, label=f"Return a {each}") for each in ("bike", "bag", "gift"))
    [text] = render(said("Which?", choices=choices))
    assert text == "Which?\n\n1. Return a bike\n2. Return a bag\n3. Return a gift\nReply with 1, 2 or 3."


def test_the_only_choice_is_a_yes_or_no() -> None:
    [text] = render(said("Shall I?", choices=(Choice(id="human", label="Yes, pass it to a human"),)))
    assert text == "Shall I?\n\n1. Yes, pass it to a human\nReply with yes or no."


def test_an_agent_signs() -> None:
    assert render(said("I looked.\nIt is open.", author="agent", author_name="Maria")) == (
        "I looked.\nIt is open.\n\n— Maria",
    )


def test_only_the_offered_words_are_a_press() -> None:
    assert [read_press(text) for text in ("no", " NO. ", "“no”", "nej.")] == ["not_helped"] * 4
    assert [read_press(text) for text in ("Helped!", "hjälpte")] == ["helped"] * 2
    assert [read_press(text) for text in ("no, the other one", "yes", "")] == [None] * 3


@given(TEXTS, st.lists(TEXTS, max_size=4), st.booleans(), st.booleans(), st.integers(1, 400))
def test_no_message_is_too_long_or_empty(text: str, labels: list[str], asks: bool, hint: bool, times: int) -> None:
    choices = tuple(Choice(id=str(place), label=label) for place, label in enumerate(labels))
    texts = render(said(text * times, choices=choices, feedback=asks), with_hint=hint)
    assert texts
    assert all(len(each.strip()) > 0 and len(each) <= LONGEST for each in texts)
    assert (ENGLISH.did_not_help in texts[-1]) >= asks


@given(st.lists(st.from_regex(r"[a-zåäö0-9]{1,30}", fullmatch=True), min_size=1, max_size=3000))
def test_no_word_is_lost(words: list[str]) -> None:
    assert " ".join(render(said(" ".join(words)))).split() == words


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300), st.integers(1, 50))
def test_cutting_loses_nothing_but_ends_of_lines(text: str, longest: int) -> None:
    pieces = cut(text, longest)
    assert all(len(piece) <= longest for piece in pieces)
    assert "".join(pieces).replace("\n", "") == text.replace("\n", "")


def test_it_speaks_as_the_settings_say() -> None:
    source = SourceCard(title="Öppettider", kind="answer", author="Bo", updated=date(2025, 3, 3))
    choices = (Choice(id="1", label="En cykel"), Choice(id="2", label="En väska"))
    [text] = render(said("Vilken?", source=source, choices=choices, feedback=True), locale="sv-SE", with_hint=True)
    assert text == (
        "Vilken?\n\nFrån: Öppettider · svar på forumet av Bo, inte bekräftat av företaget · 3 mars 2025\n\n"
        "1. En cykel\n2. En väska\nSvara med 1 eller 2.\n\n"
        "Hjälpte det inte? Skriv ”nej”.\nSkriv ”människa” när som helst för att nå en person."
    )
