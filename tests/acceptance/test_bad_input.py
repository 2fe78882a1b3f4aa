"""What is broken, too long, hostile or full: a clear word, and nothing lost or damaged."""

import resource
import shutil
import socket
import uuid
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests.acceptance.conftest import Server, SmallIndex, WebCustomer, answerdesk
from tests.acceptance.output import refusal
from tests.acceptance.small_corpus import ARTICLES, FAQ, write_lines
from tests.acceptance.web_agent import WebAgent

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>"


def state_of(index: Path) -> dict[str, bytes]:
    """Every file of an index, but for the note of who builds there."""
    files = [path for path in index.rglob("*") if path.is_file() and path.name != ".lock"]
    return {str(path.relative_to(index)): path.read_bytes() for path in files}


def write_front_matter(folder: Path) -> Path:
    return _written(folder / "broken.md", b"---\ntitle: [unclosed\n---\n\nText.\n")


def write_latin_1(folder: Path) -> Path:
    return _written(folder / "latin.md", "# Öl\n\nFür Holz.\n".encode("latin-1"))


def link_to_what_cannot_be_read(folder: Path) -> Path:
    (folder / "memory.md").symlink_to("/proc/self/mem")
    return folder / "memory.md"


def use_an_id_twice(folder: Path) -> Path:
    return _written(folder / "copy.md", ARTICLES["lids.md"].encode())


def _written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory, small_index: SmallIndex) -> Path:
    return small_index(tmp_path_factory.mktemp("whole"))


class TestEncoder:
    @pytest.mark.parametrize(
        ("name", "says"),
        [("nowhere", "there is no such folder"), ("articles", "this is no sentence-transformers model")],
    )
    def test_one_that_cannot_be_had_is_named_and_the_index_stays(
        self, tmp_path: Path, small_index: SmallIndex, name: str, says: str
    ) -> None:
        index = small_index(tmp_path)
        before = state_of(index)
        wanted = tmp_path / name
        done = answerdesk("reindex", "--source", tmp_path / "articles", "--index", index, "--encoder", wanted)
        said = refusal(done)
        assert f"{wanted}: {says}" in said
        assert state_of(index) == before


class TestSources:
    @pytest.mark.parametrize("spoil", [write_front_matter, write_latin_1, link_to_what_cannot_be_read, use_an_id_twice])
    def test_a_bad_article_is_named_and_the_index_stays(
        self, tmp_path: Path, small_index: SmallIndex, spoil: Callable[[Path], Path]
    ) -> None:
        index = small_index(tmp_path)
        before = state_of(index)
        named = spoil(tmp_path / "articles")
        said = refusal(answerdesk("reindex", "--source", tmp_path / "articles", "--index", index))
        assert str(named) in said
        assert state_of(index) == before

    def test_the_duplicate_is_named_with_its_other(self, tmp_path: Path, small_index: SmallIndex) -> None:
        small_index(tmp_path)
        use_an_id_twice(tmp_path / "articles")
        said = refusal(answerdesk("reindex", "--source", tmp_path / "articles", "--index", tmp_path / "index"))
        assert "'lids'" in said
        assert "copy.md" in said
        assert "lids.md" in said

    @pytest.mark.parametrize("name", ["empty", "missing", "pages.pdf"])
    def test_a_source_that_is_none_is_named(self, tmp_path: Path, small_index: SmallIndex, name: str) -> None:
        index = small_index(tmp_path)
        before = state_of(index)
        (tmp_path / "empty").mkdir()
        (tmp_path / "pages.pdf").write_bytes(b"%PDF-1.7")
        said = refusal(answerdesk("reindex", "--source", tmp_path / name, "--index", index))
        assert str(tmp_path / name) in said
        assert state_of(index) == before

    def test_a_bad_line_is_named_by_its_number(self, tmp_path: Path) -> None:
        corpus = write_lines(tmp_path / "faq.jsonl", FAQ)
        corpus.write_text(corpus.read_text() + '{"id": "half\n')
        said = refusal(answerdesk("reindex", "--source", corpus, "--index", tmp_path / "index"))
        assert f"{corpus}:2" in said
        assert not (tmp_path / "index" / "CURRENT").exists()

    def test_an_index_that_cannot_be_written_is_named(self, tmp_path: Path) -> None:
        corpus = write_lines(tmp_path / "faq.jsonl", FAQ)
        (tmp_path / "file").write_text("in the way")
        said = refusal(answerdesk("reindex", "--source", corpus, "--index", tmp_path / "file"))
        assert str(tmp_path / "file") in said


