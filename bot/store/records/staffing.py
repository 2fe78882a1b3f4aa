"""Staffing: if anybody is there who could ever answer what is handed over."""

from sqlalchemy import func, select

from bot.store.engine.database import Database
from bot.store.tables import agents


async def is_unstaffed(db: Database) -> bool:
    """True where there are accounts of agents and every one of them is disabled: nobody can sign in and answer."""
    counted = select(func.count().label("accounts"), func.count(agents.c.disabled_at).label("disabled"))
    async with db.read(is_short=True) as connection:
        row = (await connection.execute(counted.select_from(agents))).one()
    return row.accounts > 0 and row.accounts == row.disabled
