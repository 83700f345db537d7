# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown] id="title" tags=["part:title"]
# # Does it travel, and is it fair?
#
# *Track: together. One clinician and one engineer, one keyboard. Swap the keyboard after each exercise. Challenge: Covid-19.*
#
# > **Synthetic data.** A computer made up every patient in this notebook. The data are for teaching. Draw no clinical conclusion from them.
#
# *Awaiting a clinician's review.*

# %% [markdown] id="objectives" tags=["part:objectives"]
# ## What you can do at the end
#
# 1. **Look for** what has changed in a new place: in ranking, level, flags, and in the columns.
# 2. **Report** a model by groups, with intervals, and say where there are too few.
# 3. **Reset** the level with a few patients of the new place, and **explain** why two wishes for fairness do not come true together.

# %% [markdown] id="minutes" tags=["part:minutes"]
# ## Minutes
#
# | part | minutes | |
# |---|---|---|
# | self-check, story, widget | 12 | **must** |
# | worked example and gaps | 7 | **must** |
# | exercises 1, 3 and 4 | 16 | **must** |
# | exercise 2 | 7 | **should** |
# | question at the end | 2 | **could** |

# %% [markdown] id="needs" tags=["part:needs"]
# ## What you need
#
# You need each other. Three words of lesson A4 help: *ranking* is the order of the risks, *level* is how high they are, and a *flag* is a risk above a threshold. The clinician knows who comes to a hospital; the engineer knows what a table hides.
#
# **How to answer:** use the choices above a box, or write into it. Press **Run** below the box, then the check button.

# %% id="setup"
import numpy as np
import pandas as pd

from rounds.data import load
from rounds.lessons import open_lesson

check = open_lesson("j7")
patients = load("covid").frame().dropna(subset=["urea"])
patients = patients[patients["wave"] <= 3].assign(male=lambda rows: rows["sex"] == "male")
patients["died"] = patients["died_in_hospital"].astype(bool)
known = ["age", "male", "diseases", "rr", "spo2_first", "oxygen", "confused", "urea"]
print(f"Ready: {len(patients):,} patients of 2 hospitals.")

# %% [markdown] id="selfcheck"
# **Self-check.** Answer both questions together. If both are easy, go straight to *Before you look: predict*.

# %% id="s1"
check.ask("s1")

# %% id="s2"
check.ask("s2")

# %% [markdown] id="ward" tags=["part:ward"]
# ## Why a ward cares
#
# Mr Aziz is 62 and comes to hospital B with Covid. The model of hospital A gives him a risk of 31 %, and the doctors of B wonder: is that so here, too? Nobody has told the model that B writes urea in another unit.
#
# ![Three things that can change in a new place: who comes, what happens to them, and how it is written down](three-changes.svg)

# %% [markdown] id="predict" tags=["part:predict"]
# ## Before you look: predict
#
# The model learned at hospital A who dies of Covid there. It uses eight columns of the first day, urea among them: a waste product that the kidneys take out of the blood, high when they fail. Hospital A writes urea in mmol/L. Suppose that hospital B writes *urea nitrogen* (the nitrogen in it) *in mg/dL*: the same blood gives a number 2.8 times as large. Nobody converts it.
#
# At home, at hospital A, the model ranks most {term}`pairs <AUROC>` rightly: one patient who died, one who did not. The card says how many of 100, at home and at hospital B as it is. **How many of 100 pairs will it rank rightly at hospital B with the wrong unit?** Agree on one number, write it into the card, and press **Lock in my guess**.

# %% id="risks" rounds={"role": "made"}
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

at_a, at_b = (patients[patients["site"] == site].copy() for site in ("A", "B"))
model = make_pipeline(StandardScaler(), LogisticRegression()).fit(at_a[known], at_a["died"])
ways = {
    "risk": {},
    "risk_unit": {"urea": lambda rows: rows["urea"] * 2.8},
    "risk_missing": {"urea": at_a["urea"].median()},
    "risk_oxygen": {"oxygen": False},
}

