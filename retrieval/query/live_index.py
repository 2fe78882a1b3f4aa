"""The index in use, as a server asks it."""

import threading
from collections.abc import Mapping
from pathlib import Path

import structlog

from retrieval.decision import DEFAULTS, DecisionSettings
from retrieval.errors import EncoderDamaged, EncoderUnavailable, RetrievalError
from retrieval.query.caution import Votes, read_step, write_step
from retrieval.query.searcher import KEPT, Searcher
from retrieval.result import SearchResult
from retrieval.scoring.calibration import UNANSWERABLE
from retrieval.snapshot.snapshot import Snapshot, current_version, open_snapshot

log = structlog.get_logger()


class LiveIndex:
    """The index in use. It moves to a new snapshot between two questions; a refused one leaves the old in use.

    What is asked changes nothing by itself. Who has understood a message as a question tells by `count_question` which
    customer asked it; from that it may become more careful, a step at a time (`caution`), unless it is frozen.
    """

    def __init__(
        self,
        index: Path,
        *,
        budget: float,
        stricter: Mapping[str, float] | None = None,
        unanswerable: float = UNANSWERABLE,
        decisions: DecisionSettings = DEFAULTS,
        is_frozen: bool = False,
        kept: int = KEPT,
    ) -> None:
        self._index = index
        self._budget, self._stricter, self._unanswerable = budget, dict(stricter or {}), unanswerable
        self._decisions, self._is_frozen, self._kept = decisions, is_frozen, kept
        self._lock = threading.Lock()
        self._refused: str | None = None
        self._votes = Votes()
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
    def caution(self) -> int:
        """Number of steps that it is more careful than usual."""
        return self._votes.step

    def search(self, question: str, *, language: str | None = None, budget: float | None = None) -> SearchResult:
        """Find candidates in the snapshot in use, within its own budget or the one that is given."""
        return self._newest().search(question, language=language, budget=budget, limit=self._kept)

    def count_question(self, result: SearchResult, *, customer: str) -> None:
        """Count a search as what a customer wanted to know; only what was understood as a question should be.

        customer: what tells customers apart, such as a hash of their address; it is kept in memory alone.
        """
        if self._is_frozen or result.snapshot != self._version:
            return
        step = self._votes.count(result, customer)
        if step is None:
            return
        log.warning(
            "caution_changed", before=step.before, after=step.after, customers=step.customers, near=step.unknown
        )
        with self._lock:
            write_step(self._index, self._version, step.after)
            self._searcher = self._searcher.with_caution(step.after)

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
        snapshot = open_snapshot(self._index, version)
        votes = Votes(read_step(self._index, snapshot.version))
        searcher = Searcher(
            snapshot,
            budget=self._budget,
            stricter=self._stricter,
            unanswerable=self._unanswerable,
            decisions=self._decisions,
            caution=votes.step,
        )
        searcher.search("warm up")  # the first question should not pay for the opening of the encoder
        _open_others(snapshot)
        self._votes = votes
        return snapshot.version, searcher


def _open_others(snapshot: Snapshot) -> None:
    """Open the encoders of other languages too: what is missing is said at once, and English is served without."""
    for space in snapshot.spaces[1:]:
        try:
            _ = space.encoder
        except (EncoderUnavailable, EncoderDamaged) as error:
            log.warning("space_unavailable", space=space.entry.name, why=str(error), until_then="English is served")
