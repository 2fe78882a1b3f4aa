"""Each command as its users run it: what it prints, where, and with which exit code."""

import json
import re
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.acceptance.conftest import PATIENCE, SAMPLE_SOURCES, Server, WebCustomer, answerdesk, command
from tests.acceptance.refusal import refusal
from tests.acceptance.small_corpus import ARTICLES, FAQ, FORUM, small_index, write_articles, write_lines
from tests.acceptance.web_agent import WebAgent

HUB = "How do I reset my hub?"
UNKNOWN = "Do you sell toasters in Antarctica?"
COMMANDS = ("", "demo", "serve", "reindex", "ask", "chat", "evaluate", "why", "doctor", "agents", "agents add")


def printed(*arguments: object, code: int = 0, **options: Any) -> str:
    """What a command prints that does its work."""
    done = answerdesk(*arguments, **options)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout


def told(*arguments: object, code: int = 0, **options: Any) -> Any:
    """What a command prints for programs."""
    return json.loads(printed(*arguments, "--json", code=code, **options))


class TestHelp:
    @pytest.mark.parametrize("name", COMMANDS)
    def test_every_option_is_explained(self, name: str) -> None:
        shown = printed(*name.split(), "--help")
        options = re.findall(r"^  (--[a-z]+)(?: \S+(?: range>)?)?(?:  +|\n {10,})(\S.*)$", shown, re.MULTILINE)
        assert len(options) == len(re.findall(r"^  --", shown, re.MULTILINE))
        assert shown.startswith(f"Usage: answerdesk {name}".rstrip())

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

        found = told("ask", "How do I get rid of scratches?", "--index", index, code=1)["candidates"]
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

    def test_a_changed_article_makes_a_new_snapshot(self, tmp_path: Path) -> None:
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
            found = told("ask", "Wi-Fi", "--index", index, "--language", language, code=1)
            assert found["candidates"][0]["document_id"] == language

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
        assert all(each.keys() == {"id", "ranked", "confidence", "decision"} for each in given)
        assert given[0]["ranked"] == ranked
        assert [each["decision"] for each in given] == ["answer"] * 3 + ["escalate"] * 2
        assert all(0 <= each["confidence"] <= 1 for each in given)

        table = printed(*arguments)
        assert "5 questions, 4 of them answerable" in table
        for row in ("accuracy at 1   25.0%", "recall at 5     50.0%", "MRR at 10       0.369", "answered        60.0%"):
            assert row in table
        assert "wrong           66.7% of the answers (budget 5.0%)" in table

    def test_an_empty_question_file_is_refused(self, tmp_path: Path, sample_index: Path) -> None:
        questions = write_lines(tmp_path / "questions.jsonl", [])
        assert str(questions) in refusal(answerdesk("evaluate", "--index", sample_index, "--questions", questions))


