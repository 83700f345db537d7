"""A folder takes another one's name: a kill at any step loses neither, also where two names cannot be exchanged."""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from rounds.store.staging import put_in_place, remove_folder, stage, sweep_stale

CHILD = """
import os, signal, sys
from pathlib import Path
from rounds.store import staging
here, exchanges = Path(sys.argv[1]), sys.argv[2] == "exchange"
if not exchanges:
    staging._exchange = lambda *_: False
ACTS, done = {"open", "os.rename", "os.mkdir", "os.chmod", "os.remove", "os.rmdir", "shutil.rmtree"}, [0]

def hear(event, args):
    if event in ACTS and ".t" in str(args[0]) + str(args[-1]) + os.getcwd():
        done[0] += 1
        if done[0] == limit:
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(hear)
for limit in range(1, 1000):
    child = os.fork()
    if child == 0:
        done[0] = 0
        with staging.stage(here / str(limit) / "t") as folder:
            for name in "abc":
                (folder / name).write_text("new")
        os._exit(0)
    if os.waitpid(child, 0)[1] == 0:
        print(limit)
        break
"""


def whole(folder: Path) -> set[str]:
    return {f"{path.name} {path.read_text()}" for path in folder.iterdir()}


OLD, NEW = ({f"{name} {text}" for name in "abc"} for text in ("old", "new"))


@pytest.mark.parametrize("how", ["exchange", "two renames"])
def test_no_kill_leaves_the_only_copy_where_a_sweep_takes_it(tmp_path: Path, root: Path, how: str) -> None:
    for limit in range(1, 60):
        (folder := tmp_path / str(limit) / "t").mkdir(parents=True)
        for name in "abc":
            (folder / name).write_text("old")
    kills = int(subprocess.check_output([sys.executable, "-c", CHILD, str(tmp_path), how], cwd=root, text=True))
    assert 10 < kills < 60
    seen = []
    for limit in range(1, kills):
        target = tmp_path / str(limit) / "t"
        with suppress(ZeroDivisionError), stage(target):  # the next one sweeps, and writes nothing
            1 / 0  # noqa: B018
        assert whole(target) in (OLD, NEW)
        assert [path.name for path in target.parent.iterdir()] == ["t"]
        seen.append(whole(target) == NEW)
    assert set(seen) == {True, False}


def test_a_folder_that_stands_aside_is_not_swept_with_one_of_a_like_name(tmp_path: Path) -> None:
    """``births`` sweeps ``.births-*``, and a dataset may be called ``births-2``."""
    (tmp_path / ".births-2.before").mkdir()
    sweep_stale(tmp_path / "births")
    assert (tmp_path / ".births-2.before").is_dir()
    sweep_stale(tmp_path / "births-2")
    assert [path.name for path in tmp_path.iterdir()] == ["births-2"]


def test_a_name_that_cannot_be_given_goes_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "t").mkdir()
    (tmp_path / "t" / "x").write_text("old")
    monkeypatch.setattr("rounds.store.staging._exchange", lambda *_: False)
    with pytest.raises(FileNotFoundError):
        put_in_place(tmp_path / "not there", tmp_path / "t")
    assert (tmp_path / "t" / "x").read_text() == "old"


def test_a_read_only_folder_goes_and_a_link_leads_nowhere(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "t" / "deep").mkdir(parents=True)
    (tmp_path / "t" / "deep" / "x").write_text("1")
    (tmp_path / "t" / "link").symlink_to(tmp_path / "kept")
    for path in (tmp_path / "t" / "deep", tmp_path / "t"):
        path.chmod(0o555)
    remove_folder(tmp_path / "t")
    remove_folder(tmp_path / "t")
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]
