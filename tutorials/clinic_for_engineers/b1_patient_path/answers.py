"""What learners write in B1."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rounds.lessons.examples import Examples, Gaps, Wrong

from .checks import PEOPLE, available_with, reference_available, resulted_by
from .hidden import RIGHT_HOLDERS, SEEN, UNSEEN, WHY

if TYPE_CHECKING:
    import pandas as pd

RIGHT_ORDER = list("EHBGCFAD")
HOLDERS = {name: holder if isinstance(holder, str) else holder[0] for name, holder in RIGHT_HOLDERS.items()}


def _dots(labs: pd.DataFrame, t0: float) -> Any:
    could_read: Any = ...
    return labs[could_read]


def _without_lost(labs: pd.DataFrame, t0: float) -> Any:
    return reference_available(labs, t0).dropna()


def _one_by_one(labs: pd.DataFrame, t0: float) -> Any:
    """Do the right thing in a loop, as those do who come from another language."""
    import pandas as pd

    said = {}
    for stay in labs["encounter_id"].unique():
        own = labs[(labs["encounter_id"] == stay) & (labs["resulted"] <= t0)].sort_values("taken")
        said[stay] = own["value"].iloc[-1] if len(own) else float("nan")
    return pd.Series(said)


def _by_index(labs: pd.DataFrame, t0: float) -> Any:
    own = labs[~(labs["resulted"] > t0)]
    newest = own.loc[own.groupby("encounter_id")["taken"].idxmax()].set_index("encounter_id")["value"]
    return newest.reindex(sorted(labs["encounter_id"].unique()))


def _oldest(labs: pd.DataFrame, t0: float) -> Any:
    own = labs[labs["resulted"] <= t0].sort_values("taken")
    return own.groupby("encounter_id")["value"].first().reindex(labs["encounter_id"].unique())


def _spoiling(labs: pd.DataFrame, t0: float) -> Any:
    """Find the right values, but leave a column behind."""
    labs["late"] = labs["resulted"] > t0
    return reference_available(labs, t0)


def _as_stored(labs: pd.DataFrame, t0: float) -> Any:
    """Trust the order of the rows."""
    own = labs[labs["resulted"] <= t0]
    return own.groupby("encounter_id")["value"].last().reindex(labs["encounter_id"].unique())


EXAMPLES = {
    "e1": Examples(
        right=(RIGHT_ORDER, list("EHGBCFAD"), tuple("EHBGCFAD"), [letter.lower() for letter in RIGHT_ORDER]),
        stub=...,
        wrong=(
            Wrong(list("DEGBHCFA"), "order in which things happened"),
            Wrong(list("EDHBGCFA"), "its code did not"),
            Wrong(list("EHBGCDFA"), "its code did not"),
            Wrong(list("EHBGCFDA"), "Letter or code"),
            Wrong(list("EAHBGCFD"), "on which day is it written"),
            Wrong(list("EGHBCFAD"), "the note came later"),
            Wrong(list("EBHGCFAD"), "when did its number come"),
            Wrong(list("EHCBGFAD"), "An order is not a dose"),
            Wrong(list("EHBCGFAD"), "An order is not a dose"),
            Wrong(list("HEBGCFAD"), "before the arrival"),
            Wrong(list("EHBGFCAD"), "The weight is of day 6"),
            Wrong(list("DAFCGBHE"), "wrong way round"),
            Wrong(list("ABCDEFGH"), "order of the letters"),
            Wrong(list("EHBGCFA"), "1 of the eight is missing"),
            Wrong([], "8 of the eight are missing"),
            Wrong(list("EHBGCFAA"), "stands there twice"),
            Wrong("EHBGCFAD", "one text"),
            Wrong(["E", "Z"], "no step 'Z'"),
        ),
    ),
    "e2": Examples(
        right=(HOLDERS, {**HOLDERS, "another hospital": " Ministry "}),
        stub=...,
        wrong=(
            *(Wrong({**HOLDERS, item: holder}, says) for (item, holder), says in WHY.items()),
            Wrong({**HOLDERS, "stairs at home": "me"}, "choose from"),
            Wrong({**HOLDERS, "stairs at home": ...}, "1 gap"),
            Wrong("hospital", "type str"),
        ),
    ),
    "e3": Examples(
        right=(reference_available, _one_by_one, _by_index),
        stub=_dots,
        wrong=(
            Wrong(available_with(lambda labs, t0: labs["taken"] <= t0), "nobody could read at t0"),
            Wrong(available_with(lambda labs, t0: labs["taken"] <= t0, "resulted"), "nobody could read at t0"),
            Wrong(available_with(lambda labs, t0: labs["resulted"] < t0), "exactly at t0"),
            Wrong(available_with(lambda labs, t0: labs["resulted"] > t0), "looks into the future"),
            Wrong(available_with(lambda labs, t0: labs["resulted"] >= t0), "looks into the future"),
            Wrong(available_with(lambda labs, t0: labs["resulted"] == t0), "exactly at t0 is kept"),
            Wrong(available_with(lambda labs, t0: labs["resulted"] > 0), "all rows of the record"),
            Wrong(available_with(resulted_by, "resulted"), "slow result of an older sample"),
            Wrong(available_with(resulted_by, "value"), "highest value"),
            Wrong(_oldest, "first of the samples"),
            Wrong(_as_stored, "slow result of an older sample"),
            Wrong(lambda labs, t0: reference_available(labs, t0).fillna(0), "gets a number"),
            Wrong(lambda labs, t0: reference_available(labs, 10.0), "the same for every t0"),
            Wrong(_without_lost, "3 stays are lost"),
            Wrong(available_with(resulted_by, which_stays=lambda labs, t0: labs["encounter_id"]), "more than once"),
            Wrong(
                available_with(
                    resulted_by, which_stays=lambda labs, t0: labs[labs["resulted"] <= t0]["encounter_id"].unique()
                ),
                "stays are lost",
            ),
            Wrong(lambda labs, t0: labs[labs["resulted"] <= t0], "returns a DataFrame"),
            Wrong(lambda labs, t0: 4.2, "returns a float"),
            Wrong(4.2, "not a function"),
            Wrong(_spoiling, "work on a copy", hidden=True),
        ),
    ),
    "e4": Examples(
        right=(list(UNSEEN), set(UNSEEN), [name.upper() for name in reversed(UNSEEN)]),
        stub=...,
        wrong=(
            *(Wrong([*UNSEEN, name], says) for name, says in SEEN.items()),
            Wrong(list(PEOPLE), "all eight"),
            Wrong([], "The list is empty"),
            Wrong(list(SEEN), "that our tables can tell"),
            Wrong([name for name in UNSEEN if name != "other door"], "the next hospital"),
            Wrong([name for name in UNSEEN if name != "never here"], "never come through"),
            Wrong([name for name in UNSEEN if name != "died at home"], "does not mean well"),
            Wrong([name for name in UNSEEN if name != "left the country"], "all the ways to leave"),
            Wrong("other door", "one text"),
            Wrong(["somebody"], "unknown"),
        ),
    ),
}


GAPS = Gaps(
    before=("setup", "tables"),
    box="""waited = {}
