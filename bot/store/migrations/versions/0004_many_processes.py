"""Claims that name their holder, corrected messages, and leases."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("inbox", sa.Column("holder", sa.String(length=40), nullable=True))
    op.add_column("inbox", sa.Column("edits", sa.String(length=200), nullable=True))
    op.add_column("inbox", sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_inbox_conversation_id_edits"), "inbox", ["conversation_id", "edits"])
    op.add_column("outbox", sa.Column("holder", sa.String(length=40), nullable=True))
    op.add_column("messages", sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("messages", sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "leases",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("holder", sa.String(length=40), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
    )
