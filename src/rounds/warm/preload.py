"""Import what everyone imports, and leave the process fit to fork: one thread, no socket, nothing computed.

Imports only.  A template that has run one OpenMP region or one BLAS call makes its children hang or die (numpy #30092,
OpenBLAS #5520), and a thread of the parent is missing in the child with its locks held.
"""

from __future__ import annotations

import gc
import importlib
import os
import re
import sys
import tempfile
from collections.abc import Iterable, Mapping
from typing import Any

KERNEL = (
    "ipykernel.kernelapp",
    "ipykernel.zmqshell",
    "ipykernel.inprocess",
    "ipykernel.debugger",
    "debugpy.server",
    "IPython.core.interactiveshell",
    "IPython.core.completer",
    "IPython.core.history",
    "IPython.core.magics",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "IPython.core.pylabtools",
    "IPython.extensions.storemagic",
    "jedi",
    "tornado.platform.asyncio",
    "sqlite3",
    "pdb",
    "PIL.PngImagePlugin",
    "PIL.JpegImagePlugin",
    "PIL.GifImagePlugin",
    "comm",
    "ipywidgets",
    "anywidget",
    "numpy.random",
    "pandas",
    "pandas.plotting",
    "pyarrow.parquet",
    "duckdb",
    "matplotlib.pyplot",
    "matplotlib.backends.backend_agg",
    "seaborn",
    "scipy.stats",
    "sklearn.ensemble",
    "sklearn.linear_model",
    "sklearn.metrics",
    "sklearn.model_selection",
    "sklearn.pipeline",
    "sklearn.preprocessing",
    "sklearn.calibration",
    "pyarrow.dataset",
    "rounds.data",
    "rounds.data.shelf.catalogue",
    "rounds.data.shelf.opening",
    "rounds.vocabulary.ready",
    "rounds.mistakes",
    "rounds.lessons",
    "rounds.lessons.entries",
    "rounds.lessons.numbers",
    "rounds.lessons.properties",
    "rounds.grading.runner.program",
    "rounds.grading.runner.shell",
    "rounds.grading.runner.calling",
    "rounds.grading.frames",
    "rounds_widgets",
    "rounds_widgets.shared.view_files",
    "importlib.readers",
)
FORGOTTEN = ("matplotlib_inline.backend_inline",)  # at its import it takes hold of the shell: each kernel has its own
SERVER = (
    "jupyterhub.singleuser",
    "jupyterhub.singleuser.extension",
    "jupyter_server.serverapp",
    "jupyterlab.labapp",
    "notebook.app",
    "jupyter_server_terminals",
    "jupyter_collaboration",
    "jupyter_server_ydoc.app",
    "jupyter_server_fileid.extension",
    "nbgrader.server_extensions.assignment_list",
    "nbgrader.server_extensions.validate_assignment",
    "nbconvert.exporters",
    "rounds.room.extension",
    "rounds.warm.extension",
)
ONE_THREAD = {  # what libraries read when they are loaded
    **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
    "OPENBLAS_THREAD_TIMEOUT": "20",  # 2**20 cycles: a new pool's idle threads spin 2**26 by default, 70 ms each start
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}


BYTES_HEADER, FLOAT_SIZE = sys.getsizeof(b""), sys.getsizeof(0.0)
_filling: list[object] = []  # kept as long as the process lives


def import_all(names: Iterable[str]) -> dict[str, str]:
    """Import the modules; return why each one that could not be imported was left out."""
    left_out = {}
    for name in names:
        try:
            importlib.import_module(name)
        except Exception as error:
            left_out[name] = f"{type(error).__name__}: {error}"
    for name in FORGOTTEN:
        sys.modules.pop(name, None)
    return left_out


def count_threads() -> int:
    """Return how many threads the operating system sees in this process."""
    try:
        return len(os.listdir("/proc/self/task"))
    except OSError:
        return 1


def find_pools() -> Any:
    """Return the handles of the BLAS and OpenMP libraries that are loaded, None without threadpoolctl."""
    try:
        from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]
    except ImportError:
        return None
    return ThreadpoolController()


def freeze() -> None:
    """Leave shared pages alone: out of the collector's sight, and with no room for a child's new objects in them."""
    gc.collect()
    gc.disable()
    _filling.extend(fill_holes(read_holes()))
    gc.freeze()


def read_holes() -> dict[int, int]:
    """Return how many free blocks of each size, in bytes, lie between the objects of this process."""
    with tempfile.TemporaryFile() as file:
        sys.stderr.flush()
        before = os.dup(2)
        os.dup2(file.fileno(), 2)
        try:
            sys._debugmallocstats()
        finally:
            os.dup2(before, 2)
            os.close(before)
        file.seek(0)
        rows = re.findall(r"(?m)^\s*\d+\s+(\d+)\s+\d+\s+\d+\s+(\d+)$", file.read().decode("ascii", "replace"))
    return {int(size): int(free) for size, free in rows}


def fill_holes(holes: Mapping[int, int]) -> list[object]:
    """Return objects that fill free blocks: a child that used one would copy the page of 4,096 bytes around it."""
    filling: list[object] = []
    for size, free in holes.items():
        if size > BYTES_HEADER:
            filling.extend(bytes(size - BYTES_HEADER) for _ in range(free))
        elif size >= FLOAT_SIZE:
            filling.extend(float(n) for n in range(free))
        else:
            filling.extend(object() for _ in range(free))
    return filling


def needed(environ: Mapping[str, str], default: tuple[str, ...] = KERNEL) -> tuple[str, ...]:
    """Return the modules to import: those that ``ROUNDS_WARM_PRELOAD`` names, with commas, or the default."""
    said = environ.get("ROUNDS_WARM_PRELOAD", "")
    return tuple(name.strip() for name in said.split(",") if name.strip()) or default


def imported() -> tuple[str, ...]:
    """Return the names of everything that this process has imported."""
    return tuple(sys.modules)
