# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown] id="title" tags=["part:title"]
# # Why a perfect model is worthless
#
# *Track: machine learning for clinicians. Challenge: heart failure.*
#
# > **Synthetic data.** A computer made up every patient and every stay in this notebook. The data are for teaching. Draw no clinical conclusion from them.
#
# *Awaiting a clinician's review.*

# %% [markdown] id="objectives" tags=["part:objectives"]
# ## What you can do at the end
#
# 1. **Explain** what the training says of a model, and what the test says.
# 2. **Mark** on two curves where a model over-fits.
# 3. **Split** a table by patient, and **find** a split that is not.

# %% [markdown] id="minutes" tags=["part:minutes"]
# ## Minutes
#
# | part | minutes | |
# |---|---|---|
# | self-check, story, widget | 10 | **must** |
# | worked example and gaps | 8 | **must** |
# | exercises 1, 2 and 3 | 16 | **must** |
# | exercise 4 | 4 | **should** |
# | question at the end | 2 | **could** |
#
# You cannot break anything. **Start again** below a box brings back its first text.

# %% [markdown] id="needs" tags=["part:needs"]
# ## What you need
#
# You need lesson A1: row, feature, label, and that a model is measured on other patients.
#
# **How to answer:** write into a box, or choose in the form above it. Press **Run** below the box, then the check button.

# %% id="setup"
import numpy as np
import pandas as pd

from rounds.data import load
from rounds.lessons import open_lesson

check = open_lesson("a2")
hospital = load("heart_failure")
measured = ["sodium", "creatinine", "haemoglobin", "systolic", "heart_rate", "length_of_stay", "stays_last_year"]
stays = hospital.frame().dropna(subset=["readmitted_30d", *measured])
stays["back"] = stays["readmitted_30d"].astype(bool)
print(f"Ready: {len(stays):,} stays of {stays['person_id'].nunique():,} patients.")

# %% [markdown] id="selfcheck"
# **Self-check.** Two questions. If both are easy, go straight to *Before you look: predict*.

# %% id="s1"
check.ask("s1")

# %% id="s2"
check.ask("s2")

# %% [markdown] id="ward" tags=["part:ward"]
# ## Why a ward cares
#
# Avi is 74 and goes home after a week in hospital with heart failure. Some patients are back within 30 days, and a nurse can phone only a few of them in time. A company offers the ward a model that was "right in all cases" on its own data.
#
# One row of our table is one **stay**, whose length is in days. The {term}`label` is `back`: did another unplanned stay begin within 30 days? The {term}`moment of prediction <index-date>` is the day the patient goes home.

# %% id="look"
columns = ["person_id", "age", "sodium", "creatinine", "length_of_stay", "stays_last_year", "back"]
print(f"{100 * stays['back'].mean():.0f} of 100 stays were followed by another within 30 days")
stays[columns].head(4).round(1)

# %% [markdown] id="predict" tags=["part:predict"]
# ## Before you look: predict
#
# A {term}`decision tree <decision-tree>` asks questions with two answers, one after the other. Each stay ends in a group. The group's share of returns is the predicted risk. The number of questions in a row is the **depth**.
#
# ![A tree with two rounds of questions: first stays in the last year, then sodium or creatinine; four groups at its end, from low to high risk; a third round would make eight groups](tree.svg)

# %% [markdown] id="predict-guess"
# The computer chooses the questions from the **training** stays. The {term}`test <held-out-set>` stays are of other patients: one fifth of all patients is put aside for them.

# %% id="aside" rounds={"role": "made"}
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupShuffleSplit
from sklearn.tree import DecisionTreeClassifier

fifths = GroupShuffleSplit(n_splits=1, test_size=0.2, random_state=0)
sides = next(fifths.split(stays, groups=stays["person_id"]))
train, test = (stays.iloc[rows] for rows in sides)
for side, part in {"Training": train, "Test": test}.items():
    print(f"{side}: {len(part):,} stays of {part['person_id'].nunique():,} patients")

def rounded(values):  # what is no number yet stays as it is
    return [round(one, 1) if isinstance(one, float) else one for one in values]

# %% [markdown] id="predict-pairs"
# How good is a tree? We take **pairs**: one stay with a return, one without. The tree should give the first the higher risk. Guessing is right in 50 of 100 pairs, and a tie counts half. Engineers call this share the {term}`AUROC`.
#
# A deeper tree knows its training stays better and better. **At which depth, from 1 to 20, is it best on the test stays?** Write your number into the card and press **Lock in my guess**. A wrong guess costs nothing: it helps you to remember.

