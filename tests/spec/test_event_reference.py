"""The reference pages say what the code does: defaults, needed columns, options, words, folders, layers."""

from __future__ import annotations

import re
import shlex
import tomllib
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
import typer
from pydantic.fields import FieldInfo
from tests.sections import SECTIONS

from rounds.cli.app import app
from rounds.event.people_file import COLUMNS, REQUIRED
from rounds.roles import Reach, Role
from rounds.store.folders import Folders

FIELDS = [(section, key, field) for section, model in SECTIONS.items() for key, field in model.model_fields.items()]
FENCE = re.compile(r"```\n(.*?)```", re.DOTALL)


def rows(page: Path) -> dict[str, list[str]]:
    """Return the cells behind the first one of every table row, by the first."""
    lines = [line for line in page.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in lines]
    return {first.strip("`"): rest for first, *rest in cells}


def as_toml(value: Any) -> str:
    """Return a default as it stands on the page."""
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, tuple):
        return "empty" if not value else f"`{list(value)}`"
    return f'`"{value}"`' if isinstance(value, str) else f"`{value:g}`"


@pytest.mark.parametrize(("section", "key", "field"), FIELDS, ids=[f"{s}.{k}" for s, k, _ in FIELDS])
def test_the_default_on_the_page_is_the_models(section: str, key: str, field: FieldInfo, root: Path) -> None:
    kind = rows(root / "docs" / "reference" / "event-file.md")[f"{section}.{key}"][0]
    said = re.split(r"[,;] ", kind)[-1]
    assert said == ("required" if field.is_required() else as_toml(field.default))


@pytest.mark.parametrize("column", COLUMNS)
def test_the_page_says_which_columns_are_needed(column: str, root: Path) -> None:
    needed = rows(root / "docs" / "reference" / "event-file.md")[f"people.{column}"][0]
    assert needed == ("yes" if column in REQUIRED else "no")


def test_the_demo_shows_every_key(demo_event_file: Path) -> None:
    table = tomllib.loads(demo_event_file.read_text(encoding="utf-8"))
    shown = {s: set(part[0] if isinstance(part, list) else part) for s, part in table.items()}
    assert shown == {section: set(model.model_fields) for section, model in SECTIONS.items()}


def commands(group: typer.core.TyperGroup, before: str = "") -> dict[str, Any]:
    """Return every command by its whole name."""
    found: dict[str, Any] = {}
    for name, command in group.commands.items():
        whole = f"{before} {name}".strip()
        found |= commands(command, whole) if isinstance(command, typer.core.TyperGroup) else {whole: command}
    return found


def all_commands() -> dict[str, Any]:
    group = typer.main.get_command(app)
    assert isinstance(group, typer.core.TyperGroup)
    return commands(group)


@pytest.mark.parametrize("name", sorted(all_commands()))
def test_every_option_and_argument_is_documented(name: str, root: Path) -> None:
    page = (root / "docs" / "reference" / "commands.md").read_text(encoding="utf-8")
    part = page.split(f"## `rounds {name}`\n")[1].split("\n## ")[0]
    parameters = all_commands()[name].params
    options = {option for p in parameters if p.param_type_name == "option" for option in p.opts}
    assert set(re.findall(r"(?m)^- `(--[a-z-]+)`", part)) == options - {"--help"}
    arguments = {p.name.upper() for p in parameters if p.param_type_name == "argument"}
    assert arguments == set(re.findall(r"`([A-Z]{2,})(?:\.\.\.)?`", part))


def shown_commands(root: Path) -> list[str]:
    """Return every `rounds` command line that a page tells a reader to type."""
    pages = [root / "README.md", root / "CONTRIBUTING.md", *sorted((root / "docs").rglob("*.md"))]
    blocks = [block for page in pages for block in FENCE.findall(page.read_text(encoding="utf-8"))]
    lines = [line.strip() for block in blocks for line in block.splitlines()]
    return [line.removeprefix(".venv/bin/") for line in lines if line.startswith(".venv/bin/rounds ")]


def test_every_command_line_on_a_page_is_understood(root: Path) -> None:
    lines = shown_commands(root)
    assert len(lines) >= 12
    for line in lines:
        words = shlex.split(line, comments=True)[1:]
        name = next(name for name in all_commands() if words[: len(name.split())] == name.split())
        rest = words[len(name.split()) :]
        all_commands()[name].make_context(name, rest)


def test_every_word_has_one_meaning_and_stands_in_order(root: Path) -> None:
    text = (root / "docs" / "reference" / "words.md").read_text(encoding="utf-8")
    sections = [re.findall(r"(?m)^\| (?!word|---)([^|]+?) \|", part) for part in text.split("\n## ")[1:]]
    words = [word for section in sections for word in section]
    assert [section for section in sections if section != sorted(section)] == []
    assert len(words) == len(set(words))


def test_roles_and_packages_are_words(root: Path) -> None:
    words = rows(root / "docs" / "reference" / "words.md")
    packages = {p.stem for p in (root / "src" / "rounds").iterdir() if p.suffix != ".typed" and p.stem[0] != "_"}
    assert sorted(name for name in packages if not {name, name.removesuffix("s")} & set(words)) == []
    assert sorted(role.value for role in Role if role.value not in words) == []
    assert [reach.value for reach in Reach if reach.value not in words["reach"][0]] == []


def test_the_architecture_names_every_folder(root: Path) -> None:
    page = rows(root / "docs" / "explanation" / "architecture.md")
    places = {name for name in vars(Folders) if not name.startswith("_") and name != "root"}
    assert places == {name for name in page if name in places}
    folders = Folders(Path("/state"))
    for name in places:
        place = getattr(folders, name)
        lies = str(place("x") if callable(place) else place).removeprefix("sqlite:///").removeprefix("/state/")
        assert re.sub(r"<\w+>", "x", page[name][0].strip("`")).rstrip("/") == lies


def test_the_architecture_draws_the_layers_that_are_enforced(root: Path) -> None:
    contracts = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    layers = next(c["layers"] for c in contracts if c["type"] == "layers")
    built = [" | ".join(part for part in layer.split(" | ") if "(" not in part) for layer in layers]
    page = (root / "docs" / "explanation" / "architecture.md").read_text(encoding="utf-8")
    assert "\n".join(["```", *built, "```"]) in page
