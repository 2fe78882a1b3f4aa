import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.conversation.decisions import (
    Add,
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
    Suggest,
    Withdraw,
)
from bot.conversation.excerpt import by_passage, excerpt
from bot.conversation.language_tags import LANGUAGE_CHOICE_PREFIX
from bot.conversation.phrases import Phrases, own_name
from bot.conversation.source_card import source_card
from bot.conversation.text.choice_reply import HUMAN, NONE, NOT_SOLVED, SOLVED
from bot.conversation.text.procedures import numbered_lists, procedure_in
from bot.conversation.text.short_answer import first_sentence
from channels.message import Choice, SourceCard
from retrieval import Candidate


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A message the bot is about to send."""

    #: Markdown.
    text: str
    source: SourceCard | None = None
    feedback: bool = False
    choices: tuple[Choice, ...] = ()


_MARKUP = re.compile(r"([\\`*_\[\]<>#|~])")


def compose(
    decision: Decision, phrases: Phrases, *, wait: timedelta | None = None, is_unstaffed: bool = False
) -> tuple[Draft, ...]:
    """The messages that carry out a decision, in the language of the phrases.

    A hand-over says how long the `wait` usually is, where that is known; and where no agent can sign in, just that.
    """
    drafts: tuple[Draft, ...]
    match decision:
        case Answer(answered=answered, offers_human=reason):
            offer = [Draft(text=phrases.say("offer.beside"), choices=human_choices(phrases))] if reason else []
            given = _answers(answered, phrases, quoted=len(answered) > 1)
            drafts = (
                (*given, *offer) if offer or len(given) > 1 else (_with_steps_offered(given[0], answered[0], phrases),)
            )
        case Suggest():
            drafts = _suggestion(decision, phrases)
        case Step(candidate=candidate, step=step):
            drafts = (_step(candidate, step, phrases),)
        case Partial(answered=answered, suggested=suggested, open=still_open):
            rest = Draft(text=f"{_quoted(still_open)}\n\n{_passed_on(decision, phrases, wait, is_unstaffed)}")
            guesses = [_guess(each, phrases, quoted=True) for each in suggested]
            drafts = (*_answers(answered, phrases, quoted=True), *guesses, rest)
        case Clarify(candidates=candidates):
            drafts = (Draft(text=phrases.say("clarify"), choices=clarifying_choices(candidates, phrases)),)
        case OfferHuman(reason=reason):
            drafts = (Draft(text=phrases.say(f"offer.{reason}"), choices=human_choices(phrases)),)
        case Escalate() | Add():
            told = _passed_on(decision, phrases, wait, is_unstaffed)
            beside = decision.beside
            drafts = (Draft(text=f"{told}\n\n{_beside(beside, phrases)}" if beside else told),)
        case Withdraw() | Social():
            drafts = (Draft(text=_small(decision, phrases)),)
        case Silent():
            drafts = ()
    return drafts


def language_question(languages: Sequence[str], phrases: Phrases) -> Draft:
    """Ask the customer to choose one of these languages for the rest of the conversation."""
    choices = tuple(
        Choice(id=f"{LANGUAGE_CHOICE_PREFIX}{language}", label=own_name(language)) for language in languages
    )
    return Draft(text=phrases.ask_language(), choices=choices)


def clarifying_choices(candidates: Sequence[Candidate], phrases: Phrases) -> tuple[Choice, ...]:
    """Titles to choose from, by their places, and the way out."""
    titles = [Choice(id=str(place), label=candidate.title) for place, candidate in enumerate(candidates, 1)]
    return (*titles, Choice(id=NONE, label=phrases.say("choice.none")))


def outcome_choices(phrases: Phrases) -> tuple[Choice, ...]:
    """Give the three replies to a suggestion: it solved the matter, it did not, or a person is wanted."""
    return (
        Choice(id=SOLVED, label=phrases.say("choice.solved")),
        Choice(id=NOT_SOLVED, label=phrases.say("choice.not_solved")),
        Choice(id=HUMAN, label=phrases.say("choice.person")),
    )


def human_choices(phrases: Phrases) -> tuple[Choice, ...]:
    """The button that brings a human."""
    return (Choice(id=HUMAN, label=phrases.say("choice.human")),)


def answer_text(headings: Sequence[str], text: str) -> str:
    """The shown part of a page, word for word, under the headings it stands below in its document."""
    way = " › ".join(headings)
    return f"**{way}**\n\n{text}" if way else text


def _answers(answered: Sequence[AnsweredQuestion], phrases: Phrases, *, quoted: bool) -> tuple[Draft, ...]:
    """A message for each passage; of several, each says which questions it answers."""
    return tuple(_answer(together, phrases, quoted=quoted) for together in by_passage(answered))


def _answer(answered: Sequence[AnsweredQuestion], phrases: Phrases, *, quoted: bool) -> Draft:
    return replace(_shown(answered, phrases, quoted=quoted), feedback=True)


def _suggestion(decision: Suggest, phrases: Phrases) -> tuple[Draft, ...]:
    """Answers and guesses, each under its question where there are several, and what came of them asked once.

    A guess that stands alone is one message with the question and its choices; the channel sets it under the source.
    """
    choices = outcome_choices(phrases)
    if not decision.answered and len(decision.suggested) == 1:
        [guess] = decision.suggested
        return (replace(_guess(guess, phrases, quoted=False, is_next=decision.is_next), choices=choices),)
    return (
        *_answers(decision.answered, phrases, quoted=True),
        *(_guess(each, phrases, quoted=True, is_next=decision.is_next) for each in decision.suggested),
        Draft(text=phrases.say("suggest.question"), choices=choices),
    )


def _guess(suggested: AnsweredQuestion, phrases: Phrases, *, quoted: bool, is_next: bool = False) -> Draft:
    """A page that is likely right, said as such."""
    candidate = suggested.candidate
    is_unchecked = candidate.kind == "answer" and not candidate.confirmed
    lead = phrases.say(f"suggest.{'unconfirmed' if is_unchecked else 'next' if is_next else 'lead'}")
    return _shown([suggested], phrases, quoted=quoted, lead=lead)


def _shown(answered: Sequence[AnsweredQuestion], phrases: Phrases, *, quoted: bool, lead: str = "") -> Draft:
    """A page: the part that answers, and with its source the rest, which channels fold or link."""
    candidate, other = answered[0].candidate, answered[0].other_language
    part = excerpt(answered)
    pieces = (
        _quoted([each.question for each in answered]) if quoted else "",
        lead,
        phrases.other_language(other) if other is not None else "",
        answer_text(part.headings, part.text),
    )
    source = replace(source_card(candidate, phrases), rest=part.rest)
    return Draft(text="\n\n".join(piece for piece in pieces if piece), source=source)


def _beside(pages: Sequence[Candidate], phrases: Phrases) -> str:
    """Pages that may help while a person is waited for: their titles with a link, or with what they say first."""
    items = "\n".join(f"- {_page(each)}" for each in pages)
    return f"{phrases.say_count('beside', len(pages))}\n\n{items}"


def _page(candidate: Candidate) -> str:
    title = _MARKUP.sub(r"\\\1", " ".join(candidate.title.split()))
    if candidate.url:
        return f"[{title}](<{candidate.url}>)"
    return f"**{title}**: {' '.join(first_sentence(candidate.text).split())}"


def _with_steps_offered(draft: Draft, answered: AnsweredQuestion, phrases: Phrases) -> Draft:
    """An answer that is a long procedure says that it can be had step by step, where no other list is beside it."""
    procedure = procedure_in(answered.candidate.text)
    is_beside_others = len(numbered_lists(answered.candidate.text)) > 1
    if procedure is None or is_beside_others or procedure_in(excerpt([answered]).text) is None:
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


def _small(decision: Social | Withdraw, phrases: Phrases) -> str:
    if isinstance(decision, Withdraw):
        return phrases.say(f"withdrawn.{decision.phrase}")
    is_wish = decision.phrase == "language"
    text = phrases.language_set() if is_wish else phrases.say(f"social.{decision.phrase}")
    return f"{text} {phrases.say('waiting.still')}" if decision.says_waiting else text


def _passed_on(decision: Escalate | Add | Partial, phrases: Phrases, wait: timedelta | None, is_unstaffed: bool) -> str:
    """Say that an agent has it, and how long that usually takes where it is news; or that there is none."""
    if is_unstaffed:
        is_again = isinstance(decision, Add) and decision.phrase.endswith("_again")
        return phrases.say("nobody.added" if is_again else "nobody")
    match decision:
        case Escalate(reason=reason):
            return _usual(phrases.handover(reason), phrases, wait)
        case Add(phrase=phrase):
            return _usual(phrases.say(f"waiting.{phrase}"), phrases, wait if phrase == "asked" else None)
        case Partial(joins=joins):
            return phrases.say("waiting.partial") if joins else _usual(phrases.handover("partial"), phrases, wait)


def _usual(told: str, phrases: Phrases, wait: timedelta | None) -> str:
    """The words with how long it usually takes, where that is known."""
    return told if wait is None else f"{told} {phrases.wait(wait)}"


def _quoted(questions: Sequence[str]) -> str:
    """Questions as the customer wrote them; what looks like markup in them is text."""
    return "\n>\n".join("> " + _MARKUP.sub(r"\\\1", " ".join(question.split())) for question in questions)
