"""Bring a running hub to what the applied event says: people added, moved and removed, doors closed.

JupyterHub's own `load_groups` only adds.  Here an account that lost a team also loses its sign-in tokens for that
team's servers; the rooms notice within `rounds.room.doors.ASK_EVERY_S` and close its open pages.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx

from rounds.event import Event
from rounds.hub.accounts import Groups, groups_of, roles_of
from rounds.hub.plan import AccountsPlan, build_plan
from rounds.meter import Progress


class AccountsApi:
    """The few calls of the hub's REST API that applying an event needs."""

    def __init__(self, url: str, token: str) -> None:
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
        """Stop an account's server and remove the account from the hub; its files stay."""
        self._call("DELETE", f"/users/{account}/server", accept=(400, 404))
        self._call("DELETE", f"/users/{account}", accept=(404,))

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


def reconcile(event: Event, hub: AccountsApi, progress: Progress) -> AccountsPlan:
    """Do what brings the hub to `event` and return it; who loses access loses it first."""
    plan = build_plan(groups_of(event), hub.groups(), set(event.accounts), hub.accounts())
    steps: list[tuple[str, Callable[[], None]]] = []
    for item in plan.leave:
        text = f"{item.account} leaves {item.group}"
        steps.append((text, lambda item=item: _leave(hub, item.account, item.group)))  # type: ignore[misc]
    for account in plan.remove:
        steps.append((f"{account} leaves the event", lambda account=account: hub.remove_account(account)))  # type: ignore[misc]
    for entry in plan.join:
        text = f"{entry.account} joins {entry.group}"
        steps.append((text, lambda entry=entry: _join(hub, entry.account, entry.group)))  # type: ignore[misc]
    for number, (text, act) in enumerate(steps, 1):
        progress(text, number, len(steps))
        act()
    return plan


def find_missing_roles(event: Event, groups: Groups) -> list[str]:
    """Return the roles whose groups a running hub has not heard of: they take effect at its next start."""
    return [role["name"] for role in roles_of(event) if not set(role["groups"]) <= set(groups)]


def _leave(hub: AccountsApi, account: str, group: str) -> None:
    hub.leave(account, group)
    for token in hub.tokens(account):
        if token.get("oauth_client") or token.get("session_id"):
            hub.revoke(account, token["id"])


def _join(hub: AccountsApi, account: str, group: str) -> None:
    hub.add_account(account)
    hub.add_group(group)
    hub.join(account, group)
