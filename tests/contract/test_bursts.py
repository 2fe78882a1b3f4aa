"""Customers who write one question in several messages: they are taken together, and a whole question does not wait."""

import json
import random
from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

from bot.store.queues import accept, inbox
from tests.contract.ledger import LEASE, Ledger, said

QUIET = timedelta(seconds=0.6)
SAMPLE = Path(__file__).parents[2] / "corpus" / "sample" / "questions.jsonl"
QUESTIONS = [json.loads(line)["question"] for line in SAMPLE.read_text("utf-8").splitlines()]
WHOLE = [question for question in QUESTIONS if question.endswith(("?", "!"))]


def pieces(question: str, chance: random.Random) -> list[str]:
    """A question cut between words into two to four messages."""
    words = question.split()
    count = min(len(words), chance.randint(2, 4))
    places = [0, *sorted(chance.sample(range(1, len(words)), count - 1)), len(words)]
    return [" ".join(words[start:end]) for start, end in pairwise(places)]


async def decided_on(store: Ledger, address: str, texts: Sequence[str], pauses: Sequence[float]) -> list[str]:
    """What each turn held, where the messages come one after another and a worker takes what is due."""
    turns = []
    for place, text in enumerate([*texts, None]):
        if text is not None:
            inbound = said(text, f"{address}.{place}", address=address)
            await accept.accept(store.db, inbound, now=store.clock(), quiet=QUIET)
        until = store.clock() + timedelta(seconds=pauses[place] if place < len(pauses) else 20)
        due = await inbox.next_due(store.db)
        if due is not None and due <= until:
            store.clock.now = due
            for turn in await inbox.claim(store.db, now=due, lease=LEASE, most=9):
                turns.append(turn.text)
                async with store.db.write() as connection:
                    await inbox.finish(connection, [turn], now=due)
        store.clock.now = until
    return turns


async def test_a_question_in_pieces_is_hardly_ever_decided_on_a_fragment(store: Ledger) -> None:
    chance, fragments = random.Random(3), list[list[str]]()
    asked = chance.sample(QUESTIONS, 100)
    for number, question in enumerate(asked):
        texts = pieces(question, chance)
        pauses = [chance.uniform(0.3, 4.0) for _ in texts[1:]]
        turns = await decided_on(store, f"a{number}", texts, pauses)
        assert sum(text.count("\n") + 1 for text in turns) == len(texts), "nothing is lost, nothing twice"
        if len(turns) > 1:
            fragments.append(turns)
    assert len(fragments) <= 0.03 * len(asked), fragments


async def test_a_whole_question_waits_for_less_than_a_second(store: Ledger) -> None:
    for number, question in enumerate(WHOLE):
        began = store.clock()
        await accept.accept(store.db, said(question, f"w{number}", address=f"w{number}"), now=began, quiet=QUIET)
        assert await inbox.next_due(store.db) == began + QUIET
        [turn] = await inbox.claim(store.db, now=began + QUIET, lease=LEASE, most=1)
        async with store.db.write() as connection:
            await inbox.finish(connection, [turn], now=began)
        store.clock.advance(60)


async def test_nothing_waits_for_more_than_a_few_seconds(store: Ledger) -> None:
    began = store.clock()
    await accept.accept(store.db, said("my hub", "x", address="x"), now=began, quiet=QUIET)
    due = await inbox.next_due(store.db)
    assert due is not None
    assert QUIET < due - began < timedelta(seconds=4.5)
    for number in range(40):
        store.clock.advance(1)
        await accept.accept(store.db, said("and", f"x{number}", address="x"), now=store.clock(), quiet=QUIET)
    due = await inbox.next_due(store.db)
    assert due is not None
    assert due - began < timedelta(seconds=45)


async def test_the_rest_ends_the_wait(store: Ledger) -> None:
    await accept.accept(store.db, said("my hub", "y", address="y"), now=store.clock(), quiet=QUIET)
    store.clock.advance(1)
    await accept.accept(store.db, said("is offline, why?", "y2", address="y"), now=store.clock(), quiet=QUIET)
    assert await inbox.next_due(store.db) == store.clock() + QUIET
