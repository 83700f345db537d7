"""Run the grading service as the hub's service: ``python -m rounds.grading.service --state FOLDER --port N``."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import uvicorn

from rounds.event import AppliedEvent
from rounds.grading.course import Course, course_of
from rounds.grading.forked import wait_for_template
from rounds.grading.judge.bench import judge_answer, read_ahead
from rounds.grading.service.app import GradingService, create_service
from rounds.grading.service.helping import Helping
from rounds.grading.service.identity import Identity
from rounds.grading.service.queue import GradingQueue
from rounds.grading.service.workers import KeptWorkers
from rounds.pairs.joining import find_pair, load_pairs
from rounds.store.folders import Folders


def main() -> int:
    """Read the arguments and serve on the loopback until told to stop."""
    parser = argparse.ArgumentParser(prog="python -m rounds.grading.service", description=__doc__)
    parser.add_argument("--state", type=Path, required=True, help="the event's state folder")
    parser.add_argument("--port", type=int, required=True, help="the port of the loopback to listen at")
    given = parser.parse_args()
    folders = Folders(given.state)
    applied = AppliedEvent(folders.event)

    def find_course() -> Course:
        return course_of(applied.current(), folders)

    identity = Identity(
        os.environ["JUPYTERHUB_API_URL"].rstrip("/"), lambda name: name in applied.current().person_by_name
    )
    workers = KeptWorkers(find_course)

    def get_ready() -> None:
        wait_for_template()
        read_ahead(find_course())
        workers.get_ready()

    helping = Helping(applied.current, folders.database_url)

    def partner_of(username: str, lesson: str) -> str:
        pair = find_pair(load_pairs(helping.engine), lesson, username)
        other = pair.other(username) if pair else ""
        return other if other in applied.current().person_by_name else ""

    queue = GradingQueue(find_course, workers.grade)
    app = create_service(GradingService(find_course, queue, identity, judge_answer, helping, partner_of, get_ready))
    uvicorn.run(app, host="127.0.0.1", port=given.port, log_level="warning", access_log=False, server_header=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
