"""Join units with the rows of their windows, and take one value for each unit.

Measures of the same table and link share one join.  Rows are reduced twice: to one value for each moment, then to one
for each unit.  So two rows of one moment give the same value on every backend, in whatever order it reads them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import ibis

from rounds.data.tables import Tables
from rounds.query.clock import DAY_S, day_number, later
from rounds.query.events import AFTER, BEFORE, Events, Measure, Window

if TYPE_CHECKING:
    import ibis.expr.types as ir

ZERO = "time_zero"
LONGEST_BUCKETED_DAYS = 7
OF_MOMENT = {"lowest": "min", "count": "sum", "any": "sum"}
PLAIN = {"highest": "max", "lowest": "min", "count": "sum", "first_time": "min", "last_time": "max"}


def add_measures(
    units: ir.Table, keys: tuple[str, ...], many: bool, tables: Tables, measures: dict[str, Measure]
) -> ir.Table:
    """Return the units with one column more for each measure; ``many`` says that a contact has several units."""
    joined = units
    for names in _share(measures, many):
        chosen = {name: measures[name] for name in names}
        found = _reduce(match(units, keys, many, tables, chosen), keys, chosen)
        left = {f"_key_{key}": key for key in keys}
        found = found.rename(left)
        joined = joined.left_join(found, [joined[key] == found[f"_key_{key}"] for key in keys]).drop(*left)
    empty = {name: {"any": False, "count": 0}[m.how] for name, m in measures.items() if m.how in ("any", "count")}
    return joined.mutate(**{name: joined[name].fill_null(value) for name, value in empty.items()})


def match(
    units: ir.Table,
    keys: tuple[str, ...],
    many: bool,
    tables: Tables,
    measures: dict[str, Measure],
    judge: bool = False,
) -> ir.Table:
    """Return a row for each unit and event, with a truth value for each measure that it counts for.

    With ``judge`` the rows stay that a verdict or the time of the result keeps out, with both as columns.
    """
    first = next(iter(measures.values()))
    rows = _rows(first.events, tables, measures, judge)
    wanted = {*keys, ZERO, *_anchors(measures)}
    left = units.select(**{f"_unit_{name}": units[name] for name in sorted(wanted)}, _link=units[first.events.link[0]])
    rows = rows.rename(_link_of_row="_link")
    conditions = [left._link == rows._link_of_row]
    if _bucketed(measures.values(), many):
        left = _spread(left, measures.values())
        rows = rows.mutate(_day_of_row=day_number(rows._happened))
        conditions = [left._link == rows._link_of_row, left._bucket == rows._day_of_row]
    both = left.inner_join(rows, conditions)
    inside = {f"_in_{name}": both[f"_is_{name}"] & _inside(both, m.window, judge) for name, m in measures.items()}
    both = both.mutate(**inside)
    return both.filter(ibis.or_(*[both[name] for name in inside]))


def _share(measures: dict[str, Measure], many: bool) -> list[list[str]]:
    """Return the names of measures that one join can serve."""
    shared: dict[Any, list[str]] = {}
    for name, measure in measures.items():
        events = measure.events
        source = events.source if isinstance(events.source, str) else events.source.op()
        key = (source, events.link, events.happened, events.known, events.ended, _bucketed([measure], many))
        shared.setdefault(key, []).append(name)
    return list(shared.values())


def _rows(events: Events, tables: Tables, measures: dict[str, Measure], judge: bool) -> ir.Table:
    """Return the events that any measure keeps, with one value column and one truth value for each measure."""
    table = events.table(tables)
    columns: dict[str, Any] = {
        "_link": table[events.link[1]],
        "_happened": table[events.happened],
        "_known": table[events.known],
        "_ended": table[events.ended] if events.ended else table[events.happened],
    }
    for name, m in measures.items():
        keep = ibis.literal(True) if m.events.keep is None else m.events.keep(table)
        value = m.events.value(table)
        columns[f"_value_{name}"] = value
        columns[f"_is_{name}"] = keep if judge else keep & value.notnull()
        if judge and m.events.verdict is not None:
            columns[f"_verdict_{name}"] = m.events.verdict(table)
    rows = table.select(**columns)
    return rows.filter(ibis.or_(*[rows[f"_is_{name}"] for name in measures]))


def _inside(both: ir.Table, window: Window, judge: bool) -> Any:
    """Tell for each pair whether the event lies in the window, and was known by time zero where it must be."""
    happened, ended, zero = both._happened, both._ended, both[f"_unit_{ZERO}"]
    inside = happened.notnull()
    if window.side == BEFORE:
        end = later(zero, window.late)
        inside = inside & (happened < end)
        inside = inside if judge else inside & (both._known < end)
    if window.side == AFTER:
        inside = inside & (happened > zero)
    if window.minutes is not None:
        edge = later(zero, window.minutes if window.side == AFTER else -window.minutes)
        inside = inside & (happened < edge if window.side == AFTER else ended.isnull() | (ended >= edge))
    if window.since is not None:
        inside = inside & (ended.isnull() | (ended >= both[f"_unit_{window.since}"]))
    if window.until is not None:
        until = both[f"_unit_{window.until}"]
        inside = inside & (until.isnull() | (happened < until))
    return inside.fill_null(False)


def _reduce(both: ir.Table, keys: tuple[str, ...], measures: dict[str, Measure]) -> ir.Table:
    """Return one row for each unit that has an event in a window."""
    by = [f"_unit_{key}" for key in keys]
    moments = both.group_by([*by, "_happened"]).aggregate(
        **{name: _of_moment(both, name, m.how) for name, m in measures.items()}
    )
    units = moments.group_by(by).aggregate(**{name: _of_unit(moments, name, m.how) for name, m in measures.items()})
    return units.rename({key: f"_unit_{key}" for key in keys})


def _of_moment(both: ir.Table, name: str, how: str) -> Any:
    inside = both[f"_in_{name}"]
    if how in ("first_time", "last_time"):
        return both._happened.max(where=inside)
    if OF_MOMENT.get(how) == "sum":
        return inside.cast("int64").sum()
    value = both[f"_value_{name}"]
    return value.min(where=inside) if how == "lowest" else value.max(where=inside)


def _of_unit(moments: ir.Table, name: str, how: str) -> Any:
    value = moments[name]
    if how in PLAIN:
        return getattr(value, PLAIN[how])()
    if how == "any":
        return value.sum() > 0
    pick = value.argmin if how == "first" else value.argmax
    return pick(moments._happened, where=value.notnull())


def _anchors(measures: dict[str, Measure]) -> set[str]:
    return {name for m in measures.values() for name in (m.window.since, m.window.until) if name is not None}


def _bucketed(measures: Iterable[Measure], many: bool) -> bool:
    """Tell whether to join by calendar day too: a contact with many units has too many pairs otherwise."""
    most = LONGEST_BUCKETED_DAYS * DAY_S // 60
    return many and all(
        m.events.ended is None
        and m.window.side == BEFORE
        and m.window.late == 0
        and 0 < (m.window.minutes or 0) <= most
        for m in measures
    )


def _spread(left: ir.Table, measures: Iterable[Measure]) -> ir.Table:
    """Return each unit once for each calendar day that its windows touch."""
    days = max(-(-(m.window.minutes or 0) * 60 // DAY_S) for m in measures)
    today = day_number(left[f"_unit_{ZERO}"])
    return ibis.union(*[left.mutate(_bucket=today - back) for back in range(days + 1)], distinct=False)
