"""Cohorts, their flow and their code; and which counts may be shown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rounds.data.dataset import Dataset
from rounds.errors import DataError
from rounds.explore.cohort import Cohort
from rounds.explore.disclosure import Disclosure
from rounds.explore.steps import Step

PUBLISHED = Disclosure(published=True)
COUNTS = st.lists(st.integers(0, 200), min_size=1, max_size=12)


@pytest.fixture(scope="module")
def births(lesson: Callable[[str], Dataset]) -> Dataset:
    return lesson("birthweight")


STEPS = [
    Step("age", ">=", 18),
    Step("age", "<", 40.5),
    Step("smoking", "==", "no"),
    Step("smoking", "!=", "no"),
    Step("smoking", "in", ["no", "yes"]),
    Step("pre_eclampsia", "==", True),
    Step("pre_eclampsia", "!=", True),
    Step("bmi", "range", [18.5, 25]),
    Step("bmi", "known"),
    Step("bmi", "missing"),
    Step("previous_birthweight_g", "!=", 3200),
    Step("site", "in", ["it's", "A"]),
]


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.words())
def test_pandas_code_and_sql_reproduce_the_same_selection(births: Dataset, step: Step) -> None:
    cohort = Cohort.of(births).where("parity >= 1").where(step)
    sql = births.connect().execute(cohort.to_sql()).df()
    names: dict[str, Any] = {"frame": births.frame()}
    exec(cohort.to_pandas_code().split("frame()\n")[-1], names)
    n = cohort.flow()[-1].n_rows
    assert len(sql) == len(names["cohort"]) == len(cohort.frame()) == n
    assert sorted(sql.child_id) == sorted(names["cohort"].child_id)


def test_the_pandas_code_runs_as_it_is_shown(births: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROUNDS_DATA", str(births.path.parent))
    cohort = Cohort.of(births).where("age >= 18")
    names: dict[str, Any] = {}
    exec(cohort.to_pandas_code(), names)
    assert len(names["cohort"]) == cohort.flow()[-1].n_rows


def test_the_first_box_is_the_input_and_persons_stand_apart(births: Dataset) -> None:
    frame = births.frame()
    flow = Cohort.of(births).where("plurality == 1", "One child").flow()
    assert (flow[0].n_rows, flow[0].n_persons) == (len(frame), frame.mother_id.nunique())
    single = frame[frame.plurality == 1]
    assert (flow[1].n_rows, flow[1].n_persons) == (len(single), single.mother_id.nunique())
    assert flow[1].excluded == len(frame) - len(single)
    assert flow[1].label == "One child"


def test_a_table_without_persons_counts_rows_only() -> None:
    flow = Cohort.of(pd.DataFrame({"a": [1, 2, 3]})).where("a > 1").flow()
    assert [(box.n_rows, box.n_persons) for box in flow] == [(3, None), (2, None)]


@pytest.mark.parametrize(
    ("step", "says"),
    [
        ("ages >= 18", 'Did you mean "age"'),
        ("age >= x", "does not fit"),
        ("age ~ 3", "is no inclusion step"),
        ("smoking > no", "holds no numbers"),
        (Step("age", "in", []), "1 to 200 values"),
        (Step("age", "range", [1]), "a lower and an upper"),
        (Step("age", ">=", "1; DROP TABLE births"), "does not fit"),
        (Step("age", "or 1=1 --", 1), "is no operator"),
        (Step("age", ">=", float("nan")), "does not fit"),
        (Step("pre_eclampsia", "==", 1), "does not fit"),
    ],
)
def test_a_step_that_does_not_fit_the_table_is_refused(births: Dataset, step: str | Step, says: str) -> None:
    with pytest.raises(DataError, match=says):
        Cohort.of(births).where(step)


def test_the_environment_switches_the_published_view_on() -> None:
    environ = {"ROUNDS_VIEW": "published", "ROUNDS_MIN_CELL_COUNT": "7", "ROUNDS_ROUNDING_BASE": "3"}
    assert Disclosure.from_environ(environ) == Disclosure(7, 3, published=True)
    assert not Disclosure.from_environ({}).published
    with pytest.raises(DataError, match="ROUNDS_MIN_CELL_COUNT=10"):
        Disclosure.from_environ({"ROUNDS_MIN_CELL_COUNT": "few"})


def show_all(disclosure: Disclosure, counts: list[int]) -> list[int | None]:
    return [disclosure.show(count, hidden) for count, hidden in zip(counts, disclosure.hide(counts), strict=True)]


def test_inside_the_room_counts_are_exact() -> None:
    assert show_all(Disclosure(), [0, 3, 123]) == [0, 3, 123]


def test_zeros_are_hidden_with_the_small_ones_unless_the_policy_shows_them() -> None:
    assert PUBLISHED.show(0) is None
    assert Disclosure(published=True, show_zeros=True).show(0) == 0


def test_one_small_cell_takes_a_second_one_with_it() -> None:
    assert show_all(PUBLISHED, [3, 50, 123]) == [None, None, 125]


@given(COUNTS)
def test_no_published_count_is_small_and_all_are_rounded(counts: list[int]) -> None:
    for shown in show_all(PUBLISHED, counts):
        assert shown is None or (shown >= 10 and shown % 5 == 0)


@given(COUNTS)
def test_what_subtraction_gives_is_never_a_small_count(counts: list[int]) -> None:
    hidden = PUBLISHED.hide(counts)
    inside = [count for count, is_hidden in zip(counts, hidden, strict=True) if is_hidden]
    assert not inside or all(hidden) or (len(inside) >= 2 and sum(inside) >= 10)


@given(st.lists(st.integers(0, 30), min_size=1, max_size=40), st.lists(st.integers(0, 30), max_size=4))
def test_a_published_flow_gives_no_small_exclusion_away(values: list[int], cuts: list[int]) -> None:
    cohort = Cohort.of(pd.DataFrame({"a": values}))
    for cut in cuts:
        cohort = cohort.where(f"a >= {cut}")
    exact, flow = cohort.flow(), cohort.flow(PUBLISHED)
    for before, box, true in zip(flow[:-1], flow[1:], exact[1:], strict=True):
        assert true.excluded is not None
        if true.excluded < 10:
            assert box.excluded is None
            assert box.n_rows in (None, before.n_rows)
        elif box.n_rows is not None and before.n_rows is not None:
            assert before.n_rows - box.n_rows == box.excluded
    if (exact[-1].n_rows or 0) < 10:
        assert flow[-1].n_rows is None
        assert (
            len(flow) == 1
            or all(b.excluded is None for b in flow)
            or sum((t.excluded or 0) for t, b in zip(exact, flow, strict=True) if b.excluded is None)
            + (exact[-1].n_rows or 0)
            >= 10
        )


def test_the_published_flow_of_a_folder_is_rounded(births: Dataset, tmp_path: Path) -> None:
    flow = Cohort.of(births).where("plurality == 1").where("bmi is known").flow(PUBLISHED)
    assert all(box.n_rows is not None and box.n_rows % 5 == 0 for box in flow)
    assert all(box.n_persons is not None and box.n_persons % 5 == 0 for box in flow)
