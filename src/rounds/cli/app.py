"""The commands, one module a noun."""

from __future__ import annotations

import typer

from rounds.cli import data, event, grading, hub, lessons, people

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
app.add_typer(event.app, name="event")
app.add_typer(hub.app, name="hub")
app.add_typer(people.app, name="people")
app.add_typer(data.app, name="data")
app.add_typer(lessons.app, name="lessons")
app.add_typer(grading.app, name="grading")
app.command("demo")(hub.demo)
