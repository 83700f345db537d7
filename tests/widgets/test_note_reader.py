"""The note reader: what notes say is what was read in them by hand, and words and rules find them."""

from __future__ import annotations

import json
import math
import tomllib
from pathlib import Path

import pandas as pd
import pytest
import traitlets
from tests.made import sample

import rounds.synthetic.ehr
from rounds.errors import DataError
from rounds.lessons.view.kept import is_kept
from rounds_widgets import NoteReader
from rounds_widgets.teaching.together.note_rules import Rules, find_hits, is_found
from rounds_widgets.teaching.together.note_truth import (
    COPIED,
    COPY_MARK,
    FAMILY,
    NEGATED,
    TRUE,
    findings,
    forms,
    read_note,
)

TEMPLATES = Path(rounds.synthetic.ehr.__file__).parent / "templates" / "heart_failure.toml"


@pytest.fixture(scope="module")
def notes() -> pd.DataFrame:
    """Return the notes of a hundred patients with the note's lateness."""
    cohort = sample("heart_failure")
    table = cohort.frame("note").merge(cohort.frame("encounter")[["encounter_id", "disch_ts"]], on="encounter_id")
    return table.assign(late=table["written_ts"] > table["disch_ts"] + pd.Timedelta("1D"))


@pytest.fixture
def reader(notes):
    return NoteReader(notes)


def test_each_form_that_the_cohort_has_was_read():
    templates = [entry["text"] for entry in tomllib.loads(TEMPLATES.read_text())["template"]]
    assert [form.text for _, form in forms()] == templates


def test_what_was_read_agrees_with_the_faults_that_were_planted():
    plants = [entry.get("plants", []) for entry in tomllib.loads(TEMPLATES.read_text())["template"]]
    for (_, form), planted in zip(forms(), plants, strict=True):
        says = set(form.says.values())
        assert "negation" in planted or NEGATED not in says
        assert "family_history" in planted or not says & {FAMILY, "history or family"}
        assert "leak" in planted or "later" not in says


def test_almost_every_note_is_of_a_known_form(notes):
    mentions = notes[notes["text"].str.contains("orthopnoea|lying flat|oedema")]
    assert len(mentions) > 200
    assert mentions["text"].map(lambda text: bool(read_note(text))).mean() > 0.98


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Day 3. No oedema, lungs clear. Plan: tablets, home soon.", {"oedema": NEGATED}),
        ("Day 3. No oedeam, lungs clear. Plan: tablets, home soon.", {"oedema": NEGATED}),  # two letters swapped
        (f"{COPY_MARK}Day 3: orthopnoea at night. No chest pain. Creatinine watched. Fluid limit 1.5 L.",
         {"orthopnoea": COPIED}),
        ("Decompensation again. Cause not clear, salt? Mother also had heart failure. CKD.", {"readmission": TRUE}),
        ("Clinic: tired but no dyspnoea at rest. ischaemic heart disease, CKD. Blood test before the next visit.",
         {"ischaemic heart disease": TRUE}),
        ("Nobody has read such a note.", {}),
    ],
)  # fmt: skip
def test_a_note_says_what_was_read_in_its_form(text, says):
    assert read_note(text) == says


@pytest.mark.parametrize(
    ("text", "word", "times"),
    [
        ("Wet, wetter, still wet.", "wet", 2),
        ("OEDEMA of both legs", "oedema", 1),
        ("EF 35%", ".", 0),
        ("", "wet", 0),
        ("wet", " ", 0),
    ],
)
def test_a_word_is_found_as_a_word(text, word, times):
    assert len(find_hits(text, word)) == times


