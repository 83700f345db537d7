"""Names that are safe in an address, a folder and a hub account.

A hub account has the form ``[a-z0-9-]``; the prefixes in `RESERVED` belong to accounts that are no person.
"""

from __future__ import annotations

import re
import unicodedata

TEAM_PREFIX = "team-"
DASHBOARDS_PREFIX = "dash-"
RESERVED = (TEAM_PREFIX, DASHBOARDS_PREFIX)

_NOT_SAFE = re.compile(r"[^a-z0-9]+")


def slugify(text: str) -> str:
    """Return `text` in lower-case ASCII letters, digits and single hyphens; empty when nothing is left."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return _NOT_SAFE.sub("-", ascii_text.lower()).strip("-")


def slugify_letters(text: str) -> str:
    """Return `text` in small letters and digits of any script and single hyphens; empty when nothing is left."""
    seen = (char for char in unicodedata.normalize("NFKC", text).casefold() if unicodedata.category(char) != "Cf")
    kept = (char if char.isalnum() or unicodedata.category(char).startswith("M") else "-" for char in seen)
    return re.sub("-+", "-", "".join(kept)).strip("-")


def is_slug(text: str) -> bool:
    """Return whether `text` is already in the form that `slugify` gives."""
    return bool(text) and slugify(text) == text


def is_reserved(username: str) -> bool:
    """Return whether `username` looks like the account of a team or of its dashboards."""
    return username.startswith(RESERVED)


def team_account(team_id: str) -> str:
    """Return the hub account that owns a team's server."""
    return TEAM_PREFIX + team_id


def page_kernel(team_id: str) -> str:
    """Return the name of the kernel that serves a team's published dashboards."""
    return f"{team_account(team_id)}-page"


def dashboards_account(team_id: str) -> str:
    """Return the hub account that serves a team's published dashboards."""
    return DASHBOARDS_PREFIX + team_id
