"""The plan of a de-identification: a file in which a custodian sees and edits every decision.

`draft_plan` makes it, `plan_file` reads and writes it, `deidentify` applies it.  Nothing here looks at data.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from rounds.errors import DataError
from rounds.event.numbers import LOWEST_K, USUAL_K

ACTIONS = {
    "keep": "leave the values as they are",
    "drop": "leave the column out",
    "random-id": "replace each value by a random id that only this challenge uses",
    "shift": "shift the dates of each linkage group by its own multiple of 364 days",
    "since-first": "count days from the first event of the linkage group",
    "year": "keep the year alone, moved with the person's shifted dates where the plan shifts any",
    "birth-year": "keep the year of birth, moved with shifted dates, raised so that no age over 90 follows",
    "top-code": "set ages over 89 to 90",
    "prefix": "keep the first characters of a place's code",
    "redact": "blank what looks like an identifier inside the text",
}
ERAS = ("", "3-years")


@dataclass(frozen=True)
class Statement:
    """What a person stands for: who, when, and the text."""

    name: str = ""
    date: str = ""
    text: str = ""

    @property
    def is_made(self) -> bool:
        """Tell whether somebody made it: name, day and text are there."""
        return bool(self.name.strip() and self.text.strip() and _is_day(self.date))


NOT_MADE = Statement()


@dataclass(frozen=True)
class ColumnStep:
    """What becomes of one column."""

    table: str
    column: str
    action: str = "keep"
    role: str = ""
    why: str = ""
    reason: str = ""
    ids: str = ""
    texts: tuple[str, ...] = ()
    different: int = 0
    characters: int = 3
    lowest: float | None = None
    highest: float | None = None
    blank: tuple[float, ...] = ()
    widths: tuple[float, ...] = ()
    weight: float = 1.0

    @property
    def where(self) -> str:
        """Return the place as findings write it."""
        return f"{self.table}.{self.column}"


# Names of keys that every table may have for its own rows, so that the same name joins nothing
ANYBODYS = frozenset({"id", "uid", "uuid", "guid", "rownames", "row_id", "record_id"})


@dataclass(frozen=True)
class Plan:
    """Every decision of one de-identification."""

    dataset: str
    challenge: str
    k: int = USUAL_K
    person: str = ""
    linkage: tuple[str, ...] = ()
    era: str = ""
    era_from: str = ""
    era_weight: float = 1.0
    most_suppressed: float = 0.05
    unscored: str = ""
    without_person: str = ""
    steps: tuple[ColumnStep, ...] = ()
    override: Statement = NOT_MADE
    expert: Statement = NOT_MADE

    @property
    def needs_expert(self) -> bool:
        """Tell whether dates are shifted: only an expert's determination allows that."""
        return any(step.action == "shift" for step in self.steps)

    @property
    def lacks_expert(self) -> str:
        """Return what must be filled in before dates may be shifted, and why; empty where nothing is to be."""
        if not self.needs_expert or self.expert.is_made:
            return ""
        return (
            "Shifted dates need an expert's determination; they are never Safe Harbor. Fill in [expert] with "
            'name = "...", date = "2027-02-01" and text = "...", or choose the action year or since-first.'
        )

    def step(self, table: str, column: str) -> ColumnStep | None:
        """Return the decision about one column."""
        return next((s for s in self.steps if (s.table, s.column) == (table, column)), None)

    def with_step(self, table: str, column: str, **changed: Any) -> Plan:
        """Return the plan with one decision changed."""
        steps = tuple(replace(s, **changed) if (s.table, s.column) == (table, column) else s for s in self.steps)
        return replace(self, steps=steps)


def check_k(plan: Plan, policy_k: int) -> None:
    """Raise when the plan's k is below 5, or below the policy without the custodian's override."""
    if plan.k < LOWEST_K:
        raise DataError(f"k = {plan.k} is refused: below {LOWEST_K} no override helps. Write k = {policy_k}.")
    if lacks := lacks_override(plan, policy_k):
        raise DataError(lacks)


def lacks_override(plan: Plan, policy_k: int) -> str:
    """Return what must be filled in before this k may be held; empty where nothing is to be."""
    if (plan.k < USUAL_K or plan.k < policy_k) and not plan.override.is_made:
        return (
            f"k = {plan.k} needs the custodian's written override. Write k = {max(policy_k, USUAL_K)}, or fill in "
            '[override] with name = "...", date = "2027-02-01" and text = "why".'
        )
    return ""


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
