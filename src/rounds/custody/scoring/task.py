"""What a challenge asks to predict, for which rows, from when, and how it is scored."""

from __future__ import annotations

from dataclasses import dataclass

from rounds.data.package import Column, DataPackage, Table
from rounds.errors import DataError, suggest
from rounds.event import Challenge


@dataclass(frozen=True)
class Task:
    """The outcome, the columns that name a row, the moment of prediction and the metric."""

    metric: str
    outcome: str
    unit: tuple[str, ...]
    predict_at: str = ""
    time_zero: str = ""
    time_zero_plus_h: float = 0
    outcome_range: tuple[float, ...] = ()
    alert_share: float = 0.1
    time_zero_plus_days: str = ""

    @property
    def limits(self) -> tuple[float, float]:
        """The smallest and the largest prediction that is taken."""
        if self.metric == "mae":
            return (self.outcome_range[0], self.outcome_range[1])
        return (0.0, 1.0)


def task_of(challenge: Challenge) -> Task:
    """Return a challenge's task; raise when the event file does not say how it is scored."""
    if not challenge.metric:
        raise DataError(
            f'The challenge "{challenge.id}" is not scored. Add to its section of the event file: '
            'metric = "auroc", outcome = "COLUMN", unit = ["COLUMN"]'
        )
    return Task(
        challenge.metric,
        challenge.outcome,
        challenge.unit,
        challenge.predict_at,
        challenge.time_zero,
        challenge.time_zero_plus_h,
        challenge.outcome_range,
        challenge.alert_budget_percent / 100,
        challenge.time_zero_plus_days,
    )


def check_task(task: Task, package: DataPackage) -> None:
    """Raise unless a dataset has what the task names."""
    check_columns(task, package)
    package.position(moment(task, package))
    if task.time_zero:
        find_time_zero(task, package)
    _check_days(task, package.table)
    _check_known(task, package)


def check_columns(task: Task, package: DataPackage) -> None:
    """Raise unless the first table has the outcome and the columns that name a row."""
    names = package.table.names()
    for key, column in [("outcome", task.outcome), *(("unit", column) for column in task.unit)]:
        if column not in names:
            elsewhere = [table.name for table in package.tables if column in table.names()]
            advice = (
                f' Table "{elsewhere[0]}" has it: write its [[file]] before the others in the decisions, and import '
                "again"
                if elsewhere
                else suggest(column, names)
            )
            raise DataError(
                f'{key} of the challenge: the first table, "{package.table.name}", has no column "{column}".{advice}'
            )


def known_by(column: Column, package: DataPackage, when: str) -> bool:
    """Return whether a column's value is known by the moment of prediction; what nobody confirmed is not."""
    return bool(column.available) and package.position(column.available) <= package.position(when)


def find_unknown(task: Task, package: DataPackage) -> tuple[list[str], list[str]]:
    """Return which columns of the first table teams get of the hold-out as features, and which they do not."""
    when, table = moment(task, package), package.table
    rest = [c for c in table.columns if c.role not in ("identifier", "outcome") and c.name != table.person]
    rest = [c for c in rest if c.name not in (*task.unit, task.outcome)]
    known = [c.name for c in rest if known_by(c, package, when)]
    return known, [c.name for c in rest if c.name not in known]


def _check_known(task: Task, package: DataPackage) -> None:
    """Raise when nothing of the first table is known by the prediction: teams would get a hold-out without features."""
    when, table = moment(task, package), package.table
    if not find_unknown(task, package)[0]:
        raise DataError(
            f'no column of the first table, "{table.name}", is known by "{when}", so teams would get a hold-out '
            f'without features. Write available = "{when}", or an earlier moment, in the decisions for each column '
            "that is known by then, and import again"
        )


def _check_days(task: Task, first: Table) -> None:
    """Raise unless the days that are added to the time zero are whole numbers that are known by then."""
    name = task.time_zero_plus_days
    if not name:
        return
    if not task.time_zero:
        raise DataError(
            f'time_zero_plus_days of the challenge: "{name}" is added to a time. Name it: time_zero = "TABLE.COLUMN"'
        )
    whole = [c.name for c in first.columns if c.type == "integer" and c.role != "outcome"]
    if name not in whole:
        raise DataError(
            f'time_zero_plus_days of the challenge: table "{first.name}" has no column of whole numbers '
            f'"{name}".{suggest(name, whole)}'
        )


def find_time_zero(task: Task, package: DataPackage) -> tuple[Table, Column]:
    """Return the table and the column of the time zero: ``column`` of the first table, or ``table.column``."""
    table_name, _, name = task.time_zero.rpartition(".")
    times = {
        f"{t.name}.{c.name}" if t is not package.table else c.name: (t, c)
        for t in package.tables
        for c in t.columns
        if c.type == "datetime"
    }
    asked = name if table_name == package.table.name else task.time_zero
    if asked not in times:
        raise DataError(f'time_zero of the challenge: "{task.time_zero}" is no column of times.{suggest(asked, times)}')
    return times[asked]


def moment(task: Task, package: DataPackage) -> str:
    """Return the event of the timeline at which the prediction is made."""
    when = task.predict_at or package.prediction_time
    if not when:
        raise DataError(
            f'Dataset "{package.name}" names no time of prediction. '
            f"Add predict_at to the challenge's section.{suggest('', package.timeline)}"
        )
    return when
