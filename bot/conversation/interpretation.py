from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from bot.conversation.history import History, PendingChoice
from bot.conversation.language_detection import requested_language
from bot.conversation.language_tags import LANGUAGE_CHOICE_PREFIX
from bot.conversation.message_reading import MessageReading, ReadIntent, read_message
from bot.conversation.procedure_progress import progress
from bot.conversation.receipt import Receipt
from bot.conversation.text.choice_reply import HUMAN, NONE, NOT_SOLVED, SOLVED
from bot.conversation.text.correction import corrected
from bot.conversation.text.negation import unwanted_clauses, without_clauses
from bot.conversation.text.questions import is_question, may_follow, questions_in
from bot.conversation.text.search_terms import NEARLY_ALL, content_words, tokens
from bot.conversation.turn import Turn
from retrieval import SearchResult
from retrieval.reader.consulted import Consulted

#: What a turn wants: what its words alone tell, or what they mean after what was said before.
TurnIntent = ReadIntent | Literal["accept", "decline", "none", "not_solved", "denial", "upset", "step", "language"]
#: A reply to "which of these do you mean?" of so few words says what the question before lacked.
_LONGEST_REPLY = 6
#: What stands beside a refusal asks something of its own where it has so many words of content.
_FEWEST_WORDS = 2


@dataclass(frozen=True, kw_only=True)
class Query:
    """One question to look up."""

    question: str
    #: The question before with this one after it, where this one may follow on that.
    with_context: str | None = None
    #: The passages that answered the question before: who asks on has read them.
    shown_before: frozenset[str] = frozenset()
    #: The clauses beside it or in it that say what is not to be done, and whether it is nothing else.
    unwanted: tuple[str, ...] = ()
    is_refusal: bool = False
    #: The document that the customer chose for it.
    document: str | None = None
    #: Whether it only says what the question before it lacked: it means nothing alone.
    is_refinement: bool = False
    #: Whether it was looked up before: it is searched as then, and tells nothing new of what customers ask.
    is_again: bool = False


@dataclass(frozen=True, kw_only=True)
class ChosenOption:
    """A choice that was made: under which message, and which."""

    line_id: int
    choice: str

    @property
    def kind(self) -> str:
        """A document, none of those offered, a human, a language, or what a suggestion came to."""
        if self.choice.startswith(LANGUAGE_CHOICE_PREFIX):
            return "language"
        return self.choice if self.choice in {NONE, HUMAN, SOLVED, NOT_SOLVED} else "document"


@dataclass(frozen=True, kw_only=True)
class Interpretation:
    """Reading of a turn: its intent, the questions to look up, and what else it says of earlier help."""

    intent: TurnIntent
    #: What must be looked up: one question, or several that were asked at once.
    queries: tuple[Query, ...] = ()
    #: Of several questions: the whole message as one.
    whole: Query | None = None
    #: The earlier decision that a choice, a yes, a no or a complaint is about.
    topic: Receipt | None = None
    chosen: ChosenOption | None = None
    says_wrong: bool = False
    is_angry: bool = False
    #: The step of the procedure in `topic` that is wanted.
    step: int | None = None

    @property
    def denied(self) -> frozenset[str]:
        """The documents that the turn says were no help; none where it is not clear which of several are meant."""
        if not self.says_wrong or self.topic is None or self.topic.parts:
            return frozenset()
        return frozenset(each.document_id for each in self.topic.shown)


@dataclass(frozen=True, kw_only=True)
class QueryResult:
    """A question and what was found for it."""

    query: Query
    #: What was searched in the end: the question, or it together with the one before.
    searched: str
    result: SearchResult
    #: What a reader said of it, which is in the result already.
    consulted: Consulted | None = None

    @property
    def before(self) -> str | None:
        """The question that this one may follow on, where it is not in what was searched already."""
        whole = self.query.with_context
        return whole.removesuffix(self.query.question).strip() or None if whole and whole != self.searched else None

    @property
    def same_share(self) -> float:
        """Share of words that makes it the same as an earlier one. A follow-up holds all words of the one before."""
        return NEARLY_ALL if self.searched == self.query.question else 1.0


