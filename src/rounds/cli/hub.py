"""`rounds hub`: start an event on this machine and stay until it ends."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from rounds.cli.asking import YesOption, ask_before
from rounds.cli.content import find_content
from rounds.cli.places import DEFAULT_STATE, StateOption, folders_of, operator, source_folder
from rounds.cli.preparation import HOLD_OUT_LOG, prepare_hold_out, prepare_rooms
from rounds.cli.progress import bar, console
from rounds.errors import Command, StartError, suggest
from rounds.event import Event, applied_file, load_event
from rounds.event.hosting import say_what_does_not_hold
from rounds.event.sealed import read_machine, say_seal
from rounds.hub.applying.ends import find_ends
from rounds.hub.demo import choose_challenge, choose_guests
from rounds.hub.demo_event import write_demo_event
from rounds.hub.hosting.addresses import Addresses
from rounds.hub.invite import find_open_links, have_signed_in, issue_links
from rounds.hub.memory import measure_use
from rounds.hub.running import find_running, hold_state
from rounds.hub.start import Start, apply_to_running, prepare, run_hub, warm_event
from rounds.hub.warming import KINDS
from rounds.store.folders import Folders

app = typer.Typer(no_args_is_help=True, help=__doc__)
AfterStart = Callable[[Event, Folders], None]
PortOption = Annotated[int, typer.Option(min=1, max=65535, help="The port that people open.")]
FILE = Path("events/demo/event.toml")

ON_LOOPBACK = "It listens on loopback only."
ON_NETWORK = "It listens on the network ({address}), as hosting.listen asks: synthetic and public data only."
STILL_OPEN = (
    "An open link was given out before and still works. It cannot be printed again: only its fingerprint is kept. "
    "Who has lost it gets a new one with the command below; the old one then stops."
)


@app.command()
def start(
    file: Annotated[Path | None, typer.Argument(help="The event file; the one applied last when left out.")] = None,
    state: StateOption = DEFAULT_STATE,
    port: PortOption = 8000,
    yes: YesOption = False,
) -> None:
    """Start an event and stay until Ctrl-C."""
    _ask_before(file, folders_of(state), yes, Command("hub", "start", file, "--port", port, "--yes"))
    sys.exit(_run(file, folders_of(state), port))


@app.command()
def memory(state: StateOption = DEFAULT_STATE) -> None:
    """Say how much memory each person and team takes in the running event."""
    uses = measure_use(folders_of(state))
    table = Table("account", "kind", "servers", "kernels", "MB (PSS)")
    for use in uses:
        table.add_row(use.account, use.kind, str(use.servers), str(use.kernels), f"{use.pss / 1e6:,.0f}")
    sums = (sum(u.servers for u in uses), sum(u.kernels for u in uses))
    table.add_row("all", "", *map(str, sums), f"{sum(u.pss for u in uses) / 1e6:,.0f}")
    Console().print(table)


@app.command()
def warm(
    who: Annotated[str, typer.Argument(help="teams, learning or all.")] = "teams",
    state: StateOption = DEFAULT_STATE,
) -> None:
    """Start servers of the running event ahead, a few at a time, and keep them from being culled for a while."""
    if who not in KINDS:
        raise StartError(f'There are no servers called "{who}".{suggest(who, KINDS)}')
    folders = folders_of(state)
    find_running(folders)
    with bar("Servers") as progress:
        done = warm_event(folders, who, progress)
    typer.echo(f"{len(done.ready)} servers are warm.")
    if done.late:
        raise StartError(
            f"{len(done.late)} did not start in time: {', '.join(done.late)}. See {folders.hub / 'hub.log'}"
        )


def demo(
    state: StateOption = DEFAULT_STATE,
    port: PortOption = 8000,
    event: Annotated[Path | None, typer.Option(help="Another event file than the demo's or the one applied.")] = None,
    yes: YesOption = False,
) -> None:
    """Start the demo event and print a personal sign-in link for one person of each kind."""
    _ask_before(event, folders_of(state), yes, Command("demo", "--event", event, "--port", port, "--yes"))
    sys.exit(_run(event, folders_of(state), port, then=_prepare_hold_out))


def _ask_before(file: Path | None, folders: Folders, yes: bool, again: Command) -> None:
    """Ask before another event file than the one applied last ends what has work in it."""
    if file is not None:
        ask_before(find_ends(folders, load_event(file)), yes, again)


def _prepare_hold_out(event: Event, folders: Folders) -> None:
    challenge = choose_challenge(event)
    if challenge and not prepare_hold_out(challenge, folders):
        console.print(f"The hold-out of {challenge.id} could not be prepared. See {folders.hub / HOLD_OUT_LOG}")


def _run(file: Path | None, folders: Folders, port: int, then: AfterStart | None = None) -> int:
    source = source_folder()
    with hold_state(folders, port):
        return _stay(Start(choose_event(file, folders, source), folders, source, port), then)


def choose_event(file: Path | None, folders: Folders, source: Path) -> Path:
    """Return the event file that was asked for, else the one applied last, else the demo's with phases around today."""
    return file or applied_file(folders.event) or write_demo_event(source / FILE, folders.demo_event, datetime.now(UTC))


