"""The honest baselines of the challenges with an outcome of yes or no: split, measures, alerts, shifts, hand-in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from sklearn.metrics import average_precision_score, precision_score, recall_score, roc_auc_score

from rounds.challenges.baseline import describe_split
from rounds.challenges.briefs import brief_of, choose_rows, count_rows, features_of, limits_of
from rounds.challenges.hand_in import predict_rows, write_predictions
from rounds.challenges.risk import RiskBaseline, fit_risks, fit_shift, score_risks
from rounds.data.dataset import Dataset
from rounds.data.leaks import find_leaks
from rounds.errors import DataError
from rounds.synthetic.ehr.generate import write_cohort
from rounds_widgets import RiskDashboard

STAYS = brief_of("heart_failure")


@pytest.fixture(scope="module")
def stays(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    folder = tmp_path_factory.mktemp("data")
    return write_cohort("heart_failure", 400, 7, folder, folder / "truth")


@pytest.fixture(scope="module")
def baselines(stays: Dataset) -> list[RiskBaseline]:
    return fit_risks(stays, STAYS)


def without(dataset: Dataset, *names: str, person: bool = True) -> Dataset:
    """Return a dataset as a hospital may have it: without some columns, and without a person."""
    package = dataset.package
    columns = tuple(c for c in package.table.columns if c.name not in names)
    table = replace(package.table, columns=columns, person=package.table.person if person else None)
    return replace(dataset, package=replace(package, tables=(table,)))


def test_no_patient_is_on_both_sides_and_every_row_has_an_answer(stays: Dataset, baselines: list[RiskBaseline]) -> None:
    rows = choose_rows(stays, STAYS).frame()
    for baseline in baselines:
        tested = set(baseline.tested["person"])
        assert len(baseline.tested) == int(rows["person_id"].isin(tested).sum())  # all stays of each tested patient
        assert 0 < len(tested) < rows["person_id"].nunique()
        assert set(baseline.tested["observed"]) == {0.0, 1.0}
        assert find_leaks(baseline.features, stays.package) == []


def test_the_measures_are_those_of_scikit_learn(baselines: list[RiskBaseline]) -> None:
    tested, score = baselines[-1].tested, baselines[-1].score()
    given = (tested["observed"], tested["predicted"])
    assert score["auroc"] == pytest.approx(roc_auc_score(*given), abs=0.0006)
    assert score["average_precision"] == pytest.approx(average_precision_score(*given), abs=0.0006)
    assert score["observed_to_predicted"] == pytest.approx(given[0].sum() / given[1].sum(), abs=0.006)
    _, low, high = baselines[-1].auroc
    assert low < score["auroc"] < high
    assert list(score_risks(baselines).columns) == [baseline.name for baseline in baselines]


def test_an_alert_budget_is_sensitivity_and_precision_of_the_riskiest_rows(baselines: list[RiskBaseline]) -> None:
    tested = baselines[-1].tested
    row = baselines[-1].alerts((0.1,)).iloc[0]
    flagged = tested["predicted"].rank(method="first", ascending=False) <= row.alerts
    assert row.alerts == round(0.1 * len(tested))
    assert row.sensitivity == pytest.approx(recall_score(tested["observed"], flagged), abs=0.0006)
    assert row.ppv == pytest.approx(precision_score(tested["observed"], flagged), abs=0.0006)
    assert row.alerts_per_event_found == pytest.approx(1 / row.ppv, rel=0.1)


def test_calibration_counts_every_row_once_and_has_fewer_groups_when_rows_are_few(
    baselines: list[RiskBaseline],
) -> None:
    best = baselines[-1]
    groups = best.calibration()
    assert groups["rows"].sum() == len(best.tested)
    assert (groups["observed"] * groups["rows"]).sum() == pytest.approx(best.tested["observed"].sum())
    assert groups["predicted"].is_monotonic_increasing
    assert len(replace(best, tested=best.tested.head(70)).calibration()) == 3


def test_a_death_is_an_answer_of_its_own_and_no_success(stays: Dataset, baselines: list[RiskBaseline]) -> None:
    shares = baselines[-1].statuses()
    assert set(shares.columns) == {"died", "none", "readmitted 30d"}
    assert shares.sum(axis=1).tolist() == pytest.approx([1.0] * 5, abs=0.002)
    tested = baselines[-1].tested
    assert (tested.loc[tested["status"] == "died", "observed"] == 0).all()
    bare = without(stays, STAYS.status)
    with pytest.raises(DataError, match="no status"):
        replace(baselines[-1], tested=tested.drop(columns="status")).statuses()
    assert any("deaths cannot be told" in limit for limit in limits_of(bare, STAYS))


def test_a_shift_learns_on_one_part_and_is_tested_on_the_other(stays: Dataset) -> None:
    moved = fit_shift(stays, STAYS)
    rows = choose_rows(stays, STAYS).frame()
    assert moved is not None
    assert len(moved.tested) == int((rows["site"] == "B").sum())
    assert "site" not in moved.features
    assert fit_shift(without(stays, "site"), STAYS) is None


def test_a_hospitals_own_table_says_what_it_lacks_and_is_fitted_without(stays: Dataset) -> None:
    own = without(stays, "stays_last_year", "site", "ef", person=False)
    assert [limit.split(":")[0] for limit in limits_of(own, STAYS)] == [
        "No person",
        "No count of earlier stays",
        "No site",
    ]
    assert "names no patients" in describe_split(own, STAYS.people)
    assert not {"stays_last_year", "site", "ef"} & set(features_of(own, STAYS))
    assert [baseline.name for baseline in fit_risks(own, STAYS)] == [
        "rate of the training rows",
        "known by the prediction",
    ]
    with pytest.raises(DataError, match='no column "readmitted_30d"'):
        choose_rows(without(stays, STAYS.outcome), STAYS)


def test_the_flow_begins_with_the_records_and_ends_with_the_rows_of_the_question(stays: Dataset) -> None:
    flow = count_rows(stays, STAYS)
    assert list(flow.columns) == ["step", "stays", "patients", "left out"]
    assert flow["stays"].iloc[-1] == len(choose_rows(stays, STAYS).frame())
    assert flow["step"].tolist()[1] == "Not planned"
    assert (flow["stays"].diff().dropna() == -flow["left out"].iloc[1:]).all()


def test_an_unknown_brief_names_the_nearest() -> None:
    with pytest.raises(DataError, match='Did you mean "heart_failure"'):
        brief_of("heart_failur")
    assert brief_of("heart-failure") == STAYS


def test_a_file_to_hand_in_has_one_risk_for_each_row_that_is_asked(
    stays: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    predicted = predict_rows(stays, STAYS, without(stays, STAYS.outcome, STAYS.status))
    assert list(predicted.columns) == ["encounter_id", "prediction"]
    assert len(predicted) == len(stays.frame())
    assert predicted["prediction"].between(0, 1).all()
    monkeypatch.setenv("ROUNDS_DATA", str(stays.path.parent))
    assert "no hold-out is open here" in write_predictions("heart_failure", tmp_path)
    assert list(tmp_path.iterdir()) == []
    (stays.path.parent / "heart_failure_hold_out").symlink_to(stays.path)
    said = write_predictions("heart_failure", tmp_path)
    assert "under Scores" in said
    written = pd.read_csv(tmp_path / "predictions.csv")
    assert written["encounter_id"].tolist() == predicted["encounter_id"].tolist()


def test_a_published_dashboard_draws_no_group_with_few_events(
    stays: Dataset, baselines: list[RiskBaseline], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROUNDS_DATA", str(stays.path.parent))
    monkeypatch.setenv("ROUNDS_VIEW", "published")
    dashboard = RiskDashboard("heart_failure")
    shown = dashboard._shown(baselines[-1].calibration(10))
    everything = baselines[-1].calibration(10)
    events = (everything["rows"] * everything["observed"]).round()
    assert len(shown) == int(((events >= 10) & (everything["rows"] - events >= 10)).sum()) < len(everything)
    assert "died" in dashboard.statuses().value
    assert dashboard._say_shares([0.02, 0.90, 0.08], 100).count("hidden") >= 2
