"""The command line: parse, one call, print.  A `UserError` is shown as a sentence, everything else is a bug."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from rounds.errors import UserError

__all__ = ["main"]


def main() -> None:
    """Run the command line.

    This Python's own commands come first on the PATH: the proxy finds its Node there, and nbgrader its `alembic`.
    """
    os.environ["PATH"] = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)))
    from rounds.cli.app import app

    try:
        app()
    except UserError as error:
        sys.stderr.write(f"rounds: {error}\n")
        sys.exit(2)
