"""Time and author of a conversation's erasure, and the message with which its customer is told so."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("conversations", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("conversations", sa.Column("erased_by", sa.String(length=200), nullable=True))
    op.add_column(
        "outbox",
        sa.Column("is_farewell", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    op.create_index(
        "ix_outbox_farewell",
        "outbox",
        ["id"],
        sqlite_where=sa.text("is_farewell"),
        postgresql_where=sa.text("is_farewell"),
    )
