"""Count the lines of each package that the tests reach: in this process, in forked kernels and servers, and in hubs.

    python tests/covered.py .venv/bin [tests/unit/test_people.py ...]

Every Python of the environment measures itself meanwhile: a file among its packages starts coverage, so a room that
was given an environment of its own is counted too.  A package must reach 95 in 100 of its lines, or stand in
below.toml with the reason; with tests named, the figures are printed and judge nothing.
"""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import sysconfig
import tomllib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from coverage import Coverage

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "test-artifacts" / "coverage"
BELOW = Path(__file__).with_name("below.toml")
PACKAGES = ("event", "roles", "people", "hub", "room", "warm", "custody")
ENOUGH = 95.0
UNMEASURED = "ROUNDS_UNMEASURED"  # set where a test counts what a process writes: the counts would be counted too


def main(bin_folder: str, *tests: str) -> int:
    """Run the tests, print the figures, and return 1 when tests failed or a package lies too low."""
    DATA.mkdir(parents=True, exist_ok=True)
    for old in DATA.glob(".coverage*"):
        old.unlink()
    with every_process_counts():
        failed = subprocess.run(["bash", "tests/run.sh", bin_folder, *tests], cwd=ROOT, check=False).returncode
    modules = count_lines()
    print(render(modules))
    problems = [] if tests else find_problems(share_by_package(modules), tomllib.loads(BELOW.read_text("utf-8")))
    for problem in problems:
        print(f"Rounds: {problem}")
    return 1 if failed or problems else 0


@contextmanager
def every_process_counts() -> Iterator[None]:
    """Let each Python of this environment count lines from its start to its end."""
    file = Path(sysconfig.get_path("purelib")) / "rounds-coverage.pth"
    given = {"COVERAGE_PROCESS_START": str(ROOT / "pyproject.toml"), "COVERAGE_FILE": str(DATA / ".coverage")}
    start = f"(os.environ.update({given!r}), __import__('coverage').process_startup())"
    file.write_text(f"import os; '{UNMEASURED}' in os.environ or {start}\n", "utf-8")
    try:
        yield
    finally:
        file.unlink()


def count_lines() -> dict[str, tuple[int, int]]:
    """Return for each module how many of its lines were reached, and how many there are."""
    coverage = Coverage(data_file=str(DATA / ".coverage"), config_file=str(ROOT / "pyproject.toml"))
    coverage.combine([str(DATA)], keep=True)
    out = DATA / "lines.json"
    coverage.json_report(outfile=str(out), ignore_errors=True)
    coverage.html_report(directory=str(DATA / "html"), ignore_errors=True)
    files = json.loads(out.read_text("utf-8"))["files"]
    home = ROOT / "src" / "rounds"
    return {
        str((ROOT / name).relative_to(home)): (found["summary"]["covered_lines"], found["summary"]["num_statements"])
        for name, found in files.items()
        if (ROOT / name).is_relative_to(home)
    }


def package_of(module: str) -> str:
    """Return the package of a module, which may be one file."""
    return module.split("/")[0].removesuffix(".py")


def share_by_package(modules: dict[str, tuple[int, int]]) -> dict[str, float]:
    """Return how many in 100 lines of each package were reached."""
    reached, lines = Counter[str](), Counter[str]()
    for module, (done, count) in modules.items():
        reached[package_of(module)] += done
        lines[package_of(module)] += count
    return {name: 100 * reached[name] / lines[name] for name in sorted(lines) if lines[name]}


def find_problems(shares: dict[str, float], below: dict[str, dict[str, object]]) -> list[str]:
    """Return which package lies lower than it should, and which reason is no longer needed."""
    found = []
    for name in PACKAGES:
        share, known = shares.get(name, 0.0), below.get(name)
        least = float(str(known["least"])) if known else ENOUGH
        if share < least:
            found.append(f"{share:.1f} in 100 lines of {name} are reached by tests, {least:g} should be")
        if known and share >= ENOUGH:
            found.append(f"{name} reaches {share:.1f} in 100 lines: take it out of {BELOW.name}")
    return found


def render(modules: dict[str, tuple[int, int]]) -> str:
    """Return the figures: each package, and the modules of the judged ones that lie low."""
    out = io.StringIO()
    for name, share in share_by_package(modules).items():
        print(f"{share:6.1f}  {name}{'' if name in PACKAGES else ' (not judged)'}", file=out)
        for module, (done, count) in sorted(modules.items()):
            if name in PACKAGES and package_of(module) == name and count and 100 * done / count < ENOUGH:
                print(f"        {100 * done / count:6.1f}  {module}: {count - done} of {count} lines", file=out)
    return out.getvalue()


if __name__ == "__main__":
    os.chdir(ROOT)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that no process counts lines any longer
    sys.exit(main(*sys.argv[1:]))
