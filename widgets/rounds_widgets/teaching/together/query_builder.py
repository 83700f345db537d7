"""A query builder: choose a table, conditions, a join and a group; see the SQL, and the rows and persons of each step.

The browser sends ids of fixed lists (`query_choices`); Python writes the SQL, runs it read only, and sends counts and
at most three rows back.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from rounds.counted import counted
from rounds.data.sql_frames import Frames
from rounds.data.sql_session import SqlSession
from rounds.errors import DataError, suggest
from rounds_widgets.shared.view_files import load_script, load_style
from rounds_widgets.teaching.together.query_choices import (
    BEGIN,
    NEEDS,
    STARTS,
    Choices,
    Start,
    Step,
    count_query,
    first_rows_query,
    list_steps,
    read_choices,
    shown_query,
    take_query,
)

if TYPE_CHECKING:
    from rounds.data.dataset import Dataset

MOST_ROWS, WITHIN_S = 3, 10.0
MOST_TAKEN = 2_000_000  # rows of one table: ten times the largest of a cohort at lesson size
Counts = dict[str, int]


class QueryBuilder(anywidget.AnyWidget):
    """Let the learner build a query without writing it, after a guess of how many rows a join makes.

    Parameters
    ----------
    dataset
        A cohort with the tables person, encounter, lab, diagnosis and death.

    Examples
    --------
    >>> QueryBuilder(load("heart_failure"))                                         # doctest: +SKIP
    >>> builder.counts()                                                            # doctest: +SKIP
    [{'name': 'FROM encounter', 'rows': 25195, 'persons': 5000}, ...]
    """

    _esm = load_script(__file__)
    _css = load_style(__file__)

    prediction = traitlets.Float(None, allow_none=True, min=0).tag(sync=True)
    choices = traitlets.Unicode(BEGIN.text()).tag(sync=True)  # as JSON: a lesson keeps short texts and numbers only
    _offers = traitlets.Dict().tag(sync=True)
    _answer = traitlets.Dict().tag(sync=True)

    def __init__(self, dataset: Dataset | Frames, **traits: Any) -> None:
        _check_tables(dataset)
        session = SqlSession(_take_needed(dataset), row_limit=MOST_ROWS, time_limit_s=WITHIN_S)
        self._ask = cache(lambda sql: session.ask(sql).frame)
        super().__init__(_offers={name: _offer(start) for name, start in STARTS.items()}, **traits)
        self._answer_choices()
        self.observe(self._answer_choices, "choices")

    def counts(self) -> list[dict[str, Any]]:
        """Return the steps of the query, each with its number of rows and of persons."""
        return [{key: step[key] for key in ("name", "rows", "persons")} for step in self._answer["steps"]]

    @traitlets.validate("choices")
    def _are_from_the_lists(self, proposal: Any) -> str:
        try:
            return read_choices(proposal.value).text()
        except ValueError as error:
            raise traitlets.TraitError(f"QueryBuilder: {error}") from None

    def _answer_choices(self, _: object = None) -> None:
        chosen = read_choices(self.choices)
        counted_steps = [(step, self._count(chosen, step)) for step in list_steps(chosen)]
        columns, rows = self._first_rows(chosen, counted_steps[-1][1])
        self._answer = {
            "sql": shown_query(chosen),
            "steps": [_show_step(step, counts, chosen) for step, counts in counted_steps],
            "said": _say(chosen, counted_steps),
            "alarm": _has_fan_out(counted_steps),
            "most": self._most(chosen.start),
            "columns": columns,
            "rows": rows,
        }

    def _count(self, chosen: Choices, step: Step) -> Counts:
        row = self._ask(count_query(chosen, step)).iloc[0]
        return {name: int(row[name]) for name in ("n_rows", "persons", "starts", "unmatched")}

    def _first_rows(self, chosen: Choices, last: Counts) -> tuple[list[str], list[list[Any]]]:
        """Return the columns and first rows of what is shown; without a group the one row is counted already."""
        if chosen.group is None:
            return ["n_rows", "persons"], [[last["n_rows"], last["persons"]]]
        frame = self._ask(first_rows_query(chosen, MOST_ROWS))
        return [str(name) for name in frame.columns], [[key, int(n)] for key, n in frame.itertuples(index=False)]

    def _most(self, start: Start) -> int:
        """Return the most rows that a query which begins here can have: what the ribbon's full width stands for."""
        wide = (Choices(start, (), join, keep=True) for join in start.joins)
        return max(self._count(chosen, list_steps(chosen)[-1])["n_rows"] for chosen in wide)

    def __repr__(self) -> str:
        steps = "; ".join(
            f"{step['name']} {counted(step['rows'], 'row')} of {counted(step['persons'], 'person')}"
            for step in self._answer["steps"]
        )
        return f"Query builder: {steps}. {self._answer['said']}".rstrip()