# %% [markdown] id="widget" tags=["part:widget"]
# ## Move it
#
# 1. Move the depth from 1 to 20, slowly. Where do the two curves leave each other?
# 2. Choose *who the patient is* and *single rows*. Now the tree knows no blood test at all. What does the test curve say?
# 3. Choose *whole patients* again. Which of the two tests is right about a patient whom the ward has never seen?
# 4. Choose *what was measured* with *single rows*. Now the card's table has all four ways.

# %% id="slider"
from rounds_widgets import DepthSlider

described = stays.merge(hospital.frame("person")[["person_id", "birth_year", "hmo", "sector"]], on="person_id")
for column, source in {"female": "sex", "region": "sector", "health_fund": "hmo", "hospital": "site"}.items():
    described[column] = described[source].astype("category").cat.codes  # a number for each name
traits = ["birth_year", "female", "region", "health_fund", "hospital"]
DepthSlider(described, {"what was measured": measured, "who the patient is": traits}, outcome="back")

# %% id="q1"
check.ask("q1")

# %% [markdown] id="worked" tags=["part:worked"]
# ## A worked example
#
# First the perfect model: a tree that may ask as long as it likes. It asks about what was measured. In step 2, `predict_proba` gives each stay two risks, of no return and of a return, and `[:, 1]` keeps the second. `roc_auc_score` counts the pairs, as a share.

# %% id="worked-perfect"
# Step 1: let a tree grow to its end on the training stays
perfect = DecisionTreeClassifier(random_state=0).fit(train[measured], train["back"])

# Step 2: of 100 pairs, in how many does a tree give the return the higher risk?
def pairs_right(tree, rows):
    risk = tree.predict_proba(rows[measured])[:, 1]  # one risk for each stay
    return float(100 * roc_auc_score(rows["back"], risk))

# Step 3: ask on the stays that it knows, then on stays of other patients
print(f"Training: right in {pairs_right(perfect, train):.0f} of 100 pairs")
print(f"Test: right in {pairs_right(perfect, test):.0f} of 100 pairs")

# %% [markdown] id="worked-why"
# The training result is perfect, and the test result is little better than guessing. The tree asked until the stays of each group had all ended in the same way. Its groups are then very small: the tree has *stored* the training stays. What it stored about one stay says little about another. This is {term}`over-fitting`.
#
# Now the second trap. **Rows are not patients:** many patients have several stays.

# %% id="worked-plot" rounds={"role": "made"}
from matplotlib.figure import Figure
from rounds.lessons.pictures import show_picture
stays_of = stays["person_id"].value_counts()
figure = Figure(figsize=(7, 2.8))
axis = figure.subplots()
axis.hist(stays_of, bins=np.arange(0.5, stays_of.max() + 1), edgecolor="white")
axis.set(xlabel="stays of one patient", ylabel="patients")
repeated = 100 * stays_of[stays_of > 1].sum() / len(stays)
words = f"Few stays are usual, {stays_of.max()} the most. "
words += f"{repeated:.0f} of 100 rows are of a patient with more than one."
print(words)
show_picture(figure, words)

# %% [markdown] id="worked-rows"
# What happens when we put **rows** aside by chance?
#
# ![Two tables of the same six stays of three patients; cut by rows, patients A and B have stays on both sides; cut by patient, each patient is on one side](two-splits.svg)

# %% id="worked-both"
# Step 1: put one fifth of the rows aside
drawn = stays.sample(frac=0.2, random_state=0)
rest = stays.drop(drawn.index)

# Step 2: how many of these test stays are of a patient who has another stay in the training?
has_met = drawn["person_id"].isin(rest["person_id"])  # true or false for each stay
print(f"{100 * has_met.mean():.0f} of 100 test stays are of a patient whom the tree has met")

# %% [markdown] id="worked-how-bad"
# Such a patient is counted on both sides: the patients of the two parts add up to more than there are.
#
# How much does that flatter? It depends on the columns. Look at the table of the card above. With *what was measured* the two tests agree, within chance. With *who the patient is* the test by rows is far too good. You cannot know before, so split by patient.

# %% [markdown] id="faded" tags=["part:faded"]
# ## Your turn, with gaps
#
# Now a tree of depth 10. How much better does it look on the stays that it knows? Statisticians call this difference the {term}`optimism`. **Replace** the three dots, twice. The worked example has the lines you need.

