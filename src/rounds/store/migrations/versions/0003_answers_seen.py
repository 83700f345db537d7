"""How far each person has read the answers of a challenge."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "answers_seen",
        sa.Column("username", sa.String(64), primary_key=True),
        sa.Column("challenge", sa.String(64), primary_key=True),
        sa.Column("wording", sa.Integer(), nullable=False),
    )


def downgrade() -> None:
    """Remove the table."""
    op.drop_table("answers_seen")
