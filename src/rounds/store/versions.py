"""A folder that is replaced whole: readers follow a link that names one finished version of it."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rounds.store.folders import make_folder

LINK, VERSION = "current", ".version-"


@contextmanager
def write_version(folder: Path) -> Iterator[Path]:
    """Yield an empty folder to fill; when the block ends well it takes the place of the version before."""
    version = Path(tempfile.mkdtemp(prefix=VERSION, dir=make_folder(folder)))
    try:
        yield version
    except BaseException:
        shutil.rmtree(version, ignore_errors=True)
        raise
    _switch(folder / LINK, version)


def _switch(link: Path, version: Path) -> None:
    """Point `link` at `version` in one step, then remove what it pointed at before."""
    before = link.resolve() if link.is_symlink() else None
    fresh = link.with_name(f".{LINK}-new")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(version.name)
    os.replace(fresh, link)
    if before is not None:
        shutil.rmtree(before, ignore_errors=True)
