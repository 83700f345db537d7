"""Do once, ahead, what everyone will do: look at a table, group it, draw it; in the next kernel's process, start it.

The interpreter rewrites the bytecode of a function in its place once it has run a few times (PEP 659), and types and
look-ups note their first use.  What the template has noted every kernel shares; what it has not, each kernel writes on
a page of its own: 8 of the 55 MB of a kernel after an exercise.

Small tables and pictures only.  No model is fitted and no matrix is multiplied by more than one thread: a template
that has run an OpenMP region with several threads makes its children hang or die (docs/explanation/warm-start.md).
"""

from __future__ import annotations

import atexit
import io
import random
import sys
import tempfile
from typing import Any

KERNEL_TIMES, TIMES = 2, 10  # a function is rewritten after its eighth run
NEEDED = ("pandas", "matplotlib.pyplot", "matplotlib.backends.backend_agg")


def rehearse() -> str:
    """Run the first exercise; return why it was left out or broke off, nothing when it was done."""
    missing = [name for name in NEEDED if name not in sys.modules]
    if missing:
        return f"{missing[0]} is not imported"
    state, settings = random.getstate(), _choose_agg()
    try:
        for number in range(TIMES):
            _draw(_look(number))
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    finally:
        random.setstate(state)
        _unchoose(settings)
        _forget_warnings()
    return ""


def rehearse_kernel() -> None:
    """Do what a kernel does at its start, short of threads and sockets: read a command line, make a shell.

    It leaves traces: for a process that will be one kernel and nothing else.  No folder of anybody's is read or
    written.
    """
    from traitlets.config import Config

    application: Any = sys.modules.get("ipykernel.kernelapp")
    if application is None:
        return
    shells: Any = sys.modules["IPython.core.interactiveshell"]
    path = list(sys.path)
    with tempfile.TemporaryDirectory(prefix="rounds-rehearsal-") as folder:
        quiet = Config({"HistoryManager": {"enabled": False}, "ProfileDir": {"location": folder}})
        for _ in range(KERNEL_TIMES):
            application.IPKernelApp(config=quiet).parse_command_line(["-f", "kernel.json"])
            shell = shells.InteractiveShell(config=quiet, ipython_dir=folder)
            atexit.unregister(shell.atexit_operations)
            shell.configurables.clear()
    sys.path[:] = path


def _look(number: int) -> Any:
    import numpy as np
    import pandas as pd

    columns = {name: np.arange(40.0) + number for name in "abcdefgh"}
    table = pd.DataFrame(columns).assign(site=["north", "south"] * 20)
    ill = (table["a"] + table["b"] > 30).astype(int)
    table.groupby(ill).mean(numeric_only=True)
    table.groupby("site")["a"].mean()
    table["site"].value_counts()
    table.isna().sum()
    older = table[table["a"] > 3].sort_values("b").merge(table[["a", "site"]], on="a")
    for frame in (older.head(), table.describe()):
        repr(frame)
        frame.to_html(notebook=True)
    return table


def _draw(table: Any) -> None:
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots()
    axes.scatter(table["a"], table["b"])
    axes.plot(table["a"], table["b"], label="b")
    axes.hist(table["c"])
    axes.set_xlabel("a")
    axes.legend()
    figure.savefig(io.BytesIO())
    plt.close(figure)


def _choose_agg() -> dict[str, Any]:
    """Draw into memory, whatever the settings say; return the settings."""
    import matplotlib.pyplot as plt

    settings: dict[str, Any] = dict.copy(plt.rcParams)  # type: ignore[arg-type]
    plt.switch_backend("agg")
    return settings


def _unchoose(settings: dict[str, Any]) -> None:
    """Let each kernel choose where it draws: pyplot chooses at the first picture, and is to find nothing chosen."""
    pyplot: Any = sys.modules["matplotlib.pyplot"]
    dict.update(pyplot.rcParams, settings)
    pyplot._backend_mod = None


def _forget_warnings() -> None:
    """Forget which warnings were shown, so that a kernel shows its own."""
    for module in list(sys.modules.values()):
        registry = getattr(module, "__warningregistry__", None)
        if isinstance(registry, dict):
            registry.clear()
