"""nbgrader's pages in a learning server, with the event's settings and no others.

nbgrader looks for an `nbgrader_config.py` in the folder where the learner works and runs it: in the server, which holds
the server's token (nbgrader/server_extensions/*/handlers.py, `load_config`).
"""

from __future__ import annotations

import contextlib
import json
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

    manager.load_config = own_settings
    manager.get_assignment_dir_config = lambda: contextlib.nullcontext(own_settings())
    ValidateAssignmentHandler.load_config = lambda _: own_settings()


def own_settings() -> Config:
    """Return nbgrader's settings as the event wrote them (`rounds.grading.course.learner_settings`)."""
    return Config(json.loads(Path(jupyter_config_dir(), SETTINGS).read_text(encoding="utf-8")))
