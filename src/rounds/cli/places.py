"""Where the command line finds an event's folders and the project's own files."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from rounds.audit import Act, record
from rounds.errors import StartError
from rounds.store.folders import Folders, make_folder

StateOption = Annotated[
    Path,
    typer.Option("--state", envvar="ROUNDS_STATE", help="The folder that keeps everything of the event."),
]
DEFAULT_STATE = Path(".rounds/demo")


def folders_of(state: Path) -> Folders:
    """Return the folders below `state`."""
    return Folders(state.resolve())


def source_folder() -> Path:
    """Return the project's folder: where jupyterhub_config.py, tutorials/ and notebooks/ stand."""
    here = Path(__file__).resolve()
    for folder in (Path.cwd(), *here.parents):
        if (folder / "jupyterhub_config.py").is_file() and (folder / "tutorials").is_dir():
            return folder
    raise StartError("jupyterhub_config.py is not here. Change to the folder of your Rounds checkout first.")


def write_down(folders: Folders, what: str, on: str, why: str) -> None:
    """Add to the audit trail what the person at this command line did."""
    make_folder(folders.root)
    record(folders.database_url, Act(operator(), what, on, why), datetime.now(UTC))


def operator() -> str:
    """Return who is at this command line, as the audit trail names them."""
    try:
        return f"{getpass.getuser()} (command line)"
    except (KeyError, OSError):  # an account without a name, as in some containers
        return "somebody (command line)"
