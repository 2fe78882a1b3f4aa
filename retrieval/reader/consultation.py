"""Asking a reader about a search: only where it can change something, within bounds, once for the same."""

import hashlib
import json
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

import structlog

from retrieval.errors import ReaderFailed
from retrieval.reader.bounds import Bounds, ReaderLimits
from retrieval.reader.consulted import Consulted
from retrieval.reader.masking import masked, shortened
from retrieval.reader.passages import offered_pages, shuffled
from retrieval.reader.port import Reader, Reading, Reply, Verdict, is_allowed
from retrieval.reader.record import ReaderRecord
from retrieval.reader.trust import LEVELS, Trust, level
from retrieval.reader.worth import may_matter
from retrieval.result import SearchResult

log = structlog.get_logger()

#: Verdicts that are remembered.
_REMEMBERED: Final = 2000
#: The longest question that is shown, in characters.
_LONGEST: Final = 2000

#: What came of a question: it was not worth a call, had been asked, got a verdict, something else, nothing in time or
#: a failure; or it was not asked, since the reader is away, has cost this customer time, is busy, or used up its calls.
Outcome = Literal[
    "needless", "known", "verdict", "no_verdict", "timeout", "failed", "away", "waited", "busy", "limit", "unlearned"
]
OUTCOMES: Final[tuple[Outcome, ...]] = (
    *("needless", "known", "verdict", "no_verdict", "timeout", "failed"),
    *("away", "waited", "busy", "limit", "unlearned"),
)


@dataclass(frozen=True, kw_only=True)
class ReaderOptions:
    """Contents of a reading: so many pages, so many characters of each; and if personal data is masked."""

    pages: int = 8
    characters: int = 450
    is_masked: bool = True
    limits: ReaderLimits = field(default_factory=ReaderLimits)
    #: Documents with an error budget of their own, by pattern.
    stricter: Mapping[str, float] = field(default_factory=dict)


#: Told of each question: what came of it, the tokens in and out, and the seconds that it took.
Observer = Callable[[Outcome, int, int, float], None]


class Consultation:
    """A reader within its bounds, for one event loop."""

    def __init__(
        self,
        reader: Reader,
        record: ReaderRecord,
        options: ReaderOptions,
        *,
        clock: Callable[[], float] = time.monotonic,
        observe: Observer = lambda *_: None,
        learned: Callable[[], ReaderRecord | None] = lambda: None,
    ) -> None:
        """Ask a reader of whom so much is known; `learned` gives a newer record, once, when there is one."""
        self._reader, self._options = reader, options
        self._clock, self._observe, self._learned = clock, observe, learned
        self._bounds = Bounds(options.limits)
        self._known: OrderedDict[str, Verdict | None] = OrderedDict()
        self._said = [0.0] * LEVELS
        self._take_in(record)

    @property
    def trust(self) -> Trust:
        """Trust in the reader as of now: its record, and what it said since."""
        one, two, three = (known + said for known, said in zip(self._record_said, self._said, strict=True))
        return Trust.of(self._seen, (one, two, three))

    @property
    def is_left_aside(self) -> bool:
        """True when the reader was found out, so that it is not asked."""
        return self._was_left_aside or self.trust.is_left_aside

    def _take_in(self, record: ReaderRecord) -> None:
        self._is_learned, self._seen, self._record_said = record.is_finished, record.seen, record.said
        self._was_left_aside = record.is_left_aside

    async def consult(
        self, result: SearchResult, *, customer: str | None = None, names: Sequence[str] = (), before: str | None = None
    ) -> Consulted | None:
        """The reader's verdict on a search; None where it is not asked, or says nothing that counts.

        customer: a key that tells customers apart, for the bounds; names: the customer's, to be masked; before: the
        question that this one may follow on. Errors of the reader end here.
        """
        verdict = await self.verdict(result, customer=customer, names=names, before=before)
        return self.taken(verdict) if verdict is not None else None

    def taken(self, verdict: Verdict) -> Consulted:
        """A verdict with what is believed of the reader now."""
        options = self._options
        return Consulted(
            verdict=verdict,
            trust=self.trust,
            offered=options.pages,
            characters=options.characters,
            stricter=dict(options.stricter),
        )

    async def verdict(
        self, result: SearchResult, *, customer: str | None = None, names: Sequence[str] = (), before: str | None = None
    ) -> Verdict | None:
        """The same, before it is weighed."""
        if (newer := self._learned()) is not None:
            self._take_in(newer)
        if self.is_left_aside or not self._is_learned:
            self._observe("unlearned", 0, 0, 0.0)
            return None
        if not may_matter(result):
            self._observe("needless", 0, 0, 0.0)
            return None
        reading = reading_of(result, self._options, names=names, before=before)
        key = _key(reading, result.snapshot)
        if key in self._known:
            self._known.move_to_end(key)
            self._observe("known", 0, 0, 0.0)
            return self._known[key]
        reason = self._bounds.take(self._clock(), customer)
        if reason is not None:
            self._observe(reason, 0, 0, 0.0)
            return None
        reply = await self._asked(reading, customer)
        if reply is None:
            return None
        verdict = reply.verdict
        self._known[key] = verdict
        if len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        if verdict is not None:
            self._said[level(verdict.sure)] += 1
        return verdict

    async def close(self) -> None:
        """Give the reader's connections back."""
        await self._reader.close()

    async def _asked(self, reading: Reading, customer: str | None) -> Reply | None:
        started = self._clock()
        reply: Reply | None = None
        failure: ReaderFailed | None = None
        try:
            reply = await self._reader.read(reading)
        except ReaderFailed as error:
            failure = error
        finally:
            if (
                reply is None and failure is None
            ):  # given up by who asked, or a fault of ours: it tells nothing of the reader
                self._bounds.cancel()
        self._bounds.give_back(self._clock(), customer, is_failure=reply is None)
        if reply is None:
            is_timeout = failure is not None and failure.is_timeout
            self._observe("timeout" if is_timeout else "failed", 0, 0, self._clock() - started)
            log.warning("reader_failed", why=str(failure))
            return None
        if reply.verdict is not None and not is_allowed(reply.verdict, reading.pages):
            reply = Reply(verdict=None, tokens_in=reply.tokens_in, tokens_out=reply.tokens_out)
        outcome: Outcome = "verdict" if reply.verdict is not None else "no_verdict"
        self._observe(outcome, reply.tokens_in, reply.tokens_out, self._clock() - started)
        return reply


def reading_of(
    result: SearchResult, options: ReaderOptions, *, names: Sequence[str] = (), before: str | None = None
) -> Reading:
    """Build the reading of a search: its first candidates, shuffled, and the customer's words, masked and cut."""

    def shown(text: str) -> str:
        short = shortened(text, _LONGEST)  # before the patterns are looked for, which have a text of any length to read
        return masked(short, names) if options.is_masked else short

    question = shown(result.question)
    pages = offered_pages(result.candidates[: options.pages], characters=options.characters)
    return Reading(question=question, before=shown(before) if before else None, pages=shuffled(pages, question))


def _key(reading: Reading, snapshot: str) -> str:
    shown = [snapshot, reading.question, reading.before, *([page.id, page.sentences] for page in reading.pages)]
    return hashlib.blake2b(json.dumps(shown).encode(), digest_size=16).hexdigest()
