"""A notebook that cannot be published is refused with the reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from rounds.errors import PublishError
from rounds.room.publish import LARGEST_MB, publish_dashboard


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "is not a notebook"),
        ("[1, 2]", "is not a notebook"),
        ('{"metadata": {}}', "is not a notebook"),
        (" " * (LARGEST_MB * 1_000_000 + 1), "is larger than"),
    ],
)
def test_what_is_no_notebook_or_too_large_is_refused(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "a.ipynb").write_text(text, encoding="utf-8")
    environ = {"ROUNDS_PUBLISHED": str(tmp_path / "published"), "ROUNDS_ROOM": str(tmp_path)}
    with pytest.raises(PublishError, match=says):
        publish_dashboard(tmp_path / "a.ipynb", environ)
    assert not (tmp_path / "published").exists()


def test_a_misspelt_notebook_is_answered_with_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "births.ipynb").write_text("{}", encoding="utf-8")
    environ = {"ROUNDS_PUBLISHED": str(tmp_path / "published"), "ROUNDS_ROOM": str(tmp_path)}
    with pytest.raises(PublishError, match=r'Did you mean "births\.ipynb"'):
        publish_dashboard("birth.ipynb", environ)
