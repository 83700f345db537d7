"""The line from a page to its kernel takes the texts of boxes, and nothing else."""

import pytest

from rounds.lessons import boxes
from rounds.lessons.view import line
from rounds.mistakes.runs import digest


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    monkeypatch.setattr(line, "_heard", set())
    monkeypatch.setattr(boxes, "_present", {})


def test_the_last_text_of_a_box_is_known():
    for text in ("x = ...", "x = 1"):
        line.hear({"kind": "source", "exercise": "e1", "text": text})
    assert boxes._present == {"e1": (digest("x = 1"), None)}


@pytest.mark.parametrize(
    "said",
    [
        None,
        "source",
        {"kind": "source", "exercise": "e1"},
        {"kind": "run", "exercise": "e1", "text": "1"},
        {"kind": "source", "exercise": "e1", "text": "1", "more": 1},
        {"kind": "source", "exercise": ["e1"], "text": "1"},
        {"kind": "source", "exercise": "e" * 65, "text": "1"},
        {"kind": "source", "exercise": "e1", "text": "1" * 100_001},
    ],
)
def test_another_message_changes_nothing(said):
    line.hear(said)
    assert boxes._present == {}


def test_no_page_fills_a_kernel_with_boxes():
    for number in range(line.MOST_BOXES + 50):
        line.hear({"kind": "source", "exercise": f"e{number}", "text": "x"})
    assert len(boxes._present) == line.MOST_BOXES
    line.hear({"kind": "source", "exercise": "e0", "text": "still heard"})
    assert boxes._present["e0"] == (digest("still heard"), None)
