"""Each command that needs no server, as its users run it: what it prints, where, and with which exit code."""

import json
import re
import shutil
import signal
import subprocess
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.conftest import PATIENCE, SAMPLE, SAMPLE_SOURCES, SmallIndex, answerdesk, command
from tests.acceptance.output import printed, refusal, told
from tests.acceptance.small_corpus import ARTICLES, FAQ, FORUM, write_articles, write_lines

HUB = "How do I reset my hub?"
UNKNOWN = "What is the capital of France?"
COMMANDS = (
    "",
    "demo",
    "serve",
    "reindex",
    "snapshots",
    "diff",
    "publish",
    "rollback",
    "ask",
    "chat",
    "evaluate",
    "labels",
    "why",
    "doctor",
    "export",
    "erase",
    "agents",
    "agents add",
    "agents edit",
    "agents list",
)


class TestHelp:
    @pytest.mark.parametrize("name", COMMANDS)
    def test_every_option_is_explained(self, name: str) -> None:
        shown = printed(*name.split(), "--help")
        options = re.findall(r"^  (--[a-z-]+)(?: \S+(?: range>)?)?(?:  +|\n {10,})(\S.*)$", shown, re.MULTILINE)
        assert len(options) == len(re.findall(r"^  --", shown, re.MULTILINE))
        assert shown.startswith(f"Usage: answerdesk {name}".rstrip())

    def test_the_version_is_the_packages(self) -> None:
        assert printed("--version") == f"answerdesk {metadata.version('answerdesk')}\n"

    @pytest.mark.parametrize("arguments", [(), ("agents",)], ids=["answerdesk", "agents"])
    def test_no_arguments_show_the_help(self, arguments: tuple[str, ...]) -> None:
        assert printed(*arguments) == printed(*arguments, "--help")

    @pytest.mark.parametrize(
        ("arguments", "named"),
        [
            (("nothing",), "nothing"),
            (("agents", "remove"), "remove"),
            (("ask", "x", "--no-such-option"), "--no-such-option"),
            (("ask",), "question"),
            (("ask", "x"), "--index"),
            (("ask", "x", "--index", "i", "--budget", "2"), "--budget"),
            (("why", "seven"), "message_id"),
            (("evaluate", "--index", "i"), "--questions"),
            (("reindex", "--index", "i"), "--source"),
            (("reindex", "--source", "x"), "--index"),
            (("serve", "--port", "many"), "--port"),
            (("serve", "--port", "70000"), "server.port"),
        ],
        ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
    )
    def test_what_cannot_be_meant_is_refused_in_one_line(self, arguments: tuple[str, ...], named: str) -> None:
        assert named in refusal(answerdesk(*arguments))


class TestReindex:
    def test_a_folder_a_corpus_file_and_a_forum_become_one_index(self, tmp_path: Path) -> None:
        articles = write_articles(tmp_path / "articles")
        faq, forum = write_lines(tmp_path / "faq.jsonl", FAQ), write_lines(tmp_path / "forum.jsonl", FORUM)
        index = tmp_path / "index"
        done = answerdesk(
            "reindex", "--source", articles, "--source", faq, "--source", forum, "--index", index, "--json"
        )
        assert done.returncode == 0, done.stderr
        report = json.loads(done.stdout)
        assert (report["documents"], report["is_new"], report["is_calibrated"]) == (4, True, False)
        assert report["version"] == (index / "CURRENT").read_text().strip()
        assert done.stderr.startswith("note: Left out 1 forum threads without an answer")
        assert "forum.jsonl:2" in done.stderr
        assert "Embedding" not in done.stderr, "bars are for terminals"

        found = told("ask", "How do I get rid of scratches?", "--index", index)["candidates"]
        assert {each["document_id"] for each in found} == {"lids", "care", "opening", "thread-1"}
        assert (found[0]["text"], found[0]["author"], found[0]["confirmed"]) == ("Send it to us.", "Ida", True)

    def test_it_says_what_it_did(self, tmp_path: Path) -> None:
        arguments = ("reindex", "--source", write_articles(tmp_path / "articles"), "--index", tmp_path / "index")
        first = printed(*arguments)
        version = (tmp_path / "index" / "CURRENT").read_text().strip()
        assert first.startswith(f"Now in use: {version} (2 documents, 2 passages, ")
        assert "Documents: 2 added, 0 changed, 0 removed." in first
        assert "too small" in first
        assert printed(*arguments).startswith(f"Nothing has changed: {version} stays in use")

    def test_a_changed_article_makes_a_new_snapshot(self, tmp_path: Path, small_index: SmallIndex) -> None:
        index = small_index(tmp_path)
        before = (index / "CURRENT").read_text()
        (tmp_path / "articles" / "lids.md").write_text(ARTICLES["lids.md"].replace("Every", "No"))
        report = told("reindex", "--source", tmp_path / "articles", "--index", index)
        assert report["is_new"]
        assert (index / "CURRENT").read_text() != before
        assert len(list((index / "snapshots").iterdir())) == 2

    def test_the_settings_name_sources_and_index(self, tmp_path: Path) -> None:
        write_articles(tmp_path / "articles")
        (tmp_path / "answerdesk.toml").write_text('index = "here"\nsources = ["articles"]\n')
        printed("reindex", "--config", tmp_path / "answerdesk.toml", cwd="/")
        assert (tmp_path / "here" / "CURRENT").exists()


