"""Try a dashboard before it is published: run its copy where a viewer's page runs, with nothing else beside it.

    python -m rounds.room.trial NOTEBOOK

prints a line of JSON: what stopped, and in which cell; nothing when all cells ran.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError

from rounds.errors import PublishError
from rounds.store.whole import write_whole

WITHIN_S = 60
NOT_TO_THE_END = (
    f" It was not tried to its end: it runs for longer than {WITHIN_S} seconds, and so does each viewer's page."
)
ALONE = "A published page has nothing beside it: put what it needs into the notebook, or install it with %pip."
LONGEST = 200


def try_out(content: Mapping[str, Any], environ: Mapping[str, str], within_s: float = WITHIN_S) -> str:
    """Run a notebook alone in a folder, as its viewers' pages will, and return what is to be said beside "Published".

    Raises
    ------
    PublishError
        When a cell stops with an error.
    """
    with tempfile.TemporaryDirectory(prefix="rounds-trial-") as folder:
        path = Path(folder) / "trial.ipynb"
        write_whole(path, json.dumps(content))
        said = _run(path, {**environ, "ROUNDS_VIEW": "published"}, within_s)
    if said is None:
        return NOT_TO_THE_END
    if said:
        raise PublishError(_say(json.loads(said)))
    return ""


def _run(path: Path, environ: Mapping[str, str], within_s: float) -> str | None:
    """Return what the trial printed, None when it was ended because it took too long."""
    command = [sys.executable, "-m", "rounds.room.trial", str(path)]
    pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
    with subprocess.Popen(
        command, env=dict(environ), cwd=path.parent, stdout=pipe, stderr=nowhere, text=True, start_new_session=True
    ) as trial:
        try:
            return trial.communicate(timeout=within_s)[0].strip()
        except subprocess.TimeoutExpired:
            os.killpg(trial.pid, signal.SIGKILL)  # its kernel ends with it
            return None


def _say(found: Mapping[str, Any]) -> str:
    what = f"{found['error']}: {found['why']}".removesuffix(": ")
    alone = f" {ALONE}" if found["error"] in ("ModuleNotFoundError", "FileNotFoundError", "ImportError") else ""
    return f"Not published: its cell {found['cell']} stops with {what}.{alone}"


def main() -> int:
    """Run the notebook, and print what stopped."""
    path = Path(sys.argv[1])
    notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    client = NotebookClient(notebook, resources={"metadata": {"path": str(path.parent)}}, timeout=None)
    try:
        client.execute()
    except CellExecutionError as error:
        print(json.dumps(_find(notebook, error.ename, error.evalue)))  # noqa: T201  its reader is `try_out`
    except DeadKernelError:
        print(json.dumps(_find(notebook, "the kernel's end", "")))  # noqa: T201
    return 0


def _find(notebook: Any, error: str, why: str) -> dict[str, Any]:
    """Return the cell that ran last, counted from 1 among all cells, and what stopped it."""
    ran = [
        number for number, cell in enumerate(notebook.cells, 1) if cell.get("execution_count") or cell.get("outputs")
    ]
    lines = why.strip().split("\n")
    return {"cell": max(ran, default=1), "error": error, "why": lines[0][:LONGEST]}


if __name__ == "__main__":
    sys.exit(main())
