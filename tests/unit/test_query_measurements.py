"""One number in one unit, or none and the reason: units, lost units, sentinels, impossible values."""

from __future__ import annotations

from typing import Any

import ibis
import pandas as pd
import pytest

from rounds.errors import DataError
from rounds.query.measurements import Measurement, find_measurement, measurements
from rounds.synthetic.ehr.labs import assays
from rounds.synthetic.ehr.layout import read_toml


def read(found: Measurement, code: str, value: float | None, unit: str | None, high: float | None) -> tuple[Any, str]:
    """Return the value and the verdict of one row."""
    data = pd.DataFrame({"loinc": [code], "value_num": [value], "unit": [unit], "ref_high": [high]})
    kinds = {"loinc": "string", "value_num": "float64", "unit": "string", "ref_high": "float64"}
    t = ibis.memtable(data, schema=kinds)
    row = t.select(value=found.value(t), verdict=found.verdict(t)).to_pyarrow().to_pylist()[0]
    return row["value"], row["verdict"]


ROWS = (
    # test, code, number, unit, upper end of the range -> value, verdict
    ("crp", "1988-5", 12.0, "mg/L", 5, 12.0, "used"),
    ("crp", "1988-5", 1.2, "mg/dL", 0.5, 12.0, "used"),
    ("dimer", "48065-7", 0.8, "ug/mL", 0.5, 0.8, "used"),
    ("dimer", "48066-5", 400.0, "ng/mL", 250, 0.8, "used"),
    ("urea", "3094-0", 20.0, "mg/dL", 21, 7.14, "used"),
    ("glucose", "2345-7", 90.0, "mg/dL", 100, 5.0, "used"),
    ("creatinine", "14682-9", 88.4, "umol/L", None, 1.0, "used"),
    # a lost unit is read from the reference range, or refused
    ("crp", "1988-5", 1.2, None, 0.5, 12.0, "unit from range"),
    ("crp", "1988-5", 12.0, None, 5, 12.0, "unit from range"),
    ("crp", "1988-5", 12.0, None, 77, None, "unit refused"),
    ("crp", "1988-5", 12.0, None, None, None, "unit refused"),
    # a unit that nobody converts
    ("crp", "1988-5", 12.0, "nmol/L", 5, None, "unit refused"),
    ("dimer", "48066-5", 400.0, "mg/L", 250, None, "unit refused"),
    # no result
    ("crp", "1988-5", -1.0, "mg/L", 5, None, "sentinel"),
    ("ntprobnp", "33762-6", 999.0, "pg/mL", 300, None, "sentinel"),
    ("crp", "1988-5", None, "mg/L", 5, None, "no number"),
    # impossible in the study's unit, whatever the site's
    ("crp", "1988-5", 701.0, "mg/L", 5, None, "impossible"),
    ("crp", "1988-5", 70.1, "mg/dL", 0.5, None, "impossible"),
    ("crp", "1988-5", 69.9, "mg/dL", 0.5, 699.0, "used"),
    ("neutrophils", "751-8", 0.0, "10*9/L", 7.5, 0.0, "used"),
)


@pytest.mark.parametrize(("test", "code", "number", "unit", "high", "expected", "verdict"), ROWS)
def test_a_result_becomes_one_number_or_none_with_the_reason(
    test: str, code: str, number: float, unit: str, high: float, expected: float | None, verdict: str
) -> None:
    found = read(find_measurement(test, "lab"), code, number, unit, high)
    assert found == (expected if expected is None else pytest.approx(expected), verdict)


def test_a_thermometer_in_fahrenheit_is_read_and_flagged() -> None:
    warm = find_measurement("temperature", "vital")
    assert read(warm, "8310-5", 38.2, "Cel", None) == (38.2, "used")
    assert read(warm, "8310-5", 100.4, "Cel", None) == (pytest.approx(38.0), "unit misread")
    assert read(warm, "8310-5", 100.4, "[degF]", None) == (pytest.approx(38.0), "used")
    assert read(warm, "8310-5", 60.0, "Cel", None) == (None, "impossible")


def test_a_study_may_ask_for_another_of_the_units() -> None:
    creatinine = find_measurement("creatinine", "lab").in_unit("umol/L")
    assert read(creatinine, "2160-0", 1.0, "mg/dL", None)[0] == pytest.approx(88.4)
    assert read(creatinine, "14682-9", 88.4, "umol/L", None)[0] == pytest.approx(88.4)
    assert creatinine.high == pytest.approx(2210)
    with pytest.raises(DataError, match="No conversion mg/L to ug/mL for crp"):
        find_measurement("crp", "lab").in_unit("ug/mL")


def test_a_test_is_found_by_its_name_or_its_code() -> None:
    assert find_measurement("1988-5", "lab") is find_measurement("crp", "lab")
    assert find_measurement("48066-5", "lab").name == "dimer"


@pytest.mark.parametrize("test", [name for name in read_toml("assays.toml") if name not in ("tsh", "challenge")])
def test_every_assay_of_the_synthetic_laboratories_is_read_in_one_unit(test: str) -> None:
    kind = {"saturation": "oxygen_saturation"}.get(test, test)
    found = find_measurement(kind, "lab").in_unit(assays(test)[0].unit)
    for assay in assays(test):
        middle = max(high for high in assay.high if high == high)
        for high in assay.high:
            value, verdict = read(found, assay.loinc, middle, assay.unit, high)
            lost, lost_verdict = read(found, assay.loinc, middle, None, high)
            assert (verdict, lost_verdict) == ("used", "unit from range")
            assert value == lost == pytest.approx(middle / assay.factor, rel=0.01)


def test_no_two_tests_share_a_code_and_limits_are_in_order() -> None:
    codes = [code for found in measurements().values() for code in found.codes]
    assert len(codes) == len(set(codes))
    assert all(found.low < found.high for found in measurements().values())
