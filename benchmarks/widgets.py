"""How soon a teaching widget follows the hand: from a key on a slider, a choice or a tick to the painted frame.

    python benchmarks/widgets.py --data FOLDER [--moves 20] [--lesson a3]

Each lesson's widget on the lesson's own cohort, alone in a page of Voila, in a real browser.  A move counts from the
key to the frame after the last change that it makes to the page, the way to the kernel and back included where a widget
goes it; the sentence for screen readers, which waits until the hand rests, is left out.  Bar of the curriculum: 50 ms
(p95).  Beside them stands, in the same run, a list of ipywidgets whose number the kernel writes: the least that a
widget can do that asks Python.  The last line is JSON.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import harness
import nbformat
from playwright.sync_api import Error, Page, sync_playwright

from rounds.lessons.finding import find_lessons
from rounds.lessons.folder import LessonFolder

WITHIN_MS = 60_000
BEFORE = ("setup", "show", "made")  # what a lesson runs before its widget
CONTROLS = ".jp-OutputArea-output :is(input[type=range], input[type=radio], input[type=checkbox], select)"
PEER = """import ipywidgets
number, moved = ipywidgets.Dropdown(options=range(1000)), ipywidgets.HTML("0")
number.observe(lambda change: setattr(moved, "value", str(change["new"])), "value")
ipywidgets.VBox([number, moved])"""
WATCH = """() => {
  window.roundsSeen = 0;
  const spoken = (node) => (node.closest ? node : node.parentElement)?.closest("[role=status], [aria-live], .said");
  const note = (changes) => changes.every((one) => spoken(one.target))
    || requestAnimationFrame(() => { window.roundsSeen = performance.now(); });
  const all = { subtree: true, childList: true, attributes: true, characterData: true };
  new MutationObserver(note).observe(document.body, all);
  window.addEventListener("keydown", () => { window.roundsBegan = performance.now(); window.roundsSeen = 0; }, true);
}"""
SETTLES_MS = 300  # no change comes later than this
KEYS = {"range": ("ArrowRight", "ArrowLeft"), "radio": ("ArrowDown", "ArrowUp"), "select-one": ("ArrowDown", "ArrowUp")}


def page_of(lesson: LessonFolder) -> Any:
    """Return a notebook of one cell that shows a lesson's widget and nothing else."""
    cells = nbformat.read(lesson.learner / "lesson.ipynb", as_version=4).cells
    code = [(cell.metadata.get("rounds", {}).get("role"), cell.source) for cell in cells if cell.cell_type == "code"]
    at = next(number for number, (role, _) in enumerate(code) if role == "widget")
    before = [source for role, source in code[:at] if role in BEFORE]
    quiet = "".join(
        f"with contextlib.redirect_stdout(io.StringIO()):\n    exec({source!r}, globals())\n" for source in before
    )
    return notebook_of(f"import contextlib, io\n{quiet}{code[at][1]}")


def notebook_of(source: str) -> Any:
    """Return a notebook with one cell."""
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)], metadata=kernel)


@contextlib.contextmanager
def serve(folder: Path, data: Path) -> Iterator[str]:
    """Serve the notebooks of a folder with Voila."""
    (port,), log = harness.free_ports(1), folder / "log"
    command = [sys.executable, "-m", "voila", str(folder), "--no-browser", f"--port={port}", "--template=lab"]
    environ = harness.clean_environment(folder, ROUNDS_DATA=str(data), ROUNDS_LESSONS=str(harness.ROOT))
    with harness.running(command, log, environ, cwd=folder) as process:
        harness.wait_until(lambda: harness.answers(f"http://127.0.0.1:{port}/"), process, log)
        yield f"http://127.0.0.1:{port}/voila/render"


def lock_guess(page: Page) -> None:
    """Answer whatever the widget asks before it moves, with anything."""
    for box in page.locator(".jp-OutputArea-output input[type=number]:enabled:visible").all():
        low, high = (box.get_attribute(name) for name in ("min", "max"))
        middle = (float(low or 0) + float(high or 10)) / 2
        box.fill(f"{middle:.2f}" if middle < 1 else f"{middle:.0f}")
    first = page.locator(".jp-OutputArea-output input[type=radio]:enabled:visible").first
    if first.count():
        first.check()
    button = page.get_by_role("button", name="guess").and_(page.locator(":enabled"))
    if button.count():
        button.first.click()
        page.wait_for_timeout(SETTLES_MS)


def move(page: Page, moves: int) -> list[float]:
    """Move each control that can be moved; return the milliseconds to the frame of each move that changed something."""
    seen: list[float] = []
    controls = [one for one in page.locator(CONTROLS).all() if one.is_visible() and one.is_enabled()]
    if not controls:  # two widgets are moved by buttons alone
        controls = page.locator(".jp-OutputArea-output button:enabled:visible").all()
    for control in controls:
        for number in range(max(2, moves // max(1, len(controls)))):
            with contextlib.suppress(Error):  # a move may take a control away
                keys = KEYS.get(control.evaluate("(one) => one.type", timeout=1_000), (" ",))
                control.press(keys[number // 2 % len(keys)], timeout=1_000)
                page.wait_for_timeout(SETTLES_MS)
                took = page.evaluate("window.roundsSeen && window.roundsSeen - window.roundsBegan")
                seen += [took] if took > 0 else []
    return seen


def measure(page: Page, address: str, moves: int) -> list[float]:
    """Open one page, and return the milliseconds of its moves."""
    page.goto(address)
    page.locator(".jp-OutputArea-output :is(input, select, button):visible").first.wait_for(timeout=WITHIN_MS)
    page.wait_for_timeout(SETTLES_MS)
    lock_guess(page)
    page.evaluate(WATCH)
    return move(page, moves)


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--moves", type=int, default=20, help="about how many moves each widget is given")
    parser.add_argument("--lesson", default="", help="one lesson only, by its id")
    parser.add_argument("--data", type=Path, required=True, help="the folder with the lessons' datasets")
    asked, load = parser.parse_args(), os.getloadavg()[0]
    lessons = {key: one for key, one in find_lessons([harness.ROOT / "tutorials"]).items() if asked.lesson in ("", key)}
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        folder = Path(place)
        for name, notebook in {
            "peer": notebook_of(PEER),
            **{key: page_of(one) for key, one in lessons.items()},
        }.items():
            nbformat.write(notebook, folder / f"{name}.ipynb")
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        times: dict[str, list[float]] = {}
        with serve(folder, asked.data.resolve()) as address:
            for name in ("peer", *lessons):
                page, began = browser.new_page(viewport={"width": 1100, "height": 900}), time.monotonic()
                times[name] = measure(page, f"{address}/{name}.ipynb", asked.moves)
                print(
                    f"{name}: {len(times[name])} moves in {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True
                )
                page.close()
        browser.close()
    harness.print_table("ms from the key to the painted frame", times)
    slowest = {name: harness.rounded(harness.quantile(values, 0.95)) for name, values in times.items()}
    harness.report("widgets", {f"{name}_p95_ms": value for name, value in slowest.items()}, load)


if __name__ == "__main__":
    main()
