"""`rounds widgets`: write a widget's skeleton into an event's own folder."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from rounds.cli.own_widgets import check_name, class_name
from rounds.cli.skeleton import check_event_folder, write_files
from rounds.errors import StartError

app = typer.Typer(no_args_is_help=True, help=__doc__)
_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


@app.callback()
def _group() -> None:
    """Take what stands before a command."""


@app.command()
def new(
    name: Annotated[str, typer.Argument(help="The widget's name in small letters, such as blood_gas.")],
    folder: Annotated[Path, typer.Option("--folder", help="The event's own folder, where event.toml lies.")],
) -> None:
    """Write the skeleton of a widget: one Python file, one ES module and one style sheet, working as they are."""
    if not _NAME.fullmatch(name):
        raise StartError(
            f'"{name}" is no name of a widget. Write small letters, digits and underscores, like blood_gas'
        )
    check_event_folder(folder)
    check_name(name)
    sentence = name.replace("_", " ").capitalize()
    words = {"class_name": class_name(name), "sentence": sentence, "css_name": name.replace("_", "-")}
    made = write_files("widget", folder / "widgets", name, words)
    typer.echo(f"Wrote {', '.join(path.name for path in made)} in {folder / 'widgets'}.")
    typer.echo(f"In a notebook of the event: from rounds_widgets import {class_name(name)}")
