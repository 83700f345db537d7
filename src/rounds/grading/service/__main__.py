"""Run the grading service as the hub's service: ``python -m rounds.grading.service --state FOLDER --port N``."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import uvicorn

from rounds.event import AppliedEvent
from rounds.grading.course import course_of
from rounds.grading.judge.bench import judge_answer
from rounds.grading.service.app import GradingService, create_service
from rounds.grading.service.identity import Identity
from rounds.grading.service.queue import GradingQueue
from rounds.grading.service.workers import KeptWorkers
from rounds.store.folders import Folders


def main() -> int:
    """Read the arguments and serve on the loopback until told to stop."""
    parser = argparse.ArgumentParser(prog="python -m rounds.grading.service", description=__doc__)
    parser.add_argument("--state", type=Path, required=True, help="the event's state folder")
    parser.add_argument("--port", type=int, required=True, help="the port of the loopback to listen at")
    given = parser.parse_args()
    folders = Folders(given.state)
    applied = AppliedEvent(folders.event)
    course = course_of(applied.current().event.id, folders)
    identity = Identity(
        os.environ["JUPYTERHUB_API_URL"].rstrip("/"), lambda name: name in applied.current().person_by_name
    )
    workers = KeptWorkers(course)
    service = GradingService(course, GradingQueue(course, workers.grade), identity, judge_answer)
    app = create_service(service)
    uvicorn.run(app, host="127.0.0.1", port=given.port, log_level="warning", access_log=False, server_header=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
