"""Dates finer than a year, ages over 89, and ages that birth and event give away together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from rounds.custody.privacy.crowds.people import Frames, person_of_rows
from rounds.custody.signs.column_names import (
    is_age,
    is_birth_date,
    is_birth_part,
    is_birth_year,
    is_day,
    is_key,
    kind_of_name,
)
from rounds.custody.signs.finding import Finding, Severity
from rounds.custody.signs.number_dates import TITLES, find_number_dates
from rounds.custody.signs.patterns import DATE
from rounds.custody.signs.scan import UNREAD, Look
from rounds.data.package import DataPackage

if TYPE_CHECKING:
    import pandas as pd

TOP_AGE, TOP_CODE = 89, 90  # Safe Harbor's class C: ages over 89 are one class
SHIFT = "Shift the dates by person under an expert's determination (action shift), or keep the year (action year)"
SINCE = "Count from the person's first event (action since-first), or band it (role quasi-identifier)"


def find_dates(look: Look) -> list[Finding]:
    """Return what a column says about dates and high ages by itself."""
    if is_birth_part(look.column.name):
        return [look.find("C", Severity.STOP, "a month or day of birth, without its year", "Drop it (action drop)")]
    if is_age(look.column.name) and look.column.type in ("integer", "number", "string"):
        return _old_ages(look)
    if look.column.type in ("integer", "number") and is_day(look.column.name):
        return _day_numbers(look)
    if look.column.type in ("integer", "number"):
        return _numbers_as_dates(look)
    dates = as_dates(look.column.name, look.values)
    if dates is None:
        return _date_by_name(look)
    fine = int((dates.notna() & ~((dates.dt.month == 1) & (dates.dt.day == 1))).sum())
    if not fine:
        return []
    return [look.find("C", Severity.STOP, "dates finer than a year", SHIFT, fine)]


def find_derived_ages(package: DataPackage, frames: Frames) -> list[Finding]:
    """Return where a birth (date or year) and the person's last event, in whatever table, give an age over 89."""
    owners = person_of_rows(package, frames)
    last = _last_events(owners, frames)
    found = []
    for name, owner in owners.items():
        for column in frames[name].columns:
            born = _birth_years(column, frames[name][column])
            if born is None or last is None:
                continue
            age = owner.map(last) - born
            people, total = int(owner[age > TOP_AGE + 1].nunique()), int(owner.nunique())
            if people:
                what = "with the dates of the events this gives ages over 89"
                advice = "Top-code it: action birth-year raises such births to the year that gives 90"
                found.append(Finding("C", Severity.STOP, f"{name}.{column}", what, people, total, advice, "content"))
    return found


def as_dates(name: str, values: pd.Series) -> pd.Series | None:
    """Return a column as moments when it is one, or when its texts are written as dates; None otherwise."""
    import pandas as pd

    if pd.api.types.is_datetime64_any_dtype(values):
        return values
    if not (pd.api.types.is_string_dtype(values) or pd.api.types.is_object_dtype(values)):
        return None
    texts = values.dropna().astype("str")
    if texts.empty or not texts.str.match(rf"^(?:{DATE.expression})").mean() >= 0.8:
        return None
    day_first = not texts.str.match(r"^\d{4}").any()
    parsed = pd.to_datetime(values.astype("str"), format="mixed", errors="coerce", dayfirst=day_first)
    return parsed if parsed.notna().sum() >= 0.8 * len(texts) else None


def _numbers_as_dates(look: Look) -> list[Finding]:
    """Return a finding for numbers that are dates by their values alone, such as 20240301; none of keys and samples."""
    if is_key(look.column):
        return []
    kind = find_number_dates(look.values.dropna().to_numpy(dtype="float64"))
    return [look.find("C", Severity.STOP, f"{TITLES[kind]}: dates that were not read", UNREAD)] if kind else []


def _date_by_name(look: Look) -> list[Finding]:
    if kind_of_name(look.column.name) != "C" or not look.known or _says_years_only(look):
        return []
    return [look.find("C", Severity.STOP, "the name of the column says: a date", SHIFT, by="name")]


def _says_years_only(look: Look) -> bool:
    """Tell whether every value is a year or a band of years, as ``deidentify`` leaves them: no day and no month."""
    return bool(look.counts.index.astype("str").str.fullmatch(r"\D*\d{4}(?:\D+\d{4})?\D*").all())


def _old_ages(look: Look) -> list[Finding]:
    import pandas as pd

    ages = pd.to_numeric(look.values, errors="coerce")
    old = int((ages > TOP_AGE).sum())
    if not old or not (ages > TOP_CODE).any():  # 90 alone is the one class of all who are older
        return []
    return [look.find("C", Severity.STOP, "ages over 89", "Top-code them as 90 (action top-code)", old)]


def _day_numbers(look: Look) -> list[Finding]:
    if look.values.nunique() < 8 or _counts_from_own_first(look):
        return []
    what = "numbers of days, weeks or months: a date, as soon as the first day is known"
    return [look.find("C", Severity.STOP, what, SINCE)]


def _counts_from_own_first(look: Look) -> bool:
    """Tell whether the numbers begin at the same value for nearly everybody: they count from their own start."""
    if look.person is None or look.person.nunique() < 5:
        return False
    first = look.values.groupby(look.person).min()
    return bool((first == first.mode().iloc[0]).mean() >= 0.9)


def _last_events(owners: Mapping[str, pd.Series], frames: Frames) -> pd.Series | None:
    import pandas as pd

    parts = []
    for name, owner in owners.items():
        for column in frames[name].columns:
            dates = None if is_birth_date(column) else as_dates(column, frames[name][column])
            if dates is not None:
                parts.append(pd.DataFrame({"person": owner, "year": dates.dt.year + dates.dt.day_of_year / 366}))
    if not parts:
        return None
    return pd.concat(parts).groupby("person").year.max()


def _birth_years(name: str, values: pd.Series) -> pd.Series | None:
    import pandas as pd

    if is_birth_year(name) and pd.api.types.is_numeric_dtype(values):
        return values
    if not is_birth_date(name):
        return None
    dates = as_dates(name, values)
    return None if dates is None else dates.dt.year + dates.dt.day_of_year / 366
