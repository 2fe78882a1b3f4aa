"""The language of a conversation, and whether the customer asked for it."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("conversations", sa.Column("language", sa.String(length=10), nullable=True))
    op.add_column(
        "conversations",
        sa.Column("language_pinned", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
