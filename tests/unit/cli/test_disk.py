"""A disk that takes nothing more is one sentence of the command line, whichever library found out."""

from __future__ import annotations

import errno
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from rounds.cli.disk import SENTENCES, find_disk_error
from rounds.event import store_event
from rounds.store.database import open_database
from rounds.store.folders import Folders, make_folder


def driver_error(code: int) -> OperationalError:
    """Return an error of the database as SQLAlchemy raises it."""
    own = sqlite3.OperationalError("database or disk is full")
    own.sqlite_errorcode = code
    return OperationalError("INSERT", {}, own)


def below(error: BaseException) -> BaseException:
    try:
        raise RuntimeError("writing failed") from error
    except RuntimeError as outer:
        return outer


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_every_errno_of_a_disk_is_a_sentence_with_its_place(code: int) -> None:
    said = str(find_disk_error(OSError(code, os.strerror(code), "/state/people.csv")))
    assert said.startswith("/state/people.csv ")
    assert said.endswith(".")


def test_of_a_copy_the_new_file_is_named() -> None:
    said = str(find_disk_error(OSError(errno.ENOSPC, "no space", "/draft/event.toml", None, "/state/event.toml")))
    assert said.startswith("/state/event.toml is full.")


@pytest.mark.parametrize(
    "error",
    [
        driver_error(sqlite3.SQLITE_FULL),
        driver_error(sqlite3.SQLITE_IOERR | 1 << 8),
        below(OSError(errno.ENOSPC, "no space")),
        RuntimeError("IO Error: could not write: No space left on device"),
    ],
)
def test_a_full_disk_is_known_below_other_errors(error: BaseException) -> None:
    assert "is full. Free some space" in str(find_disk_error(error))


@pytest.mark.parametrize("error", [ValueError("no"), OSError(errno.ECONNREFUSED, "refused"), KeyError("x")])
def test_a_bug_stays_a_bug(error: BaseException) -> None:
    assert find_disk_error(error) is None


def small_files() -> None:
    """Let this process write no file of more than 40 kB: a disk that becomes full, for any account."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))


@pytest.mark.parametrize(
    "command",
    [
        lambda event: ["event", "apply", str(event)],
        lambda _: ["people", "invite", "everyone"],
        lambda _: ["data", "make", "--size", "sample", "--only", "bsi"],
    ],
    ids=["apply", "invite", "data make"],
)
def test_a_command_that_cannot_write_says_so_and_leaves_what_was_there(
    command: Callable[[Path], list[str]], tmp_path: Path, demo_event_file: Path, root: Path
) -> None:
    folders = Folders(tmp_path / "state")
    store_event(demo_event_file, folders.event)
    (make_folder(folders.hub) / "ports.json").write_text('{"public": 1, "hub": 2, "proxy_api": 3, "desk": 4}')
    open_database(folders.database_url).dispose()
    large = shutil.copytree(demo_event_file.parent, tmp_path / "large") / "event.toml"
    large.write_text(large.read_text(encoding="utf-8") + "# more\n" * 10_000, encoding="utf-8")
    before = (folders.event / "current" / "event.toml").read_bytes()
    words = [sys.executable, "-m", "rounds", *command(large), "--state", str(folders.root)]
    done = subprocess.run(words, cwd=root, capture_output=True, text=True, preexec_fn=small_files, check=False)
    assert "Traceback" not in done.stderr, done.stderr
    assert done.returncode == 2, done.stderr
    assert done.stderr.strip().splitlines()[-1].startswith("rounds: ")
    assert (folders.event / "current" / "event.toml").read_bytes() == before
