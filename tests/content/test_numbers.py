"""What B2 says in words of the signs for "no result" holds on the shipped table."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from rounds.data.dataset import Dataset
from rounds_widgets import LabUnits


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


def test_the_card_and_the_worked_example_say_the_same_medians(labs):
    crp = LabUnits(labs)._tests[0]
    mg_l = labs[labs["loinc"] == "1988-5"].pipe(
        lambda rows: rows["value_num"].where(rows["ref_high"] != 0.5, 10 * rows["value_num"]).groupby(rows["site"])
    )
    assert crp["one_unit"]["medians"] == {site: f"{median:.3g}" for site, median in mg_l.median().items()}


def test_the_lonely_bar_of_d_dimer_is_a_sign_and_stands_far_from_all_others(labs):
    feu = labs.loc[labs["loinc"] == "48065-7", "value_num"]
    ddu = labs.loc[labs["loinc"] == "48066-5", "value_num"] / 500
    assert max(feu[feu < 999].max(), ddu.max()) < 100
    assert (feu == 999).any()


def test_some_d_dimers_have_no_unit_and_the_code_says_what_they_are(labs):
    blank = labs[labs["loinc"].isin(["48065-7", "48066-5"]) & labs["unit"].isna()]
    assert len(blank) > 3
    assert set(blank["loinc"]) == {"48066-5"}


def test_a_median_hardly_feels_the_signs(labs):
    crp = labs[(labs["loinc"] == "1988-5") & (labs["site"] == "A")]["value_num"]
    clean = crp[~crp.isin([-1, 999])]
    assert crp.median() == pytest.approx(clean.median(), rel=0.01)
    assert crp.mean() > 1.02 * clean.mean()
