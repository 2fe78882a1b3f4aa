"""Looks for what could strand a customer."""

import shutil
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import ColumnElement, Connection, and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import StoreUnavailable
from bot.health.encoders import other_encoder
from bot.health.first_report import check_answering
from bot.health.queue_checks import backlog
from bot.health.reader import check_reader
from bot.settings import Settings
from bot.store.engine.database import MIGRATIONS, Database
from bot.store.engine.sqlite import deletions
from bot.store.tables import INBOX_OPEN, OUTBOX_OPEN, agents, conversations, escalations, inbox, messages, outbox
from channels.errors import ChannelError
from channels.health import CheckResult, NullHost
from channels.registry import build_channels
from retrieval import RetrievalError, Searcher, Snapshot, labels_needed, open_snapshot

#: An escalation that waits longer, or a message that is owed longer, is a customer who is kept waiting.
LONG_WAIT = timedelta(hours=1)
LONG_OWED = timedelta(minutes=10)
#: Bytes below which the disk is nearly full.
LITTLE_SPACE = 500 * 2**20


async def run_checks(settings: Settings, now: datetime) -> list[CheckResult]:
    """Everything that was looked at, the index first."""
    findings = [
        *_index(settings),
        *_budget(settings),
        *check_answering(settings),
        *check_reader(settings),
        _disk(settings.data),
    ]
    try:
        consumed = _consumed(settings)
    except ChannelError as error:
        remedy = "Correct `channels` in the settings: no server starts with it."
        findings.append(CheckResult(subject="channels", message=str(error), remedy=remedy))
        consumed = frozenset()
    if not settings.has_database:
        return [*findings, CheckResult(subject="database", message="There is none yet; the first `serve` makes it.")]
    db = Database(settings.database_url)
    try:
        async with db.read() as connection:
            of_database = await _database(connection, now, consumed)
        findings += of_database
    except StoreUnavailable as error:
        remedy = "Check `database` in the settings, and that the database runs."
        findings.append(CheckResult(subject="database", message=str(error), remedy=remedy))
    finally:
        await db.close()
    return findings


def _budget(settings: Settings) -> Sequence[CheckResult]:
    """The confidence that the error budget asks of an answer, and whether labelled questions promise it."""
    try:
        snapshot = open_snapshot(settings.index)
    except RetrievalError:
        return []  # said already
    searcher = Searcher(
        snapshot, budget=settings.budget, unanswerable=settings.unanswerable, decisions=settings.decisions.limits
    )
    needed = labels_needed(settings.budget)
    if searcher.threshold > 1:
        message = f"For {settings.budget:.1%} wrong, nothing is answered plainly: `promised_only` is set."
        remedy = f"Give {needed} labelled questions or more (reindex --labels), or take `promised_only` back."
        return [CheckResult(subject="budget", message=message, remedy=remedy)]
    promised = (
        "and labelled questions promise it" if searcher.is_promised else f"expected, not promised by {needed} labels"
    )
    message = f"For {settings.budget:.1%} wrong, an answer needs a confidence of {searcher.threshold:.0%}: {promised}."
    return [CheckResult(subject="budget", message=message)]


def _index(settings: Settings) -> Sequence[CheckResult]:
    try:
        snapshot = open_snapshot(settings.index)
        snapshot.verify()
    except RetrievalError as error:
        return [
            CheckResult(
                subject="index", message=str(error), remedy="Run `answerdesk reindex`, or `answerdesk rollback`."
            )
        ]
    message = f"Snapshot {snapshot.version} is whole."
    return [
        CheckResult(subject="index", message=message),
        *_encoders(settings, snapshot),
        *_age(settings.sources, snapshot),
    ]


def _encoders(settings: Settings, snapshot: Snapshot) -> Iterator[CheckResult]:
    """The encoder of each space: how it is compiled and why, or what is missing; and whether it is the one wanted."""
    for space in snapshot.spaces:
        try:
            _ = space.encoder
            yield CheckResult(subject="encoder", message=space.account)
        except RetrievalError as error:
            served = ", ".join(space.entry.languages or ()) or "other languages"
            remedy = f"Questions in {served} are handed over until this is mended."
            yield CheckResult(subject="encoder", message=str(error), remedy=remedy)
    if (differs := other_encoder(settings, snapshot)) is not None:
        yield CheckResult(subject="encoder", message=differs, remedy="Run `answerdesk reindex`.")


def _age(sources: Sequence[Path], snapshot: Snapshot) -> Sequence[CheckResult]:
    """Sources that are gone, or have changed since the snapshot was made."""
    newest = [_newest(source) for source in sources if source.exists()]
    gone = [str(source) for source in sources if not source.exists()]
    findings = []
    if gone:
        message = f"Not there: {', '.join(gone)}."
        findings.append(CheckResult(subject="sources", message=message, remedy="Correct `sources` in the settings."))
    if newest and max(newest) > snapshot.created:
        message = f"Changed {max(newest):%Y-%m-%d %H:%M}, after the snapshot was made."
        findings.append(CheckResult(subject="sources", message=message, remedy="Run `answerdesk reindex`."))
    return findings


