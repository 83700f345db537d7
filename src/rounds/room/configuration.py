"""The Jupyter configuration of a room, as the plain values that its JSON files hold.

Two kinds of rooms: a learning server (nbgrader, no co-editing) and a team server (co-editing, no nbgrader); the two
fight when one server has both.  Pure but for `write_room`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rounds.room.pages import lay_extensions
from rounds.store.folders import make_folder
from rounds.store.whole import write_whole

HUB_CACHE_S = 15  # how long a server believes what the hub said of a person; JupyterHub's own default is 300
ROOM_KEPT_S = 4 * 3600  # a document stays open on the server over a closed laptop: rebuilding it is the risky path
AUTOSAVE_S = 10  # JupyterLab's own is 120: a crash would take two minutes of a learner's work
OWN_SAVE_MS = 5000  # JupyterLab's own 500 takes its own save for somebody else's, when two meet on a loaded machine
EXPLAINS = "rounds.mistakes"  # the IPython extension that puts a sentence before a traceback
SAVE_DELAY_S = 0.3  # JupyterLab's own second is lost when a server stops within it

Config = dict[str, Any]

_NBGRADER = ("formgrader", "course_list", "assignment_list", "validate_assignment")


@dataclass(frozen=True)
class Room:
    """One account's server: the folder it shows and the folder that holds what it needs."""

    account: str
    work: Path
    own: Path

    @property
    def server(self) -> Path:
        """The server's own home: no code of the room writes it, so the server may read its configuration there."""
        return self.own / "server"

    @property
    def environment(self) -> dict[str, str]:
        """The variables that keep Jupyter's files inside the room."""
        return {
            "JUPYTER_CONFIG_DIR": str(self.own / "config"),
            "JUPYTER_DATA_DIR": str(self.own / "data"),
            "JUPYTER_RUNTIME_DIR": str(self.own / "runtime"),
            "IPYTHONDIR": str(self.server / "ipython"),
            "MPLCONFIGDIR": str(self.server / "matplotlib"),
            "TMPDIR": str(self.server / "tmp"),
            "PYTHONNOUSERSITE": "1",
            "PYTHONSAFEPATH": "1",  # no module is found in the folder in which the server works
            "JUPYTER_PREFER_ENV_PATH": "0",
        }


def _common(room: Room) -> Config:
    """Return what every room has: nothing that asks another host, everything below the room's own folder."""
    return {
        "ServerApp": {
            "root_dir": str(room.work),
            "terminado_settings": {"shell_command": ["bash"]},  # a login shell would forget the room's PATH
            "answer_yes": True,  # the hub's interrupt is no question: waiting for an answer would cost ten seconds
            "jpserver_extensions": {
                "rounds.room": True,
                "rounds.warm": True,
                "jupyter_lsp": False,  # it starts npm at each start of a server, for a menu that is off by default
                "jupyterlab_jupytext": False,
                "voila.server_extension": False,
                "jupyter_server_proxy": False,
                "nbgrader.server_extensions.formgrader": False,
                "nbgrader.server_extensions.course_list": False,
            },
        },
        "TerminalsExtensionApp": {"terminal_manager_class": "rounds.room.terminals.RoomTerminals"},
        "LabApp": {
            "check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
            "news_url": None,
            "extension_manager": "readonly",
            # JupyterLab asks for these two when it is imported, and a forked server was imported for everybody
            "workspaces_dir": str(room.own / "config" / "lab" / "workspaces"),
            "user_settings_dir": str(room.own / "config" / "lab" / "user-settings"),
            "extra_labextensions_path": [str(room.own / "labextensions")],
        },
        "JupyterNotebookApp": {"extra_labextensions_path": [str(room.own / "labextensions")]},
        # JupyterHub reads the prefix when it is imported, and a forked server was imported for everybody: its sign-in
        # cookie would be set for "/", and each room be sent the cookies of the others
        "HubOAuth": {"cache_max_age": HUB_CACHE_S, "base_url": f"/user/{room.account}/"},
        "BaseFileIdManager": {"db_path": str(room.own / "file_ids.db")},
        "NotebookNotary": {"db_file": str(room.own / "signatures.db")},
        "ContentsManager": {"allow_hidden": False},
        "ConnectionFileMixin": {"ip": "127.0.0.1"},
    }


