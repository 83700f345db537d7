"""Which module holds which commands: only the group that is asked for is imported, so that a command starts at once."""

from __future__ import annotations

from importlib import import_module

import typer

GROUPS = ("event", "hub", "people", "data", "lessons", "grading")
HELP = "The commands, one module a noun."


def build_app(asked: str = "") -> typer.Typer:
    """Return the command line with the group that is asked for; with all of them for any other word."""
    app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=HELP)
    for name in (asked,) if asked in GROUPS else GROUPS:
        app.add_typer(import_module(f"rounds.cli.{name}").app, name=name)
    if asked not in GROUPS:
        app.command("demo")(import_module("rounds.cli.hub").demo)
    return app
