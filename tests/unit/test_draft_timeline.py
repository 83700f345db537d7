"""A draft's timeline: the moments of the data, where the prediction stands, and what nobody confirmed is not known."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from tests.unit.test_import_omop import cdm, write

from rounds.custody.intake.draft.file import draft_decisions
from rounds.custody.intake.import_table import import_table
from rounds.custody.scoring.task import check_task, find_unknown, task_of
from rounds.errors import DataError
from rounds.event import Challenge

ASKED = Challenge(
    id="heart", title="t", dataset="d", question="q", metric="auroc", outcome="died", unit=("stay",),
    predict_at="discharge",
)  # fmt: skip


def stays(rows: int = 30) -> pd.DataFrame:
    admitted = pd.Timestamp("2024-01-01") + pd.to_timedelta(range(rows), unit="D")
    return pd.DataFrame(
        {
            "discharge_date": admitted + pd.Timedelta(days=4),
            "stay": [f"a{i}" for i in range(rows)],
            "admission_date": admitted,
            "birth_date": "1950-03-04",
            "sex": ["f", "m"] * (rows // 2),
            "crp": range(3, 5 * rows, 5)[:rows],
            "died": [0, 1] * (rows // 2),
        }
    )


def draft(folder: Path, challenge: Challenge | None, **tables: pd.DataFrame) -> str:
    """Return the draft of a folder of tables."""
    folder.joinpath("in").mkdir()
    for name, frame in tables.items():
        frame.to_csv(folder / "in" / f"{name}.csv", index=False)
    path = folder / "in" if len(tables) > 1 else folder / "in" / f"{next(iter(tables))}.csv"
    draft_decisions(path, folder / "d.toml", 2026, challenge=challenge)
    return (folder / "d.toml").read_text(encoding="utf-8")


def commented(text: str, key: str) -> list[str]:
    return re.findall(rf"(?m)^# {key} = .*$", text)


def known(text: str) -> dict[str, str | None]:
    return {column["column"]: column.get("available") for column in tomllib.loads(text)["column"]}


def table(text: str) -> dict[str, Any]:
    return tomllib.loads(text)["table"]


def test_the_moments_are_the_times_of_the_data_in_their_order(tmp_path: Path) -> None:
    text = draft(tmp_path, ASKED, stays=stays())
    assert table(text)["timeline"] == ["start", "admission_date", "discharge_date", "discharge", "later"]
    assert table(text)["prediction_time"] == "discharge"
    assert "no row of 30 that were looked at has these times in another order" in text


def test_what_nobody_can_tell_stays_a_comment_with_its_choice(tmp_path: Path) -> None:
    text = draft(tmp_path, ASKED, stays=stays())
    assert known(text) == {
        "discharge_date": "discharge_date", "stay": None, "admission_date": "admission_date", "birth_date": "start",
        "sex": "start", "crp": None, "died": None,
    }  # fmt: skip
    (line,) = set(commented(text, "available"))
    choice = '"start", "admission_date", "discharge_date", "discharge", "later"'
    assert line == f'# available = "..."   # not known until you say so: one of {choice}'


def test_an_unanswered_draft_can_be_scored_and_gives_teams_nothing_unconfirmed(tmp_path: Path) -> None:
    draft(tmp_path, ASKED, stays=stays())
    package = import_table(tmp_path / "in" / "stays.csv", "s", tmp_path / "o", decisions=tmp_path / "d.toml").package
    check_task(task_of(ASKED), package)
    features, left = find_unknown(task_of(ASKED), package)
    assert features == ["discharge_date", "admission_date", "birth_date", "sex"]
    assert left == ["crp"]


@pytest.mark.parametrize("wrong", [1, 15])
def test_an_order_that_a_single_row_contradicts_is_a_comment_with_the_count(tmp_path: Path, wrong: int) -> None:
    frame = stays()
    frame.loc[: wrong - 1, "discharge_date"] = "2020-01-01"
    text = draft(tmp_path, ASKED, stays=frame)
    assert not {"timeline", "prediction_time"} & set(table(text))
    assert commented(text, "timeline")
    assert commented(text, "prediction_time")
    assert re.search(rf"is not certain: .* is before .* in {wrong} of 30 rows that tell", text)


def test_dates_that_cannot_be_read_yet_give_no_certain_order(tmp_path: Path) -> None:
    frame = stays(10)
    frame = frame.assign(admission_date="01/02/2024", discharge_date=frame.discharge_date.dt.strftime("%d/%m/%Y"))
    assert "timeline" not in table(draft(tmp_path, None, stays=frame))


def test_a_moment_of_prediction_that_nothing_names_stands_first_and_is_a_comment(tmp_path: Path) -> None:
    text = draft(tmp_path, ASKED.model_copy(update={"predict_at": "ward_round"}), stays=stays())
    assert "timeline" not in table(text)
    assert commented(text, "timeline")[0].startswith('# timeline = ["start", "ward_round", "admission_date"')
    assert 'it is not certain where "ward_round" stands' in text


def test_hours_after_a_time_stand_right_behind_it_so_that_nothing_later_is_known(tmp_path: Path) -> None:
    after = {"predict_at": "first_day", "time_zero": "admission_date", "time_zero_plus_h": 24}
    text = draft(tmp_path, ASKED.model_copy(update=after), stays=stays())
    assert table(text)["timeline"] == ["start", "admission_date", "first_day", "discharge_date", "later"]


def test_a_table_without_times_has_the_prediction_between_start_and_later(tmp_path: Path) -> None:
    text = draft(tmp_path, ASKED, stays=stays()[["stay", "sex", "crp", "died"]])
    assert table(text)["timeline"] == ["start", "discharge", "later"]
    assert known(text)["sex"] == "start"
    assert known(text)["crp"] is None


def test_a_challenge_that_calls_its_moment_later_does_not_know_what_comes_afterwards(tmp_path: Path) -> None:
    text = draft(tmp_path, ASKED.model_copy(update={"predict_at": "later"}), stays=stays()[["stay", "crp", "died"]])
    assert table(text)["timeline"] == ["start", "later", "afterwards"]


def test_rows_of_other_tables_are_known_at_their_own_time(tmp_path: Path) -> None:
    days = pd.to_datetime("2024-01-02") + pd.to_timedelta(range(30), unit="D")
    lab = pd.DataFrame({"stay": [f"a{i}" for i in range(30)], "taken": days, "crp": range(7, 97, 3)})
    drug = lab.rename(columns={"taken": "start", "crp": "dose"}).assign(stop=days + pd.Timedelta(days=2))
    drug.loc[3, "stop"] = pd.NaT
    text = draft(tmp_path, ASKED, stays=stays(), lab=lab, zdrug=drug)
    moments = ["start", "admission_date", "discharge_date", "discharge", "taken", "zdrug_start", "stop", "later"]
    assert table(text)["timeline"] == moments  # a column that is called "start" is not the start of all
    by_table = {(c["table"], c["column"]): c.get("available") for c in tomllib.loads(text)["column"]}
    assert by_table["lab", "crp"] == "taken"
    assert by_table["zdrug", "start"] == "zdrug_start"
    assert by_table["zdrug", "dose"] is None  # one row has no end: not certain
    assert '# available = "stop"' in text


def test_times_of_several_tables_without_a_challenge_have_no_certain_order(tmp_path: Path) -> None:
    lab = pd.DataFrame({"stay": ["a1", "a2"], "taken": ["2024-01-02", "2024-01-03"]})
    text = draft(tmp_path, None, a_stays=stays(), lab=lab)
    assert "no row tells how the times of different tables follow each other" in text
    assert "timeline" not in table(text)


def test_a_time_zero_of_another_table_does_not_tell_what_the_first_knew(tmp_path: Path) -> None:
    lab = pd.DataFrame({"stay": ["a1", "a2"], "taken": ["2024-01-02", "2024-01-03"]})
    text = draft(tmp_path, ASKED.model_copy(update={"time_zero": "lab.taken"}), a_stays=stays(), lab=lab)
    assert "timeline" not in table(text)
    assert commented(text, "timeline")[0].startswith('# timeline = ["start", "discharge", "admission_date"')


# ---- the OMOP CDM


def test_a_cdm_has_its_own_moments_in_their_order(tmp_path: Path) -> None:
    folder = write(tmp_path / "cdm", cdm(40), upper=True, suffix=".csv")
    draft_decisions(folder, tmp_path / "d.toml", 2026)
    text = (tmp_path / "d.toml").read_text()
    moments = ["start", "visit_start_date", "measurement_date", "visit_end_date", "later"]
    assert table(text)["timeline"] == moments
    at = {c["column"].lower(): c.get("available") for c in tomllib.loads(text)["column"]}
    assert {at["visit_concept_id"], at["visit_end_date"]} == {"visit_end_date"}
    assert (at["visit_start_date"], at["measurement_datetime"]) == ("visit_start_date", "measurement_date")
    assert (at["year_of_birth"], at["person_source_value"]) == ("start", None)
    package = import_table(folder, "h", tmp_path / "out", decisions=tmp_path / "d.toml").package
    assert package.timeline == tuple(moments) == import_table(folder, "h", tmp_path / "plain").package.timeline


def test_a_line_that_was_taken_out_of_the_draft_of_a_cdm_stays_out(tmp_path: Path) -> None:
    folder = write(tmp_path / "cdm", cdm(40), upper=False, suffix=".csv")
    draft_decisions(folder, tmp_path / "d.toml", 2026)
    text = (tmp_path / "d.toml").read_text()
    (tmp_path / "d.toml").write_text(re.sub(r'(?m)^available = "measurement_date"\n', "", text))
    package = import_table(folder, "h", tmp_path / "out", decisions=tmp_path / "d.toml").package
    assert not any(c.available for t in package.tables if t.name == "measurement" for c in t.columns)


def test_a_visit_without_an_end_is_not_said_to_be_known_at_its_start(tmp_path: Path) -> None:
    tables = cdm(40)
    tables["visit_occurrence"].loc[3, "visit_end_date"] = pd.NaT
    tables["visit_occurrence"]["discharged_to_concept_id"] = 0
    tables["visit_occurrence"]["admitted_from_concept_id"] = 0
    package = import_table(write(tmp_path / "c", tables, upper=False, suffix=".csv"), "h", tmp_path / "out").package
    visit = next(t for t in package.tables if t.name == "visit_occurrence")
    assert visit.column("discharged_to_concept_id").available == ""
    assert visit.column("admitted_from_concept_id").available == "visit_start_date"


def test_a_moment_outside_the_drafted_timeline_is_refused(tmp_path: Path) -> None:
    text = draft(tmp_path, ASKED, stays=stays()).replace('# available = "..."', 'available = "..."')
    (tmp_path / "d.toml").write_text(text)
    with pytest.raises(DataError, match=r'no event "\.\.\." in its timeline'):
        import_table(tmp_path / "in" / "stays.csv", "s", tmp_path / "o", decisions=tmp_path / "d.toml")
