"""Rules of a case and of who has a conversation, as pure functions of values."""

from bot.desk.assignment import eligible_agents
from bot.desk.ownership import Acted, Decided, DeliveryGivenUp, LeftIdle, LeftToAgent, OwnershipState, apply_event
from bot.desk.transitions import (
    ADDED_TEXTS,
    ERASED,
    ERASED_NOTICE,
    EVENT_TEXTS,
    LEFT_IDLE,
    WITHDRAWN_TEXTS,
    AgentAction,
    judged,
)

__all__ = [
    "ADDED_TEXTS",
    "ERASED",
    "ERASED_NOTICE",
    "EVENT_TEXTS",
    "LEFT_IDLE",
    "WITHDRAWN_TEXTS",
    "Acted",
    "AgentAction",
    "Decided",
    "DeliveryGivenUp",
    "LeftIdle",
    "LeftToAgent",
    "OwnershipState",
    "apply_event",
    "eligible_agents",
    "judged",
]
