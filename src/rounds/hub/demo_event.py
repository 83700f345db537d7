"""The demo's own event file: the one that is shipped, with its phases moved so that the full data are open now."""

from __future__ import annotations

import re
import shutil
import tomllib
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from rounds.store.folders import make_folder

ON_NOW = "full"
_OPENS = re.compile(r"(?m)^(opens = )(\d{4}-\d\d-\d\d)(?=T)")


def write_demo_event(shipped: Path, folder: Path, now: datetime) -> Path:
    """Copy the shipped event with its people and terms into `folder`, its phases around `now`; return the file."""
    shutil.copytree(shipped.parent, make_folder(folder), dirs_exist_ok=True)
    target = folder / shipped.name
    text = move_phases(shipped.read_text(encoding="utf-8"), now)
    target.write_text(text.replace("events/demo/event.toml", str(target)), encoding="utf-8")
    return target


def move_phases(text: str, now: datetime) -> str:
    """Return an event file's text with all phases moved by the same days: the full data opened yesterday."""
    event = tomllib.loads(text)
    today = now.astimezone(ZoneInfo(event["event"]["timezone"])).date()
    opened = next(phase["opens"].date() for phase in event["phase"] if phase["id"] == ON_NOW)
    by = today - timedelta(days=1) - opened
    return _OPENS.sub(lambda found: f"{found[1]}{date.fromisoformat(found[2]) + by}", text)
