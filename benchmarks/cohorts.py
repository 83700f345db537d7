"""Generate the four synthetic cohorts at full size: time, peak memory, rows per second, and their marginals.

    python benchmarks/cohorts.py                          one cohort after the other, seed 1
    python benchmarks/cohorts.py --marginals --seeds 3    measure and hold every marginal for three seeds

Each generation runs in a process of its own, so that its peak of resident memory is its own.  The last line is JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from marginals.marginals import Held, measure_marginals, render_marginals

from rounds.data.dataset import Dataset, open_dataset
from rounds.synthetic.ehr.generate import PLANS, generate

COHORTS = tuple(PLANS)


def decoded(dataset: Dataset) -> tuple[int, int]:
    """Return rows and bytes of all tables in memory, read one row group at a time."""
    rows = size = 0
    for table in dataset.package.tables:
        file = pq.ParquetFile(dataset.file(table.name))
        for group in range(file.num_row_groups):
            part = file.read_row_group(group)
            rows, size = rows + part.num_rows, size + part.nbytes
    return rows, size


def generate_here(name: str, size: str, seed: int, folder: Path) -> dict[str, float]:
    """Generate a cohort in this process and return seconds and the peak of resident memory."""
    began = time.perf_counter()
    generate(name, size, seed, folder, folder / "staff")
    seconds = time.perf_counter() - began
    return {"seconds": seconds, "peak_gb": peak_gb()}


def peak_gb() -> float:
    """Return the peak of resident memory of this process; getrusage would count its parent's before exec."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) * 1024 / 1e9


def measure(name: str, size: str, seed: int, folder: Path) -> dict[str, float]:
    """Generate a cohort in a new process and return what it cost and what it holds."""
    command = [sys.executable, __file__, "--child", name, "--size", size, "--seed", str(seed), "--folder", str(folder)]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    rows, held = decoded(open_dataset(folder / name))
    return {**json.loads(said), "rows": rows, "decoded_gb": held / 1e9}


def hold(name: str, seed: int, folder: Path) -> list[Held]:
    """Measure, print and return the marginals of a cohort."""
    held = measure_marginals(open_dataset(folder / name))
    print(
        f"\n{name}, seed {seed}: {sum(h.holds for h in held)} of {len(held)} hold\n{render_marginals(held)}", flush=True
    )
    return held


def run(names: list[str], size: str, seeds: list[int], marginals: bool) -> dict[str, Any]:
    """Generate and measure; print a line for each cohort and seed."""
    costs, missed, checked = [], [], 0
    for seed in seeds:
        for name in names:
            with tempfile.TemporaryDirectory(prefix="cohorts-") as root:
                cost = measure(name, size, seed, Path(root))
                costs.append(cost)
                print(
                    f"{name:14} seed {seed}: {cost['seconds']:6.1f} s  peak {cost['peak_gb']:.2f} GB  "
                    f"decoded {cost['decoded_gb']:.2f} GB  {cost['rows']:,} rows",
                    flush=True,
                )
                held = hold(name, seed, Path(root)) if marginals else []
            checked += len(held)
            missed += [f"{h.marginal.id} (seed {seed})" for h in held if not h.holds]
    return {**_summary(costs), **({"marginals": checked, "missed": missed} if marginals else {})}


def _summary(costs: list[dict[str, float]]) -> dict[str, float]:
    """Return the worst peak and time of a cohort, the least size, and the rows per second of all."""
    return {
        "peak_gb": round(max(c["peak_gb"] for c in costs), 3),
        "minutes": round(max(c["seconds"] for c in costs) / 60, 3),
        "decoded_gb": round(min(c["decoded_gb"] for c in costs), 3),
        "rows_per_s": round(sum(c["rows"] for c in costs) / sum(c["seconds"] for c in costs)),
    }


def machine() -> dict[str, Any]:
    """Return what the run ran on."""
    return {"cores": os.cpu_count(), "machine": platform.machine(), "python": platform.python_version()}


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cohort", choices=COHORTS, action="append")
    parser.add_argument("--size", default="full")
    parser.add_argument("--seeds", type=int, default=1, help="seeds 1 to this number")
    parser.add_argument("--seed", type=int, help="one seed")
    parser.add_argument("--marginals", action="store_true")
    parser.add_argument("--child", choices=COHORTS, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def main() -> int:
    """Run, print the last line as JSON, and fail when a marginal does not hold."""
    said = parse()
    if said.child:
        print(json.dumps(generate_here(said.child, said.size, said.seed, said.folder)))
        return 0
    seeds = [said.seed] if said.seed else list(range(1, said.seeds + 1))
    results = run(said.cohort or list(COHORTS), said.size, seeds, said.marginals)
    print(json.dumps({"bench": "cohorts", "machine": machine(), "results": results}))
    return 1 if results.get("missed") else 0


if __name__ == "__main__":
    sys.exit(main())
