"""Spare a forked kernel two walks over everything that was imported: each would copy the pages of 2,400 modules.

To look at a Python object is to write on it: its reference count stands in its page.  At its start ipykernel notes the
file of every module for its debugger (`IPythonKernel._kernel_modules`), and IPython the name of every module for
`%reset` (`InteractiveShellApp.init_code`): 12 and 5 of the 35 MB of a kernel are pages copied for that.  The template
has both listed already; the two modules see them through a `sys` of their own.
"""

from __future__ import annotations

import sys
from itertools import islice
from types import ModuleType
from typing import Any

WALKERS = ("ipykernel.ipkernel", "IPython.core.shellapp")


class Named:
    """As much of a module as is asked for here: its file."""

    __slots__ = ("__file__",)

    def __init__(self, file: str) -> None:
        self.__file__ = file


def anew(text: str) -> str:
    """Return a copy of a text that lies beside the copies of the others, and not where the text lies."""
    return (text + " ")[:-1]


class Listed:
    """`sys.modules`, whose copy and keys are the lists that were made before the fork, and what was imported since."""

    def __init__(self) -> None:
        modules = list(sys.modules.items())
        self._known = len(modules)
        self._names = frozenset(anew(name) for name, _ in modules)
        files = {name: getattr(module, "__file__", None) for name, module in modules}
        self._named = {anew(name): Named(anew(file)) for name, file in files.items() if file}

    def copy(self) -> dict[str, Any]:
        """Return the names with something that has the module's file."""
        return self._named | {name: sys.modules[name] for name in self._newest()}

    def keys(self) -> frozenset[str]:
        """Return the names of all modules."""
        return self._names.union(self._newest())

    def _newest(self) -> list[str]:
        """Return what was imported since, without one look at an older name."""
        return list(islice(reversed(sys.modules), max(0, len(sys.modules) - self._known)))

    def __getattr__(self, name: str) -> Any:
        return getattr(sys.modules, name)

    def __getitem__(self, name: str) -> Any:
        return sys.modules[name]

    def __contains__(self, name: str) -> bool:
        return name in sys.modules


class System(ModuleType):
    """`sys` as a walker sees it: the same in everything but the lists of its modules."""

    def __init__(self, modules: Listed) -> None:
        super().__init__("sys")
        self.modules = modules

    def __getattr__(self, name: str) -> Any:
        return getattr(sys, name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "modules":
            super().__setattr__(name, value)
        else:
            setattr(sys, name, value)


def lighten_kernels() -> None:
    """List the modules for the kernels to come, where ipykernel and IPython were imported."""
    found: list[Any] = [sys.modules.get(name) for name in WALKERS]
    walkers = [module for module in found if getattr(module, "sys", None) is sys]
    if walkers:
        view = System(Listed())
        for module in walkers:
            module.sys = view
