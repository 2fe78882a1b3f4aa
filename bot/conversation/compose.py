import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.conversation.choice import HUMAN, NONE
from bot.conversation.language.codes import LANGUAGE
from bot.conversation.policy import (
    Answer,
    Answered,
    Clarify,
    Decision,
    Escalate,
    Offer,
    Partial,
    Silent,
    Social,
)
from bot.conversation.receipt import Reason
from channels.message import Choice, SourceCard
from retrieval.search import Candidate


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A message the bot is about to send."""

    #: Markdown.
    text: str
    source: SourceCard | None = None
    feedback: bool = False
    choices: tuple[Choice, ...] = ()


#: What the customer is told when the bot hands over. No wait is promised: nobody has computed one.
HANDOVER: dict[Reason, str] = {
    "asked": "I've passed this to a colleague. You'll see the reply here, and you can go on writing in the meantime.",
    "unsure": "I couldn't find a sure answer to this, so I've passed it to a colleague. "
    "You'll see the reply here, and you can add anything that helps.",
    "unclear": "I can't tell which of our pages you need, so I've passed this to a colleague. "
    "You don't need to write it again; you'll see the reply here.",
    "nothing_found": "I have nothing written about this, so I've passed it to a colleague. "
    "You'll see the reply here, and you can add anything that helps.",
    "contradiction": "Our pages say different things about this, so I've passed it to a colleague who can tell you "
    "which is right. You'll see the reply here.",
    "partial": "I couldn't find a sure answer to this part, so I've passed it to a colleague. "
    "You'll see the reply here, and you can add anything that helps.",
    "repeated": "You've asked this before, and what I have didn't settle it, so I've passed it to a colleague. "
    "You don't need to write it again; you'll see the reply here.",
    "not_helped": "I've passed this to a colleague, with what you asked and what I answered. "
    "You'll see the reply here, and you can add anything that helps.",
    "upset": "I've passed this to a colleague, with all that was said here. "
    "You don't need to write it again; you'll see the reply here.",
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
    "declined": "All right. Ask again in other words whenever you like.",
    "language": "All right, I'll use that language from now on.",
    "unreadable": "I couldn't read that. What would you like to know?",
}
CLARIFY = "Which of these do you mean?"
#: Said with the offer of a human, alone and under an answer.
OFFER: dict[Reason, str] = {
    "not_helped": "Thank you for saying so. Shall I pass this to a colleague? You can also ask again in other words.",
    "upset": "A colleague can take over from here. Shall I pass this on?",
}
ASK_LANGUAGE = "Which language shall I use from now on?"
#: What each language is called by those who speak it.
OWN_NAMES = {
    "en": "English",
    "sv": "Svenska",
    "de": "Deutsch",
    "es": "Español",
    "fr": "Français",
    "da": "Dansk",
    "nb": "Norsk",
    "it": "Italiano",
    "pt": "Português",
    "nl": "Nederlands",
    "fi": "Suomi",
    "pl": "Polski",
}
OFFER_BESIDE = "If this does not settle it, a colleague can take over. Shall I pass it on?"
NONE_OF_THESE = "None of these, I need a human"
A_HUMAN = "Yes, pass it to a human"
HUMAN_CHOICES = (Choice(id=HUMAN, label=A_HUMAN),)
HANDED_BACK = "You're back with the assistant. Write “a human please” at any time to reach a colleague again."

_MARKUP = re.compile(r"([\\`*_\[\]<>#|~])")


def compose(decision: Decision) -> tuple[Draft, ...]:
    """The messages that carry out a decision."""
    drafts: tuple[Draft, ...]
    match decision:
        case Answer(answered=answered, offers_human=reason):
            offer = [Draft(text=OFFER_BESIDE, choices=HUMAN_CHOICES)] if reason else []
            drafts = (*_answers(answered, quoted=len(answered) > 1), *offer)
        case Partial(answered=answered, open=still_open):
            rest = Draft(text=f"{_quoted(still_open)}\n\n{HANDOVER['partial']}")
            drafts = (*_answers(answered, quoted=True), rest)
        case Clarify(candidates=candidates):
            drafts = (Draft(text=CLARIFY, choices=clarifying_choices(candidates)),)
        case Offer(reason=reason):
            drafts = (Draft(text=OFFER[reason], choices=HUMAN_CHOICES),)
        case Escalate(reason=reason):
            drafts = (Draft(text=HANDOVER[reason]),)
        case Social(phrase=phrase):
            drafts = (Draft(text=SOCIAL[phrase]),)
        case Silent():
            drafts = ()
    return drafts


def language_question(languages: Sequence[str]) -> Draft:
    """Which of these languages to use from now on."""
    return Draft(
        text=ASK_LANGUAGE,
        choices=tuple(Choice(id=f"{LANGUAGE}{language}", label=OWN_NAMES[language]) for language in languages),
    )


def clarifying_choices(candidates: Sequence[Candidate]) -> tuple[Choice, ...]:
    """Titles to choose from, by their places, and the way out."""
    titles = [Choice(id=str(place), label=candidate.title) for place, candidate in enumerate(candidates, 1)]
    return (*titles, Choice(id=NONE, label=NONE_OF_THESE))


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


def _answers(answered: Sequence[Answered], *, quoted: bool) -> tuple[Draft, ...]:
    """A message for each passage; of several, each says which questions it answers."""
    passages: dict[str, list[Answered]] = {}
    for each in answered:
        passages.setdefault(each.candidate.passage_id, []).append(each)
    return tuple(_answer(together, quoted=quoted) for together in passages.values())


def _answer(answered: Sequence[Answered], *, quoted: bool) -> Draft:
    candidate = answered[0].candidate
    text = answer_text(candidate)
    if quoted:
        text = f"{_quoted([each.question for each in answered])}\n\n{text}"
    return Draft(text=text, source=source_card(candidate), feedback=True)


def _quoted(questions: Sequence[str]) -> str:
    """Questions as the customer wrote them; what looks like markup in them is text."""
    return "\n>\n".join("> " + _MARKUP.sub(r"\\\1", " ".join(question.split())) for question in questions)
