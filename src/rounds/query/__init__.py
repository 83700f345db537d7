"""The cohort layer: who, when, what was known by then, what happened; written once, for any Ibis backend.

    Study.of(dataset).unit("stay").index(...).include(...).feature(...).outcome(...)

Nothing is read before ``flow``, ``frame`` or ``quality`` is called.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rounds.data.tables import Tables
    from rounds.query.events import (
        culture,
        diagnosis,
        given,
        lab,
        medication,
        observation,
        procedure,
        rows,
        vital,
    )
    from rounds.query.measurements import find_measurement, measurements
    from rounds.query.study import Study
    from rounds.query.tables import open_tables

_EVENTS = ("culture", "diagnosis", "given", "lab", "medication", "observation", "procedure", "rows", "vital")
_HOMES = {
    **dict.fromkeys(_EVENTS, "events"),
    "Study": "study",
    "Tables": "tables",
    "find_measurement": "measurements",
    "measurements": "measurements",
    "open_tables": "tables",
}

__all__ = [
    "Study",
    "Tables",
    "culture",
    "diagnosis",
    "find_measurement",
    "given",
    "lab",
    "measurements",
    "medication",
    "observation",
    "open_tables",
    "procedure",
    "rows",
    "vital",
]


def __getattr__(name: str) -> Any:
    """Import the module that holds ``name`` and return it."""
    if name not in _HOMES:
        raise AttributeError(f"module 'rounds.query' has no attribute {name!r}")
    return getattr(import_module(f"rounds.query.{_HOMES[name]}"), name)
