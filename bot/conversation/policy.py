from dataclasses import dataclass

from bot.conversation.intents import Intent, read_intent
from bot.conversation.receipt import Reason
from bot.conversation.turn import Turn
from retrieval.search import Candidate, Found

#: A turn that failed this often goes to a person.
MOST_ATTEMPTS = 3


@dataclass(frozen=True, kw_only=True)
class Answer:
    """Answer word for word from the candidate."""

    candidate: Candidate


@dataclass(frozen=True, kw_only=True)
class Escalate:
    """Hand over to a person."""

    reason: Reason


@dataclass(frozen=True, kw_only=True)
class Social:
    """Say something small: a greeting, a thank you, a way on."""

    phrase: str


@dataclass(frozen=True, kw_only=True)
class Silent:
    """Nothing to say: a person has the conversation, or nothing was asked."""


Decision = Answer | Escalate | Social | Silent


@dataclass(frozen=True, kw_only=True)
class Understanding:
    """What a turn is for. `question` is set when the knowledge must be searched."""

    intent: Intent
    not_helped: bool = False
    question: str | None = None


def understand(turn: Turn) -> Understanding:
    """Tell what a turn wants from its words and pressed buttons alone."""
    if any(action.name == "human" for action in turn.actions):
        return Understanding(intent="human")
    not_helped = any(action.name == "not_helped" for action in turn.actions)
    texts = [said.text for said in turn.said if said.text.strip()]
    intents = [read_intent(text) for text in texts]
    if "human" in intents:
        return Understanding(intent="human")
    questions = [text for text, intent in zip(texts, intents, strict=True) if intent == "question"]
    if questions:
        return Understanding(intent="question", question="\n".join(questions))
    spoken = [intent for intent in intents if intent != "empty"]
    return Understanding(intent=spoken[-1] if spoken else "empty", not_helped=not_helped)


def decide(turn: Turn, understanding: Understanding, found: Found | None) -> Decision:
    """What to do with a turn. `found` is None when nothing was searched, or nothing could be."""
    if turn.conversation.owner != "bot":
        return Silent()
    if understanding.intent == "human":
        return Escalate(reason="asked")
    if understanding.question is not None:
        return _decide_on_question(found)
    if understanding.intent == "empty":
        return _decide_on_silence(turn, understanding)
    return Social(phrase=understanding.intent)


def _decide_on_question(found: Found | None) -> Decision:
    if found is None:
        return Escalate(reason="unavailable")
    if not found.candidates:
        return Escalate(reason="nothing_found")
    if found.confidence >= found.threshold:
        return Answer(candidate=found.candidates[0])
    return Escalate(reason="unsure")


def _decide_on_silence(turn: Turn, understanding: Understanding) -> Decision:
    if understanding.not_helped:
        return Social(phrase="not_helped")
    if any(said.has_attachments for said in turn.said):
        return Escalate(reason="attachment")
    if any(said.text.strip() for said in turn.said):
        return Social(phrase="unreadable")
    return Silent()