class TestAsk:
    def test_an_answer_comes_with_its_source(self, sample_index: Path) -> None:
        answer = printed("ask", HUB, "--index", sample_index)
        assert "Pull out the hub's power plug." in answer
        assert answer.rstrip().endswith("https://help.hemglim.example/en/hub/reset-the-hub")
        assert "score" not in answer

    def test_not_sure_is_said_and_exits_with_1(self, sample_index: Path) -> None:
        assert printed("ask", UNKNOWN, "--index", sample_index, code=1).startswith("Not sure enough to answer")

    def test_why_adds_the_receipt(self, sample_index: Path) -> None:
        answer = printed("ask", HUB, "--index", sample_index, "--why")
        version = (sample_index / "CURRENT").read_text().strip()
        for piece in (f"Asked: {HUB}", "It answered.", "1. Restart or reset the hub", f"Index: {version}"):
            assert piece in answer

    def test_json_holds_all_that_was_found(self, sample_index: Path) -> None:
        found = told("ask", HUB, "--index", sample_index)
        assert found["decision"] == "answer"
        assert 1 >= found["confidence"] >= found["threshold"] > 0
        assert found["snapshot"] == (sample_index / "CURRENT").read_text().strip()
        scores = [candidate["score"] for candidate in found["candidates"]]
        assert len(scores) == 10
        assert scores == sorted(scores, reverse=True)
        assert {"document_id", "title", "text", "url", "kind", "language", "updated"} <= found["candidates"][0].keys()
        assert told("ask", UNKNOWN, "--index", sample_index, code=1)["decision"] == "escalate"

    def test_a_language_is_preferred(self, tmp_path: Path) -> None:
        rows = [
            {"id": language, "kind": "faq", "title": "Wi-Fi", "text": "SSID: guest, WPA2.", "language": language}
            for language in ("en", "sv")
        ]
        index = tmp_path / "index"
        printed("reindex", "--source", write_lines(tmp_path / "corpus.jsonl", rows), "--index", index)
        for language in ("en", "sv"):
            found = told("ask", "Wi-Fi", "--index", index, "--language", language)
            assert (found["decision"], found["candidates"][0]["document_id"]) == ("answer", language)

    def test_the_budget_is_the_settings_or_the_options(self, tmp_path: Path, sample_index: Path) -> None:
        config = tmp_path / "answerdesk.toml"
        config.write_text(f'index = "{sample_index}"\nbudget = 0.4\n')
        given = told("ask", HUB, "--index", sample_index, "--budget", 0.4)["threshold"]
        assert told("ask", HUB, "--config", config)["threshold"] == given
        assert told("ask", HUB, "--index", sample_index)["threshold"] > given


