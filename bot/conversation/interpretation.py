from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from bot.conversation.history import History, PendingChoice
from bot.conversation.language_detection import asked_language, is_wish_beside_more, wish_of
from bot.conversation.language_tags import LANGUAGE_CHOICE_PREFIX
from bot.conversation.receipt import Receipt
from bot.conversation.text.choice_reply import HUMAN, NONE, is_no, is_yes, read_choice
from bot.conversation.text.complaints import is_angry, says_wrong, without_anger
from bot.conversation.text.intents import Intent, asks_for_next, asks_for_steps, read_intent
from bot.conversation.text.procedures import progress
from bot.conversation.text.questions import is_question, may_follow, questions_in, sentences
from bot.conversation.text.search_terms import NEARLY_ALL, content_words, is_same_question, tokens
from bot.conversation.turn import Turn
from retrieval.result import SearchResult

#: What a turn wants: what its words alone tell, or what they mean after what was said before.
TurnIntent = Intent | Literal["accept", "decline", "none", "denial", "upset", "step", "language"]
#: A reply to "which of these do you mean?" of so few words says what the question before lacked.
_LONGEST_REPLY = 6


@dataclass(frozen=True, kw_only=True)
class Query:
    """One question to look up."""

    question: str
    #: The question before with this one after it, where this one may follow on that.
    together: str | None = None
    #: The passages that answered the question before: who asks on has read them.
    given: frozenset[str] = frozenset()
    #: The document that the customer chose for it.
    document: str | None = None


@dataclass(frozen=True, kw_only=True)
class ChosenOption:
    """A choice that was made: under which message, and which."""

    line_id: int
    choice: str

    @property
    def kind(self) -> str:
        """A document, none of those offered, a human, or a language."""
        if self.choice.startswith(LANGUAGE_CHOICE_PREFIX):
            return "language"
        return self.choice if self.choice in {NONE, HUMAN} else "document"


@dataclass(frozen=True, kw_only=True)
class Interpretation:
    """What a turn is for."""

    want: TurnIntent
    #: What must be looked up: one question, or several that were asked at once.
    queries: tuple[Query, ...] = ()
    #: Of several questions: the whole message as one.
    whole: Query | None = None
    #: The earlier decision that a choice, a yes, a no or a complaint is about.
    about: Receipt | None = None
    taken: ChosenOption | None = None
    says_wrong: bool = False
    is_angry: bool = False
    #: The step of the procedure in `about` that is wanted.
    step: int | None = None


@dataclass(frozen=True, kw_only=True)
class QueryResult:
    """A question and what was found for it."""

    query: Query
    #: What was searched in the end: the question, or it together with the one before.
    searched: str
    found: SearchResult

    @property
    def same_share(self) -> float:
        """Share of words that makes it the same as an earlier one. A follow-up holds all words of the one before."""
        return NEARLY_ALL if self.searched == self.query.question else 1.0


def understand(turn: Turn, past: History, *, now: datetime) -> Interpretation:
    """Tell what a turn wants, from its words, its pressed buttons and what was said before."""
    texts = [said.text for said in turn.said if said.text.strip()]
    intents = [read_intent(text) for text in texts]
    if any(action.name == "human" for action in turn.actions) or "human" in intents:
        return Interpretation(want="human")
    if "forget" in intents:
        return Interpretation(want="forget")
    offer, choice, texts = _choice(turn, past, texts)
    if offer is None or choice is None:
        return _in_words(turn, past, texts, now)
    understanding = _chosen(offer, choice)
    more = _in_words(turn, past, texts, now)
    if more.want != "question":
        return understanding
    if understanding.want == "decline":
        return more
    # Where a person takes over, they read what was asked beside it.
    return (
        replace(understanding, queries=understanding.queries + more.queries) if understanding.queries else understanding
    )


def search_queries(search: Callable[[str], SearchResult], understanding: Interpretation) -> tuple[QueryResult, ...]:
    """Search for all that a turn asks. Several questions about one document are one, put in several ways."""
    asked: tuple[QueryResult, ...] = ()
    for query in understanding.queries:
        before = _passages(asked[-1].found) if asked else query.given
        asked += (_ask(search, replace(query, given=before)),)
    if understanding.whole and len({_best(each.found) for each in asked}) == 1:
        return (_ask(search, understanding.whole),)
    return asked


def _passages(found: SearchResult) -> frozenset[str]:
    return frozenset(each.passage_id for each in found.candidates[:1])


def _best(found: SearchResult) -> str:
    return found.candidates[0].document_id if found.candidates else ""


def _ask(search: Callable[[str], SearchResult], query: Query) -> QueryResult:
    """A question that may follow on another is searched without it and with it; the surer counts.

    With it, the words of the one before may outweigh its own: what only leads to the same answer again does not count.
    """
    alone = search(query.question)
    if query.together is not None:
        together = search(query.together)
        is_surer = together.confidence > alone.confidence and _passages(together).isdisjoint(query.given)
        if is_surer or query.document is not None:
            return QueryResult(query=query, searched=query.together, found=together)
    return QueryResult(query=query, searched=query.question, found=alone)


def _choice(turn: Turn, past: History, texts: list[str]) -> tuple[PendingChoice | None, str | None, list[str]]:
    """The choice that was pressed or written, and what was written beside it."""
    texts = [text for text in texts if not asked_language(text, past)]
    for action in turn.actions:
        offer = past.offer(action.answer_id) if action.name == "choose" else None
        if offer and action.choice in {choice.id for choice in offer.choices}:
            return offer, action.choice, texts
    offer = past.open_offer
    if offer is None:
        return None, None, texts
    for place, text in enumerate(texts):
        if choice := _written_choice(offer, text):
            return offer, choice, texts[:place] + texts[place + 1 :]
    return None, None, texts


