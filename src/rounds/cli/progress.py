"""Progress bars: one line that moves in a terminal, one line per tenth in a log."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

Report = Callable[[str, int, int], None]
console = Console(stderr=True, highlight=False)


@contextmanager
def bar(title: str) -> Iterator[Report]:
    """Show a bar named `title`; call the yielded function with what is done, how many, of how many.

    The line that stays is true: work that reported no step is one step, done when it ends and gone when it fails.
    """
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task(title, total=None)

        def report(text: str, done: int, total: int) -> None:
            progress.update(task, description=f"{title}: {text}"[:60], completed=done, total=total)

        try:
            yield report
        except BaseException:
            progress.update(task, visible=progress.tasks[task].total is not None)
            raise
        if progress.tasks[task].total is None:
            progress.update(task, completed=1, total=1)
        progress.update(task, description=title)
