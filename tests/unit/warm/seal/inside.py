"""Run a line of code in a sealed process, and say what came of it."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from rounds.warm.seal import Seal
from rounds.warm.seal.machine import WITHOUT
from rounds.warm.seal.plan import Plan, Timed
from rounds.warm.seal.system import interpreter

LEVELS = {"whole": "", "without namespaces": "namespaces"}
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Inside:
    """A room: its folders, its seal, and what the machine is made to do without."""

    folder: Path
    without: str = ""
    seal: Seal = field(default_factory=Seal)

    @property
    def work(self) -> Path:
        return self.folder / "work"

    def with_seal(self, **changes: object) -> Inside:
        return replace(self, seal=replace(self.seal, **changes))

    def plan(self, **more: object) -> Path:
        path = self.folder / "plan.json"
        path.write_text(Plan((Timed(LONG_AGO, self.seal),), **more).encode())
        return path

    def command(self, *words: str, **more: object) -> list[str]:
        return [sys.executable, "-I", "-m", "rounds.warm.seal", "--plan", str(self.plan(**more)), "--", *words]

    def run(self, *words: str, **more: object) -> subprocess.CompletedProcess[str]:
        environ = {**os.environ, WITHOUT: self.without}
        return subprocess.run(self.command(*words, **more), env=environ, cwd=self.work, capture_output=True, text=True)

    def python(self, code: str) -> str:
        """Return what the code prints, or the name of the error that ends it."""
        done = self.run(sys.executable, "-c", code)
        return done.stdout.strip() or (done.stderr.strip().splitlines() or [""])[-1].partition(":")[0]


def make_inside(folder: Path, without: str = "") -> Inside:
    """Return a room in a folder, which may write its work and a folder for temporary files."""
    for name in ("work", "tmp"):
        (folder / name).mkdir(exist_ok=True)
    writes = (str(folder / "work"), str(folder / "tmp"))
    return Inside(folder, without, Seal(reads=interpreter(), writes=writes, tmp=writes[1]))
