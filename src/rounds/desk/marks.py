"""Every mark of an event, read from all places where one lies: presses, hand-ins, nbgrader's gradebook, pairs."""

from __future__ import annotations

from sqlalchemy import Engine

from rounds.event import Event
from rounds.grading.attempts import read_submissions
from rounds.grading.course import course_of
from rounds.grading.marks import read_grades
from rounds.pairs.joining import load_pairs
from rounds.progress.collect import Record, Summaries, collect_progress
from rounds.progress.model import EventMarks
from rounds.store.folders import Folders


def load_marks(event: Event, folders: Folders, engine: Engine, summaries: Summaries) -> EventMarks:
    """Return every mark as it is now; ``summaries`` remembers the logs that have not changed."""
    course = course_of(event, folders)
    record = Record(read_submissions(course), read_grades(course), load_pairs(engine))
    return collect_progress(event, folders, record, summaries)