def _check_tables(dataset: Dataset | Frames) -> None:
    """Raise where a table or a column is missing that the lists name."""
    known = dataset.columns()
    for table, columns in NEEDS.items():
        if table not in known:
            raise DataError(f'QueryBuilder: {dataset.name} has no table "{table}". Write: load("heart_failure")')
        for name in columns:
            if name not in known[table]:
                raise DataError(f'QueryBuilder: {table} has no column "{name}".{suggest(name, known[table])}')


def _take_needed(dataset: Dataset | Frames) -> Frames:
    """Return the columns and rows that the lists can ask for, in memory: there a choice takes a third of the time."""
    session = SqlSession(dataset, row_limit=MOST_TAKEN, time_limit_s=WITHIN_S)
    return Frames(dataset.name, {table: session.ask(take_query(table)).frame for table in NEEDS})


def _offer(start: Start) -> dict[str, Any]:
    """Return what may be chosen with a table: ids and labels, no SQL."""
    lists = {"where": start.where, "join": start.joins, "group": start.groups}
    return {"row": start.row} | {key: [[one.id, one.label] for one in options] for key, options in lists.items()}


def _show_step(step: Step, counts: Counts, chosen: Choices) -> dict[str, Any]:
    name = f"{step.name} {chosen.join.table.split()[0]}" if "JOIN" in step.name and chosen.join else step.name
    words = step.words.rpartition(": ")[2] if "JOIN" in step.name else step.words  # the name says the table already
    return {"name": name, "words": words, "rows": counts["n_rows"], "persons": counts["persons"]}


def _before_join(steps: list[tuple[Step, Counts]]) -> tuple[Counts, Counts] | None:
    """Return the counts before and after the join, None without one."""
    at = next((at for at, (step, _) in enumerate(steps) if "JOIN" in step.name), None)
    return None if at is None else (steps[at - 1][1], steps[at][1])


def _has_fan_out(steps: list[tuple[Step, Counts]]) -> bool:
    joined = _before_join(steps)
    return joined is not None and joined[1]["n_rows"] > joined[0]["n_rows"]


def _say(chosen: Choices, steps: list[tuple[Step, Counts]]) -> str:
    """Return what the join and the group did, in words; nothing without them."""
    said = []
    joined = _before_join(steps)
    if chosen.join and joined:
        said = _say_join(chosen, *joined)
    if chosen.group:
        said.append(f"GROUP BY makes {chosen.group.label}: {counted(steps[-1][1]['n_rows'], 'row')}.")
    return " ".join(said)


def _say_join(chosen: Choices, before: Counts, after: Counts) -> list[str]:
    said = []
    if after["n_rows"] > before["n_rows"]:
        each = after["n_rows"] / max(after["starts"], 1)
        said.append(
            f"Fan-out: the join made {after['n_rows']:,} rows of {before['n_rows']:,}, on average {each:.1f} for each "
            f"{chosen.start.row} in it."
        )
        said.append(f"COUNT(*) now counts {chosen.join.counts if chosen.join else 'rows'}, not people.")
    else:
        said.append(f"The join made no more rows: at most one match for each {chosen.start.row}.")
    if lost := before["persons"] - after["persons"]:
        said.append(f"{counted(lost, 'person')} went away with the rows that have no match.")
    else:
        said.append(f"Persons: {after['persons']:,}, as before the join.")
    return [*said, *_say_unmatched(chosen, before, after)]


def _say_unmatched(chosen: Choices, before: Counts, after: Counts) -> list[str]:
    lost = before["starts"] - after["starts"]
    if lost:
        return [f"{counted(lost, 'row')} of {before['n_rows']:,} had no match and {'is' if lost == 1 else 'are'} gone."]
    if after["unmatched"]:
        return [f"{counted(after['unmatched'], 'row')} had no match: the joined columns are NULL there, not 0."]
    return []
