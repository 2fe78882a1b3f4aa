"""Many processes on one PostgreSQL, each with its part of the work."""

import signal
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests.acceptance.conftest import Server, WebCustomer, answerdesk, command
from tests.acceptance.output import refusal, told
from tests.acceptance.web_agent import WebAgent

HUB = "How do I reset my hub?"


@pytest.fixture
def role(server: Callable[..., Server], postgres_url: str) -> Callable[[str], Server]:
    """Starts one more process on the one database."""

    def start(role: str) -> Server:
        return server(f'database = "{postgres_url}"\n', role=role)

    return start


def test_the_work_is_shared_and_whoever_dies_is_replaced(role: Callable[[str], Server]) -> None:
    web, workers, senders = role("web"), [role("worker"), role("worker")], [role("sender"), role("sender")]
    customer = WebCustomer(web.url)
    customer.says(HUB)
    assert customer.sees_replies()[0]["source"]["title"] == "Restart or reset the hub"
    workers[0].end(signal.SIGKILL)
    senders[0].end(signal.SIGTERM)
    other = WebCustomer(web.url)
    other.says("a human please")
    assert len(other.sees_replies()) == 1
    assert workers[1].end(signal.SIGTERM) == 0
    customer.says(HUB)
    assert role("worker").process is not None
    assert len(customer.sees_replies(2)) == 2
    assert web.end(signal.SIGTERM) == 0
    for server in (web, workers[1], senders[0]):
        assert "Traceback" not in (server.folder / "log").read_text()


def test_servers_that_do_everything_share_one_desk(role: Callable[[str], Server]) -> None:
    one, two = role("all"), role("all")
    customer = WebCustomer(two.url)
    customer.says("a human please")
    customer.sees_replies()
    with WebAgent(one.invitation) as agent:
        [case] = agent.waiting()
        agent.replies(case, "Here I am.")
    assert "Here I am." in str(customer.sees_replies(2)[1])
    findings = told("doctor", "--config", two.config)
    assert {finding["about"] for finding in findings} >= {"backlog", "leases", "clock"}
    assert told("outbox", "list", "--config", two.config) == []
    assert one.end() == 0
    assert two.end() == 0


def test_a_worker_answers_probes_where_it_is_given_a_port(role: Callable[[str], Server]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    worker = role("worker")
    worker.end()
    with subprocess.Popen(
        command("serve", "--config", worker.config, "--role", "worker", "--port", port),
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == f"At work as worker: http://127.0.0.1:{port}/metrics\n"
            assert "answerdesk_decisions" in httpx.get(f"http://127.0.0.1:{port}/metrics").text
            assert httpx.get(f"http://127.0.0.1:{port}/chat").status_code == 404
        finally:
            process.terminate()


def test_sqlite_serves_one_process(tmp_path: Path, sample_index: Path) -> None:
    config = tmp_path / "answerdesk.toml"
    config.write_text(f'index = "{sample_index}"\n')
    said = refusal(answerdesk("serve", "--config", config, "--role", "worker"))
    assert "needs PostgreSQL" in said
    assert not (tmp_path / "data").exists()
