"""Who does a lesson with whom."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "lesson_pair",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("lesson", sa.String(64), nullable=False),
        sa.Column("opener", sa.String(64), nullable=False),
        sa.Column("partner", sa.String(64), nullable=False),
        sa.Column("code", sa.String(16), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=False), nullable=False),
        sa.UniqueConstraint("lesson", "opener"),
    )


def downgrade() -> None:
    """Remove the table."""
    op.drop_table("lesson_pair")
