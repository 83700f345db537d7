"""A cohort's flow and a calibration, drawn as figures for notebooks and dashboards."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from io import StringIO
from typing import TYPE_CHECKING, Any

from rounds.explore.cohort import Box
from rounds.explore.disclosure import Disclosure

if TYPE_CHECKING:
    import pandas as pd

INK, LINE, BLUE, VERMILLION = "#1b2733", "#51606e", "#0072b2", "#d55e00"


def render_flow(
    boxes: list[Box], disclosure: Disclosure, persons: bool = True, words: tuple[str, str] = ("births", "mothers")
) -> str:
    """Return the flow as an HTML table: what each step leaves and what it takes out."""
    rows = [_flow_row(box, disclosure, persons) for box in boxes]
    return render_table(("Step", *(word.capitalize() for word in words), "Excluded"), rows)


def render_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return an HTML table whose first column names the row."""
    titles = "".join(_cell("th", name, i, "col") for i, name in enumerate(head))
    body = "".join(f"<tr>{_row(row)}</tr>" for row in rows)
    return f"<table><thead><tr>{titles}</tr></thead><tbody>{body}</tbody></table>"


def draw_calibration(groups: pd.DataFrame) -> Any:
    """Return a figure of observed against predicted weight, with 95 % intervals."""
    figure, axes = _figure()
    error = [groups.observed_g - groups.low_g, groups.high_g - groups.observed_g]
    ends = [groups[["predicted_g", "low_g"]].min().min(), groups[["predicted_g", "high_g"]].max().max()]
    axes.plot(ends, ends, color=LINE, linestyle="--", label="perfect calibration")
    axes.errorbar(
        groups.predicted_g, groups.observed_g, yerr=error, fmt="o", color=BLUE, label="one group of the tested births"
    )
    axes.set_xlabel("Mean predicted birthweight (g)")
    axes.set_ylabel("Mean observed birthweight (g)")
    axes.legend(frameon=False)
    return figure


def draw_risks(groups: pd.DataFrame, event: str) -> Any:
    """Return a figure of the observed share against the predicted risk, with 95 % intervals."""
    figure, axes = _figure()
    end = 1.05 * max(groups["high"].max(), groups["predicted"].max())
    error = [(groups["observed"] - groups["low"]).clip(0), (groups["high"] - groups["observed"]).clip(0)]
    axes.plot([0, end], [0, end], color=LINE, linestyle="--", label="perfect calibration")
    axes.errorbar(
        groups["predicted"], groups["observed"], yerr=error, fmt="o", color=BLUE, label="one group of the tested rows"
    )
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(_percent)
    axes.set_xlabel(f"Mean predicted risk of {event}")
    axes.set_ylabel(f"Observed share with {event}")
    axes.legend(frameon=False)
    return figure


def draw_outcome(
    labels: list[str],
    estimates: list[list[float] | None],
    factor: str,
    measure: str = "Mean birthweight (g), with 95 % interval",
    percent: bool = False,
) -> Any:
    """Return a figure of the mean outcome for each level of a factor."""
    figure, axes = _figure()
    for place, value in enumerate(estimates):
        if value is None:
            axes.text(0.02, place, "hidden or empty", va="center", color=LINE, transform=axes.get_yaxis_transform())
        else:
            axes.plot(value[1:], [place, place], color=VERMILLION, linewidth=2)
            axes.plot(value[0], place, "o", color=VERMILLION)
    axes.set_yticks(range(len(labels)), labels)
    axes.set_ylim(len(labels) - 0.5, -0.5)
    if percent:
        axes.xaxis.set_major_formatter(_percent)
    axes.set_xlabel(measure)
    axes.set_title(factor, loc="left", color=INK)
    return figure


def render_svg(figure: Any, description: str) -> str:
    """Return a figure as inline SVG with a text for those who cannot see it."""
    text = StringIO()
    figure.savefig(text, format="svg", bbox_inches="tight", metadata={"Date": None})
    svg = text.getvalue()
    svg = svg[svg.index("<svg") :].replace("<svg", '<svg style="max-width:100%;height:auto"', 1)
    return f'<div role="img" aria-label="{escape(description)}">{svg}</div>'


def _percent(share: float, _place: int) -> str:
    return f"{100 * share:.3g} %"


def _figure() -> tuple[Any, Any]:
    from matplotlib.figure import Figure

    _let_notebooks_draw(Figure)
    figure = Figure(figsize=(6.4, 4.2), facecolor="#ffffff")
    axes = figure.subplots()
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def _let_notebooks_draw(figure_type: type) -> None:
    """Let a notebook show a figure as a picture; only pyplot's own figures make IPython ready for that."""
    from IPython import get_ipython
    from IPython.core.pylabtools import select_figure_formats

    shell = get_ipython()
    if shell and not any(figure_type in f.type_printers for f in shell.display_formatter.formatters.values()):
        select_figure_formats(shell, {"png"})  # type: ignore[no-untyped-call]


def _flow_row(box: Box, disclosure: Disclosure, persons: bool) -> list[str]:
    people = disclosure.say(box.n_persons) if persons else "not known"
    out = "" if box.label.startswith("All:") else disclosure.say(box.excluded)
    return [box.label, disclosure.say(box.n_rows), people, out]


def _row(values: Sequence[str]) -> str:
    return "".join(_cell("td" if i else "th", text, i, "row") for i, text in enumerate(values))


def _cell(tag: str, text: str, place: int, scope: str) -> str:
    kind = f' scope="{scope}"' if tag == "th" else ""
    style = f"text-align:{'right' if place else 'left'};padding:4px 12px;max-width:24em"
    return f'<{tag}{kind} style="{style}">{escape(text)}</{tag}>'
