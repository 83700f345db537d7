# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown] id="title" tags=["part:title"]
# # Reading notes: a word is not a finding
#
# *Track: together. One clinician and one engineer, one keyboard. Swap the keyboard after each exercise. Challenge: heart failure.*
#
# > **Synthetic data.** A computer made up every patient and every note in this notebook. The data are for teaching. Draw no clinical conclusion from them.
#
# *Awaiting a clinician's review.*

# %% [markdown] id="objectives" tags=["part:objectives"]
# ## What you can do at the end
#
# 1. **Tell** a mention from a finding that the patient has: denied, of a relative, copied, not yet.
# 2. **Cut** the notes of a stay at time zero.
# 3. **Score** a bag of words, and **find** the words that leak.

# %% [markdown] id="minutes" tags=["part:minutes"]
# ## Minutes
#
# | part | minutes | |
# |---|---|---|
# | self-check, story, search | 10 | **must** |
# | worked example and gaps | 6 | **must** |
# | exercises 1 to 4 | 18 | **must** |
# | exercises 5 and 6 | 9 | **should** |
# | question at the end | 2 | **could** |

# %% [markdown] id="needs" tags=["part:needs"]
# ## What you need
#
# You need each other. The clinician knows how notes are written; the engineer knows what a search sees. Neither needs the other's craft. *Orthopnoea* is to be short of breath when lying flat; some then sleep in a chair, as others do for other reasons. *Oedema* is water in the tissue, most often seen in the legs.
#
# **How to answer:** use the choices above a box, or write into it. Press **Run** below the box, or hold **Shift** and press **Enter**. Then press the check button.

# %% id="setup"
import re

import pandas as pd

from rounds.data import load
from rounds.lessons import open_lesson

check = open_lesson("j5")
hospital = load("heart_failure")
notes = hospital.frame("note")
print(f"Ready: {len(notes):,} notes of {notes['encounter_id'].nunique():,} stays and visits.")

# %% [markdown] id="selfcheck"
# **Self-check.** Answer both questions together. If both are easy, go straight to *Before you look: predict*.

# %% id="s1"
check.ask("s1")

# %% id="s2"
check.ask("s2")

# %% [markdown] id="ward" tags=["part:ward"]
# ## Why a ward cares
#
# Miriam is 77 and in hospital with heart failure; today the doctor writes "Denies orthopnoea". A program that looks for the word puts her on the list of patients who need a higher dose. At noon a nurse stops in front of her, with a list that nobody has read.

# %% [markdown] id="predict" tags=["part:predict"]
# ## Before you look: predict
#
# A {term}`note <free-text>` holds what tables do not. It also holds what is *not* so: a {term}`negation`, a relative's illness ({term}`family history <family-history>`), yesterday's text ({term}`copy-forward`).
#
# Take 100 notes of this hospital in which the word *orthopnoea* stands. **In how many does the writer say that the patient has it, seen on that day?** Agree on one number, write it into the card, and press **Lock in my guess**.

# %% [markdown] id="widget" tags=["part:widget"]
# ## Move it
#
# People have read each wording in these notes, without a program. So your search can be measured: {term}`precision <ppv>` and {term}`recall <sensitivity>`.
#
# Notes are full of short forms. *EF* is the share of its blood that the left heart pushes out in a beat; *CKD* is a long illness of the kidneys. *PE* is a physical examination, or a clot in the lung; *MS* is a narrow heart valve, or morphine. A search for the two letters cannot tell which.
#
# 1. Read notes that are *found, not meant*, then those that are *meant, not found*. What does the second kind lack?
# 2. Try both ways to leave out after a no. Which of them costs what you wanted?
# 3. Take *ischaemic heart disease*, then *readmission* (this stay is one: the patient was here before). Which tick under *Leave out more* helps each of the two?

# %% id="late" rounds={"role": "made"}
ends = hospital.frame("encounter")[["encounter_id", "disch_ts"]]
notes = notes.merge(ends, on="encounter_id")
notes["late"] = notes["written_ts"] > notes["disch_ts"] + pd.Timedelta("1D")

# %% id="reader"
from rounds_widgets import NoteReader

NoteReader(notes)

