"""Where a file may lie that is not where it was looked for; nothing is opened, names of files are looked at only."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from itertools import islice

from rounds.mistakes.reading import nearest

MOST_FOLDERS = 60
MOST_FILES = 1000


def find_elsewhere(path: str) -> str:
    """Return the path of a file of the same name in a folder below, above or beside; empty without one."""
    name, start = os.path.basename(path), os.path.dirname(path) or "."
    while not os.path.isdir(start):
        start = os.path.dirname(start) or "."
    for folder in islice(_folders_near(start), MOST_FOLDERS):
        found = os.path.normpath(os.path.join(folder, name))
        if name and os.path.isfile(found):
            return found.replace(os.sep, "/")
    return ""


def _folders_near(start: str) -> Iterator[str]:
    """Return a folder, those below it two steps deep, the one above, and those beside."""
    if os.path.abspath(start) == "/":
        return
    yield start
    below = _folders_in(start)
    yield from below
    yield from (inner for folder in below for inner in _folders_in(folder))
    above = os.path.join(start, "..")
    is_home = os.path.abspath(start) == os.path.expanduser("~")  # beside it are the homes of others
    if not is_home and os.path.abspath(above) != "/":
        yield above
        yield from _folders_in(above)


def _folders_in(folder: str) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            found = [e.name for e in islice(entries, MOST_FILES) if not e.name.startswith(".") and e.is_dir()]
    except OSError:  # a folder that may not be read has nothing to offer
        return []
    return [os.path.join(folder, name) for name in sorted(found)]


def find_near(name: str, files: list[str]) -> str:
    """Return the file of nearly the same name; a like ending alone makes none.

    Examples
    --------
    >>> find_near("labs.csv", ["names.csv", "labs.xlsx"])
    'labs.xlsx'
    """
    stem, ending = os.path.splitext(name)
    longer = [
        file for file in sorted(files) if file.lower() == name.lower() or re.match(rf"{re.escape(name)}\.\w+$", file)
    ]
    same = [file for file in sorted(files) if os.path.splitext(file)[0].lower() == stem.lower()]
    alike = {os.path.splitext(file)[0]: file for file in files if not ending or file.lower().endswith(ending.lower())}
    near = nearest(stem, alike)
    return next(iter((*longer, *same)), alike.get(near, ""))
