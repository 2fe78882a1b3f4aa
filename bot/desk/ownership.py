"""Who has a conversation, as a pure function of what happens in it. The store does what it says, and nothing else.

               +------ decided: answered ------+
               v                               |
wrote --> [ bot ] ---- decided: handed over, undelivered ----> [ queue ]
            ^  ^                                                |   ^
            |  +------- resolve, hand back ------+        claim |   | release, left idle
            |                                    |              v   |
            +-- (until the customer writes, the bot is silent) [ agent ] <-- reopen, from the bot's
"""

from dataclasses import dataclass, replace

from bot.desk.case import EscalationState
from bot.desk.transitions import OWNER, Act, left_idle, step
from bot.errors import NotPossible
from channels.message import Owner


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Who owns a conversation, how its last case stands, and whether the customer said something nobody has taken."""

    owner: Owner = "bot"
    #: Of the last case; none was ever opened where it is None.
    case: EscalationState | None = None
    #: The agent who has the case, or had it when it was closed.
    holder: int | None = None
    is_unanswered: bool = False


@dataclass(frozen=True, kw_only=True)
class Wrote:
    """The customer wrote, pressed a button or changed a message."""


@dataclass(frozen=True, kw_only=True)
class Decided:
    """The bot said something to the customer, and handed over or not."""

    hands_over: bool


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What the customer wrote was left to the person who has the conversation."""


@dataclass(frozen=True, kw_only=True)
class Undelivered:
    """A message could not be delivered."""


@dataclass(frozen=True, kw_only=True)
class Acted:
    """An agent did something with the last case."""

    act: Act
    agent: int
    #: The name of the agent who holds the case, to be told to the one who cannot have it.
    holder_name: str | None = None


@dataclass(frozen=True, kw_only=True)
class LeftIdle:
    """The agent who has the case did nothing for too long, while the customer waits."""


Event = Wrote | Decided | Seen | Undelivered | Acted | LeftIdle


def follow(before: Standing, event: Event) -> Standing:
    """How things stand after an event. NotPossible, AlreadyClaimed or NotYours for what must not happen now."""
    match event:
        case Wrote():
            return replace(before, is_unanswered=True)
        case Decided(hands_over=hands_over):
            return _decided(before, hands_over=hands_over)
        case Seen():
            if before.owner == "bot":
                raise NotPossible("Nobody but the bot has this conversation: it must not be silent.")
            return replace(before, is_unanswered=False)
        case Undelivered():
            return _queued(before) if before.owner == "bot" else before
        case LeftIdle():
            state = left_idle(before.case)
            return replace(before, case=state, owner=OWNER[state], holder=None)
        case Acted():
            return _acted(before, event)


def _decided(before: Standing, *, hands_over: bool) -> Standing:
    if before.owner != "bot":
        raise NotPossible("A person has this conversation: the bot must be silent.")
    if not before.is_unanswered:
        raise NotPossible("The customer has said nothing new: the bot has nothing to decide.")
    after = replace(before, is_unanswered=False)
    return _queued(after) if hands_over else after


def _queued(before: Standing) -> Standing:
    return replace(before, case="waiting", owner=OWNER["waiting"], holder=None)


def _acted(before: Standing, event: Acted) -> Standing:
    if before.case is None:
        raise NotPossible("There is no case.")
    state = step(before.case, event.act, is_mine=before.holder == event.agent, holder=event.holder_name)
    holder = None if state == "waiting" else event.agent
    return replace(before, case=state, owner=OWNER[state], holder=holder)
