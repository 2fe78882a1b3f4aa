"""A maintainer exports and erases a customer on the command line. All that customers say here is our own."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.store.engine.database import Database
from bot.store.queues import accept
from channels.message import Attachment, Inbound
from tests.acceptance.conftest import answerdesk
from tests.acceptance.output import printed, refusal, told

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
WORDS = ("marzipan", "Ottilia")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Settings whose database knows a customer with two conversations, and another customer."""
    path = tmp_path / "answerdesk.toml"
    path.write_text('data = "data"\n')
    (tmp_path / "data").mkdir()

    async def write() -> None:
        db = Database(f"sqlite+aiosqlite:///{tmp_path / 'data' / 'answerdesk.db'}")
        await db.migrate()
        for number, (customer, name, address) in enumerate(
            (("7", "Ottilia", "7"), ("7", "Ottilia", "8"), ("9", "Bo", "9"))
        ):
            inbound = Inbound(
                channel="telegram",
                event_id=f"1:{number}",
                platform_message_id=str(number),
                address=address,
                customer=customer,
                customer_name=name,
                text="marzipan, please" if name == "Ottilia" else "hello",
                sent_at=NOW,
                attachments=(Attachment(name="marzipan.png", url="https://files.example/1"),) if number == 0 else (),
            )
            await accept.accept(db, inbound, now=NOW, quiet=timedelta(0))
        await db.close()

    asyncio.run(write())
    return path


def _words(config: Path) -> set[str]:
    files = b"".join(each.read_bytes() for each in (config.parent / "data").glob("answerdesk.db*"))
    return {word for word in WORDS if word.encode() in files}


def test_what_is_kept_of_a_customer_can_be_read(config: Path) -> None:
    ottilia = ("export", "--channel", "telegram", "--customer", "7", "--config", config)
    assert printed(*ottilia) == (
        "Conversation 1, since 2026-03-02 09:00 UTC\n"
        "2026-03-02 09:00  customer: marzipan, please\n"
        "                  file: marzipan.png\n"
        "\n"
        "Conversation 2, since 2026-03-02 09:00 UTC\n"
        "2026-03-02 09:00  customer: marzipan, please\n"
        "\n"
    )
    kept = told(*ottilia)
    assert [(each["customer_name"], each["address"]) for each in kept["conversations"]] == [
        ("Ottilia", "7"),
        ("Ottilia", "8"),
    ]
    assert kept["conversations"][0]["received"][0]["event_id"] == "1:0"
    assert "no customer '8'" in refusal(
        answerdesk("export", "--channel", "telegram", "--customer", "8", "--config", config)
    )


def test_what_there_is_is_told_first_and_stays(config: Path) -> None:
    ottilia = ("erase", "--channel", "telegram", "--customer", "7", "--config", config)
    assert printed(*ottilia) == (
        "There are:\n"
        "  2 conversations\n"
        "  2 messages\n"
        "  1 references to files\n"
        "  0 decisions\n"
        "  0 cases\n"
        "  0 messages not sent yet\n"
        "Nothing is erased yet. To erase it for good, give --yes.\n"
    )
    assert told(*ottilia)["erased"] is False
    assert _words(config) == set(WORDS)


def test_with_yes_no_word_of_it_is_left_in_the_files_and_it_is_said_so(config: Path) -> None:
    ottilia = ("erase", "--channel", "telegram", "--customer", "7", "--config", config)
    assert told(*ottilia, "--yes") == {
        "channel": "telegram",
        "customer": "7",
        "erased": True,
        "conversations": 2,
        "messages": 2,
        "files": 1,
        "decisions": 0,
        "cases": 0,
        "owed": 0,
        "scrubbed": True,
    }
    assert _words(config) == set()
    assert "no customer '7' on the channel 'telegram'" in refusal(answerdesk(*ottilia, "--yes"))
    assert "message 1: it was erased on" in refusal(answerdesk("why", "1", "--config", config))
    found = {each["about"]: each["what"] for each in told("doctor", "--config", config, code=1)}
    assert found["erased"].startswith("2 conversations were erased, the last on ")
    assert "1 customers are not told yet" in found["erased"]
    assert told("erase", "--channel", "telegram", "--customer", "9", "--config", config)["messages"] == 1


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("--channel", "telegram", "--customer", "Ottilia"), "no customer 'Ottilia' on the channel 'telegram'"),
        (("--channel", "slack", "--customer", "7"), "no customer '7' on the channel 'slack'"),
    ],
)
def test_who_is_not_there_is_one_line(config: Path, arguments: tuple[str, ...], problem: str) -> None:
    assert problem in refusal(answerdesk("erase", *arguments, "--yes", "--config", config))
    assert _words(config) == set(WORDS)


def test_without_a_database_there_is_nobody_to_erase(tmp_path: Path) -> None:
    path = tmp_path / "answerdesk.toml"
    path.write_text('data = "data"\n')
    done = answerdesk("erase", "--channel", "web", "--customer", "a", "--config", path)
    assert "there is no database in" in refusal(done)
