"""The marks as a CSV file, written by nbgrader's own exporter."""

from __future__ import annotations

from pathlib import Path

from rounds.errors import Command, GradingError
from rounds.grading.course import Course
from rounds.store.whole import write_whole


def export_marks(course: Course, target: Path) -> int:
    """Write one line for each person and lesson; return how many.

    Raises
    ------
    GradingError
        When there is no gradebook yet, or no folder to write into.
    """
    from nbgrader.api import Gradebook
    from nbgrader.plugins.export import CsvExportPlugin

    if not (course.root / "gradebook.db").is_file():
        raise GradingError("Nothing was released yet, so there are no marks: ", Command("grading", "release"))
    if not target.parent.is_dir():
        raise GradingError(f"{target.parent} is no folder. Make it, or name a file in another one.")
    plugin = CsvExportPlugin()
    plugin.to = str(target.with_name(f".{target.name}.new"))
    with Gradebook(course.gradebook_url, course.id) as gradebook:
        plugin.export(gradebook)
    text = Path(plugin.to).read_text(encoding="utf-8")
    Path(plugin.to).unlink()
    write_whole(target, text)
    return len(text.splitlines()) - 1
