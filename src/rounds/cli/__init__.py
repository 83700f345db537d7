"""The command line: parse, one call, print.  A `UserError` is shown as a sentence, everything else is a bug."""

from __future__ import annotations

import sys

from rounds.cli.app import app
from rounds.errors import UserError

__all__ = ["main"]


def main() -> None:
    """Run the command line."""
    try:
        app()
    except UserError as error:
        sys.stderr.write(f"rounds: {error}\n")
        sys.exit(2)
