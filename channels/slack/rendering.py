"""Messages as Slack's posts: rich text with source and buttons. Pure functions."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from channels.message import Action, Choice, Outbound, SourceCard
from channels.rich_text.document import Block, Inline, Link, Paragraph, Text, parse
from channels.rich_text.plain_text import plain
from channels.rich_text.splitting import split
from channels.slack.blocks import Json, blocks_of, section, with_linkable_urls
from channels.slack.mrkdwn import escape

#: Slack refuses blocks beyond about 13,200 characters of its own form of them (msg_blocks_too_long), and a text
#: beyond 40,000; a message of ours stays below the first with source and buttons, and with it below the second.
LONGEST_BLOCKS = 9_000
LONGEST_TEXT = 40_000
#: A section of rich text is kept as short as one of markup must be.
MOST_BLOCKS = 50
LONGEST_LABEL = 75
_BUTTONS_A_ROW = 25
_OURS = "answerdesk"


@dataclass(frozen=True, kw_only=True)
class SlackPost:
    """One message to post: its blocks, and the same as text for notifications and screen readers."""

    blocks: tuple[Json, ...]
    text: str


def render(message: Outbound) -> tuple[SlackPost, ...]:
    """The messages that say it; more than one where it is too long for one."""
    spoken = with_linkable_urls(parse(message.unfolded, as_typed=message.author == "agent"))
    cut = split((*spoken, *_listed(message.choices)), _fits)
    # What is blank is no message; where all is, the buttons still need one to stand under.
    parts = [part for part in cut if plain(part).strip()] or [(Paragraph(inlines=(Text(text="…"),)),)]
    after, told = _source_and_buttons(message)
    posts: list[SlackPost] = []
    for place, part in enumerate(parts):
        before = _name(message) if place == 0 else []
        is_last = place == len(parts) - 1
        blocks = (*before, *blocks_of(part), *(after if is_last else ()))
        lines = [message.author_name or "" if place == 0 else "", plain(part), told if is_last else ""]
        posts.append(SlackPost(blocks=blocks, text=escape("\n\n".join(filter(None, lines)))[:LONGEST_TEXT]))
    return tuple(posts)


def mark_pressed(blocks: Sequence[Mapping[str, Any]], block_id: str, label: str) -> list[Json]:
    """The blocks of a message with what was pressed instead of the buttons."""
    chosen = {"type": "context", "elements": [{"type": "plain_text", "text": f"✓ {label}", "emoji": False}]}
    ours = f"{block_id.rpartition('/')[0]}/"
    made: list[Json] = []
    for block in blocks:
        if not str(block.get("block_id", "")).startswith(ours):
            made.append(dict(block))
        elif chosen not in made:
            made.append(chosen)
    return made


def action_of(block_id: str, action_id: str, value: str | None) -> Action | None:
    """The action of a pressed button, None when it is not one of ours."""
    owner, _, rest = block_id.partition("/")
    number = rest.partition("/")[0]
    if owner != _OURS or not number.isdecimal():
        return None
    message_id = int(number)
    match action_id.partition("/")[0]:
        case "helped":
            return Action(name="helped", answer_id=message_id)
        case "not_helped":
            return Action(name="not_helped", answer_id=message_id)
        case "human":
            return Action(name="human", answer_id=message_id)
        case "choose" if value:
            return Action(name="choose", answer_id=message_id, choice=value)
        case _:
            return None


def _fits(blocks: Sequence[Block]) -> bool:
    made = blocks_of(blocks)
    size = len(json.dumps(made, ensure_ascii=False).encode("utf-8", "replace"))
    return size <= LONGEST_BLOCKS and len(made) <= MOST_BLOCKS - 10


def _name(message: Outbound) -> list[Json]:
    if not message.author_name:
        return []
    name = message.author_name[:LONGEST_LABEL]
    return [{"type": "context", "elements": [{"type": "plain_text", "text": name, "emoji": False}]}]


def _source_and_buttons(message: Outbound) -> tuple[list[Json], str]:
    """The blocks below a message: its source, and what is asked and can be pressed; and the same as text."""
    blocks: list[Json] = []
    told = ""
    if message.source:
        line = list(_source(message.source))
        blocks.append({"type": "rich_text", "elements": [section(line)]})
        told = plain([Paragraph(inlines=tuple(line))])
    if message.question:
        blocks.append({"type": "rich_text", "elements": [section([Text(text=message.question)])]})
        told = f"{told}\n\n{message.question}"
    return [*blocks, *_buttons(message)], told


def _source(source: SourceCard) -> Iterator[Inline]:
    title = source.title[:500] or source.url or "…"
    line = with_linkable_urls(
        [Paragraph(inlines=(Link(text=title, url=source.url) if source.url else Text(text=title),))]
    )
    assert isinstance(line[0], Paragraph)
    yield from line[0].inlines
    if source.caption:
        yield Text(text=f" · {source.caption[:500]}", styles=frozenset({"italic"}))


def _buttons(message: Outbound) -> list[Json]:
    offered = [
        _button(f"choose/{number}", _label(choice.label, number, len(message.choices)), choice.id)
        for number, choice in enumerate(message.choices, 1)
    ]
    if message.feedback:
        said = message.labels
        offered += [
            _button("helped", said.helped),
            _button("not_helped", said.not_helped),
            _button("human", said.human),
        ]
    return [
        {
            "type": "actions",
            "block_id": f"{_OURS}/{message.id}/{first}",
            "elements": offered[first : first + _BUTTONS_A_ROW],
        }
        for first in range(0, len(offered), _BUTTONS_A_ROW)
    ]


def _button(action_id: str, label: str, value: str = "1") -> Json:
    text = {"type": "plain_text", "text": label, "emoji": False}
    return {"type": "button", "action_id": action_id, "text": text, "value": value}


def _label(label: str, number: int, count: int) -> str:
    if not label.strip():
        return str(number)
    if len(label) <= LONGEST_LABEL:
        return label
    begins = f"{number}. " if count > 1 else ""
    return begins + label[: LONGEST_LABEL - len(begins) - 1].rstrip() + "…"


def _listed(choices: Sequence[Choice]) -> tuple[Block, ...]:
    """The choices in full above the buttons, where a button cannot hold one."""
    if all(len(choice.label) <= LONGEST_LABEL for choice in choices):
        return ()
    return tuple(
        Paragraph(inlines=(Text(text=f"{number}. {choice.label}"),)) for number, choice in enumerate(choices, 1)
    )
