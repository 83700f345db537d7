"""This moment, as the database keeps it."""

from __future__ import annotations

from datetime import UTC, datetime


def utc_now() -> datetime:
    """Return this moment in UTC, without a zone."""
    return datetime.now(UTC).replace(tzinfo=None)
