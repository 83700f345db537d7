"""Servers are warm before a phase opens and are not culled until some time after; a command warms more."""

from __future__ import annotations

import re
import time
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest

from rounds.hub.running import load_secrets
from rounds.store.folders import Folders
from tests.integration.demo import Demo

pytestmark = pytest.mark.integration
IDLE_S, OPENS_IN_S, KEPT_S = 10, 45, 40


def _leave_two_teams(demo: Demo) -> None:
    """Leave two teams and their people in the event file."""
    text = demo.event_file.read_text(encoding="utf-8")
    blocks = re.split(r"(?m)^(?=\[\[)", text)
    kept = [b for b in blocks if not b.startswith("[[team]]") or re.search('id = "(stork|cradle)"', b)]
    text = "".join(kept)
    text = re.sub(r"(?m)^opens = 2027-02-21\S+", "opens = 2026-01-01T09:00:00", text, count=1)
    demo.event_file.write_text(text, encoding="utf-8")
    people = demo.event_file.parent / "people.csv"
    lines = people.read_text(encoding="utf-8").splitlines()
    team = lines[0].split(",").index("team")
    small = [line for line in lines if line.split(",")[team] in ("team", "", "stork", "cradle")]
    people.write_text("\n".join(small) + "\n", encoding="utf-8")


def _running(demo: Demo) -> set[str]:
    token = load_secrets(Folders(demo.state))["apply"]
    url = f"{demo.base}/hub/api/users?state=ready"
    answer = httpx.get(url, headers={"Authorization": f"token {token}"}, trust_env=False, timeout=10)
    return {user["name"] for user in answer.json()}


def _wait_for(demo: Demo, wanted: set[str], within_s: float) -> bool:
    deadline = time.monotonic() + within_s
    while _running(demo) != wanted:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.5)
    return True


def test_servers_are_warm_before_a_phase_and_kept_until_after(tmp_path: Path) -> None:
    demo = Demo(tmp_path)
    policy = {"idle_server_min": IDLE_S / 60, "warm_before_min": 1, "warm_for_min": KEPT_S / 60}
    demo.copy_event(**{name: f"{value:g}" for name, value in policy.items()})
    _leave_two_teams(demo)
    demo.start()
    zone = ZoneInfo("Asia/Jerusalem")
    opens = datetime.now(zone).replace(tzinfo=None) + timedelta(seconds=OPENS_IN_S)
    text = demo.event_file.read_text(encoding="utf-8")
    moved = re.sub(r"(?m)^opens = 2027-02-28\S+", f"opens = {opens.isoformat(timespec='seconds')}", text)
    demo.event_file.write_text(moved, encoding="utf-8")
    demo.rounds("event", "apply", str(demo.event_file))
    teams = {"team-stork", "team-cradle"}
    assert _wait_for(demo, teams, 60), _running(demo)
    assert datetime.now(zone).replace(tzinfo=None) < opens + timedelta(seconds=30)
    kept_until = opens + timedelta(seconds=KEPT_S)
    while datetime.now(zone).replace(tzinfo=None) < kept_until - timedelta(seconds=5):
        assert _running(demo) == teams
        time.sleep(2)
    assert _wait_for(demo, set(), 60), _running(demo)
    said = demo.rounds("hub", "warm", "learning")
    assert re.search(r"(\d+) servers are warm", said)
    assert "noa" in _running(demo)
    assert not _running(demo) & teams
    demo.stop()
