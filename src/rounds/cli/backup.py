"""`rounds backup` and `rounds restore`: a running event into one file, and back onto a fresh machine."""

from __future__ import annotations

import shlex
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.exc import SQLAlchemyError

from rounds.cli.places import DEFAULT_STATE, StateOption, folders_of, write_down
from rounds.cli.progress import bar
from rounds.counted import counted
from rounds.errors import StartError
from rounds.event import AppliedEvent
from rounds.store.archive import Manifest
from rounds.store.backup import back_up
from rounds.store.folders import Folders
from rounds.store.restore import restore as put_back

NewFile = Annotated[Path, typer.Argument(help="The new file to write, best on another disk.")]
OldFile = Annotated[Path, typer.Argument(help="The file of a backup.")]


def backup(file: NewFile, state: StateOption = DEFAULT_STATE) -> None:
    """Write people, work, hand-ins, marks, scores and the audit trail of an event into one file, while it runs."""
    folders, target = folders_of(state), file.resolve()
    event = AppliedEvent(folders.event).current().event.id
    with bar("Backup") as progress:
        made = back_up(folders, target, event, datetime.now(UTC), progress)
    megabytes = target.stat().st_size / 1e6
    typer.echo(
        f"{target}: {counted(len(made.manifest.files), 'file')}, {megabytes:,.1f} MB. Keep it as you keep the event."
    )
    _note(folders, event, target)
    for name in made.restless:
        typer.echo(
            f"{name} changed all the time while it was read, and is in the backup as it was read last.", err=True
        )


def _note(folders: Folders, event: str, target: Path) -> None:
    """Write the backup into the audit trail; one that is made counts, also where the event's own disk is full."""
    try:
        write_down(folders, "event backed up", event, target.name)
    except (SQLAlchemyError, StartError) as error:
        typer.echo(f"The backup is whole, but is not in the audit trail, which could not be written: {error}", err=True)


def restore(file: OldFile, state: StateOption = DEFAULT_STATE) -> None:
    """Put an event back from its backup, into an empty state folder, whole or not at all."""
    folders = folders_of(state)
    with bar("Restore"):
        manifest = put_back(file.resolve(), folders)
    write_down(folders, "event restored", manifest.event, f"{file.name}, made {manifest.made_at}")
    typer.echo(f"The event {manifest.event} of {manifest.made_at} is in {folders.root}: start it as before.")
    for line in _say_packages(manifest):
        typer.echo(line)


def _say_packages(manifest: Manifest) -> list[str]:
    """Return what each team installs again in a terminal of its room: the environments were not backed up."""
    return [
        f"The team {team} had packages of its own. In a terminal of its room: pip install {shlex.join(names)}"
        for team, names in manifest.packages.items()
    ]