class TestEvaluate:
    def test_figures_and_predictions_agree_with_what_ask_says(self, tmp_path: Path, sample_index: Path) -> None:
        ranked = [each["document_id"] for each in told("ask", HUB, "--index", sample_index)["candidates"]]
        asked: list[dict[str, Any]] = [
            {"id": "first", "question": HUB, "expected": [ranked[0]]},
            {"id": "third", "question": HUB, "expected": ["unheard-of", ranked[2]]},
            {"id": "seventh", "question": HUB, "language": "en", "expected": [ranked[6]]},
            {"id": "never", "question": UNKNOWN, "expected": ["unheard-of"]},
            {"id": "none", "question": UNKNOWN, "expected": []},
        ]
        questions = write_lines(tmp_path / "questions.jsonl", asked)
        predictions = tmp_path / "predictions.jsonl"
        arguments = ("evaluate", "--index", sample_index, "--questions", questions)

        score = told(*arguments, "--predictions", predictions)
        assert (score["questions"], score["in_scope"], score["budget"]) == (5, 4, 0.05)
        assert score["accuracy_at_1"] == pytest.approx(1 / 4)
        assert score["recall_at_5"] == pytest.approx(2 / 4)
        assert score["mrr_at_10"] == pytest.approx((1 + 1 / 3 + 1 / 7) / 4)
        assert score["answered"] == pytest.approx(3 / 5)
        assert score["escalated"] == pytest.approx(2 / 5)
        assert score["wrong_among_answered"] == pytest.approx(2 / 3)

        given = [json.loads(line) for line in predictions.read_text().splitlines()]
        assert [each["id"] for each in given] == [each["id"] for each in asked]
        assert all(each.keys() == {"id", "ranked", "confidence", "decision", "offered", "section"} for each in given)
        assert given[0]["ranked"] == ranked
        assert [each["decision"] for each in given] == ["answer"] * 3 + ["escalate"] * 2
        assert [each["offered"] for each in given[:3]] == [ranked[:1]] * 3
        assert (score["helped"], score["helped_at_once"]) == (pytest.approx(1 / 4), pytest.approx(1 / 4))
        assert all(0 <= each["confidence"] <= 1 for each in given)

        table = printed(*arguments)
        assert "5 questions, 4 of them answerable" in table
        for row in ("accuracy at 1   25.0%", "recall at 5     50.0%", "MRR at 10       0.369", "answered        60.0%"):
            assert row in table
        assert "misled        66.7% of the answers are wrong (budget 5.0%)" in table
        assert "helped          25.0% of the answerable ones, 25.0% at once" in table

    def test_an_empty_question_file_is_refused(self, tmp_path: Path, sample_index: Path) -> None:
        questions = write_lines(tmp_path / "questions.jsonl", [])
        assert str(questions) in refusal(answerdesk("evaluate", "--index", sample_index, "--questions", questions))

    def test_a_report_says_by_how_much_labels_helped(self, tmp_path: Path, sample_index: Path) -> None:
        index = tmp_path / "index"
        shutil.copytree(sample_index, index)
        before = (index / "CURRENT").read_text().strip()
        rows = [json.loads(line) for line in (SAMPLE / "questions.jsonl").read_text("utf-8").splitlines()]
        labels, others = write_lines(tmp_path / "labels", rows[::2]), write_lines(tmp_path / "others", rows[1::6])
        sources = [part for source in SAMPLE_SOURCES for part in ("--source", source)]
        printed("reindex", *sources, "--index", index, "--labels", labels)

        arguments = ("evaluate", "--index", index, "--questions", others, "--against", "parent")
        out = tmp_path / "new" / "report"
        score = told(*arguments, "--report", out)
        report = json.loads((out / "report.json").read_text("utf-8"))
        assert score["report"] == str(out / "report.html")
        assert sorted(path.name for path in out.iterdir()) == ["report.html", "report.json"]
        assert (score["questions"], report["question_file"]) == (len(rows[1::6]), "others")
        assert report["score"]["accuracy_at_1"] == score["accuracy_at_1"]
        assert report["against"] == score["against"]
        assert score["against"]["before"] == before
        was = told("evaluate", "--index", sample_index, "--questions", others)
        for figure in ("answered", "accuracy_at_1"):
            assert score["against"]["score_before"][figure] == pytest.approx(was[figure])
            assert score["against"][figure] == pytest.approx(score[figure] - was[figure])
        assert [table["by"] for table in report["tables"]][-1] == "group"
        shown = (out / "report.html").read_text("utf-8")
        assert report["headline"] in shown
        assert "<h2>What changed</h2>" in shown

        text = printed(*arguments[:-1], before, "--report", out)
        assert f"Against {before}:\nAt the same budget of 5 %," in text
        assert text.rstrip().endswith(f"Report: {out / 'report.html'}")

    def test_a_report_or_a_snapshot_that_cannot_be_is_refused(self, tmp_path: Path, sample_index: Path) -> None:
        questions = write_lines(tmp_path / "questions.jsonl", [{"id": "1", "question": HUB}])
        arguments = ("evaluate", "--index", sample_index, "--questions", questions)
        assert str(questions) in refusal(answerdesk(*arguments, "--report", questions))
        assert "unheard-of" in refusal(answerdesk(*arguments, "--against", "unheard-of"))
        assert "no parent" in refusal(answerdesk(*arguments, "--against", "parent"))


