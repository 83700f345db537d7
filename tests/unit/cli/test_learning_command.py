"""`rounds learning links` says when its links work, or why there are none."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from rounds.cli.learning import describe_links
from rounds.event import load_event
from rounds.instrument.occasions import again_opens, second_opens


@pytest.mark.parametrize(
    ("days", "count", "after", "says"),
    [
        (28, 3, timedelta(days=27), "The links work from "),
        (28, 0, timedelta(days=30), "No links: nobody has taken the first test"),
        (0, 3, timedelta(days=30), "again_days is 0"),
        (28, 3, timedelta(days=28), ""),
    ],
)
def test_it_says_from_when_on_or_why_not(
    demo_event_file: Path, tmp_path: Path, days: int, count: int, after: timedelta, says: str
) -> None:
    file = shutil.copytree(demo_event_file.parent, tmp_path / "event") / demo_event_file.name
    text = demo_event_file.read_text(encoding="utf-8").replace("again_days = 28", f"again_days = {days}")
    file.write_text(text, encoding="utf-8")
    event = load_event(file)
    said = describe_links(event, count, second_opens(event) + after)
    assert says in said if says else said == ""
    if says.startswith("The links"):
        assert f"{again_opens(event):%Y-%m-%d}" in said
