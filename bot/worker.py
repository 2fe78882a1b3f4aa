import asyncio
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from bot.conversation.compose import compose
from bot.conversation.policy import (
    MOST_ATTEMPTS,
    Answer,
    Decision,
    Escalate,
    Silent,
    Understanding,
    decide,
    understand,
)
from bot.conversation.receipt import DecisionName, Receipt
from bot.conversation.turn import Turn
from bot.metrics import DECISIONS
from bot.store import inbox
from bot.store.database import Database
from bot.store.outcome import Outcome, commit
from retrieval.errors import RetrievalError
from retrieval.search import Found

log = structlog.get_logger()

#: A turn held longer than this is taken from its worker, who is thought dead.
LEASE = timedelta(seconds=60)
#: How many candidates a receipt keeps.
RECEIPT_CANDIDATES = 5
_IDLE = 1.0


class Knowledge(Protocol):
    """What the worker asks: the index in use."""

    def search(self, question: str, *, language: str | None = None) -> Found:
        """Find candidates; RetrievalError when nothing can be looked up."""


class Worker:
    """Takes turns from the inbox, one at a time, and commits what they lead to."""

    def __init__(self, db: Database, knowledge: Knowledge, *, clock: Callable[[], datetime]) -> None:
        self._db = db
        self._knowledge = knowledge
        self._clock = clock

    async def run(self) -> None:
        """Work until cancelled. Nothing that goes wrong with one turn stops the next."""
        while True:
            try:
                if not await self.work_once():
                    await self._wait()
            except Exception:
                log.exception("worker_failed")
                await asyncio.sleep(_IDLE)

    async def work_once(self) -> bool:
        """Handle one turn; False when none is due."""
        turn = await inbox.claim(self._db, now=self._clock(), lease=LEASE)
        if turn is None:
            return False
        try:
            outcome = await self._outcome(turn)
            done = await commit(self._db, turn, outcome, now=self._clock())
        except Exception as error:
            log.exception("turn_failed", conversation=turn.conversation.id, attempts=turn.attempts)
            pause = timedelta(seconds=2**turn.attempts * random.uniform(0.5, 1))  # noqa: S311  # jitter, no secret
            await inbox.put_back(self._db, turn, due=self._clock() + pause, error=repr(error))
            return True
        if done:
            decision = outcome.receipt.decision if outcome.receipt else "silent"
            DECISIONS.labels(decision).inc()
            log.info("turn_handled", conversation=turn.conversation.id, decision=decision)
        else:
            log.info("turn_overtaken", conversation=turn.conversation.id)
            await inbox.put_back(self._db, turn, due=self._clock())
        return True

    async def _outcome(self, turn: Turn) -> Outcome:
        if turn.conversation.owner != "bot":
            return Outcome()
        if turn.attempts > MOST_ATTEMPTS:
            return _outcome_of(turn, Escalate(reason="failed"), None)
        understanding = understand(turn)
        found = await self._search(turn, understanding)
        return _outcome_of(turn, decide(turn, understanding, found), found)

    async def _search(self, turn: Turn, understanding: Understanding) -> Found | None:
        if understanding.question is None:
            return None
        try:
            # The one place where work for the processor leaves the event loop.
            return await asyncio.to_thread(
                self._knowledge.search, understanding.question, language=turn.conversation.language
            )
        except RetrievalError:
            log.exception("search_unavailable", conversation=turn.conversation.id)
            return None

    async def _wait(self) -> None:
        due = await inbox.next_due(self._db)
        wait = _IDLE if due is None else min(max((due - self._clock()).total_seconds(), 0.005), _IDLE)
        await self._db.bell.wait("inbox", wait)


def _outcome_of(turn: Turn, decision: Decision, found: Found | None) -> Outcome:
    if isinstance(decision, Silent):
        return Outcome()
    receipt = Receipt(
        decision=_name(decision),
        reason=decision.reason if isinstance(decision, Escalate) else None,
        question=turn.text or "(no text)",
        confidence=found.confidence if found else None,
        threshold=found.threshold if found else None,
        snapshot=found.snapshot if found else None,
        candidates=found.candidates[:RECEIPT_CANDIDATES] if found else (),
        features=dict(found.features) if found else {},
    )
    return Outcome(receipt=receipt, drafts=compose(decision))


def _name(decision: Answer | Escalate | Decision) -> DecisionName:
    match decision:
        case Answer():
            return "answer"
        case Escalate():
            return "escalate"
        case _:
            return "social"