def interpret(turn: Turn, history: History, *, now: datetime) -> Interpretation:
    """Tell what a turn wants, from its words, its pressed buttons and what was said before."""
    readings = tuple(read_message(said.text, history) for said in turn.said if said.text.strip())
    intents = {each.intent for each in readings}
    if "human" in intents or any(action.name == "human" for action in turn.actions):
        return Interpretation(intent="human")
    if "forget" in intents:
        return Interpretation(intent="forget")
    chosen, others = _choice(turn, history, [each for each in readings if each.language_wish is None])
    in_words = _in_words(turn, history, others, now)
    return in_words if chosen is None else _with_question(chosen, in_words)


def _with_question(chosen: Interpretation, in_words: Interpretation) -> Interpretation:
    """A choice, with what was asked beside it."""
    if in_words.intent != "question":
        return chosen
    if chosen.intent in {"decline", "solved"}:
        return replace(in_words, chosen=chosen.chosen)
    if chosen.intent == "not_solved":
        return replace(in_words, chosen=chosen.chosen, topic=chosen.topic, says_wrong=True)
    # Where a person takes over, they read what was asked beside it.
    return replace(chosen, queries=chosen.queries + in_words.queries) if chosen.queries else chosen


def _choice(
    turn: Turn, history: History, readings: Sequence[MessageReading]
) -> tuple[Interpretation | None, Sequence[MessageReading]]:
    """Read the choice that was pressed or written, if any, and give the messages beside it."""
    for action in turn.actions:
        pressed = history.pending(action.answer_id) if action.name == "choose" else None
        if pressed and action.choice in {choice.id for choice in pressed.choices}:
            return _chosen(pressed, action.choice), readings
    pending = history.pending_choice
    for place, reading in enumerate(readings):
        if pending and reading.choice:
            return _chosen(pending, reading.choice), [*readings[:place], *readings[place + 1 :]]
    return None, readings


def _chosen(pending: PendingChoice, choice: str) -> Interpretation:
    receipt = pending.receipt
    option = ChosenOption(line_id=pending.line_id, choice=choice)
    if choice == HUMAN:
        return Interpretation(intent="accept", topic=receipt, chosen=option)
    if choice == SOLVED:
        return Interpretation(intent="solved", topic=receipt, chosen=option)
    if choice == NOT_SOLVED:
        again = () if receipt.parts else (_again(receipt),)
        return Interpretation(intent="not_solved", topic=receipt, chosen=option, queries=again, says_wrong=True)
    if choice == NONE:
        # A human who is declined stays on offer: the button is not used up.
        declined = None if not pending.is_clarifying else option
        return Interpretation(intent="none" if pending.is_clarifying else "decline", topic=receipt, chosen=declined)
    query = replace(_again(receipt), document=receipt.offered[int(choice) - 1])
    return Interpretation(intent="question", queries=(query,), topic=receipt, chosen=option)


def _again(receipt: Receipt) -> Query:
    """The question of an earlier decision, to be looked up as it was then."""
    is_alone = receipt.searched in {None, receipt.question}
    return Query(question=receipt.question, with_context=None if is_alone else receipt.searched, is_again=True)


def _in_words(turn: Turn, history: History, readings: Sequence[MessageReading], now: datetime) -> Interpretation:
    """Read a turn's messages and presses beside the choices it makes."""
    pressed = [action.answer_id for action in turn.actions if action.name == "not_helped"]
    topic = next(
        (history.pressed[each] for each in pressed if each is not None and each in history.pressed), history.last_topic
    )
    if len(readings) == 1 and not pressed and readings[0].step:
        return _step(readings[0].step, history.last_topic)
    says_wrong = bool(pressed) or any(each.says_wrong for each in readings)
    is_angry = any(each.is_angry for each in readings)
    questions = [each.question for each in readings if each.question]
    if questions:
        asked = _questions(questions, history, now)
        topic = topic if says_wrong or is_angry else None
        return replace(asked, topic=topic, says_wrong=says_wrong, is_angry=is_angry)
    if is_angry:
        return Interpretation(intent="upset", topic=topic, is_angry=True, says_wrong=says_wrong)
    if says_wrong:
        return Interpretation(intent="denial", topic=topic, says_wrong=True)
    if requested_language(turn, history):
        return Interpretation(intent="language")
    spoken = [each.intent for each in readings if each.intent != "empty"]
    intent = spoken[-1] if spoken else "empty"
    return Interpretation(intent=intent, topic=history.last_topic if intent == "solved" else None)


