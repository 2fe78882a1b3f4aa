"""The server's commands: serve and demo, and those that look into what a server holds."""

import re
import shutil
import signal
import socket
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path

import httpx

from tests.acceptance.conftest import PATIENCE, SAMPLE_SOURCES, Server, SmallIndex, WebCustomer, answerdesk, command
from tests.acceptance.output import printed, refusal, told
from tests.acceptance.web_agent import WebAgent

HUB = "How do I reset my hub?"


class TestDoctor:
    def test_a_well_server_is_well(self, server: Callable[..., Server]) -> None:
        sources = ", ".join(f'"{source}"' for source in SAMPLE_SOURCES)
        running = server(f"sources = [{sources}]\n")
        WebAgent(running.invitation).__exit__()
        shown = printed("doctor", "--config", running.config)
        assert "!!" not in shown
        assert list(dict.fromkeys(re.findall(r"^ok  (\w+)", shown, re.MULTILINE))) == [
            "index",
            "encoder",
            "budget",
            "answering",
            "advice",
            "disk",
            "agents",
            "queue",
            "outbox",
            "inbox",
            "backlog",
            "leases",
            "limits",
        ]

    def test_what_is_wrong_comes_with_its_cure(self, tmp_path: Path, sample_index: Path) -> None:
        index = tmp_path / "index"
        shutil.copytree(sample_index, index)
        damaged = next(index.glob("snapshots/*/passages.rows"))
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

    def test_an_older_snapshot_and_a_missing_agent_are_told(self, tmp_path: Path, small_index: SmallIndex) -> None:
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


class TestOutbox:
    def test_what_could_not_be_delivered_is_listed_and_tried_again(self, server: Callable[..., Server]) -> None:
        running = server()
        customer = WebCustomer(running.url)
        customer.says(HUB)
        customer.sees_replies()
        assert printed("outbox", "list", "--config", running.config) == "Nothing.\n"
        running.end()
        with sqlite3.connect(running.folder / "data" / "answerdesk.db") as connection:
            connection.execute("UPDATE outbox SET state = 'failed', error = 'blocked', attempts = 10")
        connection.close()
        [letter] = told("outbox", "list", "--failed", "--config", running.config)
        assert (letter["state"], letter["error"], letter["channel"]) == ("failed", "blocked", "web")
        shown = printed("outbox", "list", "--config", running.config)
        assert f"{letter['id']}  web to {customer.address}: failed after 10 tries\n" in shown
        assert "\n    blocked\n" in shown
        running.start()
        assert told("outbox", "retry", letter["id"], "--config", running.config) == {"id": 1, "state": "pending"}
        customer.sees(lambda _, status: not status["pending"])
        assert told("outbox", "list", "--config", running.config) == []
        assert "has not failed" in refusal(answerdesk("outbox", "retry", 1, "--config", running.config))
        assert "message 77" in refusal(answerdesk("outbox", "retry", 77, "--config", running.config))

    def test_without_a_database_nothing_is_made(self, tmp_path: Path) -> None:
        assert "no database" in refusal(answerdesk("outbox", "list", cwd=tmp_path))
        assert list(tmp_path.iterdir()) == []


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
            assert running.end(signal.SIGTERM) == 0
            list(rows)  # the stream was ended, not broken
        assert "Traceback" not in (running.folder / "log").read_text()

    def test_a_swedish_customer_is_answered_in_swedish(self, server: Callable[..., Server]) -> None:
        customer = WebCustomer(server().url, locale="sv-SE")
        customer.says("Kan jag lämna tillbaka en lampa jag redan har använt?")
        (answer,) = customer.sees_replies()
        assert answer["source"]["url"].startswith("https://help.hemglim.example/sv/")
        assert "bara på" not in answer["html"], "nothing is offered in another language"

    def test_programs_with_the_key_may_ask_and_without_a_key_there_is_no_api(
        self, server: Callable[..., Server]
    ) -> None:
        key = "made-up-for-this-test-0123456789"
        running = server(f'[server]\napi_key = "{key}"')
        asked = httpx.post(
            f"{running.url}/api/v1/ask", json={"question": HUB}, headers={"Authorization": f"Bearer {key}"}
        )
        assert (asked.status_code, asked.json()["decision"]) == (200, "answer")
        assert asked.json()["found"]["candidates"][0]["document_id"] == "hub-reset"
        assert httpx.post(f"{running.url}/api/v1/ask", json={"question": HUB}).status_code == 401
        assert httpx.get(f"{running.url}/api/v1/openapi.json").json()["servers"] == [{"url": "/api/v1"}]
        assert httpx.get(f"{server().url}/api/v1/openapi.json").status_code == 404

    def test_a_new_snapshot_is_used_without_a_restart(
        self, server: Callable[..., Server], tmp_path: Path, small_index: SmallIndex
    ) -> None:
        index = small_index(tmp_path)
        running = server(index=index)
        versions = []
        for number in range(2):
            if number:
                (tmp_path / "articles" / "new.md").write_text("# Handles\n\nEvery handle comes off.\n")
                printed("reindex", "--source", tmp_path / "articles", "--index", index)
            customer = WebCustomer(running.url)
            customer.says("Does the handle come off?")
            reply, *_ = customer.sees_replies()
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
                assert process.wait(PATIENCE) == 0
                assert process.stderr is not None
                assert "Traceback" not in process.stderr.read()
            finally:
                process.kill()
        assert (tmp_path / "data" / "answerdesk.db").exists()
