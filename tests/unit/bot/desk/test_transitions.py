from itertools import product
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.case import EscalationState
from bot.desk.transitions import EVENT_TEXTS, OWNER, AgentAction, next_state
from bot.errors import AlreadyClaimed, BotError, InvalidState, NotOwner

STATES: tuple[EscalationState, ...] = get_args(EscalationState)
ACTS: tuple[AgentAction, ...] = get_args(AgentAction)


@pytest.mark.parametrize(
    ("state", "act", "after"),
    [
        ("waiting", "claim", "claimed"),
        ("claimed", "release", "waiting"),
        ("claimed", "resolve", "resolved"),
        ("claimed", "hand_back", "handed_back"),
        ("resolved", "reopen", "claimed"),
        ("handed_back", "reopen", "claimed"),
    ],
)
def test_an_agent_moves_their_own_case(state: EscalationState, act: AgentAction, after: EscalationState) -> None:
    assert next_state(state, act, is_mine=state == "claimed", holder=None) == after


def test_a_case_of_another_agent_is_left_alone() -> None:
    for act in ACTS:
        with pytest.raises(AlreadyClaimed, match="Alva has already claimed this"):
            next_state("claimed", act, is_mine=False, holder="Alva")


def test_an_unclaimed_case_must_be_claimed_before_it_is_closed() -> None:
    for act in ("release", "resolve", "hand_back"):
        with pytest.raises(NotOwner, match="Claim this first"):
            next_state("waiting", act, is_mine=False, holder=None)


def test_a_closed_case_is_only_reopened() -> None:
    for state, act in product(("resolved", "handed_back"), ("claim", "release", "resolve", "hand_back")):
        with pytest.raises(InvalidState, match="closed"):
            next_state(state, act, is_mine=True, holder="Alva")  # type: ignore[arg-type]


@given(st.lists(st.tuples(st.sampled_from(ACTS), st.integers(1, 3)), max_size=40))
def test_there_is_always_exactly_one_owner(acts: list[tuple[AgentAction, int]]) -> None:
    state: EscalationState = "waiting"
    holder: int | None = None
    for act, agent in acts:
        try:
            state = next_state(state, act, is_mine=holder == agent, holder=str(holder))
        except BotError:
            continue
        holder = None if state == "waiting" else agent
        assert (OWNER[state] == "agent") == (state == "claimed")
        assert (OWNER[state] == "queue") == (holder is None)


def test_every_act_is_told_in_the_transcript_and_every_state_has_an_owner() -> None:
    assert set(EVENT_TEXTS) == set(ACTS)
    assert set(OWNER) == set(STATES)
