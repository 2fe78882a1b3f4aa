"""What a customer who is handed over is told of the wait: what was true lately at this time of day, or nothing."""

from datetime import timedelta

import pytest

from bot.conversation.compose import compose
from bot.conversation.decisions import Escalate
from bot.conversation.phrases import phrases_for
from bot.store.records.conversations import add_line
from bot.store.records.response_times import FEWEST, LONGEST, usual_wait, within
from bot.store.tables import conversations, escalations
from tests.contract.ledger import Ledger

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


async def _waited(store: Ledger, *waits: timedelta | None, before: timedelta = 7 * DAY) -> None:
    """Cases that were opened so long ago, each answered after its wait, or not at all."""
    async with store.db.write() as connection:
        for number, wait in enumerate(waits):
            opened = store.clock() - before
            place = f"{before}-{number}-{wait}"
            values = {"channel": "web", "address": place, "customer": place, "opened_at": opened}
            conversation = (
                await connection.execute(conversations.insert().values(**values).returning(conversations.c.id))
            ).scalar_one()
            state = "waiting" if wait is None else "resolved"
            case = {"conversation_id": conversation, "state": state, "reason": "asked", "question": "q"}
            closed = None if wait is None else opened + wait
            await connection.execute(escalations.insert().values(**case, opened_at=opened, closed_at=closed))
            if wait is not None:
                await add_line(connection, conversation, author="agent", text="Hello.", at=opened + wait)


async def test_it_is_what_most_waited_rounded_up(store: Ledger) -> None:
    await _waited(store, *[7 * MINUTE] * 17, *[5 * HOUR] * 3)
    assert await usual_wait(store.db, now=store.clock()) == 10 * MINUTE


async def test_few_cases_tell_nothing(store: Ledger) -> None:
    await _waited(store, *[MINUTE] * (FEWEST - 1))
    assert await usual_wait(store.db, now=store.clock()) is None


@pytest.mark.parametrize("before", [7 * DAY + 3 * HOUR, 2 * DAY, 35 * DAY], ids=["time of day", "weekend", "long ago"])
async def test_only_the_same_time_of_the_same_kind_of_day_lately_counts(store: Ledger, before: timedelta) -> None:
    await _waited(store, *[MINUTE] * FEWEST, before=before)
    assert await usual_wait(store.db, now=store.clock()) is None


async def test_who_still_waits_speaks_against_a_promise(store: Ledger) -> None:
    await _waited(store, *[MINUTE] * 15, *[None] * 5)
    assert await usual_wait(store.db, now=store.clock()) is None


async def test_what_was_closed_without_a_reply_is_no_wait(store: Ledger) -> None:
    await _waited(store, *[MINUTE] * FEWEST)
    async with store.db.write() as connection:
        opened = store.clock() - 7 * DAY
        values = {"channel": "web", "address": "x", "customer": "x", "opened_at": opened, "id": 1000}
        await connection.execute(conversations.insert().values(**values))
        case = {"conversation_id": 1000, "state": "resolved", "reason": "asked", "question": "q", "opened_at": opened}
        await connection.execute(escalations.insert().values(**case, closed_at=opened))
    assert await usual_wait(store.db, now=store.clock()) == 5 * MINUTE


def test_a_very_long_wait_is_not_mentioned() -> None:
    assert within([LONGEST + MINUTE] * FEWEST) is None
    assert within([LONGEST] * FEWEST) == LONGEST


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "They usually answer within 10 minutes."), ("sv", "10 minuter"), ("de", "10 Minuten"), ("pl", "10 minut")],
)
def test_the_hand_over_says_it_in_the_customers_language(language: str, said: str) -> None:
    phrases = phrases_for(language)
    [draft] = compose(Escalate(reason="unsure"), phrases, wait=10 * MINUTE)
    assert draft.text.startswith(phrases.handover("unsure"))
    assert said in draft.text
    assert compose(Escalate(reason="unsure"), phrases)[0].text == phrases.handover("unsure")
