"""Start servers before people ask for them, a few at a time, and keep them from being culled for a while."""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx

from rounds.event import Event, Phase
from rounds.hub.reconcile import AccountsApi
from rounds.meter import Progress
from rounds.roles import Role
from rounds.slugs import team_account

READY_WITHIN_S = 300.0
LOOK_EVERY_S = 0.3
FURTHEST = timedelta(minutes=59)  # the hub takes no activity from further in the future
KINDS = ("teams", "learning", "all")


class WarmApi(AccountsApi):
    """The calls of the hub's REST API that starting servers ahead needs."""

    def running(self) -> dict[str, bool]:
        """Return whether each account's server is ready, for the accounts that have one."""
        found = self._pages("/users", state="active")
        return {user["name"]: bool(user["servers"].get("", {}).get("ready")) for user in found}

    def start(self, account: str) -> None:
        """Ask for an account's server; one that runs or starts already is left alone."""
        self._call("POST", f"/users/{account}/server", accept=(400,))

    def keep(self, account: str, seen: datetime) -> None:
        """Count the account's server as used at a moment, which may lie in the next hour; later activity stays."""
        body = {"servers": {"": {"last_activity": seen.isoformat()}}}
        self._call("POST", f"/users/{account}/activity", json=body, accept=(400,))


@dataclass
class Warmed:
    """How a round of starts went."""

    ready: list[str]
    late: list[str]


def accounts_of(event: Event, kind: str) -> tuple[str, ...]:
    """Return the accounts whose servers are meant by "teams", "learning" or "all", in the order of their start."""
    teams = tuple(team_account(team.id) for team in event.team)
    people = tuple(person.username for person in event.with_role(Role.PARTICIPANT))
    return {"teams": teams, "learning": people, "all": (*teams, *people)}[kind]


def warm_servers(
    accounts: Iterable[str],
    hub: WarmApi,
    keep_until: datetime,
    idle_min: float,
    progress: Progress,
    at_once: int | None = None,
) -> Warmed:
    """Start the servers of accounts that have none, a few at a time, and keep all of them until a moment.

    People who ask for a server meanwhile wait in the same line: so at most half of the machine's starts are ours.
    """
    waiting, starting = deque(accounts), dict[str, float]()
    total, done = len(waiting), Warmed([], [])
    places = at_once or max(1, len(os.sched_getaffinity(0)) // 2)
    while waiting or starting:
        while waiting and len(starting) < places:
            account = waiting.popleft()
            hub.start(account)
            starting[account] = time.monotonic()
        running = hub.running()
        for account in [name for name in starting if running.get(name) or _is_late(starting[name])]:
            del starting[account]
            (done.ready if running.get(account) else done.late).append(account)
            keep_servers(done.ready[-1:], hub, keep_until, idle_min)
        progress(next(iter(starting), "servers"), len(done.ready) + len(done.late), total)
        if starting:
            time.sleep(LOOK_EVERY_S)
    return done


def keep_servers(accounts: Iterable[str], hub: WarmApi, until: datetime, idle_min: float) -> None:
    """Let no server of these be culled before a moment: the culler counts from the last activity."""
    now = datetime.now(UTC)
    seen = min(max(now, until - timedelta(minutes=idle_min)), now + FURTHEST)
    for account in accounts:
        hub.keep(account, seen)


def _is_late(since: float) -> bool:
    return time.monotonic() - since > READY_WITHIN_S


def due_phase(event: Event, now: datetime) -> Phase | None:
    """Return the phase whose servers are to be warm at `now`: from some minutes before it opens until some after."""
    before, after = (timedelta(minutes=m) for m in (event.policy.warm_before_min, event.policy.warm_for_min))
    if not before:
        return None
    wanted = [p for p in event.phase if event.opens_at(p) - before <= now < event.opens_at(p) + after]
    return wanted[-1] if wanted else None


def keep_until(event: Event, now: datetime) -> datetime:
    """Return until when a server that is warmed at `now` is kept: past the phase that opens, or past now."""
    phase = due_phase(event, now)
    return (event.opens_at(phase) if phase else now) + timedelta(minutes=event.policy.warm_for_min)


def follow_timeline(
    event: Callable[[], Event], hub: WarmApi, now: Callable[[], datetime], rest: Callable[[], bool], progress: Progress
) -> None:
    """Warm the servers before each phase; look again whenever `rest` returns True, end when it returns False."""
    done: set[str] = set()
    while True:
        current, moment = event(), now()
        phase = due_phase(current, moment)
        try:
            if phase is not None:
                kind = "all" if current.policy.warm_learning_servers else "teams"
                accounts = accounts_of(current, kind)
                until, idle = keep_until(current, moment), current.policy.idle_server_min
                if phase.id not in done:
                    warm_servers(accounts, hub, until, idle, progress)
                    done.add(phase.id)
                else:
                    keep_servers([name for name, ready in hub.running().items() if ready], hub, until, idle)
        except httpx.HTTPError:
            progress(f"the hub did not answer; phase {phase.id if phase else ''} is tried again", 0, 1)
        if not rest():
            return