class TestSnapshot:
    @pytest.fixture
    def damaged(self, index: Path, tmp_path: Path) -> Callable[[str], Path]:
        def damage(name: str) -> Path:
            shutil.copytree(index, tmp_path / "index")
            [file] = (tmp_path / "index" / "snapshots").glob(f"*/{name}")
            file.write_bytes(file.read_bytes()[:-20])
            return file

        return damage

    @pytest.mark.parametrize(
        "name",
        ["manifest.json", "passages.rows", "vectors.faiss", "units.npy", "confidence.json", "encoder/model.onnx"],
    )
    def test_a_truncated_file_is_named(self, damaged: Callable[[str], Path], tmp_path: Path, name: str) -> None:
        file = damaged(name)
        said = refusal(answerdesk("ask", "Which lids fit?", "--index", tmp_path / "index"))
        assert str(file) in said
        assert "eindex" in said

    def test_a_server_does_not_start_on_it(self, damaged: Callable[[str], Path], tmp_path: Path) -> None:
        file = damaged("vectors.faiss")
        config = tmp_path / "answerdesk.toml"
        config.write_text("")
        assert str(file) in refusal(answerdesk("serve", "--config", config, "--port", 0))

    @pytest.mark.parametrize("pointer", [None, "", "20200101T000000-000000000000\n"], ids=["none", "empty", "gone"])
    def test_a_pointer_to_nothing_is_named(self, index: Path, tmp_path: Path, pointer: str | None) -> None:
        shutil.copytree(index, tmp_path / "index")
        (tmp_path / "index" / "CURRENT").unlink()
        if pointer is not None:
            (tmp_path / "index" / "CURRENT").write_text(pointer)
        said = refusal(answerdesk("ask", "Which lids fit?", "--index", tmp_path / "index"))
        assert str(tmp_path / "index") in said
        assert "eindex" in said


