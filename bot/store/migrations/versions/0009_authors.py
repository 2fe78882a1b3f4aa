"""Authors of messages, where several write in one conversation, and what they quote; the words of deleted ones go."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column("messages", sa.Column("person", sa.String(length=200), nullable=True))
    op.add_column("messages", sa.Column("person_name", sa.String(length=200), nullable=True))
    op.add_column("messages", sa.Column("quotes", sa.JSON(), nullable=True))
    op.add_column("inbox", sa.Column("person", sa.String(length=200), nullable=True))
    op.execute("UPDATE messages SET text = '' WHERE deleted_at IS NOT NULL")
