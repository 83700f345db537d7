"""The birthweight dashboard: one object whose parts a notebook lays out.

In a published view every count has passed the disclosure policy, the calibration's groups as well.
"""

from __future__ import annotations

import os
from functools import cached_property
from html import escape

import ipywidgets as widgets

import rounds.data
from rounds.challenges.baseline import Baseline, describe_split, fit_baselines
from rounds.challenges.briefs import brief_of, choose_rows, limits_of
from rounds.explore.crossfilter import Crossfilter
from rounds.explore.disclosure import Disclosure
from rounds.explore.source import open_source
from rounds_widgets.explorers.explorer_view import render_cells
from rounds_widgets.explorers.flow_figure import draw_calibration, draw_outcome, render_flow, render_svg, render_table

_SCORES = ("Model", "Features", "Mean absolute error (g)", "R2", "Births tested")


class BirthweightDashboard:
    """Cohort flow, outcome by factor, and a first model's calibration.

    Examples
    --------
    >>> dashboard = BirthweightDashboard("birthweight")       # doctest: +SKIP
    >>> dashboard.outcome_by_factor()                         # doctest: +SKIP
    """

    def __init__(self, dataset: str, disclosure: Disclosure | None = None) -> None:
        self.brief = brief_of("birthweight")
        self.dataset = rounds.data.load(dataset)
        self.disclosure = disclosure or Disclosure.from_environ(os.environ)
        self.cohort = choose_rows(self.dataset, self.brief)

    def heading(self) -> widgets.HTML:
        """Say what the data are, and what this table cannot support."""
        package = self.dataset.package
        limits = "".join(f"<li>{escape(limit)}</li>" for limit in limits_of(self.dataset, self.brief))
        below = f"<p>This table cannot support everything:</p><ul>{limits}</ul>" if limits else ""
        return widgets.HTML(
            f"<h1>{escape(package.title)}</h1><p>{escape(package.notice)}</p><p>{escape(self.policy())}</p>{below}"
        )

    def policy(self) -> str:
        """Say which counts this view shows."""
        return self.disclosure.describe()

    def flow(self) -> widgets.HTML:
        """Show how the cohort was chosen."""
        boxes = self.cohort.flow(self.disclosure)
        persons = self.dataset.table().person is not None
        return widgets.HTML(render_flow(boxes, self.disclosure, persons))

    def outcome_by_factor(self) -> widgets.VBox:
        """Show the mean birthweight by a factor that the viewer chooses."""
        names = [c.column.name for c in self._crossfilter.charts if c.column.role != "outcome"]
        factor = widgets.Dropdown(options=names, description="Factor")
        shown = widgets.HTML(self._draw_factor(factor.value))
        factor.observe(lambda change: _set(shown, self._draw_factor(change["new"])), "value")
        return widgets.VBox([factor, shown])

    def scores(self) -> widgets.HTML:
        """Show how far the baselines are from the truth, on births they never saw."""
        table = render_table(_SCORES, (self._score_row(baseline) for baseline in self._baselines))
        return widgets.HTML(f"<p>{describe_split(self.dataset)}</p>{table}")

    def calibration(self) -> widgets.VBox:
        """Show predicted against observed weight; the viewer chooses the number of groups."""
        groups = widgets.Dropdown(options=(4, 6, 8, 10, 12), value=10, description="Groups")
        shown = widgets.HTML(self._draw_calibration(groups.value))
        groups.observe(lambda change: _set(shown, self._draw_calibration(change["new"])), "value")
        return widgets.VBox([groups, shown])

    @cached_property
    def _crossfilter(self) -> Crossfilter:
        person = self.dataset.table().person
        return Crossfilter.build(open_source(self.cohort.frame(), person), self.brief.outcome)

    @cached_property
    def _baselines(self) -> list[Baseline]:
        return fit_baselines(self.dataset, self.brief)

    def _score_row(self, baseline: Baseline) -> list[str]:
        score = baseline.score()
        tested = self.disclosure.say(self.disclosure.show(score["tested_births"]))
        numbers = [f"{score['mae_g']:.0f}", f"{score['r2']:.2f}".replace("-0.00", "0.00")]
        return [score["model"], str(score["features"]), *numbers, tested]

    def _draw_factor(self, name: str) -> str:
        charts = self._crossfilter.charts
        place = next(i for i, chart in enumerate(charts) if chart.column.name == name)
        cells = self._crossfilter.count(())[place]
        shown = render_cells(cells[:-1], self.disclosure, binary=False)
        labels = [
            f"{label} (n = {'hidden' if n is None else f'{n:,}'})"
            for label, n in zip(charts[place].labels(), shown["n"], strict=True)
        ]
        figure = draw_outcome(labels, shown["outcome"], name)
        return render_svg(figure, f"Mean birthweight by {name}")

    def _draw_calibration(self, groups: int) -> str:
        table = self._baselines[-1].calibration(groups)
        kept = table[[not self.disclosure.is_small(int(n)) for n in table["births"]]]
        if self.disclosure.published:
            kept = kept.round(-1)
        if kept.empty:
            return "<p>Not yet: every group is too small to be shown. Choose fewer groups.</p>"
        return render_svg(draw_calibration(kept), "Observed against predicted birthweight")


def _set(shown: widgets.HTML, text: str) -> None:
    shown.value = text
