"""The split picker: the same models on four tests, and two models compared on the same draws.

Python learns and tests when the widget is made; the browser gets figures, and of a few synthetic patients when their
stays were and on which side of each split they stand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from typing import TYPE_CHECKING, Any

import anywidget
import numpy as np
import traitlets

from rounds.errors import DataError, suggest
from rounds.evaluation.split_scores import (
    ROWS,
    SPLITS,
    Draws,
    Model,
    Plan,
    Spread,
    check_rows,
    find_folds,
    predict,
    share_met,
    spread_figures,
)
from rounds_widgets.shared.view_files import load_script, load_style

if TYPE_CHECKING:
    import pandas as pd

FIGURES = ("auroc", "observed_expected", "difference")
MOST_ROWS, MOST_MODELS, SHOWN_DRAWS = 20_000, 4, 50  # 3 s for 13,500 rows and four models
SHOWN_PEOPLE, FEWEST_STAYS = 5, 3  # people of each site in the picture, and stays of each


class SplitPicker(anywidget.AnyWidget):
    """Let the learner choose what is new in the test, after a guess, and compare two models draw by draw.

    Parameters
    ----------
    rows
        One row for each stay: numbers without gaps, the outcome, whose stay it is, its site and its year.
    models
        What predicts, by the name that the learner reads.
    pairs
        Which two models are compared: the figure of the first less that of the second.
    plan
        The outcome, and the cuts in time and by site.

    Examples
    --------
    >>> SplitPicker(stays, {"count": Model(("stays_last_year",)), "tests": Model(("sodium",))},
    ...             pairs=[("tests", "count")], plan=Plan("back"))   # doctest: +SKIP
    """

    _esm = load_script(__file__)
    _css = load_style(__file__)

    prediction = traitlets.Float(None, allow_none=True).tag(sync=True)
    split = traitlets.Unicode(ROWS).tag(sync=True)
    figure = traitlets.Unicode(FIGURES[0]).tag(sync=True)
    seen = traitlets.Unicode("").tag(sync=True)  # what was looked at, as "rows-auroc site-difference"
    _strips = traitlets.Dict().tag(sync=True)
    _facts = traitlets.Dict().tag(sync=True)
    _people: traitlets.List[dict[str, Any]] = traitlets.List().tag(sync=True)

    def __init__(
        self,
        rows: pd.DataFrame,
        models: Mapping[str, Model],
        *,
        pairs: Sequence[tuple[str, str]],
        plan: Plan,
        **traits: Any,
    ) -> None:
        _check(rows, models, pairs, plan)
        folds = {split: find_folds(rows, plan, split) for split in SPLITS}
        self._spreads = {
            (split, *name): spread
            for split in SPLITS
            for name, spread in _measure(rows, plan, models, folds[split]).items()
        }
        for split, (first, second) in product(SPLITS, pairs):
            one, other = (self._spreads[split, "auroc", name] for name in (first, second))
            self._spreads[split, "difference", f"{first}, less {second}"] = one.less(other)
        super().__init__(
            _strips={"|".join(key): _describe(key[1], spread) for key, spread in self._spreads.items()},
            _facts={
                "models": list(models),
                "pairs": [f"{first}, less {second}" for first, second in pairs],
                "mixed": [f"{first}, less {second}" for first, second in pairs if _differ_twice(models, first, second)],
                "met": {split: round(share_met(rows, plan, folds[split])) for split in SPLITS},
                "tested": {split: int(np.any(folds[split], axis=0).sum()) for split in SPLITS},
                "site": plan.tested_site,
                "year": plan.tested_from,
            },
            _people=_choose_people(rows, plan, folds),
            **traits,
        )

    def spread(self, figure: str, name: str) -> Spread:
        """Return a figure of a model (or the difference of a pair) in the split that is shown, with its draws."""
        return self._spreads[self.split, figure, name]

    @traitlets.validate("split", "figure")
    def _is_known(self, proposal: Any) -> str:
        known = {"split": SPLITS, "figure": FIGURES}[proposal.trait.name]
        if proposal.value not in known:
            name = proposal.trait.name
            raise traitlets.TraitError(f'SplitPicker: {name} is one of {", ".join(known)}, not "{proposal.value}".')
        return str(proposal.value)

    @traitlets.validate("seen")
    def _are_views(self, proposal: Any) -> str:
        views = [f"{split}-{figure}" for split in SPLITS for figure in FIGURES]
        return " ".join(view for view in views if view in proposal.value.split())

    def __repr__(self) -> str:
        names = self._facts["pairs" if self.figure == "difference" else "models"]
        said = [f"{name} {_say(self.figure, self.spread(self.figure, name))}" for name in names]
        title = {"auroc": "AUROC", "observed_expected": "came for 100 predicted", "difference": "difference of AUROC"}
        mixed = [f' In "{pair}" columns and algorithm differ.' for pair in self._facts["mixed"]]
        more = "".join(mixed) if self.figure == "difference" else ""
        return f"Split picker, new in the test: {self.split}; {title[self.figure]}: {'; '.join(said)}.{more}"


def _differ_twice(models: Mapping[str, Model], first: str, second: str) -> bool:
    """Return whether two models differ in columns and in algorithm, so that nobody can say which of them tells."""
    one, other = models[first], models[second]
    return one.forest != other.forest and set(one.columns) != set(other.columns)


def _measure(
    rows: pd.DataFrame, plan: Plan, models: Mapping[str, Model], folds: Sequence[Any]
) -> dict[tuple[str, ...], Spread]:
    """Return the figures of one split by figure and model; patients are drawn again, with all their stays."""
    tested = np.any(folds, axis=0)
    outcome = rows[plan.outcome].to_numpy(float)[tested]
    people = rows[plan.person].astype("category").cat.codes.to_numpy()[tested]
    draws = Draws.of(people)
    found: dict[tuple[str, ...], Spread] = {}
    for name, model in models.items():
        risk = predict(rows, plan, model, folds)[tested]
        for figure, spread in spread_figures(outcome, risk, draws).items():
            found[figure, name] = spread
    return found


def _scale(figure: str) -> int:
    return 100 if figure == "observed_expected" else 1000


def _describe(figure: str, spread: Spread) -> dict[str, Any]:
    """Return a spread as whole numbers: thousandths, or how many came for 100."""
    times = _scale(figure)
    return {
        "value": round(spread.value * times),
        "ends": [round(end * times) for end in spread.ends],
        "dots": np.round(spread.draws[:SHOWN_DRAWS] * times).astype(int).tolist(),
    }


def _say(figure: str, spread: Spread) -> str:
    if figure == "observed_expected":
        return "{:.0f} ({:.0f} to {:.0f})".format(*(100 * one for one in (spread.value, *spread.ends)))
    sign = "+.3f" if figure == "difference" else ".2f"
    return f"{spread.value:{sign}} ({spread.ends[0]:{sign}} to {spread.ends[1]:{sign}})"


def _choose_people(rows: pd.DataFrame, plan: Plan, folds: Mapping[str, Sequence[Any]]) -> list[dict[str, Any]]:
    """Return a few people of the tested site and of the others: years of their stays, and the side in each split."""
    first = {split: np.asarray(of[0]) for split, of in folds.items()}
    table = rows[[plan.person, plan.site, plan.year]].reset_index(drop=True)
    stays = table.groupby(plan.person)[plan.year].agg(["size", "nunique"])
    enough = stays[(stays["size"] >= FEWEST_STAYS) & (stays["size"] <= 2 * FEWEST_STAYS) & (stays["nunique"] > 1)].index
    chosen: list[dict[str, Any]] = []
    for here in (False, True):
        of_site = table[(table[plan.site] == plan.tested_site) == here]
        for person in of_site[of_site[plan.person].isin(enough)][plan.person].unique()[:SHOWN_PEOPLE]:
            own = table[table[plan.person] == person].sort_values(plan.year).index
            sides = {split: "".join("n" if tested[row] else "k" for row in own) for split, tested in first.items()}
            years = [int(year) for year in table.loc[own, plan.year]]
            chosen.append({"site": str(table.loc[own[0], plan.site]), "years": years, "sides": sides})
    return chosen


def _check(rows: pd.DataFrame, models: Mapping[str, Model], pairs: Sequence[tuple[str, str]], plan: Plan) -> None:
    if not 0 < len(models) <= MOST_MODELS or not all(model.columns for model in models.values()):
        raise DataError(f'SplitPicker: give one to {MOST_MODELS} models, as {{"tests": Model(("sodium",))}}.')
    for name in (name for pair in pairs for name in pair):
        if name not in models:
            raise DataError(f'SplitPicker: a pair names no model "{name}".{suggest(name, models)}')
    if len(rows) > MOST_ROWS:
        raise DataError(f"SplitPicker: {len(rows):,} rows take too long. Write: rows = rows.head({MOST_ROWS})")
    check_rows(rows, plan, models)
