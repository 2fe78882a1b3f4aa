import asyncio
import random
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

import structlog

from bot.conversation.compose import compose
from bot.conversation.phrases import Speaker, phrases_for
from bot.conversation.policy import MOST_ATTEMPTS, Escalate, decide
from bot.conversation.record import record
from bot.conversation.turn import Turn
from bot.conversation.understanding import Asked, Understanding, look_up, understand
from bot.errors import StoreUnavailable
from bot.hand import InHand
from bot.metrics import CHOICES, DECISIONS
from bot.store import inbox
from bot.store.database import Database
from bot.store.outcome import Outcome, commit_all
from bot.store.past import remember_all
from bot.store.together import Together
from retrieval.errors import RetrievalError
from retrieval.search import Found

log = structlog.get_logger()

#: A turn held longer than this is taken from its worker, who is thought dead; one who works renews it before.
LEASE = timedelta(seconds=30)
_RENEWED_EVERY = LEASE.total_seconds() / 3
LONGEST_PAUSE = 60.0
_IDLE = 1.0
_SHORTEST_WAIT = 0.02


class Knowledge(Protocol):
    """What the worker asks: the index in use."""

    def search(self, question: str, *, language: str | None = None, budget: float | None = None) -> Found:
        """Find candidates, within another budget than its own if one is given.

        RetrievalError when nothing can be looked up.
        """


class Worker:
    """Takes turns from the inbox, several at once, and commits what they lead to.

    Any number of workers, in any number of processes, may do so at once.
    """

    def __init__(
        self,
        db: Database,
        knowledge: Knowledge,
        *,
        clock: Callable[[], datetime],
        budgets: Mapping[str, float] | None = None,
        speaker: Speaker = phrases_for,
        at_once: int = 1,
    ) -> None:
        """Work for all channels, on `at_once` turns at a time.

        `budgets` are those of channels that have an error budget of their own; `speaker` gives the bot's words in a
        customer's language.
        """
        self._db = db
        self._knowledge = knowledge
        self._clock = clock
        self._budgets = dict(budgets or {})
        self._at_once = at_once
        self._remember = Together(partial(remember_all, db))
        self._commit = Together(self._commit_all)
        self._speaker = speaker
        self._is_stopping = False

    async def run(self) -> None:
        """Work until stopped. Nothing that goes wrong with one turn stops the next."""
        async with InHand(self._at_once) as hand:
            while not self._is_stopping:
                try:
                    turns = await self._claim(await hand.room())
                    for turn in turns:
                        hand.take(self._handle(turn))
                    if not turns:
                        await self._wait()
                except Exception:
                    log.exception("worker_failed")
                    await asyncio.sleep(_IDLE)

    def stop(self) -> None:
        """Take no further turn; the one in hand is finished."""
        self._is_stopping = True
        self._db.bell.ring("inbox")

    async def work_once(self) -> bool:
        """Handle one turn; False when none is due."""
        turns = await self._claim(1)
        for turn in turns:
            await self._handle(turn)
        return bool(turns)

    async def _claim(self, most: int) -> Sequence[Turn]:
        return await inbox.claim_all(self._db, now=self._clock(), lease=LEASE, most=most)

    async def _commit_all(self, decided: Sequence[tuple[Turn, Outcome]]) -> Sequence[bool]:
        return await commit_all(self._db, decided, now=self._clock())

    async def _handle(self, turn: Turn) -> None:
        try:
            async with self._holding(turn):
                outcome = await self._outcome(turn)
                done = await self._commit((turn, outcome))
        except asyncio.CancelledError:
            await asyncio.shield(inbox.put_back(self._db, turn, due=self._clock()))  # another may take it at once
            raise
        except Exception as error:
            log.exception("turn_failed", conversation=turn.conversation.id, attempts=turn.attempts)
            pause = min(2.0**turn.attempts, LONGEST_PAUSE) * random.uniform(0.5, 1)  # noqa: S311  # jitter, no secret
            await inbox.put_back(self._db, turn, due=self._clock() + timedelta(seconds=pause), error=repr(error))
            return
        if done:
            decision = outcome.receipt.decision if outcome.receipt else "silent"
            DECISIONS.labels(decision).inc()
            if outcome.taken:
                CHOICES.labels(outcome.taken.kind).inc()
            log.info("turn_handled", conversation=turn.conversation.id, decision=decision)
        else:
            log.info("turn_overtaken", conversation=turn.conversation.id)
            await inbox.put_back(self._db, turn, due=self._clock())

    async def _outcome(self, turn: Turn) -> Outcome:
        if turn.conversation.owner != "bot":
            return Outcome()
        phrases = self._speaker(turn.conversation.locale)
        if turn.attempts > MOST_ATTEMPTS:
            failed = Escalate(reason="failed", detail=_why_it_failed(turn))
            return Outcome(receipt=record(turn, None, failed, None), drafts=compose(failed, phrases))
        now = self._clock()
        past = await self._remember(turn)
        understanding = understand(turn, past, now=now)
        looked_up = await self._look_up(turn, understanding)
        decision = decide(turn, understanding, past, looked_up, now=now)
        receipt = record(turn, understanding, decision, looked_up)
        return Outcome(receipt=receipt, drafts=compose(decision, phrases), taken=understanding.taken)

    async def _look_up(self, turn: Turn, understanding: Understanding) -> tuple[Asked, ...] | None:
        if not understanding.queries:
            return ()
        conversation = turn.conversation
        search = partial(
            self._knowledge.search, language=conversation.language, budget=self._budgets.get(conversation.channel)
        )
        try:
            # The one place where work for the processor leaves the event loop.
            return await asyncio.to_thread(look_up, search, understanding)
        except RetrievalError:
            log.exception("search_unavailable", conversation=turn.conversation.id)
            return None

    @asynccontextmanager
    async def _holding(self, turn: Turn) -> AsyncIterator[None]:
        """Renew the lease while the work goes on, however long it takes."""
        renewing = asyncio.create_task(self._renew(turn))
        try:
            yield
        finally:
            renewing.cancel()
            with suppress(asyncio.CancelledError):
                await renewing

    async def _renew(self, turn: Turn) -> None:
        while True:
            await asyncio.sleep(_RENEWED_EVERY)
            try:
                if not await inbox.renew(self._db, turn, until=self._clock() + LEASE):
                    log.warning("lease_lost", conversation=turn.conversation.id)
                    return  # whoever is first past the fence answers
            except StoreUnavailable:
                log.exception("lease_not_renewed", conversation=turn.conversation.id)

    async def _wait(self) -> None:
        due = await inbox.next_due(self._db)
        wait = _IDLE if due is None else min(max((due - self._clock()).total_seconds(), _SHORTEST_WAIT), _IDLE)
        if not self._is_stopping:
            await self._db.bell.wait("inbox", wait)


def _why_it_failed(turn: Turn) -> str:
    times = f"It was tried {turn.attempts - 1} times."
    return f"{times} The last time: {turn.error}" if turn.error else f"{times} No try came to an end."
