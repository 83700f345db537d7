"""Small messages leave at once: no process of Rounds waits for a full packet (Nagle's algorithm).

tornado turns the algorithm on again after every request, the one that opens a websocket included, so that each small
message waits for the other side's delayed acknowledgement: 40 ms and more, for every widget and every keystroke.

    python -m rounds.warm.wire MODULE[:FUNCTION] ARGUMENT ...      run a program whose connections all send at once
"""

from __future__ import annotations

import importlib
import runpy
import sys
from typing import Any

from tornado.iostream import IOStream


def send_at_once() -> None:
    """Let every TCP connection of this process send small messages at once, those it accepts and those it opens.

    In tornado every connection is told `set_nodelay` before its first answer or request; from now on the answer to
    it is always yes.  Kernels' websockets of any class, co-editing rooms, terminals, Voila and proxies all go this way.
    """
    if not hasattr(IOStream.set_nodelay, "rounds"):
        IOStream.set_nodelay = _always(IOStream.set_nodelay)  # type: ignore[method-assign]


def _always(set_nodelay: Any) -> Any:
    def set_nodelay_always(stream: IOStream, value: bool) -> None:
        """Turn delays off, whatever is asked for."""
        set_nodelay(stream, True)

    set_nodelay_always.rounds = True  # type: ignore[attr-defined]
    return set_nodelay_always


def main() -> None:
    """Run the module, or the function in it, that the command line names."""
    (module, _, function), sys.argv = sys.argv[1].partition(":"), sys.argv[1:]
    send_at_once()
    if function:
        sys.exit(getattr(importlib.import_module(module), function)())
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