def _stay(start: Start, then: AfterStart | None) -> int:
    console.print("Rounds: checking the machine and the event")
    if start.event_file == applied_file(start.folders.event):
        console.print("Going on with the event as it was applied last.")
    find_content(load_event(start.event_file), start.source, start.event_file.parent)
    event, ports, addresses = prepare(start)
    if os.geteuid() == 0:
        console.print("Note: this runs as root. For more than a look, use an ordinary account.")
    prepare_rooms(event, start.folders, start.source)
    if lacks := say_what_does_not_hold(addresses.hosting):
        console.print(lacks)
    status = console.status("Starting hub, proxy and desk")
    status.start()

    def when_ready() -> None:
        with bar("Reconciling people") as progress:
            file = start.folders.event / "current" / "event.toml"
            applied = apply_to_running(file, start.folders, operator(), progress)
        status.stop()
        if applied.undone:
            console.print(applied.say_undone())
        _print_links(event, start.folders, addresses)
        if then:
            then(event, start.folders)

    code = run_hub(start, ports, addresses, when_ready)
    status.stop()
    if code != 0:
        console.print(f"The hub ended with code {code}. Its log: {start.folders.hub / 'hub.log'}")
    console.print("Stopped. Nothing is lost: start again to go on.")
    return code


def _print_links(event: Event, folders: Folders, addresses: Addresses) -> None:
    base_url = addresses.hub_url
    guests = choose_guests(event)
    names = [person.username for _, person in guests]
    back = have_signed_in(folders, names)
    still_open = {name: until for name, until in find_open_links(folders, names).items() if name not in back}
    issued = issue_links(event, folders, base_url, [n for n in names if n not in back and n not in still_open], "demo")
    ways = {person.username: link for person, link in issued}
    ways |= {name: f"(open link, until {until:%Y-%m-%d %H:%M} UTC)" for name, until in still_open.items()}
    hosting = addresses.hosting
    where = ON_LOOPBACK if hosting.is_local else ON_NETWORK.format(address=hosting.listen)
    typer.echo(f"\nRounds is open: {base_url}\n{where}\n{say_seal(read_machine(folders))}\n")
    for text, person in guests:
        way = ways.get(person.username, f"{base_url}/ (user name {person.username}, your password)")
        typer.echo(f"  {text:<34} {person.name:<18} {way}")
    if still_open:
        typer.echo(f"\n{STILL_OPEN}")
    elsewhere = "" if folders.root == DEFAULT_STATE.resolve() else f" --state {folders.root}"
    typer.echo(f"\nEach link works once. A new one: .venv/bin/rounds people invite NAME{elsewhere}      Stop: Ctrl-C")
    sys.stdout.flush()
