"""The plan as a TOML file that explains itself; an unknown key is an error that names the nearest."""

from __future__ import annotations

import json
import tomllib
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

from rounds.custody.privacy.plan.plan import ACTIONS, ERAS, ColumnStep, Plan, Statement
from rounds.data.package import ROLES
from rounds.errors import Command, DataError, suggest
from rounds.event.numbers import LOWEST_K, USUAL_K


def load_plan(path: Path) -> Plan:
    """Read a plan file."""
    try:
        entry = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DataError(
            f"{path}: there is no such plan. Make a draft: ",
            Command("data", "deidentify", "NAME", "--draft", path, "--challenge", "CHALLENGE"),
        ) from None
    except (OSError, ValueError) as error:
        raise DataError(f"{path}: this plan cannot be read ({error}).") from error
    try:
        return parse_plan(entry)
    except DataError as error:
        raise DataError(f"{path}: {error}") from None


def parse_plan(entry: dict[str, Any]) -> Plan:
    """Return the plan of a TOML document; an unknown key is an error that names the nearest."""
    entry = dict(entry)
    steps = tuple(_parse_step(step) for step in entry.pop("column", []))
    statements = {key: _build(Statement, entry.pop(key), key) for key in ("override", "expert") if key in entry}
    _check_keys(entry, {f.name for f in fields(Plan)} - {"steps", "override", "expert"}, "the plan")
    plan = Plan(**_typed(Plan, entry, "the plan"), **statements, steps=steps)
    if plan.era not in ERAS:
        raise DataError(f'era = "{plan.era}" is not known. Write era = "3-years" or era = "".')
    if plan.without_person not in ("", "drop"):
        raise DataError(f'without_person = "{plan.without_person}" is not known. Write without_person = "drop".')
    if plan.era_weight <= 0:
        raise DataError(f"era_weight = {plan.era_weight} must be positive.")
    if not 0 <= plan.most_suppressed <= 0.5:
        raise DataError(f"most_suppressed = {plan.most_suppressed} must lie between 0 and 0.5.")
    return plan


def render_plan(plan: Plan) -> str:
    """Return the plan as the text of its file, with every action explained."""
    lines = ["# The plan of a de-identification. Change what is wrong, then: rounds data deidentify NAME --plan FILE"]
    lines += [f"#   {action}: {meaning}" for action, meaning in ACTIONS.items()]
    lines += [
        "# Columns with role quasi-identifier are banded or grouped until k holds, at the least loss. For these,",
        "#   weight = 3 makes its loss count three times, widths = [5, 10] gives the widths of its bands.",
        '# era tells the true time of a row: beside a shifted date "3-years" leaves three true days, era = "" all.',
        "#   Choose it with the expert.",
        '# unscored = "why" lets publish hold people out although no prediction can be scored against them.',
        '# without_person = "drop" takes rows out whose person is empty, and counts them in the report.',
        "# texts shows what a kept column of text holds, or a sample where different counts more: read them.",
        "#   A text that came later is not among them: then draft the plan anew, or write a reason.",
        "# lowest, highest and blank set impossible values missing. reason says why a column with a finding may stay.",
        "",
    ]
    lines += _render_fields(plan, ("steps", "override", "expert"))
    for title, note in (
        ("override", f"k from {LOWEST_K} to {USUAL_K - 1}: the custodian's written override"),
        ("expert", "Shifted dates: the expert's determination (never Safe Harbor)"),
    ):
        lines += ["", f"# {note}", f"[{title}]", *_render_fields(getattr(plan, title), ())]
    for step in plan.steps:
        lines += ["", *([f"# {step.why}"] if step.why else []), "[[column]]", *_render_fields(step, ("why",))]
    return "\n".join(lines) + "\n"


def _render_fields(thing: Any, left_out: tuple[str, ...]) -> list[str]:
    always = {"action", "k", "person", "linkage", "era", "era_from", "name", "date", "text", "table", "column"}
    return [
        f"{f.name} = {_render_value(getattr(thing, f.name))}"
        for f in fields(thing)
        if f.name not in left_out and (f.name in always or getattr(thing, f.name) != f.default)
    ]


def _render_value(value: Any) -> str:
    if isinstance(value, tuple):
        return "[" + ", ".join(_render_value(v) for v in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def _parse_step(entry: dict[str, Any]) -> ColumnStep:
    step: ColumnStep = _build(ColumnStep, entry, f'the column "{entry.get("column", "?")}"')
    if step.action not in ACTIONS:
        raise DataError(f'{step.where}: the action "{step.action}" is not known.{suggest(step.action, ACTIONS)}')
    if step.role and step.role not in ROLES:
        raise DataError(f'{step.where}: the role "{step.role}" is not known.{suggest(step.role, ROLES)}')
    if step.characters < 0 or step.weight <= 0 or any(width <= 0 for width in step.widths):
        raise DataError(f"{step.where}: characters, weight and widths must be positive.")
    return step


def _build(kind: Any, entry: Any, where: str) -> Any:
    if not isinstance(entry, dict):
        raise DataError(f"{where}: a table of keys is expected.")
    _check_keys(entry, {f.name for f in fields(kind)}, where)
    lacking = [f.name for f in fields(kind) if f.name in ("table", "column") and f.name not in entry]
    if lacking:
        raise DataError(f'{where} lacks the line {lacking[0]} = "...".')
    return kind(**_typed(kind, entry, where))


def _typed(kind: Any, entry: dict[str, Any], where: str) -> dict[str, Any]:
    """Return the entry with lists as tuples; raise when a value has the wrong type."""
    done = {}
    for f in fields(kind):
        if f.name not in entry:
            continue
        value = entry[f.name]
        value = value.isoformat() if isinstance(value, date) else tuple(value) if isinstance(value, list) else value
        wanted: Any = {"str": str, "int": int, "float": (int, float), "float | None": (int, float)}.get(
            str(f.type), tuple
        )
        if not isinstance(value, wanted) or isinstance(value, bool):
            raise DataError(f"{where}: {f.name} = {value!r} has the wrong type ({f.type} is expected).")
        done[f.name] = value
    if kind is Plan and not {"dataset", "challenge"} <= done.keys():
        raise DataError('the plan lacks the lines dataset = "..." and challenge = "...".')
    return done


def _check_keys(entry: dict[str, Any], known: set[str], where: str) -> None:
    for key in entry:
        if key not in known:
            raise DataError(f'{where}: the key "{key}" is not known.{suggest(key, known)}')
