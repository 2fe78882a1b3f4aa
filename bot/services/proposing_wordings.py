"""Wordings that a model proposes for the pages of an index, written to a file that the maintainer reads."""

import asyncio
import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.errors import BadConfiguration
from bot.settings import Settings
from retrieval import Candidate, ReaderFailed, open_snapshot, read_questions
from retrieval.reader.chat_endpoint import ChatEndpoint
from retrieval.reader.opening import open_reader
from retrieval.reader.passages import OfferedPage, offered_pages
from retrieval.reader.wordings import propose

#: After so many failures in a row the endpoint is taken for dead.
_FAILURES: Final = 3
#: Words are written more slowly than a verdict.
_PATIENCE: Final = 20.0


@dataclass(frozen=True, kw_only=True)
class Proposed:
    """Counts of pages asked for, of those in the file before, of wordings, tokens and failures."""

    pages: int
    before: int
    wordings: int
    tokens: int
    failures: int


def propose_wordings(
    settings: Settings,
    output: Path,
    *,
    pages: int,
    each: int,
    progress: Callable[[int, int], None] = lambda *_: None,
) -> Proposed:
    """Ask the settings' endpoint for so many wordings of each of so many pages, and write them as a question file.

    Each line says `"reviewed": false`, and `reindex` learns from none that does. Pages that the file names already are
    not asked for again. BadConfiguration without an endpoint; RetrievalError.
    """
    known = {document for line in read_questions(output) for document in line.expected} if output.exists() else set()
    snapshot = open_snapshot(settings.index)
    shown = sorted(snapshot.passages.documents(), key=lambda page: page.document_id)[:pages]
    left = [page for page in shown if page.document_id not in known]
    return asyncio.run(_propose(settings, output, left, each=each, before=len(shown) - len(left), progress=progress))


async def _propose(
    settings: Settings,
    output: Path,
    pages: Sequence[Candidate],
    *,
    each: int,
    before: int,
    progress: Callable[[int, int], None],
) -> Proposed:
    reader = settings.reader.model_copy(update={"timeout": _PATIENCE})
    endpoint = open_reader(reader, None)
    if not isinstance(endpoint, ChatEndpoint):
        raise BadConfiguration("reader.url: wordings are proposed by a chat endpoint; name one, and `reader.model`")
    asked = written = tokens = failures = in_a_row = 0
    try:
        with output.open("a", encoding="utf-8") as lines:
            for page in pages:
                [shown] = offered_pages([page], characters=settings.reader.characters)
                asked += 1
                try:
                    proposal = await propose(endpoint, shown, count=each)
                except ReaderFailed:
                    failures, in_a_row = failures + 1, in_a_row + 1
                    if in_a_row >= _FAILURES:
                        break
                    continue
                in_a_row, tokens = 0, tokens + proposal.tokens
                lines.writelines(_line(shown, wording, page.language) for wording in proposal.wordings)
                lines.flush()
                written += len(proposal.wordings)
                progress(asked, len(pages))
    finally:
        await endpoint.close()
    return Proposed(pages=asked, before=before, wordings=written, tokens=tokens, failures=failures)


def _line(page: OfferedPage, wording: str, language: str | None) -> str:
    digest = hashlib.blake2b(f"{page.id}\0{wording}".encode(), digest_size=6).hexdigest()
    spoken = {"language": language} if language else {}
    row = {"id": f"proposed-{digest}", "question": wording, **spoken, "expected": [page.id], "reviewed": False}
    return f"{json.dumps(row, ensure_ascii=False)}\n"
