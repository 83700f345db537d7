"""What learners write into the gaps of a lesson's faded example, which carry no points, and what the button says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.courses import FOLDERS, ROOT, TABLES

from rounds.lessons import open_lesson
from rounds.lessons.check import PRACTICE_PASSED, Check
from rounds.lessons.loading import load_gaps
from rounds.lessons.source import read_source

GAPS = {lesson_id: load_gaps(folder) for lesson_id, folder in FOLDERS.items()}
RIGHT = [
    pytest.param(lesson_id, gaps.box.format(*filled), id=f"{lesson_id}-{number}")
    for lesson_id, gaps in GAPS.items()
    for number, filled in enumerate(gaps.right)
]
WRONG = [
    pytest.param(lesson_id, gaps.box.format(*filled), says, id=f"{lesson_id}-{number}")
    for lesson_id, gaps in GAPS.items()
    for number, (filled, says) in enumerate(gaps.wrong)
]


@pytest.fixture(scope="module", autouse=True)
def data(tmp_path_factory: pytest.TempPathFactory, lesson: Any) -> Any:
    """Write the datasets of the tutorials where ``load`` finds them."""
    folder = tmp_path_factory.mktemp("data")
    for name in TABLES:
        (folder / name).symlink_to(lesson(name).path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ROUNDS_DATA", str(folder))
        patch.setenv("ROUNDS_LESSONS", str(ROOT))
        yield folder


@pytest.fixture(scope="module")
def before(data: Path) -> dict[str, dict[str, Any]]:
    """Return the names that each lesson's cells before the gaps have made, by lesson."""
    return {lesson_id: work(lesson_id) for lesson_id in GAPS}


def work(lesson_id: str) -> dict[str, Any]:
    names: dict[str, Any] = {}
    source = FOLDERS[lesson_id].file("lesson.py")
    assert source is not None
    cells = {cell.id: cell.source for cell in read_source(source).cells}
    for cell in GAPS[lesson_id].before:
        exec(cells[cell], names)
    return names


def press(before: dict[str, dict[str, Any]], lesson_id: str, box: str) -> Any:
    names = dict(before[lesson_id])
    exec(box, names)
    check: Check = open_lesson(lesson_id)
    return check.f1(names[check.lesson.exercise("f1").reads])


@pytest.mark.parametrize(("lesson_id", "box"), RIGHT)
def test_gaps_that_are_filled_well_pass(before: dict[str, dict[str, Any]], lesson_id: str, box: str) -> None:
    assert press(before, lesson_id, box).sentence == PRACTICE_PASSED


@pytest.mark.parametrize(("lesson_id", "box", "says"), WRONG)
def test_a_slip_in_the_gaps_meets_its_sentence(
    before: dict[str, dict[str, Any]], lesson_id: str, box: str, says: str
) -> None:
    reply = press(before, lesson_id, box)
    assert (reply.passed, says in reply.sentence) == (False, True), reply.sentence


@pytest.mark.parametrize("lesson_id", GAPS)
def test_enough_is_tried_in_the_gaps(lesson_id: str) -> None:
    assert len(GAPS[lesson_id].right) >= 3
    assert len(GAPS[lesson_id].wrong) >= 10
