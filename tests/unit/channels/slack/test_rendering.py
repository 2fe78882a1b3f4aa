"""Whatever is said: nothing is lost, Slack's limits are kept, and no text becomes markup."""

import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.message import Choice, Outbound, SourceCard
from channels.slack.rendering import LONGEST_LABEL, SlackPost, mark_pressed, render
from channels.testing.slack.reading import buttons, shown
from channels.testing.slack.rules import wrong_message

SOURCE = SourceCard(
    title="Opening <hours> & *more*",
    kind="article",
    url="https://e.example/h",
    updated=date(2025, 3, 3),
    caption="From the help centre · updated 3 March 2025",
)
#: Characters that mean something in Markdown, in Slack's markup, or in neither.
_MEANING = st.text(st.sampled_from(list("ab *_~`<>&|[]()!@#:\\-1.\n\tå🚲\u202e")), max_size=200)
_WORDS = st.lists(st.sampled_from(["button", "press", "<@U1>", "<!channel>", ":smile:", "*b*", "`c`", "@here"])).map(
    " ".join
)
_LINES = st.lists(
    st.tuples(st.sampled_from(["", "- ", "1. ", "   - ", "> ", "## ", "    ", "```\n", "---\n", "| a | b |\n"]), _WORDS)
    .map("".join)
    .map(lambda line: line + "\n"),
    max_size=60,
).map("".join)
TEXTS = st.one_of(st.text(max_size=300), _MEANING, _LINES)


def message(text: str, **more: object) -> Outbound:
    told = {"id": 7, "channel": "slack", "address": "D1", "author": "bot", "text": text} | more
    return Outbound(**told)  # type: ignore[arg-type]


def read(posts: tuple[SlackPost, ...]) -> str:
    return "\n".join(shown({"blocks": post.blocks}) for post in posts)


def wrong(posts: tuple[SlackPost, ...]) -> list[str]:
    return [each for post in posts for each in wrong_message({"text": post.text, "blocks": list(post.blocks)})]


def squeezed(text: str) -> str:
    return re.sub(r"[\s]+", "", text)


@settings(max_examples=300)
@given(TEXTS, st.sampled_from([None, SOURCE]), st.booleans())
def test_any_text_keeps_slacks_rules(text: str, source: SourceCard | None, feedback: bool) -> None:
    choices = (Choice(id="1", label=text[:200]), Choice(id="2", label="B"))
    assert wrong(render(message(text, source=source, feedback=feedback))) == []
    assert wrong(render(message(text, choices=choices))) == []
    assert wrong(render(message(text, author="agent", author_name=text[:90] or "M"))) == []


@settings(max_examples=200)
@given(st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=300))
def test_what_is_written_plainly_is_shown_to_the_letter(text: str) -> None:
    escaped = "".join(f"\\{each}" if each in r"""!"#$%&'()*+,-./:;<=>?@[\]^_`{|}~""" else each for each in text)
    assert squeezed(text) in squeezed(read(render(message(escaped))))


@given(st.lists(st.sampled_from(["press", "the", "button", "and wait", "åäö"]), min_size=1, max_size=3000))
def test_a_text_of_any_length_arrives_whole(words: list[str]) -> None:
    posts = render(message(" ".join(words), source=SOURCE, feedback=True))
    assert squeezed(" ".join(words)) in squeezed(read(posts))
    assert wrong(posts) == []


@pytest.mark.parametrize("text", ["<!channel> <@U1> <https://x.example|y> @here", "*bold* _it_ ~no~ `code` :smile:"])
def test_no_text_calls_anybody_or_becomes_markup(text: str) -> None:
    escaped = "".join(f"\\{each}" if each in "*_~`<" else each for each in text)
    [post] = render(message(escaped))
    assert text in shown({"blocks": post.blocks})
    assert "<!" not in post.text
    assert "<@" not in post.text


