"""Proposed wordings are lines for the maintainer, and nothing is learned of them before they are read."""

import json
from pathlib import Path

import pytest
from starlette.responses import JSONResponse, Response

from bot.errors import BadConfiguration
from bot.services.proposing_wordings import propose_wordings
from bot.services.reindexing import reindex as reindex_settings
from bot.settings import Settings
from retrieval import open_snapshot, read_questions
from retrieval.indexing.reindex import reindex
from retrieval.reader.wordings import usable
from retrieval.testing import HashEncoder
from tests.reader_endpoint import Shown, endpoint
from tests.unit.retrieval.conftest import NOW, make_documents


@pytest.fixture
def index(tmp_path: Path) -> Path:
    reindex(make_documents(5), tmp_path / "index", HashEncoder(), now=NOW)
    return tmp_path / "index"


def settings(index: Path, url: str) -> Settings:
    return Settings.read(None, index=index, reader={"url": url, "model": "m"})


def proposes(shown: Shown) -> str:
    words = shown.body["messages"][-1]["content"]
    assert "Write 3 questions." in words
    title = words.splitlines()[1]
    return json.dumps({"questions": [f"pls {title} how", "https://evil.example", "it broke", "it broke!", title, 7]})


def test_each_page_gets_lines_that_say_that_nobody_has_read_them(index: Path, tmp_path: Path) -> None:
    output = tmp_path / "wordings.jsonl"
    with endpoint(proposes) as there:
        done = propose_wordings(settings(index, there.url), output, pages=2, each=3)
        assert (done.pages, done.before, done.wordings, done.failures) == (2, 0, 4, 0)
        done = propose_wordings(settings(index, there.url), output, pages=5, each=3)
        assert (done.pages, done.before) == (3, 2), "it goes on where it was"
        assert len(there.asked) == 5
    lines = read_questions(output)
    assert len(lines) == 10
    assert all(line.is_unreviewed for line in lines)
    assert {line.expected[0] for line in lines} == set(open_snapshot(index).documents)
    assert "http" not in output.read_text()


def test_what_fails_is_left_for_the_next_time(index: Path, tmp_path: Path) -> None:
    def dead(_: Shown) -> Response:
        return JSONResponse({"error": "away"}, status_code=503)

    output = tmp_path / "wordings.jsonl"
    with endpoint(dead) as there:
        done = propose_wordings(settings(index, there.url), output, pages=5, each=3)
        assert (done.wordings, done.failures) == (0, 3)
        assert len(there.asked) == 3, "who is away is not asked on and on"


def test_without_an_endpoint_there_is_nobody_to_propose(index: Path, tmp_path: Path) -> None:
    with pytest.raises(BadConfiguration, match=r"reader\.url"):
        propose_wordings(Settings.read(None, index=index), tmp_path / "w.jsonl", pages=1, each=1)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (["My lamp\x07 is\nred?", "my lamp is red", "  "], ("My lamp is red?",)),
        (["<b>x</b>", "see http://a.example", "{}", "x" * 201, "The title"], ()),
        ("a text", ()),
        (None, ()),
        ([["nested"], {"a": 1}, None, 3], ()),
    ],
)
def test_only_lines_of_plain_words_are_kept(said: object, kept: tuple[str, ...]) -> None:
    assert usable(said, "the title") == kept


def test_nothing_unread_is_learned(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text("---\nid: oil\n---\n\n# Oil the board\n\nOil it once a year.\n")
    line = {"id": "p1", "question": "my board looks dry, help", "expected": ["oil"]}
    (tmp_path / "unread.jsonl").write_text(json.dumps(line | {"reviewed": False}))
    (tmp_path / "read.jsonl").write_text(json.dumps(line))
    heard: list[str] = []

    def learned(labels: str) -> bool:
        about = Settings.read(
            None, index=tmp_path / labels, sources=[tmp_path / "page.md"], labels=[tmp_path / f"{labels}.jsonl"]
        )
        reindex_settings(about, notice=heard.append)
        found = open_snapshot(about.index).main.wordings.documents("my board looks dry help")
        return len(found) > 0

    assert not learned("unread")
    assert any("reviewed" in each for each in heard)
    assert learned("read")
