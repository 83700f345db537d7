"""`rounds lessons`: build the learners' notebooks from their sources."""

from __future__ import annotations

import typer

from rounds.cli.places import source_folder
from rounds.cli.progress import bar
from rounds.errors import LessonError
from rounds.lessons.build import build_all, find_stale
from rounds.lessons.lint import find_problems
from rounds.lessons.source import list_sources, read_source

app = typer.Typer(no_args_is_help=True, help=__doc__)


@app.command()
def build() -> None:
    """Write the learner's notebook beside every source in tutorials/."""
    with bar("Lessons") as progress:
        changed = build_all(source_folder() / "tutorials", progress)
    typer.echo("\n".join(f"wrote {path}" for path in changed) or "All notebooks are up to date.")


@app.command()
def check() -> None:
    """Say what a tutorial lacks, and which notebooks are older than their sources."""
    tutorials = source_folder() / "tutorials"
    problems = [f"{path}: older than its source; run: rounds lessons build" for path in find_stale(tutorials)]
    for source in list_sources(tutorials):
        problems += [f"{source}: {problem}" for problem in find_problems(read_source(source), source.parent)]
    if problems:
        raise LessonError("\n".join(problems))
    typer.echo("All lessons are in order.")