@pytest.mark.parametrize(
    ("text", "rules", "found"),
    [
        ("No oedema.", Rules(), True),
        ("No oedema.", Rules("sentence"), False),
        ("No fever. Oedema.", Rules("sentence"), True),
        ("Oedema, no fever.", Rules("sentence"), True),
        ("Oedema. No fever.", Rules("note"), False),
        ("Mother has oedema.", Rules(), True),
        ("Mother has oedema.", Rules(family=True), False),
        ("Mother is well. Oedema.", Rules(family=True), True),
        (f"{COPY_MARK}Oedema.", Rules(copied=True), False),
        ("No oedema in the morning. Oedema now.", Rules("sentence"), True),
    ],
)
def test_rules_leave_out_what_they_say(text, rules, found):
    assert is_found(text, False, ["oedema"], rules) is found
    assert not is_found(text, True, ["oedema"], Rules(late=True))


def test_words_alone_find_what_is_not_meant_and_miss_what_is(reader):
    assert reader.precision() < 0.7
    assert reader.recall() < 0.8
    reader.words, reader.negation, reader.copied = "orthopnoea|breathless when lying flat", "sentence", True
    assert reader.precision() > 0.97
    assert reader.recall() > 0.95


def test_a_no_that_reaches_through_the_whole_note_costs_what_is_meant(reader):
    reader.finding, reader.words, reader.negation = "oedema", "oedema|swollen|wet", "sentence"
    in_sentence = reader.recall()
    reader.negation = "note"
    assert reader.recall() < in_sentence - 0.05


def test_counts_are_of_all_notes_that_mention_the_finding(reader):
    for reader.finding in findings():
        counts = reader.counts()
        number = sum(note["says"].get(reader.finding) is not None for note in reader._notes)
        assert sum(map(sum, (side.values() for side in counts.values()))) == number


def test_nothing_is_chosen_before_a_guess_but_the_word_that_is_asked_for(reader):
    assert (reader.prediction, reader.finding, reader.words, reader.typed) == (None, "orthopnoea", "orthopnoea", "")
    assert (reader.negation, reader.family, reader.copied, reader.late) == ("off", False, False, False)


def test_a_lesson_keeps_what_was_chosen(reader):
    reader.prediction, reader.words, reader.typed, reader.negation, reader.page = 90, "orthopnoea", "wet", "note", 2
    assert all(is_kept(getattr(reader, name)) for name in ("prediction", "finding", "words", "typed", "negation"))
    assert all(is_kept(getattr(reader, name)) for name in ("family", "copied", "late", "shown", "page"))


def test_the_browser_gets_few_notes_and_no_number_of_a_person(reader, notes):
    sent = json.dumps([*reader.get_state()["_notes"], reader.get_state()["_facts"]])
    assert len(sent) < 90_000
    assert not any(name in sent for name in (*notes["note_id"].head(50), *notes["encounter_id"].head(50)))


@pytest.mark.parametrize(("trait", "value"), [("finding", "gout"), ("negation", "far"), ("shown", "all")])
def test_what_the_browser_sends_is_checked(reader, trait, value):
    with pytest.raises(traitlets.TraitError, match="is one of"):
        setattr(reader, trait, value)


def test_only_words_that_are_offered_are_chosen_and_ones_own_word_is_short(reader):
    reader.words = "wet|<b>|orthopnoea"
    reader.typed = "x" * 200
    assert reader.words == "orthopnoea|wet"
    assert len(reader.typed) == 30


def test_text_stands_in_where_no_browser_draws(reader):
    text = reader._repr_mimebundle_()[0]["text/plain"]
    assert text == repr(reader)
    assert text.endswith("120 notes, which are searched after the guess.")
    reader.prediction = 90
    assert "of 120 notes found" in repr(reader)
    reader.words = ""
    assert "none of 120 notes is found" in repr(reader)
    assert math.isnan(reader.precision())


@pytest.mark.parametrize(("lost", "says"), [("late", 'Write: notes\\["late"\\] = '), ("text", 'no column "text"')])
def test_a_missing_column_is_one_sentence(notes, lost, says):
    with pytest.raises(DataError, match=says):
        NoteReader(notes.drop(columns=lost))


def test_too_few_notes_are_one_sentence(notes):
    with pytest.raises(DataError, match="too few notes say anything of"):
        NoteReader(notes.head(15))
