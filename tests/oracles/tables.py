"""Generated tables to compare measures on: few and many classes, numbers, words, ties and single values."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

QUASI = ["age", "sex", "town"]


def make_table(seed: int, rows: int, towns: int) -> pd.DataFrame:
    """Draw one table with three quasi-identifiers and four sensitive columns."""
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "age": rng.integers(20, 20 + 3 * towns, rows) // 5 * 5,
            "sex": rng.choice(["f", "m"], rows),
            "town": rng.choice([f"town {i}" for i in range(towns)], rows),
            "score": rng.integers(0, 12, rows),
            "dose": np.round(rng.gamma(2, 3, rows), 1),
            "illness": rng.choice(["flu", "burn", "asthma", "none"], rows, p=[0.4, 0.1, 0.2, 0.3]),
            "skewed": rng.choice(["no", "yes"], rows, p=[0.97, 0.03]),
        }
    )


def write_tables(folder: Path) -> list[tuple[Path, list[str], list[str]]]:
    """Write twelve tables; return each file with its quasi-identifiers and its sensitive column."""
    asked = []
    for seed, (rows, towns) in enumerate([(40, 1), (300, 2), (2000, 3), (2000, 6)]):
        file = folder / f"table{seed}.parquet"
        make_table(seed, rows, towns).to_parquet(file)
        for quasi, sensitive in (
            (QUASI, ["score"]),
            (QUASI[1:], ["illness", "skewed"]),
            (["sex"], ["dose"]),
            (QUASI[:2], ["illness"]),
        ):
            asked.append((file, quasi, sensitive))
    return asked
