"""The service that follows the event's phases: servers are warm before a phase opens, plans of seals are current.

    python -m rounds.hub.timeline --state FOLDER

The hub starts it with a token that may start servers and note activity, and nothing else.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from rounds.event import AppliedEvent
from rounds.hub.warming import WarmApi, follow_timeline
from rounds.room.seals import renew_plans
from rounds.store.folders import Folders

LOOK_EVERY_S = 20


def main(arguments: Sequence[str] | None = None) -> None:
    """Follow the applied event until the hub ends this process."""
    parser = argparse.ArgumentParser(prog="rounds.hub.timeline")
    parser.add_argument("--state", type=Path, required=True)
    parser.add_argument("--look-every-s", type=float, default=LOOK_EVERY_S)
    given = parser.parse_args(arguments)
    hub = WarmApi(os.environ["JUPYTERHUB_API_URL"], os.environ["JUPYTERHUB_API_TOKEN"])
    applied = AppliedEvent(Folders(given.state).event)
    folders = Folders(given.state)

    def rest() -> bool:
        renew_plans(applied.current(), folders)  # data were attached, or an organiser changed the event
        time.sleep(given.look_every_s)
        return True

    follow_timeline(applied.current, hub, lambda: datetime.now(UTC), rest, _say)


def _say(step: str, done: int, total: int) -> None:
    if done == total:
        sys.stderr.write(f"timeline: {step}: {done} of {total}\n")
        sys.stderr.flush()


if __name__ == "__main__":
    main()
