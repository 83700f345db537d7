"""Answer with acro, in the environment of the oracles: which cells of a table of two columns are too small.

Run as ``python acro_answers.py FILE ROWS COLUMNS``; prints one JSON list of [row, column] pairs.
"""

from __future__ import annotations

import contextlib
import io
import json
import logging
import sys

import acro
import pandas as pd

if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    file, rows, columns = sys.argv[1:]
    frame = pd.read_parquet(file)
    session = acro.ACRO(suppress=False)
    with contextlib.redirect_stdout(io.StringIO()):
        session.crosstab(frame[rows], frame[columns])
    outcome = session.results.get_index(0).outcome
    small = [
        [str(row), str(column)]
        for row in outcome.index
        for column in outcome.columns
        if "MinimumThresholdCheck" in str(outcome.loc[row, column])
    ]
    print(json.dumps(small))
