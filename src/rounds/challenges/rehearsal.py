"""Look at a challenge's folder before a team opens it: its notebooks, its dataset, and what the brief says of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from rounds.challenges.brief import FILE, Brief
from rounds.challenges.folder import ChallengeFolder
from rounds.data.descriptor import read_package
from rounds.data.package import Table
from rounds.errors import DataError, suggest
from rounds.explore.steps import parse_step

START = "start.ipynb"


def find_challenge_problems(challenge: ChallengeFolder, brief: Brief) -> Iterator[str]:
    """Yield what is wrong with a challenge, each a sentence that begins with the file."""
    if not (challenge.path / START).is_file():
        yield f"{challenge.path / START}: is missing; it is a team's first notebook."
    for notebook in sorted(challenge.path.glob("*.ipynb")):
        yield from _find_broken(notebook)
    if challenge.dataset:
        package = read_package(challenge.dataset)
        yield from (
            f"{challenge.dataset / table.path}: is missing; datapackage.json names it."
            for table in package.tables
            if not (challenge.dataset / table.path).is_file()
        )
        yield from (f"{challenge.path / FILE}: {said}" for said in find_disagreements(brief, package.table))


def find_disagreements(brief: Brief, table: Table) -> Iterator[str]:
    """Yield each column that a brief names and its own table does not have, and each step that cannot be read."""
    names = table.names()
    asked = {"outcome": [brief.outcome], "unit": brief.unit, "alone": [brief.alone] if brief.alone else []}
    asked |= {"also": brief.also, "without": brief.without, "logs": brief.logs}
    for key, columns in asked.items():
        for column in columns:
            if column not in names:
                yield f'{key}: the table {table.name} has no column "{column}".{suggest(column, names)}'
    for step in brief.step:
        try:
            if step.condition:
                parse_step(step.condition, table)
        except DataError as error:
            yield f"step.condition: {error}"


def _find_broken(notebook: Path) -> Iterator[str]:
    try:
        content = json.loads(notebook.read_text(encoding="utf-8"))
    except ValueError as error:
        yield f"{notebook}: is no notebook ({error}). Save it in JupyterLab again."
        return
    if not isinstance(content, dict) or "cells" not in content:
        yield f"{notebook}: is no notebook: it has no cells. Save it in JupyterLab again."
