"""Backing up and restoring, killed with SIGKILL at every act on the disk: nothing is harmed, and the next run succeeds.

A child counts what it does to the file system, as an audit hook hears it, and kills itself at the n-th act.
"""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from tests.covered import UNMEASURED

from rounds.meter import silent
from rounds.store.backup import back_up
from rounds.store.database import open_database
from rounds.store.folders import Folders, make_folder
from rounds.store.manifest import hash_folder
from rounds.store.restore import restore
from rounds.store.versions import write_version

NOW = datetime(2027, 2, 21, 9, tzinfo=UTC)
CHILD = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from rounds.meter import silent
from rounds.store.backup import back_up
from rounds.store.folders import Folders
from rounds.store.restore import restore
ACTS = {"open", "os.rename", "os.mkdir", "os.chmod", "os.remove", "os.rmdir", "os.symlink", "sqlite3.connect"}
here, what, done = Path(sys.argv[1]), sys.argv[2], 0

def hear(event, args):
    global done
    if event in ACTS and (str(here) in str(args[0]) or event == "os.chmod"):
        if event == "open" and not (isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)):
            return
        done += 1
        if done == limit:
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(hear)
for limit in map(int, sys.argv[3].split(",")):
    child = os.fork()
    if child == 0:
        done = 0
        if what == "backup":
            back_up(Folders(here / "state"), here / f"{limit}.backup", "demo", datetime.now(UTC), silent)
        else:
            restore(here / "whole.backup", Folders(here / f"restored-{limit}"))
        print(limit, done, flush=True)
        os._exit(0)
    os.waitpid(child, 0)
"""


def lay(tmp_path: Path) -> tuple[Folders, dict[str, str]]:
    """Return a small state, and what a whole restore of it holds."""
    folders = Folders(tmp_path / "state")
    make_folder(folders.root)
    open_database(folders.database_url).dispose()
    with write_version(folders.event) as version:
        (version / "event.toml").write_text("id = 1", encoding="utf-8")
    (make_folder(folders.team("stork")) / "work.ipynb").write_text("{}", encoding="utf-8")
    back_up(folders, tmp_path / "whole.backup", "demo", NOW, silent)
    return folders, content(tmp_path, tmp_path / "whole.backup", "whole")


def content(tmp_path: Path, file: Path, name: str) -> dict[str, str]:
    """Return the hash of every file that a backup restores."""
    fresh = Folders(tmp_path / "look" / name)
    restore(file, fresh)
    version = os.readlink(fresh.event / "current")
    assert (fresh.event / version / "event.toml").is_file()
    (fresh.event / "current").unlink()
    found = hash_folder(fresh.root)
    del found["rounds.sqlite"]  # equal in what it says, not in its bytes
    return found


def kill_at(what: str, tmp_path: Path, root: Path, limits: list[int]) -> dict[int, int]:
    """Return the acts of each run that was not killed, by its limit."""
    command = [sys.executable, "-c", CHILD, str(tmp_path), what, ",".join(map(str, limits))]
    unmeasured = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    said = subprocess.check_output(command, cwd=root, text=True, env={**unmeasured, UNMEASURED: "1"})
    return {int(limit): int(acts) for limit, acts in (line.split() for line in said.splitlines())}


def hidden(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.startswith(".")]


def test_a_backup_killed_anywhere_harms_nothing_and_leaves_no_half_file(tmp_path: Path, root: Path) -> None:
    folders, whole = lay(tmp_path)
    state = hash_folder(folders.team("stork"))
    acts = kill_at("backup", tmp_path, root, [10**6])[10**6]
    assert acts > 10
    (tmp_path / f"{10**6}.backup").unlink()
    limits = list(range(1, acts + 1))
    assert kill_at("backup", tmp_path, root, limits) == {}
    for limit in limits:
        target = tmp_path / f"{limit}.backup"
        if target.exists():  # killed after its last act that counts
            assert content(tmp_path, target, str(limit)) == whole
            target.unlink()
        back_up(folders, target, "demo", NOW, silent)
        assert content(tmp_path, target, f"again-{limit}") == whole
    assert hash_folder(folders.team("stork")) == state
    assert hidden(tmp_path) == []


def test_a_restore_killed_anywhere_leaves_an_event_whole_or_none(tmp_path: Path, root: Path) -> None:
    _, whole = lay(tmp_path)
    acts = kill_at("restore", tmp_path, root, [10**6])[10**6]
    assert acts > 10
    limits, seen = list(range(1, acts + 1)), set()
    assert kill_at("restore", tmp_path, root, limits) == {}
    for limit in limits:
        fresh = Folders(tmp_path / f"restored-{limit}")
        seen.add(fresh.root.exists())
        if not fresh.root.exists():
            restore(tmp_path / "whole.backup", fresh)
        (fresh.event / "current").unlink()
        found = hash_folder(fresh.root)
        del found["rounds.sqlite"]
        assert found == whole
    assert False in seen
    left = [tmp_path / name for name in hidden(tmp_path)]
    assert [path for folder in left for path in folder.rglob("*")] == []  # a folder of its own, when all was done
