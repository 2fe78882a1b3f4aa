"""Asking the customer for their language, and the button they press."""

from dataclasses import replace

from bot.conversation.decisions import Answer, Decision, Social
from bot.conversation.interpretation import ChosenOption
from bot.conversation.language.decision import LanguageChoice
from bot.conversation.language_tags import LANGUAGE_CHOICE_PREFIX
from bot.conversation.turn import Turn


def may_ask(choice: LanguageChoice, decision: Decision) -> LanguageChoice:
    """The same, without a question for the language where another is asked, or a person takes over."""
    is_free = isinstance(decision, (Answer, Social)) and not (isinstance(decision, Answer) and decision.offers_human)
    return choice if is_free else replace(choice, asks=())


def language_taken(turn: Turn) -> ChosenOption | None:
    """The button of a language that was pressed."""
    for said in turn.said:
        action = said.action
        if action and action.answer_id is not None and (action.choice or "").startswith(LANGUAGE_CHOICE_PREFIX):
            return ChosenOption(line_id=action.answer_id, choice=action.choice or "")
    return None
