"""A timeline editor: time zero, look-back and horizon on one patient's record, and the score of the question.

The score of each question was computed on the cohort beforehand (`rounds.synthetic.ehr.analysis.bsi_tasks`) and lies in
``time_line.json``; nothing is fitted while somebody drags.  The browser gets nine marks of one synthetic patient.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from rounds.errors import DataError, suggest
from rounds_widgets.shared.view_files import load_script, load_style
from rounds_widgets.teaching.together.time_line_record import COLUMNS, read_record

if TYPE_CHECKING:
    import pandas as pd

    from rounds.data.dataset import Dataset

MOST_MARKS, ROUND_HOUR, DAY = 24, 9, 24
WINDOWS = ("today", "tomorrow", "next 48 h")
LOOK_BACKS_H = (12, 24, 48)
LEAKS = ("antibiotic_today", "cultures_of_stay", "code_at_discharge")
LABELS = ("drawn", "resulted")
KNOWN, NOT_YET, TOO_OLD = "known", "not known yet", "too old"


class TimeLine(anywidget.AnyWidget):
    """Move time zero, look-back and horizon on one record, after the learner has guessed a score.

    Parameters
    ----------
    source
        A dataset with the tables of a transplant cohort, of which an example patient is taken; or a record: one row for
        each mark with ``what``, ``kind`` and the hours ``happened`` and ``known`` since midnight of day 0.
    drawn
        With a record: the hour at which the blood of the culture that grew was drawn.

    Examples
    --------
    >>> TimeLine(load("bsi"))                                 # doctest: +SKIP
    >>> line.t0_day, line.window, line.score()                # doctest: +SKIP
    (7, 'next 48 h', 0.686)
    """

    _esm = load_script(__file__)
    _css = load_style(__file__)

    prediction = traitlets.Float(None, allow_none=True).tag(sync=True)
    t0_day = traitlets.Int(0).tag(sync=True)
    look_back_h = traitlets.Int(24).tag(sync=True)
    window = traitlets.Unicode("today").tag(sync=True)
    label = traitlets.Unicode("drawn").tag(sync=True)
    antibiotic_today = traitlets.Bool(False).tag(sync=True)
    cultures_of_stay = traitlets.Bool(False).tag(sync=True)
    code_at_discharge = traitlets.Bool(False).tag(sync=True)
    _marks = traitlets.List(traitlets.Dict()).tag(sync=True)
    _scores = traitlets.Dict().tag(sync=True)
    _drawn = traitlets.Float(0.0).tag(sync=True)

    def __init__(self, source: Dataset | pd.DataFrame, *, drawn: float | None = None, **traits: Any) -> None:
        record, hour = _open(source, drawn)
        _check_record(record)
        traits = {"t0_day": int(hour // DAY), **traits}
        super().__init__(_marks=_list_marks(record), _drawn=hour, _scores=_read_scores(), **traits)

    @traitlets.validate("t0_day")
    def _keep_near(self, proposal: Any) -> int:
        """Keep time zero from three mornings before the culture to two after it."""
        day = int(self._drawn // DAY)
        return min(max(int(proposal["value"]), day - 3), day + 2)

    @traitlets.validate("window", "label", "look_back_h")
    def _check_choice(self, proposal: Any) -> Any:
        choices: dict[str, tuple[Any, ...]] = {"window": WINDOWS, "label": LABELS, "look_back_h": LOOK_BACKS_H}
        allowed, value = choices[proposal["trait"].name], proposal["value"]
        if value not in allowed:
            shown = ", ".join(map(str, allowed))
            raise DataError(f'TimeLine: there is no {proposal["trait"].name} "{value}". Choose from: {shown}.')
        return value

    @property
    def t0(self) -> float:
        """Return time zero, the morning round of ``t0_day``, in hours since midnight of day 0."""
        return float(DAY * self.t0_day + ROUND_HOUR)

    def states(self) -> dict[str, str]:
        """Return for each mark whether it is known at time zero, too old for the look-back, or not known yet."""
        return {mark["what"]: self._state(mark) for mark in self._marks}

    def score(self) -> float | None:
        """Return the AUROC of the question as it stands; None when the infection is behind time zero."""
        return None if self.t0 > self._drawn else float(self._scores[self._key()]["auroc"])

    def _state(self, mark: Mapping[str, Any]) -> str:
        if mark["known"] > self.t0:
            return NOT_YET
        return TOO_OLD if mark["happened"] < self.t0 - self.look_back_h else KNOWN

    def _key(self) -> str:
        return key_of(self.look_back_h, self.label, self.window, (name for name in LEAKS if getattr(self, name)))

    def __repr__(self) -> str:
        states = list(self.states().values())
        score = self.score()
        said = "no question: the infection is behind time zero" if score is None else f"AUROC {score:.2f}"
        known = f"{states.count(KNOWN)} of {len(states)} marks known"
        return f"Timeline at day {self.t0_day}, 09:00, looking ahead: {self.window}; {known}; {said}."


def key_of(look_back_h: int, label: str, window: str, leaks: Iterable[str]) -> str:
    """Return the name of a question in the table of scores."""
    return "|".join((str(look_back_h), label, window, *leaks))


@cache
def _read_scores() -> dict[str, dict[str, float]]:
    """Return the AUROC, the mornings and the infected mornings of each question."""
    tasks = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))["tasks"]
    return {
        key_of(task["look_back_h"], task["label"], task["window"], task["leaks"]): {
            name: task[name] for name in ("auroc", "mornings", "infected")
        }
        for task in tasks
    }


def _open(source: Dataset | pd.DataFrame, drawn: float | None) -> tuple[pd.DataFrame, float]:
    """Return a record and the hour of its culture, of the example patient when a dataset is given."""
    from rounds.data.dataset import Dataset

    if isinstance(source, Dataset):
        return read_record(source)
    if drawn is None:
        raise DataError("TimeLine: a record needs the hour of its culture. Write: TimeLine(record, drawn=179.5)")
    return source, drawn


def _check_record(record: pd.DataFrame) -> None:
    known = [str(name) for name in record.columns]
    for column in COLUMNS:
        if column not in known:
            raise DataError(f'TimeLine: no column "{column}".{suggest(column, known)}')
    if not 0 < len(record) <= MOST_MARKS:
        raise DataError(f"TimeLine: a record of {len(record)} marks; it draws 1 to {MOST_MARKS}. Choose fewer rows.")


def _list_marks(record: pd.DataFrame) -> list[dict[str, Any]]:
    hours = ("happened", "known")
    rows = record[list(COLUMNS)].to_dict("records")
    return [{name: float(row[name]) if name in hours else str(row[name]) for name in COLUMNS} for row in rows]
