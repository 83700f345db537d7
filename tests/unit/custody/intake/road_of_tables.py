"""Take a made-up table the whole road, as a person who answers what the draft asks, and say what passed unread."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from tests.unit.custody.intake.foreign_tables import ForeignTable, Planted, order_of

from rounds.custody.intake.draft.file import draft_decisions
from rounds.custody.intake.import_table import import_table
from rounds.custody.privacy.check import check_dataset
from rounds.custody.signs.finding import SAFE_HARBOR
from rounds.data.dataset import Dataset

READ, ASKED, STOPPED, UNREAD, MISREAD = "read", "asked", "stopped", "UNREAD", "MISREAD"
NO_DAY = ("yMMM", "yM", "yMMMM", "%m/%Y", "%Y-%m", "%m.%Y")


@dataclass(frozen=True)
class Passed:
    """How one column passed the road."""

    planted: Planted
    how: str
    container: str


def take_the_road(table: ForeignTable, folder: Path) -> list[Passed]:
    """Return how each planted column passed: read, asked of a person, stopped by the check, or unread."""
    draft = folder / "decisions.toml"
    found = draft_decisions(table.path, draft, 2026)[0]
    _answer(draft, table)
    dataset = import_table(table.path, "t", folder / "out", decisions=draft)
    stops = {f.where for f in check_dataset(dataset, 11).stops if f.kind in (*SAFE_HARBOR, "text")}
    return [
        Passed(each, _how(each, dataset, bool(found.proposals[each.column].question), stops), table.path.suffix)
        for each in table.planted
    ]


def _answer(draft: Path, table: ForeignTable) -> None:
    """Answer what is asked, column by column, as somebody who knows the table."""
    orders = {each.column: order_of(each.form) for each in table.planted if each.kind != "name"}
    parts = draft.read_text(encoding="utf-8").split("[[column]]")
    for at, part in enumerate(parts):
        name = next((name for name in orders if f'column = "{name}"\n' in part), "")
        parts[at] = part.replace('dates = "ask"', f'dates = "{orders.get(name, "day-first")}"')
        parts[at] = parts[at].replace('decimal = "ask"', 'decimal = "."')
    draft.write_text("[[column]]".join(parts), encoding="utf-8")


def _how(planted: Planted, dataset: Dataset, is_asked: bool, stops: set[str]) -> str:
    if planted.kind != "name" and dataset.package.table.column(planted.column).type == "datetime":
        return READ if _is_right(planted, dataset.column(planted.column)) else MISREAD
    if f"t.{planted.column}" in stops:
        return STOPPED
    return ASKED if is_asked else UNREAD


def _is_right(planted: Planted, values: pd.Series) -> bool:
    """Tell whether the days that were read are the true ones; of a form without a day, the months."""
    true = pd.Series(pd.to_datetime(list(planted.moments)))
    known = values.notna()
    style = planted.form.split(": ", 1)[1]
    if style in NO_DAY:
        return bool((values[known].dt.to_period("M") == true[known].dt.to_period("M")).all())
    return bool((values[known].dt.normalize() == true[known].dt.normalize()).all())
