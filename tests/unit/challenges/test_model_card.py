"""A team's model card: its figures are compared with the team's own evaluation, and nothing of it is lost."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from rounds.challenges.baseline import fit_baselines
from rounds.challenges.briefs import brief_of
from rounds.challenges.model_card import Evaluation, check_card, format_card, read_card, write_entry
from rounds.challenges.risk import RiskBaseline
from rounds.data.dataset import Dataset
from rounds.errors import DataError


def risks(n: int = 400) -> pd.DataFrame:
    """Return a test in which each person has two rows and the risks are right."""
    rng = np.random.default_rng(1)
    predicted = rng.beta(1, 6, n)
    return pd.DataFrame({"person": np.arange(n) // 2, "observed": rng.random(n) < predicted, "predicted": predicted})


def say(evaluation: Evaluation, **said: str) -> dict[str, tuple[str, str]]:
    return {one.key: (one.state, one.words) for one in check_card(evaluation, said)}


@pytest.fixture(scope="module")
def evaluation() -> Evaluation:
    """Return the evaluation of one team."""
    return Evaluation.of(risks())


def test_the_figures_are_those_of_the_teams_rows(evaluation: Evaluation) -> None:
    rows = risks()
    own = evaluation.figures(0.2)
    assert own["auroc"] == pytest.approx(roc_auc_score(rows["observed"], rows["predicted"]))
    assert own["auroc_low"] < own["auroc"] < own["auroc_high"]
    assert (own["rows"], own["people"], own["events"]) == (400, 200, rows["observed"].sum())
    assert own["observed_expected"] == pytest.approx(rows["observed"].sum() / rows["predicted"].sum())
    flagged = rows[rows["predicted"] >= 0.2]
    assert own["ppv"] == pytest.approx(flagged["observed"].mean())
    assert own["sensitivity"] == pytest.approx(flagged["observed"].sum() / rows["observed"].sum())
    assert own["alerts_per_100"] == pytest.approx(len(flagged) / 4)


def test_the_interval_draws_people_and_not_rows() -> None:
    rows = risks()
    twice = pd.concat([rows, rows])  # each row once more of the same person: nothing new is known
    one, other = Evaluation.of(rows).figures(), Evaluation.of(twice).figures()
    width = [found["auroc_high"] - found["auroc_low"] for found in (one, other)]
    assert width[1] == pytest.approx(width[0])
    alone = Evaluation.of(twice.drop(columns="person")).figures()
    assert alone["auroc_high"] - alone["auroc_low"] < 0.9 * width[0]


def test_nothing_is_filled_in_yet(evaluation: Evaluation) -> None:
    assert {state for state, _ in say(evaluation).values()} == {"open"}


def test_a_figure_holds_as_far_as_it_is_written(evaluation: Evaluation) -> None:
    auroc = evaluation.figures()["auroc"]
    for text in (f"{auroc:.2f}", f"{auroc:.3f}", f" {auroc:.4f} "):
        assert say(evaluation, auroc=text)["auroc"] == ("holds", "As in your test.")
    assert say(evaluation, rows="400", people="1,000")["rows"][0] == "holds"
    assert say(evaluation, people="1,000")["people"] == ("differs", "Your test says 200.")


@pytest.mark.parametrize(
    ("said", "key", "words"),
    [
        ({"auroc": "0.97"}, "auroc", "Your test says 0."),
        ({"auroc": "high"}, "auroc", '"high" is no number.'),
        ({"auroc": "nan"}, "auroc", '"nan" is no number.'),
        ({"auroc": "0.7"}, "auroc", "Write 2 decimals."),
        ({"ppv": "0.31"}, "ppv", "Fill in first from which risk on somebody acts."),
        ({"threshold": "20 %"}, "threshold", "A risk between 0 and 1 is wanted"),
        ({"threshold": "1.2", "ppv": "0.31"}, "ppv", "Fill in first"),
        ({"threshold": "0.999", "ppv": "0.31"}, "ppv", "Your test cannot tell this figure"),
        ({"use": "x"}, "use", "Say it in some words."),
    ],
)
def test_what_does_not_hold_is_said(evaluation: Evaluation, said: dict[str, str], key: str, words: str) -> None:
    state, sentence = say(evaluation, **said)[key]
    assert state == "differs"
    assert words in sentence


def test_a_weight_has_figures_of_its_own() -> None:
    tested = pd.DataFrame({"observed_g": [3000.0, 3500.0, 2500.0] * 40, "predicted_g": [3100.0, 3300.0, 2700.0] * 40})
    evaluation = Evaluation.of(tested)
    own = evaluation.figures()
    assert own["mae"] == pytest.approx(500 / 3)
    assert own["mean_error"] == pytest.approx(100 / 3)
    assert say(evaluation, mae="167", mean_error="33")["mae"][0] == "holds"
    assert "auroc" not in say(evaluation)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"predicted": None}, "need the columns observed and predicted"),
        ({"predicted": [0.1] * 399 + [math.nan]}, "no outcome or no prediction"),
        ({"predicted": [2.0] * 400}, "outside 0 to 1"),
    ],
)
def test_rows_that_are_no_test_are_refused(change: dict[str, Any], words: str) -> None:
    rows = risks()
    rows = rows.drop(columns="predicted") if change["predicted"] is None else rows.assign(**change)
    with pytest.raises(DataError, match=words):
        Evaluation.of(rows)


def test_entries_of_two_people_meet_in_the_file(evaluation: Evaluation, tmp_path: Path) -> None:
    path = tmp_path / "model-card.json"
    write_entry(path, {"use": "The doctor looks first.", "rows": ""}, "use", evaluation)
    assert write_entry(path, {"use": "", "rows": "400"}, "rows", evaluation) == {
        "use": "The doctor looks first.",
        "rows": "400",
    }
    kept = json.loads(path.read_text(encoding="utf-8"))
    assert kept["states"]["rows"] == "holds"
    assert kept["evaluation"]["rows"] == 400
    assert list(tmp_path.iterdir()) == [path]
    path.unlink()  # somebody tidied up: what the form shows is written again
    assert write_entry(path, {"use": "mine", "rows": "400"}, "rows", evaluation) == {"use": "mine", "rows": "400"}


def test_a_damaged_card_is_named_and_left_alone(evaluation: Evaluation, tmp_path: Path) -> None:
    path = tmp_path / "model-card.json"
    for text in ("{", "[]", '{"version": 9, "entries": {}}', '{"version": 1, "entries": {"use": 3}}'):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(DataError, match=r"model-card\.json is no model card, or a damaged one\. Rename it"):
            write_entry(path, {"use": "words"}, "use", evaluation)
        assert path.read_text(encoding="utf-8") == text
    assert read_card(tmp_path / "none.json") == {}


def test_as_markdown_it_says_what_is_open_and_what_differs(evaluation: Evaluation) -> None:
    text = format_card(evaluation, {"use": "The doctor | looks\nfirst.", "auroc": "0.97"})
    assert "| Who uses it, and what do they do then | The doctor \\| looks first. |" in text
    assert "0.97 (Your test says 0." in text
    assert "| Who answers questions | open |" in text


def test_births_of_one_mother_are_drawn_together(lesson: Callable[[str], Dataset]) -> None:
    births = lesson("birthweight")
    tested = fit_baselines(births, brief_of("birthweight"))[-1].tested
    own = Evaluation.of(tested).figures()
    assert own["people"] == tested["person"].nunique() < own["rows"] == len(tested)


def test_a_card_of_the_baseline_holds_the_figures_that_its_table_shows() -> None:
    baseline = RiskBaseline("known", (), risks().assign(observed=risks()["observed"].astype(float)))
    own, shown = Evaluation.of(baseline.tested).figures(), baseline.score()
    low, high = shown["auroc_95"].split(" to ")
    said = {"auroc": f"{shown['auroc']}", "auroc_low": low, "auroc_high": high, "slope": f"{own['slope']:.2f}"}
    found = {one.key: one.state for one in check_card(Evaluation.of(baseline.tested), said)}
    assert {found[key] for key in said} == {"holds"}
