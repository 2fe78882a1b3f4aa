from dataclasses import dataclass

from bot.conversation.policy import Answer, Decision, Escalate, Silent, Social
from bot.conversation.receipt import Reason
from channels.message import SourceCard
from retrieval.search import Candidate


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A message the bot is about to send."""

    #: Markdown.
    text: str
    source: SourceCard | None = None
    feedback: bool = False


#: What the customer is told when the bot hands over. No wait is promised: nobody has computed one.
HANDOVER: dict[Reason, str] = {
    "asked": "I've passed this to a colleague. You'll see the reply here, and you can go on writing in the meantime.",
    "unsure": "I couldn't find a sure answer to this, so I've passed it to a colleague. "
    "You'll see the reply here, and you can add anything that helps.",
    "nothing_found": "I have nothing written about this, so I've passed it to a colleague. "
    "You'll see the reply here, and you can add anything that helps.",
    "attachment": "I can't read files, so I've passed this to a colleague who can. "
    "A line about what you need will help. You'll see the reply here.",
    "failed": "Something went wrong on our side, so I've passed this to a colleague. "
    "You don't need to write it again; you'll see the reply here.",
    "unavailable": "I can't look things up at the moment, so I've passed this to a colleague. "
    "You don't need to write it again; you'll see the reply here.",
    "undelivered": "A message could not be delivered, so I've passed this to a colleague.",
}
SOCIAL: dict[str, str] = {
    "greeting": "Hello. What can I help you with?",
    "thanks": "You're welcome. Write here any time.",
    "goodbye": "Goodbye. Write here any time.",
    "not_helped": "Thank you for saying so. Try other words, or write “a human please” and a colleague takes over.",
    "unreadable": "I couldn't read that. What would you like to know?",
}
HANDED_BACK = "You're back with the assistant. Write “a human please” at any time to reach a colleague again."


def compose(decision: Decision) -> tuple[Draft, ...]:
    """The messages that carry out a decision."""
    match decision:
        case Answer(candidate=candidate):
            return (Draft(text=answer_text(candidate), source=source_card(candidate), feedback=True),)
        case Escalate(reason=reason):
            return (Draft(text=HANDOVER[reason]),)
        case Social(phrase=phrase):
            return (Draft(text=SOCIAL[phrase]),)
        case Silent():
            return ()


def answer_text(candidate: Candidate) -> str:
    """The passage word for word, under the headings it stands below in its document."""
    way = " › ".join(candidate.headings)
    return f"**{way}**\n\n{candidate.text}" if way else candidate.text


def source_card(candidate: Candidate) -> SourceCard:
    """Where an answer is from, as the customer sees it."""
    return SourceCard(
        title=candidate.title,
        kind=candidate.kind,
        url=candidate.url,
        updated=candidate.updated,
        author=candidate.author,
        confirmed=candidate.confirmed,
    )
