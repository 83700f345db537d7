"""k, l and t of Rounds beside pycanon on 1,000,000 x 30, in one run: python benchmarks/privacy.py

pycanon runs in the environment of the oracles (make oracles) on the same Parquet file; only its call is timed.  k is
measured with five quasi-identifiers, rounds A B A B, medians after a warm-up; l and t with two, because pycanon takes
minutes with more.  Equality is counted over all of these and over the sixteen questions of tests/oracles.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.oracles.ask import ask_pycanon, question
from tests.oracles.tables import write_tables

from rounds.custody.privacy.crowds import measures

QUASI = ["q0", "q1", "q2", "q3", "q4"]
SENSITIVE = ["s0"]


def make_table(rows: int, seed: int = 20270223) -> pd.DataFrame:
    """Draw 30 columns: five quasi-identifiers (about 860,000 classes in a million rows), a sensitive one, fillers."""
    rng = np.random.default_rng(seed)
    levels = (2, 90, 50, 30, 12)
    quasi = {f"q{i}": rng.integers(0, n, rows) for i, n in enumerate(levels)}
    quasi["q2"] = np.char.add("town ", quasi["q2"].astype(str))
    return pd.DataFrame(
        {**quasi, "s0": rng.integers(0, 8, rows), **{f"f{i}": rng.normal(size=rows) for i in range(24)}}
    )


def timed(call: Callable[[], float]) -> tuple[float, float]:
    """Return a call's answer and seconds."""
    began = time.perf_counter()
    answer = call()
    return answer, time.perf_counter() - began


def run(rows: int, rounds: int, folder: Path) -> dict[str, float]:
    """Measure both sides and count where they differ."""
    file = folder / "big.parquet"
    make_table(rows).to_parquet(file)
    frame = pd.read_parquet(file)
    measures.k_anonymity(frame, QUASI)  # warm-up; pycanon's is its own start
    ours, theirs, differences = [], [], 0
    for _ in range(rounds):
        found, seconds = timed(lambda: measures.k_anonymity(frame, QUASI))
        answer = ask_pycanon([question(file, QUASI, SENSITIVE, ["k"])], folder)[0]
        ours.append(seconds)
        theirs.append(answer["seconds"]["k"])
        differences += found != answer["answers"]["k"]
    results = {
        "rows": rows,
        "k_s": round(statistics.median(ours), 4),
        "k_pycanon_s": round(statistics.median(theirs), 2),
        "ratio_pycanon": round(statistics.median(theirs) / statistics.median(ours), 1),
    }
    few = compare_l_and_t(frame, file, folder)
    results |= {key: value for key, value in few.items() if key != "differences"}
    return {**results, "differences": differences + int(few["differences"]) + compare_tables(folder)}


def compare_l_and_t(frame: pd.DataFrame, file: Path, folder: Path) -> dict[str, float]:
    """Time l and t with two quasi-identifiers once each way."""
    quasi = ["q0", "q4"]
    answer = ask_pycanon([question(file, quasi, SENSITIVE, ["l", "t"])], folder)[0]
    diversity, l_s = timed(lambda: measures.l_diversity(frame, quasi, SENSITIVE))
    closeness, t_s = timed(lambda: measures.t_closeness(frame, quasi, SENSITIVE))
    differences = (diversity != answer["answers"]["l"]) + (abs(closeness - answer["answers"]["t"]) > 5e-7)
    return {
        "l_ratio_pycanon": round(answer["seconds"]["l"] / l_s, 1),
        "t_ratio_pycanon": round(answer["seconds"]["t"] / t_s, 1),
        "differences": differences,
    }


def compare_tables(folder: Path) -> int:
    """Return how many of the k, l and t answers on generated tables differ."""
    asked = write_tables(folder)
    differences = 0
    for (file, quasi, sensitive), answer in zip(asked, ask_pycanon([question(*a) for a in asked], folder), strict=True):
        frame, theirs = pd.read_parquet(file), answer["answers"]
        differences += measures.k_anonymity(frame, quasi) != theirs["k"]
        differences += measures.l_diversity(frame, quasi, sensitive) != theirs["l"]
        differences += abs(measures.t_closeness(frame, quasi, sensitive) - theirs["t"]) > 5e-7
    return differences


def main() -> None:
    """Print a table, and last one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=2)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        results = run(asked.rows, asked.rounds, Path(folder))
    for key, value in results.items():
        print(f"{key:>16}  {value:,}")
    machine = {"cpus": os.cpu_count(), "python": platform.python_version(), "load": round(os.getloadavg()[0], 2)}
    print(json.dumps({"bench": "privacy", "machine": machine, "results": results}))


if __name__ == "__main__":
    main()
