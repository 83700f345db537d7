"""A lesson's cells run as a learner's notebook runs them, so that a test may hold its words to what they make."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from tests import made

from rounds.lessons.source import read_source

NONE: Mapping[str, str] = MappingProxyType({})


@contextmanager
def run_cells(
    folder: Path, cells: Iterable[str], datasets: Iterable[str], place: Path, keep: Mapping[str, str] = NONE
) -> Iterator[dict[str, Any]]:
    """Run cells of the lesson in `folder` by their ids, and yield the names that they have made.

    Parameters
    ----------
    datasets, place
        The datasets that the cells load, and an empty folder to lay them out in.
    keep
        The name under which a widget is kept, by the beginning of the call that shows it: ``{"WardChart(": "card"}``.
    """
    for name in datasets:
        (place / name).symlink_to(made.lesson(name).path)
    sources = {cell.id: cell.source for cell in read_source(folder / "lesson.py").cells}
    names: dict[str, Any] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ROUNDS_DATA", str(place))
        patch.setenv("ROUNDS_LESSONS", str(folder.parents[1]))
        for cell in cells:
            source = sources[cell]
            for call, name in keep.items():
                source = source.replace(f"\n{call}", f"\n{name} = {call}")
            exec(compile(source, cell, "exec"), names)
        yield names
