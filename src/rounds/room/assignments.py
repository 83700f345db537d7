"""nbgrader's pages in a learning server, with the event's settings and no others.

nbgrader looks for an `nbgrader_config.py` in the folder where the learner works and runs it: in the server, which holds
the server's token (nbgrader/server_extensions/*/handlers.py, `load_config`).
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jupyter_core.paths import jupyter_config_dir
from traitlets.config import Config

SETTINGS = "nbgrader_config.json"
MANAGER = "assignment_list_manager"


def apply_own_settings(server: Any) -> None:
    """Let nbgrader's pages read the room's own settings; `server` is jupyter_server's `ServerApp`."""
    manager = server.web_app.settings.get(MANAGER)
    if manager is None:
        return
    from nbgrader.server_extensions.validate_assignment.handlers import ValidateAssignmentHandler

    work = Path(server.root_dir)

    @contextlib.contextmanager
    def settings_in_work() -> Iterator[Config]:
        yield own_settings(work)

    manager.load_config = lambda: own_settings(work)
    manager.get_assignment_dir_config = settings_in_work
    ValidateAssignmentHandler.load_config = lambda _: own_settings(work)


def own_settings(work: Path) -> Config:
    """Return nbgrader's settings as the event wrote them, for the lessons in the folder `work`."""
    values = json.loads(Path(jupyter_config_dir(), SETTINGS).read_text(encoding="utf-8"))
    config = Config(values)
    config.Exchange.assignment_dir = str(work)
    return config
