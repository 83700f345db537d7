"""The tests of knowledge: consent, tests taken, answers, personal links to the last one."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "knowledge_consent",
        sa.Column("username", sa.String(64), primary_key=True),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("words_hash", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=False), nullable=False),
    )
    op.create_table(
        "knowledge_test",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("username", sa.String(64), nullable=False, index=True),
        sa.Column("occasion", sa.String(16), nullable=False),
        sa.Column("form", sa.String(1), nullable=False),
        sa.Column("profession", sa.String(16), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=False), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=False)),
        sa.UniqueConstraint("username", "occasion"),
    )
    op.create_table(
        "knowledge_answer",
        sa.Column("test", sa.Integer(), sa.ForeignKey("knowledge_test.id"), primary_key=True),
        sa.Column("item", sa.String(32), primary_key=True),
        sa.Column("chosen", sa.Integer()),
    )
    op.create_table(
        "knowledge_link",
        sa.Column("secret_hash", sa.String(64), primary_key=True),
        sa.Column("username", sa.String(64), nullable=False, index=True),
        sa.Column("issued_at", sa.DateTime(timezone=False), nullable=False),
    )


def downgrade() -> None:
    """Remove the tables."""
    for table in ("knowledge_link", "knowledge_answer", "knowledge_test", "knowledge_consent"):
        op.drop_table(table)
