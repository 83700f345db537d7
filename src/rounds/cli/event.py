"""`rounds event`: check an event file, apply it to a running hub."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rounds.cli.places import DEFAULT_STATE, StateOption, folders_of, operator
from rounds.cli.progress import bar
from rounds.event import load_event
from rounds.hub.start import apply_to_running

app = typer.Typer(no_args_is_help=True, help=__doc__)
FileArgument = Annotated[Path, typer.Argument(help="The event file, such as events/demo/event.toml.")]


@app.command()
def check(file: FileArgument) -> None:
    """Say everything that is wrong with an event file and its people file, each with its line."""
    event = load_event(file)
    counts = f"{len(event.challenge)} challenges, {len(event.team)} teams, {len(event.people)} people"
    typer.echo(f"{file} is in order: {counts}.")


@app.command()
def apply(file: FileArgument, state: StateOption = DEFAULT_STATE) -> None:
    """Bring a running hub to the event file: people added, moved and removed."""
    with bar("Applying") as progress:
        sentence = apply_to_running(file, folders_of(state), operator(), progress)
    typer.echo(sentence)
