"""k, l, t and the risks: fixed answers of published tables (as small equivalent tables), and their definitions."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rounds.custody.privacy.crowds.classes import find_classes
from rounds.custody.privacy.crowds.measures import (
    k_anonymity,
    l_diversity,
    t_closeness,
)
from rounds.custody.privacy.crowds.risks import measure_risks, population_risks
from rounds.errors import DataError

# pycanon's StudentsMath_Score_k5: 25 classes of pupils; here the classes have numbers and the marks are ranks.
PUPILS = """4 47 25 22 21|41 10 40 1 1 37 20|38 9 8 23 41|27 45 42 32 59 52 25|34 11 56 44 22 24|52 28 48 48 37
47 57 30 47 35 18|17 53 41 18 23 33 29 48|42 54 57 38 54|27 26 44 31 17 52|35 24 28 33 11|36 24 18 37 58
21 37 1 38 6 17 36|43 29 5 7 16|23 29 30 15 9|2 34 39 45 15 4 19 24 3|50 56 14 51 36|54 44 18 48 26 16 25 59
13 15 31 39 49|37 30 45 12 14|25 16 52 14 52 59 29 49 18 17 18|54 56 23 29 33|26 12 50 14 54 21
16 55 13 44 11 40 44|22 32 22 46 56 22"""


def pupils() -> pd.DataFrame:
    classes = PUPILS.replace("\n", "|").split("|")
    return pd.DataFrame(
        [(i, int(mark)) for i, marks in enumerate(classes) for mark in marks.split()], columns=["g", "s"]
    )


def test_the_pupils_table_has_the_published_k_l_and_t() -> None:
    table = pupils()
    assert k_anonymity(table, ["g"]) == 5
    assert l_diversity(table, ["g"], ["s"]) == 4
    assert t_closeness(table, ["g"], ["s"]) == pytest.approx(0.31023287057769827, abs=1e-12)


def test_the_risks_of_a_table_like_arx_adult_are_those_of_arx() -> None:
    """30,162 rows in 19,502 classes, 15,512 of them of one row: ARX's test names these three figures."""
    sizes = np.full(3990, 14650 // 3990)
    sizes[: 14650 % 3990] += 1
    table = pd.DataFrame({"q": np.repeat(np.arange(19502), np.concatenate([np.ones(15512, int), sizes]))})
    risks = measure_risks(find_classes(table, ["q"]))
    assert risks.rows == 30162
    assert risks.average == pytest.approx(0.6465751607983555, abs=1e-12)
    assert risks.highest == 1.0
    assert risks.unique == pytest.approx(0.5142895033485844, abs=1e-12)


def test_a_missing_value_matches_only_itself_in_k() -> None:
    table = pd.DataFrame({"A": [1, 1, None, 2, 3, 3, 4, 1], "B": [1, 2, 1, 1, 3, 3, 4, 1]})
    assert find_classes(table, list("AB")).size_of_row().tolist() == [2, 1, 1, 1, 2, 2, 1, 2]


def test_distinct_l_of_seven_rows_is_that_of_sdcmicro() -> None:
    table = pd.DataFrame({"job": [None] * 3 + ["t", "t", "n", "n"], "sex": list("fffmmff"), "s": [1, 0, 2, 1, 0, 0, 1]})
    classes = find_classes(table, ["job", "sex"])
    distinct = table.groupby(classes.of_row).s.nunique()
    assert distinct[classes.of_row].tolist() == [3, 3, 3, 2, 2, 2, 2]
    assert l_diversity(table, ["job", "sex"], ["s"]) == 2


def test_t_of_the_salary_example_of_li_et_al_is_theirs() -> None:
    """Salaries of 3k to 11k in three classes of three: {3k, 4k, 5k} is 0.375 away (2007, section 4)."""
    table = pd.DataFrame({"g": [1, 1, 1, 2, 2, 2, 3, 3, 3], "s": [3, 4, 5, 6, 11, 8, 7, 9, 10]})
    assert t_closeness(table, ["g"], ["s"]) == pytest.approx(0.375)
    assert t_closeness(table.assign(s=table.s.astype(str)), ["g"], ["s"]) == pytest.approx(2 / 3)


def test_twenty_rows_of_one_person_hide_nobody() -> None:
    table = pd.DataFrame({"person": [1] * 20 + [2, 3], "q": ["a"] * 20 + ["b", "b"]})
    assert k_anonymity(table, ["q"]) == 2
    assert k_anonymity(table, ["q"], person="person") == 1


def test_the_population_risk_of_a_sample_looks_at_the_whole() -> None:
    whole = pd.DataFrame({"q": ["a"] * 10 + ["b"] * 20})
    sample = whole.iloc[[0, 10, 11]]
    own, journalist = measure_risks(find_classes(sample, ["q"])), population_risks(sample, whole, ["q"])
    assert (own.highest, own.unique_rows) == (1.0, 1)
    assert (journalist.highest, journalist.unique_rows) == (0.1, 0)
    assert journalist.average == pytest.approx((0.1 + 0.05 + 0.05) / 3)
    with pytest.raises(DataError, match="not in the full dataset"):
        population_risks(pd.DataFrame({"q": ["c"]}), whole, ["q"])


@pytest.mark.parametrize(
    ("quasi", "says"),
    [([], "No quasi-identifier is named"), (["agee"], 'no column "agee". Did you mean "age"')],
)
def test_a_wrong_question_gets_a_sentence(quasi: list[str], says: str) -> None:
    with pytest.raises(DataError, match=says):
        k_anonymity(pd.DataFrame({"age": [1]}), quasi)
    with pytest.raises(DataError, match="has no row"):
        k_anonymity(pd.DataFrame({"age": []}), ["age"])
    with pytest.raises(DataError, match="No sensitive column"):
        l_diversity(pd.DataFrame({"age": [1]}), ["age"], [])


def slow_t(table: pd.DataFrame, ordered: bool) -> float:
    values = sorted(table.s.unique())
    whole = np.array([(table.s == v).mean() for v in values])
    found = []
    for _, group in table.groupby(["a", "b"], dropna=False):
        gap = np.array([(group.s == v).mean() for v in values]) - whole
        found.append(np.abs(np.cumsum(gap)).sum() / max(len(values) - 1, 1) if ordered else 0.5 * np.abs(gap).sum())
    return max(found)


rows = st.lists(st.tuples(st.sampled_from([1, 2, None]), st.sampled_from("xyz"), st.integers(-3, 9)), min_size=1)


@settings(max_examples=80, deadline=None)
@given(rows)
def test_the_fast_measures_are_the_slow_definitions(drawn: list[tuple[int | None, str, int]]) -> None:
    table = pd.DataFrame(drawn, columns=["a", "b", "s"])
    groups = table.groupby(["a", "b"], dropna=False)
    assert k_anonymity(table, ["a", "b"]) == groups.size().min() == find_classes(table, ["a", "b"]).smallest
    assert l_diversity(table, ["a", "b"], ["s"]) == groups.s.nunique().min()
    assert t_closeness(table, ["a", "b"], ["s"]) == pytest.approx(slow_t(table, ordered=True), abs=1e-9)
    words = table.assign(s=table.s.astype(str))
    assert t_closeness(words, ["a", "b"], ["s"]) == pytest.approx(slow_t(words, ordered=False), abs=1e-9)
