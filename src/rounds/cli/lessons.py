"""`rounds lessons`: write a lesson's skeleton, build the learners' notebooks, say what a lesson lacks."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated

import typer

from rounds.cli.places import DEFAULT_STATE, StateOption, folders_of, paste, source_folder
from rounds.cli.progress import bar
from rounds.cli.skeleton import check_event_folder, write_folder
from rounds.counted import counted
from rounds.errors import LessonError
from rounds.event import AppliedEvent
from rounds.lessons.build import build_all, find_stale
from rounds.lessons.curriculum.counts import count
from rounds.lessons.curriculum.overview import look_at
from rounds.lessons.curriculum.page import COUNTED, render_page
from rounds.lessons.finding import find_lessons
from rounds.lessons.folder import NAME, TRACKS, LessonFolder
from rounds.lessons.rehearsal import find_lesson_problems
from rounds.lessons.stock import write_stock
from rounds.progress.flags import FEWEST, find_flags
from rounds.progress.presses import read_presses
from rounds.roles import Role
from rounds.store.whole import write_whole

app = typer.Typer(no_args_is_help=True, help=__doc__)
FolderOption = Annotated[
    Path | None, typer.Option("--folder", help="The event's own folder, where event.toml lies; Rounds' own without it.")
]


@app.command()
def new(
    name: Annotated[str, typer.Argument(help="The id and the topic, such as x1_blood_gas.")],
    title: Annotated[str, typer.Option(help="What the lesson is called.")] = "A lesson",
    track: Annotated[str, typer.Option(help=f"The track: {', '.join(TRACKS)}, or a name of your own.")] = "together",
    folder: FolderOption = None,
) -> None:
    """Write the skeleton of a lesson: it works as it is, and every part of it is yours to write over."""
    if not NAME.fullmatch(name):
        raise LessonError(f'"{name}" is no name of a lesson. Write id and topic in small letters, like x1_blood_gas')
    target = _tutorials(folder) / track / name
    lesson = LessonFolder(name, track, target, target)
    if lesson.id in find_lessons([source_folder() / "tutorials", target.parents[1]]):
        raise LessonError(f'There is a lesson "{lesson.id}" already. Give yours another id, like y1_blood_gas')
    words = {
        "id": lesson.id,
        "title": title,
        "title_text": json.dumps(title, ensure_ascii=False),
        "assignment": lesson.assignment,
        "track_title": lesson.track_title,
    }
    write_folder("lesson", target, words)
    build_all([lesson])
    typer.echo(
        f"Wrote {target}. Edit lesson.py, checks.py, hidden.py, answers.py and notes.md, then: "
        f"{_paste('build', folder)}\n"
        f'Put it on the board: add "{lesson.assignment}" to lessons in event.toml.'
    )


@app.command()
def build(
    folder: FolderOption = None,
    stock: Annotated[Path | None, typer.Option(help="Write a course for nbgrader alone into this folder.")] = None,
) -> None:
    """Write the learner's notebook of every lesson in tutorials/, or all of them as a course for nbgrader alone."""
    if stock is not None:
        with bar("Lessons") as progress:
            written = write_stock(_own(folder), stock, progress)
        typer.echo("\n".join(f"wrote {path}" for path in written))
        return
    with bar("Lessons") as progress:
        changed = build_all(_own(folder), progress)
    typer.echo("\n".join(f"wrote {path}" for path in changed) or "All notebooks are up to date.")


@app.command(name="test")
def try_all(folder: FolderOption = None, state: StateOption = DEFAULT_STATE) -> None:
    """Say what a lesson lacks, which answers meet another sentence than they should, and run each solution."""
    lessons = _own(folder)
    again = _paste("build", folder)
    problems = [f"{path}: older than its source; run: {again}" for path in find_stale(lessons)]
    os.environ.setdefault("ROUNDS_DATA", str(folders_of(state).data))
    with bar("Lessons") as progress:
        for number, lesson in enumerate(lessons):
            progress(f"try {lesson.name}", number, len(lessons))
            problems += find_lesson_problems(lesson, folder / "widgets" if folder else None)
            progress(f"try {lesson.name}", number + 1, len(lessons))
    if problems:
        raise LessonError("\n".join(problems))
    typer.echo("All lessons are in order." if lessons else f"There is no lesson in {_tutorials(folder)}.")


@app.command()
def lint(folder: FolderOption = None) -> None:
    """Say what the form of a lesson lacks: parts, minutes, words, alt texts, old notebooks. It runs no answer."""
    lessons = _own(folder)
    again = _paste("build", folder)
    problems = [f"{path}: older than its source; run: {again}" for path in find_stale(lessons)]
    problems += [f"{lesson.file('lesson.py')}: {said}" for lesson in lessons for said in look_at(lesson).problems]
    if problems:
        raise LessonError("\n".join(problems))
    typer.echo(f"{counted(len(lessons), 'lesson')}, no finding.")


@app.command(name="count")
def count_all(
    folder: FolderOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write the counts as JSON.")] = False,
) -> None:
    """Count lessons, exercises, kinds of answers, named mistakes, pictures, words, findings."""
    counts = count([look_at(lesson) for lesson in _own(folder)])
    lines = (f"{number:>6,}  {COUNTED[name]}" for name, number in counts.items())
    typer.echo(json.dumps(counts) if as_json else "\n".join(lines))


@app.command()
def curriculum(folder: FolderOption = None) -> None:
    """Write docs/reference/curriculum.md: every lesson with what it is for and how it is checked."""
    lessons = [look_at(lesson) for lesson in _own(folder)]
    page = (folder or source_folder()) / "docs" / "reference" / "curriculum.md"
    page.parent.mkdir(parents=True, exist_ok=True)
    write_whole(page, render_page(lessons, count(lessons)))
    typer.echo(f"wrote {page}")


def _tutorials(folder: Path | None) -> Path:
    if folder is not None:
        check_event_folder(folder)
    return (folder or source_folder()) / "tutorials"


def _own(folder: Path | None) -> list[LessonFolder]:
    return list(find_lessons([_tutorials(folder)], installed=()).values())


def _paste(command: str, folder: Path | None) -> str:
    return paste("lessons", command, *(["--folder", folder] if folder else []))


@app.command()
def flags(state: StateOption = DEFAULT_STATE) -> None:
    """Say which exercises and sentences want mending, from the presses of ten people or more."""
    folders = folders_of(state)
    people = AppliedEvent(folders.event).current().with_role(Role.PARTICIPANT)
    found = find_flags([tuple(read_presses(folders.checks(person.username))) for person in people])
    for flag in found:
        named = f' after "{flag.mistake}"' if flag.mistake else ""
        typer.echo(f"{flag.lesson} {flag.exercise}: {flag.what}{named}: {flag.share:.0%} of {flag.people}")
    if not found:
        typer.echo(f"Nothing to mend, as far as {FEWEST} people or more have pressed a check.")
