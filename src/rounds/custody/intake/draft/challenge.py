"""What a challenge asks of a table, and what would keep predictions on it from being scored: told at import."""

from __future__ import annotations

import json
from collections.abc import Sequence
from difflib import get_close_matches

from rounds.custody.intake.inspection import Inspected
from rounds.custody.intake.omop import LATER, START
from rounds.data.package import DataPackage
from rounds.event import Challenge


def say_unnamed(found: Sequence[Inspected], challenge: Challenge | None) -> list[str]:
    """Return a sentence for each name of the challenge that the tables do not have: outcome, unit, time zero."""
    if challenge is None:
        return []
    columns = [name for each in found for name in _names(each)]
    said = []
    if (outcome := challenge.outcome) and outcome not in columns:
        said.append(
            f'the challenge predicts "{outcome}", and no column has this name.{_meant(outcome, columns)} Write '
            f'name = "{outcome}" and role = "outcome" for the column that holds it'
        )
    first, file = _names(found[0]), found[0].source.reading.source
    said += [
        f'a row of the challenge is named by "{name}" (unit), and the first table, {file}, has no '
        f'column of this name.{_meant(name, first)} Write name = "{name}" for the column that holds it'
        for name in challenge.unit
        if name not in first
    ]
    return [*said, *_say_time_zero(found, challenge)]


def say_line(challenge: Challenge, package: DataPackage) -> str:
    """Return the line of the decisions that makes predictions on a dataset nearer to being scored."""
    first = package.table.names()
    for name in (challenge.outcome, *challenge.unit):
        if name not in first:
            role = ' and role = "outcome"' if name == challenge.outcome else ""
            return f'name = "{name}"{role} under the [[column]] of the first table that holds it'
    when = challenge.predict_at or package.prediction_time
    if not when:
        return 'timeline = ["start", "MOMENT", "later"] and prediction_time = "MOMENT" under [table]'
    if when not in package.timeline:
        moments = list(package.timeline) or [START, LATER]
        there = [*moments[:-1], when, moments[-1]] if len(moments) > 1 else [*moments, when]
        listed = json.dumps(list(dict.fromkeys(there)), ensure_ascii=False)
        return f"timeline = {listed}, in the order of time, under [table]"
    if challenge.time_zero and not _has_time_zero(challenge, package):
        return f'name = "{challenge.time_zero.rpartition(".")[2]}" under the [[column]] of the times, type = "datetime"'
    return f'available = "{when}", or an earlier moment, under each [[column]] that is known by then'


def _has_time_zero(challenge: Challenge, package: DataPackage) -> bool:
    table, _, column = challenge.time_zero.rpartition(".")
    asked = [t for t in package.tables if t.name == table] if table else [package.table]
    return any(c.name == column and c.type == "datetime" for t in asked for c in t.columns)


def _say_time_zero(found: Sequence[Inspected], challenge: Challenge) -> list[str]:
    table, _, column = challenge.time_zero.rpartition(".")
    if not column:
        return []
    several = bool(table) and len(found) > 1
    asked = [each for each in found if each.source.reading.table.lower() == table] if several else found[:1]
    times = [name for each in asked for name in _names(each, "datetime")]
    if column in times:
        return []
    where = f"the table {table}" if several else "the first table"
    return [
        f'the challenge counts from "{challenge.time_zero}" (time_zero), and {where} has no column of times of this '
        f'name.{_meant(column, times)} Write name = "{column}" for the column that holds it, or change time_zero in '
        "the event file"
    ]


def _names(each: Inspected, kind: str = "") -> list[str]:
    """Return the names that the columns of a table will have."""
    decisions = {name: proposal.decision for name, proposal in each.proposals.items()}
    return [decision.name or name for name, decision in decisions.items() if kind in ("", decision.type)]


def _meant(name: str, names: Sequence[str]) -> str:
    near = get_close_matches(name, names, n=1)
    return f" Is it {near[0]}?" if near else ""
