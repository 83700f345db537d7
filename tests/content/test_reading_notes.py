"""What J5 says in words holds on the shipped cohort: mentions, time zero, leaky words, scores."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.content.cells import run_cells

from rounds.evaluation.note_scores import find_word, join_notes, score_words
from rounds.lessons.finding import find_lessons
from rounds.lessons.loading import load_answers, load_lesson
from rounds_widgets.teaching.together.note_rules import Rules, is_found
from rounds_widgets.teaching.together.note_truth import COPIED, FAMILY, LATER, NEGATED, TRUE, read_note

FOLDER = Path(__file__).parents[2] / "tutorials" / "together" / "j5_reading_notes"
CELLS = (
    "setup",
    "late",
    "reader",
    "charted",
    "worked-fever",
    "worked-shares",
    "shadows",
    "share",
    "cases",
    "clauses",
    "cases-look",
    "try-on",
    "written",
    "written-look",
    "try-texts",
    "weights",
    "look-up",
    "compare",
    "report",
)


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """Return what the cells of the notebook have made."""
    with run_cells(
        FOLDER, CELLS, ["heart_failure"], tmp_path_factory.mktemp("data"), {"NoteReader(": "reader"}
    ) as made:
        yield made


def heaviest(names: dict[str, Any], number: int) -> list[str]:
    return list(names["weigh_words"](names["everything"], names["stays"]["back"]).index[:number])


def test_fewer_than_half_of_the_mentions_are_meant_and_half_of_what_is_meant_has_other_words(names):
    assert 0.3 < names["reader"].precision() < 0.5
    assert 0.4 < names["reader"].recall() < 0.75


def test_the_notes_of_the_card_are_like_all_notes(names):
    sample = names["notes"].sample(4000, random_state=2)["text"]
    said = [read_note(text).get("orthopnoea") for text in sample[sample.str.contains("orthopnoea", case=False)]]
    assert names["reader"].precision() == pytest.approx(said.count(TRUE) / len(said), abs=0.1)


def test_each_rule_has_the_finding_that_needs_it(names):
    reader = names["reader"]
    kinds = {note["says"].get("readmission") for note in reader._notes}
    assert {TRUE, LATER} <= kinds
    oedema = [note["says"].get("oedema") for note in reader._notes]
    assert min(oedema.count(kind) for kind in (NEGATED, COPIED, TRUE)) > 3
    family = [note for note in reader._notes if note["says"].get("ischaemic heart disease") == "family"]
    assert len(family) > 10
    assert not any(is_found(note["text"], False, ["heart disease"], Rules(family=True)) for note in family)


def test_what_was_read_agrees_with_the_tables(names):
    stays = names["hospital"].frame().set_index("encounter_id")
    sample = names["notes"].sample(8000, random_state=4)
    sample = sample[sample["encounter_id"].isin(stays.index)]
    known = stays.loc[sample["encounter_id"]].reset_index()
    said = [read_note(text) for text in sample["text"]]
    heart = np.array([one.get("ischaemic heart disease", "") for one in said])
    coded = {kind: known.loc[heart == kind, "ischaemic"].mean() for kind in (TRUE, FAMILY)}
    assert coded[TRUE] > 0.75  # codes are missed in some stays
    assert coded[FAMILY] < coded[TRUE] - 0.25
    back = np.array([one.get("readmission", "") for one in said])
    assert (known.loc[back == TRUE, "number"] > 1).mean() > 0.99
    assert known.loc[back == LATER, "readmitted_30d"].astype(float).mean() > 0.9  # planned returns are not counted


def test_a_no_that_reaches_through_the_note_loses_almost_all(names):
    reader = names["reader"]
    reader.negation = "note"
    lost = reader.recall()
    reader.negation = "sentence"
    assert lost < 0.1 < reader.recall()
    reader.negation = "off"


def test_a_denied_fever_was_never_measured_and_one_not_denied_almost_always(names):
    percent = names["percent"]
    assert percent["the word stands there"] < 50
    assert percent["of these: denied"] < 2
    assert percent["not denied"] > 85


def test_shares_of_the_gaps_lie_apart(names):
    shares = [names["share_with_code"]("no consolidation", kept) for kept in ("denied", "not denied", "all")]
    assert max(shares) > 0.95
    assert sorted(shares)[1] < 0.25
    assert names["share_with_code"](..., "all") is ...


def test_the_texts_of_the_lesson_are_those_of_the_check(names):
    cases = load_lesson(find_lessons([FOLDER.parents[1]], installed=())["j5"])
    assert cases.title == "Reading notes: a word is not a finding"
    checked = load_checks().CASES
    assert set(names["cases"].itertuples(index=False, name=None)) == set(checked)


def load_checks() -> Any:
    import importlib.util

    spec = importlib.util.spec_from_file_location("j5_checks", FOLDER / "checks.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_leaky_words_stand_in_no_note_by_time_zero_and_the_others_do(names):
    answers = load_answers(find_lessons([FOLDER.parents[1]], installed=())["j5"])
    leaky = set(answers["e4"].right[0])
    for word in load_checks().WORDS:
        found = find_word(names["written"], word).merge(names["stays"][["encounter_id", "t0"]], on="encounter_id")
        early = int((found["written_ts"] <= found["t0"]).sum())
        assert len(found) > 100
        assert (early == 0) is (word in leaky), word
        assert not early or early > 50, word


def test_two_words_of_both_sides_are_among_the_heaviest(names):
    assert {"stay", "readmission"} <= set(heaviest(names, 15))
    assert "letter" not in heaviest(names, 15)


def test_an_early_note_of_each_word_of_both_sides_is_the_first_that_is_looked_up(names):
    for word in ("again", "quality", "readmission", "stay"):
        assert names["look_up"](word).data["hours_after_t0"].iloc[0] < 0
    assert names["look_up"](...) == "Choose a word to look up."


def test_the_stay_that_is_shown_has_notes_of_both_sides(names):
    stays, written = names["stays"], names["written"]
    one = stays.loc[stays["back"] == 1].iloc[0]
    own = written[written["encounter_id"] == one["encounter_id"]]
    assert (own["written_ts"] <= one["t0"]).any()
    assert (own["written_ts"] > one["t0"]).any()


def test_the_score_falls_from_near_perfect_to_below_one_number(names):
    stays, written = names["stays"], names["written"]
    fair = score_words(join_notes(written, stays, until="t0"), stays["back"], stays["person_id"])
    assert names["auroc"] > 0.95
    assert 0.53 < fair < 0.6
    assert names["roc_auc_score"](stays["back"], stays["stays_last_year"]) > fair + 0.03


def test_scores_that_are_told_apart_lie_apart(names):
    stays, written = names["stays"], names["written"]
    of = {
        "fair": join_notes(written, stays, until="t0"),
        "door": join_notes(written[written["note_type"] == "admission"], stays),
        "letters": join_notes(written[written["note_type"] == "discharge"], stays),
    }
    scores = [score_words(text, stays["back"], stays["person_id"]) for text in of.values()]
    scores += [names["auroc"], score_words(of["fair"], stays["back"], stays["encounter_id"])]
    assert min(high - low for low, high in pairwise(sorted(scores))) > 0.0003
    assert abs(scores[0] - scores[-1]) > 0.0025  # by patient and by stay


def test_the_trial_line_of_exercise_3_counts_the_notes_and_shows_the_empty_text(names, capsys):
    checks = load_checks()
    for rule, nothing, said in (
        (checks.read_by_then, "", "11 of 13 notes of the stay above. Without a note: ''."),
        (lambda table: table["text"] != "", "no note", "13 of 13 notes of the stay above. Without a note: 'no note'."),
    ):
        names["try_texts"](checks.text_with(rule, nothing))
        assert capsys.readouterr().out.strip() == f"In the text: {said}"
    names["try_texts"](checks.text_with(checks.read_by_then, ...))
    assert "Three dots" in capsys.readouterr().out


def test_functions_that_still_hold_dots_say_so(names, capsys):
    assert names["score_of"](..., names["stays"]["person_id"]) is ...
    names["report"](...)
    assert "three dots" in capsys.readouterr().out
    said = names["try_on"](lambda text, term: names["words_near"](text, term, ..., ...).__next__(), names["cases"])
    assert said == "Three dots are left in this box."
