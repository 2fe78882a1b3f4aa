"""What people said of answers gets into the next reindex, and out as a question file; its texts stay where they are."""

import asyncio
import json
import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from bot.conversation.receipt import Receipt
from bot.store.engine.database import Database
from bot.store.records.receipts import add_receipts
from bot.store.tables import agents, conversations, messages, verdicts
from bot.testing import ScriptedIndex, ScriptedPage
from tests.acceptance.conftest import SAMPLE_SOURCES, SmallIndex, answerdesk
from tests.acceptance.output import printed, refusal, told
from tests.acceptance.small_corpus import write_lines

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
RESET, USED = "hub-reset", "return-used"
#: Who said what of which page, for which question; a word of nobody's tells whose text a file holds.
SAID: list[tuple[str, str, str | None]] = [
    ("agent", "zyxwv the hub is dead", RESET),
    ("agent", "zyxwv do you sell toasters", None),
    ("choice", "zyxwv the lamp was used", USED),
    ("helped", "zyxwv restart that thing", RESET),
    ("not_helped", "How do I reset my hub?", RESET),
    ("agent", "zyxwv what is gone", "gone"),
    ("helped", "zyxwv  The hub is DEAD", RESET),  # an agent has said so
]


def people_say(data: Path, said: Sequence[tuple[str, str, str | None]]) -> Path:
    """A settings file whose database holds this."""

    async def write() -> None:
        db = Database(f"sqlite+aiosqlite:///{data / 'answerdesk.db'}")
        await db.migrate()
        async with db.write() as connection:
            agent = {"id": 1, "name": "Alva", "email": "a@example.com", "password_hash": "", "created_at": NOW}
            await connection.execute(insert(agents).values(agent))
            customer = {"id": 1, "channel": "web", "address": "a", "customer": "a", "opened_at": NOW}
            await connection.execute(insert(conversations).values(customer))
            for who, question, document in said:
                pages = [ScriptedPage(id=document, title=question, text="So.")] if document else []
                receipt = Receipt(
                    decision="escalate" if who == "agent" else "answer",
                    question=question,
                    searched=question,
                    language="en",
                    candidates=ScriptedIndex(pages).search(question).candidates,
                    chosen=document if who == "choice" else None,
                )
                number = (await add_receipts(connection, {1: receipt}, now=NOW))[1]
                if who == "agent":
                    verdict = {"receipt_id": number, "document_id": document, "agent_id": 1, "at": NOW}
                    await connection.execute(insert(verdicts).values(verdict))
                line = {"conversation_id": 1, "at": NOW, "author": "bot", "text": "So.", "receipt_id": number}
                helped = {"helped": {"helped": True, "not_helped": False}.get(who)}
                await connection.execute(insert(messages).values(line | helped))
        await db.close()

    asyncio.run(write())
    config = data / "answerdesk.toml"
    sources = json.dumps([str(source) for source in SAMPLE_SOURCES])
    config.write_text(f'index = "index"\ndata = "."\nsources = {sources}\n')
    return config


@pytest.fixture
def config(tmp_path: Path, sample_index: Path) -> Path:
    """The settings of a company whose customers and agents have said something; its index was made before."""
    shutil.copytree(sample_index, tmp_path / "index")
    return people_say(tmp_path, SAID)


def test_a_reindex_learns_from_what_people_said_and_keeps_no_word_of_it(config: Path) -> None:
    report = told("reindex", "--config", config)
    assert report["is_new"]
    assert report["changed"] == 0
    assert report["feedback"] == {"agents": 2, "choices": 1, "thumbs": 2}
    assert report["fitted_on"]["verdicts"] == 5
    index = config.parent / "index"
    held = [path for path in (index / "snapshots" / report["version"]).rglob("*") if path.is_file()]
    assert held
    assert [path for path in held if b"zyxwv" in path.read_bytes()] == []

    again = printed("reindex", "--config", config)
    assert again.startswith("Nothing has changed: ")
    assert "2 agents' verdicts, 1 customers' choices, 2 customers' thumbs" in again

    without = told("reindex", "--config", config, "--no-feedback")
    assert (without["is_new"], without["feedback"]) == (True, {})
    assert "verdicts" not in without["fitted_on"]
    sources = [part for source in SAMPLE_SOURCES for part in ("--source", source)]
    bare = printed("reindex", *sources, "--index", index, cwd=config.parent)
    assert bare.startswith("Nothing has changed: "), "without settings nothing is read"
    config.write_text(f"feedback = false\n{config.read_text()}")
    assert printed("reindex", "--config", config).startswith("Nothing has changed: ")


def test_labels_are_a_question_file_that_reindex_and_evaluate_read(config: Path, tmp_path: Path) -> None:
    done = answerdesk("labels", "--config", config)
    assert done.returncode == 0, done.stderr
    assert done.stderr.splitlines() == ["note: left out 1 labels: the index has their documents no longer"]
    lines: list[dict[str, Any]] = [json.loads(line) for line in done.stdout.splitlines()]
    assert lines == [
        {"id": "said-2", "question": "zyxwv do you sell toasters", "language": "en", "expected": []},
        {"id": "said-1", "question": "zyxwv the hub is dead", "language": "en", "expected": [RESET]},
        {"id": "said-3", "question": "zyxwv the lamp was used", "language": "en", "expected": [USED]},
        {"id": "said-4", "question": "zyxwv restart that thing", "language": "en", "expected": [RESET]},
    ]
    assert told("labels", "--config", config) == lines

    file = write_lines(tmp_path / "labels.jsonl", lines)
    score = told("evaluate", "--config", config, "--questions", file)
    assert (score["questions"], score["in_scope"]) == (4, 3)
    report = told("reindex", "--config", config, "--labels", file)
    assert report["feedback"] == {"thumbs": 1}, "what the maintainer says needs nobody else's word"
    assert report["changed"] == 2
    assert report["fitted_on"]["labels"] == 3


def test_nothing_said_is_said(tmp_path: Path) -> None:
    empty = people_say(tmp_path, [("not_helped", "why?", RESET)])
    done = answerdesk("labels", "--config", empty)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "note: nobody has said yet which page answers what\n"
    (tmp_path / "answerdesk.db").unlink()
    assert "no database" in refusal(answerdesk("labels", "--config", empty))


@pytest.mark.parametrize("url", ["", "sqlite+aiosqlite:///{}/text.db"])
def test_a_reindex_goes_on_without_a_database(tmp_path: Path, small_index: SmallIndex, url: str) -> None:
    small_index(tmp_path)
    config, away = tmp_path / "answerdesk.toml", url.format(tmp_path)
    (tmp_path / "text.db").write_text("This is no database. " * 200)
    config.write_text('index = "index"\nsources = ["articles"]\n' + (f'database = "{away}"\n' if url else ""))
    done = answerdesk("reindex", "--config", config)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Nothing has changed: ")
    notes = done.stderr.splitlines()
    assert len(notes) == bool(url), done.stderr
    assert all("is not used this time: the database could not be read" in note for note in notes)