def test_lists_keep_their_numbers_over_several_messages() -> None:
    steps = "\n".join(f"{number}. Press button {number} and wait for a while, please" for number in range(1, 400))
    posts = render(message(steps))
    assert len(posts) > 1
    numbers = [int(each) for each in re.findall(r"^(\d+)\. Press", read(posts), re.MULTILINE)]
    assert numbers == list(range(1, 400))
    assert wrong(posts) == []


def test_code_and_links_are_not_broken() -> None:
    code = "\n".join(f"line {number} of the code;" for number in range(900))
    links = " ".join(f"[page {number}](https://e.example/{number})" for number in range(400))
    posts = render(message(f"```\n{code}\n```\n\n{links}"))
    lines = [line for line in read(posts).split("\n") if line.startswith("line ")]
    assert lines == code.split("\n")
    found = [
        piece
        for post in posts
        for block in post.blocks
        for element in block.get("elements", ())
        for piece in element.get("elements", ())
        if piece["type"] == "link"
    ]
    assert [(each["text"], each["url"]) for each in found] == [
        (f"page {number}", f"https://e.example/{number}") for number in range(400)
    ]


def test_what_a_link_cannot_lead_to_is_text() -> None:
    [post] = render(message("[call](tel:+468123) [go](https://e.example/" + "x" * 4000 + ")"))
    assert "call (tel:+468123)" in shown({"blocks": post.blocks})
    assert wrong((post,)) == []


def test_everything_a_list_can_hold_is_there() -> None:
    listed = "1. one\n\n   more\n   - inner\n     ```\n     code\n     ```\n   > said\n2. two\n\n"
    posts = render(message(f"{listed}| a | b |\n|---|---|\n| c | d |"))
    assert [line.strip() for line in read(posts).split("\n") if line.strip()] == [
        "1. one",
        "more",
        "• inner",
        "code",
        "said",
        "2. two",
        "a | b",
        "c | d",
    ]


def test_an_answer_has_its_source_and_buttons_on_its_last_message_only() -> None:
    posts = render(message("word " * 5000, source=SOURCE, feedback=True))
    assert [len(buttons({"blocks": post.blocks})) for post in posts] == [*[0] * (len(posts) - 1), 3]
    whole = "Opening <hours> & *more* · From the help centre · updated 3 March 2025"
    assert whole in shown({"blocks": posts[-1].blocks})
    assert "Opening &lt;hours&gt;" in posts[-1].text


def test_a_forum_answer_is_shown_as_one() -> None:
    source = SourceCard(title="Rain", kind="answer", caption="Forumsvar av alva · bekräftat av företaget")
    [post] = render(message("Yes.", source=source))
    assert "Rain · Forumsvar av alva · bekräftat av företaget" in shown({"blocks": post.blocks})


def test_choices_too_long_for_a_button_are_listed_in_full() -> None:
    long = "Return a bike that was " + "very " * 20 + "wet"
    [post] = render(message("Which?", choices=(Choice(id="a", label=long), Choice(id="b", label="A bag"))))
    labels = [each["text"]["text"] for each in buttons({"blocks": post.blocks})]
    assert f"1. {long}\n" in shown({"blocks": post.blocks}) + "\n"
    assert labels[0].startswith("1. Return a bike")
    assert all(len(label) <= LONGEST_LABEL for label in labels)
    assert labels[1] == "A bag"


def test_a_pressed_button_is_shown_in_the_place_of_all() -> None:
    [post] = render(message("Which?", choices=tuple(Choice(id=str(n), label=f"C{n}") for n in range(30))))
    after = mark_pressed(post.blocks, "answerdesk/7/25", "C28")
    assert not buttons({"blocks": after})
    assert shown({"blocks": after}) == "Which?\n✓ C28"
    assert list(wrong_message({"text": "Which?", "blocks": after})) == []


def test_a_message_without_words_is_still_a_message() -> None:
    assert wrong(render(message(""))) == []
    assert wrong(render(message("[](https://e.example)"))) == []
    assert wrong(render(message("```\n```"))) == []
