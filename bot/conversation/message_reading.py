"""One message of a customer, read once: what it is for, what it asks, and what it says of the help so far."""

from dataclasses import dataclass
from typing import Literal

from bot.conversation.history import HELPFUL, History, PendingChoice
from bot.conversation.language_detection import asked_language, is_wish_beside_more
from bot.conversation.procedure_progress import progress
from bot.conversation.text.choice_reply import HUMAN, NONE, NOT_SOLVED, SOLVED, is_no, is_yes, read_choice
from bot.conversation.text.complaints import is_angry, says_solved, says_wrong, without_anger
from bot.conversation.text.intents import Intent, asks_for_next, asks_for_steps, read_intent
from bot.conversation.text.questions import is_question, sentences
from bot.conversation.text.search_terms import content_words, is_same_question, tokens

#: The place in a procedure that a message asks for.
StepWish = Literal["first", "next"]
#: What a message is for whose words alone tell nothing: a bare yes or no may be among them, in words or as a sign.
_UNSAID = frozenset({"question", "empty"})


@dataclass(frozen=True, kw_only=True)
class MessageReading:
    """All that a message's words tell, after what was said before."""

    intent: Intent
    #: What is left to look up once denials, anger and wishes are taken out; empty where nothing is asked.
    question: str = ""
    #: The id of the pending choice it names, whatever else its words may mean.
    choice: str | None = None
    says_wrong: bool = False
    is_angry: bool = False
    #: The language it asks for and does nothing else.
    language_wish: str | None = None
    step: StepWish | None = None


def read_message(text: str, history: History) -> MessageReading:
    """Read a message that holds more than white space."""
    intent = read_intent(text)
    wish = asked_language(text, history)
    pending = history.pending_choice
    choice = _written_choice(pending, text) if pending and wish is None else None
    step = _step_wish(text, history)
    if _is_content(text, intent, history):
        return MessageReading(intent="thanks", choice=choice, language_wish=wish, step=step)
    denies = intent in _UNSAID and history.is_last_helpful and is_no(text)
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


def _is_content(text: str, intent: Intent, history: History) -> bool:
    """True when a message says no more than that the help it is about was good."""
    if intent not in _UNSAID or not _was_helped(history):
        return False
    return says_solved(text) or (history.is_last_helpful and is_yes(text))


def _was_helped(history: History) -> bool:
    return history.last_topic is not None and history.last_topic.decision in HELPFUL


def _taken_apart(text: str, history: History) -> tuple[str, bool, bool]:
    """Take a message apart: its text without denials, anger and wishes; if it denies an answer; if it is angry."""
    pieces = sentences(text) or [text]
    denials = [each for each in pieces if _was_helped(history) and says_wrong(each)]
    angry = is_angry(text)
    left = [
        each
        for each in pieces
        if each not in denials and not is_wish_beside_more(each) and not (angry and _only_anger(each))
    ]
    return text if len(left) == len(pieces) else " ".join(left), bool(denials), angry


def _only_anger(sentence: str) -> bool:
    """True when a sentence says that somebody is upset and nothing else."""
    return is_angry(sentence) and not is_question(sentence) and len(content_words(without_anger(sentence))) <= 1


def _step_wish(text: str, history: History) -> StepWish | None:
    """The place in the procedure last given that a message asks for, and nothing else."""
    walked = progress(history.last_topic)
    if walked is None:
        return None
    if asks_for_steps(text):
        return "first"
    is_told_on = asks_for_next(text) or (history.newest is history.last_topic and is_yes(text))
    return "next" if walked.step is not None and is_told_on else None


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
    if is_no(text):
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
