"""The sayings of customers by kind, and what the product makes of each: where nothing it could look up is known."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Literal

from bot.conversation import (
    Conversation,
    Escalate,
    History,
    Interpretation,
    Receipt,
    Turn,
    TurnMessage,
    build_receipt,
    corpus_code,
    decide,
    interpret,
    search_queries,
)
from bot.conversation.interpretation import Query
from bot.services.index import Index
from bot.testing import ScriptedIndex, ScriptedPage

HERE = Path(__file__).parent / "sayings"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
#: The groups in which wishes are measured: one alone, or those of which fewer sayings were written together.
GROUPS = {"en": ("en",), "sv": ("sv",), "de": ("de",), "es": ("es",), "fr": ("fr",)} | {
    "others": ("da", "nb", "fi", "nl", "it", "pt", "pl")
}
#: What is said after an answer, since alone it would say nothing.
AFTER_AN_ANSWER = frozenset({"closer", "solved", "pause", "thanks", "never_mind", "self_correction", "already_tried"})
#: What tells the assistant nothing to look up.
REMARKS = ("opener", "closer", "solved", "pause", "thanks", "greeting", "small_talk", "never_mind")
Half = Literal["develop", "test"]

_NOTHING = ScriptedIndex(())
_RESET = ScriptedPage(id="lamp-reset", title="Reset a lamp", text="Switch it on and off six times.")
_ANSWERED = Receipt(
    decision="answer",
    question="How do I reset my lamp?",
    searched="How do I reset my lamp?",
    candidates=ScriptedIndex([_RESET]).search("How do I reset my lamp?").candidates,
    at=NOON,
    id=8,
)
_AFTER_AN_ANSWER = History(receipts=(_ANSWERED,))


@dataclass(frozen=True, kw_only=True)
class Saying:
    """One message of a customer."""

    kind: str
    language: str
    text: str
    #: What the file says beside it: pages that may not be the answer, or the questions it holds.
    beside: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a saying is read as, and whether it goes to a person where no page is found."""

    interpretation: Interpretation
    opens_case: bool
    reason: str | None
    #: The documents that the customer got to read.
    shown: frozenset[str] = frozenset()

    @property
    def is_searched(self) -> bool:
        """Whether something of it is looked up."""
        return bool(self.interpretation.queries)


def kinds() -> list[str]:
    """The kinds that are written down."""
    return sorted(path.stem for path in (HERE / "test").glob("*.txt"))


def sayings(kind: str, half: Half) -> Iterator[Saying]:
    """The sayings of a kind, in the order of their languages."""
    language = ""
    for line in (HERE / half / f"{kind}.txt").read_text("utf-8").splitlines():
        if line.startswith("# "):
            language = line[2:]
        elif line and not line.startswith("//"):
            text, *beside = line.split(" | ")
            yield Saying(kind=kind, language=language, text=text, beside=tuple(beside))


def outcome(saying: Saying, index: Index = _NOTHING) -> Outcome:
    """Read a saying as the first of a conversation, or after an answer where its kind comes after one."""
    history = _AFTER_AN_ANSWER if saying.kind in AFTER_AN_ANSWER else History()
    turn, language = _turn(saying), corpus_code(saying.language, index.languages)
    read = interpret(turn, history, now=NOON)
    looked_up = search_queries(partial(index.search, language=language), read)
    decided = decide(turn, read, history, looked_up, now=NOON)
    receipt = build_receipt(turn, read, decided, looked_up)
    return Outcome(
        interpretation=read,
        opens_case=isinstance(decided, Escalate),
        reason=decided.reason if isinstance(decided, Escalate) else None,
        shown=frozenset(each.document_id for each in receipt.shown) if receipt else frozenset(),
    )


def is_right(saying: Saying, found: Outcome) -> bool:
    """Whether a saying is taken for its kind, or as one that does the same. What `negation` asks needs pages."""
    return _RIGHT.get(saying.kind, _is_remark)(saying, found)


def _is_remark(_: Saying, found: Outcome) -> bool:
    """Whether nothing is looked up and nobody called."""
    return not found.opens_case and not found.is_searched


def _goes_on(query: Query) -> bool:
    """Whether a question is looked up together with the one that it mends."""
    return query.with_context is not None or "reset" in query.question


def _is_upset(_: Saying, found: Outcome) -> bool:
    return found.interpretation.is_angry or found.interpretation.intent == "upset"


_RIGHT: dict[str, Callable[[Saying, Outcome], bool]] = {
    "human": lambda _, found: found.reason == "asked",
    "no_human": lambda _, found: found.interpretation.intent != "human",
    "forget_me": lambda _, found: found.reason == "forget",
    "upset": _is_upset,
    "not_upset": lambda saying, found: not _is_upset(saying, found),
    "self_correction": lambda _, found: any(_goes_on(query) for query in found.interpretation.queries),
    "already_tried": lambda _, found: found.interpretation.says_wrong or found.interpretation.intent == "denial",
    "two_questions": lambda saying, found: len(found.interpretation.queries) == len(saying.beside),
    "question": lambda _, found: found.interpretation.intent == "question" and found.is_searched,
}


def _turn(saying: Saying) -> Turn:
    conversation = Conversation(
        id=1,
        channel="web",
        address="a",
        customer="a",
        customer_name=None,
        locale=saying.language,
        owner="bot",
        version=1,
        language=saying.language,
    )
    said = TurnMessage(inbox_id=1, received_at=NOON, text=saying.text, line_id=1)
    return Turn(conversation=conversation, said=(said,), attempts=1)
