"""What may be chosen in the query builder, and the SQL that Python writes for it.

Every word of SQL stands in this file.  What comes from a browser is compared with the lists here and is never put into
a query.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

KEYS = ("from", "where", "join", "keep", "group")


@dataclass(frozen=True)
class Option:
    """One thing to choose: its id, what is shown of it, and its SQL."""

    id: str
    label: str
    sql: str


@dataclass(frozen=True)
class JoinOption(Option):
    """A table to join, under the condition `sql`; `key` is NULL where there was no match, `counts` is what a row is."""

    table: str = ""
    key: str = ""
    counts: str = ""


@dataclass(frozen=True)
class Start:
    """A table to begin with: what one row of it is, its key, whose row it is, and what may be chosen with it."""

    table: str
    row: str
    key: str
    person: str
    where: tuple[Option, ...]
    joins: tuple[JoinOption, ...]
    groups: tuple[Option, ...]


@dataclass(frozen=True)
class Choices:
    """What is chosen, all of it from the lists."""

    start: Start
    where: tuple[Option, ...] = ()
    join: JoinOption | None = None
    keep: bool = False
    group: Option | None = None

    def text(self) -> str:
        """Return the choices as the text that a lesson keeps."""
        return json.dumps(
            {
                "from": self.start.table.split()[0],
                "where": [option.id for option in self.where],
                "join": self.join.id if self.join else "",
                "keep": self.keep,
                "group": self.group.id if self.group else "",
            }
        )


@dataclass(frozen=True)
class Step:
    """A part of the query whose rows are counted; `sql` is all of the query up to it, from FROM on."""

    name: str
    sql: str
    words: str = field(default="")


STARTS = {
    "encounter": Start(
        table="encounter e",
        row="stay or visit",
        key="e.encounter_id",
        person="e.person_id",
        where=(
            Option("inpatient", "only stays in hospital", "e.class = 'inpatient'"),
            Option("unplanned", "only what was not planned", "NOT e.planned"),
            Option("not_moved", "not moved here from another stay", "e.transfer_from IS NULL"),
            Option("still_in", "still in hospital: no end yet", "e.disch_ts IS NULL"),
        ),
        joins=(
            JoinOption(
                "creatinine",
                "lab: the creatinine results of each",
                "l.encounter_id = e.encounter_id\n  AND l.loinc = '2160-0'",
                table="lab l",
                key="l.encounter_id",
                counts="creatinine results",
            ),
            JoinOption(
                "codes",
                "diagnosis: all codes of each",
                "d.encounter_id = e.encounter_id",
                table="diagnosis d",
                key="d.encounter_id",
                counts="diagnosis codes",
            ),
            JoinOption(
                "main_code",
                "diagnosis: the main code only",
                "d.encounter_id = e.encounter_id\n  AND d.rank = 1",
                table="diagnosis d",
                key="d.encounter_id",
                counts="diagnosis codes",
            ),
            JoinOption(
                "person",
                "person: whose it is",
                "p.person_id = e.person_id",
                table="person p",
                key="p.person_id",
                counts="persons",
            ),
        ),
        groups=(
            Option("person", "one row for each person", "e.person_id"),
            Option("contact", "one row for each stay or visit", "e.encounter_id"),
        ),
    ),
    "person": Start(
        table="person p",
        row="person",
        key="p.person_id",
        person="p.person_id",
        where=(
            Option("women", "only women", "p.sex = 'female'"),
            Option("old", "only those born before 1940", "p.birth_year < 1940"),
        ),
        joins=(
            JoinOption(
                "contacts",
                "encounter: all stays and visits",
                "e.person_id = p.person_id",
                table="encounter e",
                key="e.person_id",
                counts="stays and visits",
            ),
            JoinOption(
                "death",
                "death: who has died",
                "x.person_id = p.person_id",
                table="death x",
                key="x.person_id",
                counts="deaths",
            ),
        ),
        groups=(Option("person", "one row for each person", "p.person_id"),),
    ),
}
Found = TypeVar("Found", bound=Option)
BEGIN = Choices(STARTS["encounter"], (STARTS["encounter"].where[0],))
NEEDS = {  # the columns that the SQL above names
    "person": ("person_id", "sex", "birth_year"),
    "encounter": ("encounter_id", "person_id", "class", "planned", "transfer_from", "disch_ts"),
    "lab": ("encounter_id", "loinc"),
    "diagnosis": ("encounter_id", "rank"),
    "death": ("person_id",),
}

ONLY = {"lab": "WHERE loinc = '2160-0'"}  # the rows that any choice can reach


def read_choices(text: str) -> Choices:
    """Return the choices of a text; whatever is no id of the lists is refused.

    Raises
    ------
    ValueError
        With one sentence that names the key.
    """
    said = _read_object(text)
    start = STARTS.get(said["from"]) if isinstance(said["from"], str) else None
    if start is None:
        raise ValueError(f'"from" is one of {", ".join(STARTS)}.')
    if not isinstance(said["where"], list) or not isinstance(said["keep"], bool):
        raise ValueError('"where" is a list, and "keep" is true or false.')
    wanted = [_find("where", one, start.where) for one in said["where"]]
    where = tuple(option for option in start.where if option in wanted)
    join = _find("join", said["join"], start.joins) if said["join"] != "" else None
    group = _find("group", said["group"], start.groups) if said["group"] != "" else None
    return Choices(start, where, join, said["keep"] and join is not None, group)


def _read_object(text: str) -> Mapping[str, Any]:
    try:
        said = json.loads(text)
    except ValueError:
        said = None
    if not isinstance(said, dict) or set(said) != set(KEYS):
        raise ValueError(f"choices are a text with {', '.join(KEYS)}.")
    return said


def _find(key: str, given: object, options: tuple[Found, ...]) -> Found:
    found = next((option for option in options if option.id == given), None)
    if found is None:
        raise ValueError(f'"{key}" is one of {", ".join(option.id for option in options)}.')
    return found


def list_steps(chosen: Choices) -> list[Step]:
    """Return the parts of the query, each with all SQL up to it."""
    start = chosen.start
    steps = [Step(f"FROM {start.table.split()[0]}", f"FROM {start.table}")]
    where = "\nWHERE " + "\n  AND ".join(option.sql for option in chosen.where) if chosen.where else ""
    if where:
        steps.append(Step("WHERE", f"FROM {start.table}{where}", ", ".join(option.label for option in chosen.where)))
    joined = f"FROM {start.table}"
    if chosen.join:
        kind = "LEFT JOIN" if chosen.keep else "JOIN"
        joined += f"\n{kind} {chosen.join.table}\n  ON {chosen.join.sql}"
        steps.append(Step(kind, joined + where, chosen.join.label))
    if chosen.group:
        steps.append(Step("GROUP BY", joined + where, chosen.group.label))
    return steps


def count_query(chosen: Choices, step: Step) -> str:
    """Return the SQL that counts the rows of a step: rows, persons, rows of the first table, rows without a match."""
    start = chosen.start
    unmatched = f"count(*) FILTER (WHERE {chosen.join.key} IS NULL)" if "JOIN" in step.sql and chosen.join else "0"
    rows = f"count(DISTINCT {chosen.group.sql})" if step.name == "GROUP BY" and chosen.group else "count(*)"
    return (
        f"SELECT {rows} AS n_rows, count(DISTINCT {start.person}) AS persons, "
        f"count(DISTINCT {start.key}) AS starts, {unmatched} AS unmatched {step.sql}"
    )


def shown_query(chosen: Choices) -> str:
    """Return the query as it is shown: two counts, or one count for each row of a group."""
    last = list_steps(chosen)[-1]
    if chosen.group is None:
        return f"SELECT COUNT(*) AS n_rows,\n  COUNT(DISTINCT {chosen.start.person}) AS persons\n{last.sql}"
    return f"SELECT {chosen.group.sql}, COUNT(*) AS n_rows\n{last.sql}\nGROUP BY {chosen.group.sql}"


def first_rows_query(chosen: Choices, most: int) -> str:
    """Return the SQL of the first rows of what is shown."""
    order = f"\nORDER BY {chosen.group.sql}" if chosen.group else ""
    return f"{shown_query(chosen)}{order}\nLIMIT {most:d}"


def take_query(table: str) -> str:
    """Return the SQL that takes of a table what the lists name."""
    return " ".join(("SELECT", ", ".join(NEEDS[table]), "FROM", table, ONLY.get(table, "")))
