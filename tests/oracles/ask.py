"""Ask pycanon, in its own environment, about tables that both sides read from the same Parquet files."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PYTHON = Path(os.environ.get("ROUNDS_ORACLES", HERE.parents[1] / ".venv-oracles")) / "bin" / "python"
ALL = ("k", "l", "t")


def question(
    file: Path, quasi: Sequence[str], sensitive: Sequence[str], measures: Sequence[str] = ALL
) -> dict[str, Any]:
    """Return one question to pycanon."""
    return {"file": str(file), "quasi": list(quasi), "sensitive": list(sensitive), "measures": list(measures)}


def ask_pycanon(questions: Sequence[dict[str, Any]], folder: Path) -> list[dict[str, Any]]:
    """Return pycanon's answers and the seconds of each call, start-up and reading left out."""
    asked = folder / "questions.json"
    asked.write_text(json.dumps(list(questions)))
    command = [str(PYTHON), "-W", "ignore", str(HERE / "pycanon_answers.py"), str(asked)]
    answers: list[dict[str, Any]] = json.loads(subprocess.check_output(command, text=True).splitlines()[-1])
    return answers
