"""The birthweight challenge: its cohort, its honest features, and what a table cannot support."""

from __future__ import annotations

from rounds.data.dataset import Dataset
from rounds.data.leaks import find_leaks
from rounds.errors import DataError
from rounds.explore.cohort import Cohort
from rounds.explore.steps import Step

OUTCOME, PREVIOUS = "birthweight_g", "previous_birthweight_g"
HEAVIEST_G, LIGHTEST_G = 6500, 300
_LIMITS = {
    "height_cm": "No height and no BMI: two known causes of birthweight cannot be features.",
    PREVIOUS: "No previous child's weight: the section on siblings has nothing to show.",
    "plurality": "No plurality: twins cannot be set apart, and they stay in the cohort.",
    "site": "No site: you cannot test a model in another hospital.",
    "era": "No era: you cannot train on early births and test on late ones.",
}


def choose_births(dataset: Dataset) -> Cohort:
    """Return the births that the question is about: one child, and a plausible weight in grams."""
    _check_outcome(dataset)
    plausible = Step(OUTCOME, "range", (LIGHTEST_G, HEAVIEST_G), "Birthweight from 300 to 6,500 g")
    births = Cohort.of(dataset).where(plausible)
    if "plurality" in dataset.table().names():
        births = births.where("plurality == 1", "One child, no twins")
    return births


def find_limits(dataset: Dataset) -> list[str]:
    """Return what this table cannot support, one sentence each."""
    names = dataset.table().names()
    limits = [text for name, text in _LIMITS.items() if name not in names]
    if dataset.table().person is None:
        limits.insert(0, "No mother's id: siblings cannot be kept on one side of a split.")
    return limits


def honest_features(dataset: Dataset) -> list[str]:
    """Return the columns that are known when the prediction is made."""
    package = dataset.package
    names = package.table.names("feature", "quasi-identifier")
    leaks = {leak.column for leak in find_leaks(names, package)}
    return [name for name in names if name not in leaks]


def _check_outcome(dataset: Dataset) -> None:
    if OUTCOME not in dataset.table().names():
        raise DataError(
            f'Dataset "{dataset.name}" has no column "{OUTCOME}". Confirm which column it is: '
            f'confirm(folder, "weight", name="{OUTCOME}", unit="lb", convert_to="g", role="outcome")'
        )
