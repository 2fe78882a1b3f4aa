import secrets as random_source

from sqlalchemy import insert, select

from bot.store.engine.database import Database, hold
from bot.store.tables import secrets


async def server_secret(db: Database) -> str:
    """The key that signs cookies: made once, kept in the database, the same for every process."""
    async with db.write() as connection:
        await hold(connection, "secrets")
        known = await connection.scalar(select(secrets.c.value).where(secrets.c.name == "cookies"))
        if known is not None:
            return known
        value = random_source.token_urlsafe(48)
        await connection.execute(insert(secrets).values(name="cookies", value=value))
        return value
