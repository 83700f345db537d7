"""The line from a page to its kernel takes the texts of boxes, and nothing else."""

import pytest

from rounds.lessons.view import line


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    monkeypatch.setattr(line, "_present", {})


def test_the_last_text_of_a_box_is_known():
    for text in ("x = ...", "x = 1"):
        line.hear({"kind": "source", "exercise": "e1", "text": text})
    assert line.present_source("e1") == "x = 1"
    assert line.present_source("e2") is None


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
    assert line.present_source("e1") is None


def test_no_page_fills_a_kernel_with_boxes():
    for number in range(line.MOST_BOXES + 50):
        line.hear({"kind": "source", "exercise": f"e{number}", "text": "x"})
    assert len(line._present) == line.MOST_BOXES
    line.hear({"kind": "source", "exercise": "e0", "text": "still heard"})
    assert line.present_source("e0") == "still heard"