def _step(wished: int, topic: Receipt | None) -> Interpretation:
    walked = progress(topic)
    if walked is None or wished > len(walked.procedure.steps):
        return Interpretation(intent="thanks")
    return Interpretation(intent="step", topic=topic, step=wished)


def _questions(texts: Sequence[str], history: History, now: datetime) -> Interpretation:
    """Split messages, taken together, into their questions, each with the one it may follow on."""
    message = "\n".join(texts)
    before = history.asked_before(now)
    pending = history.pending_choice
    replies = pending is not None and pending.is_clarifying
    mended = corrected(message, before.understood[-1]) if before else None
    if mended is not None:
        return Interpretation(
            intent="question", queries=(Query(question=message, with_context=mended, is_refinement=True),)
        )
    parts = questions_in(message)
    queries: list[Query] = []
    for part in parts:
        is_reply = replies and not queries and len(tokens(part)) <= _LONGEST_REPLY
        earlier = queries[-1].question if queries else before.understood[-1] if before else None
        with_context = f"{earlier} {part}" if (is_reply or may_follow(part)) and earlier else None
        query = Query(
            question=part,
            with_context=with_context,
            shown_before=before.given if before else frozenset(),
            is_refinement=is_reply and not is_question(part) and len(content_words(part)) <= _FEWEST_WORDS,
        )
        queries.append(_without_refusals(query))
    whole = Query(question=message) if len(parts) > 1 else None
    return Interpretation(intent="question", queries=tuple(queries), whole=whole)


def _without_refusals(query: Query) -> Query:
    """A query with what it says is not to be done apart, where it asks something beside."""
    clauses = unwanted_clauses(query.question)
    if not clauses:
        return query
    rest = without_clauses(query.question, clauses)
    if len(content_words(rest)) < _FEWEST_WORDS:
        return replace(query, unwanted=clauses, is_refusal=True)
    return replace(query, question=rest, with_context=None, unwanted=clauses)


def search_queries(search: Callable[[str], SearchResult], interpretation: Interpretation) -> tuple[QueryResult, ...]:
    """Search for all that a turn asks. Several questions about one document are one, put in several ways."""
    asked: tuple[QueryResult, ...] = ()
    for query in interpretation.queries:
        before = _passages(asked[-1].result) if asked else query.shown_before
        asked += (_ask(search, replace(query, shown_before=before)),)
    if interpretation.whole and len({_best(each.result) for each in asked}) == 1:
        return (_ask(search, interpretation.whole),)
    return asked


def _passages(result: SearchResult) -> frozenset[str]:
    return frozenset(each.passage_id for each in result.candidates[:1])


def _best(result: SearchResult) -> str:
    return result.candidates[0].document_id if result.candidates else ""


def _ask(search: Callable[[str], SearchResult], query: Query) -> QueryResult:
    """A question that may follow on another is searched without it and with it; the surer counts.

    With it, the words of the one before may outweigh its own: what only leads to the same answer again does not count.
    """
    if query.with_context is not None and query.is_refinement:
        return QueryResult(query=query, searched=query.with_context, result=search(query.with_context))
    alone = search(query.question)
    if query.with_context is not None:
        together = search(query.with_context)
        is_surer = together.confidence > alone.confidence and _passages(together).isdisjoint(query.shown_before)
        if is_surer or query.is_again:
            return QueryResult(query=query, searched=query.with_context, result=together)
    return QueryResult(query=query, searched=query.question, result=alone)
