from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.conversation.receipt import Receipt
from bot.conversation.text.search_terms import NEARLY_ALL, is_same_question
from channels.message import Choice

#: What was asked longer ago than this is not what "and on my phone?" is about.
FOLLOWS_WITHIN = timedelta(minutes=30)
#: Who asks the same again after this long has forgotten rather than not been helped.
REPEATS_WITHIN = timedelta(hours=24)
#: Decisions that a bare "yes", "no" or "that didn't help" may be about.
HELPFUL = frozenset({"answer", "suggest", "offer", "step"})


@dataclass(frozen=True, kw_only=True)
class PendingChoice:
    """Choices the customer was given, and the decision behind them."""

    line_id: int
    choices: tuple[Choice, ...]
    receipt: Receipt
    is_taken: bool = False

    @property
    def is_clarifying(self) -> bool:
        """True when the choices are documents."""
        return self.receipt.decision == "clarify"

    @property
    def is_suggestion(self) -> bool:
        """True when the choices say if a suggestion solved the matter."""
        return self.receipt.decision == "suggest"

    @property
    def is_human_offer(self) -> bool:
        """True when the choice is a human or none."""
        return not (self.is_clarifying or self.is_suggestion)


@dataclass(frozen=True, kw_only=True)
class History:
    """Memory of a conversation that a new turn is read with."""

    #: Its decisions since a person last had the conversation, newest first.
    receipts: tuple[Receipt, ...] = ()
    #: Choices under the last decision that was no small talk, and under messages whose buttons this turn pressed.
    pending_choices: tuple[PendingChoice, ...] = ()
    #: The decisions behind messages whose buttons this turn pressed, by the messages' ids.
    pressed: Mapping[int, Receipt] = field(default_factory=dict)
    #: Documents that the customer said were no help before a person last had the conversation.
    denied_before: frozenset[str] = frozenset()

    @property
    def denied(self) -> frozenset[str]:
        """All documents that the customer said were no help."""
        return self.denied_before.union(*(receipt.denied for receipt in self.receipts))

    @property
    def newest(self) -> Receipt | None:
        """The last decision."""
        return self.receipts[0] if self.receipts else None

    @property
    def last_topic(self) -> Receipt | None:
        """The last decision that was more than small talk."""
        return next((receipt for receipt in self.receipts if receipt.decision != "social"), None)

    @property
    def pending_choice(self) -> PendingChoice | None:
        """The choices that a written answer refers to: those of the last topic, not taken yet."""
        topic = self.last_topic
        return next((each for each in self._open if topic and each.receipt.id == topic.id), None)

    @property
    def is_last_helpful(self) -> bool:
        """True when the last thing said was help that a bare "yes" or "no" may be about; a pause does not end that."""
        last = next((receipt for receipt in self.receipts if receipt.said != "pause"), None)
        return last is not None and last.decision in HELPFUL

    def pending(self, line_id: int | None) -> PendingChoice | None:
        """The choices under a message, if they can still be taken."""
        return next((each for each in self._open if each.line_id == line_id), None)

    @property
    def _open(self) -> tuple[PendingChoice, ...]:
        return tuple(each for each in self.pending_choices if not each.is_taken)

    def asked_before(self, now: datetime) -> Receipt | None:
        """The decision on what the customer last asked, if that was a moment ago."""
        asked = next((receipt for receipt in self.receipts if receipt.understood), None)
        return asked if asked and asked.at and now - asked.at <= FOLLOWS_WITHIN else None

    def has_shown(self, passage_id: str) -> bool:
        """True when the customer got to read a passage since a person last had the conversation."""
        return any(passage_id in receipt.given for receipt in self.receipts)

    def has_answered(self, question: str, now: datetime, *, share: float = NEARLY_ALL) -> bool:
        """True when the same question was answered within REPEATS_WITHIN before `now`, or a page suggested for it."""
        return any(
            is_same_question(question, earlier, share=share)
            for receipt in self.receipts
            if receipt.decision in {"answer", "suggest"} and receipt.at and now - receipt.at <= REPEATS_WITHIN
            for earlier in receipt.understood
        )

    def has_clarified(self, question: str, *, share: float = NEARLY_ALL) -> bool:
        """True when the customer was asked just now what they mean, or about the same question before."""
        clarified = [receipt for receipt in self.receipts if receipt.decision == "clarify"]
        return self.last_topic in clarified or any(
            is_same_question(question, earlier, share=share) for receipt in clarified for earlier in receipt.understood
        )
