"""An import is whole or not there: killed at any moment, in bounded memory, the same bytes again."""

from __future__ import annotations

import hashlib
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from rounds.custody.intake.import_table import import_table
from rounds.data.dataset import open_dataset
from rounds.store.staging import put_in_place, stage

CHILD = """
import sys
from pathlib import Path
import pandas, pyarrow, pyarrow.parquet, pyarrow.compute
from rounds.custody.intake.import_table import import_table
print("ready", flush=True)
import_table(Path(sys.argv[1]), "t", Path(sys.argv[2]))
print("done", flush=True)
"""


def write_rows(path: Path, rows: int, seed: int = 1) -> Path:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "patient": rng.integers(1, 9999, rows),
            "when": pd.Timestamp("2020-01-01") + pd.to_timedelta(rng.integers(0, 10**6, rows), unit="min"),
            "value": rng.normal(5, 1, rows).round(3),
            "unit": rng.choice(["mg/L", "mg/dL"], rows),
            "comment": rng.choice(["seen", "seen again", "not seen"], rows),
        }
    )
    frame.to_csv(path, index=False)
    return path


def digests(folder: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.iterdir())}


def test_a_kill_at_any_moment_leaves_the_old_dataset_or_the_new_one(tmp_path: Path, root: Path) -> None:
    old, new = write_rows(tmp_path / "old.csv", 2_000), write_rows(tmp_path / "new.csv", 60_000, seed=2)
    began = time.perf_counter()
    import_table(new, "t", tmp_path / "alone")
    whole_s = time.perf_counter() - began
    home, rng, seen = tmp_path / "out", random.Random(3), set()
    import_table(old, "t", home)
    for wait_s in [0.0, *(rng.uniform(0, 2.0 * whole_s) for _ in range(12)), 60.0]:
        with subprocess.Popen(
            [sys.executable, "-c", CHILD, str(new), str(home)], cwd=root, stdout=subprocess.PIPE, text=True
        ) as child:
            assert child.stdout
            assert child.stdout.readline() == "ready\n"
            try:
                child.wait(wait_s)
            except subprocess.TimeoutExpired:
                os.kill(child.pid, signal.SIGKILL)
        assert [p.name for p in home.iterdir() if not p.name.startswith(".")] == ["t"]
        rows = len(open_dataset(home / "t").frame())
        seen.add(rows)
        assert rows in (2_000, 60_000)
        if rows == 60_000:
            assert digests(home / "t") == digests(tmp_path / "alone" / "t")
            import_table(old, "t", home)
            assert [p.name for p in home.iterdir()] == ["t"]  # what the killed ones left is swept away
    assert seen == {2_000, 60_000}


def test_a_first_import_that_was_killed_leaves_no_dataset(tmp_path: Path, root: Path) -> None:
    new, home = write_rows(tmp_path / "new.csv", 200_000), tmp_path / "out"
    with subprocess.Popen(
        [sys.executable, "-c", CHILD, str(new), str(home)], cwd=root, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout
        assert child.stdout.readline() == "ready\n"
        while child.poll() is None and not any(p.stat().st_size for p in home.glob(".t-*/*.parquet")):
            time.sleep(0.002)
        os.kill(child.pid, signal.SIGKILL)
    assert list(home.glob(".t-*/*.parquet"))  # it was killed in the middle of writing
    assert not (home / "t").exists()


def test_the_same_file_gives_the_same_bytes(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "in.csv", 5_000)
    for place in ("a", "b"):
        import_table(path, "t", tmp_path / place)
    assert digests(tmp_path / "a" / "t") == digests(tmp_path / "b" / "t")


def test_a_folder_that_somebody_still_writes_is_not_swept_away(tmp_path: Path) -> None:
    with stage(tmp_path / "t") as first:
        (first / "x").write_text("1")
        with stage(tmp_path / "t") as second:
            (second / "x").write_text("2")
        assert (first / "x").read_text() == "1"
    assert (tmp_path / "t" / "x").read_text() == "1"
    assert [p.name for p in tmp_path.iterdir()] == ["t"]


def test_a_dataset_changes_its_place_even_where_names_cannot_be_exchanged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("new", "t"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x").write_text(name)
    monkeypatch.setattr("rounds.store.staging._exchange", lambda *_: False)
    put_in_place(tmp_path / "new", tmp_path / "t")
    assert (tmp_path / "t" / "x").read_text() == "new"
    assert [p.name for p in tmp_path.iterdir()] == ["t"]


MEASURE = """
import resource, sys
from pathlib import Path
import pandas, pyarrow, pyarrow.parquet, pyarrow.compute, scipy
from rounds.custody.intake.import_table import import_table
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
seen = []
import_table(Path(sys.argv[1]), "t", Path(sys.argv[2]), progress=lambda text, done, total: seen.append((done, total)))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before, len(seen), *seen[-1])
assert seen == sorted(seen)
"""


def test_memory_does_not_grow_with_the_file(tmp_path: Path, root: Path) -> None:
    """Six times the rows take nearly the same memory: a CSV is read in pieces of a hundred thousand rows."""
    taken = {}
    for rows in (150_000, 900_000):
        path = write_rows(tmp_path / f"{rows}.csv", rows)
        said = subprocess.check_output(
            [sys.executable, "-c", MEASURE, str(path), str(tmp_path / f"out{rows}")], cwd=root, text=True
        )
        taken[rows], steps, done, total = map(int, said.split())
        assert done == total
        assert steps >= 2 * rows // 100_000
        assert pq.read_metadata(tmp_path / f"out{rows}" / "t" / "t.parquet").num_rows == rows
    assert taken[900_000] - taken[150_000] < 120_000  # kilobytes
