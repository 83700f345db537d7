"""Which module holds which commands: only the group that is asked for is imported, so that a command starts at once."""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import version
from typing import Annotated

import typer

GROUPS = ("event", "hub", "people", "data", "lessons", "challenges", "widgets", "grading", "learning")
HELP = "The commands, one module a noun."


def _say_version(asked: bool) -> None:
    if asked:
        typer.echo(f"rounds {version('rounds')}")
        raise typer.Exit


def _options(
    _version: Annotated[
        bool, typer.Option("--version", callback=_say_version, is_eager=True, help="Say which version this is.")
    ] = False,
) -> None:
    """Take what stands before a command."""


def build_app(asked: str = "") -> typer.Typer:
    """Return the command line with the group that is asked for; with all of them for any other word."""
    app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=HELP)
    app.callback()(_options)
    for name in (asked,) if asked in GROUPS else GROUPS:
        app.add_typer(import_module(f"rounds.cli.{name}").app, name=name)
    if asked not in GROUPS:
        app.command("demo")(import_module("rounds.cli.hub").demo)
        for name in ("backup", "restore"):
            app.command(name)(getattr(import_module("rounds.cli.backup"), name))
    return app