# %% id="q1"
check.ask("q1")

# %% [markdown] id="worked" tags=["part:worked"]
# ## A worked example
#
# Is a note with the word *fever* a note of a patient with fever? The chart tells: `had_fever` is true when 38 degrees or more were measured in the twelve hours before the note. Where nobody measured, it is false.

# %% id="charted" rounds={"role": "made"}
charted = hospital.connect().sql("""
    SELECT n.text, EXISTS (FROM vital v WHERE v.encounter_id = n.encounter_id AND v.loinc = '8310-5'
        AND (v.value_num BETWEEN 38 AND 45 OR v.value_num >= 100.4)
        AND v.charted_ts BETWEEN n.written_ts - INTERVAL 12 HOUR AND n.written_ts) AS had_fever
    FROM note n WHERE contains(lower(n.text), 'fever') ORDER BY n.note_id
""").df()

# %% id="worked-fever"
# Step 1: find the word
with_word = charted[charted["text"].str.contains("fever", case=False)]

# Step 2: see which of them deny it
no_fever = with_word["text"].str.contains("no fever", case=False)

# Step 3: compare with what was measured, without and with the rule
print(f"the word alone: {with_word['had_fever'].mean():.0%} of {len(with_word)} notes")
print(f"not denied: {with_word[~no_fever]['had_fever'].mean():.0%} of {(~no_fever).sum()} notes")

# %% id="worked-shares" rounds={"role": "made"}
parts = {"the word stands there": with_word, "of these: denied": with_word[no_fever], "not denied": with_word[~no_fever]}
percent = {name: 100 * part["had_fever"].mean() for name, part in parts.items()}
said = "; ".join(f"{name}, {share:.0f} %" for name, share in percent.items())
words = f"A fever was measured: {said}."

# %% id="worked-picture" rounds={"role": "made"}
from matplotlib.figure import Figure

from rounds.lessons.pictures import show_picture

figure = Figure(figsize=(7, 2.2))
axis = figure.subplots()
bars = axis.barh([*percent], [*percent.values()], color=["#51606e", "#a4243b", "#0b6b43"])
axis.bar_label(bars, fmt="%.0f %%", padding=4)
axis.invert_yaxis()
axis.set(xlim=(0, 100), xlabel="a fever was measured, % of notes")
print(words)
show_picture(figure, words)

# %% [markdown] id="worked-reach"
# A no reaches some words and not others. Whether a finding is *affirmed* is a question of its own ({term}`assertion <assertion-status>`).
#
# ![Five sentences. "No cough, fever but wheeze tonight": cough and fever are denied, wheeze is not. "Wheeze tonight, no cough": wheeze is there. "Her aunt had asthma", "Call if there is wheeze" and "Copied forward: wheeze, no cough" say nothing of this patient today.](reach-of-a-no.svg)

# %% [markdown] id="faded" tags=["part:faded"]
# ## Your turn, with gaps
#
# *Consolidation*, a dense white patch of the lung on a chest X-ray, speaks for pneumonia. `xrays` holds the notes with that word, and whether the stay has the code for pneumonia. **Replace** the three dots, twice: of the notes that do not deny it, which share has the code?

# %% id="shadows" rounds={"role": "made"}
xrays = hospital.connect().sql("""
    SELECT n.text, EXISTS (FROM diagnosis d WHERE d.encounter_id = n.encounter_id AND d.icd10 = 'J18') AS pneumonia
    FROM note n WHERE contains(lower(n.text), 'consolidation') ORDER BY n.note_id
""").df()

# %% id="share" rounds={"role": "made"}
def share_with_code(phrase, rows_kept):
    """Return the share of the notes kept whose stay has the code; three dots where one of the two is missing."""
    if phrase is ... or rows_kept is ...:
        return ...
    denied = xrays["text"].str.contains(phrase, case=False, regex=False)
    parts = {"denied": xrays[denied], "not denied": xrays[~denied], "all": xrays}
    return float(parts[rows_kept]["pneumonia"].mean())

