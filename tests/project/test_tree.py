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
    ours = [
        p for p in files if p.suffix in kinds and p.is_relative_to(root / "src") | p.is_relative_to(root / "widgets")
    ]
    found = {
        path.name: OTHER_HOST.findall(path.read_text(encoding="utf-8"))
        for path in ours
        if path.name != "htmx.min.js" and OTHER_HOST.search(path.read_text(encoding="utf-8"))
    }
    assert ours
    assert found == {}


def test_the_makefile_has_at_most_ten_targets_and_help_lists_them(root: Path) -> None:
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"(?m)^\.PHONY: (.+)$", makefile)[0].split())
    said = {
        line.split()[0] for line in subprocess.check_output(["make", "-s", "help"], cwd=root, text=True).splitlines()
    }
    assert len(targets) <= 10
    assert said == targets


def test_ci_calls_make_test(root: Path) -> None:
    assert "make test" in (root / ".ci" / "run").read_text(encoding="utf-8")


def test_every_module_says_what_it_is(files: list[Path], root: Path) -> None:
    modules = [
        p for p in files if p.suffix == ".py" and (p.is_relative_to(root / "src") or p.is_relative_to(root / "widgets"))
    ]
    assert [p.name for p in modules if not ast.get_docstring(ast.parse(p.read_text(encoding="utf-8")))] == []


def test_every_tutorial_is_on_the_demos_board(files: list[Path], root: Path, demo_event_file: Path) -> None:
    event = demo_event_file.read_text(encoding="utf-8")
    sources = [p for p in files if p.is_relative_to(root / "tutorials") and p.suffix == ".py"]
    names = [re.findall(r"assignment: (\S+)", p.read_text(encoding="utf-8"))[0] for p in sources]
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


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "SECURITY.md", "docs/explanation/architecture.md"])
def test_links_between_pages_lead_somewhere(root: Path, page: str) -> None:
    text = (root / page).read_text(encoding="utf-8")
    targets = [t for t in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in t]
    assert [t for t in targets if not ((root / page).parent / t).exists()] == []
