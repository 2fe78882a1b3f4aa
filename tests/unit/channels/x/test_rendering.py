from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from channels.message import Choice, Labels, Outbound, SourceCard
from channels.x.rendering import LONGEST, cut, read_press, render

TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1)


def said(text: str, **more: object) -> Outbound:
    return Outbound(id=1, channel="x", address="1-2", text=text, **{"author": "bot"} | more)  # type: ignore[arg-type]


def test_an_answer_is_plain_text_with_its_source_and_what_to_write() -> None:
    source = SourceCard(
        title="Opening hours",
        kind="article",
        url="https://example.com/h",
        updated=date(2025, 3, 3),
        caption="From the help centre · updated 3 March 2025",
    )
    [text] = render(said("**We open** at [nine](https://example.com/9).", source=source, feedback=True), with_hint=True)
    assert text == (
        "We open at nine (https://example.com/9).\n\n"
        "Opening hours · From the help centre · updated 3 March 2025\nhttps://example.com/h\n\n"
        "Didn't help? Write “no”.\nWrite “human” at any time to reach a person."
    )


def test_a_forum_answer_is_shown_as_one() -> None:
    source = SourceCard(title="A\nthread", kind="answer", caption="Forum answer by Bo · not confirmed by the company")
    [text] = render(said("Try it.", source=source))
    assert text == "Try it.\n\nA thread · Forum answer by Bo · not confirmed by the company"


def test_choices_are_numbered() -> None:
    choices = tuple(Choice(id=each, label=f"Return a {each}") for each in ("bike", "bag", "gift"))
    [text] = render(said("Which?", choices=choices))
    assert text == "Which?\n\n1. Return a bike\n2. Return a bag\n3. Return a gift\nReply with a number."


def test_the_only_choice_is_a_yes_or_no() -> None:
    [text] = render(said("Shall I?", choices=(Choice(id="human", label="Yes, pass it to a human"),)))
    assert text == "Shall I?\n\n1. Yes, pass it to a human\nReply with “yes” or “no”."


def test_an_agent_signs() -> None:
    assert render(said("I looked.\nIt is open.", author="agent", author_name="Maria")) == (
        "I looked.\nIt is open.\n\n— Maria",
    )


def test_only_the_words_that_were_asked_for_are_a_press() -> None:
    german = Labels(helped="Hat geholfen", no="nein")
    assert [read_press(text, Labels()) for text in ("no", " NO. ", "“no”")] == ["not_helped"] * 3
    assert [read_press(text, Labels()) for text in ("Helped!", "helped.")] == ["helped"] * 2
    assert [read_press(text, german) for text in ("Nein.", "„nein“", "hat geholfen")] == ["not_helped"] * 2 + ["helped"]
    assert [read_press(text, german) for text in ("no", "nein, das andere", "ja", "")] == [None] * 4


@given(TEXTS, st.lists(TEXTS, max_size=4), st.booleans(), st.booleans(), st.integers(1, 400))
def test_no_message_is_too_long_or_empty(text: str, labels: list[str], asks: bool, hint: bool, times: int) -> None:
    choices = tuple(Choice(id=str(place), label=label) for place, label in enumerate(labels))
    texts = render(said(text * times, choices=choices, feedback=asks), with_hint=hint)
    assert texts
    assert all(len(each.strip()) > 0 and len(each) <= LONGEST for each in texts)
    assert (Labels().write_no in texts[-1]) >= asks


@given(st.lists(st.from_regex(r"[a-zåäö0-9]{1,30}", fullmatch=True), min_size=1, max_size=3000))
def test_no_word_is_lost(words: list[str]) -> None:
    assert " ".join(render(said(" ".join(words)))).split() == words


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300), st.integers(1, 50))
def test_cutting_loses_nothing_but_ends_of_lines(text: str, longest: int) -> None:
    pieces = cut(text, longest)
    assert all(len(piece) <= longest for piece in pieces)
    assert "".join(pieces).replace("\n", "") == text.replace("\n", "")
