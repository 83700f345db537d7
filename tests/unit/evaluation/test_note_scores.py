"""Words in notes: joined per stay and until a time, scored on unseen people, weighed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from rounds.evaluation.note_scores import find_word, join_notes, score_words, weigh_words

ZERO = pd.Timestamp("2020-01-02 12:00")
STAYS = pd.DataFrame({"encounter_id": ["B", "A", "C"], "t0": ZERO})


def written(*rows: tuple[str, int, str]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["encounter_id", "hours", "text"])
    times = ZERO + pd.to_timedelta(table["hours"], unit="h")
    return table.assign(note_id=[f"N{at}" for at in range(len(rows))], written_ts=times)


NOTES = written(("A", 5, "late"), ("A", -3, "second"), ("A", -9, "first"), ("B", 0, "exactly"))


def test_notes_are_joined_in_their_order_and_a_stay_without_any_is_empty() -> None:
    assert join_notes(NOTES, STAYS).to_dict() == {"B": "exactly", "A": "first second late", "C": ""}


def test_what_was_written_later_is_left_out_and_exactly_then_is_kept() -> None:
    assert join_notes(NOTES, STAYS, until="t0").tolist() == ["exactly", "first second", ""]


def test_a_word_that_tells_the_outcome_scores_and_weighs() -> None:
    outcome = np.tile([0, 1], 100)
    text = ["wet" if one else "dry" for one in outcome]
    assert score_words(text, outcome, np.arange(200)) == 1
    assert weigh_words(text, outcome).index.tolist() == ["wet", "dry"]


def test_words_that_tell_nothing_score_chance() -> None:
    rng = np.random.default_rng(3)
    text = rng.choice(["wet", "dry", "well"], 600)
    assert score_words(text, rng.integers(0, 2, 600), np.arange(600)) == pytest.approx(0.5, abs=0.06)


def test_a_word_of_one_person_helps_only_when_the_person_is_on_both_sides() -> None:
    rng = np.random.default_rng(4)
    person = np.repeat(np.arange(40), 10)
    letters = "abcdefghijklmnopqrstuvwxyz"
    text = [f"{letters[one % 26]}{letters[one // 26]}x" for one in person]
    outcome = np.repeat(rng.integers(0, 2, 40), 10)
    assert score_words(text, outcome, np.arange(400)) > 0.95
    assert score_words(text, outcome, person) < 0.7


def test_numbers_are_no_words() -> None:
    outcome = np.tile([0, 1], 50)
    weights = weigh_words([f"weight {60 + one}" for one in outcome], outcome)
    assert weights.index.tolist() == ["weight"]


@pytest.mark.parametrize(("word", "times"), [("late", 1), ("LATE", 1), ("lat", 0), ("l.te", 0), ("second", 1)])
def test_a_word_is_searched_as_it_is(word: str, times: int) -> None:
    assert len(find_word(NOTES, word)) == times
