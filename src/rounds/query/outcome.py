"""What happened to a unit within a horizon: the event, a competing event, nothing, or nobody knows.

Death and discharge are named, not counted as "no event"; a horizon that the record does not reach is unknown, not 0.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import ibis

from rounds.query.clock import later
from rounds.query.column import bind

if TYPE_CHECKING:
    import ibis.expr.types as ir

NONE = "none"


@dataclass(frozen=True)
class Outcome:
    """An event within a horizon of a moment (a column); each other time is a column or an expression too.

    The event wins when it is recorded inside the horizon; otherwise the earliest competing event does.
    """

    name: str
    event: Any
    minutes: int
    since: Any
    competing: dict[str, Any] = field(default_factory=dict)
    observed_until: Any = None
    at_risk: Any = None

    @property
    def status(self) -> str:
        """Return the name of the column that says which event it was."""
        return f"{self.name}_status"


def add_outcome(units: ir.Table, outcome: Outcome) -> ir.Table:
    """Return the units with a truth value (missing: unknown or not at risk) and the status in words."""
    start = bind(units, outcome.since)
    end = later(start, outcome.minutes)
    event = bind(units, outcome.event)
    times = {name: bind(units, when) for name, when in outcome.competing.items()}
    inside = {name: (when < end).fill_null(False) for name, when in times.items()}
    branches = [((event < end).fill_null(False), outcome.name)]
    branches += [(inside[name] & _is_first(name, times, inside), name) for name in times]
    if outcome.observed_until is not None:
        until = bind(units, outcome.observed_until)
        branches.append((until < end, ibis.null("string")))
    status = ibis.cases(*branches, else_=NONE)
    possible = start.notnull()
    if outcome.at_risk is not None:
        possible = possible & bind(units, outcome.at_risk).fill_null(False)
    units = units.mutate(**{outcome.status: ibis.ifelse(possible, status, ibis.null("string"))})
    return units.mutate(**{outcome.name: units[outcome.status] == outcome.name})


def _is_first(name: str, times: dict[str, Any], inside: dict[str, Any]) -> Any:
    """Tell whether a competing event comes before the others; of two at once, the one named first."""
    first = ibis.literal(True)
    for place, (other, when) in enumerate(times.items()):
        if other != name:
            own = list(times).index(name)
            sooner = when < times[name] if own < place else when <= times[name]
            first = first & ~(inside[other] & sooner)
    return first
