"""The ward chart: from a monitor to one number of a day, by way of a nurse's habit and a rule.

Python writes every chart when the widget is made; the browser gets counts by pulse, and no row of a patient of the
cohort. The one patient whose monitor is drawn is made up.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import anywidget
import numpy as np
import traitlets

from rounds.errors import DataError
from rounds_widgets.shared.view_files import load_script, load_style
from rounds_widgets.teaching.clinic_for_engineers import ward_chart_monitor as monitor
from rounds_widgets.teaching.clinic_for_engineers.ward_chart_habits import (
    EVERY,
    FIRST,
    NORMAL,
    ROUNDS_AT,
    RULES,
    SHOWN,
    WORRY,
    WORST,
    WRITTEN,
    Array,
    Habit,
    all_habits,
    farthest,
    lay_rounds,
    take_feature,
    write_chart,
)

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("encounter_id", "hour", "pulse")
NEAR = 5  # per minute: so near to the mid-point counts as in the middle


class WardChart(anywidget.AnyWidget):
    """Let the learner choose how a ward charts and which rule reads the chart, after a guess.

    Parameters
    ----------
    pulses
        One row for each charted pulse: `encounter_id`, `hour` since the arrival, `pulse` per minute. Hours from 0 to
        24 count.

    Examples
    --------
    >>> WardChart(pulses)                                                  # doctest: +SKIP
    >>> chart.count(rule="worst")["above"]                                 # doctest: +SKIP
    48.0
    """

    _esm = load_script(__file__)
    _css = load_style(__file__)

    prediction = traitlets.Float(None, allow_none=True, min=0, max=100).tag(sync=True)
    every = traitlets.Int(EVERY[0]).tag(sync=True)
    sooner = traitlets.Bool(False).tag(sync=True)
    written = traitlets.Unicode(SHOWN).tag(sync=True)
    rule = traitlets.Unicode(FIRST).tag(sync=True)
    seen = traitlets.Unicode("").tag(sync=True)  # what was looked at, as "4naf 8yaw": habit and rule
    _counts = traitlets.Dict().tag(sync=True)
    _patient = traitlets.Dict().tag(sync=True)
    _facts = traitlets.Dict().tag(sync=True)

    def __init__(self, pulses: pd.DataFrame, **traits: Any) -> None:
        rounds = _read(pulses)
        low, high = int(np.nanmin(rounds) // 10 * 10), int(np.nanmax(rounds) // 10 * 10 + 10)
        super().__init__(
            _counts=_count_all(rounds, low, high),
            _patient=_describe_patient(),
            _facts={"stays": len(rounds), "low": low, "high": high, "normal": NORMAL, "worry": WORRY, "near": NEAR},
            **traits,
        )

    @property
    def habit(self) -> Habit:
        """Return how the ward charts now."""
        return Habit(self.every, self.sooner, self.written)

    def count(self, **choices: Any) -> dict[str, Any]:
        """Return the figures of what is shown, or of other choices: `every`, `sooner`, `written`, `rule`."""
        rule = choices.pop("rule", self.rule)
        found: dict[str, Any] = self._counts[_name(replace(self.habit, **choices), rule)]
        return found

    @traitlets.validate("every", "written", "rule")
    def _is_known(self, proposal: Any) -> Any:
        name = proposal.trait.name
        known = {"every": EVERY, "written": tuple(WRITTEN), "rule": RULES}[name]
        if proposal.value not in known:
            listed = ", ".join(map(str, known))
            raise traitlets.TraitError(f"WardChart: {name} is one of {listed}, not {proposal.value!r}.")
        return proposal.value

    @traitlets.validate("seen")
    def _are_views(self, proposal: Any) -> str:
        return " ".join(name for name in self._counts if name in proposal.value.split())

    def __repr__(self) -> str:
        figures, own = self.count(), self._patient["charts"][self.habit.name]
        sooner = f", sooner after a pulse of {WORRY:.0f} or more" if self.sooner else ""
        return (
            f"Ward chart, every {self.every} hours{sooner}, written {self.written}, rule {self.rule}: above "
            f"{WORRY:.0f} in {figures['above']:.1f} of 100 patients, within {NEAR} of {NORMAL:.0f} in "
            f"{figures['middle']:.1f}. The made-up patient has {own[self.rule]:.0f}, from {len(own['values'])} values."
        )


def _read(pulses: pd.DataFrame) -> Array:
    """Return the rounds of a table; raise `DataError` where it is no table of pulses."""
    missing = [name for name in COLUMNS if name not in getattr(pulses, "columns", ())]
    if missing:
        raise DataError(f'WardChart: no column "{missing[0]}". Write: pulses[["encounter_id", "hour", "pulse"]]')
    rounds = lay_rounds(pulses)
    if not len(rounds) or not np.isfinite(rounds).any():
        raise DataError('WardChart: no pulse in the first 24 hours. Write: pulses[pulses["hour"].between(0, 24)]')
    return rounds


def _name(habit: Habit, rule: str) -> str:
    return habit.name + rule[0]


def _count_all(rounds: Array, low: int, high: int) -> dict[str, Any]:
    charts = {habit: write_chart(rounds, habit) for habit in all_habits()}
    return {_name(habit, rule): _count(chart, rule, low, high) for habit, chart in charts.items() for rule in RULES}


def _count(chart: Array, rule: str, low: int, high: int) -> dict[str, Any]:
    """Return how many stays have each pulse, and the shares of 100 above the limit and in the middle."""
    value = take_feature(chart, rule)
    bins = np.histogram(value, bins=np.arange(low, high + 12))[0]
    return {
        "bins": np.trim_zeros(bins, "b").tolist(),
        "above": round(float(100 * (value > WORRY).mean()), 1),
        "middle": round(float(100 * (np.abs(value - NORMAL) < NEAR).mean()), 1),
        "rows": round(float(np.isfinite(chart).sum(axis=1).mean()), 1),
    }


def _describe_patient() -> dict[str, Any]:
    """Return the made-up patient: the drawing of the monitor, the medians, and the chart of each habit."""
    shown = monitor.draw_monitor()
    medians = monitor.take_medians(shown)
    low, high = monitor.find_ends(shown)
    read = np.array([[monitor.read_at(medians, hour) for hour in ROUNDS_AT]])
    return {
        "low": low,
        "high": high,
        "medians": medians.round().astype(int).tolist(),
        "marks": [[one.kind, one.hour, round(one.hour + one.seconds / monitor.HOUR, 2)] for one in monitor.ARTEFACTS],
        "monitor": _take_all(shown),
        "filtered": _take_all(medians),
        "charts": {habit.name: _describe_chart(write_chart(read, habit)[0]) for habit in all_habits()},
    }


def _describe_chart(chart: Array) -> dict[str, Any]:
    kept = np.flatnonzero(np.isfinite(chart))
    return {"at": [ROUNDS_AT[at] for at in kept], "values": chart[kept].tolist(), **_take_all(chart[kept])}


def _take_all(values: Array) -> dict[str, float]:
    """Return what each rule takes from one patient's values, and how many there are."""
    taken = {"first": float(values[0]), "median": float(np.median(values)), WORST: farthest(values)}
    return {**taken, "number": float(len(values))}
