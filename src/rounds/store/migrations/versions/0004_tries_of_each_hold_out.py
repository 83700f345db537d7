"""A team has its tries against each hold-out, not against all that its challenge ever had."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

NAMES = {"uq": "uq_%(table_name)s_%(column_0_N_name)s"}
OLD = (("team", "challenge", "number"), ("team", "challenge", "file_hash"))
NEW = tuple(("team", "challenge", "hold_out_hash", last) for last in ("number", "file_hash"))


def upgrade() -> None:
    """Count numbers and files anew for each hold-out."""
    _exchange(OLD, NEW)


def downgrade() -> None:
    """Count them over all hold-outs; refused by the database when a team had tries against two."""
    _exchange(NEW, OLD)


def _exchange(before: tuple[tuple[str, ...], ...], after: tuple[tuple[str, ...], ...]) -> None:
    found = {
        tuple(one["column_names"]): one["name"] for one in sa.inspect(op.get_bind()).get_unique_constraints("score_try")
    }
    with op.batch_alter_table("score_try", naming_convention=NAMES) as table:
        for columns in before:
            table.drop_constraint(found.get(columns) or _name(columns), type_="unique")
        for columns in after:
            table.create_unique_constraint(_name(columns), list(columns))


def _name(columns: tuple[str, ...]) -> str:
    return f"uq_score_try_{'_'.join(columns)}"
