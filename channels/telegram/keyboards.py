"""Buttons under a message, and the `callback_data` of a press, of at most 64 bytes. Pure functions."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from channels.message import Action, ActionName, Choice, Outbound
from channels.telegram.strings import DOWN, UP

#: Bytes of one button's data.
LONGEST_DATA = 64
#: Characters of a label that leaves room for another beside it.
_SHORT_LABEL = 12
_DATA = re.compile(r"(human|helped|not_helped|choose):([0-9]{1,10}):([0-9]{0,19}):(.*)", re.DOTALL)
_ACTIONS: dict[str, ActionName] = {
    "human": "human",
    "helped": "helped",
    "not_helped": "not_helped",
    "choose": "choose",
}


@dataclass(frozen=True, kw_only=True)
class Button:
    """One button: what it says and what a press of it tells."""

    label: str
    data: str


#: Buttons as they stand under a message.
Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, kw_only=True)
class CallbackData:
    """The content of a button's data; `user` is who may press it, where that is not everybody."""

    action: Action
    user: int | None = None

    @classmethod
    def read(cls, data: str | None) -> Self | None:
        """None when the data is none of ours."""
        match = _DATA.fullmatch(data or "")
        if match is None:
            return None
        name, message, user, choice = match.groups()
        action = Action(name=_ACTIONS[name], answer_id=int(message), choice=choice if name == "choose" else None)
        return cls(action=action, user=int(user) if user else None)

    def __str__(self) -> str:
        return f"{self.action.name}:{self.action.answer_id}:{self.user or ''}:{self.action.choice or ''}"


def keyboard(message: Outbound, user: int | None) -> Rows:
    """The buttons under a message; `user` is who may press them in a group."""

    def button(name: ActionName, label: str, choice: str | None = None) -> Button:
        action = Action(name=name, answer_id=message.id, choice=choice)
        return Button(label=label, data=str(CallbackData(action=action, user=user)))

    choices = [button("choose", choice.label, choice.id) for choice in message.choices]
    chosen = _rows(choices) if all(map(_can_be_pressed, choices)) else ()
    if not message.feedback:
        return chosen
    said = message.labels
    rated = button("helped", f"{UP} {said.helped}"), button("not_helped", f"{DOWN} {said.not_helped}")
    return (*chosen, rated, (button("human", said.human),))


def unbuttoned_choices(message: Outbound, user: int | None) -> Sequence[Choice]:
    """The choices that must be written out with their numbers, since no button can hold one of them."""
    has_buttons = any(button.data.startswith("choose:") for row in keyboard(message, user) for button in row)
    return () if has_buttons else message.choices


def _rows(buttons: Sequence[Button]) -> Rows:
    """One button a row, but two short ones that follow on each other, such as yes and no, side by side."""
    rows: list[tuple[Button, ...]] = []
    for each in buttons:
        is_beside = bool(rows) and len(rows[-1]) == 1 and max(len(rows[-1][0].label), len(each.label)) <= _SHORT_LABEL
        rows[-1:] = [(*rows[-1], each)] if is_beside else [*rows[-1:], (each,)]
    return tuple(rows)


def _can_be_pressed(button: Button) -> bool:
    return bool(button.label.strip()) and len(button.data.encode()) <= LONGEST_DATA
