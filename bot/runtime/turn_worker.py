import asyncio
import hashlib
import random
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import get_args

import structlog

from bot.conversation import (
    MOST_ATTEMPTS,
    Add,
    Conversation,
    Decision,
    DecisionName,
    Detector,
    Escalate,
    History,
    Interpretation,
    LanguageChoice,
    Partial,
    PhrasesFor,
    QueryResult,
    Turn,
    build_receipt,
    corpus_code,
    decide,
    detect_language,
    interpret,
    language_of_pages,
    language_taken,
    may_ask,
    phrases_for,
    reply_locale,
    search_queries,
    while_waiting,
)
from bot.conversation.compose import compose, language_question
from bot.errors import StoreUnavailable
from bot.metrics import BESIDE, CHOICES, DECISIONS
from bot.runtime.work_loop import ClaimLoop
from bot.services import Index, PageReader, commit_turns, read_results
from bot.store.engine.database import Database
from bot.store.engine.group_commit import GroupCommit
from bot.store.queues import inbox
from bot.store.records.history import load_histories
from bot.store.records.response_times import ResponseTimeEstimate
from bot.store.records.staffing import is_unstaffed
from bot.store.records.turn_commit import TurnOutcome
from retrieval import RetrievalError

log = structlog.get_logger()

#: Outcomes of a turn that decides nothing: a person has the conversation, or a button alone was pressed.
_SILENT = "silent"
for _name in (*get_args(DecisionName), _SILENT):
    DECISIONS.labels(_name)  # a decision that was never made is told as 0
#: A turn held longer than this is taken from its worker, who is thought dead; one who works renews it before.
LEASE = timedelta(seconds=30)
_RENEWED_EVERY = LEASE.total_seconds() / 3
LONGEST_PAUSE = 60.0


@dataclass(frozen=True, kw_only=True)
class _Thought:
    """Language and search results of one turn."""

    language: LanguageChoice
    searched_in: str | None
    #: None when nothing could be looked up.
    looked_up: tuple[QueryResult, ...] | None


