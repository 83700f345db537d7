"""Pictures that a lesson draws from its data, with words for whoever does not see them."""

from __future__ import annotations

import base64
import html
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rounds.errors import LessonError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FEWEST_WORDS = 3
DPI = 144  # sharp on a screen with two points for each


@dataclass(frozen=True)
class Picture:
    """A picture as a notebook, a page and Voila show it."""

    png: bytes
    alt: str
    width: int

    def _repr_html_(self) -> str:
        data = base64.b64encode(self.png).decode()
        style = "max-width: 100%; height: auto; background: #fff; border-radius: 4px;"
        alt = html.escape(self.alt, quote=True)
        return f'<img src="data:image/png;base64,{data}" alt="{alt}" width="{self.width}" style="{style}">'

    def __repr__(self) -> str:
        return f"Picture: {self.alt}"


def show_picture(figure: Figure, alt: str) -> Picture:
    """Return a figure as a picture with a text that says what is to be seen; the figure is closed.

    Raises
    ------
    LessonError
        When the text has fewer than three words.

    Examples
    --------
    >>> show_picture(figure, "Two humps: most results of site B are ten times those of site A.")  # doctest: +SKIP
    """
    from matplotlib import pyplot

    if len(alt.split()) < FEWEST_WORDS:
        raise LessonError('A picture needs words that say what is seen. Write: show_picture(figure, "Two humps: ...")')
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=DPI, bbox_inches="tight", facecolor="white")
    pyplot.close(figure)
    png = file.getvalue()
    return Picture(png, alt, width=int.from_bytes(png[16:20], "big") * 72 // DPI * 4 // 3)
