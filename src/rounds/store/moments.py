"""Moments as the database keeps them: in UTC, without a zone, for SQLite has none."""

from __future__ import annotations

from datetime import UTC, datetime


def utc_now() -> datetime:
    """Return this moment as the database keeps it."""
    return to_stored(datetime.now(UTC))


def to_stored(moment: datetime) -> datetime:
    """Return a moment of any zone as the database keeps it."""
    return moment.astimezone(UTC).replace(tzinfo=None)


def from_stored(moment: datetime) -> datetime:
    """Return a moment of the database with its zone.

    Examples
    --------
    >>> from_stored(to_stored(datetime(2027, 3, 2, 9, tzinfo=UTC))).isoformat()
    '2027-03-02T09:00:00+00:00'
    """
    return moment.replace(tzinfo=UTC)