def _written_choice(offer: PendingChoice, text: str) -> str | None:
    if offer.is_clarifying:
        is_title = any(tokens(choice.label) == tokens(text) for choice in offer.choices)
        # Who asks the same again has chosen nothing, though a title may hold the same words.
        is_again = not is_title and is_same_question(text, offer.receipt.question)
        return None if is_again else read_choice(text, offer.choices)
    if is_yes(text):
        return HUMAN
    if is_no(text):
        return NONE
    named = read_choice(text, offer.choices)
    return named if named == HUMAN and text.strip().isdecimal() else None


def _chosen(offer: PendingChoice, choice: str) -> Interpretation:
    receipt = offer.receipt
    taken = ChosenOption(line_id=offer.line_id, choice=choice)
    if choice == HUMAN:
        return Interpretation(want="accept", about=receipt, taken=taken)
    if choice == NONE:
        # A human who is declined stays on offer: the button is not used up.
        declined = None if not offer.is_clarifying else taken
        return Interpretation(want="none" if offer.is_clarifying else "decline", about=receipt, taken=declined)
    document = receipt.offered[int(choice) - 1]
    searched = receipt.searched if receipt.searched != receipt.question else None
    query = Query(question=receipt.question, together=searched, document=document)
    return Interpretation(want="question", queries=(query,), about=receipt, taken=taken)


def _in_words(turn: Turn, past: History, texts: Sequence[str], now: datetime) -> Interpretation:
    pressed = [action.answer_id for action in turn.actions if action.name == "not_helped"]
    about = next(
        (past.pressed[line] for line in pressed if line is not None and line in past.pressed), past.last_matter
    )
    if len(texts) == 1 and not pressed and (step := _step(texts[0], past)):
        return step
    heard = [_interpret_message(text, past) for text in texts]
    denied = bool(pressed) or any(each.says_wrong for each in heard)
    upset = any(each.is_angry for each in heard)
    asked = [each.question for each in heard if each.question]
    if asked:
        return _questions(asked, past, now, denied=denied, upset=upset, about=about)
    if upset:
        return Interpretation(want="upset", about=about, is_angry=True, says_wrong=denied)
    if denied:
        return Interpretation(want="denial", about=about, says_wrong=True)
    if wish_of(turn, past):
        return Interpretation(want="language")
    spoken = [each.intent for each in heard if each.intent != "empty"]
    return Interpretation(want=spoken[-1] if spoken else "empty")


def _step(text: str, past: History) -> Interpretation | None:
    """What a message wants that only asks for steps, or for the one after the step that was given."""
    matter = past.last_matter
    walked = progress(matter)
    if walked is None:
        return None
    if asks_for_steps(text):
        return Interpretation(want="step", about=matter, step=1)
    if walked.step is None or not (asks_for_next(text) or (past.newest is matter and is_yes(text))):
        return None
    return (
        Interpretation(want="thanks")
        if walked.is_over
        else Interpretation(want="step", about=matter, step=walked.step + 1)
    )


@dataclass(frozen=True, kw_only=True)
class _Heard:
    """One message taken apart: what it asks, and what it says of the help so far."""

    intent: Intent
    question: str = ""
    says_wrong: bool = False
    is_angry: bool = False


def _interpret_message(text: str, past: History) -> _Heard:
    intent = read_intent(text)
    if intent != "question":
        return _Heard(intent=intent)
    is_answered = past.last_matter is not None and past.last_matter.decision in {"answer", "offer", "step"}
    if is_answered and past.newest is past.last_matter and is_yes(text):
        return _Heard(intent="thanks")
    if is_answered and past.newest is past.last_matter and is_no(text):
        return _Heard(intent="question", says_wrong=True)
    pieces = sentences(text) or [text]
    denials = [each for each in pieces if is_answered and says_wrong(each)]
    upset = is_angry(text)
    wishes = [each for each in pieces if is_wish_beside_more(each)]
    left = [each for each in pieces if each not in (*denials, *wishes) and not (upset and _only_anger(each))]
    question = text if len(left) == len(pieces) else " ".join(left)
    return _Heard(intent="question", question=question, says_wrong=bool(denials), is_angry=upset)


def _only_anger(sentence: str) -> bool:
    """Whether a sentence says that somebody is upset and nothing else."""
    return is_angry(sentence) and not is_question(sentence) and len(content_words(without_anger(sentence))) <= 1


def _questions(
    texts: Sequence[str], past: History, now: datetime, *, denied: bool, upset: bool, about: Receipt | None
) -> Interpretation:
    message = "\n".join(texts)
    before = past.asked_before(now)
    offer = past.open_offer
    replies = offer is not None and offer.is_clarifying
    parts = questions_in(message)
    queries: list[Query] = []
    for part in parts:
        follows = may_follow(part) or (replies and not queries and len(tokens(part)) <= _LONGEST_REPLY)
        earlier = queries[-1].question if queries else before.understood[-1] if before else None
        together = f"{earlier} {part}" if follows and earlier else None
        queries.append(Query(question=part, together=together, given=before.given if before else frozenset()))
    return Interpretation(
        want="question",
        queries=tuple(queries),
        whole=Query(question=message) if len(parts) > 1 else None,
        about=about if denied or upset else None,
        says_wrong=denied,
        is_angry=upset,
    )
