"""A picture of a lesson has words for whoever does not see it."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from matplotlib import pyplot

from rounds.errors import LessonError
from rounds.lessons.pictures import show_picture

ALT = 'Two humps: "A" and <B> differ ten times.'


def test_a_figure_becomes_an_image_with_its_words_and_is_closed() -> None:
    figure, axes = pyplot.subplots(figsize=(4, 2))
    axes.plot([1, 2])
    picture = show_picture(figure, ALT)
    image = BeautifulSoup(picture._repr_html_(), "html.parser").img
    assert image is not None
    assert image["alt"] == ALT
    assert str(image["src"]).startswith("data:image/png;base64,iVBOR")
    assert 200 < int(str(image["width"])) < 500
    assert repr(picture) == f"Picture: {ALT}"
    assert not pyplot.fignum_exists(figure.number)  # type: ignore[attr-defined]


def test_a_picture_without_words_is_refused() -> None:
    with pytest.raises(LessonError, match="needs words that say what is seen"):
        show_picture(pyplot.figure(), "Plot")
