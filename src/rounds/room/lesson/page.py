"""`/rounds/lesson/<name>` in a learning server: fetch a lesson, put its cells right, show it as a page.

The page is Notebook 7's with the lesson's text in it as HTML, so that somebody reads while the notebook loads beneath.
Notebook 7 finds its file in the part of the address behind `/notebooks/`.
"""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.utils import url_escape, url_path_join
from notebook.app import NotebookBaseHandler
from tornado.web import HTTPError, authenticated

from rounds.errors import GradingError
from rounds.grading.fetch_lesson import fetch_lesson
from rounds.lessons.log import record_opened
from rounds.room.lesson.answers import answer_handlers
from rounds.room.lesson.released import ReleasedLesson, find_released
from rounds.room.lesson.text import render_text
from rounds.room.pages import FIRST, LESSON, find_extension, find_tokens

ADDRESS = r"/rounds/lesson/([a-z0-9-]+)"
AWAY = "Lessons are opened in your learning server."
NEEDED = ("@jupyter-widgets/jupyterlab-manager", "anywidget", "rounds-room", "rounds-lesson")
RUNS_CELLS = "@jupyterlab/notebook-extension:cell-executor"  # the notebook's own, which co-editing puts aside


class OpenLesson(JupyterHandler):
    """Open one lesson."""

    @authenticated
    def get(self, name: str) -> None:
        """Fetch the lesson, put its cells right, and send the browser to its page."""
        outbound, work = self.settings.get("rounds_lessons"), Path(self.settings["server_root_dir"])
        if outbound is None:
            raise HTTPError(404, AWAY)
        try:
            notebook = fetch_lesson(name, Path(outbound), work)
            find_released(name, Path(outbound)).put_right(notebook)
        except GradingError as error:
            raise HTTPError(404, str(error)) from None
        record_opened(name)
        path = url_escape(notebook.relative_to(work).as_posix())
        self.redirect(url_path_join(self.base_url, "rounds/lesson", name, "notebooks", path))


class LessonPage(NotebookBaseHandler):
    """Show one lesson."""

    @authenticated
    def get(self, name: str, _: str) -> None:
        """Answer with Notebook 7's page, the lesson's text in it."""
        try:
            lesson = find_released(name, Path(self.settings["rounds_lessons"]))
        except (KeyError, GradingError):  # the sentence is said there
            self.redirect(url_path_join(self.base_url, "rounds/lesson", name))
            return
        config = self._choose(self.get_page_config(), lesson)
        page = self.render_template("notebooks.html", page_config=config)
        self.write(_put_text(page, lesson, "".join(_preload(config))))

    def _choose(self, config: dict[str, Any], lesson: ReleasedLesson) -> dict[str, Any]:
        """Return a page's configuration for a lesson: fewer extensions, and what the lesson view asks."""
        loaded = [one for one in config["federated_extensions"] if one["name"] in NEEDED]
        said = {
            "name": lesson.name,
            "title": lesson.title,
            "server": url_path_join(self.base_url, "rounds/"),
            "desk": config.get("roundsDesk", ""),
            "words": lesson.words(),
        }
        away = [one for one in config["disabledExtensions"] if one != RUNS_CELLS]
        chosen = {"federated_extensions": loaded, "disabledExtensions": away}
        return {**config, **chosen, "roundsLesson": json.dumps(said)}


def _preload(config: dict[str, Any]) -> Iterator[str]:
    """Yield links that fetch the view's modules at once; else each is asked for by the one before it."""
    load = next((one["load"] for one in config["federated_extensions"] if one["name"] == LESSON), "")
    for path in find_extension().glob("*.js") if load else ():
        address = url_path_join(config["fullLabextensionsUrl"], LESSON, load.rpartition("/")[0], path.name)
        yield f'<link rel="modulepreload" href="{html.escape(address)}">' if path.name != FIRST else ""


def _put_text(page: str, lesson: ReleasedLesson, links: str) -> str:
    """Put a lesson's name and text into Notebook 7's page."""
    style = "".join(path.read_text(encoding="utf-8") for path in (find_tokens(), find_extension() / "text.css"))
    title = html.escape(lesson.title)
    head = f'<style>{style}</style><meta name="color-scheme" content="light dark">{links}'
    page = page.replace("<html>", '<html lang="en">', 1).replace("</head>", f"{head}</head>", 1)
    before, _, after = page.partition("<title>")
    start, tag, rest = f"{before}<title>{title}</title>{after.partition('</title>')[2]}".partition("<body")
    attributes, end, body = rest.partition(">")
    return f"{start}{tag}{attributes}{end}{render_text(lesson.notebook, lesson.title)}{body}"


def lesson_handlers(base_url: str) -> list[tuple[Any, ...]]:
    """Return the addresses of lessons and their handlers."""
    at = url_path_join(base_url, ADDRESS)
    return [
        (at, OpenLesson),
        (f"{at}/notebooks/(.*)", LessonPage, {"name": "notebook"}),
        *answer_handlers(at),
    ]
