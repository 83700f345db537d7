"""Ask the scoring process: nobody else opens a hold-out's outcomes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from rounds.custody.scoring.score import Score, parse_score
from rounds.errors import DataError

LONGEST_S = 300
KEPT = ("PATH", "HOME", "LANG", "TMPDIR", "SYSTEMROOT")
FAILED = "The file could not be scored, and no try was used up. Tell an organiser; the reason is in the desk's log."


class ScorerError(DataError):
    """The scoring process itself failed; the file is not to blame."""


@dataclass(frozen=True)
class ScoringOrder:
    """What to score, against what, and the team's earlier files by the number of their try."""

    hold_out: Path
    hash: str
    file: Path
    team: str
    earlier: dict[int, str]
    least: int

    @property
    def text(self) -> str:
        """The order as the scoring process reads it."""
        return json.dumps({**vars(self), "hold_out": str(self.hold_out), "file": str(self.file)})


def run_scorer(order: ScoringOrder) -> Score:
    """Return the score; raise a `DataError` with the sentence when the file was refused."""
    environ = {key: os.environ[key] for key in KEPT if key in os.environ} | {"OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-I", "-m", "rounds.custody.scoring"]
    try:
        done = subprocess.run(
            command, input=order.text, env=environ, capture_output=True, text=True, timeout=LONGEST_S, check=False
        )
    except subprocess.TimeoutExpired:
        raise ScorerError(FAILED) from None
    if done.returncode != 0:
        sys.stderr.write(done.stderr[-2000:])
        raise ScorerError(FAILED)
    answer = json.loads(done.stdout)
    if "refused" in answer:
        raise DataError(answer["refused"])
    return parse_score(answer["score"])
