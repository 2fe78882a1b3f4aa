"""Choices under a message, and the one that was taken."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("messages", sa.Column("choices", sa.JSON(), nullable=True))
    op.add_column("messages", sa.Column("chosen", sa.String(length=40), nullable=True))
    op.create_index(op.f("ix_messages_receipt_id"), "messages", ["receipt_id"])
