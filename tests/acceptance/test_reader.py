"""A reader from the command line: learned at reindex, asked by ask and evaluate, told of by doctor."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.conftest import answerdesk
from tests.acceptance.small_corpus import write_lines
from tests.reader_endpoint import Endpoint, Shown, endpoint, verdict

pytestmark = pytest.mark.xdist_group("reader")  # what is indexed once and learned from is shared

WORDS = "hinge bottle candle drawer engine faucet garage hammer inkpot jigsaw kettle ladder magnet needle".split()  # noqa: SIM905
PAGES = [
    {
        "id": word,
        "title": f"Care for your {word}",
        "text": f"Wipe the {word} with a dry cloth. Keep the {word} out of the sun.",
        "kind": "article",
        "questions": [f"what does my {word} need", f"{word} cleaning"],
    }
    for word in WORDS
]
QUESTIONS = [
    {"id": str(n), "question": f"wiping the {a}, not the {b}", "expected": [a]}
    for n, (a, b) in enumerate(zip(WORDS, WORDS[3:], strict=False))
]


def knows(shown: Shown) -> str:
    """A good reader: it takes the page of the first of our words in the question."""
    asked = [word for word in re.findall(r"\w+", shown.question.casefold()) if word in shown.pages]
    sure = 0.65 + 0.05 * (len(shown.question) % 7)
    named = next((word for word in re.findall(r"\w+", shown.question.casefold()) if word in WORDS), None)
    return verdict(named if named in asked else None, sure=sure, sentences=(1,) if named in asked else ())


@pytest.fixture(scope="module")
def good() -> Iterator[Endpoint]:
    with endpoint(knows) as there:
        yield there


@pytest.fixture(scope="module")
def folder(good: Endpoint, tmp_path_factory: pytest.TempPathFactory) -> Path:
    here = tmp_path_factory.mktemp("reader")
    write_lines(here / "pages.jsonl", PAGES)
    write_lines(here / "questions.jsonl", QUESTIONS)
    (here / "answerdesk.toml").write_text(
        f'sources = ["pages.jsonl"]\nlanguages = "none"\n[reader]\nurl = "{good.url}"\nmodel = "m"\nlearn = 24\n'
    )
    done = answerdesk("reindex", "--config", str(here / "answerdesk.toml"), "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)["reader"]
    assert told["is_finished"]
    assert told["calls"] <= 24
    assert (told["right"], told["invented"], told["is_left_aside"]) == (1.0, 0.0, False)
    assert len(good.asked) == told["calls"]
    return here


def run(folder: Path, *words: str, code: int = 0) -> Any:
    done = answerdesk(*words, "--config", str(folder / "answerdesk.toml"), "--json")
    assert done.returncode == code, done.stderr
    return json.loads(done.stdout)


def test_evaluate_tells_what_the_reader_brings(folder: Path, good: Endpoint) -> None:
    before = len(good.asked)
    told = run(folder, "evaluate", "--questions", str(folder / "questions.jsonl"))
    assert told["reader"]["calls"] == len(good.asked) - before > 0
    assert told["reader"]["tokens_in"] == 700 * told["reader"]["calls"]
    assert told["helped"] >= told["without"]["reader"]["helped"]
    assert told["accuracy_at_1"] > told["without"]["reader"]["accuracy_at_1"]
    parted = run(folder, "evaluate", "--parts", "--questions", str(folder / "questions.jsonl"))["without"]
    assert {"reader", "reader, wordings", "reader, everything"} < set(parted)
    before = len(good.asked)
    alone = run(folder, "evaluate", "--no-reader", "--questions", str(folder / "questions.jsonl"))
    assert "reader" not in alone
    assert alone["helped"] == told["without"]["reader"]["helped"]
    assert len(good.asked) == before


def test_ask_shows_the_page_that_the_reader_names_and_says_so(folder: Path) -> None:
    config = str(folder / "answerdesk.toml")
    asked = [answerdesk("ask", str(each["question"]), "--config", config, "--why").stdout for each in QUESTIONS[:4]]
    read = [each for each in asked if "The reader took" in each]
    assert read
    assert all("Wipe the" in each for each in read)


def test_doctor_says_what_the_reader_is_worth(folder: Path) -> None:
    done = answerdesk("doctor", "--config", str(folder / "answerdesk.toml"))
    assert re.search(r"The reader was tried on \d+ questions\. Of the pages it named where the right one", done.stdout)


def test_a_reader_that_errs_is_found_out_and_left_aside(folder: Path, tmp_path: Path) -> None:
    def errs(shown: Shown) -> str:
        return verdict(min(shown.pages), sure=0.99)

    with endpoint(errs) as there:
        config = tmp_path / "answerdesk.toml"
        config.write_text(
            f'index = "{folder / "index"}"\nsources = ["{folder / "pages.jsonl"}"]\nlanguages = "none"\n'
            f'[reader]\nurl = "{there.url}"\nmodel = "m"\nlearn = 24\n'
        )
        done = answerdesk("reindex", "--config", str(config))
        assert "The reader is left aside." in done.stdout, done.stderr
        before = len(there.asked)
        told = run(tmp_path, "evaluate", "--questions", str(folder / "questions.jsonl"))
        assert len(there.asked) == before
    assert told["reader"]["is_left_aside"]
    assert told["helped"] == told["without"]["reader"]["helped"]
    doctor = answerdesk("doctor", "--config", str(config))
    assert "The reader is left aside." in doctor.stdout
    assert "Take another model" in doctor.stdout


def test_a_reader_that_is_away_is_no_reason_not_to_answer(folder: Path, tmp_path: Path) -> None:
    config = tmp_path / "answerdesk.toml"
    config.write_text(
        f'index = "{tmp_path / "index"}"\nsources = ["{folder / "pages.jsonl"}"]\nlanguages = "none"\n'
        '[reader]\nurl = "http://127.0.0.1:9/v1"\nmodel = "m"\n'
    )
    done = answerdesk("reindex", "--config", str(config))
    assert done.returncode == 0, done.stderr
    assert "The reader was away" in done.stdout
    told = run(tmp_path, "evaluate", "--questions", str(folder / "questions.jsonl"))
    assert told["reader"]["calls"] == 0
    doctor = answerdesk("doctor", "--config", str(config))
    assert "nobody knows yet what it is worth" in doctor.stdout
