"""What the channel says itself on X, and the words of customers that stand for a button."""

from collections.abc import Mapping
from dataclasses import dataclass

from channels.message import ActionName


@dataclass(frozen=True, kw_only=True)
class Words:
    """The words of one language."""

    did_not_help: str
    reach_a_person: str
    #: With the numbers but the last, and the last.
    reply_with: str
    reply_yes_or_no: str
    source: str
    forum: str
    forum_by: str
    confirmed: str
    unconfirmed: str


ENGLISH = Words(
    did_not_help="Didn't help? Write “no”.",
    reach_a_person="Write “human” at any time to reach a person.",
    reply_with="Reply with {numbers} or {last}.",
    reply_yes_or_no="Reply with yes or no.",
    source="From: {title}",
    forum="forum answer",
    forum_by="forum answer by {author}",
    confirmed="confirmed by the company",
    unconfirmed="not confirmed by the company",
)
SWEDISH = Words(
    did_not_help="Hjälpte det inte? Skriv ”nej”.",
    reach_a_person="Skriv ”människa” när som helst för att nå en person.",
    reply_with="Svara med {numbers} eller {last}.",
    reply_yes_or_no="Svara med ja eller nej.",
    source="Från: {title}",
    forum="svar på forumet",
    forum_by="svar på forumet av {author}",
    confirmed="bekräftat av företaget",
    unconfirmed="inte bekräftat av företaget",
)
#: What stands for a press of the buttons that other channels show under an answer, in either language.
PRESSES: Mapping[str, ActionName] = {
    "no": "not_helped",
    "nope": "not_helped",
    "nej": "not_helped",
    "helped": "helped",
    "hjälpte": "helped",
}


def words_for(locale: str | None) -> Words:
    """The words for a locale such as "sv-SE"; English where we have none of its language."""
    return SWEDISH if (locale or "").lower().startswith("sv") else ENGLISH
