"""Source line under an answer, composed once in the customer's language; channels only set it in their own type."""

from bot.conversation.phrases import Phrases
from channels.message import SourceCard
from retrieval import Candidate


def source_card(candidate: Candidate, phrases: Phrases) -> SourceCard:
    """The source of a passage, with its caption in the language of the phrases."""
    return SourceCard(
        title=candidate.title,
        kind=candidate.kind,
        url=candidate.url,
        updated=candidate.updated,
        author=candidate.author,
        confirmed=candidate.confirmed,
        caption=" · ".join(_facts(candidate, phrases)),
    )


def _facts(candidate: Candidate, phrases: Phrases) -> list[str]:
    """The kind of page, its date, and of a forum answer who gave it and whether the company stands by it."""
    day = [phrases.day(candidate.updated)] if candidate.updated else []
    if candidate.kind != "answer":
        return [phrases.say("source.help"), *(phrases.say("source.updated", date=each) for each in day)]
    author = " ".join((candidate.author or "").split())
    said = phrases.say("source.forum_by", author=author) if author else phrases.say("source.forum")
    return [said, *day, phrases.say("source.confirmed" if candidate.confirmed else "source.unconfirmed")]
