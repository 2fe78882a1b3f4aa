"""A reindex as a reviewed change: what customers asked is asked again before the new snapshot is used."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.conftest import SAMPLE, Server, SmallIndex, WebCustomer, answerdesk
from tests.acceptance.output import printed, refusal, told
from tests.acceptance.small_corpus import write_lines
from tests.acceptance.test_labels import people_say

#: What customers of the sample company have asked; the bot answered all of it from its own page.
ASKED = ("How do I reset my hub?", "My lamp keeps blinking red", "where is my order", "Where is my  ORDER")


@pytest.fixture
def config(tmp_path: Path, sample_index: Path) -> Path:
    """The settings of a company with an index in use and articles of its own to change."""
    shutil.copytree(sample_index, tmp_path / "index")
    shutil.copytree(SAMPLE / "articles", tmp_path / "articles")
    config = people_say(tmp_path, [("helped", question, None) for question in ASKED])
    sources = json.dumps([str(tmp_path / "articles"), str(SAMPLE / "forum.jsonl")])
    config.write_text(f'index = "index"\ndata = "."\nbudget = 0.1\nfeedback = false\nsources = {sources}\n')
    return config


def article(config: Path, name: str) -> Path:
    """The file of an English article of the sample, by the id in its front matter."""
    files = (config.parent / "articles" / "en").rglob("*.md")
    return next(file for file in files if f"\nid: {name}\n" in file.read_text("utf-8"))


def used(config: Path) -> str:
    return (config.parent / "index" / "CURRENT").read_text("utf-8").strip()


def by_question(diff: Any) -> dict[str, str]:
    return {each["question"]: each["became"] for each in diff["questions"]}


def test_a_snapshot_that_loses_an_answer_waits_for_a_person(config: Path) -> None:
    before = used(config)
    article(config, "lamp-blinking-red").unlink()
    reset = article(config, "hub-reset")
    reset.write_text(f"{reset.read_text('utf-8')}\nThen wait for a minute.\n", "utf-8")
    report = told("reindex", "--config", config, "--review", code=1)
    assert (report["is_new"], report["is_used"], used(config)) == (True, False, before)
    diff = report["diff"]
    assert (diff["before"], diff["after"]) == (before, report["version"])
    assert diff["documents"] == {"added": [], "changed": ["hub-reset"], "removed": ["lamp-blinking-red"]}
    became = by_question(diff)
    assert len(became) == 3, "the same words are the same question"
    assert became["How do I reset my hub?"] == "reworded"
    assert became["My lamp keeps blinking red"] in {"lost", "other"}
    assert diff["worse"] == 1
    assert told("diff", "--config", config, code=1) == diff, "it is there to be looked at again"

    shown = printed("diff", "--config", config, code=1)
    assert "Documents removed: 1\n  lamp-blinking-red\n" in shown
    assert "\n  ! My lamp keeps blinking red\n" in shown
    assert shown.endswith("To look at first: 1, marked with !.\n")
    assert told("diff", "--config", config, "--tolerate", "0.34")["worse"] == 1

    assert f"Now in use: {report['version']}. Before, it was {before}." in printed("publish", "--config", config)
    assert used(config) == report["version"]
    assert told("rollback", "--config", config) == {"before": report["version"], "version": before}
    assert used(config) == before
    listed = told("snapshots", "--config", config)["snapshots"]
    assert [(each["version"], each["is_used"]) for each in listed][:2] == [(report["version"], False), (before, True)]


def test_a_snapshot_that_loses_nothing_is_used_at_once(config: Path) -> None:
    before = used(config)
    file = article(config, "recycle")
    file.write_text(f"{file.read_text('utf-8')}\nThank you for bringing it back.\n", "utf-8")
    report = told("reindex", "--config", config, "--review", "--tolerate", "0.5")
    assert (report["is_used"], report["diff"]["before"]) == (True, before)
    assert used(config) == report["version"]
    assert report["diff"]["documents"]["changed"] == ["recycle"]
    again = told("reindex", "--config", config, "--review")
    assert (again["is_new"], again["is_used"], "diff" in again) == (False, True, False)


def test_question_files_are_asked_instead_of_the_labels_and_know_what_is_right(config: Path, tmp_path: Path) -> None:
    article(config, "lamp-blinking-red").unlink()
    assert printed("reindex", "--config", config, "--aside").startswith("Built, and not in use (answerdesk publish")
    lines: list[dict[str, Any]] = [
        {"id": "1", "question": "My lamp keeps blinking red", "expected": [], "language": "en"},
        {"id": "2", "question": "How do I reset my hub?", "expected": ["hub-reset"], "language": "en"},
    ]
    file = write_lines(tmp_path / "questions.jsonl", lines)
    diff = told("diff", "--config", config, "--questions", file, "--last", 0)
    assert [each["expected"] for each in diff["questions"]] == [[], ["hub-reset"]]
    assert diff["questions"][0]["became"] in {"lost", "other"}, "it was known to be wrong: nothing is worse"
    assert diff["worse"] == 0


def test_a_running_server_follows_there_and_back(config: Path, server: Callable[..., Server]) -> None:
    before, index = used(config), config.parent / "index"
    article(config, "lamp-blinking-red").unlink()
    aside = told("reindex", "--config", config, "--aside")["version"]
    running = server("budget = 0.1", index)

    def pages() -> list[str]:
        customer = WebCustomer(running.url)
        customer.says("My lamp keeps blinking red")
        return [line["source"]["title"] for line in customer.sees_replies() if line.get("source")]

    page = "A lamp blinks red"
    assert page in pages()
    printed("publish", aside, "--index", index)
    assert page not in pages()
    printed("rollback", "--index", index)
    assert page in pages()
    assert used(config) == before


def test_there_is_nothing_to_compare_or_to_go_back_to_in_a_first_index(tmp_path: Path, small_index: SmallIndex) -> None:
    index = small_index(tmp_path)
    (version,) = [each["version"] for each in told("snapshots", "--index", index)["snapshots"]]
    assert "first snapshot" in refusal(answerdesk("diff", "--index", index))
    assert "nothing was in use before" in refusal(answerdesk("rollback", "--index", index))
    assert "no such snapshot" in refusal(answerdesk("rollback", "20200101T000000-0123456789ab", "--index", index))
    assert printed("publish", "--index", index) == f"{version} stays in use.\n"
    assert "there is no index here" in refusal(answerdesk("publish", "--index", tmp_path / "none"))
    assert printed("snapshots", "--index", tmp_path / "none").endswith("there are no snapshots here.\n")
    both = answerdesk("reindex", "--source", tmp_path / "articles", "--index", index, "--aside", "--review")
    assert "give one of them" in refusal(both)


def test_who_is_in_trouble_can_roll_back(tmp_path: Path, small_index: SmallIndex) -> None:
    index = small_index(tmp_path)
    first = told("snapshots", "--index", index)["snapshots"][0]["version"]
    (tmp_path / "articles" / "lids.md").unlink()
    second = told("reindex", "--source", tmp_path / "articles", "--index", index)["version"]
    (index / "snapshots" / second / "manifest.json").write_text("{}")
    listed = told("snapshots", "--index", index)["snapshots"]
    assert [bool(each["problem"]) for each in listed] == [True, False]
    assert told("rollback", "--index", index)["version"] == first, "the one in use cannot say what was before it"
    (index / "CURRENT").write_bytes(b"\xff")
    assert told("rollback", first, "--index", index) == {"before": None, "version": first}
    assert told("snapshots", "--index", index, "--keep", 1)["removed"] == []