# %% id="f1" nbgrader={"grade": false, "grade_id": "f1-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
phrase = ...  # what stands in a note that denies it?
rows_kept = ...  # which notes: "denied", "not denied" or "all"?
### BEGIN SOLUTION
phrase = "no consolidation"
rows_kept = "not denied"
### END SOLUTION
confirmed_share = share_with_code(phrase, rows_kept)
confirmed_share

# %% id="f1-check"
check.button("f1")

# %% [markdown] id="exercises" tags=["part:exercises"]
# ## Exercises
#
# Talk first, type second. The button tells you what to try next. Press it as often as you like.
#
# ### Exercise 1: What does the sentence say? (must, 4 minutes)
#
# **Sort** ten sentences of ten notes. The finding is written in CAPITALS. Does *this* patient have it *today*? The clinician reads aloud; the engineer names the word that decides.
#
# - **has it now**: the patient has it, seen today.
# - **denied**: the note says that it is not there.
# - **family**: somebody else has it.
# - **not now**: past, perhaps, only if, or not looked at today.

# %% id="e1" nbgrader={"grade": false, "grade_id": "e1-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
# By hand: curly brackets, and in them a line for each sentence, like "a sentence": "a group",
sorted_mentions = ...
### BEGIN SOLUTION
sorted_mentions = {
    **dict.fromkeys(["Sat up all night with ORTHOPNOEA.", "Not only a cough, also FEVER."], "has it now"),
    **{"His wife is worried by his OEDEMA.": "has it now", "Her brother has DIABETES.": "family"},
    **dict.fromkeys(["Without OEDEMA since Sunday.", "ORTHOPNOEA no longer."], "denied"),
    **dict.fromkeys(["Come back at once if there is CHEST PAIN.", "Question: PNEUMONIA? X-ray tomorrow."], "not now"),
    **dict.fromkeys(["Copied forward: OEDEMA to the knees.", "Was here in 2015 with a STROKE."], "not now"),
}
### END SOLUTION

# %% id="e1-check"
check.button("e1")

# %% id="e1-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e1-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 1. You need not read it.
from rounds.lessons import open_lesson

open_lesson("j5").grade("e1", globals())
### BEGIN HIDDEN TESTS
open_lesson("j5").grade_hidden("e1", globals())
### END HIDDEN TESTS

# %% [markdown] id="e2-task"
# ### Exercise 2: A function that reads a sentence (must, 6 minutes)
#
# `affirmed(text, term)` says `True` when the text says that the patient has it. `words_near` cuts the text into clauses, at its points and at the words at which a no *ends*. For each clause with the term it returns the words near it. It takes away "not only", which denies nothing.
#
# Here are twelve texts, and what the writer of each says.

# %% id="cases" rounds={"role": "made"}
read = [
    ("Denies orthopnoea.", "orthopnoea", False), ("Without oedema.", "oedema", False),
    ("No fever, cough or oedema.", "oedema", False), ("Mother has diabetes.", "diabetes", False),
    ("Oedema to the knees. No chest pain.", "oedema", True), ("FEVER since Monday!", "fever", True),
    ("No chest pain but oedema to the knees.", "oedema", True), ("Cough at night, no fever.", "cough", True),
    ("Not in pain, never had a stroke.", "stroke", False), ("Not only cough, also fever.", "fever", True),
    ("Call the ward if fever comes.", "fever", False),
    ("Her brother had a stroke. Diabetes since 2010.", "diabetes", True),
]
cases = pd.DataFrame(read, columns=["text", "term", "has_it"])

# %% id="clauses" rounds={"role": "made"}
def words_near(text, term, ends, side):
    """Return the words beside each mention of a term: before or after it, in its clause, or in the text."""
    low = re.sub("not only", " ", text.lower())
    for clause in re.split("|".join(["[.;?!]", *(rf"\b{word}\b" for word in ends)]), low):
        before, found, after = clause.partition(term.lower())
        if found:
            looked_at = {"before": before, "after": after, "clause": clause, "text": low}[side]
            yield set(re.findall("[a-z]+", looked_at))

# %% id="try-on" rounds={"role": "made"}
def try_on(function, table):
    """Return the texts that a function reads otherwise than the table; say where three dots are left."""
    try:
        wrong = [bool(function(text, term)) != truth for text, term, truth in table.itertuples(index=False)]
    except (KeyError, TypeError) as error:
        if "llipsis" not in str(error):
            raise
        return "Three dots are left in this box."
    return left(table[wrong]) if any(wrong) else "All are read as the table says."

