"""An event is stored before its hub was ever started, so that data can be prepared without one."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from rounds.cli.app import app
from rounds.event import AppliedEvent
from rounds.store.folders import Folders

ROOT = Path(__file__).parents[2]


def test_an_event_is_stored_where_no_hub_was_started(tmp_path: Path) -> None:
    state = tmp_path / "state"
    file = ROOT / "events" / "demo" / "event.toml"
    done = CliRunner().invoke(app, ["event", "apply", str(file), "--state", str(state)])
    assert done.exit_code == 0, done.output
    assert "data commands work without one" in done.output
    assert AppliedEvent(Folders(state).event).current().event.id == "demo"
