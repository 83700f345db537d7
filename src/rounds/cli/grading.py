"""`rounds grading`: release the lessons, autograde what was handed in."""

from __future__ import annotations

import os
import warnings

import typer

from rounds.cli.content import find_content, lay_out
from rounds.cli.content import release as release_new
from rounds.cli.places import DEFAULT_STATE, StateOption, folders_of, source_folder, write_down
from rounds.cli.progress import bar
from rounds.event import AppliedEvent
from rounds.grading.course import course_of
from rounds.grading.run import run_grading
from rounds.hub.warm_spawner import use_template
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
    """Collect and autograde what was handed in since the last run."""
    folders = folders_of(state)
    event = AppliedEvent(folders.event).current()
    course = course_of(event.event.id, folders)
    os.environ |= {
        "ROUNDS_DATA": str(folders.data),
        "ROUNDS_LESSONS": str(course.hidden / LINK),
    }
    use_template(folders)
    warnings.filterwarnings("ignore", message="Object of type <SubmittedNotebook> not in session")  # nbgrader's own
    with bar("Grading") as progress:
        outcome = run_grading(course, progress)
    graded = f"{len(outcome.graded)} submissions, {len(outcome.failed)} not gradable"
    if outcome.graded or outcome.failed:
        write_down(folders, "submissions graded", event.event.id, graded)
    for _, _, sentence in outcome.failed:
        typer.echo(sentence, err=True)
    if not outcome.graded and not outcome.failed:
        typer.echo("Nothing new was handed in.")
        return
    typer.echo(f"Graded {len(outcome.graded)} submissions; {len(outcome.failed)} could not be graded.")
    if outcome.failed:
        raise typer.Exit(1)