# %% id="cases-look" rounds={"role": "made"}
def left(table):
    """Show a table of texts without row numbers, all to the left."""
    aligned = table.style.hide(axis="index").set_properties(**{"text-align": "left"})
    return aligned.set_table_styles([{"selector": "th", "props": "text-align: left"}])


left(cases)

# %% [markdown] id="e2-how"
# **Complete** the four lines. The last line of the box shows the texts that your function reads otherwise. The button tries more texts. (No rule reads all: where a no stands behind its finding, as in "orthopnoea no longer", this one fails.)

# %% id="e2" nbgrader={"grade": false, "grade_id": "e2-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
def affirmed(text, term):
    denials = ...  # a list: words that deny
    ends = ...  # a list: words at which a no ends
    others = ...  # a list: words for other people, or for what may come
    side = ...  # where such words count: "before" or "after" the term, "clause", or "text"
    ### BEGIN SOLUTION
    denials, ends = ["no", "not", "denies", "without", "never"], ["but", "however"]
    others, side = ["mother", "father", "brother", "sister", "if"], "before"
    ### END SOLUTION
    stop = {*denials, *others}
    return any(not words & stop for words in words_near(text, term, ends, side))
try_on(affirmed, cases)

# %% id="e2-check"
check.button("e2")

# %% id="e2-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e2-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 2. You need not read it.
from rounds.lessons import open_lesson

open_lesson("j5").grade("e2", globals())
### BEGIN HIDDEN TESTS
open_lesson("j5").grade_hidden("e2", globals())
### END HIDDEN TESTS

# %% [markdown] id="e3-task"
# ### Exercise 3: Cut the notes at time zero (must, 5 minutes)
#
# A model shall say, at the minute when a patient goes home, whether another stay follows within 30 days. This minute is {term}`time zero <index-date>`, the column `t0`. The notes of the stay are all that carry its number, `encounter_id`. Some are written long after.

# %% id="written" rounds={"role": "made"}
from rounds.evaluation.note_scores import find_word, join_notes, score_words, weigh_words

stays = hospital.frame().dropna(subset=["readmitted_30d"])
people = sorted(stays["person_id"].unique())[:1500]
stays = stays[stays["person_id"].isin(people)].reset_index(drop=True)
stays = stays.assign(t0=stays["disch_ts"], back=stays["readmitted_30d"].astype(int))
columns = ["note_id", "encounter_id", "note_type", "written_ts", "text"]
written = notes.loc[notes["encounter_id"].isin(stays["encounter_id"]), columns]

# %% id="written-look" rounds={"role": "made"}
one = stays.loc[stays["back"] == 1, "encounter_id"].iloc[0]
shown = written[written["encounter_id"] == one].merge(stays[["encounter_id", "t0"]], on="encounter_id")
shown = shown.sort_values("written_ts")
print(f"Time zero of this stay: {shown['t0'].iloc[0]:%d %B %Y, %H:%M}")
left(shown.assign(written=shown["written_ts"].astype(str))[["written", "note_type", "text"]])

# %% id="try-texts" rounds={"role": "made"}
def try_texts(function):
    """Say how many notes of the stay above are in its text, and what the text of a stay without a note is."""
    own, notes_of = stays[stays["encounter_id"] == one], written[written["encounter_id"] == one]
    try:
        text, nothing = (list(function(rows, own))[0] for rows in (notes_of, notes_of.head(0)))
    except (KeyError, TypeError) as error:
        if "llipsis" not in str(error):
            raise
        text = nothing = ...
    held = "Three dots are left in this box." if ... in (text, nothing) else None
    print(held or f"In the text: {sum(note in text for note in notes_of['text'])} of {len(notes_of)} notes of the stay above. Without a note: {nothing!r}.")

# %% [markdown] id="e3-how"
# `text_at_zero` makes one text for each stay, in the order of `stays`, of all that somebody could read at `t0`. What is written exactly at `t0` counts. A stay without a note by then has an empty text: nothing in it may look like a word. **Complete** the two lines. The last line of the box tries them on the stay above, and on a stay without a note.