class TestChat:
    def test_a_piped_talk_is_answered_until_a_person_has_it(self, sample_index: Path, tmp_path: Path) -> None:
        said = f"Hello\n\n{HUB}\na human please\n{HUB}\nhello?\n"
        talk = printed("chat", "--index", sample_index, input=said, cwd=tmp_path)
        assert re.findall(r"^Assistant: (.{14})", talk, re.MULTILINE) == [
            "Hello. What ca",
            "There are thre",
            "I've passed th",
        ]
        assert "— Restart or reset the hub · " in talk
        assert list(tmp_path.iterdir()) == [], "the conversation is thrown away"

    def test_bytes_that_are_no_text_do_not_end_the_talk(self, sample_index: Path) -> None:
        done = subprocess.run(
            command("chat", "--index", sample_index), input=b"\xff\xfe\nhello\n", capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr
        assert b"Hello. What can I help you with?" in done.stdout

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


class TestDoctor:
    def test_a_well_server_is_well(self, server: Callable[..., Server]) -> None:
        sources = ", ".join(f'"{source}"' for source in SAMPLE_SOURCES)
        running = server(f"sources = [{sources}]\n")
        WebAgent(running.invitation).__exit__()
        shown = printed("doctor", "--config", running.config)
        assert "!!" not in shown
        assert re.findall(r"^ok  (\w+)", shown, re.MULTILINE) == [
            "index",
            "disk",
            "agents",
            "queue",
            "outbox",
            "inbox",
        ]

    def test_what_is_wrong_comes_with_its_cure(self, tmp_path: Path, sample_index: Path) -> None:
        index = tmp_path / "index"
        shutil.copytree(sample_index, index)
        damaged = next(index.glob("snapshots/*/passages.jsonl"))
        damaged.write_bytes(damaged.read_bytes().replace(b"hub", b"hob", 1))
        (tmp_path / "answerdesk.toml").write_text('sources = ["articles"]\n')
        shown = printed("doctor", "--config", tmp_path / "answerdesk.toml", code=1)
        assert f"!!  index: {damaged} was altered" in shown
        assert "Run `answerdesk reindex`" in shown
        assert "There is none yet" in shown
        assert not (tmp_path / "data").exists(), "looking changes nothing"

        shutil.rmtree(index)
        findings = told("doctor", "--config", tmp_path / "answerdesk.toml", code=1)
        assert findings[0]["about"] == "index"
        assert "there is no index here" in findings[0]["what"]
        assert findings[0]["cure"]

    def test_an_older_snapshot_and_a_missing_agent_are_told(self, tmp_path: Path) -> None:
        small_index(tmp_path)
        config = tmp_path / "answerdesk.toml"
        config.write_text('sources = ["articles", "gone"]\n')
        (tmp_path / "articles" / "lids.md").write_text("newer")
        printed("agents", "add", "--config", config)  # makes the database
        cures = {each["about"]: each["cure"] for each in told("doctor", "--config", config, code=1) if each["cure"]}
        assert cures.keys() == {"sources", "agents"}
        assert "reindex" in cures["sources"]
        assert "agents add" in cures["agents"]


class TestWhy:
    def test_a_decision_is_explained_by_question_and_by_answer(self, server: Callable[..., Server]) -> None:
        running = server()
        customer = WebCustomer(running.url)
        customer.says(HUB)
        lines = customer.sees(lambda lines, status: len(lines) == 2 and not status["pending"])
        for line in lines:
            receipt = told("why", line["id"], "--config", running.config)
            assert (receipt["decision"], receipt["question"], receipt["reason"]) == ("answer", HUB, None)
            assert receipt["confidence"] >= receipt["threshold"]
            assert receipt["candidates"][0]["document_id"] == "hub-reset"
        explained = printed("why", 1, "--config", running.config)
        assert f"Asked: {HUB}" in explained
        assert "1. Restart or reset the hub" in explained
        assert "message 77" in refusal(answerdesk("why", 77, "--config", running.config))

    def test_without_a_database_nothing_is_made(self, tmp_path: Path) -> None:
        assert "no database" in refusal(answerdesk("why", 1, cwd=tmp_path))
        (tmp_path / "data").mkdir()
        assert "no database" in refusal(answerdesk("why", 1, cwd=tmp_path))
        assert list((tmp_path / "data").iterdir()) == []


class TestAgents:
    def test_the_link_opens_the_form_of_the_running_server(self, server: Callable[..., Server]) -> None:
        running = server()
        public = running.folder / "public.toml"
        public.write_text(f'{running.config.read_text()}\n[server]\nurl = "https://help.example.com"\n')
        link = told("agents", "add", "--config", public)["link"]
        assert link.startswith("https://help.example.com/console/invite?token=")
        page = httpx.get(link.replace("https://help.example.com", running.url))
        assert page.status_code == 200
        assert 'name="password"' in page.text
        assert link[: link.index("token=")] in printed("agents", "add", "--config", public)


class TestServe:
    def test_the_invitation_is_announced_until_there_is_an_agent(self, server: Callable[..., Server]) -> None:
        running = server()
        said = "".join(running.said)
        assert f"Chat:     {running.url}/chat\nConsole:  {running.url}/console\n" in said
        WebAgent(running.invitation).__exit__()
        running.end()
        running.start()
        assert "invite" not in "".join(running.said)

    def test_a_second_server_on_the_same_data_is_refused(self, server: Callable[..., Server]) -> None:
        running = server()
        assert running.process is not None
        said = refusal(answerdesk("serve", "--config", running.config, "--port", 0))
        assert f"process {running.process.pid}" in said
        assert str(running.folder / "data") in said
        WebCustomer(running.url).says("hello")

    def test_a_port_in_use_is_named(self, tmp_path: Path, sample_index: Path) -> None:
        config = tmp_path / "answerdesk.toml"
        config.write_text(f'index = "{sample_index}"\n')
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            said = refusal(answerdesk("serve", "--config", config, "--port", port))
        assert f"127.0.0.1:{port}" in said
        assert "--port" in said

    def test_it_stops_in_order_while_somebody_listens(self, server: Callable[..., Server]) -> None:
        running = server()
        token = httpx.post(f"{running.url}/chat/sessions").json()["token"]
        headers = {"Authorization": f"Bearer {token}"}
        with httpx.stream("GET", f"{running.url}/chat/events", headers=headers, timeout=PATIENCE) as stream:
            rows = stream.iter_lines()
            next(rows)
            assert running.end(signal.SIGTERM) in (0, -signal.SIGTERM)
            list(rows)  # the stream was ended, not broken
        assert "Traceback" not in (running.folder / "log").read_text()

    def test_a_new_snapshot_is_used_without_a_restart(self, server: Callable[..., Server], tmp_path: Path) -> None:
        index = small_index(tmp_path)
        running = server(index=index)
        versions = []
        for number in range(2):
            if number:
                (tmp_path / "articles" / "new.md").write_text("# Handles\n\nEvery handle comes off.\n")
                printed("reindex", "--source", tmp_path / "articles", "--index", index)
            customer = WebCustomer(running.url)
            customer.says("Does the handle come off?")
            [reply] = customer.sees_replies()
            receipt = told("why", reply["id"], "--config", running.config)
            versions.append(receipt["snapshot"])
            assert ("new" in [each["document_id"] for each in receipt["candidates"]]) == bool(number)
        assert versions[0] != versions[1] == (index / "CURRENT").read_text().strip()


class TestDemo:
    def test_it_starts_with_nothing_set_up(self, tmp_path: Path, sample_index: Path) -> None:
        shutil.copytree(sample_index, tmp_path / "index")  # as after a first start, which would take ten seconds
        with subprocess.Popen(
            command("demo", "--port", 0, "--data", tmp_path),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            try:
                assert process.stdout is not None
                said = ""
                for line in process.stdout:
                    said += line
                    if line.startswith("Stop with"):
                        break
                url = re.search(r"Chat: +(http://127\.0\.0\.1:\d+)/chat", said)
                assert url, said
                page = httpx.get(f"{url[1]}/chat")
                assert page.status_code == 200
                assert "Hemglim help" in page.text
                assert "Create the first agent" in said
                assert HUB in said
                customer = WebCustomer(url[1])
                customer.says(HUB)
                assert customer.sees_replies()[0]["source"]["title"] == "Restart or reset the hub"
                process.send_signal(signal.SIGINT)
                assert process.wait(PATIENCE) in (0, 130, -signal.SIGINT)
            finally:
                process.kill()
        assert (tmp_path / "data" / "answerdesk.db").exists()
