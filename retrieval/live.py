import threading
from pathlib import Path

import structlog

from retrieval.errors import RetrievalError
from retrieval.search import Found, Searcher
from retrieval.snapshot import current_version, open_snapshot

log = structlog.get_logger()


class LiveIndex:
    """The index in use. It moves to a new snapshot between two questions; a refused one leaves the old in use."""

    def __init__(self, index: Path, *, budget: float) -> None:
        self._index = index
        self._budget = budget
        self._lock = threading.Lock()
        self._refused: str | None = None
        self._version, self._searcher = self._open(current_version(index))

    def search(self, question: str, *, language: str | None = None) -> Found:
        """Find candidates in the snapshot in use."""
        return self._newest().search(question, language=language)

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
        searcher = Searcher(snapshot, budget=self._budget)
        searcher.search("warm up")  # the first question should not pay for the opening of the encoder
        return snapshot.version, searcher
