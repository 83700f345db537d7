"""Laboratory rows: each test in its site's unit and words, with the errors that laboratories make."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from rounds.synthetic.ehr.draws import delays
from rounds.synthetic.ehr.layout import read_toml
from rounds.synthetic.ehr.rows import Rows, count, numbers, sort, stack, texts
from rounds.synthetic.ehr.words import Array, Words, repeat, spell_numbers

# Design: `drawn` is below 0.6 % for "not done", from there to 1.0 % for "NA", above 99.6 % for a sentinel.  Units go
# missing in 3 %; 55 % of haemolysed samples are noted (`covid.potassium_hemolysed`).
NOT_DONE, NOT_AVAILABLE, SENTINEL, UNIT_BLANK, NOTED = 0.006, 0.010, 0.996, 0.03, 0.55
HAEMOLYSIS_TESTS = ("potassium", "ldh")
TRUTH = {
    "not_done": "0.6 % of results, at random",
    "na": "0.4 % of results, at random",
    "sentinel": "site A's old system: 0.4 % of results are -1 or 999, at random",
    "unit_blank": "site B: 3 % of rows lost their unit; the reference range still shows it",
    "haemolysis": "raises potassium and LDH in the tube; 55 % are noted as text, the others are silent",
}


@dataclass(frozen=True)
class Assay:
    """How one site's laboratory reports one test."""

    loinc: str
    name: str
    unit: str
    digits: int
    factor: float = 1.0
    low: tuple[float, ...] = (np.nan, np.nan)
    high: tuple[float, ...] = (np.nan, np.nan)
    limit: float = 0.0


@dataclass(frozen=True)
class Samples:
    """Blood samples: of whom, where, when, and whether the cells broke in the tube."""

    encounter: Words
    site: Array
    male: Array
    collected: Array
    haemolysed: Array


@cache
def assays(test: str) -> tuple[Assay, Assay]:
    """Return how site A and site B report a test."""
    entry: dict[str, Any] = read_toml("assays.toml")[test]
    return Assay(**entry["a"]), Assay(**entry["b"])


def report(rng: np.random.Generator, samples: Samples, values: dict[str, Array], ordered: dict[str, Array]) -> Rows:
    """Return the results of all ordered tests, in the order of stay and time."""
    values = _haemolyse(rng, samples, values)
    parts = [
        _write(samples, test, site, values[test], ordered[test] & (samples.site == site))
        for test in values
        for site in (0, 1)
    ]
    rows = _spoil(rng, stack(parts))
    return sort(rows, "encounter_id", "collected_ts", "loinc")


def _haemolyse(rng: np.random.Generator, samples: Samples, values: dict[str, Array]) -> dict[str, Array]:
    n = len(samples.collected)
    # Assumed, in mmol/L and U/L.
    raised = {"potassium": rng.uniform(1.2, 3.0, n), "ldh": rng.uniform(150, 450, n)}
    return {
        test: value + raised[test] * samples.haemolysed if test in HAEMOLYSIS_TESTS else value
        for test, value in values.items()
    }


def _write(samples: Samples, test: str, site: int, values: Array, ordered: Array) -> Rows:
    """Write one test as one site's laboratory does."""
    assay, at = assays(test)[site], np.flatnonzero(ordered)
    value = np.round(values[at] * assay.factor, assay.digits)
    sex, n = samples.male[at].astype(np.int64), len(at)
    below = value < assay.limit
    return {
        "encounter_id": samples.encounter.take(at),
        "loinc": repeat(assay.loinc, n),
        "local_name": repeat(assay.name, n),
        "value_text": spell_numbers(value, assay.digits).mask(below, f"<{assay.limit:g}"),
        "value_num": np.where(below, np.nan, value),
        "unit": repeat(assay.unit, n),
        "ref_low": np.array(assay.low, float)[sex],
        "ref_high": np.array(assay.high, float)[sex],
        "collected_ts": samples.collected[at],
        "site": np.full(n, site == 1),
        "spoiled": samples.haemolysed[at] & (test in HAEMOLYSIS_TESTS),
        "!below_limit": below,
    }


def _spoil(rng: np.random.Generator, rows: Rows) -> Rows:
    """Add the time of the result, the words that are no number, the sentinels and the lost units."""
    n, drawn = count(rows), rng.random(count(rows))
    site, spoiled = numbers(rows, "site"), numbers(rows, "spoiled")
    text, value, unit = texts(rows, "value_text"), numbers(rows, "value_num"), texts(rows, "unit")
    noted = spoiled & (rng.random(n) < NOTED)
    not_done, absent = drawn < NOT_DONE, (drawn >= NOT_DONE) & (drawn < NOT_AVAILABLE)
    sentinel = ~site & (drawn > SENTINEL)
    minus = rng.random(n) < 0.5
    text = text.mask(noted & ~site, "hemolysed").mask(noted & site, "HEMOLYZED")
    text = text.mask(not_done, "not done").mask(absent, "NA")
    value = np.where(noted | not_done | absent, np.nan, value)
    no_unit = site & (rng.random(n) < UNIT_BLANK)
    return {
        **{name: column for name, column in rows.items() if name not in ("site", "spoiled")},
        "value_text": text.mask(sentinel & minus, "-1").mask(sentinel & ~minus, "999"),
        "value_num": np.where(sentinel, np.where(minus, -1.0, 999.0), value),
        "unit": unit.mask(no_unit),
        "resulted_ts": numbers(rows, "collected_ts") + delays(rng, n, 25, 75, 900),  # minutes; assumed
        "!not_done": not_done,
        "!na": absent,
        "!sentinel": sentinel,
        "!unit_blank": no_unit,
        "!haemolysed_noted": noted & ~not_done & ~absent & ~sentinel,
        "!haemolysed_silent": spoiled & ~noted & ~not_done & ~absent & ~sentinel,
    }