# %% id="groups" rounds={"role": "made"}
for rows in (at_a, at_b):
    rows["group"] = np.where(rows["age"] < 70, "under 70", "70 and over")
    for column, changed in ways.items():
        rows[column] = model.predict_proba(rows.assign(**changed)[known])[:, 1]

# %% [markdown] id="widget" tags=["part:widget"]
# ## Change the hospital
#
# One thing at a time, and press **Back to the hospital as it is** in between. For each: which of the three figures moves, and which stands still?
#
# 1. Urea in another unit; urea that is never measured; oxygen that is never written down.
# 2. Older people come.
# 3. A new treatment avoids half of the deaths.
# 4. Then the two groups. First find thresholds at which as many of those who died are **found** in both. Then thresholds at which a flag is **right** as often in both. Can you have both?

# %% id="mixer"
from rounds_widgets import SiteMixer

written = {
    "as at home": "risk",
    "urea nitrogen in mg/dL, not converted": "risk_unit",
    "urea never measured": "risk_missing",
    "oxygen never written down": "risk_oxygen",
}
SiteMixer(at_a, at_b, written)

# %% id="q1"
check.ask("q1")

# %% [markdown] id="worked" tags=["part:worked"]
# ## A worked example
#
# Two kinds of {term}`shift <dataset-shift>` have names. Other people come, and what the columns say of them holds: a *covariate shift*. The same columns now mean another risk, as after a new treatment: a *concept shift*. A wrong unit is neither: it is an error, and it is to be repaired.
#
# **A model by groups.** A mean over all can hide a group in which the model fails. Here for women and men at hospital B: deaths for each one {term}`expected <expected-events>` (the card has them for 100), with the 95 % interval.

# %% id="worked-slices"
from rounds.evaluation.level import ratio_interval

# Step 1: take one group at a time
for sex, here in at_b.groupby("sex"):
    # Step 2: how many died, for each death that was expected?
    ratio, low, high = ratio_interval(here["died"], here["risk"])
    # Step 3: say it with its interval, and with the number of deaths behind it
    print(f"{sex}: {ratio:.2f} ({low:.2f} to {high:.2f}), {here['died'].sum()} deaths")

# %% id="worked-all" rounds={"role": "made"}
shown = {"sex": "sex", "skin_tone": "skin", "group": "age"}
slices = {f"{shown[name]}: {value}": rows for name in shown for value, rows in at_b.groupby(name)}
found = {name: ratio_interval(rows["died"], rows["risk"]) for name, rows in slices.items()}

# %% id="worked-picture" rounds={"role": "made"}
from matplotlib.figure import Figure
from rounds.lessons.pictures import show_picture

figure = Figure(figsize=(7, 3.2), layout="constrained")
axis = figure.subplots()
for at, (ratio, low, high) in enumerate(found.values()):
    axis.plot([low, high], [at, at], color="#0072b2")
    axis.plot(ratio, at, "o", color="#0072b2")
axis.axvline(1, ls="--", color="#51606e")
axis.set(yticks=range(len(found)), yticklabels=list(found))
axis.set(xlabel="deaths for each one expected, 95 % interval", xscale="log", xticks=[0.7, 1, 1.4], xticklabels=["0.7", "1", "1.4"])
axis.minorticks_off()

# %% id="worked-words" rounds={"role": "made"}
widest = max(found, key=lambda name: found[name][2] / found[name][1])
show_picture(figure, f"All intervals contain 1. The widest is that of {widest}, with {slices[widest]['died'].sum()} deaths.")

# %% [markdown] id="worked-read"
# All intervals contain 1. That is no proof of fairness: the widest could hide a model that is wrong by half. **Few deaths, wide interval.** Where there are too few, say "too few", and look for more patients before anybody calls the model fair.

# %% [markdown] id="faded" tags=["part:faded"]
# ## Your turn, with gaps
#
# At hospital B a patient is flagged from a risk of **0.3** on. **Of 100 flags, how many are right?** **Replace** the three dots, twice.

# %% id="f1" nbgrader={"grade": false, "grade_id": "f1-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
flagged_b = ...  # the rows of at_b that are flagged
right_of_100 = ...  # how many of 100 of them died; a whole number is enough
### BEGIN SOLUTION
flagged_b = at_b[at_b["risk"] >= 0.3]
right_of_100 = 100 * flagged_b["died"].mean()
### END SOLUTION
right_of_100

