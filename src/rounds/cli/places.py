"""Where the command line finds an event's folders and the project's own files."""

from __future__ import annotations

import getpass
import os
import shlex
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rounds.errors import Command, DataError, StartError, UserError
from rounds.store.folders import Folders, make_folder

if TYPE_CHECKING:
    from rounds.data.shelf.ledger import Ledger

StateOption = Annotated[
    Path,
    typer.Option("--state", envvar="ROUNDS_STATE", help="The folder that keeps everything of the event."),
]
DEFAULT_STATE = Path(".rounds/demo")
CustodianOption = Annotated[
    Path | None,
    typer.Option(envvar="ROUNDS_CUSTODIAN", help="The custodian's folder, outside the state folder; ~/custodian."),
]
DEFAULT_CUSTODIAN = "~/custodian"


def folders_of(state: Path) -> Folders:
    """Return the folders below `state`; raise for a file in its place."""
    root = state.resolve()
    there = next(path for path in (root, *root.parents) if path.exists())
    if not there.is_dir():
        raise StartError(f"{there} is a file; the state of an event is a folder. Name a folder: --state FOLDER")
    return Folders(root)


def source_folder() -> Path:
    """Return the project's folder: where jupyterhub_config.py, tutorials/ and notebooks/ stand."""
    here = Path(__file__).resolve()
    for folder in (Path.cwd(), *here.parents):
        if (folder / "jupyterhub_config.py").is_file() and (folder / "tutorials").is_dir():
            return folder
    raise StartError("jupyterhub_config.py is not here. Change to the folder of your Rounds checkout first.")


def custodian_folder(folders: Folders, given: Path | None, *, inside_state: bool = False) -> Path:
    """Return where the custodian keeps keys and hold-outs; raise for a place in the state folder, unless it is asked.

    The hub serves the state folder, so what must stay with the custodian lies elsewhere.
    """
    if inside_state and given is None:
        return folders.custodian
    folder = (given or Path(os.environ.get("ROUNDS_CUSTODIAN", DEFAULT_CUSTODIAN))).expanduser().resolve()
    if folder.is_relative_to(folders.root) and not inside_state:
        raise DataError(
            f"{folder}: this lies in the state folder {folders.root}, which the hub serves. Name a folder that is the "
            f"custodian's alone: --custodian {DEFAULT_CUSTODIAN}"
        )
    return folder


def paste(*words: object, state: Path | None = None) -> str:
    """Return a command of Rounds as it can be pasted here: called as this one was, with its state folder, if any."""
    usual = Path(os.environ.get("ROUNDS_STATE", DEFAULT_STATE))
    more = [] if state in (None, usual) else ["--state", str(state)]
    return shlex.join([*_program(), *map(str, words), *more])


def in_words(error: UserError, state: Path | None) -> str:
    """Return an error's sentence with its commands as they can be pasted here, with the state folder that was named."""

    def show(command: Command) -> str:
        return paste(*command.words, state=None if "--state" in command.words else state)

    return error.say(show)


def named_state(argv: Sequence[str]) -> Path | None:
    """Return the state folder that a command line names; none where it names none."""
    named = [argv[i + 1] for i, word in enumerate(argv[:-1]) if word == "--state"]
    named += [word.removeprefix("--state=") for word in argv if word.startswith("--state=")]
    return Path(named[0]) if named else None


def _program() -> list[str]:
    """Return how this program was called."""
    called = Path(sys.argv[0])
    if called.parts[-2:] == ("rounds", "__main__.py"):
        return [sys.executable, "-m", "rounds"]
    return [sys.argv[0]] if called.name == "rounds" else ["rounds"]


@contextmanager
def ledger_of(folders: Folders, now: datetime) -> Iterator[Ledger]:
    """Open what the event's challenges open, for an act of the person at this command line; say what was unfinished."""
    from rounds.data.shelf.ledger import open_ledger

    with open_ledger(folders, operator(), now) as ledger:
        for sentence in ledger.said:
            typer.echo(sentence)
        yield ledger


def write_down(folders: Folders, what: str, on: str, why: str) -> None:
    """Add to the audit trail what the person at this command line did."""
    from rounds.audit import Act, record

    make_folder(folders.root)
    record(folders.database_url, Act(operator(), what, on, why), datetime.now(UTC))


def operator() -> str:
    """Return who is at this command line, as the audit trail names them."""
    try:
        return f"{getpass.getuser()} (command line)"
    except (KeyError, OSError):  # an account without a name, as in some containers
        return "somebody (command line)"
