"""`rounds learning`: links to the last test of knowledge, and what an ethics committee is given."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from rounds.cli.places import DEFAULT_STATE, StateOption, folders_of
from rounds.counted import counted
from rounds.desk.learning.own_tests import find_taken, words_of_consent
from rounds.desk.marks import load_marks
from rounds.errors import EventError
from rounds.event import AppliedEvent, Event
from rounds.hub.running import read_hub_url
from rounds.instrument.export import write_export
from rounds.instrument.gains import FEWEST
from rounds.instrument.knowledge_tests import issue_link, load_tests
from rounds.instrument.occasions import Occasion, again_opens
from rounds.progress.collect import Summaries
from rounds.roles import Role
from rounds.store.database import open_database
from rounds.store.folders import Folders

app = typer.Typer(no_args_is_help=True, help=__doc__)
NOT_MEASURED = "This event does not measure what people learn. Write in the event file: [learning] measure = true"


@app.command()
def links(state: StateOption = DEFAULT_STATE) -> None:
    """Print a personal link to the last test for each who took the first one; older links stop working."""
    folders = folders_of(state)
    event = _measured(folders)
    engine, hub = open_database(folders.database_url), read_hub_url(folders)
    people = event.with_role(Role.PARTICIPANT)
    tests = load_tests(engine, [person.username for person in people])
    first = {one.username for one in tests if one.occasion is Occasion.BEFORE and one.finished}
    last = {one.username for one in tests if one.occasion is Occasion.AGAIN and one.finished}
    for person in people:
        if person.username in first - last:
            secret = issue_link(engine, person.username, datetime.now(UTC))
            typer.echo(f"{person.email}\t{person.name}\t{hub.rstrip('/')}/services/desk/again/{secret}")
    engine.dispose()
    if said := describe_links(event, len(first - last), datetime.now(UTC)):
        typer.echo(said, err=True)  # beside the lines that a mail program reads


def describe_links(event: Event, count: int, now: datetime) -> str:
    """Say from when on the links work, or why there is none; nothing where they work now."""
    opens = again_opens(event)
    if opens is None:
        return "This event asks no last test: [learning] again_days is 0."
    if not count:
        return "No links: nobody has taken the first test without the last one yet."
    return f"The links work from {opens:%Y-%m-%d %H:%M %Z} on. Send them then." if now < opens else ""


@app.command()
def export(
    file: Annotated[Path, typer.Argument(help="The archive to write (.zip).")], state: StateOption = DEFAULT_STATE
) -> None:
    """Write consent, questions, the plan of the analysis and all answers, without names and times."""
    folders = folders_of(state)
    event = _measured(folders)
    engine = open_database(folders.database_url)
    tests = load_tests(engine, [person.username for person in event.with_role(Role.PARTICIPANT)])
    taken = find_taken(load_marks(event, folders, engine, Summaries()), tests)
    count = write_export(file, words_of_consent(event), tests, taken)
    engine.dispose()
    told = counted(count, "person", "people") if count else f"no answers yet (fewer than {FEWEST} people)"
    typer.echo(f"{file}: {told}, without names and times.")


def _measured(folders: Folders) -> Event:
    event = AppliedEvent(folders.event).current()
    if not event.learning.measure:
        raise EventError(NOT_MEASURED)
    return event
