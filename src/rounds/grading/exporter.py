"""nbgrader's *Generate feedback* makes Rounds' page: its own shows the hidden tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbconvert.exporters import Exporter
from traitlets import Any as AnyTrait

from rounds.grading.feedback import render_feedback


class FeedbackExporter(Exporter):
    """Export an autograded notebook as the page of feedback on it."""

    course = AnyTrait(help="The course whose gradebook holds the marks.").tag(config=True)
    file_extension = ".html"
    output_mimetype = "text/html"

    def from_filename(self, filename: str, resources: Any = None, **_: Any) -> tuple[Any, dict[str, Any]]:
        """Return the page for the notebook of one person's lesson."""
        folder = Path(filename).parent
        page = render_feedback(self.course, folder.name, folder.parent.name)
        return page, {**(resources or {}), "output_extension": ".html", "outputs": {}}
