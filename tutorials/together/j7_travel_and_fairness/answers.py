"""What pairs write in J7."""

from __future__ import annotations

from typing import Any

from rounds.evaluation.level import ratio_interval
from rounds.lessons.examples import Examples, Gaps, Wrong

from .checks import FEWEST, enough_deaths, in_group, reference_table, table_with
from .hidden import CHANGED

MENDED, ALL, TESTED_ON_ALL, PUSH = 0.9563, 0.9936, 0.9622, -0.992  # of the shipped cohort


def _but(**changed: str) -> dict[str, str]:
    return {**CHANGED, **changed}


def _dots(died: Any, risk: Any, group: Any) -> Any:
    here: Any = ...
    return died[here].sum()


def _by_groupby(died: Any, risk: Any, group: Any) -> Any:
    """Group as an engineer would."""
    table = {}
    for name, rows in died.groupby(group):
        few = rows.sum() < FEWEST
        table[name] = "too few" if few else list(ratio_interval(rows, risk[rows.index]))
    return table


def _changes(died: Any, risk: Any, group: Any) -> Any:
    table = reference_table(died, risk, group)
    risk.iloc[0] = 0.99
    return table


EXAMPLES = {
    "e1": Examples(
        right=(CHANGED, {name: cause.upper() for name, cause in CHANGED.items()}),
        stub=...,
        wrong=(
            Wrong(_but(Ash="older patients"), "one number of the blood"),
            Wrong(_but(Ash="always coded as no"), "one number of the blood"),
            Wrong(_but(Birch="a new treatment"), "Who comes there"),
            Wrong(_but(Birch="another unit"), "Who comes there"),
            Wrong(_but(Cedar="older patients"), "half as many die"),
            Wrong(_but(Cedar="always coded as no"), "half as many die"),
            Wrong(_but(Elm="always coded as no"), "one line is empty"),
            Wrong(_but(Elm="another unit"), "one line is empty"),
            Wrong(_but(Fir="a test not done"), "one share is zero"),
            Wrong(_but(Fir="a new treatment"), "one share is zero"),
            Wrong(_but(Fir="nothing"), "choose from another unit"),
            Wrong({"Ash": "another unit"}, "4 gaps"),
            Wrong("another unit", "keep the curly brackets"),
        ),
    ),
    "e2": Examples(
        right=(reference_table, _by_groupby),
        stub=_dots,
        wrong=(
            Wrong(table_with(in_group, lambda died, rows, group: died[rows].sum() > FEWEST), "just ten deaths"),
            Wrong(table_with(in_group, lambda died, rows, group: rows.sum() >= FEWEST), "counted the patients"),
            Wrong(table_with(in_group, lambda died, rows, group: died.sum() >= FEWEST), "counted all deaths"),
            Wrong(table_with(lambda died, group, name: group != name, enough_deaths), "not in the group"),
            Wrong(table_with(lambda died, group, name: group.notna(), enough_deaths), "everybody is in it"),
            Wrong(
                table_with(in_group, lambda died, rows, group: died[rows].sum() < FEWEST), "Turn the comparison round"
            ),
            Wrong(table_with(in_group, lambda died, rows, group: (~died[rows]).sum() >= FEWEST), "those who lived"),
            Wrong(
                table_with(in_group, lambda died, rows, group: died[rows].mean() >= FEWEST), "Every group is too few"
            ),
            Wrong(table_with(in_group, lambda died, rows, group: True), "counted all deaths"),
            Wrong(table_with(in_group, lambda died, rows, group: died[rows].sum() >= 5), "Not this table yet"),
            Wrong(lambda died, risk, group: None, "returns nothing"),
            Wrong(lambda died, risk, group: [1, 2], "must return the dictionary"),
            Wrong("slice_table", "not a function any more"),
            Wrong(_changes, "work on a copy", hidden=True),
        ),
    ),
    "e3": Examples(
        right=(MENDED, 0.956, 0.957, 0.96),
        stub=...,
        wrong=(
            Wrong(0.5008, "These are the old risks"),
            Wrong(1.0, "It is just 1"),
            Wrong(ALL, "those of the test among them"),
            Wrong(TESTED_ON_ALL, "Test on the others"),
            Wrong(1 / MENDED, "Turn it round"),
            Wrong(PUSH, "This is the push"),
            Wrong(95.65, "for 100 expected"),
            Wrong(0.9, "Not this number yet"),
            Wrong(2, "Not this number yet"),
            Wrong((0.95, 0.79, 1.14), "is taken by [0]"),
            Wrong("0.956", "without quotes"),
        ),
    ),
    "e4": Examples(
        right=(["A", "C", "E"], {"E", "A", "C"}, ("c", "a", "e")),
        stub=...,
        wrong=(
            Wrong(["A", "B", "C", "E"], "What is a flag worth"),
            Wrong(["B"], "What is a flag worth"),
            Wrong(["A", "C", "D", "E"], "second table"),
            Wrong(["D"], "second table"),
            Wrong(["A", "C", "E", "F"], "none has both"),
            Wrong(["F", "A"], "none has both"),
            Wrong(["A", "C"], "1 more"),
            Wrong(["A"], "2 more"),
            Wrong([], "3 more"),
            Wrong(["A", "a"], "twice"),
            Wrong(["G"], "unknown"),
            Wrong("ACE", "one text"),
        ),
    ),
}
GAPS = Gaps(
    before=("setup", "risks", "groups"),
    box="""flagged_b = {}
right_of_100 = {}""",
    right=(
        ('at_b[at_b["risk"] >= 0.3]', '100 * flagged_b["died"].mean()'),
        ('at_b.query("risk >= 0.3")', '100 * flagged_b["died"].sum() / len(flagged_b)'),
        ('at_b.loc[at_b["risk"].ge(0.3)]', 'flagged_b["died"].mean() * 100'),
        ('at_b[at_b["risk"] >= 0.3]', 'round(100 * flagged_b["died"].mean())'),
    ),
    wrong=(
        (('at_b[at_b["risk"] >= 0.3]', 'flagged_b["died"].mean()'), "How many is it of 100"),
        (('at_b[at_b["risk"] >= 0.3]', '100 * flagged_b["died"].sum() / at_b["died"].sum()'), "Start from the flags"),
        (('at_b[at_b["risk"] >= 0.3]', "100 * len(flagged_b) / len(at_b)"), "How many of the flagged died"),
        (('at_b[at_b["risk"] < 0.3]', '100 * flagged_b["died"].mean()'), "Turn the comparison round"),
        (("at_b", '100 * flagged_b["died"].mean()'), "Keep the flagged ones first"),
        (('at_b[at_b["risk"] >= 0.3]', 'flagged_b["died"].sum()'), "a count of deaths"),
        (('at_b[at_b["risk"] >= 0.2]', '100 * flagged_b["died"].mean()'), "another threshold"),
        (('at_b[at_b["risk"] >= 0.5]', '100 * flagged_b["died"].mean()'), "another threshold"),
        (('at_b[at_b["died"]]', '100 * flagged_b["died"].mean()'), "You kept those who died"),
        (('at_a[at_a["risk"] >= 0.3]', '100 * flagged_b["died"].mean()'), "Not this number yet"),
    ),
)
