"""The analysis table of each challenge: one study for each cohort, and the description of its columns.

``generate`` writes it as the first table of a cohort, block after block; ``build_study`` makes it from any source that
holds the records.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from rounds.data.package import Column, Table
from rounds.errors import DataError, suggest
from rounds.synthetic.ehr.layout import read_toml
from rounds.synthetic.tables.cohort import read_template

if TYPE_CHECKING:
    from rounds.query.study import Study

COHORTS = ("birthweight", "bsi", "heart_failure", "covid")


def has_study(name: str) -> bool:
    """Tell whether a dataset is a cohort of ours, whose analysis table is a study."""
    return name in COHORTS


def build_study(name: str, source: Any) -> Study:
    """Return the study of a challenge on a dataset, an Ibis connection, or Ibis tables by name."""
    _check_name(name)
    study: Study = import_module(f"rounds.synthetic.ehr.analysis.{name}").study(source)
    return study


@cache
def read_analysis_table(name: str) -> Table:
    """Return the description of a challenge's analysis table."""
    _check_name(name)
    entry = read_toml(f"analysis/{name}.toml")
    texts = entry.pop("texts", None)
    like = {} if texts is None else {c.name: c for c in read_template(texts, 0).table.columns}
    columns = tuple(_describe(dict(one), like) for one in entry.pop("column"))
    return Table(path=f"{entry['name']}.parquet", columns=columns, **entry)


def _describe(entry: dict[str, Any], like: dict[str, Column]) -> Column:
    """Return a column; what it does not say itself is said by the column of the same name in the other table."""
    base = like.get(entry["name"])
    known = {} if base is None else {key: getattr(base, key) for key in Column.__dataclass_fields__}
    levels = tuple(entry.pop("levels", known.get("levels", ())))
    return Column(**{**known, **entry, "levels": levels})


def _check_name(name: str) -> None:
    if name not in COHORTS:
        raise DataError(f'There is no analysis table of "{name}".{suggest(name, COHORTS)}')
