"""Tables as foreign systems write them: dates, times and names of many languages, in six kinds of file.

The forms come from Babel's CLDR patterns, the names from Faker: neither list is one that the recognisers use.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat
from babel import Locale, dates
from faker import Faker

ROWS = 40
CONTAINERS = (".csv", ".xlsx", ".parquet", ".xpt", ".dta", ".sav")
LOCALES = (
    "en_US", "en_GB", "he_IL", "ar_EG", "de_DE", "fr_FR", "ru_RU", "es_ES", "it_IT", "pt_BR", "nl_NL", "pl_PL", "tr_TR",
    "sv_SE", "uk_UA", "el_GR", "fi_FI", "cs_CZ", "ja_JP", "zh_CN", "ko_KR",
)  # fmt: skip
DATE_STYLES, TIME_STYLES = ("short", "medium", "long", "full"), ("short", "medium")
SKELETONS = (
    "yMMM",
    "yMMMd",
    "MMMd",
    "yMd",
    "yMMMEd",
    "yM",
    "Md",
    "MEd",
    "yQQQ",
    "Hm",
    "hm",
    "Hms",
    "hms",
    "MMMMd",
    "yMMMM",
)
MACHINES = (
    "%Y%m%d", "%d%m%Y", "%y%m%d", "%Y%m%d%H%M", "%Y%m%d%H%M%S", "%Y%m%d %H:%M", "%Y%m%dT%H%M%S", "%d%b%Y:%H:%M:%S",
    "%d-%b-%y", "%d-%b-%y %H:%M", "%Y-%j", "%G-W%V-%u", "%m/%Y", "%Y-%m", "%m.%Y", "%Y-%m-%dT%H:%M:%S.%f",
    "%Y-%m-%dT%H:%MZ", "%Y/%m/%d %H:%M", "%d.%m.%y", "%m/%d/%y %I:%M %p", "epoch", "epoch ms", "typed day",
    "typed moment",
)  # fmt: skip
NAMES: dict[str, Callable[[Any], str]] = {
    "whole": lambda faker: faker.name(),
    "first": lambda faker: faker.first_name(),
    "last": lambda faker: faker.last_name(),
    "last, first": lambda faker: f"{faker.last_name()}, {faker.first_name()}",
    "capitals": lambda faker: f"{faker.last_name()} {faker.first_name()}".upper(),
}
HEADERS = ("x", "col7", "field_3", "wert", "v12", "info", "q4b", "item", "daten")
HARMLESS = ("ward A", "ward B", "ward C")


@dataclass(frozen=True)
class Planted:
    """One column that must not pass unread: what it holds, in which form, and the true moments of its cells."""

    column: str
    kind: str
    form: str
    moments: tuple[datetime, ...] = ()


@dataclass(frozen=True)
class ForeignTable:
    """A file and what was planted in it."""

    path: Path
    planted: tuple[Planted, ...]


def forms_of(kind: str) -> list[str]:
    """Return all forms of dates and times, or of names."""
    if kind == "name":
        return [f"{locale}: {form}" for locale in LOCALES for form in NAMES]
    styles = [f"date {style}" for style in DATE_STYLES]
    styles += [f"moment {style}" for style in DATE_STYLES[:3]] + [f"time {style}" for style in TIME_STYLES]
    babel = [f"{locale}: {form}" for locale in LOCALES for form in (*styles, *SKELETONS) if _is_known(locale, form)]
    return [*babel, *(f"machine: {form}" for form in MACHINES)]


def write_foreign_table(folder: Path, container: str, forms: list[tuple[str, str]], seed: int) -> ForeignTable:
    """Write one table with a column of each form, beside an id, a sex, a ward and a measurement."""
    rng = random.Random(seed)
    moments = [[_moment(rng) for _ in range(ROWS)] for _ in forms]
    headers = rng.sample(HEADERS, len(forms))
    columns: dict[str, list[Any]] = {"pid": [f"P{rng.randrange(10**5, 10**6)}" for _ in range(ROWS)]}
    planted = []
    for (kind, form), days, header in zip(forms, moments, headers, strict=True):
        columns[header] = _names(form, seed) if kind == "name" else _texts(form, days)
        planted.append(Planted(header, kind, form, tuple(days) if kind != "name" else ()))
    columns["sex"] = [rng.choice("FM") for _ in range(ROWS)]
    columns["unit"] = [rng.choice(HARMLESS) for _ in range(ROWS)]
    columns["crp"] = [round(rng.uniform(0, 90), 1) for _ in range(ROWS)]
    path = folder / f"table{container}"
    WRITERS[container](pd.DataFrame(columns), path)
    return ForeignTable(path, tuple(planted))


def order_of(form: str) -> str:
    """Return whether the form writes the day or the month first, as a person who knows the table would answer."""
    place, _, style = form.partition(": ")
    pattern = style if place == "machine" else _pattern(place, style)
    pattern = pattern.replace("%d", "d").replace("%m", "M").replace("%-m", "M")
    return "month-first" if -1 < pattern.find("M") < pattern.find("d") else "day-first"


def _moment(rng: random.Random) -> datetime:
    return datetime(2012, 1, 3, 0, 4, 5) + timedelta(minutes=rng.randrange(12 * 365 * 1440))


def _texts(form: str, days: list[datetime]) -> list[Any]:
    place, _, style = form.partition(": ")
    if place == "machine":
        return [_machine(style, day) for day in days]
    return [_babel(place, style, day) for day in days]


def _machine(style: str, day: datetime) -> Any:
    if style.startswith("epoch"):
        seconds = int(day.replace(tzinfo=UTC).timestamp())
        return str(seconds * (1000 if style.endswith("ms") else 1))
    if style.startswith("typed"):
        return day.replace(hour=0, minute=0, second=0) if style == "typed day" else day
    return day.strftime(style)


def _babel(locale: str, form: str, day: datetime) -> str:
    what, _, style = form.partition(" ")
    if what == "date":
        return dates.format_date(day, style, locale=locale)
    if what == "moment":
        return dates.format_datetime(day, style, tzinfo=UTC, locale=locale)
    if what == "time":
        return dates.format_time(day, style, locale=locale)
    return dates.format_skeleton(form, day, locale=locale)


def _pattern(locale: str, form: str) -> str:
    what, _, style = form.partition(" ")
    if what in ("date", "moment"):
        return str(Locale.parse(locale).date_formats[style].pattern)
    return "" if what == "time" else str(Locale.parse(locale).datetime_skeletons[form].pattern)


def _is_known(locale: str, form: str) -> bool:
    return " " in form or form in Locale.parse(locale).datetime_skeletons


@cache
def _faker(locale: str) -> Faker:
    return Faker(locale)


def _names(form: str, seed: int) -> list[str]:
    locale, _, kind = form.partition(": ")
    faker = _faker(locale)
    faker.seed_instance(seed)
    return [NAMES[kind](faker) for _ in range(ROWS)]


def _write_csv(frame: pd.DataFrame, path: Path) -> None:
    frame.to_csv(path, index=False, sep=";,\t"[len(frame.columns) % 3])


def _write_excel(frame: pd.DataFrame, path: Path) -> None:
    frame.to_excel(path, index=False)


def _write_stata(frame: pd.DataFrame, path: Path) -> None:
    frame.to_stata(path, write_index=False, version=118)


def _write_xport(frame: pd.DataFrame, path: Path) -> None:
    """Write a SAS transport file; its names have eight letters at most, its dates count from 1960."""
    frame = frame.copy()
    formats = {}
    for name in frame.columns[[kind.kind == "M" for kind in frame.dtypes]]:
        frame[name] = (frame[name] - pd.Timestamp("1960-01-01")).dt.total_seconds()
        formats[name] = "DATETIME20."
    pyreadstat.write_xport(frame, str(path), variable_format=formats, file_format_version=8)


WRITERS: dict[str, Callable[[pd.DataFrame, Path], None]] = {
    ".csv": _write_csv,
    ".xlsx": _write_excel,
    ".parquet": lambda frame, path: frame.to_parquet(path, index=False),
    ".xpt": _write_xport,
    ".dta": _write_stata,
    ".sav": lambda frame, path: pyreadstat.write_sav(frame, str(path)),
}
