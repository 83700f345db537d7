"""The command line: parse, one call, print.  A `UserError` is shown as a sentence, everything else is a bug."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import NoReturn

from rounds.errors import UserError

__all__ = ["main"]


def main() -> None:
    """Run the command line.

    This Python's own commands come first on the PATH: the proxy finds its Node there, and nbgrader its `alembic`.
    """
    os.environ["PATH"] = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)))
    from rounds.cli.groups import build_app

    try:
        build_app(sys.argv[1] if len(sys.argv) > 1 else "")()
    except UserError as error:
        _end(error)
    except Exception as error:
        from rounds.cli.disk import find_disk_error

        said = find_disk_error(error)
        if said is None:
            raise
        _end(said)


def _end(error: UserError) -> NoReturn:
    """Say what is wrong in a sentence, and end."""
    from rounds.cli.places import in_words, named_state

    sys.stderr.write(f"rounds: {in_words(error, named_state(sys.argv[1:]))}\n")
    sys.exit(2)