class TestSettings:
    @pytest.mark.parametrize(
        ("text", "named"),
        [
            ('index = "unclosed', ["answerdesk.toml: is not TOML"]),
            ("[server]\nport = 70000", ["answerdesk.toml: server.port", "70000"]),
            ("budget = 2", ["answerdesk.toml: budget", "2"]),
            ("idle_claim = inf", ["answerdesk.toml: idle_claim", "inf"]),
            ("language_wait = 1e12", ["answerdesk.toml: language_wait", "1000000000000"]),
            ('colour = "red"', ["answerdesk.toml: colour: there is no such setting"]),
            ('[channels.web]\ncolour = "red"', ["channels.web.colour"]),
            ("[channels.web]\nmessages_per_minute = 0", ["channels.web.messages_per_minute", "0"]),
            ("[channels.pigeon]\n", ["channels.pigeon", "web"]),
            ('database = "nonsense"', ["database"]),
            ('database = "sqlite:///here.db"', ["database", "async"]),
        ],
        ids=[
            "TOML",
            "port",
            "budget",
            "for ever",
            "too long",
            "unknown",
            "channel's unknown",
            "channel's",
            "channel",
            "database",
            "driver",
        ],
    )
    def test_a_wrong_setting_is_named(self, tmp_path: Path, sample_index: Path, text: str, named: list[str]) -> None:
        config = tmp_path / "answerdesk.toml"
        about_index = f'index = "{sample_index}"\n' if "index" not in text else ""
        config.write_text(about_index + text)
        port = ("--port", 0) if "port" not in text else ()
        said = refusal(answerdesk("serve", "--config", config, *port))
        assert all(piece in said for piece in named)

    def test_a_missing_file_is_named(self, tmp_path: Path) -> None:
        assert str(tmp_path / "no.toml") in refusal(answerdesk("serve", "--config", tmp_path / "no.toml"))

    def test_a_port_in_use_is_named_before_anything_is_made(self, tmp_path: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            said = refusal(answerdesk("serve", "--port", taken.getsockname()[1], cwd=tmp_path))
        assert "server.port" in said
        assert list(tmp_path.iterdir()) == []


class TestMessages:
    def test_a_message_of_100_000_characters_is_refused_and_the_talk_goes_on(
        self, server: Callable[..., Server]
    ) -> None:
        running = server()
        customer = WebCustomer(running.url)
        with pytest.raises(httpx.HTTPStatusError) as refused:
            customer.says("å" * 100_000)
        assert refused.value.response.status_code == 413
        assert "50,000 characters" in refused.value.response.json()["error"]
        customer.says("How do I reset my hub?")
        lines = customer.sees(lambda lines, status: len(lines) > 1 and not status["pending"])
        assert [line["author"] for line in lines] == ["customer", "bot"]
        assert lines[0]["text"] == "How do I reset my hub?"

    def test_scripts_stay_text_on_both_sides(self, server: Callable[..., Server]) -> None:
        running = server()
        customer = WebCustomer(running.url)
        customer.says(f"a human please {SCRIPT}")
        customer.sees_replies()
        with WebAgent(running.invitation) as agent:
            [case] = set(agent.waiting())
            page = agent.replies(case, f"**Bold** {SCRIPT} [here](javascript:alert(3)) ![x](http://127.0.0.1/x.png)")
        for dangerous in ("<script>alert", "<img", 'href="javascript'):
            assert dangerous not in page
        assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 2
        assert "<strong>Bold</strong>" in page

        asked, _, reply = customer.sees(lambda lines, _: len(lines) == 3)
        assert asked["text"] == f"a human please {SCRIPT}"
        assert "html" not in asked
        assert (reply["author"], reply["name"]) == ("agent", "Alva")
        assert "<strong>Bold</strong> &lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x" in reply["html"]
        for dangerous in ("<script", "<img", 'href="javascript'):
            assert dangerous not in reply["html"]


class TestFullDisk:
    def test_nothing_is_acknowledged_until_there_is_room(self, server: Callable[..., Server]) -> None:
        running = server()
        customer = WebCustomer(running.url)
        customer.says("hello")
        customer.sees_replies()
        message_id = str(uuid.uuid4())
        self._leave_no_room(running)
        for _ in range(3):
            with pytest.raises(httpx.HTTPStatusError) as refused:
                customer.says("How do I reset my hub?", message_id=message_id)
            assert refused.value.response.status_code == 503
            assert int(refused.value.response.headers["retry-after"]) > 0
        assert len(customer.sees(lambda lines, _: bool(lines))) == 2, "what was written can be read"

        self._make_room(running)
        for _ in range(2):
            customer.says("How do I reset my hub?", message_id=message_id)
        replies = customer.sees_replies(2)
        assert [bool(reply["source"]) for reply in replies] == [False, True]
        running.end()
        log = (running.folder / "log").read_text()
        assert "not_stored" in log
        assert "reset my hub" not in log, "a customer's text"
        running.start()
        assert len(customer.sees_replies(2)) == 2

    def _leave_no_room(self, running: Server) -> None:
        """No file of the server may grow beyond the database's log as it is now."""
        size = (running.folder / "data" / "answerdesk.db-wal").stat().st_size
        self._limit(running, size)

    def _make_room(self, running: Server) -> None:
        self._limit(running, resource.RLIM_INFINITY)

    def _limit(self, running: Server, size: int) -> None:
        assert running.process is not None
        resource.prlimit(running.process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
