"""Find a widget that Rounds does not bring: in the event's own folder, or in an installed package.

The event's widgets are files named as the widget in small letters (``BloodGas`` in ``blood_gas.py``), in the folder
that ``ROUNDS_WIDGETS`` names; an installed package offers one by an entry point ``BloodGas = package.module:BloodGas``.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from importlib.metadata import entry_points
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

from rounds.errors import DataError

GROUP, VARIABLE = "rounds.widgets", "ROUNDS_WIDGETS"


def find_outside(name: str, environ: Mapping[str, str] = os.environ) -> Any:
    """Return the widget of this name; None when nobody brings it."""
    file = next((path for path in _files(environ) if _class_name(path) == name), None)
    if file is not None:
        return _take(file, name)
    point = next(iter(entry_points(group=GROUP, name=name)), None)
    return point.load() if point else None


def list_outside(environ: Mapping[str, str] = os.environ) -> tuple[str, ...]:
    """Return the names of the widgets that the event and installed packages bring."""
    return (*map(_class_name, _files(environ)), *(point.name for point in entry_points(group=GROUP)))


def _take(file: Path, name: str) -> Any:
    """Return the widget of a file; raise `DataError` with the file and the line when it cannot be had."""
    try:
        module = _load(file)
    except Exception as error:
        line = getattr(error, "lineno", None) or _line_in(file, error)
        said = f"{type(error).__name__}: {getattr(error, 'msg', None) or error}"
        raise DataError(f"The widget {name} cannot be loaded: {file.name}, line {line}: {said}") from None
    if not hasattr(module, name):
        raise DataError(f"{file.name} holds no class {name}: the class bears the file's name.")
    return getattr(module, name)


def _line_in(file: Path, error: BaseException) -> int:
    trace, line = error.__traceback__, 0
    while trace:
        line = trace.tb_lineno if trace.tb_frame.f_code.co_filename == str(file) else line
        trace = trace.tb_next
    return line


def _files(environ: Mapping[str, str]) -> list[Path]:
    folder = environ.get(VARIABLE)
    return sorted(path for path in Path(folder).glob("*.py") if re.match("[a-z]", path.name)) if folder else []


def _class_name(file: Path) -> str:
    return "".join(part.capitalize() for part in file.stem.split("_"))


def _load(file: Path) -> ModuleType:
    """Return the module of a file, loaded once while the file stays where it is."""
    known = f"rounds_widgets_outside_{file.stem}"
    loaded = sys.modules.get(known)
    if loaded is not None and loaded.__file__ == str(file):
        return loaded
    spec = spec_from_file_location(known, file)
    if spec is None or spec.loader is None:
        raise ImportError(f"{file} cannot be read as a Python module.")
    module = sys.modules[known] = module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[known]
        raise
    return module