class TurnWorker(ClaimLoop[Turn]):
    """Takes turns from the inbox, several at once, and commits what they lead to.

    Any number of workers, in any number of processes, may do so at once.
    """

    def __init__(
        self,
        db: Database,
        index: Index,
        *,
        detector: Detector,
        clock: Callable[[], datetime],
        budgets: Mapping[str, float] | None = None,
        phrases: PhrasesFor = phrases_for,
        at_once: int = 1,
        reader: PageReader | None = None,
    ) -> None:
        """Work for all channels, on `at_once` turns at a time.

        `budgets` are those of channels that have an error budget of their own; `phrases` gives the bot's words in a
        customer's language; `reader` says which of the pages found answers, where that is not clear.
        """
        super().__init__(db, "inbox", clock=clock, at_once=at_once)
        self._index = index
        self._detector = detector
        self._budgets = dict(budgets or {})
        self._usual_wait = ResponseTimeEstimate(db)
        self._remember = GroupCommit(partial(load_histories, db))
        self._commit = GroupCommit(self._commit_all)
        self._phrases_for = phrases
        self._reader = reader

    async def _claim(self, most: int) -> Sequence[Turn]:
        return await inbox.claim(self._db, now=self._clock(), lease=LEASE, most=most)

    async def _next_due(self) -> datetime | None:
        return await inbox.next_due(self._db)

    async def _commit_all(self, decided: Sequence[tuple[Turn, TurnOutcome]]) -> Sequence[bool]:
        return await commit_turns(self._db, decided, now=self._clock())

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
            decision = outcome.receipt.decision if outcome.receipt else _SILENT
            DECISIONS.labels(decision).inc()
            if outcome.receipt and decision == "escalate":
                BESIDE.inc(len(outcome.receipt.offered))
            if outcome.taken:
                CHOICES.labels(outcome.taken.kind).inc()
            log.info("turn_handled", conversation=turn.conversation.id, decision=decision)
        else:
            log.info("turn_overtaken", conversation=turn.conversation.id)
            await inbox.put_back(self._db, turn, due=self._clock())

    async def _outcome(self, turn: Turn) -> TurnOutcome:
        if turn.conversation.owner == "agent":
            return TurnOutcome(language=await asyncio.to_thread(self._hear, turn, History()) if turn.text else None)
        if turn.attempts > MOST_ATTEMPTS:
            failed: Decision = Escalate(reason="failed", detail=_why_it_failed(turn))
            if turn.conversation.owner == "queue":
                failed = while_waiting(failed, History())
            phrases = self._phrases_for(reply_locale(turn.conversation.language, turn.conversation.locale))
            return TurnOutcome(receipt=build_receipt(turn, None, failed, None), drafts=compose(failed, phrases))
        now = self._clock()
        history = await self._remember(turn)
        interpretation = interpret(turn, history, now=now)
        # The one place where work for the processor leaves the event loop.
        thought = await asyncio.to_thread(self._think, turn, history, interpretation)
        thought = await self._read(turn, interpretation, thought)
        decision = decide(turn, interpretation, history, thought.looked_up, now=now)
        language = may_ask(thought.language, decision)
        receipt = build_receipt(
            turn, interpretation, decision, thought.looked_up, language=language, searched_in=thought.searched_in
        )
        phrases = self._phrases_for(reply_locale(language.language, turn.conversation.locale))
        for_agents = isinstance(decision, Escalate | Partial | Add)
        wait = await self._usual_wait(now) if for_agents else None
        drafts = compose(decision, phrases, wait=wait, is_unstaffed=for_agents and await is_unstaffed(self._db))
        if language.asks:
            drafts = (*drafts, language_question(language.asks, phrases))
        taken = interpretation.chosen or language_taken(turn)
        return TurnOutcome(receipt=receipt, drafts=drafts, taken=taken, language=language)

    def _hear(self, turn: Turn, history: History) -> LanguageChoice:
        return detect_language(turn, history, self._detector, self._index.languages)

    def _think(self, turn: Turn, history: History, interpretation: Interpretation) -> _Thought:
        """Hear a turn for its language and look up what it asks."""
        language, conversation = self._hear(turn, history), turn.conversation
        searched_in = corpus_code(language.language, self._index.languages)
        search = partial(self._index.search, language=searched_in, budget=self._budgets.get(conversation.channel))
        try:
            looked_up = search_queries(search, interpretation)
        except RetrievalError as error:
            log.exception("search_unavailable", conversation=conversation.id, why=str(error))
            return _Thought(language=language, searched_in=searched_in, looked_up=None)
        if interpretation.intent == "question":
            for each in looked_up:
                self._index.count_question(each.result, customer=_customer_key(conversation))
        language = language_of_pages(
            turn, history, language, [each.result for each in looked_up], self._index.languages
        )
        return _Thought(language=language, searched_in=searched_in, looked_up=looked_up)

    async def _read(self, turn: Turn, interpretation: Interpretation, thought: _Thought) -> _Thought:
        """Add a reader's verdicts to what was looked up; meanwhile the customer sees that it is worked on."""
        if self._reader is None or not thought.looked_up or interpretation.intent != "question":
            return thought
        conversation = turn.conversation
        names = [conversation.customer_name] if conversation.customer_name else []
        looked_up = await read_results(
            self._reader, thought.looked_up, customer=_customer_key(conversation), names=names
        )
        return replace(thought, looked_up=looked_up)

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


def _customer_key(conversation: Conversation) -> str:
    """A key that tells a customer from others and names nobody."""
    return hashlib.blake2b(f"{conversation.channel} {conversation.customer}".encode(), digest_size=16).hexdigest()


def _why_it_failed(turn: Turn) -> str:
    times = f"It was tried {turn.attempts - 1} times."
    return f"{times} The last time: {turn.error}" if turn.error else f"{times} No try came to an end."
