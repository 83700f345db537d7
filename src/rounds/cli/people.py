"""`rounds people`: personal sign-in links."""

from __future__ import annotations

from typing import Annotated

import typer

from rounds.cli.places import DEFAULT_STATE, StateOption, folders_of
from rounds.event import AppliedEvent
from rounds.hub.invite import issue_links
from rounds.hub.running import read_hub_url

app = typer.Typer(no_args_is_help=True, help=__doc__)


@app.command()
def invite(
    usernames: Annotated[list[str], typer.Argument(help="User names, or the word everyone.")],
    state: StateOption = DEFAULT_STATE,
) -> None:
    """Print a new personal sign-in link for each; older links of theirs stop working."""
    folders = folders_of(state)
    event = AppliedEvent(folders.event).current()
    names = [p.username for p in event.people] if usernames == ["everyone"] else usernames
    for person, link in issue_links(event, folders, read_hub_url(folders), names, "organiser"):
        typer.echo(f"{person.username}\t{person.name}\t{link}")
