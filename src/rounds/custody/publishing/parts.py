"""Divide a de-identified dataset by groups of people: a person, and a mother with her children, is never split."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rounds.counted import counted
from rounds.custody.privacy.crowds.people import linkage_groups, person_of_rows
from rounds.custody.privacy.plan.treated import ANY
from rounds.custody.privacy.plan.treated import COLUMN as ERA
from rounds.custody.privacy.plan.treatment import Treatment, read_treatment
from rounds.custody.privacy.treating.eras import era_order
from rounds.data.dataset import Dataset
from rounds.errors import Command, DataError

if TYPE_CHECKING:
    import pandas as pd


MOST_HELD = 0.6
USUAL_PEOPLE, SMALLEST = 100, 5  # a sample of 100 people, of a small dataset a fifth


@dataclass(frozen=True)
class Whole:
    """A de-identified dataset in memory: its tables, its record, and the group of each row."""

    dataset: Dataset
    treatment: Treatment
    frames: Mapping[str, pd.DataFrame]
    groups: Mapping[str, pd.Series]

    @property
    def all_groups(self) -> np.ndarray:
        """Return the numbers of all groups."""
        return np.unique(np.concatenate([g.dropna().to_numpy() for g in self.groups.values()]))


def open_whole(dataset: Dataset) -> Whole:
    """Open a dataset for dividing; raise when it was never de-identified or knows no people."""
    treatment = check_treated(dataset)
    frames = {t.name: dataset.frame(t.name) for t in dataset.package.tables}
    people = person_of_rows(dataset.package, frames)
    if not people:
        raise DataError(f'"{dataset.name}" has no column that tells people apart, so it cannot be divided by people.')
    groups = linkage_groups(dataset.package, frames, treatment.linkage)
    return Whole(dataset, treatment, frames, {name: owner.map(groups) for name, owner in people.items()})


def check_treated(dataset: Dataset) -> Treatment:
    """Return how a dataset was de-identified; raise when it never was, or is a part already."""
    treatment = read_treatment(dataset.path)
    if treatment is None:
        raise DataError(
            f'"{dataset.name}" is not de-identified. First: ',
            Command("data", "deidentify", dataset.name, "--draft", "plan.toml"),
        )
    if treatment.part:
        raise DataError(f'"{dataset.name}" is already a part ({treatment.part}) of a dataset. Take the whole one.')
    return treatment


def draw_groups(whole: Whole, people: int | None, seed: int) -> np.ndarray:
    """Return groups, drawn at random, that hold about ``people`` people and at least one; never all of them.

    Without a number they hold 100 people, or a fifth of a small dataset.
    """
    order = np.random.default_rng(seed).permutation(whole.all_groups)
    sizes = _people_of_group(whole).reindex(order).fillna(0).to_numpy().cumsum()
    there = int(sizes[-1])
    people = min(USUAL_PEOPLE, max(there // SMALLEST, 1)) if people is None else people
    if people < 1:
        raise DataError(f"A sample of {people} people is none. Ask for at least 1.")
    if people >= there > 1:
        raise DataError(
            f"A sample of {counted(people, 'person', 'people')} is the whole dataset, which holds {there:,}. "
            f"Ask for fewer, such as --people {max(there // SMALLEST, 1)}"
        )
    return order[: max(int(np.searchsorted(sizes, people, side="right")), 1)]


def draw_share(whole: Whole, share: float, seed: int, kept: np.ndarray) -> np.ndarray:
    """Return a random share of all groups, none of them among ``kept``."""
    _check_share(share)
    free = np.setdiff1d(whole.all_groups, kept)
    wanted = round(share * len(whole.all_groups))
    if wanted > len(free):
        raise DataError(
            f"A hold-out of {share:.0%} leaves no room for the sample. Take a smaller share or a smaller sample."
        )
    drawn: np.ndarray = np.random.default_rng(seed).permutation(free)[:wanted]
    return drawn


def keep_share(whole: Whole, share: float, seed: int, held: np.ndarray, given: np.ndarray) -> np.ndarray:
    """Return the groups that were held out before, and as many others as make up ``share`` of all.

    The others come from ``given`` only when there are too few of whom no outcome was published.
    """
    _check_share(share)
    rest = np.random.default_rng(seed).permutation(np.setdiff1d(whole.all_groups, held))
    rest = rest[np.argsort(np.isin(rest, given), kind="stable")]
    wanted = max(round(share * len(whole.all_groups)) - len(held), 0)
    return np.concatenate([held, rest[:wanted]])


def later_groups(whole: Whole, share: float) -> np.ndarray:
    """Return the groups whose last era is late: the latest eras that together hold at least ``share`` of the groups."""
    _check_share(share)
    eras = [
        frame[ERA].map(_order, na_action="ignore").astype("float64").groupby(whole.groups[name]).max()
        for name, frame in whole.frames.items()
        if ERA in frame.columns and name in whole.groups
    ]
    if not eras:
        raise DataError('The dataset has no column "era". Name era_from in the plan, and de-identify again.')
    import pandas as pd

    last = pd.concat(eras).groupby(level=0).max().sort_values(ascending=False)
    cut = last.iloc[max(round(share * len(last)) - 1, 0)]
    late: np.ndarray = last.index[last >= cut].to_numpy()
    if last.nunique() < 2 or len(late) == len(last):
        raise DataError(
            "All people fall into one era, so none is later. Take a hold-out by patient (leave --later-era out)."
        )
    if len(late) > MOST_HELD * len(last):
        raise DataError(
            f"The latest eras hold {len(late) / len(last):.0%} of the people: eras are long, or people come back. "
            "Take a hold-out by patient: leave --later-era out."
        )
    return late


def select(whole: Whole, groups: np.ndarray) -> dict[str, pd.DataFrame]:
    """Return the rows of these groups; a table that belongs to nobody stays whole."""
    return {
        name: frame[whole.groups[name].isin(groups)].reset_index(drop=True) if name in whole.groups else frame
        for name, frame in whole.frames.items()
    }


def count_people(whole: Whole, groups: np.ndarray) -> int:
    """Return how many people these groups hold."""
    return int(_people_of_group(whole).reindex(groups).fillna(0).sum())


def people_of(dataset: Dataset) -> frozenset[str]:
    """Return the ids of all people of a dataset, from every table that names its person."""
    columns = [dataset.column(table.person, table.name) for table in dataset.package.tables if table.person]
    return frozenset(str(person) for column in columns for person in column.dropna().unique())


def groups_of(whole: Whole, people: frozenset[str]) -> np.ndarray:
    """Return the groups that hold one of these people."""
    found = [np.empty(0, dtype=np.int64)]
    for table in whole.dataset.package.tables:
        if table.person and table.name in whole.groups:
            mine = whole.frames[table.name][table.person].isin(people)
            found.append(whole.groups[table.name][mine].dropna().to_numpy())
    return np.unique(np.concatenate(found))


def _people_of_group(whole: Whole) -> pd.Series:
    import pandas as pd

    owners = person_of_rows(whole.dataset.package, dict(whole.frames))
    pairs = [pd.DataFrame({"person": owners[n], "group": whole.groups[n]}) for n in whole.groups]
    both = pd.concat(pairs).dropna().drop_duplicates("person")
    return both.groupby("group").size()


def _order(label: str) -> int:
    if label == ANY:
        raise DataError(
            "The era was generalised to nothing, so none is later. Write era_weight = 5 in the plan, and apply it."
        )
    return era_order(label)


def _check_share(share: float) -> None:
    if not 0 < share < 1:
        raise DataError(f"A hold-out of {share} is no share. Write a number between 0 and 1, such as 0.2.")
