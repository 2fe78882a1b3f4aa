"""Alembic's way to the database: always over a connection it is given, see `bot.store.engine.database.upgrade`."""

from alembic import context

from bot.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite alters a table by making it anew
    transactional_ddl=False,  # the caller's transaction is around all of it
)
context.run_migrations()
