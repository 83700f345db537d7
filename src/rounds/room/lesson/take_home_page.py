"""`/rounds/take-home` in a learning server: what is in the archive, and the archive."""

from __future__ import annotations

import asyncio
import os
import tempfile
from pathlib import Path
from typing import IO, Any

from jupyter_server.utils import url_path_join
from notebook.app import NotebookBaseHandler
from tornado.web import HTTPError, authenticated

from rounds.data.shelf.catalogue import open_catalogue
from rounds.errors import UserError
from rounds.grading.service.client import find_client
from rounds.lessons.check import HERE
from rounds.lessons.finding import find_lessons
from rounds.room.lesson.page import AWAY
from rounds.room.lesson.take_home import FOLDER, Home, gather, write_archive
from rounds.room.lesson.take_home_text import render_home
from rounds.room.pages import find_extension, find_tokens

ADDRESS = "/rounds/take-home"
FILE = f"{FOLDER}.zip"
CHUNK = 1 << 20


class _OfOneLearner(NotebookBaseHandler):
    def gather(self) -> Home:
        """Return what the learner of this server takes home."""
        if self.settings.get("rounds_lessons") is None:
            raise HTTPError(404, AWAY)
        lessons = find_lessons([Path(os.environ[HERE])] if os.environ.get(HERE) else [])
        client = find_client(os.environ)
        named = {lesson.assignment: lesson for lesson in lessons.values()}
        work = Path(self.settings["server_root_dir"])
        return gather(named, work, open_catalogue(os.environ), client.ask if client else None)


class ShowTakeHome(_OfOneLearner):
    """Say what is in the archive."""

    @authenticated
    def get(self) -> None:
        """Answer with a page."""
        style = "".join(path.read_text(encoding="utf-8") for path in (find_tokens(), find_extension() / "text.css"))
        desk = str(self.get_page_config().get("roundsDesk", ""))
        self.finish(render_home(self.gather(), style, url_path_join(self.base_url, ADDRESS, FILE), desk))


class TakeHome(_OfOneLearner):
    """Hand the archive over."""

    @authenticated
    async def get(self) -> None:
        """Answer with the archive, made now."""
        home = self.gather()
        with tempfile.TemporaryFile() as file:
            try:
                await asyncio.to_thread(write_archive, home, file)
            except UserError as error:
                raise HTTPError(409, str(error)) from None
            self.set_header("Content-Type", "application/zip")
            self.set_header("Content-Disposition", f'attachment; filename="{FILE}"')
            self.set_header("Content-Length", str(file.tell()))
            file.seek(0)
            await self._send(file)

    async def _send(self, file: IO[bytes]) -> None:
        while chunk := file.read(CHUNK):
            self.write(chunk)
            await self.flush()
        await self.finish()


def take_home_handlers(base_url: str) -> list[tuple[Any, ...]]:
    """Return both addresses and their handlers."""
    at = url_path_join(base_url, ADDRESS)
    own = {"name": "notebook"}  # whose page configuration is read
    return [(at, ShowTakeHome, own), (f"{at}/{FILE}", TakeHome, own)]