# %% id="f1-check"
check.button("f1")

# %% [markdown] id="exercises" tags=["part:exercises"]
# ## Exercises
#
# Talk first, type second. The button tells you what to try next. Press it as often as you like.

# %% id="sites" rounds={"role": "made"}
def change(rows, **changed):
    """Return patients in a changed hospital, with the risks that the model gives them there."""
    rows = rows.assign(**changed)
    filled = rows[known].fillna({"urea": at_a["urea"].median()})
    return rows.assign(risk=model.predict_proba(filled)[:, 1])


# %% id="five" rounds={"role": "made"}
lives = np.random.default_rng(10).random(len(at_b)) < 0.5
in_turn = at_b.sample(frac=1, random_state=7)  # in the order in which they come
sites = {
    "Ash": change(at_b, urea=at_b["urea"] * 2.8),
    "Birch": at_b.sample(1400, replace=True, weights=np.exp(at_b["age"] / 20), random_state=7),
    "Cedar": in_turn.assign(died=in_turn["died"] & ~lives),
    "Elm": change(at_b, urea=np.nan),
    "Fir": change(at_b, oxygen=False),
}

# %% [markdown] id="e1-task"
# ### Exercise 1: What has changed there? (must, 5 minutes)
#
# Five hospitals took the model over. The table below shows hospital A, where the model is at home, hospital B as it is, and the five. In each of the five, one thing is different from hospital B. **Sort** them. The clinician looks at the patients and their columns, the engineer at the three last lines. (A level that is too high has many causes: the last lines alone do not tell.)

# %% id="site-table" rounds={"role": "made"}
from sklearn.metrics import roc_auc_score

def look_at(rows):
    """Return what one sees of a hospital."""
    first = {"mean age": rows["age"].mean(), "median urea": rows["urea"].median(), "urea missing, %": 100 * rows["urea"].isna().mean()}
    then = {"on oxygen, %": 100 * rows["oxygen"].mean(), "died, %": 100 * rows["died"].mean()}
    last = {"pairs ranked rightly, of 100": 100 * roc_auc_score(rows["died"], rows["risk"]), "deaths for 100 expected": 100 * ratio_interval(rows["died"], rows["risk"])[0]}
    return {**first, **then, **last}


seen = pd.DataFrame({name: look_at(rows) for name, rows in {"hospital A": at_a, "hospital B": at_b, **sites}.items()})
seen.round(0).astype("Int64")

# %% id="e1" nbgrader={"grade": false, "grade_id": "e1-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
# By hand: curly brackets, and in them an entry for each hospital, like "Fir": "older patients"
# Groups: "another unit", "older patients", "a new treatment", "a test not done", "always coded as no"
changed_there = ...
### BEGIN SOLUTION
changed_there = {"Ash": "another unit", "Birch": "older patients", "Cedar": "a new treatment"}
changed_there |= {"Elm": "a test not done", "Fir": "always coded as no"}
### END SOLUTION

# %% id="e1-check"
check.button("e1")

# %% id="e1-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e1-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 1. You need not read it.
from rounds.lessons import open_lesson

open_lesson("j7").grade("e1", globals())
### BEGIN HIDDEN TESTS
open_lesson("j7").grade_hidden("e1", globals())
### END HIDDEN TESTS

# %% [markdown] id="e2-task"
# ### Exercise 2: A table by groups, and "too few" (should, 7 minutes)
#
# `slice_table` takes three columns: `died` (true or false), the `risk`, and the `group` of each patient. It returns a dictionary. For each group it holds the deaths for each one expected with its interval, or the text `"too few"` where **fewer than ten patients died**. Some patients have no group: they are left out. (In a report write beside the table how many they are. They are often not like the others.)
#
# **Complete** the two lines. The last line of the box tries them on twelve groups of hospital B.

