"""The button judges the box as it stands: cells run in a real shell, a button is pressed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from rounds.lessons.boxes import CHANGED, INTERRUPTED, NOT_RUN
from rounds.lessons.check import LATER

PROGRAM = """
import json, sys
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config
from rounds.lessons.check import Check, watch_boxes
from rounds.lessons.exercise import Exercise, Lesson
from rounds.lessons.boxes import note_present_source
from rounds.lessons.ladder import Rung

number = Rung("values", lambda answer: None if answer == 42 else "Look again.")
lesson = Lesson("x1", "A lesson", "x1-lesson", (Exercise("e1", "The number", "number", (number,), "", "", 1),), ())
shell = InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))
out, sys.stdout = sys.stdout, sys.stderr
watch_boxes()
steps = json.load(sys.stdin)
shell.user_ns.update(check=Check(lesson))
said = []
for step in steps:
    kind, text = step
    if kind == "press":
        shell.user_ns["box"].children[0].click()
        sentence = shell.user_ns["box"].children[1]
        said.append([sentence.state, sentence.text, sentence.same])
    elif kind == "typed":
        note_present_source("e1", text)
    else:
        shell.run_cell(text, cell_id=kind or None)
out.write(json.dumps(said))
"""
BUTTON = ["e1-check", 'box = check.button("e1")']
RIGHT, BROKEN = ["e1", "number = 42"], ["e1", "x = 1\n\nnumber = (42"]
PRESS = ["press", ""]


def press(*steps: list[str], environ: dict[str, str] | None = None) -> Any:
    """Return what the button says at each press: state, sentence, how often the same."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        input=json.dumps(steps),
        capture_output=True,
        text=True,
        check=True,
        env=environ,
    )
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    ("steps", "state", "says"),
    [
        ((BUTTON, PRESS), "not yet", NOT_RUN),
        ((BUTTON, ["other", "number = 42"], PRESS), "not yet", NOT_RUN),  # another cell's value is no answer
        ((BUTTON, RIGHT, PRESS), "waiting", LATER),
        (
            (BUTTON, RIGHT, BROKEN, PRESS),  # never the older value
            "not yet",
            "The box above stopped in line 3. The bracket ( is never closed. Put a ) where it ends. Mend that first.",
        ),
        (
            (BUTTON, ["e1", "number = ...\nshare = number / 2"], PRESS),
            "not yet",
            "The box above stopped in line 2. Three dots still stand where your answer goes. "
            "Replace them, then run this box again. Mend that first.",
        ),
        (
            (BUTTON, RIGHT, ["e1", "raise RuntimeError('own')"], PRESS),  # no rule knows it
            "not yet",
            "The box above stopped in line 1. Mend that first, then press again.",
        ),
        ((BUTTON, RIGHT, ["e1", "raise KeyboardInterrupt"], PRESS), "not yet", INTERRUPTED),
        ((BUTTON, BROKEN, RIGHT, PRESS), "waiting", LATER),
        ((BUTTON, RIGHT, ["typed", "number = 43"], PRESS), "not yet", CHANGED),
        ((BUTTON, RIGHT, ["typed", "number = 42  \n"], PRESS), "waiting", LATER),
        ((BUTTON, ["typed", "number = 4"], RIGHT, PRESS), "waiting", LATER),  # the page tells the new text later
        ((BUTTON, RIGHT, ["typed", "number = 4"], RIGHT, PRESS), "waiting", LATER),
        ((BUTTON, RIGHT, ["typed", "number = 43"], ["typed", "number = 42"], PRESS), "waiting", LATER),
        # without ids of cells all is as before: a copied notebook, an older one, a run without a page
        ((["", 'box = check.button("e1")'], ["", "number = 42"], PRESS), "waiting", LATER),
        ((["", 'box = check.button("e1")'], ["", "number = 42"], ["", "number = (43"], PRESS), "waiting", LATER),
        ((["a3-e1-check", 'box = check.button("e1")'], ["a3-e1-answer", "number = 42"], PRESS), "waiting", LATER),
    ],
)
def test_the_box_is_judged_as_it_stands(steps: tuple[list[str], ...], state: str, says: str) -> None:
    assert press(*steps) == [[state, says, 1]]


def test_a_second_press_with_the_same_result_says_so_and_another_result_does_not() -> None:
    said = press(BUTTON, PRESS, PRESS, PRESS, RIGHT, PRESS, PRESS)
    assert [(state, same) for state, _, same in said] == [
        ("not yet", 1),
        ("not yet", 2),
        ("not yet", 3),
        ("waiting", 1),
        ("waiting", 2),
    ]


def test_the_log_tells_what_kept_a_box_from_being_judged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROUNDS_CHECK_LOG", str(tmp_path / "log.jsonl"))
    press(BUTTON, PRESS, BROKEN, PRESS, ["e1", "number = 41"], PRESS, ["typed", "number = 42"], PRESS, RIGHT, PRESS)
    lines = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert [line["mistake"] for line in lines] == ["box-not-run", "box-stopped", "values", "box-changed", ""]
    assert [line["attempt"] for line in lines] == [1, 1, 1, 2, 2]  # a box that cannot be judged is no try
