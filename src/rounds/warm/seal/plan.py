"""A room's plan: the seals of its code over time, in a file that the hub writes and the room cannot.

Which seal holds is decided by the clock at each start, as the phases of an event are; what runs under a seal that a
later one takes something from must end then (`Plan.ends_at`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from rounds.errors import SealError
from rounds.warm.seal.value import Seal, decode_seal

VARIABLE = "ROUNDS_SEAL"


@dataclass(frozen=True)
class Timed:
    """From when on a seal holds (an aware time)."""

    opens: datetime
    seal: Seal


@dataclass(frozen=True)
class Plan:
    """How the code of one room is sealed.

    Parameters
    ----------
    seals
        In the order of time; the first holds before its time as well.
    environ, drops
        Variables that a sealed process has in place of its server's, and the beginnings of names that it has not.
    sockets
        A short folder, the room's own, for the sockets and connection files of its kernels.
    log
        The file for what kernels print outside of cells; they are not given their server's own.
    server
        The wider seal of the room's own server, None where it has none.
    """

    seals: tuple[Timed, ...]
    environ: Mapping[str, str] = field(default_factory=dict)
    drops: tuple[str, ...] = ()
    sockets: str = ""
    log: str = ""
    server: Seal | None = None

    def seal(self, now: datetime) -> Seal:
        """Return the seal that holds now."""
        return self._holding(now).seal

    def ends_at(self, seal: Seal, now: datetime) -> datetime | None:
        """Return from when on what runs under a seal may not go on; None when no later seal takes from it."""
        later = [timed for timed in self.seals if timed.opens > now]
        taking = (timed.opens for timed in (self._holding(now), *later) if timed.seal.takes_from(seal))
        return next(taking, None)

    def dress(self, environ: Mapping[str, str]) -> dict[str, str]:
        """Return the variables of a sealed process, made of its server's."""
        kept = {name: value for name, value in environ.items() if not name.startswith(self.drops)}
        return {**kept, **self.environ}

    def _holding(self, now: datetime) -> Timed:
        begun = [timed for timed in self.seals if timed.opens <= now]
        return begun[-1] if begun else self.seals[0]

    def encode(self) -> str:
        """Return the text of the file."""
        values = asdict(self)
        values["seals"] = [[timed.opens.isoformat(), asdict(timed.seal)] for timed in self.seals]
        return json.dumps(values, indent=1)


def read_plan(path: Path | str) -> Plan:
    """Return the plan that a file holds; raise `SealError` when it cannot be read: nothing starts without its seal."""
    try:
        values = json.loads(Path(path).read_text(encoding="utf-8"))
        seals = tuple(Timed(datetime.fromisoformat(opens), decode_seal(seal)) for opens, seal in values.pop("seals"))
        server = decode_seal(values["server"]) if values["server"] else None
        return Plan(**{**values, "seals": seals, "server": server, "drops": tuple(values["drops"])})
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise SealError(f"Not started: the plan of this room's seal, {path}, cannot be read ({error}).") from None
