"""Set a Jupyter server up before the fork, with every extension that was imported, and take it down again.

A server's start is two thirds the same work for everybody: command line, configuration, extensions, patterns and
templates.  What it looks up and compiles is then done, and the bytecode on its way is rewritten (PEP 659), for every
server that is forked.  No port is opened, no hub is asked, no folder of anybody's is read or written.
"""

from __future__ import annotations

import asyncio
import contextvars
import json
import logging
import os
import sys
import tempfile
from pathlib import Path
from typing import Any
from unittest import mock

TIMES = 2  # once for each kind: more is not quicker
NEEDED = ("jupyterhub.singleuser.extension", "jupyter_server.serverapp", "jupyterlab.labapp")
LEFT_OUT = ("rounds.warm", "jupyter_lsp")  # one changes tornado for the whole process, one starts npm
ANY = "http://127.0.0.1:1"  # nobody is there, and nobody is asked


def rehearse_server() -> None:
    """Set up servers of both kinds, with co-editing and without; nothing where JupyterLab was not imported."""
    if any(name not in sys.modules for name in NEEDED):
        return
    application: Any = sys.modules["jupyterhub.singleuser.extension"].JupyterHubSingleUser
    logging.disable(logging.CRITICAL)
    for number in range(TIMES):
        with tempfile.TemporaryDirectory(prefix="rounds-rehearsal-") as folder, _no_hub(application):
            _move_to(Path(folder), co_editing=bool(number % 2))
            contextvars.copy_context().run(_set_up, application)


def _no_hub(application: Any) -> Any:
    async def nothing(_self: Any) -> None:
        return

    return mock.patch.multiple(application, check_hub_version=nothing, keep_activity_updated=nothing)


def _move_to(folder: Path, co_editing: bool) -> None:
    """Let everything that a server reads and writes lie below an empty folder."""
    names = ("HOME", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    os.environ.update(dict.fromkeys(names, str(folder)))
    hub = {"API_TOKEN": "rehearsal", "USER": "rehearsal", "SERVICE_URL": ANY, "API_URL": f"{ANY}/hub/api"}
    hub |= {"SERVICE_PREFIX": "/user/rehearsal/", "BASE_URL": "/", "ACTIVITY_URL": f"{ANY}/hub/api/activity"}
    hub |= {"CLIENT_ID": "rehearsal", "OAUTH_ACCESS_SCOPES": "[]", "OAUTH_SCOPES": "[]", "DEFAULT_URL": "/lab"}
    os.environ.update({f"JUPYTERHUB_{name}": value for name, value in hub.items()})
    os.chdir(folder)
    server = {"jpserver_extensions": _which_extensions(), "log_level": 50, "root_dir": str(folder), "allow_root": True}
    own = {"Application": {"log_level": 50}, "YDocExtension": {"disable_rtc": not co_editing}}
    own |= {"BaseFileIdManager": {"db_path": ":memory:"}, "NotebookNotary": {"db_file": ":memory:"}}
    (folder / "jupyter_server_config.json").write_text(json.dumps({"ServerApp": server, **own}), encoding="utf-8")


def _which_extensions() -> dict[str, bool]:
    """Return every extension that this environment enables: on when it was imported, else off."""
    from jupyter_server.extension.config import ExtensionConfigManager

    manager: Any = ExtensionConfigManager(read_config_path=_config_folders())
    known = manager.get_jpserver_extensions()
    return {name: on and name in sys.modules and name not in LEFT_OUT for name, on in known.items()}


def _config_folders() -> list[str]:
    from jupyter_core.paths import jupyter_config_path

    return list(jupyter_config_path())


def _set_up(application: Any) -> None:
    extensions = {application.get_extension_package(): True}
    server = application.make_serverapp(jpserver_extensions=extensions, log_level=50)
    try:
        server.initialize(argv=[], starter_extension=application.name, new_httpserver=False)
    finally:
        server.clear_instance()
        loop = getattr(server, "io_loop", None)
        if loop is not None:
            loop.close(all_fds=True)
            asyncio.set_event_loop(None)
