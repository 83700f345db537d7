"""Questions about columns with every wording, and the scored tries of teams."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "question",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("challenge", sa.String(64), nullable=False),
        sa.Column("dataset", sa.String(255), nullable=False),
        sa.Column("table_name", sa.String(255), nullable=False),
        sa.Column("column_name", sa.String(255), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("team", sa.String(64), nullable=False),
        sa.UniqueConstraint("challenge", "dataset", "table_name", "column_name", "fingerprint"),
    )
    op.create_index("ix_question_challenge", "question", ["challenge"])
    op.create_table(
        "wording",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("question", sa.Integer(), sa.ForeignKey("question.id"), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
    )
    op.create_index("ix_wording_question", "wording", ["question"])
    op.create_table(
        "score_try",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("team", sa.String(64), nullable=False),
        sa.Column("challenge", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("file_hash", sa.String(64), nullable=False),
        sa.Column("hold_out_hash", sa.String(64), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.UniqueConstraint("team", "challenge", "number"),
        sa.UniqueConstraint("team", "challenge", "file_hash"),
    )
    op.create_index("ix_score_try_team", "score_try", ["team"])


def downgrade() -> None:
    """Remove the tables."""
    op.drop_table("score_try")
    op.drop_table("wording")
    op.drop_table("question")
