"""`/rounds/lesson/<id>` in a learning server: fetch a lesson and go to it in JupyterLab."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.utils import url_escape, url_path_join
from tornado.web import HTTPError, authenticated

from rounds.errors import GradingError
from rounds.grading.fetch_lesson import fetch_lesson
from rounds.lessons.log import record_opened


class LessonHandler(JupyterHandler):
    """Open one lesson."""

    @authenticated
    def get(self, lesson_id: str) -> None:
        """Send the browser to the learner's own copy of the lesson."""
        outbound = self.settings.get("rounds_lessons")
        if outbound is None:
            raise HTTPError(404, "Lessons are opened in your learning server.")
        work = Path(self.settings["server_root_dir"])
        try:
            notebook = fetch_lesson(lesson_id, Path(outbound), work)
        except GradingError as error:
            raise HTTPError(404, str(error)) from None
        record_opened(lesson_id)
        path = url_escape(notebook.relative_to(work).as_posix())
        self.redirect(url_path_join(self.base_url, "lab/tree", path))


def lesson_handlers(base_url: str) -> list[tuple[str, type[Any]]]:
    """Return the page's address and handler."""
    return [(url_path_join(base_url, r"/rounds/lesson/([a-z0-9-]+)"), LessonHandler)]
