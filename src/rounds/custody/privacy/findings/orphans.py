"""Rows that name a person whom the table of people does not have: a look for the custodian, never a stop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rounds.custody.signs.column_names import is_person_key
from rounds.custody.signs.finding import Finding, Severity
from rounds.data.package import DataPackage

if TYPE_CHECKING:
    from rounds.custody.privacy.crowds.people import Frames

ADVICE = "Ask who made the table whether these people are missing there, or whether these rows belong to nobody"


def find_orphans(package: DataPackage, frames: Frames) -> list[Finding]:
    """Return a finding for each table with a person's key that its table of people, with one row each, lacks."""
    found = []
    for key in dict.fromkeys(n for t in package.tables for n in t.names() if is_person_key(n) or n == t.person):
        home = _home_of(key, package, frames)
        if home:
            others = [t.name for t in package.tables if t.name != home and key in t.names()]
            found += [finding for name in others for finding in _look(key, name, home, frames)]
    return found


def _home_of(key: str, package: DataPackage, frames: Frames) -> str:
    """Return the table in which each person stands once: the one with most people; empty where there is none."""
    homes = [t.name for t in package.tables if key in t.names() and frames[t.name][key].dropna().is_unique]
    return max(homes, key=lambda name: len(frames[name]), default="")


def _look(key: str, name: str, home: str, frames: Frames) -> list[Finding]:
    values = frames[name][key].dropna()
    lost = values[~values.isin(frames[home][key])]
    if lost.empty:
        return []
    what = f"rows of {key} whose value ({lost.nunique():,} different) is not in the table {home}"
    return [Finding("orphan", Severity.LOOK, f"{name}.{key}", what, len(lost), len(values), ADVICE)]