# %% id="f1" nbgrader={"grade": false, "grade_id": "f1-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
middle_tree = DecisionTreeClassifier(max_depth=10, random_state=0)
middle_tree.fit(train[measured], train["back"])
known_pairs = ...  # of 100 pairs, right among the stays that it learned from
difference = ...  # how much better that is than among stays of other patients
### BEGIN SOLUTION
known_pairs = pairs_right(middle_tree, train)
difference = known_pairs - pairs_right(middle_tree, test)
### END SOLUTION
both_gaps = [known_pairs, difference]  # the button reads both
rounded(both_gaps)

# %% id="f1-check"
check.button("f1")

# %% [markdown] id="exercises" tags=["part:exercises"]
# ## Exercises
#
# Each exercise has a box for your answer, then a button. The button tells you what to try next. Press it as often as you like.
#
# ### Exercise 1: Where does it over-fit? (must, 4 minutes)
#
# Another question, from the same stays: does this patient have atrial fibrillation, an irregular heartbeat? The tree asks about the age and the heart rate. Here are its curves, split by patient.

# %% id="e1-curves" rounds={"role": "made"}
from rounds.evaluation.depth_curves import Plan, depth_curve

curve = depth_curve(stays, Plan(("age", "heart_rate"), outcome="af"))
figure = Figure(figsize=(7, 3.4))
axis = figure.subplots()
axis.plot(range(1, 21), curve.train, color="#b84700", label="training")
axis.plot(range(1, 21), curve.test, "o-", color="#0072b2", label="test")
axis.set(xlabel="depth of the tree", ylabel="pairs ranked rightly, of 100", xticks=range(1, 21))
axis.legend()
heights = ", ".join(f"{depth}: {value:.0f}" for depth, value in enumerate(curve.test, 1))
show_picture(figure, f"Training climbs from {curve.train[0]:.0f} to {curve.train[-1]:.0f}. Test by depth: {heights}.")

# %% [markdown] id="e1-task"
# A tree **over-fits** at a depth where its last question made the training curve better and the test curve worse. **Mark** the first such depth and the last. No code is needed.

# %% id="e1" nbgrader={"grade": false, "grade_id": "e1-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
# two depths in round brackets, such as (7, 9)
overfits = ...
### BEGIN SOLUTION
overfits = (5, 20)
### END SOLUTION

# %% id="e1-check"
check.button("e1")

# %% id="e1-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e1-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 1. You need not read it.
from rounds.lessons import open_lesson

open_lesson("a2").grade("e1", globals())
### BEGIN HIDDEN TESTS
open_lesson("a2").grade_hidden("e1", globals())
### END HIDDEN TESTS

# %% [markdown] id="e2-task"
# ### Exercise 2: Split by patient (must, 7 minutes)
#
# A *function* is a recipe with a name. This one takes any table with a column `person_id` and gives back two tables: first the training, then the test. First it puts **one fifth of the patients** aside, drawn by chance. The test holds all their stays.
#
# Words of the code: `.drop_duplicates()` keeps each value once. `.sample(frac=0.5, random_state=1)` draws half of the values by chance, and the same ones each time. `.isin(...)` says for each row whether its value is among these. `~` means "not".
#
# **Complete** the recipe: replace the three dots, three times. The last line tries it: it prints the rows and columns of both parts (the table has more columns than you saw).


# %% id="e2" nbgrader={"grade": false, "grade_id": "e2-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
def split_by_patient(table):
    put_aside = ...  # one fifth
    test_part = ...  # all rows of these patients
    training_part = ...  # all other rows
    ### BEGIN SOLUTION
    put_aside = table["person_id"].drop_duplicates().sample(frac=0.2, random_state=1)
    test_part = table[table["person_id"].isin(put_aside)]
    training_part = table[~table["person_id"].isin(put_aside)]
    ### END SOLUTION
    return training_part, test_part

print(*map(np.shape, split_by_patient(stays)))

# %% id="e2-check"
check.button("e2")

# %% id="e2-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e2-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 2. You need not read it.
from rounds.lessons import open_lesson

open_lesson("a2").grade("e2", globals())
### BEGIN HIDDEN TESTS
open_lesson("a2").grade_hidden("e2", globals())
### END HIDDEN TESTS

