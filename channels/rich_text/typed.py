"""Markup as people mean it who type a reply: **bold**, ~~struck~~, `code`, links, tables. All else is as typed."""

from collections.abc import Iterator, Sequence

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

#: Rules of Markdown that take characters away from people who hardly meant them: `# of lamps`, `- 5 degrees`, `&amp;`.
NOT_TYPED = [
    *("heading", "lheading", "reference", "hr", "list", "blockquote", "code"),
    *("escape", "entity", "autolink", "image"),
]
_ITALIC = frozenset({"em_open", "em_close"})
_OPENING = frozenset({"strong_open", "s_open"})
_CLOSING = frozenset({"strong_close", "s_close"})


def keep_typed(state: StateCore) -> None:
    """Make text again of marks that set nobody's words: of `*21*123456#`, `__init__`, `2**3**4` and 5` by 6`."""
    for token in state.tokens:
        if token.children:
            token.children = list(_kept(token.children))
        if token.type == "fence" and token.info.strip():
            token.content, token.info = f"{token.info.strip()}\n{token.content}", ""


def _kept(tokens: Sequence[Token]) -> Iterator[Token]:
    unmeant = _unmeant(tokens)
    for place, token in enumerate(tokens):
        if place not in unmeant:
            yield token
        elif token.type == "code_inline":
            yield Token("text", "", 0, content=f"{token.markup}{token.content}{token.markup}")
        else:
            yield Token("text", "", 0, content=token.markup)


def _unmeant(tokens: Sequence[Token]) -> set[int]:
    """Places of the marks that are text: all of italics, and of the others those of underscores or within a word."""
    unmeant: set[int] = set()
    opened: list[int] = []
    for place, token in enumerate(tokens):
        if token.type in _OPENING:
            opened.append(place)
        elif token.type in _CLOSING:
            begins = opened.pop()
            if token.markup == "__" or _within_word(tokens, begins, place):
                unmeant |= {begins, place}
        elif token.type in _ITALIC or (token.type == "code_inline" and _within_word(tokens, place, place)):
            unmeant.add(place)
    return unmeant


def _within_word(tokens: Sequence[Token], first: int, last: int) -> bool:
    """True where a letter or digit touches the marks from outside."""
    before = tokens[first - 1].content[-1:] if first else ""
    after = tokens[last + 1].content[:1] if last + 1 < len(tokens) else ""
    return before.isalnum() or after.isalnum()
