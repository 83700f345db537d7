"""Spare a forked kernel a walk over everything that was imported: it would copy the page of each module.

At its start ipykernel notes the file of every module for its debugger (`IPythonKernel._kernel_modules`).  To look at
2,400 modules changes 2,400 reference counts: 12 of the 35 MB of a kernel are pages copied for that.  The template has
the files listed already; ipykernel sees them through a `sys` of its own.
"""

from __future__ import annotations

import sys
from itertools import islice
from types import ModuleType
from typing import Any

KERNEL = "ipykernel.ipkernel"


class Named:
    """As much of a module as is asked for here: its file."""

    __slots__ = ("__file__",)

    def __init__(self, file: str) -> None:
        self.__file__ = file


def anew(text: str) -> str:
    """Return a copy of a text that lies beside the copies of the others, and not where the text lies."""
    return (text + " ")[:-1]


class Listed:
    """`sys.modules`, whose copy is the list that was made before the fork, and what was imported since."""

    def __init__(self) -> None:
        files = {name: getattr(module, "__file__", None) for name, module in list(sys.modules.items())}
        self._known = len(files)
        self._named = {anew(name): Named(anew(file)) for name, file in files.items() if file}

    def copy(self) -> dict[str, Any]:
        """Return the names with something that has the module's file."""
        newest = islice(reversed(sys.modules), max(0, len(sys.modules) - self._known))  # not one look at an older name
        return self._named | {name: sys.modules[name] for name in list(newest)}

    def __getattr__(self, name: str) -> Any:
        return getattr(sys.modules, name)

    def __getitem__(self, name: str) -> Any:
        return sys.modules[name]

    def __contains__(self, name: str) -> bool:
        return name in sys.modules


class System(ModuleType):
    """`sys` as ipykernel sees it: the same in everything but the copy of its modules."""

    def __init__(self) -> None:
        super().__init__("sys")
        self.modules = Listed()

    def __getattr__(self, name: str) -> Any:
        return getattr(sys, name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "modules":
            super().__setattr__(name, value)
        else:
            setattr(sys, name, value)


def lighten_kernels() -> None:
    """List the modules for the kernels to come, where ipykernel was imported."""
    kernel: Any = sys.modules.get(KERNEL)
    if kernel is not None and getattr(kernel, "sys", None) is sys:
        kernel.sys = System()
