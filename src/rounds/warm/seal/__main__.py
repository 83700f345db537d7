"""Seal this process as a room's plan says, then run a command: for whatever is not forked from the template.

    python -I -m rounds.warm.seal --plan FILE [--listens PORT] -- COMMAND ARGUMENT ...

``--listens`` asks for the wider seal of the room's own server, which listens at this port.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from rounds.errors import SealError
from rounds.warm.seal.entering import Sealing
from rounds.warm.seal.keeping import FAILED, keep
from rounds.warm.seal.plan import Plan, read_plan
from rounds.warm.seal.sockets import find_connection_file
from rounds.warm.seal.trying import find_machine
from rounds.warm.seal.value import Seal

ENDED = "\r\nThe phase of the event has changed: what it closed is closed here too. Open a new one.\r\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command sealed, and end as it ends."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    at = words.index("--") if "--" in words else len(words)
    given, command = _parse(words[:at]), words[at + 1 :]
    try:
        plan, machine = read_plan(given.plan), find_machine(os.environ)
        seal = _choose(plan, given.listens)
        if seal.serves is None:
            _dress(plan)
        seal = replace(seal, connection_file=find_connection_file(command))
        return keep(Sealing(seal, machine), command, watch_for_end(given.plan, seal, _say_ended))
    except SealError as why:
        sys.stderr.write(f"{why}\n")
        return FAILED


def _parse(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="rounds.warm.seal")
    parser.add_argument("--plan", type=Path, required=True)
    parser.add_argument("--listens", type=int, default=0)
    return parser.parse_args(words)


def _choose(plan: Plan, listens: int) -> Seal:
    """Return the seal of the room's code, or that of its server."""
    if not listens:
        return plan.seal(datetime.now(UTC))
    if plan.server is None or plan.server.serves is None:
        raise SealError("Not started: the plan of this room has no seal for a server.")
    return replace(plan.server, serves=replace(plan.server.serves, listens=(listens,)))


def _dress(plan: Plan) -> None:
    dressed = plan.dress(os.environ)
    os.environ.clear()
    os.environ.update(dressed)


def watch_for_end(plan: Path, seal: Seal, say: Callable[[], None]) -> Callable[[], bool]:
    """Return a function that tells whether the seal has ended by now, and says so once it has.

    A plan that cannot be read for a moment ends nothing: it is replaced whole, and may be looked at meanwhile.
    """

    def has_ended() -> bool:
        now = datetime.now(UTC)
        try:
            ends = read_plan(plan).ends_at(seal, now)
        except SealError:
            return False
        if ends is None or ends > now:
            return False
        say()
        return True

    return has_ended


def _say_ended() -> None:
    if os.isatty(1):
        os.write(1, ENDED.encode())


if __name__ == "__main__":
    sys.exit(main())
