"""The house in order: no import cycle of any kind, no crowded folder, no long module."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from grimp import ImportGraph, build_graph

MOST_MODULES = 24  # side by side in one folder
MOST_LINES = 300


def imports_of(graph: ImportGraph) -> dict[str, set[str]]:
    """Return what runs when a module's imports run: a package runs before what lies in it."""
    return {
        module: {
            runs
            for imported in graph.find_modules_directly_imported_by(module)
            for runs in (imported, *packages_of(imported))
            if runs not in (module, *packages_of(module))
        }
        for module in graph.modules
    }


def packages_of(module: str) -> Iterator[str]:
    parts = module.split(".")
    return (".".join(parts[:depth]) for depth in range(1, len(parts)))


def find_cycles(imports: dict[str, set[str]]) -> list[list[str]]:
    """Return the modules that are left when those that nobody needs, or that need nobody, are taken away in turn."""
    left = dict(imports)
    while left:
        needed = {imported for module, its in left.items() for imported in its if imported != module}
        kept = {m: left[m] & left.keys() for m in left if m in needed and left[m] & left.keys()}
        if kept == left:
            return [sorted(f"{module} -> {imported}" for module in left for imported in left[module])]
        left = kept
    return []


@pytest.fixture(scope="module")
def modules(root: Path) -> list[Path]:
    """Return every module of the two packages."""
    return sorted(path for folder in ("src", "widgets") for path in (root / folder).rglob("*.py"))


def test_no_module_imports_itself_by_way_of_others() -> None:
    graph = build_graph("rounds", "rounds_widgets", cache_dir=None)
    assert len(graph.modules) > 300
    assert find_cycles(imports_of(graph)) == []


@pytest.mark.parametrize(
    "second",
    [
        "import ground.first",
        "def late():\n    from ground.first import anything",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from ground.first import Anything",
        "class Late:\n    def __repr__(self):\n        import ground.first as first\n        return str(first)",
    ],
    ids=["plain", "in a function", "for types only", "in a method"],
)
def test_a_cycle_of_any_kind_is_seen(second: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(tmp_path, {"__init__": "", "first": "import ground.middle", "middle": "import ground.second", "second": second})
    monkeypatch.syspath_prepend(tmp_path)
    cycles = find_cycles(imports_of(build_graph("ground", cache_dir=None)))
    assert cycles == [
        ["ground.first -> ground.middle", "ground.middle -> ground.second", "ground.second -> ground.first"]
    ]


def test_a_cycle_by_way_of_a_packages_own_file_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(tmp_path, {"__init__": "", "low": "import ground.high.part"})
    lay(tmp_path / "ground", {"__init__": "import ground.low", "part": ""}, "high")
    monkeypatch.syspath_prepend(tmp_path)
    assert find_cycles(imports_of(build_graph("ground", cache_dir=None))) != []


def lay(folder: Path, modules: dict[str, str], package: str = "ground") -> None:
    (folder / package).mkdir()
    for name, text in modules.items():
        (folder / package / f"{name}.py").write_text(text, encoding="utf-8")
    sys.modules.pop(package, None)


def test_no_folder_is_crowded(modules: list[Path], root: Path) -> None:
    beside = Counter(str(path.parent.relative_to(root)) for path in modules)
    assert {folder: count for folder, count in beside.items() if count > MOST_MODULES} == {}


def test_every_module_fits_in_the_head(modules: list[Path], root: Path) -> None:
    lines = {str(path.relative_to(root)): len(path.read_text(encoding="utf-8").splitlines()) for path in modules}
    assert sorted(name for name, count in lines.items() if count >= MOST_LINES) == []
