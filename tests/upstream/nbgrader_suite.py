"""Run nbgrader's own tests of autograding twice, with its own steps and with Rounds', and say what differs.

    .venv/bin/python tests/upstream/nbgrader_suite.py

Ends with code 1 when a test that passes with nbgrader's steps fails with Rounds', and is not explained in `EXPLAINED`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SUITE = "nbgrader.tests.apps.test_nbgrader_autograde"
WITHIN_S = 3600
EXPLAINED = {
    "test_side_effects": "a file that a box writes stays in the private copy that it ran in",
    "test_no_execute": "--no-execute is a switch of nbgrader's Execute, which is not there",
    "test_autograde_timeout": "the limit of time is the event's policy.cell_s, not an option of nbgrader's Execute",
}


def run(plugin: str = "") -> dict[str, str]:
    """Return how each test ended, with a plugin of pytest or without."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # nbgrader calls alembic
        environ = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "ignore"]
        command += [f"--junitxml={report}", *(["-p", plugin] if plugin else []), "--pyargs", SUITE]
        subprocess.run(command, cwd=folder, env=environ, timeout=WITHIN_S, check=False, stdout=subprocess.DEVNULL)
        return read_report(report)


def read_report(report: Path) -> dict[str, str]:
    """Return the outcome of each test of a JUnit file."""
    found = {}
    for case in ElementTree.parse(report).getroot().iter("testcase"):
        kinds = {child.tag for child in case}
        ended = "failed" if kinds & {"failure", "error"} else "skipped" if "skipped" in kinds else "passed"
        found[str(case.get("name"))] = ended
    return found


def main() -> int:
    """Run both sides and print what differs."""
    stock, ours = run(), run("tests.upstream.rounds_runner")
    for side, found in (("nbgrader's steps", stock), ("Rounds' steps", ours)):
        print(side, {kind: list(found.values()).count(kind) for kind in ("passed", "failed", "skipped")})
    worse = [name for name, ended in stock.items() if ended == "passed" and ours.get(name) != "passed"]
    for name in worse:
        print(f"  {name}: {EXPLAINED.get(name, 'not explained')}")
    return int(any(name not in EXPLAINED for name in worse))


if __name__ == "__main__":
    sys.exit(main())