# %% id="try-table" rounds={"role": "made"}
def try_table(function):
    """Show what a function says of twelve groups of hospital B, beside the deaths of each."""
    named = "wave " + at_b["wave"].astype(str) + ", " + at_b["group"] + np.where(at_b["oxygen"], ", oxygen", ", no oxygen")
    table = function(at_b["died"], at_b["risk"], named)
    told = {name: one if isinstance(one, str) else "{:.2f} ({:.2f} to {:.2f})".format(*one) for name, one in table.items()}
    if len({*told.values()}) == 1:
        return "All groups get the same: look again at both lines of the box."
    return pd.DataFrame({"deaths": at_b["died"].groupby(named).sum(), "slice_table says": pd.Series(told, dtype=object)})


# %% id="e2" nbgrader={"grade": false, "grade_id": "e2-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
def slice_table(died, risk, group):
    table = {}
    for name in group.dropna().unique():
        here = ...  # which patients are in this group?
        enough = ...  # have ten or more of them died?
        ### BEGIN SOLUTION
        here = group == name
        enough = died[here].sum() >= 10
        ### END SOLUTION
        table[name] = ratio_interval(died[here], risk[here]) if enough else "too few"
    return table
try_table(slice_table)

# %% id="e2-check"
check.button("e2")

# %% id="e2-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e2-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 2. You need not read it.
from rounds.lessons import open_lesson

open_lesson("j7").grade("e2", globals())
### BEGIN HIDDEN TESTS
open_lesson("j7").grade_hidden("e2", globals())
### END HIDDEN TESTS

# %% [markdown] id="e3-task"
# ### Exercise 3: Two hundred patients of Cedar (must, 6 minutes)
#
# In Cedar about half as many die as the model expects. Nobody wants to learn a new model from so few deaths. But the **level** can be reset: `find_push(died, risk)` finds one number, the *push*, and `push_risks(risk, push)` moves all risks by it, all up or all down; their order stays, and none leaves 0 to 1 (the push is added to the logarithm of the odds). `cedar` holds the patients in the order in which they came.
#
# **Find** the push with the **first 200** patients. Then **test** on all others: how many died for each one that is expected now? (`ratio_interval(died, risk)` gives three numbers; `[0]` behind it takes the first, the ratio.)

# %% id="e3-cedar" rounds={"role": "made"}
from rounds.evaluation.level import find_push, push_risks

cedar = sites["Cedar"]

# %% id="e3" nbgrader={"grade": false, "grade_id": "e3-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
first, others = cedar.iloc[:200], cedar.iloc[200:]
push = ...  # found with whom?
mended_ratio = ...  # deaths for each one expected, after the push
### BEGIN SOLUTION
push = find_push(first["died"], first["risk"])
mended_ratio = ratio_interval(others["died"], push_risks(others["risk"], push))[0]
### END SOLUTION
mended_ratio

# %% id="e3-check"
check.button("e3")

# %% id="e3-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e3-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 3. You need not read it.
from rounds.lessons import open_lesson

open_lesson("j7").grade("e3", globals())
### BEGIN HIDDEN TESTS
open_lesson("j7").grade_hidden("e3", globals())
### END HIDDEN TESTS

# %% [markdown] id="e3-then"
# With about twenty deaths the push itself is not sure: another 200 patients would have given another one. The test has an interval, too: `ratio_interval` gives it without `[0]`, here 0.79 to 1.15. So the level is watched from then on, and reset again.

# %% [markdown] id="e4-task"
# ### Exercise 4: Two wishes (must, 5 minutes)
#
# Hospital B again, and two groups of patients. Three ways to set the thresholds:

# %% id="wishes" rounds={"role": "made"}
def at_thresholds(**thresholds):
    """Return, for each group at its threshold, how many who died are found and how many flags are right, of 100."""
    told = {}
    for name, threshold in zip(["under 70", "70 and over"], thresholds.values()):
        here = at_b[at_b["group"] == name]
        flags = here["risk"] >= threshold
        told[name] = [f"{threshold:.2f}", round(100 * flags[here["died"]].mean()), round(100 * here["died"][flags].mean())]
    return told


