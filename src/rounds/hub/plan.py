"""What must change in a running hub so that it is as the event says; pure."""

from __future__ import annotations

from dataclasses import dataclass

from rounds.hub.accounts import Groups


@dataclass(frozen=True)
class Join:
    """An account enters a group."""

    account: str
    group: str


@dataclass(frozen=True)
class Leave:
    """An account leaves a group."""

    account: str
    group: str


@dataclass(frozen=True)
class AccountsPlan:
    """The whole change, in the order in which it is done: who loses comes first."""

    leave: tuple[Leave, ...]
    remove: tuple[str, ...]
    join: tuple[Join, ...]

    @property
    def steps(self) -> int:
        """How many steps it has."""
        return len(self.leave) + len(self.remove) + len(self.join)


def build_plan(wanted: Groups, actual: Groups, people: set[str], accounts: set[str]) -> AccountsPlan:
    """Return the change from `actual` groups and hub `accounts` to `wanted` groups and the event's `people`."""
    leave, join = [], []
    for group in sorted(set(wanted) | set(actual)):
        have, want = set(actual.get(group, ())), set(wanted.get(group, ()))
        leave += [Leave(account, group) for account in sorted(have - want)]
        join += [Join(account, group) for account in sorted(want - have)]
    return AccountsPlan(tuple(leave), tuple(sorted(accounts - people)), tuple(join))
