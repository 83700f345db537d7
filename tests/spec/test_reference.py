"""Every key of the event file and every command is documented, and nothing else is."""

from __future__ import annotations

import re
from pathlib import Path

import typer
from tests.sections import SECTIONS

from rounds.cli.app import app
from rounds.event.people_file import COLUMNS


def keys_in(page: str) -> set[str]:
    return set(re.findall(r"(?m)^\| `([a-z_.]+)` \|", page))


def test_every_key_of_the_event_file_is_documented(root: Path) -> None:
    page = (root / "docs" / "reference" / "event-file.md").read_text(encoding="utf-8")
    keys = {f"{section}.{key}" for section, model in SECTIONS.items() for key in model.model_fields}
    assert keys_in(page) == keys | {f"people.{column}" for column in COLUMNS}


def commands(group: typer.core.TyperGroup, before: str = "") -> set[str]:
    found: set[str] = set()
    for name, command in group.commands.items():
        whole = f"{before} {name}".strip()
        found |= commands(command, whole) if isinstance(command, typer.core.TyperGroup) else {whole}
    return found


def test_every_command_is_documented(root: Path) -> None:
    page = (root / "docs" / "reference" / "commands.md").read_text(encoding="utf-8")
    group = typer.main.get_command(app)
    assert isinstance(group, typer.core.TyperGroup)
    assert set(re.findall(r"(?m)^## `rounds ([a-z -]+)`", page)) == commands(group)