class TestChat:
    def test_a_piped_talk_is_answered_while_it_waits_for_a_person(self, sample_index: Path, tmp_path: Path) -> None:
        said = f"Hello\n\n{HUB}\na human please\n{HUB}\nhello?\n"
        talk = printed("chat", "--index", sample_index, input=said, cwd=tmp_path)
        assert re.findall(r"^Assistant: (.{14})", talk, re.MULTILINE) == [
            "Hello. What ca",
            "There are thre",
            "I've passed th",
            "I've added thi",
            "I'm here. Your",
        ]
        assert "— Restart or reset the hub · " in talk
        assert list(tmp_path.iterdir()) == [], "the conversation is thrown away"

    def test_bytes_that_are_no_text_do_not_end_the_talk(self, sample_index: Path) -> None:
        done = subprocess.run(
            command("chat", "--index", sample_index), input=b"\xff\xfe\nhello\n", capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr
        assert b"Hello. What can I help you with?" in done.stdout

    @pytest.mark.usefixtures("hears_ctrl_c")
    def test_ctrl_c_ends_it_while_it_waits_for_a_line(self, sample_index: Path) -> None:
        with subprocess.Popen(
            command("chat", "--index", sample_index), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write("hello\n")
            process.stdin.flush()
            for line in process.stdout:
                if line.startswith("Assistant: Hello."):
                    break
            process.send_signal(signal.SIGINT)
            try:
                assert process.wait(PATIENCE) == 130
            finally:
                process.kill()

    def test_the_environment_does_not_put_it_into_the_real_data(self, sample_index: Path, tmp_path: Path) -> None:
        import os

        environment = {**os.environ, "ANSWERDESK_DATA": str(tmp_path / "data"), "ANSWERDESK_INDEX": "/nowhere"}
        talk = printed("chat", "--index", sample_index, input="hello\n", env=environment)
        assert "Hello. What can I help you with?" in talk
        assert list(tmp_path.iterdir()) == []


def test_the_swedish_third_of_the_sample_is_answered_in_swedish(sample_index: Path) -> None:
    asked = {
        "Hur återställer jag hubben?": "hub-reset.sv",
        "Kan jag lämna tillbaka en lampa jag redan har använt?": "return-used.sv",
        "min lampa blinkar rött hela tiden": "lamp-blinking-red.sv",
        "Jag har glömt mitt lösenord": "account-password.sv",
    }
    for question, expected in asked.items():
        done = answerdesk("ask", question, "--index", sample_index, "--language", "sv", "--json")
        assert done.returncode == 0, done.stdout + done.stderr
        told = json.loads(done.stdout)
        assert (told["decision"], told["candidates"][0]["document_id"]) == ("answer", expected)


def test_without_an_encoder_for_it_a_language_is_handed_over(tmp_path: Path) -> None:
    write_lines(tmp_path / "docs.jsonl", [document | {"language": "en"} for document in FAQ])
    index = tmp_path / "index"
    done = answerdesk("reindex", "--source", tmp_path / "docs.jsonl", "--index", index, "--languages", "none")
    assert done.returncode == 0, done.stderr
    done = answerdesk("ask", "Wie lange dauert die Lieferung?", "--index", index, "--language", "de")
    assert (done.returncode, done.stdout.count("a person would get this")) == (1, 1)
