"""The repository about itself."""

from __future__ import annotations

import ast
import json
import re
import subprocess
from pathlib import Path

import pytest

FIXED = (
    "jupyterhub_config.py",
    "notebooks",
    "tutorials",
    "widgets",
    "labextension",
    "environment.yml",
    "docker",
    "tests",
    "README.md",
)
OTHER_HOST = re.compile(r"https?://(?!127\.0\.0\.1|localhost|www\.w3\.org/)[a-z0-9.-]+", re.IGNORECASE)


@pytest.fixture(scope="session")
def files(root: Path) -> list[Path]:
    """Return every file of the project."""
    listed = subprocess.check_output(["git", "ls-files", "-co", "--exclude-standard"], cwd=root, text=True)
    return [root / name for name in listed.splitlines() if (root / name).is_file()]


@pytest.mark.parametrize("name", FIXED)
def test_the_fixed_entries_are_there(root: Path, name: str) -> None:
    assert (root / name).exists()


def test_the_hub_is_configured_in_a_few_lines(root: Path) -> None:
    lines = (root / "jupyterhub_config.py").read_text(encoding="utf-8").splitlines()
    assert len([line for line in lines if line.strip() and not line.lstrip().startswith("#")]) < 20


def test_notebooks_hold_no_outputs(files: list[Path]) -> None:
    full = [
        path
        for path in files
        if path.suffix == ".ipynb"
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
        if cell.get("outputs") or cell.get("execution_count")
    ]
    assert full == []


def test_no_page_or_widget_names_another_host(files: list[Path], root: Path) -> None:
    kinds = {".html", ".js", ".css", ".j2", ".svg"}
    shown = [root / folder for folder in ("src", "widgets", "labextension")]
    ours = [p for p in files if p.suffix in kinds and any(p.is_relative_to(folder) for folder in shown)]
    found = {
        path.name: OTHER_HOST.findall(path.read_text(encoding="utf-8"))
        for path in ours
        if path.name != "htmx.min.js" and OTHER_HOST.search(path.read_text(encoding="utf-8"))
    }
    assert ours
    assert found == {}


def test_the_makefile_has_at_most_twelve_targets_and_help_lists_them(root: Path) -> None:
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"(?m)^\.PHONY: (.+)$", makefile)[0].split())
    said = {
        line.split()[0] for line in subprocess.check_output(["make", "-s", "help"], cwd=root, text=True).splitlines()
    }
    assert len(targets) <= 12
    assert said == targets


def test_ci_checks_and_then_tests(root: Path) -> None:
    lines = (root / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert lines[-2:] == ["make check", "make test"]
    assert "set -euo pipefail" in lines


def test_the_check_is_made_of_four_tools_and_brings_them(root: Path) -> None:
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    recipe = re.findall(r"(?m)^check: env .*\n((?:\t.*\n)+)", makefile)[0]
    assert "pip install -q -e '.[test]'" in recipe
    for tool in ("ruff check .", "ruff format --check src widgets tests", "mypy", "lint-imports"):
        assert f"$(BIN)/{tool}" in recipe


def test_every_module_says_what_it_is(files: list[Path], root: Path) -> None:
    modules = [
        p for p in files if p.suffix == ".py" and (p.is_relative_to(root / "src") or p.is_relative_to(root / "widgets"))
    ]
    assert [p.name for p in modules if not ast.get_docstring(ast.parse(p.read_text(encoding="utf-8")))] == []


def test_every_tutorial_is_on_the_demos_board(files: list[Path], root: Path, demo_event_file: Path) -> None:
    event = demo_event_file.read_text(encoding="utf-8")
    sources = [p for p in files if p.is_relative_to(root / "tutorials") and p.name == "lesson.py"]
    names = [p.parent.name.replace("_", "-") for p in sources]
    assert names
    assert [name for name in names if f'"{name}"' not in event] == []
    assert [p.name for p in sources if not p.with_suffix(".ipynb").is_file()] == []


def test_each_promise_names_tests_that_exist(root: Path) -> None:
    promised = set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", (root / "SECURITY.md").read_text(encoding="utf-8")))
    assert len(promised) >= 15
    missing = [
        f"{path}::{name}" for path, name in promised if f"def {name}(" not in (root / path).read_text(encoding="utf-8")
    ]
    assert missing == []


def test_links_between_pages_lead_somewhere(files: list[Path]) -> None:
    pages = [page for page in files if page.suffix == ".md"]
    texts = {
        page: re.sub(r"(?s)```.*?```", "", page.read_text(encoding="utf-8")) for page in pages
    }  # examples lead nowhere
    links = [(page, target) for page, text in texts.items() for target in re.findall(r"\]\(([^)#]+)\)", text)]
    inside = [(page, target) for page, target in links if "://" not in target]
    assert len(inside) >= 10
    assert [(page.name, target) for page, target in inside if not (page.parent / target).exists()] == []


def test_each_path_that_a_page_names_exists(root: Path) -> None:
    pages = [root / "CONTRIBUTING.md", root / "SECURITY.md", *sorted((root / "docs").rglob("*.md"))]
    said = {
        (page.name, path)
        for page in pages
        for path in re.findall(
            r"`((?:src|tests|widgets|events|docs|docker)/[\w./]+)(?=`|::)", page.read_text(encoding="utf-8")
        )
    }
    assert len(said) >= 20
    assert sorted(pair for pair in said if not (root / pair[1]).exists()) == []


def test_the_recipes_name_tests_that_exist(root: Path) -> None:
    text = (root / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", text)
    assert len(named) >= 2
    assert [n for f, n in named if f"def {n}(" not in (root / f).read_text(encoding="utf-8")] == []


def test_decisions_are_short_and_numbered_in_a_row(root: Path) -> None:
    pages = sorted((root / "docs" / "adr").glob("*.md"))
    assert [int(page.name[:4]) for page in pages] == list(range(1, len(pages) + 1))
    for page in pages:
        lines = page.read_text(encoding="utf-8").splitlines()
        assert len(lines) < 30
        assert lines[0].startswith(f"# {page.name[:4]} ")


def test_the_licence_is_bsd_3_clause(root: Path) -> None:
    text = " ".join((root / "LICENSE").read_text(encoding="utf-8").split())
    assert text.startswith("BSD 3-Clause License")
    assert "Neither the name of the copyright holder nor the names of its contributors" in text
    assert 'license = "BSD-3-Clause"' in (root / "pyproject.toml").read_text(encoding="utf-8")


def steps_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return a function's lines without its docstring; a table written as a literal is data and counts as one line."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    lines = {line for node in body for line in range(node.lineno, (node.end_lineno or 0) + 1)}
    for node in ast.walk(function):
        if isinstance(node, ast.Dict | ast.List | ast.Tuple):
            lines -= set(range(node.lineno + 1, (node.end_lineno or 0) + 1))
    return len(lines)


def test_no_function_is_longer_than_a_screen(files: list[Path], root: Path) -> None:
    folders = (root / "src", root / "widgets")
    modules = [p for p in files if p.suffix == ".py" and any(p.is_relative_to(folder) for folder in folders)]
    long = [
        f"{path.name}: {node.name}"
        for path in modules
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and steps_of(node) > 60
    ]
    assert len(modules) > 100
    assert long == []
