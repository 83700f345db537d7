"""A number with its unit: equal amounts are equal, and each usual slip has its sentence."""

from __future__ import annotations

import pytest

from rounds.lessons.kinds.quantity import Amount, is_amount, is_quantity
from rounds.lessons.ladder import UNRECOGNISED, climb

CREATININE = Amount(0.7, "mg/dL", grams_per_mole=113.12)  # 0.7 mg/dL is 62 µmol/L
FEVER = Amount(38.5, "°C", tolerance=0.002)
PULSE = Amount(120, "1/min")
FORM = is_quantity("creatinine", "37.2 °C")


def meet(answer: object, wanted: Amount = CREATININE) -> tuple[str, str]:
    """Return the name and the sentence that an answer meets; nothing for a right one."""
    said = climb((FORM, is_amount(wanted)), answer)
    return ("", "") if said is None else (said.name, str(said))


@pytest.mark.parametrize(
    "answer",
    [
        "0.7 mg/dL",
        "0.70 mg/dl",
        "7 mg/L",
        "62 µmol/L",
        "62 μmol/L",
        "62 umol/L",
        "0.062 mmol/L",
        "7e-3 g/L",
        " 0.7mg/dL ",
    ],
)
def test_an_equal_amount_in_any_unit_is_right(answer: str) -> None:
    assert meet(answer) == ("", "")


@pytest.mark.parametrize("answer", ["38.5 °C", "38.5 degC", "38.5 Cel", "101.3 °F"])
def test_temperatures_too(answer: str) -> None:
    assert meet(answer, FEVER) == ("", "")


@pytest.mark.parametrize("answer", ["120 1/min", "120 bpm", "2 1/s", "120 /min"])
def test_rates_too(answer: str) -> None:
    name, said = meet(answer, PULSE)
    assert (name, said) == ("", "") if answer != "120 /min" else name == "unknown-unit"


@pytest.mark.parametrize(
    ("answer", "name", "says"),
    [
        (0.7, "no-unit", "has no unit"),
        ("0.7", "no-unit", "has no unit"),
        ("0,7 mg/dL", "decimal-comma", "Write a point: 0.7 mg/dL."),
        ("about 0.7 mg/dL", "no-number", "does not begin with one number"),
        ("0.7 mg/dX", "unknown-unit", 'Did you mean "mg/dL"?'),
        ("0.7 mgs per liter", "unknown-unit", "as a laboratory does"),
        ("0.7 mg", "other-quantity", "measures another kind"),
        ("0.7 mmHg", "other-quantity", "measures another kind"),
        ("7 mg/dL", "power-of-ten", "10 times too large"),
        ("0.7 mg/L", "power-of-ten", "10 times too small"),
        ("62 mmol/L", "power-of-ten", "1,000 times too large"),
        ("62 mg/dL", "mass-or-moles", "Convert the number too"),
        ("0.7 µmol/L", "mass-or-moles", "Convert the number too"),
        ("0.9 mg/dL", UNRECOGNISED, "not right yet"),
        (["0.7", "mg/dL"], "type", "type list"),
        (True, "type", "type bool"),
        (None, "type", "type NoneType"),
    ],
)
def test_each_usual_slip_has_its_sentence(answer: object, name: str, says: str) -> None:
    met, said = meet(answer)
    assert (met, says in said) == (name, True), said
    assert len(said.split()) <= 25


@pytest.mark.parametrize(
    "answer",
    [
        "9**9**9**9 mg",
        "1 9**9**9",
        "1 m^99999999999",
        "1 " + "m*" * 5000 + "m",
        "1 __import__('os')",
        "1 mg/dL; 2",
        "1e999 mg/dL",
    ],
)
def test_nothing_is_worked_out_but_a_number_and_a_unit(answer: str) -> None:
    assert meet(answer)[0] in ("unknown-unit", "no-number")
