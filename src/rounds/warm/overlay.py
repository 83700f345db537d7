"""A team's environment laid over the common one: found from its interpreter, put in front after a fork.

An overlay is a virtual environment of the same interpreter, in which the common packages stand behind its own.  It
can be served by the common template unless it brings another version of a package that the template has imported.
"""

from __future__ import annotations

import os
import site
import sys
import sysconfig
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from rounds.errors import WarmError

VERSION = f"python{sys.version_info.major}.{sys.version_info.minor}"


class OverriddenError(WarmError):
    """The environment brings another version of what the template has imported: it needs a template of its own."""


@dataclass(frozen=True)
class Overlay:
    """One environment over the template's: its folder, its interpreter, its packages."""

    prefix: str
    python: str
    packages: str


def find_overlay(python: str) -> Overlay | None:
    """Return the overlay whose interpreter is `python`, None for the template's own interpreter.

    Raises
    ------
    WarmError
        When the interpreter belongs to an environment that is not laid over this one.
    """
    if _same_interpreter(python):
        return None
    prefix = os.path.dirname(os.path.dirname(os.path.abspath(python)))
    packages = os.path.join(prefix, "lib", VERSION, "site-packages")
    if os.path.realpath(python) != os.path.realpath(sys.executable):
        raise WarmError(f"{python} is another interpreter than the template's.")
    if not os.path.isfile(os.path.join(prefix, "pyvenv.cfg")) or not _stands_behind(packages):
        raise WarmError(f"{prefix} is an environment of its own.")
    return Overlay(prefix, os.path.abspath(python), packages)


def _same_interpreter(python: str) -> bool:
    return os.path.abspath(python) == sys.executable or (
        os.path.dirname(os.path.abspath(python)) == os.path.dirname(sys.executable)
        and os.path.realpath(python) == os.path.realpath(sys.executable)
    )


def _stands_behind(packages: str) -> bool:
    """Return whether a line of the environment's .pth files names the template's own packages."""
    common = sysconfig.get_path("purelib")
    return any(common in path.read_text(encoding="utf-8") for path in Path(packages).glob("*.pth"))


def find_overridden(overlay: Overlay, imported: Iterable[str]) -> list[str]:
    """Return the top-level names that the overlay brings and the template has already imported."""
    try:
        brought = {_top_level(name) for name in os.listdir(overlay.packages)}
    except OSError:
        return []
    return sorted(brought & {name.partition(".")[0] for name in imported} - {""})


def _top_level(name: str) -> str:
    """Return what an entry of a package folder is imported as; nothing for metadata."""
    if name.endswith((".dist-info", ".egg-info", ".pth")) or name.startswith(("_", ".")):
        return ""
    return name.partition(".")[0]


def put_in_front(overlay: Overlay) -> None:
    """Make this process one of the overlay: its packages first, its prefix, its interpreter."""
    sys.prefix = sys.exec_prefix = overlay.prefix
    sys.executable = overlay.python
    sys._base_executable = os.path.realpath(overlay.python)  # type: ignore[attr-defined]
    site.PREFIXES[:] = [overlay.prefix]
    before, common = list(sys.path), sysconfig.get_path("purelib")
    sys.path[:] = []
    known: set[str] = set()
    for file in sorted(Path(overlay.packages).glob("*.pth")):
        if common not in file.read_text(encoding="utf-8"):
            site.addpackage(overlay.packages, file.name, known)
    first = [overlay.packages, *sys.path]
    behind = [path for path in before if path not in first]
    at = next((n for n, path in enumerate(behind) if path.endswith("site-packages")), len(behind))
    sys.path[:] = [*behind[:at], *first, *behind[at:]]
    _forget_paths(overlay.prefix)


def _forget_paths(prefix: str) -> None:
    """Let sysconfig answer for the overlay: it keeps the prefix that it saw when it was imported."""
    sysconfig._PREFIX = sysconfig._EXEC_PREFIX = prefix  # type: ignore[attr-defined]
    sysconfig._CONFIG_VARS = None  # type: ignore[attr-defined]
    sysconfig._CONFIG_VARS_INITIALIZED = False  # type: ignore[attr-defined]
    sys.path_importer_cache.clear()
