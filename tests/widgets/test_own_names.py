"""Each widget's styles are its own: two that stand in one notebook do not change each other's look."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

import rounds_widgets

VIEWS = sorted(
    file for file in Path(rounds_widgets.__file__).parent.rglob("*.css") if file.parent.name != "shared"
)  # explorers and teaching widgets


def roots(style: Path) -> set[str]:
    """Return the classes that begin the rules of a style sheet."""
    found = re.findall(r"(?m)^(?:@media[^{]*\{\s*)?\.(rounds-[a-z-]+)", style.read_text(encoding="utf-8"))
    return set(found)


def test_no_two_widgets_have_one_class() -> None:
    used = Counter(name for style in VIEWS for name in roots(style))
    assert [name for name, times in used.items() if times > 1] == []


@pytest.mark.parametrize("style", VIEWS, ids=lambda path: path.stem)
def test_every_rule_begins_with_the_widgets_own_class(style: Path) -> None:
    (own,) = roots(style)
    script = style.with_suffix(".js")  # a form of ipywidgets has none: its Python gives the class
    assert own in (script if script.is_file() else style.with_suffix(".py")).read_text(encoding="utf-8")
