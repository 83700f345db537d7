"""The histogram of two laboratories falls together in one unit, and sends counts only."""

import numpy as np
import pandas as pd
import pytest

from rounds.errors import DataError
from rounds_widgets import LabUnits


@pytest.fixture
def labs():
    rng = np.random.default_rng(4)
    crp = np.exp(rng.normal(4, 1, 400)).round(1)
    site = np.repeat(["A", "B"], 200)
    dimer = np.exp(rng.normal(0, 0.8, 400)).round(2)
    rows = {
        "site": np.tile(site, 2),
        "loinc": np.r_[np.repeat("1988-5", 400), np.repeat(["48065-7", "48066-5"], 200)],
        "value_num": np.r_[crp, dimer] * np.r_[np.where(site == "B", 0.1, 1), np.where(site == "B", 500, 1)],
    }
    return pd.DataFrame(rows)


def medians(view):
    return {site: float(text) for site, text in view["medians"].items()}


@pytest.mark.parametrize(("number", "ratio"), [(0, 0.1), (1, 500)])
def test_sites_differ_as_written_and_agree_in_one_unit(labs, number, ratio):
    test = LabUnits(labs)._tests[number]
    written, united = medians(test["written"]), medians(test["one_unit"])
    assert written["B"] / written["A"] == pytest.approx(ratio, rel=0.4)
    assert united["B"] / united["A"] == pytest.approx(1, rel=0.4)


def test_every_result_is_drawn_or_counted_as_left_out(labs):
    labs.loc[[0, 1, 2], "value_num"] = [np.nan, -1, 0]
    view = LabUnits(labs)._tests[0]["written"]
    assert view["left_out"] == 3
    assert sum(sum(counts) for counts in view["counts"].values()) == 397


def test_only_tests_of_the_table_are_offered(labs):
    assert [test["name"] for test in LabUnits(labs)._tests] == ["C-reactive protein", "D-dimer"]


def test_widget_is_locked_until_a_guess_and_begins_as_written(labs):
    widget = LabUnits(labs)
    assert (widget.prediction, widget.one_unit) == (None, False)


def test_payload_is_small(labs):
    assert len(str(LabUnits(labs).get_state()["_tests"])) < 5_000


def test_text_stands_in_where_no_browser_draws(labs):
    widget = LabUnits(labs, one_unit=True)
    assert widget._repr_mimebundle_()[0]["text/plain"].startswith("C-reactive protein (mg/L), site A")


def test_unknown_test_column_and_table_are_refused(labs):
    with pytest.raises(DataError, match='Did you mean "D-dimer"'):
        LabUnits(labs).test = "D-dimmer"
    with pytest.raises(DataError, match='no column "loinc"'):
        LabUnits(labs.drop(columns="loinc"))
    with pytest.raises(DataError, match="no row has one of its codes"):
        LabUnits(labs.assign(loinc="0-0"))
