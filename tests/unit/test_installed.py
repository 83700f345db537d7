"""What a really installed package offers is found by its entry points, and nothing of it is run to find it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from rounds.challenges.folder import find_challenges
from rounds.errors import LessonError, StartError
from rounds.installed import LESSONS, find_installed
from rounds.lessons.finding import find_lessons
from rounds_widgets.shared.outside import find_outside

LOUD = "raise RuntimeError('this was run')\n"
Install = Callable[..., Path]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Return what lays a distribution out as pip does: its files, their record, its entry points."""

    def lay(points: str, **texts: str) -> Path:
        site = tmp_path / "site-packages"
        for name, text in texts.items():
            (site / name).parent.mkdir(parents=True, exist_ok=True)
            (site / name).write_text(text, encoding="utf-8")
        info = site / "our_pack-1.0.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: our-pack\nVersion: 1.0\n", encoding="utf-8")
        (info / "RECORD").write_text("".join(f"{name},,\n" for name in texts), encoding="utf-8")
        (info / "entry_points.txt").write_text(points, encoding="utf-8")
        monkeypatch.syspath_prepend(site)
        return site

    return lay


def test_an_installed_lesson_is_found_and_not_run(install: Install) -> None:
    files = {
        "our_lessons/__init__.py": "",
        "our_lessons/z9_gas/checks.py": LOUD,
        "our_lessons/z9_gas/lesson.ipynb": "{}",
    }
    site = install("[rounds.lessons]\nz9 = our_lessons.z9_gas\n", **files)
    lesson = find_lessons([])["z9"]
    assert lesson.file("checks.py") == site / "our_lessons" / "z9_gas" / "checks.py"


def test_an_installed_lesson_with_its_answers_is_refused(install: Install) -> None:
    files = {"their_lessons/z9_gas/checks.py": LOUD, "their_lessons/z9_gas/answers.py": LOUD}
    install("[rounds.lessons]\nz9 = their_lessons.z9_gas\n", **files)
    with pytest.raises(LessonError, match=r'"z9" of our-pack carries their_lessons/z9_gas/answers\.py'):
        find_lessons([])


def test_an_installed_challenge_is_found(install: Install) -> None:
    brief = 'outcome = "died"\nevent = "death"\n'
    install("[rounds.challenges]\nliver = our_challenges.liver\n", **{"our_challenges/liver/brief.toml": brief})
    assert find_challenges([])["liver"].notebooks == ()


def test_an_installed_widget_is_imported_by_its_name_from_rounds_widgets(install: Install) -> None:
    install("[rounds.widgets]\nGasWheel = our_widgets.gas:GasWheel\n", **{"our_widgets/gas.py": "GasWheel = 42\n"})
    assert find_outside("GasWheel", {}) == 42
    from rounds_widgets import GasWheel  # type: ignore[attr-defined]

    assert GasWheel == 42


def test_an_entry_point_that_leads_nowhere_is_named_with_its_package(install: Install) -> None:
    install("[rounds.lessons]\nz9 = nobodys_lessons.gone\n")
    with pytest.raises(StartError, match=r'package "our-pack" offers "z9" at nobodys_lessons\.gone'):
        find_installed(LESSONS)
