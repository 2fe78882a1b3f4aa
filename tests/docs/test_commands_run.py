"""The commands that README and docs tell to type, typed."""

import re
import shlex
import signal
import subprocess
from pathlib import Path

import httpx
import pytest

from tests.acceptance.conftest import PATIENCE, answerdesk, command
from tests.acceptance.small_corpus import write_articles

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def lines(page: Path) -> list[list[str]]:
    """The command lines of a page, in order, without comments."""
    blocks = re.findall(r"^```sh\n(.*?)^```$", page.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    typed = [shlex.split(line, comments=True) for block in blocks for line in block.splitlines()]
    return [words for words in typed if words]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_make_is_told_to_make_it_knows(page: Path) -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    text = page.read_text("utf-8")
    named = {words[1] for words in lines(page) if words[0] == "make"} | set(re.findall(r"`make ([a-z]+)", text))
    assert named <= set(targets)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_line_is_one_that_is_tried(page: Path) -> None:
    assert {words[0] for words in lines(page)} <= {"make", ".venv/bin/answerdesk"}


@pytest.mark.parametrize("channel", ["slack", "telegram", "x"])
def test_who_sets_a_channel_up_is_told_to_name_the_settings_file(channel: str) -> None:
    text = " ".join((ROOT / "docs" / f"{channel}.md").read_text("utf-8").split())
    typed = re.findall(r"`answerdesk (?:serve|channels check \w+)[^`]*`", text)
    assert len(typed) >= 2
    assert all(words.endswith("--config answerdesk.toml`") for words in typed)


def test_the_commands_of_the_readme_do_what_they_say(tmp_path: Path) -> None:
    write_articles(tmp_path / "path" / "to" / "articles")
    (tmp_path / "answerdesk.toml").write_text('index = "index"\n\n[server]\nport = 0\n')
    typed = [words[1:] for words in lines(ROOT / "README.md") if words[0] == ".venv/bin/answerdesk"]
    assert [words[0] for words in typed] == ["reindex", "ask", "serve"]
    for words in typed[:-1]:
        done = answerdesk(*words, cwd=tmp_path)
        assert done.returncode in {0, 1 if words[0] == "ask" else 0}, done.stderr
        assert "Traceback" not in done.stderr
    with subprocess.Popen(command(*typed[-1]), cwd=tmp_path, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            found = re.match(r"Chat: +(http\S+)\n", server.stdout.readline())
            assert found
            assert httpx.get(found[1], timeout=PATIENCE).status_code == 200
            server.send_signal(signal.SIGTERM)
            assert server.wait(PATIENCE) in (0, -signal.SIGTERM)
        finally:
            server.kill()