# %% id="wishes-table" rounds={"role": "made"}
rules = {"one for all": (0.2, 0.2), "as many found": (0.061, 0.239), "flags right as often": (0.36, 0.23)}
lines = {(rule, name): told for rule, (a, b) in rules.items() for name, told in at_thresholds(a=a, b=b).items()}
pd.DataFrame(lines, index=["threshold", "found, of 100 who died", "right, of 100 flags"]).T

# %% [markdown] id="e4-who"
# Numbers without an interval say too much: under 70 the last rule has 23 flags, and 11 of them are right. That is 48 of 100, 95 % interval 29 to 67.
#
# Somebody proposes to leave the column *age* out: "then the model cannot treat the groups differently". Here is a model without it, one threshold of 0.2 for all.

# %% id="without" rounds={"role": "made"}
others_known = [column for column in known if column != "age"]
blind = make_pipeline(StandardScaler(), LogisticRegression()).fit(at_a[others_known], at_a["died"])
at_b["blind"] = blind.predict_proba(at_b[others_known])[:, 1]
told = {}
for name, here in at_b.groupby("group"):
    flags, expected = here["blind"] >= 0.2, ratio_interval(here["died"], here["blind"])[0]
    told[name] = [round(100 * flags[here["died"]].mean()), round(100 * here["died"][flags].mean()), round(100 * expected)]
pd.DataFrame(told, index=["found, of 100 who died", "right, of 100 flags", "deaths for 100 expected"]).T

# %% [markdown] id="e4-choose"
# **Choose** all sentences that the two tables support.
#
# - **A**: "With one threshold for all, more of the deaths under 70 are missed than of those of 70 and over."
# - **B**: "Where as many are found in both groups, a flag is worth as much in both."
# - **C**: "Where as many are found in both groups, more of the flags under 70 are wrong."
# - **D**: "Without the column age the two groups are treated alike."
# - **E**: "Without the column age the risks of those of 70 and over are too low, and those of the others too high."
# - **F**: "A better choice of two thresholds would make both wishes come true."

# %% id="e4" nbgrader={"grade": false, "grade_id": "e4-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
# a list of letters in quotes, such as ["B", "F"]
supported = ...
### BEGIN SOLUTION
supported = ["A", "C", "E"]
### END SOLUTION

# %% id="e4-check"
check.button("e4")

# %% id="e4-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e4-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 4. You need not read it.
from rounds.lessons import open_lesson

open_lesson("j7").grade("e4", globals())
### BEGIN HIDDEN TESTS
open_lesson("j7").grade_hidden("e4", globals())
### END HIDDEN TESTS

# %% [markdown] id="misconception" tags=["part:misconception"]
# ## You may have thought
#
# > **"Leave out the column of the group, and the model is fair."** The other columns tell the group, too. And the model now promises too little to one group and too much to the other.
#
# > **"It ranks worse in another hospital, so the model is bad."** Or: it ranks as well, so all is in order. The card showed both to be hasty: a wrong unit moved hardly a pair, and a good treatment moved the ranking. Look at level and flags too, and ask **what** has changed.

# %% [markdown] id="misconception-why"
# **Why not both wishes?** ({term}`fairness criteria <fairness-criteria>`) Suppose that more people die in one group, and that the model is not perfect. Then three things cannot all be alike: how many who die are found, how often a flag is right, and how many of the others are flagged in vain (Chouldechova 2017; for risks Kleinberg 2016). At hospital B not even the first two come together, at any threshold that a ward would use. People decide which of them matters: those who bear the errors.

# %% id="q2"
check.ask("q2")

# %% [markdown] id="wrap-up" tags=["part:wrap-up"]
# ## Three lines to keep
#
# 1. In a new place look at ranking, level, flags, **and at the columns**. What moved is a clue to what has changed, no proof.
# 2. Report by groups, with intervals, and write "too few" where there are too few.
# 3. An error is repaired, a level is reset, and which fairness counts is decided by people.
#
# **Take it to your challenge (Covid-19):** which hospital and which wave has your model never seen? Which group of your patients has fewer than ten deaths?
#
# ### Words of this lesson
#
# WORDS_OF_THIS_LESSON
