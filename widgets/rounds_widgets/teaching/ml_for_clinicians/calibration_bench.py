"""The calibration bench: two sliders bend all risks of a model, and the learner sees what moves and what stands still.

Python sends small groups of patients by predicted risk, no row; the browser bends their risks and adds them up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from rounds.errors import DataError, suggest
from rounds_widgets.shared.view_files import load_script, load_style
from rounds_widgets.teaching.ml_for_clinicians.risk_groups import TENTHS, Move, RiskGroups

if TYPE_CHECKING:
    import pandas as pd

MOST_GROUPS, FEWEST = 4, 50  # kinds of patients side by side; patients of each


class CalibrationBench(anywidget.AnyWidget):
    """Let the learner bend the risks of a model, after a guess, and compare kinds of patients, such as two waves.

    Parameters
    ----------
    patients
        One row for each patient: a predicted risk from 0 to 1, and whether the patient died.
    risk, outcome, by
        The columns with the risk, with the outcome (true or false), and with the kind of patient.

    Examples
    --------
    >>> bench = CalibrationBench(patients, risk="risk", outcome="died", by="wave")     # doctest: +SKIP
    >>> bench.group, bench.figures()["ratio"]                                         # doctest: +SKIP
    ('wave 1', 1.0)
    """

    _esm = load_script(__file__)
    _css = load_style(__file__)

    prediction = traitlets.Float(None, allow_none=True).tag(sync=True)
    intercept = traitlets.Float(0.0, min=-2, max=2).tag(sync=True)
    slope = traitlets.Float(1.0, min=0.3, max=2).tag(sync=True)
    threshold = traitlets.Float(0.2, min=0.02, max=0.6).tag(sync=True)
    group = traitlets.Unicode().tag(sync=True)
    _groups = traitlets.Dict().tag(sync=True)

    def __init__(self, patients: pd.DataFrame, *, risk: str, outcome: str, by: str, **traits: Any) -> None:
        _check_columns(patients, risk, outcome, by)
        self._kept = {
            _name(by, value): RiskGroups.of(rows[outcome].to_numpy(bool), rows[risk].to_numpy(float))
            for value, rows in patients.groupby(by, observed=True)
        }
        super().__init__(
            _groups={name: _describe(groups) for name, groups in self._kept.items()},
            **{"group": next(iter(self._kept)), **traits},
        )

    def figures(self) -> dict[str, float]:
        """Return what the bench shows of the risks as they are bent now."""
        return self._kept[self.group].figures(Move(self.intercept, self.slope, self.threshold))

    @traitlets.validate("group")
    def _is_a_group(self, proposal: Any) -> str:
        if proposal.value not in self._kept:
            raise traitlets.TraitError(
                f'CalibrationBench: group is one of {", ".join(self._kept)}, not "{proposal.value}".'
            )
        return str(proposal.value)

    def __repr__(self) -> str:
        seen = self.figures()
        return (
            f"Calibration bench, {self.group}, intercept {self.intercept:.1f}, slope {self.slope:.1f}: "
            f"{seen['pairs']:.0f} of 100 pairs ranked rightly; {seen['expected']:.0f} deaths expected, "
            f"{seen['died']} observed, O/E {seen['ratio']:.2f}; net benefit at a threshold of {self.threshold:.2f}: "
            f"model {seen['benefit']:.3f}, everybody {seen['everybody']:.3f}, nobody 0."
        )


def _name(by: str, value: Any) -> str:
    return value if isinstance(value, str) else f"{by} {value}"


def _describe(groups: RiskGroups) -> dict[str, Any]:
    return {
        "log_odds": list(groups.log_odds),
        "size": list(groups.size),
        "died": list(groups.died),
        "tenths": list(groups.tenths),
        "observed": [[round(one, 4) for one in tenth] for tenth in groups.observed()],
    }


def _check_columns(patients: pd.DataFrame, risk: str, outcome: str, by: str) -> None:
    for column in (risk, outcome, by):
        if column not in patients.columns:
            known = [str(name) for name in patients.columns]
            raise DataError(f'CalibrationBench: no column "{column}".{suggest(column, known)}')
    if gaps := int(patients[[risk, outcome, by]].isna().any(axis=1).sum()):
        raise DataError(
            f'CalibrationBench: a value is missing in {gaps} rows. Write: patients.dropna(subset=["{risk}"])'
        )
    if not patients[risk].between(0, 1).all():
        raise DataError(f'CalibrationBench: "{risk}" holds values outside 0 to 1. Write risks as shares: 20 % is 0.2.')
    _check_groups(patients, outcome, by)


def _check_groups(patients: pd.DataFrame, outcome: str, by: str) -> None:
    kinds = patients.groupby(by, observed=True)[outcome]
    if not 0 < len(kinds) <= MOST_GROUPS:
        raise DataError(f'CalibrationBench: "{by}" has {len(kinds)} values; choose one to {MOST_GROUPS} of them.')
    for value, died in kinds:
        if len(died) < FEWEST:
            raise DataError(
                f"CalibrationBench: {_name(by, value)} has {len(died)} patients; {FEWEST} make {TENTHS} groups."
            )
        if died.astype(bool).nunique() < len((False, True)):
            raise DataError(
                f'CalibrationBench: "{outcome}" is the same for all of {_name(by, value)}; both are needed.'
            )
