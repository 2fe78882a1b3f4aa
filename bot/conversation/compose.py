import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.conversation.language_tags import LANGUAGE_CHOICE_PREFIX
from bot.conversation.phrases import Phrases, own_name
from bot.conversation.policy import (
    Answer,
    AnsweredQuestion,
    Clarify,
    Decision,
    Escalate,
    OfferHuman,
    Partial,
    Silent,
    Social,
    Step,
)
from bot.conversation.receipt import Reason
from bot.conversation.source_card import source_card
from bot.conversation.text.choice_reply import HUMAN, NONE
from bot.conversation.text.procedures import procedure_in
from channels.message import Choice, SourceCard
from retrieval.result import Candidate


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A message the bot is about to send."""

    #: Markdown.
    text: str
    source: SourceCard | None = None
    feedback: bool = False
    choices: tuple[Choice, ...] = ()


_MARKUP = re.compile(r"([\\`*_\[\]<>#|~])")


def compose(decision: Decision, phrases: Phrases, *, wait: timedelta | None = None) -> tuple[Draft, ...]:
    """The messages that carry out a decision, in the language of the phrases.

    A hand-over says how long the `wait` usually is, where that is known.
    """
    drafts: tuple[Draft, ...]
    match decision:
        case Answer(answered=answered, offers_human=reason):
            offer = [Draft(text=phrases.say("offer.beside"), choices=human_choices(phrases))] if reason else []
            given = _answers(answered, phrases, quoted=len(answered) > 1)
            drafts = (
                (*given, *offer) if offer or len(given) > 1 else (_with_steps_offered(given[0], answered[0], phrases),)
            )
        case Step(candidate=candidate, step=step):
            drafts = (_step(candidate, step, phrases),)
        case Partial(answered=answered, open=still_open):
            rest = Draft(text=f"{_quoted(still_open)}\n\n{_handover('partial', phrases, wait)}")
            drafts = (*_answers(answered, phrases, quoted=True), rest)
        case Clarify(candidates=candidates):
            drafts = (Draft(text=phrases.say("clarify"), choices=clarifying_choices(candidates, phrases)),)
        case OfferHuman(reason=reason):
            drafts = (Draft(text=phrases.say(f"offer.{reason}"), choices=human_choices(phrases)),)
        case Escalate(reason=reason):
            drafts = (Draft(text=_handover(reason, phrases, wait)),)
        case Social(phrase="language"):
            drafts = (Draft(text=phrases.language_set()),)
        case Social(phrase=phrase):
            drafts = (Draft(text=phrases.say(f"social.{phrase}")),)
        case Silent():
            drafts = ()
    return drafts


def language_question(languages: Sequence[str], phrases: Phrases) -> Draft:
    """Which of these languages to use from now on."""
    choices = tuple(
        Choice(id=f"{LANGUAGE_CHOICE_PREFIX}{language}", label=own_name(language)) for language in languages
    )
    return Draft(text=phrases.ask_language(), choices=choices)


def clarifying_choices(candidates: Sequence[Candidate], phrases: Phrases) -> tuple[Choice, ...]:
    """Titles to choose from, by their places, and the way out."""
    titles = [Choice(id=str(place), label=candidate.title) for place, candidate in enumerate(candidates, 1)]
    return (*titles, Choice(id=NONE, label=phrases.say("choice.none")))


def human_choices(phrases: Phrases) -> tuple[Choice, ...]:
    """The button that brings a human."""
    return (Choice(id=HUMAN, label=phrases.say("choice.human")),)


def answer_text(candidate: Candidate) -> str:
    """The passage word for word, under the headings it stands below in its document."""
    way = " › ".join(candidate.headings)
    return f"**{way}**\n\n{candidate.text}" if way else candidate.text


def _answers(answered: Sequence[AnsweredQuestion], phrases: Phrases, *, quoted: bool) -> tuple[Draft, ...]:
    """A message for each passage; of several, each says which questions it answers."""
    passages: dict[str, list[AnsweredQuestion]] = {}
    for each in answered:
        passages.setdefault(each.candidate.passage_id, []).append(each)
    return tuple(_answer(together, phrases, quoted=quoted) for together in passages.values())


def _answer(answered: Sequence[AnsweredQuestion], phrases: Phrases, *, quoted: bool) -> Draft:
    candidate, other = answered[0].candidate, answered[0].other_language
    text = answer_text(candidate)
    if other is not None:
        text = f"{phrases.other_language(other)}\n\n{text}"
    if quoted:
        text = f"{_quoted([each.question for each in answered])}\n\n{text}"
    return Draft(text=text, source=source_card(candidate, phrases), feedback=True)


def _with_steps_offered(draft: Draft, answered: AnsweredQuestion, phrases: Phrases) -> Draft:
    """An answer that is a long procedure says that it can be had step by step."""
    procedure = procedure_in(answered.candidate.text)
    if procedure is None:
        return draft
    return replace(draft, text=f"{draft.text}\n\n*{phrases.say_count('step.offer', len(procedure.steps))}*")


def _step(candidate: Candidate, step: int, phrases: Phrases) -> Draft:
    """One step of a procedure, with what stands before the first and after the last, and how to go on."""
    procedure = procedure_in(candidate.text)
    assert procedure is not None
    count = len(procedure.steps)
    place = f"**{phrases.say('step.place', step=str(step), count=str(count))}**"
    is_first, is_last = step == 1, step == count
    before, after = procedure.before if is_first else "", procedure.after if is_last else ""
    way_on = phrases.say("step.last" if is_last else "step.more")
    pieces = (before, place, procedure.steps[step - 1], after, f"*{way_on}*")
    return Draft(
        text="\n\n".join(piece for piece in pieces if piece),
        source=source_card(candidate, phrases) if is_first else None,
        feedback=is_last,
    )


def _handover(reason: Reason, phrases: Phrases, wait: timedelta | None) -> str:
    told = phrases.handover(reason)
    return told if wait is None else f"{told} {phrases.wait(wait)}"


def _quoted(questions: Sequence[str]) -> str:
    """Questions as the customer wrote them; what looks like markup in them is text."""
    return "\n>\n".join("> " + _MARKUP.sub(r"\\\1", " ".join(question.split())) for question in questions)
