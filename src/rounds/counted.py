"""A number with its noun: ``1 place``, ``2 places``, ``12,000 people``."""

from __future__ import annotations


def counted(number: int, noun: str, several: str = "") -> str:
    """Return a number with its noun in the right form.

    Examples
    --------
    >>> counted(1, "place"), counted(1200, "place"), counted(2, "person", "people")
    ('1 place', '1,200 places', '2 people')
    """
    return f"{number:,} {noun if number == 1 else several or f'{noun}s'}"
