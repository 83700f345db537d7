"""`rounds event`: check an event file, apply it to a running hub."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rounds.cli.asking import YesOption, ask_before
from rounds.cli.content import Content, find_content, lay_out, release
from rounds.cli.places import DEFAULT_STATE, StateOption, folders_of, operator, paste, source_folder
from rounds.cli.progress import bar
from rounds.counted import counted
from rounds.errors import Command
from rounds.event import Event, find_notes, load_event
from rounds.event.certificate import check_certificate
from rounds.event.hosting import say_what_does_not_hold
from rounds.hub.applying.ends import find_ends
from rounds.hub.running import was_started
from rounds.hub.start import apply_to_running
from rounds.store.versions import LINK

app = typer.Typer(no_args_is_help=True, help=__doc__)
FileArgument = Annotated[Path, typer.Argument(help="The event file, such as events/demo/event.toml.")]


@app.command()
def check(file: FileArgument) -> None:
    """Say everything that is wrong with an event file and its people file, each with its line."""
    event = load_event(file)
    check_certificate(file, event)
    content = find_content(event, source_folder(), file.parent)
    counts = f"{len(event.challenge)} challenges, {len(event.team)} teams, {len(event.people)} people"
    typer.echo(f"{file} is in order: {counts}; {_say_content(content)}.")
    _say_notes(file)
    _say_without_folder(event, content)
    if lacks := say_what_does_not_hold(event.hosting):
        typer.echo(lacks)


@app.command()
def apply(file: FileArgument, state: StateOption = DEFAULT_STATE, yes: YesOption = False) -> None:
    """Bring a running hub to the event file: people added, moved and removed."""
    folders = folders_of(state)
    event = load_event(file)
    find_content(event, source_folder(), file.parent)
    ask_before(find_ends(folders, event), yes, Command("event", "apply", file, "--yes"))
    with bar("Applying") as progress:
        applied = apply_to_running(file, folders, operator(), progress)
    content = find_content(event, source_folder(), folders.event / LINK)
    lay_out(content, folders)
    released = release(event, folders, content.lessons) if was_started(folders) else []  # else the start does it
    laid_out = f"Rooms find {_say_content(content)}."
    typer.echo(" ".join([applied.sentence, laid_out, *([f"Released: {', '.join(released)}."] if released else [])]))
    _say_notes(file)
    _say_without_folder(event, content)
    if applied.undone:
        typer.echo(applied.say_undone(), err=True)
        raise typer.Exit(1)


def _say_notes(file: Path) -> None:
    """Say how the people file was read, and whom it may name twice."""
    for note in find_notes(file):
        typer.echo(note)


def _say_content(content: Content) -> str:
    widgets = len(list(content.widgets.glob("[a-z]*.py")))
    found = (("lesson", len(content.lessons)), ("challenge folder", len(content.challenges)))
    said = [counted(number, what) for what, number in found]
    return ", ".join([*said, f"{counted(widgets, 'widget')} of its own"])


def _say_without_folder(event: Event, content: Content) -> None:
    """Name the challenges whose teams will find no notebook."""
    known = {challenge.id for challenge, _ in content.challenges}
    for challenge in event.challenge:
        if challenge.id not in known:
            typer.echo(
                f'The challenge "{challenge.id}" has no folder with a brief.toml: its teams start without a notebook. '
                f"Write one: {paste('challenges', 'new', challenge.id, '--folder')} EVENT_FOLDER"
            )
