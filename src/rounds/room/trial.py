"""Try a dashboard before it is published: run its copy where a viewer's page runs, with nothing else beside it.

    python -m rounds.room.trial NOTEBOOK

prints a line of JSON for each cell that it begins, and one for what stopped.  It runs the cells itself, without a
kernel: in a phase with internet nothing in a sealed room can listen, as another kernel would have to.
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
from IPython.core.interactiveshell import InteractiveShell

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
        said = _run(_find_python(content, environ), path, {**environ, "ROUNDS_VIEW": "published"}, within_s)
    if said is None:
        return NOT_TO_THE_END
    last = json.loads(said.rpartition("\n")[2] or "{}")
    if not last.get("ended"):
        raise PublishError(_say({"error": "the kernel's end", "why": "", "cell": 1, **last}))
    return ""


def _find_python(content: Mapping[str, Any], environ: Mapping[str, str]) -> str:
    """Return the interpreter of the kernel that will serve the page, this one where no folder names it."""
    name = str(content.get("metadata", {}).get("kernelspec", {}).get("name", ""))
    for folder in filter(None, environ.get("JUPYTER_PATH", "").split(os.pathsep) if name else ()):
        spec = Path(folder) / "kernels" / name / "kernel.json"
        if spec.is_file():
            return str(json.loads(spec.read_text(encoding="utf-8"))["argv"][0])
    return sys.executable


def _run(python: str, path: Path, environ: Mapping[str, str], within_s: float) -> str | None:
    """Return what the trial printed, None when it was ended because it took too long."""
    command = [python, "-m", "rounds.room.trial", str(path)]
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
    """Run the notebook, and print how far it came."""
    notebook = nbformat.read(sys.argv[1], as_version=4)  # type: ignore[no-untyped-call]
    told = _keep_output_for_us()
    shell = InteractiveShell.instance()
    for number, cell in enumerate(notebook.cells, 1):
        if cell.cell_type != "code":
            continue
        _tell(told, {"cell": number})
        error = _find_error(shell.run_cell(cell.source, store_history=True))  # type: ignore[no-untyped-call]
        if error is not None:
            why = str(error).strip().split("\n")[0][:LONGEST]
            _tell(told, {"cell": number, "error": type(error).__name__, "why": why})
            return 0
    _tell(told, {"ended": True})
    return 0


def _find_error(result: Any) -> BaseException | None:
    error: BaseException | None = result.error_before_exec or result.error_in_exec
    return error


def _keep_output_for_us() -> int:
    """Return a descriptor of the standard output, where cells print to nowhere from now on."""
    ours, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.set_inheritable(ours, False)
    for number in (1, 2):
        os.dup2(nowhere, number)
    os.close(nowhere)
    return ours


def _tell(told: int, said: Mapping[str, Any]) -> None:
    os.write(told, f"{json.dumps(said)}\n".encode())


if __name__ == "__main__":
    sys.exit(main())
