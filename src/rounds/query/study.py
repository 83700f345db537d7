"""A study: unit of analysis, time zero, inclusion steps, features known by then, and the outcome.

Every call returns a new study.  The order of the calls is the order of the reading: who, when, what, what then.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from rounds.data.tables import Tables
from rounds.errors import DataError
from rounds.explore.cohort import Box, build_boxes
from rounds.explore.disclosure import Disclosure
from rounds.query.column import bind, find_column
from rounds.query.events import BEFORE, Events, Measure
from rounds.query.outcome import Outcome, add_outcome
from rounds.query.tables import open_tables
from rounds.query.unit import Unit, add_zero, build_unit

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pandas as pd
    import pyarrow as pa

HOURS = 60
ZERO = "time_zero"


@dataclass(frozen=True, repr=False)
class Study:
    """Rows that a question is about, and what each of them gets.

    Examples
    --------
    >>> stays = (
    ...     Study.of(rounds.data.load("covid"))
    ...     .unit("stay")
    ...     .index("24 hours after admission", "admit_ts", hours=24)
    ...     .include("Adults", _.age >= 18)
    ...     .columns("person_id", "site", "age", "sex")
    ...     .feature("crp", lab("crp").first())
    ...     .feature("spo2", vital("spo2").lowest(hours=6))
    ...     .outcome("died", "death_ts", days=28, since="admit_ts")
    ... )  # doctest: +SKIP
    >>> stays.flow()  # doctest: +SKIP
    >>> stays.frame()  # doctest: +SKIP
    """

    tables: Tables
    subject: Unit | None = None
    zero: str = ""
    boxes: tuple[tuple[str, Any], ...] = ()
    shown: tuple[str, ...] = ()
    measures: tuple[tuple[str, Measure], ...] = ()
    after: tuple[tuple[str, Any], ...] = ()
    folded: int = 0

    @classmethod
    def of(cls, source: Any) -> Study:
        """Begin with a dataset, an Ibis connection that holds its tables, or Ibis tables by name."""
        return cls(open_tables(source))

    def unit(self, unit: str | Unit) -> Study:
        """Say what one row is: "stay", "admission", "day", "birth", or a ``Unit`` of your own."""
        subject = build_unit(unit, self.tables) if isinstance(unit, str) else unit
        return replace(self, subject=subject, boxes=((f"All: one row for each {subject.name}", subject.rows),))

    def include(self, label: str, condition: Any) -> Study:
        """Keep the units that satisfy a condition, such as ``_.age >= 18``; ``flow`` counts them.

        Features that were added before are columns here too: ``.include("CRP known", _.crp.notnull())``.
        """
        unit, rows = self.current(), self._rows()
        rows = rows.filter(bind(rows, condition))
        boxes = (*self.boxes, (label, rows))
        return replace(self, subject=unit.with_rows(rows), boxes=boxes, folded=len(self.measures))

    def index(self, label: str, anchor: Any, hours: float = 0, days: float = 0) -> Study:
        """Set time zero: a column or an expression of the unit, and so much later. What is known by then counts."""
        unit = self.current()
        rows = add_zero(unit.rows, bind(unit.rows, anchor), int(hours * HOURS + days * 24 * HOURS))
        return replace(self, subject=unit.with_rows(rows), zero=label)

    def columns(self, *names: str, **expressions: Any) -> Study:
        """Show columns of the unit, and new ones made from them."""
        unit = self.current()
        for name in names:
            find_column(unit.rows, name)
        made = {name: bind(unit.rows, what) for name, what in expressions.items()}
        rows = unit.rows.mutate(**made) if made else unit.rows
        return replace(self, subject=unit.with_rows(rows), shown=self._new(*names, *expressions))

    def feature(self, name: str, measure: Measure) -> Study:
        """Add a value that was known before time zero; one that looks further is refused."""
        measure = _check(name, measure)
        if measure.window.side != BEFORE:
            raise DataError(
                f'feature("{name}") looks past time zero. A model may not know it: write .later("{name}", ...), '
                f"and use it as an outcome or to show a leak."
            )
        return self._measured(name, measure)

    def later(self, name: str, measure: Measure) -> Study:
        """Add a value that is known after time zero: for outcomes and for lessons on leaks, never for a model."""
        return self._measured(name, _check(name, measure))

    def outcome(
        self,
        name: str,
        event: Any,
        days: float = 0,
        hours: float = 0,
        since: Any = ZERO,
        competing: dict[str, Any] | None = None,
        observed_until: Any = None,
        at_risk: Any = None,
    ) -> Study:
        """Add whether an event happens within a horizon, and which status the unit has then.

        Parameters
        ----------
        name
            The column; ``<name>_status`` beside it says which event it was.
        event
            The event's time: a column of the study, or an expression.
        days, hours
            The horizon, counted from ``since`` (time zero without one).
        competing
            Times of the events that end the watch, by their names: death, discharge.
        observed_until
            The end of the record, a time or a column; a horizon beyond it is unknown, not "no".
        at_risk
            A condition; units that do not satisfy it get no outcome.
        """
        minutes = int(hours * HOURS + days * 24 * HOURS)
        if minutes <= 0:
            raise DataError(f'outcome("{name}") needs a horizon: write days=30 or hours=48.')
        added = Outcome(name, event, minutes, since, competing or {}, observed_until, at_risk)
        return replace(self, after=(*self.after, (name, added)), shown=self._new(name, added.status))

    def derive(self, name: str, expression: Any) -> Study:
        """Add a column made from columns that the study has by now, features among them."""
        return replace(self, after=(*self.after, (name, expression)), shown=self._new(name))

    def table(self) -> ir.Table:
        """Return the study as an Ibis table: one row for each unit, in a fixed order."""
        unit, rows = self.current(), self._rows()
        for name, what in self.after:
            rows = add_outcome(rows, what) if isinstance(what, Outcome) else rows.mutate(**{name: bind(rows, what)})
        order = [rows[name] for name in unit.order or unit.keys]
        return rows.order_by(order).select(*(self.shown or rows.columns))

    def arrow(self) -> pa.Table:
        """Run the study and return its rows as Arrow."""
        return self.table().to_pyarrow()

    def frame(self) -> pd.DataFrame:
        """Run the study and return its rows as pandas."""
        frame: pd.DataFrame = self.arrow().to_pandas()
        return frame

    def flow(self, disclosure: Disclosure | None = None) -> list[Box]:
        """Count units and persons after each inclusion step."""
        person = self.current().person
        counts: list[tuple[int, int | None]] = []
        for _, rows in self.boxes:
            found = rows.aggregate(rows=rows.count(), persons=rows[person].nunique()).to_pyarrow().to_pylist()[0]
            counts.append((int(found["rows"]), int(found["persons"])))
        return build_boxes([label for label, _ in self.boxes], counts, disclosure or Disclosure())

    def quality(self) -> pd.DataFrame:
        """Count for each feature of a test or sign how many values were used, and how many were not, and why."""
        import pandas as pd

        from rounds.query.quality import VERDICTS, count_verdicts

        unit = self.current()
        counted = count_verdicts(unit.rows, unit.keys, unit.many, self.tables, dict(self.measures))
        if counted is None:
            return pd.DataFrame(columns=list(VERDICTS))
        found = counted.to_pyarrow().to_pandas()
        wide = found.pivot_table(index="feature", columns="verdict", values="rows", fill_value=0, aggfunc="sum")
        names = [name for name, _ in self.measures if name in wide.index]
        table: pd.DataFrame = wide.reindex(index=names, columns=list(VERDICTS), fill_value=0).astype("int64")
        return table

    def sql(self, dialect: str = "duckdb") -> str:
        """Return the SQL of the study in the dialect of a backend ("pyspark", "trino", "bigquery" ...)."""
        import ibis

        return str(ibis.to_sql(self.table(), dialect=dialect))

    def __repr__(self) -> str:
        """Say what the study is, without reading a row."""
        unit = self.subject.name if self.subject else "not chosen"
        steps = ", then ".join(label for label, _ in self.boxes[1:]) or "none"
        return (
            f"Study of {self.tables.where}\n  one row for each: {unit}\n  time zero: {self.zero or 'not set'}\n"
            f"  steps: {steps}\n  columns: {', '.join(self.shown) or 'those of the unit'}"
        )

    def current(self) -> Unit:
        """Return the unit of analysis with the rows that are left by now."""
        if self.subject is None:
            raise DataError('A study needs a unit of analysis first: write .unit("stay").')
        return self.subject

    def _rows(self) -> ir.Table:
        """Return the rows of the unit with all features of the study by now."""
        from rounds.query.gather import add_measures

        unit, measures = self.current(), self.measures[self.folded :]
        if measures and ZERO not in unit.rows.columns:
            raise DataError('A study with features needs a time zero: write .index("label", "column").')
        return add_measures(unit.rows, unit.keys, unit.many, self.tables, dict(measures))

    def _measured(self, name: str, measure: Measure) -> Study:
        rows = self.current().rows
        window = measure.window
        for column in (measure.events.link[0], window.since, window.until):
            if column is not None:
                find_column(rows, column)
        return replace(self, measures=(*self.measures, (name, measure)), shown=self._new(name))

    def _new(self, *names: str) -> tuple[str, ...]:
        for name in names:
            if name in self.shown or names.count(name) > 1:
                raise DataError(f'The study has a column "{name}" already. Give the new one another name.')
        return (*self.shown, *names)


def _check(name: str, measure: Any) -> Measure:
    if isinstance(measure, Events):
        raise DataError(
            f'"{name}" names rows, not one value. Say which: {measure.source}("{measure.name}").last(hours=24), '
            f".first(), .highest(), .lowest(), .count() or .any()."
        )
    if not isinstance(measure, Measure):
        raise DataError(f'"{name}" needs a selector and a choice, such as lab("crp").last(hours=24).')
    return measure
