"""A patient's path from the door to the clinic: what happened, what was charted, what could be read, and by whom."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from rounds.errors import DataError, suggest
from rounds_widgets.shared.view_files import load_script, load_style
from rounds_widgets.teaching.clinic_for_engineers.stay_trace_record import COLUMNS, TABLES, TOLD, read_stays
from rounds_widgets.teaching.clinic_for_engineers.stay_trace_sources import HOLDERS, LANDSCAPE, QUESTIONS

if TYPE_CHECKING:
    import pandas as pd

    from rounds.data.dataset import Dataset

VIEWS = ("happened", "charted", "available")
MOST_MARKS, MOST_STAYS = 24, 4
FIRST_T0_H = 2.0
BEFORE_H, DOOR_H, AFTER_H = 24.0, 6.0, 28 * 24.0  # the path that is drawn: before, at the door, and after leaving
Mark = dict[str, Any]


class StayTrace(anywidget.AnyWidget):
    """Show one stay's path in three orders, after the learner has guessed how much of it could be read at a moment.

    Parameters
    ----------
    source
        A dataset with the tables of a hospital, of which three stays are taken; or the marks themselves: one row each
        with ``stay``, ``what``, ``table`` (or "told") and the hours since the arrival at which it ``happened``, its row
        was opened (``charted``) and its content could be read (``available``); the last two are missing when it is only
        told.  ``clock``, the hour of the day of the arrival, and ``left``, when the patient went home, may be too.

    Examples
    --------
    >>> trace = StayTrace(load("heart_failure"))              # doctest: +SKIP
    >>> trace.t0, trace.count()                               # doctest: +SKIP
    (2.0, (9, 3))
    """

    _esm = load_script(__file__)
    _css = load_style(__file__)

    prediction = traitlets.Int(None, allow_none=True).tag(sync=True)
    t0 = traitlets.Float(FIRST_T0_H).tag(sync=True)
    view = traitlets.Unicode("happened").tag(sync=True)
    stay = traitlets.Int(0).tag(sync=True)
    hidden = traitlets.Unicode("").tag(sync=True)
    guesses = traitlets.Unicode("").tag(sync=True)
    _stays = traitlets.List(traitlets.Dict()).tag(sync=True)
    _landscape = traitlets.Dict().tag(sync=True)

    def __init__(self, source: Dataset | pd.DataFrame, **traits: Any) -> None:
        from rounds.data.dataset import Dataset

        marks = read_stays(source) if isinstance(source, Dataset) else source
        _check_marks(marks)
        stays = [_draw_stay(str(name), rows) for name, rows in marks.groupby("stay", sort=True)]
        landscape = {"holders": [asdict(one) for one in LANDSCAPE], "questions": [asdict(one) for one in QUESTIONS]}
        super().__init__(_stays=stays, _landscape=landscape, **traits)

    @traitlets.validate("view")
    def _check_view(self, proposal: Any) -> str:
        if proposal["value"] not in VIEWS:
            raise DataError(f'StayTrace: there is no view "{proposal["value"]}". Choose from: {", ".join(VIEWS)}.')
        return str(proposal["value"])

    @traitlets.validate("stay")
    def _keep_stay(self, proposal: Any) -> int:
        return min(max(int(proposal["value"]), 0), len(self._stays) - 1)

    @traitlets.validate("t0")
    def _keep_on_path(self, proposal: Any) -> float:
        """Keep the moment on the path: from the day before the arrival to when the last row can be read."""
        return float(min(max(proposal["value"], -BEFORE_H), self._now()["parts"][-1]))

    @traitlets.validate("hidden", "guesses")
    def _keep_known(self, proposal: Any) -> str:
        """Keep the names that are known: tables that are ticked off, or holders that were guessed, one a question."""
        known = (*TABLES, TOLD) if proposal["trait"].name == "hidden" else HOLDERS
        names = [name for name in str(proposal["value"]).split(",") if name in known]
        return ",".join(names[: len(known)])

    def count(self) -> tuple[int, int]:
        """Return how many things have happened by ``t0``, and how many of these the shown tables held then."""
        happened = sum(mark["happened"] <= self.t0 for mark in self._now()["marks"])
        shown = (mark for mark in self._shown() if mark["happened"] <= self.t0)
        return happened, sum(_is_by(mark["available"], self.t0) for mark in shown)

    def order(self) -> list[str]:
        """Return the shown things in the order of the view; what is in no table comes last."""
        shown = sorted(self._shown(), key=lambda mark: mark["happened"])
        return [mark["what"] for mark in sorted(shown, key=lambda mark: _last_if_none(mark[self.view]))]

    def _now(self) -> dict[str, Any]:
        return self._stays[self.stay]

    def _shown(self) -> list[Mark]:
        off = self.hidden.split(",")
        return [mark for mark in self._now()["marks"] if mark["table"] not in off]

    def __repr__(self) -> str:
        happened, readable = self.count()
        all_things = len(self._now()["marks"])
        return (
            f"{self._now()['name']}, {self.t0:g} hours after the arrival: {happened} of {all_things} things"
            f" have happened, {readable} of these can be read; in the order of what {_VERBS[self.view]}."
        )


_VERBS = {"happened": "happened", "charted": "was charted", "available": "could be read"}


def _is_by(hour: float | None, t0: float) -> bool:
    return hour is not None and hour <= t0


def _last_if_none(hour: float | None) -> float:
    return float("inf") if hour is None else hour


def _check_marks(marks: pd.DataFrame) -> None:
    known = [str(name) for name in marks.columns]
    for column in COLUMNS:
        if column not in known:
            raise DataError(f'StayTrace: no column "{column}".{suggest(column, known)}')
    strange = sorted({str(name) for name in marks["table"]} - {*TABLES, TOLD})
    if strange:
        raise DataError(f'StayTrace: no table "{strange[0]}".{suggest(strange[0], (*TABLES, TOLD))}')
    sizes = marks.groupby("stay").size()
    if not 0 < len(sizes) <= MOST_STAYS or sizes.max() > MOST_MARKS:
        raise DataError(
            f"StayTrace: {len(sizes)} stays of up to {sizes.max() if len(sizes) else 0} marks; it shows 1 to"
            f" {MOST_STAYS} stays of at most {MOST_MARKS} marks each. Choose fewer rows."
        )


def _draw_stay(name: str, rows: pd.DataFrame) -> dict[str, Any]:
    """Return what the browser draws of one stay: its marks, and the hours at which a part of the path begins."""
    marks = [_draw_mark(row) for row in rows.to_dict("records")]
    inside = [mark["happened"] for mark in marks if mark["table"] == "encounter"] or [DOOR_H]
    left = float(rows["left"].iloc[0]) if "left" in rows else max(inside)
    left = max(left, DOOR_H + 1)
    moments = [hour for mark in marks for hour in (mark[view] for view in VIEWS) if hour is not None]
    end = max(left + AFTER_H, *(hour + DOOR_H for hour in moments))  # else a late note looks as if nobody could read it
    return {
        "name": name,
        "marks": marks,
        "clock": float(rows["clock"].iloc[0]) if "clock" in rows else 0.0,
        "left": left,
        "parts": [-BEFORE_H, 0.0, DOOR_H, left, end],
    }


def _draw_mark(row: dict[Any, Any]) -> Mark:
    def hour(value: Any) -> float | None:
        return None if value is None or value != value else float(value)

    return {"what": str(row["what"]), "table": str(row["table"]), **{name: hour(row[name]) for name in VIEWS}}
