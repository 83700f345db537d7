"""The one list of dependencies is pyproject.toml; environment.yml says the same."""

from __future__ import annotations

import tomllib
from pathlib import Path

import yaml


def test_conda_users_get_the_same_dependencies(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    environment = yaml.safe_load((root / "environment.yml").read_text(encoding="utf-8"))
    listed = environment["dependencies"]
    pip = next(item["pip"] for item in listed if isinstance(item, dict))
    assert pip == [*project["dependencies"], "-e ."]
    assert f"python{project['requires-python']}" in listed


def test_every_dependency_has_a_lower_bound(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extra = [item for items in project["optional-dependencies"].values() for item in items]
    assert [item for item in [*project["dependencies"], *extra] if ">=" not in item] == []
