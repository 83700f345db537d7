"""The report's pictures: SVG as text, the same bytes for the same numbers, with no address of another host."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INK, MUTED, BEFORE, AFTER, LINE = "#1b2733", "#5b6773", "#E69F00", "#0072B2", "#d5d3cc"
STYLE: Any = {"svg.fonttype": "none", "svg.hashsalt": "rounds", "font.family": "sans-serif", "font.size": 11}
WIDTH = 8.0


def draw_crowds(before: Sequence[Sequence[Any]], after: Sequence[Sequence[Any]], counts: str) -> str:
    """Draw the part of the rows in crowds of each size, before and after."""
    labels = [str(label) for label, _ in after]
    return _draw(3.4, lambda ax: _crowd_bars(ax, labels, before, after, counts))


def draw_losses(columns: Sequence[tuple[str, float]]) -> str:
    """Draw how much of its detail each quasi-identifier lost."""
    return _draw(0.9 + 0.38 * len(columns), lambda ax: _loss_bars(ax, columns))


def draw_classes(classes: Sequence[tuple[str, int, int]]) -> str:
    """Draw in how many places each class of identifiers was found, before and after."""
    return _draw(1.1 + 0.5 * len(classes), lambda ax: _class_bars(ax, classes))


def _crowd_bars(
    ax: Axes, labels: list[str], before: Sequence[Sequence[Any]], after: Sequence[Sequence[Any]], counts: str
) -> None:
    sides = (
        [(before, BEFORE, "before", -0.2), (after, AFTER, "after", 0.2)] if before else [(after, AFTER, "after", 0.0)]
    )
    for sizes, colour, name, at in sides:
        total = sum(n for _, n in sizes) or 1
        parts = [100 * n / total for _, n in sizes]
        bars = ax.bar([i + at for i in range(len(labels))], parts, 0.38, color=colour, label=name)
        ax.bar_label(bars, labels=[f"{p:.0f} %" if p >= 0.5 else "0" if p == 0 else "<1 %" for p in parts], fontsize=9)
    ax.set_xticks(range(len(labels)), labels)
    ax.set_xlabel(f"size of the crowd ({counts} who look the same)")
    ax.set_ylabel("part of the rows, %")
    ax.set_ylim(0, 105)
    ax.legend(frameon=False, loc="lower left", bbox_to_anchor=(0, 1), ncols=2)


def _loss_bars(ax: Axes, columns: Sequence[tuple[str, float]]) -> None:
    names, losses = [name for name, _ in columns], [100 * loss for _, loss in columns]
    bars = ax.barh(range(len(names)), losses, 0.6, color=AFTER)
    ax.bar_label(bars, labels=[f" {loss:.0f} %" for loss in losses], fontsize=9)
    ax.set_yticks(range(len(names)), names)
    ax.invert_yaxis()
    ax.set_xlim(0, 115)
    ax.set_xlabel("detail lost, % (0: exact, 100: nothing is left)")


def _class_bars(ax: Axes, classes: Sequence[tuple[str, int, int]]) -> None:
    from matplotlib.ticker import MaxNLocator

    for values, colour, name, at in (
        ([b for _, b, _ in classes], BEFORE, "before", -0.19),
        ([a for _, _, a in classes], AFTER, "after", 0.19),
    ):
        bars = ax.barh([i + at for i in range(len(classes))], values, 0.36, color=colour, label=name)
        ax.bar_label(bars, labels=[f" {v}" for v in values], fontsize=9)
    ax.set_yticks(range(len(classes)), [name for name, _, _ in classes])
    ax.invert_yaxis()
    ax.set_xlim(0, 1.25 * max([1, *(max(b, a) for _, b, a in classes)]))
    ax.set_xlabel("places (columns) where it was found")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.legend(frameon=False, loc="lower left", bbox_to_anchor=(0, 1), ncols=2)


def _draw(height: float, fill: Any) -> str:
    import matplotlib as mpl
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(WIDTH, height), layout="constrained")
        FigureCanvasSVG(figure)
        ax = figure.add_subplot()
        fill(ax)
        ax.spines[["top", "right"]].set_visible(False)
        ax.spines[["left", "bottom"]].set_color(LINE)
        ax.tick_params(colors=INK, length=0)
        text = io.StringIO()
        figure.savefig(text, format="svg", metadata={"Date": None, "Creator": None, "Type": None, "Format": None})
    return _bare(text.getvalue())


def _bare(svg: str) -> str:
    """Return the picture alone: no prologue, no metadata, a width that fits its page, hidden from screen readers."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    head, rest = svg.split(">", 1)
    head = re.sub(r'\s(?:width|height|xmlns:xlink)="[^"]*"', "", head)
    return f'{head} aria-hidden="true" focusable="false">{rest}'