def learning_config(room: Room) -> Config:
    """Return the configuration of a person's learning server."""
    config = _common(room)
    config["YDocExtension"] = {"disable_rtc": True}
    config["FileContentsManager"] = {"pre_save_hook": "rounds.room.lesson.saving.leave_out_outputs"}
    config["ServerApp"]["jpserver_extensions"] |= {
        "nbgrader.server_extensions.assignment_list": True,
        "nbgrader.server_extensions.validate_assignment": True,
    }
    return config


def team_config(room: Room, kernel: str) -> Config:
    """Return the configuration of a team's server, where `kernel` is the only kernel."""
    config = _common(room)
    config["ServerApp"]["session_manager_class"] = "rounds.room.sessions.SharedSessions"
    config["ServerApp"]["jpserver_extensions"] |= {
        **{f"nbgrader.server_extensions.{name}": False for name in _NBGRADER},
        "jupyter_server_ydoc": False,
        "rounds.room.coediting": True,  # the same extension; a page goes on only in the history that it knows
    }
    config["YDocExtension"] = {
        "ystore_class": "rounds.room.history.HistoryStore",
        "document_cleanup_delay": ROOM_KEPT_S,
        "document_save_delay": SAVE_DELAY_S,
        "session_store_path": str(room.own / "sessions.json"),
    }
    config["SQLiteYStore"] = {"db_path": str(room.own / "edits.db")}
    config["MultiKernelManager"] = {"default_kernel_name": kernel}
    config["KernelSpecManager"] = {"allowed_kernelspecs": [kernel], "ensure_native_kernel": False}
    return config


def page_config(team: bool, start: str = "", desk: str = "") -> Config:
    """Return which extensions of JupyterLab stay away from a room, the page that starts its server, and the desk."""
    nbgrader = [
        "@jupyter/nbgrader:course-list",
        "@jupyter/nbgrader:create-assignment",
        "@jupyter/nbgrader:formgrader",
    ]
    away = [
        "jupyterlab-jupytext",
        "@voila-dashboards/jupyterlab-preview",
        "@jupyterlab/apputils-extension:announcements",
        "@jupyterlab/hub-extension:connectionlost",  # its "Restart" opens the person's own server; ours the room's
        *(["@jupyter/nbgrader"] if team else nbgrader),
    ]
    return {"disabledExtensions": dict.fromkeys(away, True), "roundsStart": start, "roundsDesk": desk}


def setting_overrides() -> Config:
    """Return JupyterLab's settings as a room wants them: work is saved every few seconds, and without an alarm."""
    plugin = {"autosaveInterval": AUTOSAVE_S, "lastModifiedCheckMargin": OWN_SAVE_MS}
    return {
        "@jupyterlab/docmanager-extension:plugin": plugin,
        "@jupyterlab/apputils-extension:themes": {"adaptive-theme": True},  # light or dark as the desk is
    }


def write_kernel_config(ipython: Path) -> None:
    """Have the kernels of an IPython folder explain their errors, whatever notebook they run."""
    profile = make_folder(ipython / "profile_default")
    _write(profile / "ipython_kernel_config.json", {"InteractiveShellApp": {"extensions": [EXPLAINS]}})


def write_room(room: Room, config: Config, pages: Config, nbgrader: Config | None = None) -> None:
    """Write the room's configuration files; each is replaced whole."""
    folder = make_folder(room.own / "config")
    lay_extensions(room.own / "labextensions")
    for sub in ("data", "runtime", "server/ipython", "server/matplotlib", "server/tmp"):
        make_folder(room.own / sub)
    write_kernel_config(room.server / "ipython")
    _write(folder / "jupyter_server_config.json", config)
    _write(make_folder(folder / "labconfig") / "page_config.json", pages)
    _write(folder / "labconfig" / "default_setting_overrides.json", setting_overrides())
    if nbgrader is not None:
        _write(folder / "nbgrader_config.json", nbgrader)


def _write(path: Path, values: Config) -> None:
    write_whole(path, json.dumps(values, indent=2))
