"""The suite about itself: what several tests share is never stale, and the lines that no test reaches are counted."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from tests import made
from tests.covered import BELOW, ENOUGH, PACKAGES, find_problems, share_by_package


def test_what_is_kept_is_known_by_the_code_that_made_it(tmp_path: Path) -> None:
    (tmp_path / "recipe.py").write_text("sodium = 140")
    first = made.made_by(tmp_path)
    assert made.made_by(tmp_path) == first
    (tmp_path / "recipe.py").write_text("sodium = 141")
    second = made.made_by(tmp_path)
    (tmp_path / "recipe.py").rename(tmp_path / "other.py")
    assert len({first, second, made.made_by(tmp_path)}) == 3


def test_who_changes_what_all_read_fails_at_the_next_reading(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(made, "home", lambda: tmp_path)
    (made.people("birthweight", 60).path / "notes.txt").write_text("mine")
    with pytest.raises(AssertionError, match="a test changed"):
        made.people("birthweight", 60)


def test_a_package_counts_all_its_modules() -> None:
    assert share_by_package({"hub/a.py": (9, 10), "hub/b/c.py": (5, 10), "roles.py": (3, 4)}) == {
        "hub": 70,
        "roles": 75,
    }


def test_a_package_below_its_least_share_is_a_problem() -> None:
    fine = dict.fromkeys(PACKAGES, ENOUGH)
    assert find_problems(fine, {}) == []
    low = {**fine, "hub": 90.0}
    assert find_problems(low, {}) == ["90.0 in 100 lines of hub are reached by tests, 95 should be"]
    assert find_problems(low, {"hub": {"least": 89, "reason": "one"}}) == []
    assert find_problems(low, {"hub": {"least": 91, "reason": "one"}}) != []
    assert find_problems(fine, {"hub": {"least": 89, "reason": "one"}}) != []
    assert find_problems({}, {}) != []


def test_each_exception_says_how_many_lines_and_why() -> None:
    below = tomllib.loads(BELOW.read_text(encoding="utf-8"))
    assert set(below) <= set(PACKAGES)
    for known in below.values():
        assert 0 < known["least"] < ENOUGH
        assert len(known["reason"].split()) >= 5
