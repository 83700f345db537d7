"""Start an event on this machine and stay until it ends; nothing that it started outlives it."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx

from rounds.audit import Act, record
from rounds.data.shelf.ledger import settle_ledger
from rounds.data.shelf.phases import apply_opening
from rounds.errors import StartError
from rounds.event import AppliedEvent, Deployment, Event, applied_file, load_event, read_event, store_event
from rounds.event.sealed import check_seal, write_machine
from rounds.hub.applying.effects import note_started, say_later
from rounds.hub.hosting.addresses import Addresses
from rounds.hub.hosting.gate import keep_room_ports
from rounds.hub.machine_checks import check_machine
from rounds.hub.reconcile import AccountsApi, find_missing_roles, reconcile
from rounds.hub.running import (
    choose_ports,
    hub_environment,
    load_secrets,
    read_api_url,
    was_started,
    write_ports,
)
from rounds.hub.running_event import Ports
from rounds.hub.warming import WarmApi, Warmed, accounts_of, keep_until, warm_servers
from rounds.meter import Progress
from rounds.room.seals import renew_plans
from rounds.room.tether import run_tethered
from rounds.store.database import open_database
from rounds.store.folders import Folders, make_folder
from rounds.store.moments import utc_now
from rounds.warm.seal.trying import ask_machine

READY_WITHIN_S = 90
STOPPED_WITHIN_S = 30


@dataclass(frozen=True)
class Start:
    """What an organiser asked to start."""

    event_file: Path
    folders: Folders
    source: Path
    port: int


def prepare(start: Start) -> tuple[Event, Ports, Addresses]:
    """Check the machine and the event, take the event over, and choose the ports and addresses."""
    check_machine(start.folders.root, Path(sys.executable).parent, load_event(start.event_file).hosting, start.port)
    _check_store(start.folders)
    machine = ask_machine()
    check_seal(load_event(start.event_file), machine)
    write_machine(start.folders, machine)
    event = _check_deployment(store_event(start.event_file, start.folders.event))
    addresses = Addresses(event.hosting, start.port)
    ports = choose_ports(start.port, addresses.needs_gate, event.hosting.room_ports)
    write_ports(start.folders, ports, addresses.hub_url)
    keep_room_ports(event, start.folders)
    note_started(start.folders, event)
    _settle(start.folders, "rounds")
    return event, ports, addresses


def _check_store(folders: Folders) -> None:
    """Raise `StartError` when the database cannot be used, before anything is changed."""
    make_folder(folders.root)
    open_database(folders.database_url).dispose()


def _settle(folders: Folders, by: str) -> None:
    """Tell the rooms what the database says is attached, and the organiser what was left unfinished."""
    for sentence in settle_ledger(folders, by, utc_now()):
        sys.stderr.write(f"{sentence}\n")


def _check_deployment(event: Event) -> Event:
    if event.event.deployment is not Deployment.EMBEDDED:
        raise StartError(
            f'event.deployment: "{event.event.deployment.value}" is not built yet; write: deployment = "embedded"'
        )
    return event


def run_hub(start: Start, ports: Ports, addresses: Addresses, when_ready: Callable[[], None]) -> int:
    """Run the hub until it ends; call `when_ready`, once, when people can sign in."""
    environ = hub_environment(start.folders, start.source, ports, dict(os.environ))
    log = start.folders.hub / "hub.log"
    config = start.source / "jupyterhub_config.py"
    command = [sys.executable, "-m", "jupyterhub", "--config", str(config)]
    ended = threading.Event()
    watcher = threading.Thread(target=_call_when_ready, args=(addresses, ports, ended, when_ready, log), daemon=True)
    watcher.start()
    with log.open("ab") as output:
        try:
            return run_tethered(command, environ, cwd=start.folders.hub, output=output, grace_s=STOPPED_WITHIN_S)
        finally:
            ended.set()


def _call_when_ready(
    addresses: Addresses, ports: Ports, ended: threading.Event, when_ready: Callable[[], None], log: Path
) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    while not ended.is_set():
        if is_ready(addresses, ports):
            when_ready()
            return
        if time.monotonic() > deadline:
            sys.stderr.write(f"The hub is not ready after {READY_WITHIN_S} s; its log: {log}\n")
            return
        time.sleep(0.3)


def is_ready(addresses: Addresses, ports: Ports) -> bool:
    """Return whether the hub and the desk answer through the proxy.

    The proxy is asked by its address, whatever the hub's name means on this machine; a certificate is for the name.
    """
    base, host = f"{addresses.proxy_url}:{ports.proxy}", {"Host": addresses.hub_netloc}
    try:
        with httpx.Client(base_url=base, headers=host, timeout=2, trust_env=False, verify=False) as client:  # noqa: S501
            hub, desk = client.get("/hub/health"), client.get("/services/desk/")
    except httpx.HTTPError:
        return False
    return hub.status_code == 200 and desk.status_code < 500


@dataclass(frozen=True)
class Applied:
    """What applying an event did, in a sentence, and each step that is still to do."""

    sentence: str
    undone: tuple[str, ...] = ()

    def say_undone(self) -> str:
        """Return what is to do in a few lines; nothing when all was done."""
        if not self.undone:
            return ""
        return "\n".join(["Not done yet; the next apply tries it again:", *(f"  {step}" for step in self.undone)])


def apply_to_running(event_file: Path, folders: Folders, by: str, progress: Progress) -> Applied:
    """Take an event file over and bring the running hub to it; return what was done."""
    _check_store(folders)
    before = _find_applied(folders)
    event = store_event(event_file, folders.event)
    keep_room_ports(event, folders)
    apply_opening(event, folders)
    renew_plans(event, folders)
    _settle(folders, by)
    record(folders.database_url, Act(by, "event applied", event.event.id, str(event_file)), utc_now())
    if not was_started(folders):
        return Applied(
            "The event is stored. No hub was started with this folder yet; the data commands work without one."
        )
    hub = AccountsApi(read_api_url(folders), load_secrets(folders)["apply"])
    try:
        unknown = find_missing_roles(event, hub.groups())
        made = reconcile(event, hub, progress)
    except httpx.TransportError:
        raise StartError("The event is stored, but its hub does not run. It takes effect at the next start.") from None
    plan = made.plan
    done = f"Applied: {len(plan.join)} joined a group, {len(plan.leave)} left one, {len(plan.remove)} left the event."
    later = [f"From the hub's next start: {', '.join(unknown)}."] if unknown else []
    return Applied(" ".join(filter(None, [done, *later, say_later(folders, before, event)])), made.undone)


def _find_applied(folders: Folders) -> Event | None:
    file = applied_file(folders.event)
    return read_event(file)[0] if file else None


def warm_event(folders: Folders, who: str, progress: Progress) -> Warmed:
    """Start the servers of "teams", "learning" or "all"; raise `StartError` when the hub does not answer."""
    event, now = AppliedEvent(folders.event).current(), datetime.now(UTC)
    hub = WarmApi(read_api_url(folders), load_secrets(folders)["apply"])
    accounts = accounts_of(event, who)
    try:
        return warm_servers(accounts, hub, keep_until(event, now), event.policy.idle_server_min, progress)
    except httpx.TransportError:
        raise StartError(f"The hub of {folders.root} does not answer. Its log: {folders.hub / 'hub.log'}") from None
