"""A database is brought to the newest form whole or not at all, also when the disk is full at some moment."""

from __future__ import annotations

import os
import resource
import sys
from pathlib import Path

from sqlalchemy import inspect

from rounds.errors import StartError
from rounds.store.database import open_database
from rounds.store.tables import Base

STEP, MOST = 4096, 400  # the whole database fits long before: 47 pages at 18 tables


def open_with_at_most(size: int, url: str) -> int:
    """Open a database in a process that may write no file of more than `size` bytes; return 0 when it could."""
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
        code = 0
        try:
            open_database(url).dispose()
        except StartError:
            code = 3
        except BaseException:
            code = 4
        os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_a_disk_that_was_full_at_any_moment_leaves_a_database_that_opens(tmp_path: Path) -> None:
    codes = []
    for pages in range(1, MOST):  # until one has room, whatever the number of tables
        url = f"sqlite:///{tmp_path / f'{pages}.sqlite'}"
        codes.append(open_with_at_most(pages * STEP, url))
        engine = open_database(url)
        assert set(inspect(engine).get_table_names()) >= set(Base.metadata.tables)
        engine.dispose()
        if codes[-1] == 0:
            break
    assert set(codes[:-1]) == {3}, codes  # every limit but the last was too small
    assert codes[-1] == 0, codes
