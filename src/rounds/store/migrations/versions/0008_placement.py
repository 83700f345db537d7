"""What a person answered to the ten questions that suggest a path."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "placement",
        sa.Column("username", sa.String(64), primary_key=True),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("track", sa.String(16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=False), nullable=False),
    )


def downgrade() -> None:
    """Remove the table."""
    op.drop_table("placement")
