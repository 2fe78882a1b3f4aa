"""The languages agents read, the language of their console, and when they were last at work."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("agents", sa.Column("languages", sa.JSON(), nullable=True))
    op.add_column("agents", sa.Column("console_language", sa.String(length=20), nullable=True))
    op.add_column("agents", sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("invitations", sa.Column("name", sa.String(length=200), nullable=True))
    op.add_column("invitations", sa.Column("languages", sa.JSON(), nullable=True))
