"""The list of attacks, and what runs them one after another; the whole text is sent to where they are tried.

`at` tells the attacker where everything is: whoever builds on secret paths has no seal.
"""

from __future__ import annotations

import contextlib
import json
import signal
from collections.abc import Callable, Mapping
from typing import Any

At = Mapping[str, Any]
Trick = Callable[[At], object]
TRICKS: dict[str, Trick] = {}
WITHIN_S = 5


def trick(function: Trick) -> Trick:
    """Add an attack to the list."""
    TRICKS[function.__name__] = function
    return function


def attempt(name: str, at: At) -> str:
    """Return an attack's evidence; empty when it was stopped, by an error or by time."""

    def too_late(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, too_late)
    signal.alarm(WITHIN_S)
    try:
        return str(TRICKS[name](at) or "")[:300]
    except BaseException:
        return ""
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def attempt_all(at: At) -> dict[str, str]:
    """Return the evidence of each attack that succeeded."""
    found = {}
    for name in TRICKS:
        with contextlib.suppress(BaseException):
            if evidence := attempt(name, at):
                found[name] = evidence
    return found


def tell(at: At) -> None:
    """Print what succeeded, in one line that a test finds in any output."""
    print("ATTACKS " + json.dumps({"tried": list(TRICKS), "succeeded": attempt_all(at)}))
