"""Which columns would tell a model what nobody knows yet at the time of prediction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rounds.data.dataset import Dataset
from rounds.data.package import Column, DataPackage
from rounds.errors import DataError


@dataclass(frozen=True)
class Leak:
    """A column that must not be a feature, and why."""

    column: str
    available: str
    reason: str


def find_leaks(
    columns: Iterable[str], package: DataPackage | Dataset, prediction_time: str | None = None
) -> list[Leak]:
    """Return the columns whose values are not known at the time of prediction.

    Parameters
    ----------
    columns
        The names that a model would use as features.
    package
        The dataset, or its description: ``dataset.package``.
    prediction_time
        An event of the package's timeline; the package's own without one.
    """
    if isinstance(package, str):
        raise DataError(f'find_leaks needs the dataset as well: find_leaks(columns, dataset, "{package}")')
    package = package.package if isinstance(package, Dataset) else package
    when = prediction_time or package.prediction_time
    package.position(when)
    found = (_find_leak(package.table.column(name), package, when) for name in columns)
    return [leak for leak in found if leak is not None]


def _find_leak(column: Column, package: DataPackage, when: str) -> Leak | None:
    if column.role == "outcome":
        return Leak(column.name, column.available, "It is the outcome itself.")
    if column.role == "identifier":
        return Leak(column.name, column.available, "It names a person, it does not describe one.")
    if not column.available:
        return Leak(column.name, "", "Nobody has confirmed yet when its value is known.")
    if package.position(column.available) > package.position(when):
        reason = f"Its value is known at {_say(column.available)}, after {_say(when)}."
        return Leak(column.name, column.available, reason)
    return None


def _say(event: str) -> str:
    return event.replace("_", " ")
