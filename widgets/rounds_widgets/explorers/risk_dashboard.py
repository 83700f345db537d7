"""A challenge's dashboard where the outcome is yes or no: one object whose parts a notebook lays out.

In a published view every count has passed the disclosure policy, and a group with a small count is not drawn.
"""

from __future__ import annotations

import os
from functools import cached_property
from html import escape

import ipywidgets as widgets
import pandas as pd

import rounds.data
from rounds.challenges.baseline import describe_split
from rounds.challenges.briefs import brief_of, choose_rows, limits_of
from rounds.challenges.risk import RiskBaseline, fit_risks, fit_shift
from rounds.explore.crossfilter import Crossfilter
from rounds.explore.disclosure import Disclosure
from rounds.explore.source import open_source
from rounds_widgets.explorers.explorer_view import render_cells
from rounds_widgets.explorers.flow_figure import draw_outcome, draw_risks, render_flow, render_svg, render_table

_SCORES = ("Model", "AUROC", "95 % interval", "Average precision", "Share with the outcome", "Observed / predicted")
_ALERTS = ("Rows that raise an alert", "Outcomes found", "Alerts that are right", "Alerts for each outcome found")


class RiskDashboard:
    """Cohort flow, outcome by factor, a first model with its calibration, and what alerts would cost.

    Examples
    --------
    >>> dashboard = RiskDashboard("bsi")          # doctest: +SKIP
    >>> dashboard.alerts()                        # doctest: +SKIP
    """

    def __init__(self, challenge: str, dataset: str = "", disclosure: Disclosure | None = None) -> None:
        self.brief = brief_of(challenge)
        self.dataset = rounds.data.load(dataset or rounds.data.attached(challenge))
        self.disclosure = disclosure or Disclosure.from_environ(os.environ)
        self.cohort = choose_rows(self.dataset, self.brief)

    def heading(self) -> widgets.HTML:
        """Say what the data are, and what this table cannot support."""
        package = self.dataset.package
        limits = "".join(f"<li>{escape(limit)}</li>" for limit in limits_of(self.dataset, self.brief))
        below = f"<p>This table cannot support everything:</p><ul>{limits}</ul>" if limits else ""
        return widgets.HTML(
            f"<h1>{escape(package.title)}</h1><p>{escape(package.notice)}</p>"
            f"<p>{escape(self.disclosure.describe())}</p>{below}"
        )

    def flow(self) -> widgets.HTML:
        """Show how the rows were chosen."""
        persons = self.dataset.table().person is not None
        words = (self.brief.rows, self.brief.people)
        return widgets.HTML(render_flow(self.cohort.flow(self.disclosure), self.disclosure, persons, words))

    def outcome_by_factor(self) -> widgets.VBox:
        """Show the share with the outcome by a factor that the viewer chooses."""
        names = [c.column.name for c in self._crossfilter.charts if c.column.role != "outcome"]
        factor = widgets.Dropdown(options=names, description="Factor")
        shown = widgets.HTML(self._draw_factor(factor.value))
        factor.observe(lambda change: _set(shown, self._draw_factor(change["new"])), "value")
        return widgets.VBox([factor, shown])

    def scores(self) -> widgets.HTML:
        """Show how the baselines rank and how far their risks are right, on patients they never saw."""
        table = render_table(_SCORES, (_score_row(baseline) for baseline in self._baselines))
        return widgets.HTML(f"<p>{escape(describe_split(self.dataset, self.brief.people))}</p>{table}")

    def calibration(self) -> widgets.VBox:
        """Show predicted against observed risk; the viewer chooses the number of groups."""
        groups = widgets.Dropdown(options=GROUPS, value=10, description="Groups")
        shown = widgets.HTML(self._draw(self._baselines[-1], groups.value))
        groups.observe(lambda change: _set(shown, self._draw(self._baselines[-1], change["new"])), "value")
        return widgets.VBox([groups, shown])

    def shift(self) -> widgets.HTML:
        """Show the model on another time or hospital than it has learned from."""
        moved = fit_shift(self.dataset, self.brief)
        if moved is None or self.brief.shift is None:
            return widgets.HTML("<p>This table has no other time or hospital to test on.</p>")
        table = render_table(_SCORES, [_score_row(moved)])
        return widgets.HTML(f"<p>{escape(self.brief.shift.words)}</p>{table}{self._draw(moved, 10)}")

    def alerts(self) -> widgets.HTML:
        """Show what an alert budget buys, as shares; no count of patients."""
        found = self._baselines[-1].alerts()
        if self.disclosure.published:
            found = found[[not self.disclosure.is_small(int(n)) for n in found["events_found"]]]
        rows = [
            (str(budget), f"{row.sensitivity:.0%}", f"{row.ppv:.0%}", f"{row.alerts_per_event_found:.1f}")
            for budget, row in found.iterrows()
        ]
        return widgets.HTML(render_table(_ALERTS, rows) if rows else _TOO_SMALL)

    def statuses(self) -> widgets.HTML:
        """Show what came first in fifths of rising risk, as shares; small counts are hidden."""
        baseline = self._baselines[-1]
        if "status" not in baseline.tested:
            return widgets.HTML("<p>This table does not say what came first.</p>")
        shares = baseline.statuses()
        size = len(baseline.tested) / len(shares)
        rows = [(str(name), *self._say_shares(list(row), size)) for name, row in shares.iterrows()]
        return widgets.HTML(render_table(("Rising risk", *map(str, shares.columns)), rows))

    @cached_property
    def _crossfilter(self) -> Crossfilter:
        return Crossfilter.build(open_source(self.cohort.frame(), self.dataset.table().person), self.brief.outcome)

    @cached_property
    def _baselines(self) -> list[RiskBaseline]:
        return fit_risks(self.dataset, self.brief)

    def _say_shares(self, shares: list[float], size: float) -> list[str]:
        hidden = self.disclosure.hide([round(share * size) for share in shares])
        return ["hidden" if h else f"{share:.0%}" for share, h in zip(shares, hidden, strict=True)]

    def _draw_factor(self, name: str) -> str:
        charts = self._crossfilter.charts
        place = next(i for i, chart in enumerate(charts) if chart.column.name == name)
        shown = render_cells(self._crossfilter.count(())[place][:-1], self.disclosure, binary=True)
        labels = [
            f"{label} (n = {'hidden' if n is None else f'{n:,}'})"
            for label, n in zip(charts[place].labels(), shown["n"], strict=True)
        ]
        figure = draw_outcome(
            labels, shown["outcome"], name, f"Share with {self.brief.event}, with 95 % interval", True
        )
        return render_svg(figure, f"Share with {self.brief.event} by {name}")

    def _draw(self, baseline: RiskBaseline, groups: int) -> str:
        kept = self._shown(baseline.calibration(groups))
        if kept.empty:
            return _TOO_SMALL
        event = self.brief.event
        return render_svg(draw_risks(kept, event), f"Observed share against predicted risk of {event}")

    def _shown(self, table: pd.DataFrame) -> pd.DataFrame:
        """Return the groups that may be shown: none with a small number of events or of others."""
        if not self.disclosure.published:
            return table
        events = (table["rows"] * table["observed"]).round().astype(int)
        small = [
            self.disclosure.is_small(min(e, n - e)) for e, n in zip(events, table["rows"].astype(int), strict=True)
        ]
        return table[[not one for one in small]].round(3)


GROUPS = (4, 6, 8, 10, 12)
_TOO_SMALL = "<p>Not yet: the groups are too small to be shown.</p>"


def _score_row(baseline: RiskBaseline) -> list[str]:
    score = baseline.score()
    numbers = [f"{score[name]:.2f}" for name in ("average_precision", "rate", "observed_to_predicted")]
    return [score["model"], f"{score['auroc']:.2f}", score["auroc_95"], *numbers]


def _set(shown: widgets.HTML, text: str) -> None:
    shown.value = text
