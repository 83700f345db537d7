"""Groups and roles of the hub, derived from the event alone.

A group says who belongs together, a role says what a group may do; the reach of every action comes from
`rounds.roles`.  Team servers and their dashboards belong to accounts that are no person.
"""

from __future__ import annotations

from typing import Any

from rounds.event import Event
from rounds.event.model import Person
from rounds.roles import Action, Reach, Role, reach
from rounds.slugs import dashboards_account, team_account

TEAM_ACCOUNTS = "team-accounts"
DASHBOARD_ACCOUNTS = "dashboard-accounts"

Groups = dict[str, tuple[str, ...]]

_ENTER = ("access:servers", "start:servers", "read:servers")
_START = ("start:servers", "read:servers")
_MANAGE = ("servers", "read:servers")


def members_group(team_id: str) -> str:
    """Return the group of a team's participants."""
    return f"members-{team_id}"


def role_group(role: Role) -> str:
    """Return the group of everybody with `role`."""
    return f"all-{role.value}s"


def groups_of(event: Event) -> Groups:
    """Return every group with its accounts, sorted."""
    groups: Groups = {
        TEAM_ACCOUNTS: tuple(sorted(team_account(team.id) for team in event.team)),
        DASHBOARD_ACCOUNTS: tuple(sorted(dashboards_account(team.id) for team in event.team)),
    }
    for role in Role:
        groups[role_group(role)] = _names(event.with_role(role))
    for team in event.team:
        groups[members_group(team.id)] = _names(event.members(team.id))
    return groups


def _names(people: tuple[Person, ...]) -> tuple[str, ...]:
    return tuple(sorted(person.username for person in people))


def roles_of(event: Event) -> list[dict[str, Any]]:
    """Return the hub's roles for people."""
    roles = [_role_for_all(role) for role in Role]
    for team in event.team:
        room, shown = team_account(team.id), dashboards_account(team.id)
        scopes = [f"{scope}!user={account}" for account in (room, shown) for scope in _ENTER]
        roles.append({"name": members_group(team.id), "scopes": scopes, "groups": [members_group(team.id)]})
    return [role for role in roles if role["scopes"]]


def _role_for_all(role: Role) -> dict[str, Any]:
    """Return what everybody with `role` may do in every team's rooms."""
    wanted = (
        (Action.ENTER_TEAM_SERVER, TEAM_ACCOUNTS, _ENTER),
        (Action.START_TEAM_SERVER, TEAM_ACCOUNTS, _START),
        (Action.STOP_TEAM_SERVER, TEAM_ACCOUNTS, _MANAGE),
        (Action.VIEW_DASHBOARDS, DASHBOARD_ACCOUNTS, _ENTER),
    )
    scopes = {
        f"{scope}!group={group}"
        for action, group, names in wanted
        if reach(role, action) is Reach.ALL
        for scope in names
    }
    return {"name": role_group(role), "scopes": sorted(scopes), "groups": [role_group(role)]}
