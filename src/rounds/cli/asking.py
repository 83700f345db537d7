"""Ask the person at the command line before something is done that ends what others have work in."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from rounds.errors import Command, EventError

YesOption = Annotated[bool, typer.Option("--yes", help="Do it although something with work in it ends; ask nothing.")]


def ask_before(ends: Sequence[str], yes: bool, again: Command) -> None:
    """Name what ends, and go on only when the person says so.

    Raises
    ------
    EventError
        When nobody is there to be asked, and `yes` was not said; with the command that says it.
    """
    if not ends:
        return
    said = "\n".join(f"  {sentence}" for sentence in ends)
    if not yes and not sys.stdin.isatty():
        raise EventError(f"Nothing was changed, because this ends what has work in it:\n{said}\nTo go on: ", again)
    typer.echo(f"This ends what has work in it:\n{said}", err=True)
    if not yes:
        typer.confirm("Go on?", abort=True, err=True)
