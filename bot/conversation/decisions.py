"""All that the bot can do with a turn, each a value; `policy.decide` chooses one, `compose.compose` says it."""

from dataclasses import dataclass

from bot.conversation.receipt import Reason
from retrieval import Candidate


@dataclass(frozen=True, kw_only=True)
class AnsweredQuestion:
    """A question and the candidate that answers it word for word, or may answer it."""

    question: str
    candidate: Candidate
    #: The language of the candidate where it is not the customer's: there is nothing in theirs, and that is said.
    other_language: str | None = None


@dataclass(frozen=True, kw_only=True)
class Answer:
    """Answer all that was asked."""

    answered: tuple[AnsweredQuestion, ...]
    #: Why a human is offered along with it.
    offers_human: Reason | None = None


@dataclass(frozen=True, kw_only=True)
class Suggest:
    """Show pages that are likely right, said as guesses, and ask whether they solved the matter."""

    suggested: tuple[AnsweredQuestion, ...]
    #: Of several questions, those that are plainly answered beside it.
    answered: tuple[AnsweredQuestion, ...] = ()
    #: Whether it follows on a page that did not help.
    is_next: bool = False


@dataclass(frozen=True, kw_only=True)
class Clarify:
    """Ask which of a few documents is meant."""

    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, kw_only=True)
class Step:
    """Give one step of a procedure."""

    candidate: Candidate
    #: From 1.
    step: int


@dataclass(frozen=True, kw_only=True)
class Partial:
    """Answer or suggest what can be of several questions, and hand the rest over to a person in one go."""

    answered: tuple[AnsweredQuestion, ...] = ()
    suggested: tuple[AnsweredQuestion, ...] = ()
    open: tuple[str, ...]
    #: What the agent should know about the open questions.
    detail: str | None = None
    #: Whether a case waits already, which the rest is added to.
    joins: bool = False


@dataclass(frozen=True, kw_only=True)
class OfferHuman:
    """Offer a human."""

    reason: Reason


@dataclass(frozen=True, kw_only=True)
class Escalate:
    """Hand over to a person."""

    reason: Reason
    #: What the agent should know beside the reason.
    detail: str | None = None
    #: At most two pages that may help meanwhile, the likelier first.
    beside: tuple[Candidate, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Add:
    """Add what was said to the case that waits for an agent already."""

    reason: Reason
    #: The words that say so: those of a question that is added, or of a wish for a person who is waited for.
    phrase: str
    #: What the agent should know beside the reason.
    detail: str | None = None
    #: At most two pages that may help meanwhile, the likelier first.
    beside: tuple[Candidate, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Withdraw:
    """Close the case that waits, as the customer needs nobody any more."""

    #: Why: "solved", "never_mind" or "bot_again".
    phrase: str


@dataclass(frozen=True, kw_only=True)
class Social:
    """Say something small: a greeting, a thank you, a way on."""

    phrase: str
    #: Whether to say beside it that a colleague still has the question.
    says_waiting: bool = False


@dataclass(frozen=True, kw_only=True)
class Silent:
    """Nothing to say: a person has the conversation, or nothing was asked."""


Decision = Answer | Suggest | Step | Clarify | Partial | OfferHuman | Escalate | Add | Withdraw | Social | Silent
