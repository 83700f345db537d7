"""Run ipykernel's and jupyter_client's own tests twice, with ordinary and with forked kernels, and say what differs.

    make upstream

A test that fails or skips on both sides says nothing about a fork, and is only counted.  Ends with code 1 when a test
that passes with ordinary kernels does not pass with forked ones.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from pathlib import Path

SUITES = Path(sys.prefix) / "suites"
LEFT_OUT = ("test_matplotlib_eventloops.py", "test_transport_security.py")  # a screen; minutes of key exchange
RUNNER = {"ipykernel": ["-o", "asyncio_default_fixture_loop_scope=function"], "jupyter_client": ["-p", "no:asyncio"]}
WITHIN_S = 1500


def run(suite: Path, provisioner: str) -> dict[str, str]:
    """Return how each test ended: passed, failed or skipped."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        environ = {**os.environ, "JUPYTER_DEFAULT_PROVISIONER_NAME": provisioner, "IPYTHONDIR": folder}
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={report}"]
        command += RUNNER[suite.name.partition("-")[0]]
        command += ["--timeout=120", *(f"--ignore=tests/{name}" for name in LEFT_OUT), "tests"]
        subprocess.run(command, cwd=suite, env=environ, timeout=WITHIN_S, check=False, stdout=subprocess.DEVNULL)
        return read_report(report)


def read_report(report: Path) -> dict[str, str]:
    """Return the outcome of each test of a JUnit file."""
    found = {}
    for case in ElementTree.parse(report).getroot().iter("testcase"):
        kinds = {child.tag for child in case}
        ended = "failed" if kinds & {"failure", "error"} else "skipped" if "skipped" in kinds else "passed"
        found[f"{case.get('classname')}::{case.get('name')}"] = ended
    return found


def main() -> int:
    """Run both suites on both sides."""
    from rounds.warm.client import is_up

    worse = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "common.sock"
        keeper = subprocess.Popen([sys.executable, "-m", "rounds.warm.keeper", "--socket", str(path)])
        os.environ["ROUNDS_WARM_SOCKET"] = str(path)
        try:
            if not is_up(path, 60):
                sys.exit("The template did not start.")
            for suite in sorted(path for path in SUITES.iterdir() if path.is_dir()):
                worse[suite.name] = compare(suite)
        finally:
            keeper.terminate()
            keeper.wait(30)
    print(json.dumps({"upstream": worse}))
    return int(any(worse.values()))


def compare(suite: Path) -> list[str]:
    """Print how a suite went on both sides; return what is worse with forked kernels."""
    stock, warm = run(suite, "local-provisioner"), run(suite, "rounds-warm")
    for side, found in (("ordinary", stock), ("forked", warm)):
        counts = {kind: list(found.values()).count(kind) for kind in ("passed", "failed", "skipped")}
        print(f"{suite.name:24} {side:9} {counts}", flush=True)
    differ = [name for name, ended in stock.items() if ended != warm.get(name)]
    for name in differ:
        print(f"  {name}: {stock[name]} with ordinary kernels, {warm.get(name)} with forked ones", flush=True)
    return [name for name in differ if stock[name] == "passed"]


if __name__ == "__main__":
    sys.exit(main())
