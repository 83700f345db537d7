"""The site mixer: a model goes to another hospital, and one sees which of its figures move there, and which stand.

The browser gets ages, outcomes and risks of synthetic patients, rounded, in no order of persons, and weighs them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import anywidget
import numpy as np
import traitlets

from rounds.errors import DataError
from rounds_widgets.shared.view_files import load_script, load_style

if TYPE_CHECKING:
    import pandas as pd

MOST_ROWS = 2_000  # 40 kB in the browser, and a move under a millisecond for each thousand
OLDEST, MOST_AVOIDED = 1.0, 0.6
THRESHOLD = 0.2


class SiteMixer(anywidget.AnyWidget):
    """Let a pair change a place, after a guess, and watch ranking, level and flags; then two groups, two thresholds.

    Parameters
    ----------
    home, there
        Patients of the hospital where the model is at home, and of the other one: a row each, synthetic.
    written
        How things are written down there: what the pair reads, and the column with the risks that follow (0 to 1).  The
        first one is how it is at home.
    outcome, age, group
        Columns: true or false; years; one of two names.

    Examples
    --------
    >>> mixer = SiteMixer(at_a, at_b, {"as at home": "risk", "urea in mg/dL": "risk_unit"})   # doctest: +SKIP
    >>> mixer.figures()["pairs"]                                                              # doctest: +SKIP
    80.4
    """

    _esm = load_script(__file__)
    _css = load_style(__file__)

    prediction = traitlets.Float(None, allow_none=True).tag(sync=True)
    written = traitlets.Unicode().tag(sync=True)
    older = traitlets.Float(0.0, min=-OLDEST, max=OLDEST).tag(sync=True)
    avoided = traitlets.Float(0.0, min=0.0, max=MOST_AVOIDED).tag(sync=True)
    first = traitlets.Float(THRESHOLD, min=0.01, max=0.9).tag(sync=True)
    second = traitlets.Float(THRESHOLD, min=0.01, max=0.9).tag(sync=True)
    _rows = traitlets.Dict().tag(sync=True)
    _home = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        home: pd.DataFrame,
        there: pd.DataFrame,
        written: Mapping[str, str],
        *,
        outcome: str = "died",
        age: str = "age",
        group: str = "group",
        **traits: Any,
    ) -> None:
        _check(home, there, written)
        usual = next(iter(written))
        own = Rows.of(home, {usual: written[usual]}, (outcome, age, group))
        self._kept = Rows.of(there, written, (outcome, age, group))
        if len(self._kept.names) != 2:
            raise DataError(f'SiteMixer: "{group}" has {len(self._kept.names)} groups there; it takes two.')
        super().__init__(_rows=self._kept.send(), _home=own.figures(usual, 0.0, 0.0), **{"written": usual, **traits})

    def figures(self) -> dict[str, float]:
        """Return the figures of the place as it is mixed now; see `Rows.figures`."""
        return self._kept.figures(self.written, self.older, self.avoided)

    def groups(self) -> list[dict[str, float]]:
        """Return sensitivity and share of right flags of the two groups, of 100, at their thresholds."""
        risk = self._kept.risks[next(iter(self._kept.risks))]
        return [
            _group_figures(risk, self._kept.died, self._kept.group == at, threshold)
            for at, threshold in enumerate((self.first, self.second))
        ]

    @traitlets.validate("written")
    def _is_known(self, proposal: Any) -> str:
        known = list(self._rows["risks"])
        if proposal.value not in known:
            raise traitlets.TraitError(f'SiteMixer: written is one of {", ".join(known)}, not "{proposal.value}".')
        return str(proposal.value)

    def __repr__(self) -> str:
        here, home = self.figures(), self._home
        return (
            f"Site mixer, {self.written}, mean age {here['age']:.0f}, {100 * self.avoided:.0f} of 100 deaths avoided: "
            f"{here['pairs']:.1f} of 100 pairs ranked rightly (at home {home['pairs']:.1f}), "
            f"{here['came']:.0f} deaths for 100 expected ({home['came']:.0f}), "
            f"{here['right']:.0f} of 100 flags right ({home['right']:.0f})."
        )


class Rows:
    """Patients as arrays: risks by how things are written down, outcome, age, group as 0 and 1."""

    def __init__(self, risks: dict[str, Any], died: Any, age: Any, group: Any, names: list[str]) -> None:
        self.risks, self.died, self.age, self.group, self.names = risks, died, age, group, names

    @classmethod
    def of(cls, rows: pd.DataFrame, written: Mapping[str, str], columns: tuple[str, str, str]) -> Rows:
        """Take the rows in the order of their first risk, so that nothing tells whose they are."""
        outcome, age, group = columns
        rows = rows.sort_values(next(iter(written.values())), kind="stable")
        names = sorted(map(str, rows[group].unique()))
        return cls(
            {name: rows[column].to_numpy(float).round(4) for name, column in written.items()},
            rows[outcome].to_numpy(bool).astype(int),
            rows[age].to_numpy(float).round(),
            rows[group].astype(str).map({name: at for at, name in enumerate(names)}).to_numpy(int),
            names,
        )

    def send(self) -> dict[str, Any]:
        """Return what the browser gets."""
        return {
            "risks": {name: risk.tolist() for name, risk in self.risks.items()},
            "died": self.died.tolist(),
            "age": self.age.tolist(),
            "group": self.group.tolist(),
            "names": self.names,
            "threshold": THRESHOLD,
        }

    def figures(self, written: str, older: float, avoided: float) -> dict[str, float]:
        """Return figures of a mixed place.

        Returns
        -------
        dict
            ``pairs``: of 100 pairs, one who died and one who did not, how many have the higher risk for the first;
            ``came``: deaths for 100 expected; ``right``: of 100 flagged, how many died; ``flagged`` and ``died``: of
            100 patients; ``age``: the mean, in years.
        """
        risk = self.risks[written]
        weight = np.exp(older * (self.age - self.age.mean()) / 10)
        sick, well = weight * self.died * (1 - avoided), weight * (1 - self.died * (1 - avoided))
        flags, all_weight = risk >= THRESHOLD, weight.sum()
        order = np.argsort(risk, kind="stable")
        level = np.unique(risk[order], return_inverse=True)[1]
        sick_at, well_at = (np.bincount(level, weights=one[order]) for one in (sick, well))
        below = np.cumsum(well_at) - well_at / 2
        flagged = (weight * flags).sum()
        return {
            "pairs": float(100 * (sick_at * below).sum() / (sick.sum() * well.sum())),
            "came": float(100 * sick.sum() / (weight * risk).sum()),
            "right": float(100 * (sick * flags).sum() / flagged) if flagged else float("nan"),
            "flagged": float(100 * flagged / all_weight),
            "died": float(100 * sick.sum() / all_weight),
            "age": float((weight * self.age).sum() / all_weight),
        }


def _group_figures(risk: Any, died: Any, own: Any, threshold: float) -> dict[str, float]:
    flags, sick = own & (risk >= threshold), own & (died == 1)
    found = (flags & sick).sum()
    return {
        "found": float(100 * found / sick.sum()),
        "right": float(100 * found / flags.sum()) if flags.any() else float("nan"),
        "flagged": float(100 * flags.sum() / own.sum()),
    }


def _check(home: pd.DataFrame, there: pd.DataFrame, written: Mapping[str, str]) -> None:
    if not written:
        raise DataError('SiteMixer: say how things are written down: {"as at home": "risk"}')
    usual = next(iter(written.values()))
    lost = [column for column in written.values() if column not in there.columns]
    if usual not in home.columns or lost:
        raise DataError(f'SiteMixer: there is no column "{(lost or [usual])[0]}". Write the risks into it first.')
    if max(len(home), len(there)) > 2 * MOST_ROWS or len(there) > MOST_ROWS:
        raise DataError(f"SiteMixer: {len(there):,} rows are too many. Write: there = there.head({MOST_ROWS})")
    if there[list(written.values())].isna().any(axis=None):
        raise DataError("SiteMixer: some risks are missing. Write: there = there.dropna(subset=[...])")
