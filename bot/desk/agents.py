import asyncio
import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.desk.case import Agent
from bot.errors import EmailTaken, InvitationInvalid, WeakPassword, WrongPassword
from bot.store.database import Database
from bot.store.tables import agents, invitations

INVITATION_LASTS = timedelta(days=1)
SHORTEST_PASSWORD = 10


class Agents:
    """Who may sign in to the console. Passwords are kept as argon2 hashes; there is no default one."""

    def __init__(self, db: Database, *, clock: Callable[[], datetime]) -> None:
        self._db = db
        self._clock = clock
        self._hasher = PasswordHasher()

    async def exist(self) -> bool:
        """Whether any agent exists."""
        async with self._db.read() as connection:
            return await connection.scalar(select(agents.c.id).limit(1)) is not None

    async def invite(self) -> str:
        """Make a one-time token, valid for a day, with which one agent can be created."""
        token = secrets.token_urlsafe(32)
        values = {"token_hash": _hash(token), "expires_at": self._clock() + INVITATION_LASTS}
        async with self._db.write() as connection:
            await connection.execute(insert(invitations).values(**values))
        return token

    async def invitation_is_valid(self, token: str) -> bool:
        """Whether the token can still be used."""
        statement = select(invitations).where(invitations.c.token_hash == _hash(token))
        async with self._db.read() as connection:
            row = (await connection.execute(statement)).first()
        return row is not None and row.used_at is None and row.expires_at > self._clock()

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
        )
        name = name.strip()
        values = {"name": name, "email": email, "password_hash": password_hash, "created_at": now}
        try:
            async with self._db.write("desk") as connection:
                if (await connection.execute(use)).rowcount != 1:
                    raise InvitationInvalid("This invitation has been used or has expired. Ask for a new one.")
                statement = insert(agents).values(**values).returning(agents.c.id)
                agent_id = (await connection.execute(statement)).scalar_one()
        except IntegrityError as error:
            raise EmailTaken(f"There is already an agent with the e-mail {email}.") from error
        return Agent(id=agent_id, name=name, email=email)

    async def sign_in(self, email: str, password: str) -> Agent:
        """WrongPassword for an unknown e-mail too, in the same time."""
        statement = select(agents).where(agents.c.email == email.strip().lower(), agents.c.disabled_at.is_(None))
        async with self._db.read() as connection:
            row = (await connection.execute(statement)).first()
        known = row.password_hash if row else _nobodys_hash()
        try:
            await asyncio.to_thread(self._hasher.verify, known, password)
        except VerificationError:
            row = None
        if row is None:
            raise WrongPassword("E-mail and password do not belong together.")
        return Agent(id=row.id, name=row.name, email=row.email)

    async def get(self, agent_id: int) -> Agent | None:
        """The agent, or None when they may no longer sign in."""
        statement = select(agents).where(agents.c.id == agent_id, agents.c.disabled_at.is_(None))
        async with self._db.read() as connection:
            row = (await connection.execute(statement)).first()
        return Agent(id=row.id, name=row.name, email=row.email) if row else None


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


@cache
def _nobodys_hash() -> str:
    return PasswordHasher().hash(secrets.token_urlsafe())
