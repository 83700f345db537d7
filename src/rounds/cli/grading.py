"""`rounds grading`: release the lessons, grade what was handed in, once or again, and export the marks."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Annotated

import typer

from rounds.cli.content import find_content, lay_out
from rounds.cli.content import release as release_new
from rounds.cli.places import DEFAULT_STATE, StateOption, folders_of, source_folder, write_down
from rounds.cli.progress import bar
from rounds.event import AppliedEvent
from rounds.grading.course import Course, course_of
from rounds.grading.export import export_marks
from rounds.grading.regrade import regrade
from rounds.grading.run import run_grading
from rounds.hub.warm_spawner import use_template
from rounds.store.folders import Folders
from rounds.store.versions import LINK

app = typer.Typer(no_args_is_help=True, help=__doc__)


@app.command()
def release(state: StateOption = DEFAULT_STATE) -> None:
    """Release the event's lessons that are new or changed."""
    folders = folders_of(state)
    event = AppliedEvent(folders.event).current()
    content = find_content(event, source_folder(), folders.event / LINK)
    lay_out(content, folders)
    names = release_new(event, folders, content.lessons)
    if names:
        write_down(folders, "lessons released", event.event.id, ", ".join(names))
    typer.echo(f"Released: {', '.join(names)}." if names else "Nothing new to release.")


@app.command()
def run(state: StateOption = DEFAULT_STATE) -> None:
    """Collect and grade what was handed in since the last run, and release its feedback."""
    folders, course = _open(state)
    with bar("Grading") as progress:
        outcome = run_grading(course, progress)
    graded = f"{len(outcome.graded)} submissions, {len(outcome.failed)} not gradable"
    if outcome.graded or outcome.failed:
        write_down(folders, "submissions graded", course.id, graded)
    for _, _, sentence in outcome.failed:
        typer.echo(sentence, err=True)
    if not outcome.graded and not outcome.failed:
        typer.echo("Nothing new was handed in.")
        return
    typer.echo(f"Graded {len(outcome.graded)} submissions; {len(outcome.failed)} could not be graded.")
    if outcome.failed:
        raise typer.Exit(1)


@app.command()
def again(
    lesson: Annotated[str, typer.Argument(help="The lesson as the board names it, such as a3-report-card.")],
    state: StateOption = DEFAULT_STATE,
) -> None:
    """Grade every hand-in of a lesson again, after a check was mended, and say whose marks moved."""
    folders, course = _open(state)
    with bar("Grading") as progress:
        outcome = regrade(course, lesson, progress)
    moved = f"{lesson}: {outcome.graded} submissions, {len(outcome.moved)} marks moved"
    write_down(folders, "submissions graded again", course.id, moved)
    for mark in outcome.moved:
        typer.echo(f"{mark.who} {mark.cell}: {_points(mark.before)} to {_points(mark.after)}")
    for _, _, sentence in outcome.failed:
        typer.echo(sentence, err=True)
    typer.echo(f"Graded {outcome.graded} submissions again; {len(outcome.moved)} marks moved.")
    if outcome.failed:
        raise typer.Exit(1)


@app.command()
def export(
    file: Annotated[Path, typer.Argument(help="The file to write.")] = Path("grades.csv"),
    state: StateOption = DEFAULT_STATE,
) -> None:
    """Write the marks into a CSV file, with the columns of nbgrader's own exporter."""
    _, course = _open(state)
    count = export_marks(course, file)
    typer.echo(f"Wrote {count} lines into {file}.")


def _open(state: Path) -> tuple[Folders, Course]:
    """Return the folders and the course of an event, with what it takes to grade here."""
    folders = folders_of(state)
    event = AppliedEvent(folders.event).current()
    use_template(folders)
    warnings.filterwarnings("ignore", message="Object of type <Submitted.*> not in session")  # nbgrader's own
    return folders, course_of(event, folders)


def _points(points: float | None) -> str:
    return "no mark" if points is None else f"{points:g}"
