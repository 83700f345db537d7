"""The cohort explorer, through the messages a browser would send."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from rounds.challenges.intervals import mean_interval, wilson
from rounds.data.dataset import Dataset
from rounds.errors import DataError
from rounds.explore.bins import nice_step
from rounds.explore.crossfilter import Filter
from rounds.explore.disclosure import Disclosure
from rounds_widgets import CohortExplorer
from rounds_widgets.explorers import cohort_explorer
from rounds_widgets.shared.view_files import load_script, load_style


@pytest.fixture(scope="module")
def births(lesson: Callable[[str], Dataset]) -> Dataset:
    return lesson("birthweight")


@pytest.fixture(scope="module")
def days(lesson: Callable[[str], Dataset]) -> Dataset:
    return lesson("bsi_days")


def _index(explorer: CohortExplorer, name: str) -> int:
    return [chart["name"] for chart in explorer._spec["charts"]].index(name)


def _send(explorer: CohortExplorer, kind: str, name: str | None = None, **rest: Any) -> None:
    chart = {} if name is None else {"chart": _index(explorer, name)}
    explorer._handle_custom_msg({"kind": kind, **chart, **rest}, [])


def _chart(explorer: CohortExplorer, name: str) -> dict[str, Any]:
    chart: dict[str, Any] = explorer._state["charts"][_index(explorer, name)]
    return chart


def test_a_brush_selects_the_rows_between_its_edges(births: Dataset) -> None:
    explorer = CohortExplorer(births)
    edges = explorer._crossfilter.charts[_index(explorer, "bmi")].edges
    _send(explorer, "brush", "bmi", first=2, last=4)
    bmi = births.frame().bmi
    assert explorer.n_selected == ((bmi >= edges[2]) & (bmi < edges[5])).sum()
    assert explorer._state["flow"][-1]["n_rows"] == explorer.n_selected == len(explorer.frame())


def test_every_chart_counts_under_the_filters_of_the_others(births: Dataset) -> None:
    explorer = CohortExplorer(births)
    _send(explorer, "brush", "age", first=1, last=3)
    _send(explorer, "choose", "smoking", codes=[1])
    frame = births.frame()
    age = (frame.age >= 20) & (frame.age < 35)
    smokes = frame.smoking == "yes"
    site = frame[age & smokes].site.value_counts()
    assert _chart(explorer, "site")["n"] == [site["A"], site["B"]]
    assert sum(_chart(explorer, "age")["n"]) == smokes.sum()
    assert sum(_chart(explorer, "smoking")["n"]) == age.sum()


def test_the_shown_code_reproduces_the_selection(births: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROUNDS_DATA", str(births.path.parent))
    explorer = CohortExplorer(births)
    _send(explorer, "brush", "previous_birthweight_g", first=0, last=5)
    _send(explorer, "choose", "era", codes=[0, 2])
    _send(explorer, "choose", "pre_eclampsia", codes=[0])
    _send(explorer, "known", "weight_gain_kg")
    _send(explorer, "brush", "parity", first=1, last=2)
    names: dict[str, Any] = {}
    exec(explorer._state["pandas"], names)
    sql = births.connect().execute(explorer._state["sql"]).df()
    assert len(names["cohort"]) == len(sql) == explorer.n_selected > 0


@pytest.mark.parametrize("name", ["births", "days"])
def test_every_single_bin_agrees_with_its_exported_step(name: str, request: pytest.FixtureRequest) -> None:
    explorer = CohortExplorer(request.getfixturevalue(name))
    cells = explorer._crossfilter.count(())
    for i, chart in enumerate(explorer._crossfilter.charts):
        for code in range(chart.size):
            if chart.size > 1:
                explorer.filters = (Filter(i, (code,)),)
                assert len(explorer.frame()) == cells[i][code].n, (chart.column.name, code)


def test_outcome_rates_and_intervals_are_those_of_the_rows(days: Dataset) -> None:
    explorer = CohortExplorer(days)
    frame = days.frame()
    sick = frame[frame.transplant_type == "allogeneic"].bsi_next_48h
    low, high = wilson(int(sick.sum()), len(sick))
    shown = _chart(explorer, "transplant_type")["outcome"][0]
    assert shown == pytest.approx([sick.mean(), low, high], abs=1e-4)


def test_mean_outcomes_are_those_of_the_rows(births: Dataset) -> None:
    frame = births.frame()
    boys = frame[frame.sex == "male"].birthweight_g
    half = 1.959964 * boys.std() / len(boys) ** 0.5
    shown = _chart(CohortExplorer(births), "sex")["outcome"][1]
    expected = [boys.mean(), boys.mean() - half, boys.mean() + half]
    assert shown == pytest.approx(expected, rel=1e-4)


def test_wilson_and_mean_intervals_match_known_values() -> None:
    assert wilson(0, 10) == pytest.approx((0, 0.2775), abs=1e-4)
    assert wilson(5, 10) == pytest.approx((0.2366, 0.7634), abs=1e-4)
    assert mean_interval(6, 14, 3) == pytest.approx((2 - 1.1316, 2 + 1.1316), abs=1e-3)


def test_one_drag_is_one_step_of_undo(births: Dataset) -> None:
    explorer = CohortExplorer(births)
    for last in (2, 3, 4):
        _send(explorer, "brush", "age", first=1, last=last, gesture=7)
    _send(explorer, "choose", "sex", codes=[0], gesture=8)
    _send(explorer, "undo")
    assert [len(f.codes) for f in explorer.filters] == [4]
    _send(explorer, "undo")
    assert explorer.filters == ()
    assert explorer.n_selected == len(births.frame())


def test_clear_and_reset_take_filters_away_and_can_be_undone(births: Dataset) -> None:
    explorer = CohortExplorer(births)
    _send(explorer, "choose", "sex", codes=[0])
    _send(explorer, "choose", "site", codes=[0])
    _send(explorer, "clear", "sex")
    assert len(explorer.filters) == 1
    _send(explorer, "reset")
    assert explorer.filters == ()
    explorer.undo()
    assert len(explorer.filters) == 1


@pytest.mark.parametrize(
    "content",
    [
        None,
        "brush",
        {},
        {"kind": "sql", "sql": "COPY x TO 'y'"},
        {"kind": "brush", "chart": 99, "first": 0, "last": 1},
        {"kind": "brush", "chart": -1, "first": 0, "last": 1},
        {"kind": "brush", "chart": True, "first": 0, "last": 1},
        {"kind": "brush", "chart": 3, "first": 0, "last": 99},
        {"kind": "brush", "chart": 3, "first": "0", "last": "1 OR 1=1"},
        {"kind": "brush", "chart": 3, "first": 0.5, "last": 1},
        {"kind": "brush", "chart": 1, "first": 0, "last": 1},
        {"kind": "choose", "chart": 1, "codes": ["A"]},
        {"kind": "choose", "chart": 1, "codes": [0, 0, 0, 0, 0]},
        {"kind": "choose", "chart": 3, "codes": [0]},
        {"kind": "choose", "chart": 1, "codes": {"0": 1}},
        {"kind": "clear", "chart": [1]},
        {"kind": "brush", "chart": 3, "first": 0, "last": 1, "gesture": "x"},
    ],
)
def test_a_message_that_is_not_as_it_should_be_changes_nothing(births: Dataset, content: Any) -> None:
    explorer = CohortExplorer(births)
    before = explorer._state
    explorer._handle_custom_msg(content, [])
    assert explorer.filters == ()
    assert explorer._state == before


def test_the_browser_cannot_change_code_style_or_state(births: Dataset) -> None:
    explorer = CohortExplorer(births)
    before = (explorer._esm, explorer._css, explorer._spec, explorer._state)
    evil: dict[str, Any] = {"_esm": "alert(1)", "_css": "x", "_spec": {}, "_state": {}}
    explorer.set_state({**evil, "filters": [1], "n_selected": 3})
    assert (explorer._esm, explorer._css, explorer._spec, explorer._state) == before
    assert explorer.filters == ()


def test_exact_numbers_for_python_are_not_sent_to_the_browser(births: Dataset) -> None:
    assert {"filters", "n_selected"}.isdisjoint(CohortExplorer(births).get_state())


def test_a_published_view_sends_no_small_and_no_exact_count(births: Dataset) -> None:
    explorer = CohortExplorer(births, disclosure=Disclosure(published=True))
    _send(explorer, "brush", "age", first=0, last=0)
    for chart in explorer._state["charts"]:
        assert all(n is None or (n >= 10 and n % 5 == 0) for n in chart["n"])
    for box in explorer._state["flow"]:
        assert box["n_rows"] is None or box["n_rows"] % 5 == 0
    assert "hidden" in explorer._spec["badge"]


def test_a_published_bin_with_a_small_count_shows_no_outcome(days: Dataset) -> None:
    exact = CohortExplorer(days, disclosure=Disclosure())
    published = CohortExplorer(days, disclosure=Disclosure(published=True))
    shown = [c["outcome"] for c in published._state["charts"]]
    cells = exact._crossfilter.count(())
    for row, estimates in zip(cells, shown, strict=True):
        for cell, estimate in zip(row, estimates, strict=False):
            if cell.total < 10:
                assert estimate is None


def test_the_environment_makes_the_view_published(births: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROUNDS_VIEW", "published")
    assert CohortExplorer(births)._spec["published"]


def test_a_dataframe_of_unknown_origin_may_not_leave() -> None:
    explorer = CohortExplorer(pd.DataFrame({"a": range(50)}))
    assert explorer._spec["badge"].startswith("May not leave")


def test_the_text_stands_where_widgets_do_not_run(births: Dataset) -> None:
    explorer = CohortExplorer(births)
    bundle = explorer._repr_mimebundle_()
    assert bundle is not None
    assert "10,313 rows, 5,000 persons" in bundle[0]["text/plain"]


@pytest.mark.parametrize("outcome", ["birthwait_g", "smoking"])
def test_a_wrong_outcome_is_one_sentence(births: Dataset, outcome: str) -> None:
    with pytest.raises(DataError, match=r"birthweight_g|must be a number"):
        CohortExplorer(births, outcome=outcome)


def test_empty_and_constant_columns_do_not_stop_the_explorer() -> None:
    frame = pd.DataFrame({"a": [1.0] * 5, "b": [None] * 5, "c": [np.inf, 1, 2, 3, np.nan]})
    explorer = CohortExplorer(frame.astype({"b": "float"}))
    assert explorer.n_selected == 5


@pytest.mark.parametrize(("span", "step"), [(160, 10), (3.1, 0.2), (16, 1), (5000, 500)])
def test_steps_are_round(span: float, step: float) -> None:
    assert nice_step(span) == pytest.approx(step)


def test_messages_stay_small_and_quick_on_100_000_rows(births: Dataset) -> None:
    frame = pd.concat([births.frame()] * 25, ignore_index=True)
    explorer = CohortExplorer(frame, "birthweight_g", person="mother_id")
    assert explorer.n_selected > 100_000
    times = []
    for last in range(2, 10):
        start = time.perf_counter()
        _send(explorer, "brush", "bmi", first=1, last=last)
        times.append(time.perf_counter() - start)
    print(f"brush reply, 100,000 rows: median {1000 * float(np.median(times)):.0f} ms")
    assert len(json.dumps(explorer._state)) < 30_000
    assert len(json.dumps(explorer._spec)) < 30_000
    assert float(np.median(times)) < 1.0


def test_the_module_is_small_and_names_no_other_host() -> None:
    code = load_script(cohort_explorer.__file__)
    style = load_style(cohort_explorer.__file__)
    assert len(code.encode()) < 50_000
    found = set(re.findall(r"(?:https?:)?//[\w.]+\.[a-z]{2,}[^\s\"']*", code + style))
    assert found == {"http://www.w3.org/2000/svg"}  # the name of SVG, not an address
    assert "import " not in code
    assert "innerHTML" not in code
