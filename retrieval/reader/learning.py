"""Learning what a reader is worth: questions whose answer is known, asked with the right page and without it."""

import asyncio
import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Protocol

from retrieval.errors import ReaderFailed
from retrieval.reader.consultation import ReaderOptions, reading_of
from retrieval.reader.port import Reader, Reading, Reply, Verdict, is_allowed
from retrieval.reader.record import ReaderRecord, Trial
from retrieval.reader.trust import Outcome
from retrieval.result import Candidate, SearchResult

#: What a question made from the corpus counts where the reader was right: such questions are easier than customers'.
#: Where it was wrong, it counts as one.
_EASY: Final = 0.2
#: With so many failures in a row, learning ends until the next time.
_FAILURES: Final = 3
#: Candidates beyond those offered, of which some are left out where nothing is to be right.
_FURTHER: Final = 6


@dataclass(frozen=True, kw_only=True)
class KnownQuestion:
    """A question, and the documents that answer it: none where nothing in the corpus does."""

    question: str
    language: str | None
    right: frozenset[str]
    #: Whether a customer asked it, rather than that it was made from the corpus.
    is_customers: bool = False
    #: Whether it is the title of the page, so that titles are not shown.
    is_title: bool = False


class Searching(Protocol):
    """Search for candidates."""

    def search(self, question: str, *, language: str | None = None, limit: int = 5) -> SearchResult:
        """Search for a question; gives `limit` candidates at most."""


@dataclass(frozen=True, kw_only=True)
class _Trying:
    key: str
    reading: Reading
    right: frozenset[str]
    is_offered: bool
    is_customers: bool


async def learn(
    reader: Reader,
    record: ReaderRecord,
    questions: Sequence[KnownQuestion],
    searcher: Searching,
    options: ReaderOptions,
    *,
    most: int,
    index: Path,
    progress: Callable[[int, int], None] = lambda *_: None,
) -> ReaderRecord:
    """Ask a reader what is known, with at most so many calls, and keep the record beside the index after each few.

    What was asked before is not asked again: what was stopped goes on where it was. A reader that is away ends it.
    """
    trying = list(_tryings(questions, searcher, options))[:most]
    left = [each for each in trying if each.key not in record.trials]
    failures = 0
    done = len(trying) - len(left)
    progress(done, len(trying))
    for start in range(0, len(left), options.limits.at_once):
        some = left[start : start + options.limits.at_once]
        replies = await asyncio.gather(*(_asked(reader, each.reading) for each in some))
        for each, reply in zip(some, replies, strict=True):
            failures = 0 if reply else failures + 1
            if reply is not None:
                trial = _trial(each, reply.verdict)
                record = record.and_one(each.key, trial, tokens_in=reply.tokens_in, tokens_out=reply.tokens_out)
        record.save(index)
        done += len(some)
        progress(done, len(trying))
        if failures >= _FAILURES:
            return record
    record = replace(record, is_finished=True)
    record.save(index)
    return record


async def _asked(reader: Reader, reading: Reading) -> Reply | None:
    try:
        reply = await reader.read(reading)
    except ReaderFailed:
        return None
    if reply.verdict is not None and not is_allowed(reply.verdict, reading.pages):
        return replace(reply, verdict=None)
    return reply


def _trial(tried: _Trying, verdict: Verdict | None) -> Trial | None:
    if verdict is None:
        return None
    outcome: Outcome
    if not tried.is_offered:
        outcome = "refused" if verdict.best is None else "invented"
    elif verdict.best is None:
        outcome = "missed"
    else:
        outcome = "right" if verdict.best in tried.right else "wrong"
    is_easy = outcome in {"right", "refused"} and not tried.is_customers
    return Trial(outcome=outcome, sure=verdict.sure, weight=_EASY if is_easy else 1.0)


def _tryings(questions: Sequence[KnownQuestion], searcher: Searching, options: ReaderOptions) -> list[_Trying]:
    """Each question with a right page among those offered, where it is found, and with none."""
    tried = []
    for known in questions:
        found = searcher.search(known.question, language=known.language, limit=options.pages + _FURTHER)
        if known.is_title:
            found = replace(found, candidates=tuple(_untitled(each) for each in found.candidates))
        offered = found.candidates[: options.pages]
        titles = {each.title.casefold() for each in found.candidates if each.document_id in known.right}
        others = tuple(
            each
            for each in found.candidates
            if each.document_id not in known.right and (known.is_title or each.title.casefold() not in titles)
        )
        if any(each.document_id in known.right for each in offered):
            tried.append(_trying(known, replace(found, candidates=offered), options, is_offered=True))
        if others:
            tried.append(_trying(known, replace(found, candidates=others), options, is_offered=False))
    return tried


def _untitled(candidate: Candidate) -> Candidate:
    return replace(candidate, title="", section=(), headings=())


def _trying(known: KnownQuestion, found: SearchResult, options: ReaderOptions, *, is_offered: bool) -> _Trying:
    reading = reading_of(found, options)
    shown = [reading.question, *([page.id, page.title, page.sentences] for page in reading.pages)]
    return _Trying(
        key=hashlib.blake2b(json.dumps(shown).encode(), digest_size=16).hexdigest(),
        reading=reading,
        right=known.right,
        is_offered=is_offered,
        is_customers=known.is_customers,
    )
