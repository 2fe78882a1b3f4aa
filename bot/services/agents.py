import asyncio
import hashlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import Row, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from bot.conversation import Agent
from bot.errors import EmailTaken, InvitationInvalid, NoSuchAgent, WeakPassword, WrongPassword
from bot.store.engine.database import Database
from bot.store.tables import agents, invitations

INVITATION_LASTS = timedelta(days=1)
SHORTEST_PASSWORD = 10
#: How long after their page was last seen an agent counts as at work, and how often that is written down.
AT_WORK = timedelta(minutes=5)
_SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Invitation:
    """Values that an invitation gives the agent it makes; they choose the rest."""

    name: str = ""
    languages: tuple[str, ...] = ()


class Agents:
    """Accounts for signing in to the console. Passwords are kept as argon2 hashes; there is no default one."""

    #: How passwords are hashed: argon2 with the parameters that its library recommends.
    _hasher = PasswordHasher()

    def __init__(self, db: Database, *, clock: Callable[[], datetime]) -> None:
        self._db = db
        self._clock = clock

    async def exist(self) -> bool:
        """True where there is any agent."""
        async with self._db.read() as connection:
            return await connection.scalar(select(agents.c.id).limit(1)) is not None

    async def invite(self, invitation: Invitation | None = None) -> str:
        """Make a one-time token, valid for a day, with which one agent can be created."""
        token = secrets.token_urlsafe(32)
        invitation = invitation or Invitation()
        values = {
            "token_hash": _hash(token),
            "expires_at": self._clock() + INVITATION_LASTS,
            "name": invitation.name.strip() or None,
            "languages": list(invitation.languages),
        }
        async with self._db.write() as connection:
            await connection.execute(insert(invitations).values(**values))
        return token

    async def invitation(self, token: str) -> Invitation | None:
        """The invitation of a token, or None when it cannot be used any more."""
        statement = select(invitations).where(invitations.c.token_hash == _hash(token))
        async with self._db.read() as connection:
            row = (await connection.execute(statement)).first()
        if row is None or row.used_at is not None or row.expires_at <= self._clock():
            return None
        return Invitation(name=row.name or "", languages=tuple(row.languages or ()))

    async def create(self, token: str, *, name: str, email: str, password: str) -> Agent:
        """Use up the token; InvitationInvalid, EmailTaken, WeakPassword."""
        if len(password) < SHORTEST_PASSWORD:
            raise WeakPassword(f"Choose a password of at least {SHORTEST_PASSWORD} characters.")
        now, email = self._clock(), email.strip().lower()
        password_hash = await asyncio.to_thread(self._hasher.hash, password)
        use = (
            update(invitations)
            .where(invitations.c.token_hash == _hash(token), invitations.c.used_at.is_(None))
            .where(invitations.c.expires_at > now)
            .values(used_at=now)
            .returning(invitations.c.languages)
        )
        name = name.strip()
        values = {"name": name, "email": email, "password_hash": password_hash, "created_at": now}
        try:
            async with self._db.write("desk") as connection:
                used = (await connection.execute(use)).first()
                if used is None:
                    raise InvitationInvalid("This invitation has been used or has expired. Ask for a new one.")
                statement = insert(agents).values(**values, languages=used.languages).returning(agents)
                row = (await connection.execute(statement)).one()
        except IntegrityError as error:
            raise EmailTaken(f"There is already an agent with the e-mail {email}.") from error
        return _agent(row)

    async def sign_in(self, email: str, password: str) -> Agent:
        """WrongPassword for an unknown e-mail too, in the same time."""
        statement = select(agents).where(agents.c.email == email.strip().lower(), agents.c.disabled_at.is_(None))
        async with self._db.read() as connection:
            row = (await connection.execute(statement)).first()
        known = row.password_hash if row else _dummy_hash(self._hasher)
        try:
            await asyncio.to_thread(self._hasher.verify, known, password)
        except VerificationError:
            row = None
        if row is None:
            raise WrongPassword("E-mail and password do not belong together.")
        return _agent(row)

    async def get(self, agent_id: int) -> Agent | None:
        """The agent, or None when they may no longer sign in."""
        statement = select(agents).where(agents.c.id == agent_id, agents.c.disabled_at.is_(None))
        async with self._db.read() as connection:
            row = (await connection.execute(statement)).first()
        return _agent(row) if row else None

    async def all(self) -> Sequence[Agent]:
        """Everybody who may sign in, in the order in which they came."""
        async with self._db.read() as connection:
            rows = await connection.execute(select(agents).where(agents.c.disabled_at.is_(None)).order_by(agents.c.id))
        return [_agent(row) for row in rows]

    async def online(self) -> Sequence[Agent]:
        """Those whose console is open, or was within the last minutes."""
        statement = select(agents).where(agents.c.disabled_at.is_(None), agents.c.seen_at > self._clock() - AT_WORK)
        async with self._db.read() as connection:
            return [_agent(row) for row in await connection.execute(statement.order_by(agents.c.id))]

    async def touch(self, agent_id: int) -> None:
        """The agent's console is open."""
        now = self._clock()
        long_ago = or_(agents.c.seen_at.is_(None), agents.c.seen_at < now - _SEEN_EVERY)
        due = select(agents.c.id).where(agents.c.id == agent_id, long_ago)
        async with self._db.read() as connection:
            if await connection.scalar(due) is None:
                return
        async with self._db.write() as connection:
            await connection.execute(update(agents).where(agents.c.id == agent_id).values(seen_at=now))

    async def by_email(self, email: str) -> Agent:
        """The agent who signs in with this e-mail; NoSuchAgent."""
        for agent in await self.all():
            if agent.email == email.strip().lower():
                return agent
        raise NoSuchAgent(f"There is no agent with the e-mail {email}.")

    async def edit(self, agent_id: int, *, languages: Sequence[str], console_language: str | None) -> None:
        """Change the languages an agent reads (none: all) and that of their console (None: their browser's)."""
        values = {"languages": list(languages), "console_language": console_language}
        async with self._db.write("desk") as connection:
            await connection.execute(update(agents).where(agents.c.id == agent_id).values(**values))


def _agent(row: Row[Any]) -> Agent:
    return Agent(
        id=row.id,
        name=row.name,
        email=row.email,
        languages=tuple(row.languages or ()),
        console_language=row.console_language,
    )


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


@cache
def _dummy_hash(hasher: PasswordHasher) -> str:
    """A hash that no password has: an unknown e-mail is refused after as long a time as a wrong password."""
    return hasher.hash(secrets.token_urlsafe())
