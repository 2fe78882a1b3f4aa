"""One message of a customer, read once: what it is for, what it asks, and what it says of the help so far."""

from dataclasses import dataclass
from typing import Literal

from bot.conversation.history import HELPFUL, History, PendingChoice
from bot.conversation.language_detection import asked_language, is_wish_beside_more
from bot.conversation.step_wish import wished_step
from bot.conversation.text.choice_reply import (
    HUMAN,
    NONE,
    NOT_SOLVED,
    SOLVED,
    declines,
    is_no,
    is_small_sign,
    is_yes,
    read_choice,
)
from bot.conversation.text.complaints import is_angry, says_solved, says_wrong, without_anger
from bot.conversation.text.intents import Intent, read_intent
from bot.conversation.text.questions import is_question, sentences
from bot.conversation.text.remarks import says_goodbye
from bot.conversation.text.search_terms import content_words, is_same_question, tokens

#: What a message is for, after what was said before: a yes to a question of which page says too little.
ReadIntent = Intent | Literal["which"]
#: What a message is for whose words alone tell nothing: a bare yes or no may be among them, in words or as a sign.
_UNSAID = frozenset({"question", "empty", "ack"})
#: Remarks that say nothing of the help so far.
_BESIDE = frozenset({"greeting", "opener", "presence", "how_are_you", "thanks"})


@dataclass(frozen=True, kw_only=True)
class MessageReading:
    """All that a message's words tell, after what was said before."""

    intent: ReadIntent
    #: What is left to look up once denials, anger and wishes are taken out; empty where nothing is asked.
    question: str = ""
    #: The id of the pending choice it names, whatever else its words may mean.
    choice: str | None = None
    says_wrong: bool = False
    is_angry: bool = False
    #: The language it asks for and does nothing else.
    language_wish: str | None = None
    #: The step that it asks for of the procedure last given, from 1.
    step: int | None = None


def read_message(text: str, history: History) -> MessageReading:
    """Read a message that holds more than white space."""
    intent = _intent(text, history)
    wish = asked_language(text, history)
    pending = history.pending_choice
    choice = _written_choice(pending, text) if pending and wish is None else None
    step = wished_step(text, history)
    denies = intent == "tried" or (intent in _UNSAID and history.is_last_helpful and is_no(text))
    if intent != "question" and not denies:
        return MessageReading(intent=intent, choice=choice, language_wish=wish, step=step)
    question, is_denial, angry = ("", True, False) if denies else _taken_apart(text, history)
    return MessageReading(
        intent="question",
        question=question,
        choice=choice,
        says_wrong=is_denial,
        is_angry=angry,
        language_wish=wish,
        step=step,
    )


def _intent(text: str, history: History) -> ReadIntent:
    """The intent of a message, with what its words mean after what was said before."""
    intent = read_intent(text)
    if intent == "tried" and not _was_helped(history):
        return "question"
    if intent == "greeting" and history.last_topic and says_goodbye(text):
        return "goodbye"
    if intent not in _UNSAID:
        return intent
    if history.is_last_helpful and is_yes(text):
        return "thanks"
    pending = history.pending_choice
    if pending and pending.is_clarifying and pending.receipt is history.newest and is_yes(text):
        return "which"
    return "ack" if is_small_sign(text) else intent


def _was_helped(history: History) -> bool:
    return history.last_topic is not None and history.last_topic.decision in HELPFUL


def _taken_apart(text: str, history: History) -> tuple[str, bool, bool]:
    """Take a message apart: its text without denials, anger and wishes; if it denies an answer; if it is angry."""
    pieces = sentences(text) or [text]
    denials = [each for each in pieces if _was_helped(history) and says_wrong(each)]
    angry = is_angry(text)
    beside = [each for each in pieces if read_intent(each) in _BESIDE]
    left = [
        each
        for each in pieces
        if each not in denials
        and each not in beside
        and not is_wish_beside_more(each)
        and not (angry and _only_anger(each))
    ]
    return text if len(left) == len(pieces) else " ".join(left), bool(denials), angry


def _only_anger(sentence: str) -> bool:
    """True when a sentence says that somebody is upset and nothing else."""
    return is_angry(sentence) and not is_question(sentence) and len(content_words(without_anger(sentence))) <= 1


def _written_choice(pending: PendingChoice, text: str) -> str | None:
    """The id of the choice that a message makes."""
    if pending.is_suggestion:
        return _outcome(pending, text)
    if pending.is_clarifying:
        is_title = any(tokens(choice.label) == tokens(text) for choice in pending.choices)
        # Who asks the same again has chosen nothing, though a title may hold the same words.
        is_again = not is_title and is_same_question(text, pending.receipt.question)
        return None if is_again else read_choice(text, pending.choices)
    if is_yes(text):
        return HUMAN
    if declines(text):
        return NONE
    named = read_choice(text, pending.choices)
    return named if named == HUMAN and text.strip().isdecimal() else None


def _outcome(pending: PendingChoice, text: str) -> str | None:
    """Read what a message says of a suggestion, in words, by a number or as a button is labelled; None if nothing."""
    if is_yes(text) or says_solved(text):
        return SOLVED
    if is_no(text) or says_wrong(text):
        return NOT_SOLVED
    said = tokens(text)
    labelled = next((choice.id for choice in pending.choices if tokens(choice.label) == said), None)
    named = read_choice(text, pending.choices)
    is_number = len(said) == 1 and said[0].isdecimal()
    return labelled or (named if is_number else NOT_SOLVED if named == NONE else None)
