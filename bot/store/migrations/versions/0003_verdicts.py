"""Verdicts of agents on the pages that were found."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "verdicts",
        sa.Column("receipt_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Text(), nullable=True),
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name=op.f("fk_verdicts_agent_id")),
        sa.ForeignKeyConstraint(
            ["receipt_id"], ["receipts.id"], name=op.f("fk_verdicts_receipt_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("receipt_id", name=op.f("pk_verdicts")),
    )