# %% id="e3" nbgrader={"grade": false, "grade_id": "e3-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
def text_at_zero(written, stays):
    table = written.merge(stays[["encounter_id", "t0"]], on="encounter_id")
    could_read = ...  # which rows of table could somebody read at t0?
    nothing = ...  # the text of a stay without a note
    ### BEGIN SOLUTION
    could_read, nothing = table["written_ts"] <= table["t0"], ""
    ### END SOLUTION
    joined = table[could_read].sort_values("written_ts").groupby("encounter_id")["text"].agg(" ".join)
    return joined.reindex(stays["encounter_id"]).map(lambda text: text if isinstance(text, str) else nothing)
try_texts(text_at_zero)

# %% id="e3-check"
check.button("e3")

# %% id="e3-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e3-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 3. You need not read it.
from rounds.lessons import open_lesson

open_lesson("j5").grade("e3", globals())
### BEGIN HIDDEN TESTS
open_lesson("j5").grade_hidden("e3", globals())
### END HIDDEN TESTS

# %% [markdown] id="e4-task"
# ### Exercise 4: Which words come from the future? (must, 3 minutes)
#
# A {term}`bag of words <bag-of-words>` counts words and forgets their order. Each word gets a weight (TF-IDF: rare words count more), and a logistic regression learns from them who comes back. This one has read *all* notes of each stay.

# %% id="weights" rounds={"role": "made"}
everything = join_notes(written, stays)
auroc = score_words(everything, stays["back"], stays["person_id"])
print(f"AUROC on patients whom the model has not met: {auroc:.3f}")
print("Its heaviest words:", ", ".join(weigh_words(everything, stays["back"]).index[:15]))

# %% id="look-up" rounds={"role": "made"}
def look_up(word, number=3):
    """Show some notes in which a word stands, the earliest ones first; hours below 0 lie before time zero."""
    if word is ...:
        return "Choose a word to look up."
    found = find_word(written, word).merge(stays[["encounter_id", "t0"]], on="encounter_id")
    hours = ((found["written_ts"] - found["t0"]).dt.total_seconds() / 3600).round(1)
    table = found.assign(hours_after_t0=hours).sort_values("hours_after_t0")[["hours_after_t0", "text"]].head(number)
    return left(table).format({"hours_after_t0": "{:.1f}"})

# %% [markdown] id="e4-how"
# Eight words are up for choice. **Find** those that stand in *no* note written by time zero: not one. `look_up` shows where a word stands, the earliest notes first: choose a word, run the box, choose the next one.

# %% id="e4" nbgrader={"grade": false, "grade_id": "e4-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
# The words: "addendum", "again", "coding", "letter", "quality", "readmission", "stay", "within"
word = ...  # a word to look up first
leaky_words = ...  # a list
### BEGIN SOLUTION
word = "letter"
leaky_words = ["addendum", "coding", "letter", "within"]
### END SOLUTION
look_up(word)

# %% id="e4-check"
check.button("e4")

# %% id="e4-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e4-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 4. You need not read it.
from rounds.lessons import open_lesson

open_lesson("j5").grade("e4", globals())
### BEGIN HIDDEN TESTS
open_lesson("j5").grade_hidden("e4", globals())
### END HIDDEN TESTS

# %% [markdown] id="e5-task"
# ### Exercise 5: The fair score (should, 4 minutes)
#
# Some words are in notes of both sides. So it is no help to delete words from a list: cut the notes by *time*. `join_notes(written, stays)` makes one text for each stay; with `until="t0"` it leaves out what came later. `score_of` asks in five parts, each tested once.
#
# **Choose** the text of the whole stay, and what stays together. How good are the words in a fair test? The last line sets one number beside it: how often the patient was here in the last year.

# %% id="compare" rounds={"role": "made"}
from sklearn.metrics import roc_auc_score


def score_of(text, together):
    """Return the score of the words; three dots where one of the two is missing."""
    if isinstance(together, str):
        raise ValueError(f'"{together}" is a name: give the column itself, stays["{together}"]')
    return ... if text is ... or together is ... else score_words(text, stays["back"], together)

