"""Answer with pycanon, in the environment of the oracles: k, l and t of Parquet tables.

Run as ``python pycanon_answers.py QUESTIONS.json``; prints one JSON list.  A question names a Parquet file, its
quasi-identifiers, its sensitive columns and the measures; each answer carries the seconds of the call alone.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import pandas as pd
from pycanon import anonymity

MEASURES = {
    "k": lambda frame, quasi, _: anonymity.k_anonymity(frame, quasi),
    "l": anonymity.l_diversity,
    "t": anonymity.t_closeness,
}


def answer(question: dict) -> dict:
    """Return each measure and the seconds of its call."""
    frame = pd.read_parquet(question["file"])
    answers, seconds = {}, {}
    for measure in question["measures"]:
        began = time.perf_counter()
        found = MEASURES[measure](frame, question["quasi"], question["sensitive"])
        seconds[measure] = time.perf_counter() - began
        answers[measure] = float(found)
    return {"answers": answers, "seconds": seconds}


if __name__ == "__main__":
    print(json.dumps([answer(question) for question in json.loads(Path(sys.argv[1]).read_text())]))
