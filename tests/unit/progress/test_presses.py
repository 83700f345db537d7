"""The log of the check buttons is read as it is now, and only when it changed."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rounds.lessons.log import VARIABLE, Pressed, record_check, record_opened
from rounds.progress.presses import Press, PressLogs

NINE = datetime(2027, 2, 21, 9, tzinfo=UTC)


def test_what_a_room_writes_is_what_the_board_reads(tmp_path: Path) -> None:
    path, logs = tmp_path / "checks" / "noa.jsonl", PressLogs()
    assert logs.read(path) == ()
    environ = {VARIABLE: str(path)}
    record_opened("a3-report-card", NINE, environ)
    record_check(Pressed("a3", "e1", True, 2), NINE, environ)
    assert logs.read(path) == (Press(NINE, "a3-report-card", "", False), Press(NINE, "a3", "e1", True))
    assert set(json.loads(path.read_text().splitlines()[0])) == {"time", "lesson", "opened"}
    record_check(Pressed("a3", "e2", False, 1), NINE, environ)
    assert [press.exercise for press in logs.read(path)] == ["", "e1", "e2"]


def test_a_log_that_did_not_change_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, logs = tmp_path / "noa.jsonl", PressLogs()
    record_check(Pressed("a3", "e1", True, 1), NINE, {VARIABLE: str(path)})
    before = logs.read(path)
    monkeypatch.setattr(Path, "read_text", lambda *_, **__: pytest.fail("read again"))
    assert logs.read(path) is before


@pytest.mark.parametrize("line", ["", "{", "[]", "3", '{"time": "today", "lesson": "a3"}', '{"time": 3, "lesson": 1}'])
def test_a_torn_or_strange_line_is_passed_over(tmp_path: Path, line: str) -> None:
    path = tmp_path / "noa.jsonl"
    record_check(Pressed("a3", "e1", True, 1), NINE, {VARIABLE: str(path)})
    with path.open("a", encoding="utf-8") as log:
        log.write(line)
    assert [press.exercise for press in PressLogs().read(path)] == ["e1"]