# %% id="report" rounds={"role": "made"}
def report(auroc):
    """Show the score of the words beside that of one number: the stays of the last year."""
    number = roc_auc_score(stays["back"], stays["stays_last_year"])
    shown = "three dots are left" if auroc is ... else f"AUROC {auroc:.3f}"
    print(f"bag of words: {shown}; stays of the last year alone: AUROC {number:.3f}")
    if auroc is not ... and auroc < number:
        print("One number of the table ranks better here than all these words.")

# %% id="e5" nbgrader={"grade": false, "grade_id": "e5-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
text = ...  # which text may the model read?
together = ...  # a column of stays: rows with the same value stay on one side of each split
### BEGIN SOLUTION
text = join_notes(written, stays, until="t0")
together = stays["person_id"]
### END SOLUTION
fair_auroc = score_of(text, together)
report(fair_auroc)

# %% id="e5-check"
check.button("e5")

# %% id="e5-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e5-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 5. You need not read it.
from rounds.lessons import open_lesson

open_lesson("j5").grade("e5", globals())
### BEGIN HIDDEN TESTS
open_lesson("j5").grade_hidden("e5", globals())
### END HIDDEN TESTS

# %% [markdown] id="e6-task"
# ### Exercise 6: Who is it? (should, 5 minutes)
#
# Text is the hardest thing to make safe ({term}`de-identification`). In a table the name has a column: drop it, and it is gone. In a text a name may stand anywhere, with a typing error, or as a job that only one person ever had ({term}`quasi-identifier`). One that is left is enough. And a program that takes out too much spoils the medicine.
#
# This note was "de-identified": the name is gone. It is made up, like its people and its town.
#
# > Record 8841207. [NAME], 94 years, came on 14 March with oedema. Weight 71.4 kg, NT-proBNP 4,210 ng/L. Known Parkinson's disease. Foley catheter from day 2 on. Was mayor of Tel Oren until 2019. Lives alone, her son Adam (phone 555-0143) shops for her.
#
# **Name** all that can still lead to her, and nothing that cannot. A year alone leads to nobody, nor does a day counted from admission. Health law of the USA lists what must go from a note that is shared: names (of relatives too), all parts of a date but the year, places smaller than a state, numbers of phones and records, ages over 89, and whatever else fits one person only (HIPAA Safe Harbor, 45 CFR 164.514(b)(2)).

# %% id="e6" nbgrader={"grade": false, "grade_id": "e6-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
# By hand: a list of some of the choices above, like ["71.4 kg", "day 2"]
identifiers = ...
### BEGIN SOLUTION
identifiers = ["8841207", "94 years", "14 March", "mayor of Tel Oren", "Adam", "555-0143"]
### END SOLUTION

# %% id="e6-check"
check.button("e6")

# %% id="e6-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e6-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 6. You need not read it.
from rounds.lessons import open_lesson

open_lesson("j5").grade("e6", globals())
### BEGIN HIDDEN TESTS
open_lesson("j5").grade_hidden("e6", globals())
### END HIDDEN TESTS

# %% [markdown] id="misconception" tags=["part:misconception"]
# ## You may have thought
#
# > **"The word stands there, so the patient has it."** And the other way round: no word, no finding. Both fail. Writers deny, copy and speak of others; and they have many words for one thing.
#
# > **"A language model understands the text, so it sees only facts."** It sees what was *written*. A copied line, an {term}`addendum` of next month and a slip of the pen are text like any other. Cut at time zero and look at the source first, whatever reads it then.

# %% id="q2"
check.ask("q2")

# %% [markdown] id="wrap-up" tags=["part:wrap-up"]
# ## Three lines to keep
#
# 1. A mention is not a finding: ask who, when, and whether it is denied. Measure the rule against notes that somebody has read.
# 2. Notes carry the number of the stay, not its time: cut them by when they were written.
# 3. A word with a great weight is a question: when is it written, and by whom?
#
# **Take it to your challenge (heart failure):** which notes may your model read at its time zero, and who of you has read fifty of them to measure your rule?
#
# ### Words of this lesson
#
# WORDS_OF_THIS_LESSON
