"""`rounds data hold-out` and `rounds data score`: what teams predict, and their tries."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rounds.cli.data.datasets import open_named
from rounds.cli.places import (
    DEFAULT_STATE,
    CustodianOption,
    StateOption,
    custodian_folder,
    folders_of,
    ledger_of,
    operator,
)
from rounds.cli.progress import bar
from rounds.counted import counted
from rounds.data.shelf.attachments import attached
from rounds.data.shelf.catalogue import VARIABLE
from rounds.errors import Command, DataError, EventError, end_sentence, suggest
from rounds.event import AppliedEvent, Challenge
from rounds.store.folders import Folders, make_folder
from rounds.synthetic.stock import opens_own

NO_TIMELINE = (
    'the table has no timeline: write timeline = [...] under [table] of the decisions, available = "..." for each '
    "column, and import again"
)

if TYPE_CHECKING:
    from rounds.custody.scoring.task import Task
    from rounds.custody.scoring.tries import Try
    from rounds.data.dataset import Dataset
    from rounds.data.package import DataPackage
    from rounds.store.tables import Attachment


def hold_out(
    challenge: Annotated[str, typer.Argument(help="The challenge.")],
    custodian: CustodianOption = None,
    people: Annotated[int, typer.Option(help="How many new people, about.", min=100)] = 4000,
    inside_state: Annotated[
        bool, typer.Option("--inside-state", help="Keep the outcomes in the state folder, where the hub can read them.")
    ] = False,
    if_missing: Annotated[
        bool, typer.Option("--if-missing", help="Do nothing when the challenge has a hold-out already.")
    ] = False,
    state: StateOption = DEFAULT_STATE,
) -> None:
    """Draw new people of a challenge's synthetic dataset, to score predictions against them."""
    from rounds.custody.scoring.fresh import Places, make_hold_out
    from rounds.custody.scoring.task import task_of
    from rounds.data.shelf.ledger import find_current

    folders = folders_of(state)
    about = challenge_named(folders, challenge)
    dataset = _open_recipe(folders, about)
    mine = make_folder(custodian_folder(folders, custodian, inside_state=inside_state))
    with ledger_of(folders, datetime.now(UTC)) as ledger:
        if if_missing and find_current(ledger.engine, challenge, dataset.path.name):
            typer.echo(f"The challenge {challenge} has a hold-out. Nothing was made.")
            return
        places = Places(mine, folders.data, ledger.attach)
        with bar("Hold-out") as progress:
            made = make_hold_out(dataset, challenge, task_of(about), places, people, progress)
    typer.echo(f"{counted(made.rows, 'row')} to predict: teams open them as {made.dataset}.")
    typer.echo(f"The outcomes are in {made.folder}.")


def _open_recipe(folders: Folders, challenge: Challenge) -> Dataset:
    """Open a challenge's synthetic dataset; raise where there is none, as in a folder for a hospital's own tables."""
    from rounds.data.descriptor import FILE

    if (folders.data / challenge.dataset / FILE).is_file():
        return open_named(folders, challenge.dataset)
    raise DataError(
        f'{folders.data} has no dataset "{challenge.dataset}" to draw new people like. Of a real table people are held '
        "out when it is published; open that hold-out: ",
        Command("data", "attach", "FOLDER", "--challenge", challenge.id, "--part", "hold-out"),
    )


def score(
    file: Annotated[Path, typer.Argument(help="The predictions: CSV or Parquet.")],
    team: Annotated[str, typer.Option(help="The team that hands in.")],
    state: StateOption = DEFAULT_STATE,
) -> None:
    """Score a team's predictions against the hold-out, outside its room; at most three tries."""
    from rounds.custody.scoring.tries import MOST, HandIn, hand_in
    from rounds.custody.scoring.words import unprepared
    from rounds.data.shelf.ledger import find_current
    from rounds.store.database import open_database

    folders = folders_of(state)
    event = AppliedEvent(folders.event).current()
    if team not in event.team_by_id:
        raise DataError(f'The event has no team "{team}".{suggest(team, event.team_by_id)}')
    if not file.is_file():
        raise DataError(f"{file}: there is no such file.")
    challenge = event.challenge_by_id[event.team_by_id[team].challenge]
    dataset = attached(challenge.dataset, {VARIABLE: str(folders.data)})
    handed = HandIn(file, team, challenge.id, dataset, operator(), event.policy.min_cell_count)
    engine = open_database(folders.database_url)
    try:
        if find_current(engine, challenge.id, dataset) is None:
            raise unprepared(challenge.id, opens_own(folders.data, challenge.dataset))
        done, is_new = hand_in(engine, folders.hold_outs, handed, datetime.now(UTC))
    finally:
        engine.dispose()
    again = "" if is_new else " This file was scored before; no try was used."
    typer.echo(f"Try {done.number} of {MOST} of {event.team_by_id[team].title}.{again}")
    for line in say_score(done):
        typer.echo(line)


