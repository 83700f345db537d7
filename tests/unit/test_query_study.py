"""The cohort layer: time zero, what was known by then, inclusion steps, outcomes; on records of a few rows."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import ibis
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ibis import _

from rounds.errors import DataError
from rounds.explore.disclosure import Disclosure
from rounds.query import Study, culture, diagnosis, lab, medication, observation, procedure, rows, vital
from rounds.query import given as drug_given

START = datetime(2020, 3, 1, 8)


def at(hours: float) -> datetime:
    """Return a time so many hours after the admission of the first stay."""
    return START + timedelta(hours=hours)


def table(columns: str, kinds: str, *values: tuple[Any, ...]) -> Any:
    """Return an Ibis table of a few rows."""
    names = columns.split()
    data = pd.DataFrame(list(values), columns=names)
    types = {"s": "string", "f": "float64", "i": "int64", "t": "timestamp(6)", "b": "boolean"}
    return ibis.memtable(data, schema={name: types[kind] for name, kind in zip(names, kinds, strict=True)})


CONTACT = "encounter_id person_id site ward class planned transfer_from admit_ts disch_ts disch_to"
ENCOUNTERS = (
    ("e1", "p1", "A", "W", "inpatient", False, None, at(0), at(72), "home"),
    ("e2", "p2", "B", "W", "inpatient", False, None, at(0), at(48), "transfer"),
    ("e3", "p2", "A", "W", "inpatient", False, "e2", at(50), at(120), "died"),
    ("e4", "p3", "A", "W", "inpatient", True, None, at(24), None, None),
    ("e5", "p1", "A", "W", "outpatient", True, None, at(-2000), at(-1999), "home"),
)


def records(**tables: Any) -> dict[str, Any]:
    """Return the records of three patients, with the tables that a test brings."""
    people = [("p1", "female", 1950), ("p2", "male", 1960), ("p3", "male", 2010)]
    known = {
        "encounter": table(CONTACT, "sssssbstts", *ENCOUNTERS),
        "person": table("person_id sex birth_year", "ssi", *people),
        "death": table("person_id death_date", "st", ("p2", at(120))),
    }
    return {**known, **tables}


def labs(*values: tuple[Any, ...]) -> Any:
    """Return results: stay, code, number, unit, upper end of the range, collected and resulted in hours."""
    made = [(e, code, v, unit, high, at(c), at(r)) for e, code, v, unit, high, c, r in values]
    return table("encounter_id loinc value_num unit ref_high collected_ts resulted_ts", "ssfsftt", *made)


def crp(value: float | None, collected: float, resulted: float, unit: str | None = "mg/L", stay: str = "e1") -> Any:
    """Return one CRP."""
    return (stay, "1988-5", value, unit, 5.0, collected, resulted)


def stays(**tables: Any) -> Study:
    """Return the stays of the records, 24 hours after admission."""
    return Study.of(records(**tables)).unit("stay").index("24 h", "admit_ts", hours=24).columns("encounter_id")


def value(study: Study, name: str, stay: str = "e1") -> Any:
    """Return one cell; None where it is missing."""
    found = study.frame().set_index("encounter_id")[name][stay]
    return None if pd.isna(found) else found


# ---- known by then


def test_a_sample_that_was_taken_in_time_and_answered_late_is_not_known() -> None:
    study = stays(lab=labs(crp(10, 2, 3), crp(99, 20, 25)))
    assert value(study.feature("crp", lab("crp").last()), "crp") == 10


def test_a_result_of_the_very_moment_is_not_known_before_it() -> None:
    assert value(stays(lab=labs(crp(10, 2, 24))).feature("crp", lab("crp").last()), "crp") is None
    assert value(stays(lab=labs(crp(10, 2, 23.9))).feature("crp", lab("crp").last()), "crp") == 10


def test_a_code_that_is_written_after_time_zero_is_not_known_unless_the_study_says_so() -> None:
    codes = table("encounter_id icd10 coded_ts", "sst", ("e1", "I10", at(30)), ("e5", "E11", at(-1900)))
    study = stays(diagnosis=codes)
    assert not value(study.feature("x", diagnosis("I10").any()), "x")
    assert value(study.feature("x", diagnosis("I10").coded_late(days=1).any()), "x")
    assert not value(study.feature("x", diagnosis("I10").coded_late(days=0.25).any()), "x")
    assert not value(study.feature("x", diagnosis("E11").any()), "x")
    assert value(study.feature("x", diagnosis("E11").of_person().any()), "x")


def test_a_feature_that_looks_ahead_is_refused_and_a_later_column_is_not() -> None:
    study = stays(procedure=table("encounter_id code start_ts", "sst", ("e1", "ventilation", at(30))))
    for events in (procedure("ventilation").after(), procedure("ventilation").ever()):
        with pytest.raises(DataError, match=r'feature\("v"\) looks past time zero.*write .later\("v", ...\)'):
            study.feature("v", events.any())
        assert value(study.later("v", events.any()), "v")
    assert not value(study.feature("v", procedure("ventilation").any()), "v")
    assert not value(study.later("v", procedure("ventilation").after().any(hours=6)), "v")


def test_a_window_begins_on_its_edge_and_ends_before_time_zero() -> None:
    study = stays(lab=labs(crp(1, 12, 13), crp(2, 14, 15), crp(3, 11.9, 12)))
    assert value(study.feature("n", lab("crp").count(hours=12)), "n") == 2
    assert value(study.feature("n", lab("crp").count(hours=10)), "n") == 1
    assert value(study.feature("n", lab("crp").count(since="admit_ts")), "n") == 3


def test_each_choice_takes_its_value() -> None:
    study = stays(lab=labs(crp(5, 3, 4), crp(9, 1, 2), crp(2, 7, 8)))
    expected = {"last": 2, "first": 9, "highest": 9, "lowest": 2, "count": 3, "any": True}
    for how in expected:
        study = study.feature(how, getattr(lab("crp"), how)())
    study = study.feature("first_time", lab("crp").first_time()).feature("last_time", lab("crp").last_time())
    row = study.frame().set_index("encounter_id").loc["e1"].to_dict()
    assert row == {**expected, "first_time": pd.Timestamp(at(1)), "last_time": pd.Timestamp(at(7))}
    other = study.frame().set_index("encounter_id").loc["e2"]
    assert (other["count"], other["any"]) == (0, False)
    assert pd.isna(other["last"])


@pytest.mark.parametrize("order", [1, -1])
def test_two_results_of_one_moment_give_one_value_in_whatever_order_they_are_read(order: int) -> None:
    pair = [crp(5, 3, 4), crp(7, 3, 5)][::order]
    study = stays(lab=labs(*pair))
    assert value(study.feature("first", lab("crp").first()), "first") == 7
    assert value(study.feature("last", lab("crp").last()), "last") == 7


def test_a_drug_that_began_before_the_window_and_still_runs_counts() -> None:
    drugs = [("e1", "J01XA01", "intravenous", at(1), at(2), at(20)), ("e2", "J01XA01", "oral", at(1), at(2), None)]
    drugs = table("encounter_id atc route ordered_ts started_ts stopped_ts", "sssttt", *drugs)
    study = (
        stays(medication=drugs)
        .feature("now", drug_given("J01").any(hours=6))
        .feature("short", drug_given("J01").any(hours=1))
    )
    study = study.feature("iv", medication("J01", "L01", route="intravenous").any()).feature(
        "other", medication("L01").any()
    )
    d = study.frame().set_index("encounter_id")
    assert d.now.to_dict() == {"e1": True, "e2": True, "e4": False}
    assert d.short.to_dict() == {"e1": False, "e2": True, "e4": False}
    assert (d.iv.sum(), d.other.sum()) == (1, 0)


def test_a_culture_without_growth_is_a_culture() -> None:
    micro = table("encounter_id organism collected_ts resulted_ts", "sstt", ("e1", None, at(1), at(60)))
    study = stays(micro=micro).feature("known", culture().any()).later("taken", culture().ever().any())
    assert (value(study, "known"), value(study, "taken")) == (False, True)


def test_observations_are_read_as_written_or_as_numbers() -> None:
    found = [("e1", "8302-2", "1.62", at(1)), ("e1", "x", "38+4", at(1)), ("e1", "y", "-3", at(1))]
    study = stays(observation=table("encounter_id code value ts", "ssst", *found))
    assert value(study.feature("v", observation("8302-2", kind="number").last()), "v") == 1.62
    assert value(study.feature("v", observation("y", kind="number").last()), "v") == -3
    assert value(study.feature("v", observation("x", kind="number").last()), "v") is None
    assert value(study.feature("v", observation("x").last()), "v") == "38+4"


def test_rows_of_a_table_of_ones_own_are_events_too() -> None:
    own = table("person_id score when", "sft", ("p1", 3.0, at(-5)), ("p1", 4.0, at(30)))
    scores = rows(own, "score", "when", by="person_id")
    assert value(stays().feature("score", scores.last()), "score") == 3
    with pytest.raises(DataError, match='has no column "scor"'):
        rows(own, "scor", "when", by="person_id")


# ---- a property: the study equals a loop


@st.composite
def results(draw: Any) -> list[Any]:
    """Draw results of two stays around time zero."""
    one = st.tuples(st.sampled_from(["e1", "e2"]), st.integers(1, 60), st.integers(0, 30), st.integers(1, 30))
    return [crp(float(v), c, c + r, stay=e) for e, v, c, r in draw(st.lists(one, max_size=8))]


@settings(max_examples=25, deadline=None)
@given(found=results(), hours=st.integers(1, 30))
def test_a_feature_is_what_a_reader_of_the_chart_would_have_found(found: list[Any], hours: int) -> None:
    study = stays(lab=labs(*found, crp(1, 500, 501, stay="e9")))
    study = study.feature("last", lab("crp").last(hours=hours)).feature("n", lab("crp").count(hours=hours))
    d = study.frame().set_index("encounter_id")
    for stay in ("e1", "e2"):
        seen = [(c, v) for e, _code, v, _unit, _high, c, r in found if e == stay and 24 - hours <= c < 24 and r < 24]
        assert d.n[stay] == len(seen)
        assert (pd.isna(d["last"][stay]) and not seen) or d["last"][stay] == max(seen)[1]


# ---- units of analysis and steps


def test_a_transfer_continues_a_stay_and_is_an_admission_of_its_own() -> None:
    d = Study.of(records()).unit("stay").columns("encounter_id", "disch_ts", "disch_to", "age").frame()
    assert d.encounter_id.tolist() == ["e1", "e2", "e4"]
    assert d.disch_to.tolist()[1] == "died"
    assert d.disch_ts.tolist()[1] == pd.Timestamp(at(120))
    assert d.age.tolist() == [70, 60, 10]
    assert len(Study.of(records()).unit("admission").frame()) == 4


def test_a_day_is_each_calendar_day_after_the_admission_to_the_discharge() -> None:
    days = Study.of(records()).unit("day").columns("encounter_id", "today").frame()
    assert days[days.encounter_id == "e1"].today.tolist() == [pd.Timestamp(2020, 3, d) for d in (2, 3, 4)]
    assert "e4" not in set(days.encounter_id)


def test_the_values_of_a_day_are_those_of_its_own_window() -> None:
    found = labs(crp(1, 20, 21), crp(2, 24.5, 24.75), crp(3, 44, 45), crp(4, 48.2, 49.5))
    days = Study.of(records(lab=found)).unit("day").index("9 h", "today", hours=9).columns("encounter_id", "today")
    days = (
        days.feature("night", lab("crp").last(hours=9))
        .feature("day", lab("crp").last(hours=24))
        .feature("ever", lab("crp").last())
    )
    d = days.frame()
    d = d[d.encounter_id == "e1"].drop(columns=["encounter_id", "today"]).astype("float64")
    assert d.fillna(-1).to_numpy().tolist() == [[2, 2, 2], [3, 3, 3], [-1, -1, 4]]


def test_flow_counts_rows_and_persons_after_each_step_and_hides_small_counts_where_published() -> None:
    study = Study.of(records()).unit("admission").include("Adults", _.age >= 18).include("Site A", _.site == "A")
    assert [(b.label, b.n_rows, b.n_persons, b.excluded) for b in study.flow()] == [
        ("All: one row for each admission", 4, 3, None),
        ("Adults", 3, 2, 1),
        ("Site A", 2, 2, 1),
    ]
    shown = study.flow(Disclosure(published=True, min_cell_count=10))
    assert [box.n_rows for box in shown][-1] is None


def test_a_step_may_ask_for_a_feature_that_was_added_before() -> None:
    study = stays(lab=labs(crp(10, 2, 3), crp(99, 2, 30, stay="e2"))).feature("crp", lab("crp").last())
    study = study.include("CRP known by then", _.crp.notnull()).feature("n", lab("crp").count())
    assert [box.n_rows for box in study.flow()] == [3, 1]
    assert study.frame().to_dict("list") == {"encounter_id": ["e1"], "crp": [10.0], "n": [1]}
    assert study.quality().loc["crp", ["used", "known later"]].tolist() == [1, 0]


def test_a_study_says_what_it_is() -> None:
    study = stays(lab=labs()).include("Adults", _.age >= 18).feature("crp", lab("crp").last())
    assert repr(study).splitlines()[1:] == [
        "  one row for each: stay",
        "  time zero: 24 h",
        "  steps: Adults",
        "  columns: encounter_id, crp",
    ]


# ---- outcomes


def outcome(event: float | None, death: float | None, until: float = 10_000) -> Any:
    """Return flag and status of one unit whose event, death and end of record are so many hours after time zero."""
    times = [None if h is None else at(h) for h in (event, death)]
    unit = table("encounter_id person_id zero event_ts dead_ts end_ts", "sstttt", ("e", "p", at(0), *times, at(until)))
    from rounds.query.unit import Unit

    study = Study.of({"x": unit}).unit(Unit("stay", unit, ("encounter_id",))).index("zero", "zero")
    study = study.outcome("back", "event_ts", days=30, competing={"died": "dead_ts"}, observed_until="end_ts")
    row = study.frame().iloc[0]
    return (None if row.back is None else bool(row.back)), row.back_status if isinstance(row.back_status, str) else None


MONTH = 30 * 24
OUTCOMES = (
    # event, death, end of the record -> flag, status
    ((10, None, 10_000), (True, "back")),
    ((None, None, 10_000), (False, "none")),
    ((None, 10, 10_000), (False, "died")),
    ((10, 20, 10_000), (True, "back")),
    ((MONTH, None, 10_000), (False, "none")),
    ((MONTH - 1, None, 10_000), (True, "back")),
    ((None, MONTH, 10_000), (False, "none")),
    # the record ends before day 30
    ((None, None, MONTH - 1), (None, None)),
    ((None, None, MONTH), (False, "none")),
    ((10, None, 20), (True, "back")),
    ((None, 10, 20), (False, "died")),
)


@pytest.mark.parametrize(("times", "expected"), OUTCOMES)
def test_an_outcome_is_the_event_a_competing_event_none_or_unknown(times: Any, expected: Any) -> None:
    event, death, until = times
    assert outcome(event, death, until) == expected


def test_of_two_competing_events_the_earlier_counts_and_who_is_not_at_risk_has_no_outcome() -> None:
    ends = {"died": "death_ts", "home": "disch_ts"}
    never = ibis.null("timestamp(6)")
    d = stays().columns("site").outcome("x", never, days=9, competing=ends, at_risk=_.site != "B").frame()
    assert d.x_status.fillna("no outcome").tolist() == ["home", "no outcome", "none"]
    assert d.x.isna().tolist() == [False, True, False]
    both = stays().outcome("x", never, days=9, competing=ends).frame()
    assert both.x_status.tolist() == ["home", "died", "none"]  # e2 dies as the stay ends: the one named first
    other = stays().outcome("x", never, days=9, competing=dict(reversed(ends.items()))).frame()
    assert other.x_status.tolist() == ["home", "home", "none"]


# ---- what a mistake says


MISTAKES = (
    (lambda s: s.unit("stays"), 'no unit of analysis "stays". Did you mean "stay"'),
    (lambda s: s.include("x", _.agee > 18), 'no attribute .agee.*Did you mean "age"'),
    (lambda s: s.columns("sit"), 'no column "sit". Did you mean "site"'),
    (lambda s: s.index("x", "admit"), 'no column "admit". Did you mean "admit_ts"'),
    (lambda s: s.feature("x", lab("cpr").last()), 'no lab "cpr". Did you mean "crp"'),
    (lambda s: s.feature("x", vital("crp").last()), 'no vital "crp"'),
    (lambda s: s.feature("x", lab("crp", unit="mmol/L").last()), "No conversion mg/L to mmol/L for crp"),
    (lambda s: s.feature("x", lab("crp")), r"names rows, not one value.*\.last\(hours=24\)"),
    (lambda s: s.feature("x", _.age), r"needs a selector and a choice, such as lab"),
    (lambda s: s.feature("x", lab("crp").last(hour=3)), 'a window has no "hour"'),
    (lambda s: s.feature("x", lab("crp").last(hours=-3)), "not negative. Write .after"),
    (lambda s: s.later("x", lab("crp").ever().last(hours=3)), "the whole record has no length"),
    (lambda s: s.feature("x", lab("crp").last(since="admt_ts")), 'Did you mean "admit_ts"'),
    (lambda s: s.feature("x", lab("crp").at("first_id").last()), 'no column "first_id"'),
    (lambda s: s.columns("site").columns("site"), 'has a column "site" already'),
    (lambda s: s.outcome("x", "death_ts"), "needs a horizon: write days=30"),
    (lambda s: s.feature("x", observation("x", kind="numer").last()), 'kind "numer" is not known'),
    (lambda s: s.feature("x", medication("J01").any()).frame(), 'This source has no table "medication"'),
)


@pytest.mark.parametrize(("use", "sentence"), MISTAKES)
def test_a_mistake_is_a_sentence_that_names_the_nearest(use: Any, sentence: str) -> None:
    with pytest.raises(DataError, match=sentence):
        use(stays(lab=labs(crp(1, 1, 2))))


def test_a_study_needs_its_source_its_unit_and_its_time_zero() -> None:
    with pytest.raises(DataError, match="needs a dataset"):
        Study.of(3)
    with pytest.raises(DataError, match=r'unit of analysis first: write .unit\("stay"\)'):
        Study.of(records()).frame()
    study = Study.of(records(lab=labs(crp(1, 1, 2)))).unit("stay").feature("crp", lab("crp").last())
    with pytest.raises(DataError, match="needs a time zero"):
        study.frame()
