import threading
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path

import structlog

from retrieval.decision import DEFAULTS, DecisionSettings
from retrieval.errors import EncoderDamaged, EncoderUnavailable, RetrievalError
from retrieval.query.searcher import Searcher
from retrieval.result import SearchResult
from retrieval.scoring.features import FEATURES
from retrieval.scoring.query_population import UNANSWERABLE, QueryPopulation
from retrieval.snapshot.snapshot import Snapshot, current_version, open_snapshot

log = structlog.get_logger()

#: Questions that tell how customers ask: the last so many, looked at again after every few of them.
REMEMBERED, EVERY = 1000, 50
#: How many of them are asked again of a new snapshot; it takes a second.
_ASKED_AGAIN = 200


class LiveIndex:
    """The index in use. It moves to a new snapshot between two questions; a refused one leaves the old in use.

    How customers ask is estimated from what they asked lately, which sets how sure an answer must be.
    """

    def __init__(
        self,
        index: Path,
        *,
        budget: float,
        stricter: Mapping[str, float] | None = None,
        unanswerable: float = UNANSWERABLE,
        decisions: DecisionSettings = DEFAULTS,
    ) -> None:
        self._index, self._decisions = index, decisions
        self._budget, self._stricter, self._unanswerable = budget, dict(stricter or {}), unanswerable
        self._lock = threading.Lock()
        self._refused: str | None = None
        #: Question, language, the way it went, and the features of its search.
        self._asked: deque[_Asked] = deque(maxlen=REMEMBERED)
        self._since = 0
        self._version, self._searcher = self._open(current_version(index))

    @property
    def version(self) -> str:
        """The snapshot in use."""
        return self._version

    @property
    def languages(self) -> frozenset[str]:
        """The languages that the documents of the snapshot in use say they are in."""
        return self._searcher.languages

    @property
    def traffic(self) -> QueryPopulation:
        """How customers are thought to ask."""
        return self._searcher.traffic

    def search(self, question: str, *, language: str | None = None, budget: float | None = None) -> SearchResult:
        """Find candidates in the snapshot in use, within its own budget or the one that is given."""
        found = self._newest().search(question, language=language, budget=budget)
        self._remember([(question, language, found.way, found.features)], found.snapshot)
        return found

    def remember(self, asked: Sequence[tuple[str, str | None, dict[str, float]]], snapshot: str) -> None:
        """Questions that a snapshot was asked before, in which language and with which features, oldest first."""
        way_of = self._searcher.way_of
        told = [
            (question, language, way_of(language), features)
            for question, language, features in asked
            if set(features) == set(FEATURES)
        ]
        self._remember(told, snapshot)

    def _remember(self, asked: Sequence["_Asked"], snapshot: str) -> None:
        with self._lock:
            if snapshot != self._version:
                return
            self._asked.extend(asked)
            self._since += len(asked)
            if self._since < EVERY:
                return
            self._since = 0
            searcher, seen = self._searcher, [(way, features) for *_, way, features in self._asked]
        self._use(searcher.seeing(seen))

    def _use(self, searcher: Searcher) -> None:
        """Put a searcher in use that has seen more of the same snapshot."""
        if searcher.traffic.is_unlike and not self._searcher.traffic.is_unlike:
            log.warning("questions_unlike_the_corpus", distance=round(searcher.traffic.distance, 2))
        with self._lock:
            if searcher.snapshot.version == self._version:
                self._searcher = searcher

    def _newest(self) -> Searcher:
        with self._lock:
            version = self._look()
            if version not in (None, self._version, self._refused):
                try:
                    self._version, self._searcher = self._open(version)
                    log.info("snapshot_in_use", version=self._version)
                except RetrievalError:
                    self._refused = version
                    log.exception("snapshot_refused", version=version, kept=self._version)
            return self._searcher

    def _look(self) -> str | None:
        try:
            return current_version(self._index)
        except RetrievalError:
            log.exception("pointer_unreadable", kept=self._version)
            return None

    def _open(self, version: str | None) -> tuple[str, Searcher]:
        """Open a snapshot, and ask it the last questions again: its figures are not those of the one before."""
        snapshot = open_snapshot(self._index, version)
        searcher = Searcher(
            snapshot,
            budget=self._budget,
            stricter=self._stricter,
            unanswerable=self._unanswerable,
            decisions=self._decisions,
        )
        searcher.search("warm up")  # the first question should not pay for the opening of the encoder
        _open_others(snapshot)
        again = [
            (question, language, found.way, found.features)
            for question, language, *_ in list(self._asked)[-_ASKED_AGAIN:]
            if (found := _asked_again(searcher, question, language))
        ]
        self._asked = deque(again, maxlen=REMEMBERED)
        return snapshot.version, searcher.seeing((way, features) for *_, way, features in again) if again else searcher


def _open_others(snapshot: Snapshot) -> None:
    """Open the encoders of other languages too: what is missing is said at once, and English is served without."""
    for space in snapshot.spaces[1:]:
        try:
            _ = space.encoder
        except (EncoderUnavailable, EncoderDamaged) as error:
            log.warning("space_unavailable", space=space.entry.name, why=str(error), until_then="English is served")


_Asked = tuple[str, str | None, str | None, dict[str, float]]


def _asked_again(searcher: Searcher, question: str, language: str | None) -> SearchResult | None:
    """What a snapshot finds; None where the encoder of the language is not there, which is no reason to refuse it."""
    try:
        return searcher.search(question, language=language)
    except (EncoderUnavailable, EncoderDamaged):
        return None  # said when it was opened