def say_score(done: Try) -> list[str]:
    """Return the figures of a try, one line each."""
    from rounds.custody.scoring.words import describe_figure

    return [describe_figure(figure) for figure in done.score.figures]


def challenge_named(folders: Folders, challenge: str) -> Challenge:
    """Return a challenge of the applied event."""
    known = AppliedEvent(folders.event).current().challenge_by_id
    if challenge not in known:
        raise DataError(f'The event has no challenge "{challenge}".{suggest(challenge, known)}')
    return known[challenge]


def task_to_publish(folders: Folders, dataset: Dataset) -> tuple[Task | None, str]:
    """Return the task of the challenge that a dataset was de-identified for; without one, why it cannot be scored.

    A hospital's table need not have the outcome that the event file names.  Then nobody is held out, unless the plan
    says ``unscored`` and why.
    """
    from rounds.custody.privacy.plan.treatment import read_treatment

    treatment = read_treatment(dataset.path)
    task, why = find_task(folders, treatment.challenge if treatment else "", dataset.package)
    if task is None and not (treatment and treatment.unscored):
        raise DataError(
            f"Nothing was published: a hold-out of {dataset.name} cannot be scored, because {why}. Mend that; or hold "
            'nobody out with --hold-out 0; or write unscored = "why" in the plan, and de-identify again.'
        )
    return task, f"{why}. The plan says: {end_sentence(treatment.unscored)}" if treatment and task is None else ""


def find_task(folders: Folders, challenge: str, package: DataPackage) -> tuple[Task | None, str]:
    """Return what a challenge asks to predict, or why predictions on this dataset cannot be scored: no full stop."""
    from rounds.custody.scoring.task import check_columns, check_task, task_of

    try:
        about = AppliedEvent(folders.event).current().challenge_by_id.get(challenge)
    except EventError as error:
        return None, f"no event can be read here: {_inside(error)}"
    if about is None:
        return None, f'the event has no challenge "{challenge}"'
    if not about.metric:
        return None, f'the challenge "{challenge}" has no metric in the event file'
    task, whys = task_of(about), []
    for check in (partial(check_columns, task, package), partial(check_task, task, package)):
        try:
            check()
        except DataError as why:
            whys.append(_inside(why))
        if not package.timeline:
            whys.append(NO_TIMELINE)
        if whys:
            return None, "; ".join(whys)
    return task, ""


def say_left_out(task: Task, package: DataPackage) -> str:
    """Return which columns of the first table teams do not get of the hold-out, and why; empty when they get all."""
    from rounds.custody.scoring.task import find_unknown, moment

    known, left = find_unknown(task, package)
    if not left:
        return ""
    return (
        f"Of the hold-out's first table teams get {counted(len(known), 'feature')} ({', '.join(known)}). "
        f'Left out, as no "available" says that they are known by "{moment(task, package)}": {", ".join(left)}.'
    )


def _inside(error: Exception) -> str:
    """Return an error's sentence as it stands inside another one."""
    text = re.sub(r'\. Did you mean ("[^"]*")\?$', r" (did you mean \1?)", str(error)).removesuffix(".")
    return text[:1].lower() + text[1:] if text.startswith("Dataset ") else text


def scored_hold_out(folder: Path, custodian: Path | None, challenge: str) -> Attachment:
    """Return the hold-out of a publication, found in the custodian's folder."""
    from rounds.custody.publishing.attach import check_scored, find_scored
    from rounds.custody.publishing.publication import read_publication

    check_scored(folder, read_publication(folder))
    if custodian is None:
        raise DataError("Say where the custodian keeps the hold-out: --custodian FOLDER")
    return find_scored(folder, custodian, challenge)


def register(app: typer.Typer) -> None:
    """Add the commands of scoring to `rounds data`."""
    app.command("hold-out")(hold_out)
    app.command("score")(score)
