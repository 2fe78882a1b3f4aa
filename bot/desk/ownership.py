"""Ownership of a conversation, as a pure function of what happens in it. The services do what it says.

            +-- decided: answered --+                        +-- decided: answered, added --+
            v                       |                        v                              |
wrote --> [ bot ] ---- decided: handed over, undelivered ----> [ queue ] <-- wrote ---------+
            ^  ^                                                |  |   ^
            |  +-- decided: withdrawn; wrote after undelivered -+  |   | release, left idle
            |                                                claim |   |
            +--------------- resolve, hand back ---------------- [ agent ] <-- reopen, from the bot's

The bot speaks while it has the conversation, and while the queue has: what it answers closes no case, and what it
cannot answer joins the one that waits. From a claim on it is silent, and what the customer writes is left to the agent.
"""

from dataclasses import dataclass, replace

from bot.conversation import EscalationState
from bot.desk.transitions import OWNER, AgentAction, left_idle, next_state, withdrawn
from bot.errors import InvalidState
from channels.message import Owner


@dataclass(frozen=True, kw_only=True)
class OwnershipState:
    """Owner of a conversation, state of its last case, and whether the customer said something nobody has taken."""

    owner: Owner = "bot"
    #: Of the last case; none was ever opened where it is None.
    case: EscalationState | None = None
    #: The agent who has the case, or had it when it was closed.
    holder: int | None = None
    is_unanswered: bool = False
    #: Whether the last case is there only because its customer could not be reached.
    is_undelivered: bool = False


@dataclass(frozen=True, kw_only=True)
class CustomerWrote:
    """The customer wrote, pressed a button or changed a message."""


@dataclass(frozen=True, kw_only=True)
class Decided:
    """The bot said something to the customer, and gave an agent something to do or not."""

    #: To a new case, or added to the one that waits.
    hands_over: bool
    #: Whether the customer needs nobody any more, while a case waits.
    withdraws: bool = False


@dataclass(frozen=True, kw_only=True)
class LeftToAgent:
    """The customer's message was left to the person who has the conversation."""


@dataclass(frozen=True, kw_only=True)
class DeliveryGivenUp:
    """A message could not be delivered."""


@dataclass(frozen=True, kw_only=True)
class Acted:
    """An agent did something with the last case."""

    act: AgentAction
    agent: int
    #: The name of the agent who holds the case, to be told to the one who cannot have it.
    holder_name: str | None = None


@dataclass(frozen=True, kw_only=True)
class LeftIdle:
    """The agent who has the case did nothing for too long, while the customer waits."""


Event = CustomerWrote | Decided | LeftToAgent | DeliveryGivenUp | Acted | LeftIdle


def apply_event(before: OwnershipState, event: Event) -> OwnershipState:
    """Ownership after an event; InvalidState, AlreadyClaimed or NotOwner for what must not happen now."""
    match event:
        case CustomerWrote():
            return replace(_reached(before), is_unanswered=True)
        case Decided():
            return _decided(before, event)
        case LeftToAgent():
            if before.owner != "agent":
                raise InvalidState("Nobody but the bot answers here: it must not be silent.")
            return replace(before, is_unanswered=False)
        case DeliveryGivenUp():
            return replace(_queued(before), is_undelivered=True) if before.owner == "bot" else before
        case LeftIdle():
            state = left_idle(before.case)
            return replace(before, case=state, owner=OWNER[state], holder=None)
        case Acted():
            return _acted(before, event)


def _decided(before: OwnershipState, event: Decided) -> OwnershipState:
    if before.owner == "agent":
        raise InvalidState("A person has this conversation: the bot must be silent.")
    if not before.is_unanswered:
        raise InvalidState("The customer has said nothing new: the bot has nothing to decide.")
    after = replace(before, is_unanswered=False)
    if event.withdraws:
        state = withdrawn("waiting" if before.owner == "queue" else None)
        return replace(after, case=state, owner=OWNER[state], holder=None)
    return _queued(after) if event.hands_over else after


def _reached(before: OwnershipState) -> OwnershipState:
    """Give back to the bot what waits only because the customer, who is there again, could not be reached."""
    if before.owner != "queue" or not before.is_undelivered:
        return before
    return replace(before, case="handed_back", owner=OWNER["handed_back"], holder=None)


def _queued(before: OwnershipState) -> OwnershipState:
    return replace(before, case="waiting", owner=OWNER["waiting"], holder=None, is_undelivered=False)


def _acted(before: OwnershipState, event: Acted) -> OwnershipState:
    if before.case is None:
        raise InvalidState("There is no case.")
    state = next_state(before.case, event.act, is_mine=before.holder == event.agent, holder=event.holder_name)
    holder = None if state == "waiting" else event.agent
    return replace(before, case=state, owner=OWNER[state], holder=holder)
