"""The kernel's part of the lesson view, an IPython extension: a cell that runs again shows the same widget.

The page loads it before the first cell (``%load_ext rounds.lessons.view.kernel``), and says with each cell that it runs
by itself that it does.  A widget of such a cell is kept by the cell's id: run again, the cell shows it once more; after
a restart the new one takes over what was chosen.  Nothing here runs what a page sends: the line takes texts of boxes.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from ipywidgets import Widget
from traitlets import TraitError

from rounds.lessons.view.kept import Kept, is_kept, open_kept
from rounds.lessons.view.line import open_line

BY_PAGE = "roundsByPage"  # what the page notes with a cell that it runs
AGAIN = "get_ipython()._rounds_widgets.shown({cell!r}, {source!r})\n"  # in place of a cell that has its widget
SESSION = "JPY_SESSION_NAME"  # the notebook; a sealed kernel is not told, and a lesson has one a folder


class KeptWidgets:
    """The widgets of a notebook's cells, by the cells' ids."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept
        self._shown: dict[str, Widget] = {}
        self._texts: dict[str, str] = {}  # what a cell said when it ran last
        self._made_by: dict[str, str] = {}  # what it said when its widget was made

    def take(self, cell: str, made: Widget, by_page: bool) -> Widget:
        """Return the widget to show for a cell that has made one; the one that is not shown is closed."""
        if cell not in self._shown and not by_page:
            return made
        shown = self.shown(cell, self._texts.get(cell, ""))
        if shown is not None and shown is not made:
            _close(made)
            return shown
        self._shown[cell], self._made_by[cell] = made, self._texts.get(cell, "")
        self._restore(cell, made)
        self._watch(cell, made)
        return made

    def shown(self, cell: str, source: str) -> Widget | None:
        """Return the living widget of a cell whose text is as it was; None where the cell has to run."""
        widget = self._shown.get(cell)
        return widget if widget is not None and widget.comm is not None and self._made_by[cell] == source else None

    def note_text(self, cell: str, source: str) -> None:
        """Remember what a cell says that is about to run, whoever runs it."""
        self._texts[cell] = source

    def _restore(self, cell: str, widget: Widget) -> None:
        """Set what was chosen before; what a new version of the widget refuses or does not know is passed over."""
        kept = self._kept.widgets.get(cell, {})
        for part, one in _parts(widget):
            for trait, value in list(kept.get(part, {}).items()):
                if trait in _chosen(one):
                    with suppress(TraitError, TypeError, ValueError, IndexError, KeyError):
                        setattr(one, trait, value)

    def _watch(self, cell: str, widget: Widget) -> None:
        for part, one in _parts(widget):
            if names := _chosen(one):
                one.observe(self._keeper(cell, part), names=names)

    def _keeper(self, cell: str, part: str) -> Callable[[Any], None]:
        def keep(change: Any) -> None:
            if is_kept(change.new):
                self._kept.keep(cell, part, change.name, change.new)

        return keep


def _parts(widget: Widget, place: str = "0") -> Iterator[tuple[str, Widget]]:
    """Yield a widget and what is in it, each with its place."""
    yield place, widget
    for number, child in enumerate(getattr(widget, "children", ())):
        if isinstance(child, Widget):
            yield from _parts(child, f"{place}/{number}")


def _chosen(widget: Widget) -> list[str]:
    """Return the traits that a browser sees and that are the widget's own to say; never a private one."""
    return [name for name in widget.traits(sync=True) if not name.startswith("_")]


def _close(widget: Widget) -> None:
    for _, one in reversed(list(_parts(widget))):
        one.close()


def load_ipython_extension(shell: Any) -> None:
    """Keep widgets by cell, and open the line to the page; a second load changes nothing."""
    if getattr(shell, "_rounds_widgets", None) is not None:
        return
    widgets = KeptWidgets(open_kept(Path(os.environ.get(SESSION) or "lesson.ipynb")))
    shell._rounds_widgets = widgets

    def show_again(lines: list[str]) -> list[str]:
        cell, by_page = _running(shell)
        source = "".join(lines)
        if by_page and widgets.shown(cell, source) is not None:
            return [AGAIN.format(cell=cell, source=source)]
        widgets.note_text(cell, source)
        return lines

    shell.input_transformers_cleanup.append(show_again)
    show = shell.displayhook.compute_format_data

    def show_kept(result: Any, *more: Any, **named: Any) -> Any:
        cell, by_page = _running(shell)
        if cell and isinstance(result, Widget):
            result = widgets.take(cell, result, by_page)
        return show(result, *more, **named)

    shell.displayhook.compute_format_data = show_kept
    open_line()


def _running(shell: Any) -> tuple[str, bool]:
    """Return the id of the cell that runs, and whether the page runs it by itself."""
    parent = shell.get_parent() if hasattr(shell, "get_parent") else None
    metadata = (parent or {}).get("metadata") or {}
    return str(metadata.get("cellId") or ""), metadata.get(BY_PAGE) is True
