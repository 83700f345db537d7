"""Run the desk as the hub's service: ``python -m rounds.desk --state FOLDER``."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import uvicorn

from rounds.desk.app import create_desk
from rounds.desk.marks import load_marks
from rounds.desk.settings import Settings, read_settings
from rounds.errors import UserError
from rounds.event import Event
from rounds.progress.collect import Summaries
from rounds.progress.model import EventMarks
from rounds.store.database import open_database

STREAMS_END_WITHIN_S = 2  # an open page's stream has no end of its own: without this the desk would wait for it


def main() -> int:
    """Read the arguments and the environment, and serve until told to stop."""
    parser = argparse.ArgumentParser(prog="python -m rounds.desk", description=__doc__)
    parser.add_argument("--state", type=Path, required=True, help="the event's state folder")
    arguments = parser.parse_args()
    try:
        serve(read_settings(os.environ, arguments.state))
    except UserError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


def serve(settings: Settings) -> None:
    """Serve on the address that the hub gave."""
    summaries, engine = Summaries(), open_database(settings.folders.database_url)

    def load_progress(event: Event) -> EventMarks:
        return load_marks(event, settings.folders, engine, summaries)

    host, port = settings.address
    app = create_desk(settings, load_progress)
    uvicorn.run(
        app,
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=STREAMS_END_WITHIN_S,
    )


if __name__ == "__main__":
    sys.exit(main())
