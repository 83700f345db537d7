"""What B2 says in words of the signs for "no result" holds on the shipped table."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from rounds.data.dataset import Dataset


@pytest.fixture(scope="module")
def labs(lesson: Callable[[str], Dataset]) -> pd.DataFrame:
    return lesson("covid_labs").frame()


def test_the_signs_stand_in_laboratory_a_alone(labs):
    signs = labs[labs["value_num"].isin([-1, 999])]
    assert set(signs["site"]) == {"A"}
    assert set(signs["value_num"]) == {-1, 999}


def test_no_test_of_laboratory_a_could_really_be_999(labs):
    real = labs[(labs["site"] == "A") & ~labs["value_num"].isin([-1, 999])]
    assert real.groupby("loinc")["value_num"].max().max() < 600


def test_laboratory_b_has_d_dimers_on_both_sides_of_999(labs):
    dimer = labs.loc[labs["loinc"] == "48066-5", "value_num"]
    assert dimer.min() < 999 < dimer.max()


def test_a_median_hardly_feels_the_signs(labs):
    crp = labs[(labs["loinc"] == "1988-5") & (labs["site"] == "A")]["value_num"]
    clean = crp[~crp.isin([-1, 999])]
    assert crp.median() == pytest.approx(clean.median(), rel=0.01)
    assert crp.mean() > 1.02 * clean.mean()
