"""The query builder counts as pandas does, takes ids of its lists only, and sends counts and at most three rows."""

import json

import pandas as pd
import pytest
import traitlets

from rounds.data.sql_frames import Frames
from rounds.errors import DataError
from rounds.lessons.view.kept import is_kept
from rounds_widgets import QueryBuilder
from rounds_widgets.teaching.together.query_choices import BEGIN, STARTS, read_choices

STAY = {"from": "encounter", "where": ["inpatient"], "join": "", "keep": False, "group": ""}


@pytest.fixture(scope="module")
def cohort(lesson):
    return lesson("heart_failure")


@pytest.fixture
def builder(cohort):
    return QueryBuilder(cohort)


def choose(builder, **changes):
    builder.choices = json.dumps({**STAY, **changes})
    return builder


def stays(cohort):
    contacts = cohort.frame("encounter")
    return contacts[contacts["class"] == "inpatient"]


def creatinine(cohort):
    labs = cohort.frame("lab")
    return labs.loc[labs["loinc"] == "2160-0", ["encounter_id"]]


def test_it_begins_with_stays_before_any_join(builder, cohort):
    every, kept = cohort.frame("encounter"), stays(cohort)
    assert builder.prediction is None
    assert builder.counts() == [
        {"name": "FROM encounter", "rows": len(every), "persons": every["person_id"].nunique()},
        {"name": "WHERE", "rows": len(kept), "persons": kept["person_id"].nunique()},
    ]


@pytest.mark.parametrize(("keep", "how"), [(False, "inner"), (True, "left")])
def test_a_join_has_the_rows_of_pandas_and_its_alarm(builder, cohort, keep, how):
    joined = stays(cohort).merge(creatinine(cohort), on="encounter_id", how=how)
    choose(builder, join="creatinine", keep=keep)
    last = builder.counts()[-1]
    assert (last["rows"], last["persons"]) == (len(joined), joined["person_id"].nunique())
    assert builder._answer["alarm"]
    assert f"Fan-out: the join made {len(joined):,} rows of {len(stays(cohort)):,}" in builder._answer["said"]
    assert "COUNT(*) now counts creatinine results, not people." in builder._answer["said"]


def test_rows_without_a_match_go_away_or_are_null(builder, cohort):
    lost = (~stays(cohort)["encounter_id"].isin(creatinine(cohort)["encounter_id"])).sum()
    assert f"{lost} rows of" in choose(builder, join="creatinine")._answer["said"]
    said = choose(builder, join="creatinine", keep=True)._answer["said"]
    assert f"{lost} rows had no match: the joined columns are NULL there, not 0." in said


@pytest.mark.parametrize("join", ["main_code", "person"])
def test_a_join_with_at_most_one_match_has_no_alarm(builder, join):
    answer = choose(builder, join=join)._answer
    assert not answer["alarm"]
    assert "The join made no more rows" in answer["said"]


def test_a_group_by_person_has_one_row_for_each_again(builder, cohort):
    choose(builder, join="creatinine", group="person")
    joined = stays(cohort).merge(creatinine(cohort), on="encounter_id")
    each = joined.groupby("person_id").size()
    assert builder.counts()[-1] == {"name": "GROUP BY", "rows": len(each), "persons": len(each)}
    assert builder._answer["rows"] == [[key, int(number)] for key, number in each.sort_index().head(3).items()]
    assert builder._answer["sql"].startswith("SELECT e.person_id, COUNT(*) AS n_rows\nFROM encounter e\nJOIN lab l\n")


def test_persons_who_have_no_row_in_the_other_table_are_said_to_be_lost(builder, cohort):
    lost = len(cohort.frame("person")) - len(cohort.frame("death"))
    said = choose(builder, **{"from": "person", "where": [], "join": "death"})._answer["said"]
    assert f"{lost:,} persons went away" in said


def all_choices():
    for name, start in STARTS.items():
        for join in ("", *(one.id for one in start.joins)):
            for group in ("", *(one.id for one in start.groups)):
                where = [one.id for one in start.where[:2]]
                yield {"from": name, "where": where, "join": join, "keep": bool(join), "group": group}


@pytest.mark.parametrize("chosen", [*all_choices()], ids=lambda chosen: "-".join(map(str, chosen.values())))
def test_every_choice_runs_and_never_has_more_persons_than_rows(cohort, builder, chosen):
    builder.choices = json.dumps(chosen)
    assert all(step["persons"] <= step["rows"] <= builder._answer["most"] for step in builder.counts())


EVIL = (
    "'; DROP TABLE lab; --",
    "e.person_id",
    "1 = 1 OR 1 = 1",
    "../lab.parquet",
    "read_text('/etc/passwd')",
    1,
    None,
    {},
)


@pytest.mark.parametrize("key", STAY)
@pytest.mark.parametrize("value", EVIL, ids=str)
def test_nothing_but_ids_of_the_lists_is_taken(builder, key, value):
    before = dict(builder._answer)
    sent = [value] if key == "where" else value
    with pytest.raises(traitlets.TraitError, match="QueryBuilder"):
        choose(builder, **{key: sent})
    assert (builder.choices, builder._answer) == (BEGIN.text(), before)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * FROM lab",
        "[]",
        "{}",
        json.dumps({**STAY, "sql": "SELECT 1"}),
        json.dumps({**STAY, "where": "inpatient"}),
        json.dumps({**STAY, "where": ["women"]}),  # of the other table
        json.dumps({**STAY, "join": "death"}),
        json.dumps({**STAY, "from": ["encounter"]}),
    ],
)
def test_a_text_of_another_form_is_refused(builder, text):
    with pytest.raises(traitlets.TraitError, match="QueryBuilder"):
        builder.choices = text


def test_no_sql_goes_to_the_browser_to_come_back(builder):
    offers = json.dumps(builder.get_state()["_offers"])
    assert not any(option.sql in offers for start in STARTS.values() for option in (*start.where, *start.joins))


def test_the_browser_gets_counts_and_at_most_three_rows(builder):
    choose(builder, join="creatinine", group="contact")
    assert len(builder._answer["rows"]) == 3
    assert len(json.dumps(builder.get_state()["_answer"])) < 1_500


def test_a_lesson_keeps_what_was_chosen(builder):
    choose(builder, join="creatinine").prediction = 15_801
    assert all(is_kept(getattr(builder, name)) for name in ("prediction", "choices"))
    assert read_choices(builder.choices).join.id == "creatinine"


def test_text_stands_in_where_no_browser_draws(builder):
    choose(builder, join="creatinine")
    text = builder._repr_mimebundle_()[0]["text/plain"]
    assert text == repr(builder)
    assert text.startswith("Query builder: FROM encounter ")
    assert "JOIN lab" in text
    assert "Fan-out" in text


def test_tables_that_are_no_cohort_are_one_sentence(cohort):
    with pytest.raises(DataError, match='two stays has no table "person"'):
        QueryBuilder(Frames("two stays", {"encounter": pd.DataFrame({"encounter_id": ["E1"]})}))
    frames = {name: cohort.frame(name).head(3) for name in ("person", "encounter", "diagnosis", "death")}
    labs = cohort.frame("lab").head(3).rename(columns={"loinc": "loinc_code"})
    with pytest.raises(DataError, match=r'lab has no column "loinc"\. Did you mean "loinc_code"'):
        QueryBuilder(Frames("a cohort", {**frames, "lab": labs}))
