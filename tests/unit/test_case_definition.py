"""What makes a stay a case: draws, days of the calendar, germs, fevers; and the challenge's own definition."""

from __future__ import annotations

import pandas as pd
import pytest
from tests import made

from rounds.errors import DataError
from rounds.evaluation.case_definition import (
    COLUMNS,
    COMMENSALS,
    LIKE_NHSN,
    WIDEST,
    Definition,
    find_cases,
    list_definitions,
    read_growth,
)
from rounds.query.study import Study
from rounds.synthetic.ehr.analysis.bsi import infections

EPIDERMIDIS, HOMINIS, COLI = "Staphylococcus epidermidis", "Staphylococcus hominis", "Escherichia coli"


def growth(*rows, fever=True):
    return pd.DataFrame([("E1", *row, fever) for row in rows], columns=list(COLUMNS))


# set, bottle, germ, day: what is a case like that of NHSN
@pytest.mark.parametrize(
    ("rows", "is_case"),
    [
        ([("S1", "aerobic", COLI, 3)], True),
        ([("S1", "aerobic", EPIDERMIDIS, 3), ("S1", "anaerobic", EPIDERMIDIS, 3)], False),
        ([("S1", "aerobic", EPIDERMIDIS, 3), ("S2", "aerobic", EPIDERMIDIS, 3)], True),
        ([("S1", "aerobic", EPIDERMIDIS, 4), ("S2", "aerobic", EPIDERMIDIS, 3)], True),
        ([("S1", "aerobic", EPIDERMIDIS, 3), ("S2", "aerobic", EPIDERMIDIS, 5)], False),
        ([("S1", "aerobic", EPIDERMIDIS, 3), ("S2", "aerobic", HOMINIS, 3)], False),
        ([], False),
    ],
)
def test_like_nhsn(rows, is_case):
    assert bool(find_cases(growth(*rows), LIKE_NHSN)) is is_case


def test_a_fever_is_asked_of_commensals_or_of_all():
    pair = growth(("S1", "aerobic", EPIDERMIDIS, 3), ("S2", "aerobic", EPIDERMIDIS, 3), fever=False)
    sure = growth(("S1", "aerobic", COLI, 3), fever=False)
    assert not find_cases(pair, LIKE_NHSN)
    assert find_cases(sure, LIKE_NHSN)
    assert not find_cases(sure, Definition("two draws", fever="every germ"))


def test_a_stricter_sentence_never_adds_a_case():
    rows = read_growth(made.ward("bsi"), "A")
    for one in list_definitions():
        assert find_cases(rows, one) <= find_cases(rows, WIDEST)
    assert find_cases(rows, Definition("two draws")) <= find_cases(rows, Definition("two bottles"))


def test_the_definition_is_that_of_the_challenge():
    """The query of the challenge's own label, written elsewhere and otherwise, finds the same stays."""
    hospital = made.ward("bsi")
    found = infections(Study.of(hospital).unit("day").tables).to_pyarrow()["encounter_id"].to_pylist()
    ours = [find_cases(read_growth(hospital, site), LIKE_NHSN) for site in "AB"]
    assert ours[0] | ours[1] == set(found)


def test_commensals_are_those_of_the_cohort():
    from rounds.synthetic.ehr.bsi import cultures

    assert tuple(cultures.COMMENSALS) == COMMENSALS


def test_an_unknown_choice_names_the_nearest():
    with pytest.raises(DataError, match=r'commensal is one of .*, not "two drawings".*two draws'):
        Definition("two drawings")