# %% [markdown] id="e3-task"
# ### Exercise 3: An honest evaluation, step by step (must, 5 minutes)
#
# Your team looks for the best depth. Then it reports how good the tree is for new patients. There is one more catch: whoever chooses the depth by the test has used the test. So the training patients are split once more, into a part to learn from and a part to choose with. Engineers call the second part the *validation set*.
#
# **Put** the steps in order. Six of the eight are needed. More than one order is right.
#
# | step | what is done |
# |---|---|
# | A | fit one tree of the chosen depth on all training stays |
# | B | put one fifth of the patients aside as the test |
# | C | count the pairs of the test, once |
# | D | write down which measure you will report |
# | E | split the training patients once more: a part to learn from, a part to choose with |
# | F | fit trees of many depths on the first part, keep the best on the second |
# | G | count the pairs of the test for many depths, keep the best |
# | H | fit one tree on all stays, training and test |

# %% id="e3" nbgrader={"grade": false, "grade_id": "e3-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
# letters in quotes, such as ["F", "A"]
steps = ...
### BEGIN SOLUTION
steps = ["D", "B", "E", "F", "A", "C"]
### END SOLUTION

# %% id="e3-check"
check.button("e3")

# %% id="e3-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e3-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 3. You need not read it.
from rounds.lessons import open_lesson

open_lesson("a2").grade("e3", globals())
### BEGIN HIDDEN TESTS
open_lesson("a2").grade_hidden("e3", globals())
### END HIDDEN TESTS

# %% [markdown] id="e4-task"
# ### Exercise 4: Which result is leaky? (should, 4 minutes)
#
# Five teams split our stays and fitted a tree on what was measured. In **one** team the same patients stand on both sides. That is a {term}`leak <leakage>`. The others may have good results or poor ones, but nobody stands on both sides. *Pairs* are those that the tree ranks rightly, of 100.

# %% id="e4-report" rounds={"role": "made"}
def report(depth, known, other):
    tree = DecisionTreeClassifier(max_depth=depth, random_state=0)
    tree.fit(known[measured], known["back"])
    people = [part["person_id"].nunique() for part in (known, other)]
    return [depth, *people, round(pairs_right(tree, known)), round(pairs_right(tree, other))]

some = stays["person_id"].drop_duplicates().sample(frac=0.04, random_state=8)
few = stays["person_id"].isin(some)
headings = ["depth", "patients in training", "patients in test", "training pairs", "test pairs"]
print(f"In all: {len(stays):,} stays of {stays['person_id'].nunique():,} patients")

# %% id="e4-results" rounds={"role": "made"}
teams = {
    "A": report(3, train, test),
    "B": report(20, train, test),
    "C": report(3, stays[~few], stays[few]),
    "D": report(4, rest, drawn),
    "E": report(1, train, test),
}
pd.DataFrame.from_dict(teams, orient="index", columns=headings).rename_axis("team")

# %% [markdown] id="e4-choose"
# **Choose** the team with the leak. Write its letter in quotes.

# %% id="e4" nbgrader={"grade": false, "grade_id": "e4-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
leaky_team = ...
### BEGIN SOLUTION
leaky_team = "D"
### END SOLUTION

# %% id="e4-check"
check.button("e4")

# %% id="e4-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e4-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 4. You need not read it.
from rounds.lessons import open_lesson

open_lesson("a2").grade("e4", globals())
### BEGIN HIDDEN TESTS
open_lesson("a2").grade_hidden("e4", globals())
### END HIDDEN TESTS

# %% [markdown] id="misconception" tags=["part:misconception"]
# ## You may have thought
#
# > **"More accuracy on our data is better."** Not on the data that the model learned from. Ask one more question, and the training result gets better, up to perfect. What you may expect for the next patient stands in the test, and only if nothing was chosen by it.
#
# > **"Rows are patients."** A patient with five stays has five rows that are like each other. When rows are split by chance, the model meets most test patients in the training. Then the test asks: does it know these patients *again*? The ward asks: does it know *others*?
#
# A split copies the day when the model is used. For new patients, split by patient. For the coming year, put the latest stays aside too.

# %% id="q2"
check.ask("q2")

# %% [markdown] id="wrap-up" tags=["part:wrap-up"]
# ## Three lines to keep
#
# 1. The training result says what a model remembers. The test result says what to expect for others.
# 2. Put whole patients aside: nobody stands on both sides.
# 3. Choose nothing by the test: no depth, no column, no measure. Open it once.
#
# **Take it to your challenge (heart failure):** how many patients, and how many rows, will stand in your test? Write the line that splits by patient before you train a model, and tell your mentor who may open the test, and when.
#
# ### Words of this lesson
#
# WORDS_OF_THIS_LESSON