def _newest(source: Path) -> datetime:
    files = [file for file in source.rglob("*") if file.is_file()] if source.is_dir() else [source]
    return datetime.fromtimestamp(max((file.stat().st_mtime for file in files), default=0.0), UTC)


def _disk(folder: Path) -> CheckResult:
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    remedy = "Make room: nothing can be accepted on a full disk." if free < LITTLE_SPACE else None
    return CheckResult(subject="disk", message=f"{free / 2**30:.1f} GiB free.", remedy=remedy)


def _consumed(settings: Settings) -> frozenset[str]:
    """Resources of platforms that one process is to read; ChannelError where a channel's settings are wrong."""
    channels = build_channels(settings.channels, NullHost()).values()
    return frozenset(channel.exclusive_resource for channel in channels if channel.exclusive_resource is not None)


async def _database(connection: AsyncConnection, now: datetime, consumed: frozenset[str]) -> Sequence[CheckResult]:
    missing = await connection.run_sync(_missing_migrations)
    if missing:
        remedy = "Start `answerdesk serve` once: it brings the schema up to date."
        return [
            CheckResult(subject="database", message=f"The schema is older than this program: {missing}.", remedy=remedy)
        ]
    count = select(func.count())
    has_agents = await connection.scalar(count.select_from(agents).where(agents.c.disabled_at.is_(None)))
    waiting = await connection.scalar(
        count.select_from(escalations).where(
            escalations.c.state == "waiting", escalations.c.opened_at < now - LONG_WAIT
        )
    )
    failed = await connection.scalar(count.select_from(outbox).where(outbox.c.state == "failed", ~_is_dealt_with()))
    next_ones = select(func.min(outbox.c.id)).where(OUTBOX_OPEN).group_by(outbox.c.conversation_id)
    late = and_(outbox.c.id.in_(next_ones), outbox.c.due_at < now - LONG_OWED)  # who is behind one waits in order
    owed = await connection.scalar(count.select_from(outbox).where(late))
    unhandled = await connection.scalar(count.select_from(inbox).where(INBOX_OPEN, inbox.c.due_at < now - LONG_OWED))
    hours = int(LONG_WAIT.total_seconds() // 3600)
    return [
        CheckResult(
            subject="agents",
            message=f"{has_agents} can sign in.",
            remedy=None if has_agents else "Run `answerdesk agents add`: nobody can answer what is handed over.",
        ),
        CheckResult(
            subject="queue",
            message=f"{waiting} escalations wait longer than {hours} h.",
            remedy="Answer them in the console." if waiting else None,
        ),
        CheckResult(
            subject="outbox",
            message=f"{failed} messages could not be delivered, {owed} are overdue.",
            remedy="See `answerdesk outbox list --failed`; is the server running?" if failed or owed else None,
        ),
        CheckResult(
            subject="inbox",
            message=f"{unhandled} messages are overdue for a decision.",
            remedy="Is the server running? See its log for turn_failed." if unhandled else None,
        ),
        *await backlog(connection, now, consumed),
        *await _erased(connection),
    ]


def _is_dealt_with() -> ColumnElement[bool]:
    """True where an agent has closed the case of a message, knowing that it was not delivered."""
    return (
        select(escalations.c.id)
        .join(conversations, conversations.c.id == escalations.c.conversation_id)
        .join(messages, messages.c.conversation_id == conversations.c.id)
        .where(messages.c.id == outbox.c.line_id, conversations.c.owner == "bot")
        .where(escalations.c.closed_at > messages.c.at)
        .exists()
    )


async def _erased(connection: AsyncConnection) -> Sequence[CheckResult]:
    """Erased conversations, and those whose erasure is not done yet."""
    has_written = select(inbox.c.id).where(inbox.c.conversation_id == conversations.c.id).exists()
    statement = select(func.count(), func.max(conversations.c.erased_at)).where(conversations.c.erased_at.is_not(None))
    count, last = (await connection.execute(statement.where(has_written))).one()
    if not count:
        return []
    told = select(func.count()).select_from(outbox).where(outbox.c.is_farewell)
    untold = await connection.scalar(told) or 0
    remnants = connection.dialect.name == "sqlite" and await deletions(connection) > 0
    message = f"{count} conversations were erased, the last on {last:%Y-%m-%d %H:%M}."
    if untold:
        message += f" {untold} customers are not told yet: until then their address is kept."
    if remnants:
        message += " Deleted words may still be in the free places of the database's file."
    remedy = "Run `answerdesk serve`: it does both within seconds." if untold or remnants else None
    return [CheckResult(subject="erased", message=message, remedy=remedy)]


def _missing_migrations(connection: Connection) -> str | None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    head = ScriptDirectory.from_config(config).get_current_head()
    current = MigrationContext.configure(connection).get_current_revision()
    return None if current == head else f"it is at {current or 'nothing'}, {head} is needed"
