"""Bring a running hub to what the applied event says: people added, moved and removed, doors closed.

JupyterHub's own `load_groups` only adds.  Here an account that lost a team also loses its sign-in tokens for that
team's servers; the rooms notice within `rounds.room.doors.ASK_EVERY_S` and close its open pages.

Each step stands alone: one that the hub refuses is named at the end, and the next apply finds it again, because the
plan is made of what the hub says.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import httpx

from rounds.event import Event
from rounds.hub.accounts import Groups, groups_of, roles_of
from rounds.hub.plan import AccountsPlan, build_plan
from rounds.meter import Progress

STOPPED_WITHIN_S = 60.0  # a kernel that ignores its end is killed after some ten seconds, and there may be many
LOOK_EVERY_S = 0.5


@dataclass(frozen=True)
class Reconciled:
    """What applying an event did: its plan, and a sentence for each step that the hub did not take."""

    plan: AccountsPlan
    undone: tuple[str, ...] = ()


class StillStoppingError(Exception):
    """A server did not stop in time."""


class AccountsApi:
    """The few calls of the hub's REST API that applying an event needs."""

    def __init__(self, url: str, token: str, stopped_within_s: float = STOPPED_WITHIN_S) -> None:
        self._stopped_within_s = stopped_within_s
        self._client = httpx.Client(
            base_url=url, headers={"Authorization": f"token {token}"}, timeout=30, trust_env=False
        )

    def groups(self) -> Groups:
        """Return the hub's groups with their accounts."""
        return {group["name"]: tuple(sorted(group["users"])) for group in self._pages("/groups")}

    def accounts(self) -> set[str]:
        """Return the hub's accounts."""
        return {user["name"] for user in self._pages("/users")}

    def tokens(self, account: str) -> list[dict[str, Any]]:
        """Return the tokens that an account holds."""
        found: list[dict[str, Any]] = self._call("GET", f"/users/{account}/tokens").json()["api_tokens"]
        return found

    def revoke(self, account: str, token_id: str) -> None:
        """Make one token worthless."""
        self._call("DELETE", f"/users/{account}/tokens/{token_id}", accept=(404,))

    def add_account(self, account: str) -> None:
        """Create an account that is not there yet."""
        self._call("POST", f"/users/{account}", accept=(409,))

    def remove_account(self, account: str) -> None:
        """Stop an account's server, wait until it has stopped, and remove the account from the hub; its files stay.

        A slow stop is answered with 202, and the hub removes no account whose server is stopping.
        """
        deadline = time.monotonic() + self._stopped_within_s
        while self._is_stopping(account):
            if time.monotonic() > deadline:
                raise StillStoppingError
            time.sleep(LOOK_EVERY_S)
        self._call("DELETE", f"/users/{account}", accept=(404,))

    def _is_stopping(self, account: str) -> bool:
        """Ask an account's server to stop; return whether it still does: 202, or 500 where a start is broken off."""
        answer = self._call("DELETE", f"/users/{account}/server", accept=(400, 404, 500))
        return answer.status_code in (202, 500)

    def add_group(self, group: str) -> None:
        """Create a group that is not there yet."""
        self._call("POST", f"/groups/{group}", accept=(409,))

    def join(self, account: str, group: str) -> None:
        """Put an account into a group."""
        self._call("POST", f"/groups/{group}/users", json={"users": [account]})

    def leave(self, account: str, group: str) -> None:
        """Take an account out of a group."""
        self._call("DELETE", f"/groups/{group}/users", json={"users": [account]})

    def _pages(self, path: str, **wanted: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        limit = 200
        while True:
            page = self._call("GET", path, params={**wanted, "offset": len(found), "limit": limit}).json()
            found += page
            if len(page) < limit:
                return found

    def _call(self, method: str, path: str, accept: tuple[int, ...] = (), **kwargs: Any) -> httpx.Response:
        response = self._client.request(method, path, **kwargs)
        if response.status_code not in accept:
            response.raise_for_status()
        return response


def reconcile(event: Event, hub: AccountsApi, progress: Progress) -> Reconciled:
    """Do what brings the hub to `event`, each step alone, and return it; who loses access loses it first.

    Raises
    ------
    httpx.TransportError
        When the hub does not answer at all.
    """
    plan = build_plan(groups_of(event), hub.groups(), set(event.accounts), hub.accounts())
    steps: list[tuple[str, Callable[[], None]]] = []
    for item in plan.leave:
        steps.append((f"{item.account} leaves {item.group}", partial(_leave, hub, item.account, item.group)))
    for account in plan.remove:
        steps.append((f"{account} leaves the event", partial(hub.remove_account, account)))
    for entry in plan.join:
        steps.append((f"{entry.account} joins {entry.group}", partial(_join, hub, entry.account, entry.group)))
    undone = []
    for number, (text, act) in enumerate(steps, 1):
        progress(text, number, len(steps))
        if why := _try(act):
            undone.append(f"{text}: {why}")
    return Reconciled(plan, tuple(undone))


def _try(act: Callable[[], None]) -> str:
    """Take one step; return why it was not taken, nothing when it was."""
    try:
        act()
    except StillStoppingError:
        return "its server does not stop"
    except httpx.HTTPStatusError as error:
        return f"the hub answered {error.response.status_code}"
    except httpx.TimeoutException:
        return "the hub took too long"
    return ""


def find_missing_roles(event: Event, groups: Groups) -> list[str]:
    """Return the roles whose groups a running hub has not heard of: they take effect at its next start."""
    return [role["name"] for role in roles_of(event) if not set(role["groups"]) <= set(groups)]


def _leave(hub: AccountsApi, account: str, group: str) -> None:
    """Take an account out of a group; its tokens go first, so that a step that broke off is found and taken again."""
    _revoke_sign_ins(hub, account)
    hub.leave(account, group)
    _revoke_sign_ins(hub, account)  # of whoever signed in meanwhile


def _revoke_sign_ins(hub: AccountsApi, account: str) -> None:
    for token in hub.tokens(account):
        if token.get("oauth_client") or token.get("session_id"):
            hub.revoke(account, token["id"])


def _join(hub: AccountsApi, account: str, group: str) -> None:
    hub.add_account(account)
    hub.add_group(group)
    hub.join(account, group)