days_waited = {}""",
    right=(
        ('codes["coded_ts"] - codes["disch_ts"]', 'waited.median() / pd.Timedelta("1D")'),
        ('codes["coded_ts"] - codes["disch_ts"]', "waited.median().total_seconds() / 86400"),
        ('codes["coded_ts"] - codes["disch_ts"]', "waited.dt.total_seconds().median() / (24 * 3600)"),
        ('codes["coded_ts"] - codes["disch_ts"]', 'round(waited.median() / np.timedelta64(1, "D"), 2)'),
        ('codes["coded_ts"].sub(codes["disch_ts"])', "waited.quantile(0.5) / pd.Timedelta(days=1)"),
    ),
    wrong=(
        (('codes["coded_ts"] - codes["admit_ts"]', 'waited.median() / pd.Timedelta("1D")'), "counts from the arrival"),
        (('codes["disch_ts"] - codes["admit_ts"]', 'waited.median() / pd.Timedelta("1D")'), "how long a stay is"),
        (('codes["disch_ts"] - codes["coded_ts"]', 'waited.median() / pd.Timedelta("1D")'), "below zero"),
        (('codes["coded_ts"] - codes["disch_ts"]', 'waited.mean() / pd.Timedelta("1D")'), "This is the mean"),
        (('codes["coded_ts"] - codes["disch_ts"]', 'waited.median() / pd.Timedelta("1h")'), "that of hours"),
        (('codes["coded_ts"] - codes["disch_ts"]', "waited.median().total_seconds()"), "far too large"),
        (('codes["coded_ts"] - codes["disch_ts"]', "waited.median().days"), "only whole days"),
        (('codes["coded_ts"] - codes["disch_ts"]', "waited.dt.days.median()"), "only whole days"),
        (('codes["coded_ts"] - codes["disch_ts"]', "waited.median()"), "is a length of time"),
        (('codes["coded_ts"] - codes["disch_ts"]', 'waited / pd.Timedelta("1D")'), "whole column of numbers"),
        (('codes["coded_ts"] - codes["disch_ts"]', "..."), "still empty"),
    ),
)
