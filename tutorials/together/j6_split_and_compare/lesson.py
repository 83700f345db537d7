# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown] id="title" tags=["part:title"]
# # Split, evaluate, compare
#
# *Track: together. One clinician and one engineer, one keyboard. Swap the keyboard after each exercise. Challenge: heart failure.*
#
# > **Synthetic data.** A computer made up every patient in this notebook. The data are for teaching. Draw no clinical conclusion from them.
#
# *Awaiting a clinician's review.*

# %% [markdown] id="objectives" tags=["part:objectives"]
# ## What you can do at the end
#
# 1. **Choose** the split that fits the place where a model will work.
# 2. **Compute** an interval by patient for each figure.
# 3. **Compare** a model with a simple rule, and **order** the steps of a locked plan.

# %% [markdown] id="minutes" tags=["part:minutes"]
# ## Minutes
#
# | part | minutes | |
# |---|---|---|
# | self-check, story, widget | 11 | **must** |
# | worked example and gaps | 7 | **must** |
# | exercises 1, 3, 4 and 5 | 19 | **must** |
# | exercise 2 | 6 | **should** |
# | question at the end | 2 | **could** |

# %% [markdown] id="needs" tags=["part:needs"]
# ## What you need
#
# You need each other. The clinician knows where a model will work; the engineer knows what it has learned from. Two figures come from lessons A3 and A4: {term}`AUROC` and {term}`net benefit <net-benefit>`. Point at a word with a dotted line.
#
# **How to answer:** use the choices above a box, or write into it. Press **Run** below the box, or hold **Shift** and press **Enter**. Then press the check button.

# %% id="setup"
import numpy as np
import pandas as pd

from rounds.data import load
from rounds.lessons import open_lesson

check = open_lesson("j6")
measured = ["sodium", "creatinine", "haemoglobin", "systolic", "heart_rate"]
hospital = load("heart_failure")
stays = hospital.frame().dropna(subset=["readmitted_30d", *measured])
print(f"Ready: {len(stays):,} stays of {stays['person_id'].nunique():,} patients.")

# %% [markdown] id="selfcheck"
# **Self-check.** Answer both questions together. If both are easy, go straight to *Before you look: predict*.

# %% id="s1"
check.ask("s1")

# %% id="s2"
check.ask("s2")

# %% [markdown] id="ward" tags=["part:ward"]
# ## Why a ward cares
#
# Rivka is 81 and goes home from hospital B after her third stay with heart failure. A nurse there can phone a few patients a day, and hospital A offers her its model. It says "our model ranks better than your list": on whose patients was that?

# %% [markdown] id="predict" tags=["part:predict"]
# ## Before you look: predict
#
# A model gives each stay a risk: how likely is another stay within 30 days? Added up, the risks say how many returns it *predicts*. Is a model good? That depends on who is **new** in the test.
#
# ![Three tables of the same stays. New patients: two persons are tested with all their stays. Later time: the stays after a line in time are tested. Another hospital: all persons of hospital B are tested.](three-questions.svg)
#
# In {term}`cross-validation` on patients of both hospitals, 100 returns were predicted and about 100 came. Now the model learns at hospital A alone, and is used at hospital B. There it predicts 100 returns. **How many come?** Agree on one number, write it into the card, and press **Lock in my guess**.

# %% [markdown] id="widget" tags=["part:widget"]
# ## Move it
#
# 1. Choose *another hospital* and *came, for 100 predicted*. Then look at the three other splits. Does one of them warn you of that number?
# 2. Choose *AUROC*, then *single rows* and *whole patients*. Which model falls, and why that one?
# 3. Choose *two models* and look at the lower line: "measurements" against "who the patient is" (birth year, sex, sector, health fund). In which splits does one of the two win?
#
# Two things differ between these two: the columns, and the algorithm (a regression, a forest). And we chose all four models after we had seen the results, to show what a split can do.

# %% id="stays" rounds={"role": "made"}
from rounds.evaluation.split_scores import Model, Plan

registry = hospital.frame("person")[["person_id", "birth_year", "hmo", "sector"]]
stays = stays.merge(registry, on="person_id")
stays["back"] = stays["readmitted_30d"].astype(bool)
stays["year"] = stays["disch_ts"].dt.year
for column, source in {"female": "sex", "region": "sector", "health_fund": "hmo"}.items():
    stays[column] = stays[source].astype("category").cat.codes  # a number for each name

# %% id="picker"
from rounds_widgets import SplitPicker

models = {
    "count of stays": Model(("stays_last_year",)),
    "count and measurements": Model(("stays_last_year", "length_of_stay", *measured)),
    "measurements": Model((*measured,)),
    "who the patient is": Model(("birth_year", "female", "region", "health_fund"), forest=True),
}
pairs = [("count and measurements", "count of stays"), ("measurements", "who the patient is")]
SplitPicker(stays, models, pairs=pairs, plan=Plan("back"))

# %% id="q1"
check.ask("q1")

# %% [markdown] id="worked" tags=["part:worked"]
# ## A worked example
#
# A figure without an interval says too much. The interval asks: what would other patients of the same kind have given? We ask for it with what we have: draw patients again, as many as there are, some twice, some never; here 200 times (for a report take 1,000 or more). This is the {term}`bootstrap`. The model stays the same: the interval does not say what another training would have given.
#
# Here the figure is plain: how old are the patients of hospital B at discharge? We want an interval that holds 80 of 100 draws.

# %% id="worked-age"
from rounds.evaluation.figures import draw_again, figures
at_b = stays[stays["site"] == "B"]
age, person = at_b["age"].to_numpy(), at_b["person_id"].to_numpy()

# Step 1: compute the figure on all rows
print(f"mean age {age.mean():.2f}")
# Step 2: draw patients again, each with all of their stays, and compute it each time
by_patient = [age[rows].mean() for rows in draw_again(person)]
# Step 3: cut off the outer draws, as many at each end
print("80 of 100 draws lie between", np.percentile(by_patient, [10, 90]).round(2))

# %% [markdown] id="worked-rows"
# Had we drawn single rows, this interval would be too narrow. Ten stays of one man are not ten men: they are a {term}`cluster`.

# %% id="worked-picture" rounds={"role": "made"}
from matplotlib.figure import Figure
from rounds.lessons.pictures import show_picture
by_row = [age[rows].mean() for rows in draw_again(np.arange(len(age)))]
figure = Figure(figsize=(7, 2.8))
axis = figure.subplots()
axis.hist([by_row, by_patient], bins=18, color=["#b84700", "#0072b2"], label=["rows", "patients"])
axis.set(xlabel="mean age of a draw, years", ylabel="draws")
axis.legend(title="drawn again")
wider = np.std(by_patient) / np.std(by_row)
words = f"The draws of patients spread {wider:.1f} times as wide as the draws of rows."
print(words)
show_picture(figure, words)

# %% [markdown] id="worked-pairs"
# **Two models** are compared on the *same* draws. Some draws hold patients who are easy to rank: both models do well there. Others are hard for both. So look at the two figures of each draw side by side ({term}`paired comparison`).

# %% id="two-models" rounds={"role": "made"}
at_a, outcome = stays[stays["site"] == "A"], at_b["back"].to_numpy(int)


def risks_at_b(model):
    """Learn at hospital A, return the risk of each stay at hospital B."""
    learned = model.fit(at_a[[*model.columns]].to_numpy(float), at_a["back"].to_numpy(int))
    return learned.predict_proba(at_b[[*model.columns]].to_numpy(float))[:, 1]

# %% id="worked-together" rounds={"role": "made"}
shown = {name: risks_at_b(models[name]) for name in ("count of stays", "count and measurements")}
each = [[figures(outcome[rows], risk[rows])["auroc"] for risk in shown.values()] for rows in draw_again(person, 40)]
figure = Figure(figsize=(7, 3.2))
axis = figure.subplots()
for one in each:
    axis.plot(one, [0, 1], "o-", color="#0072b2", alpha=0.4)
axis.set(xlabel="AUROC at hospital B", yticks=[0, 1], yticklabels=shown)
right = sum(second > first for first, second in each)
words = f"40 draws, a line for each. The two rows overlap, and {right} of 40 lines lean to the same side."
print(words)
show_picture(figure, words)

# %% [markdown] id="faded" tags=["part:faded"]
# ## Your turn, with gaps
#
# How high is the first systolic blood pressure of a stay at hospital B, in the mean? Compute its interval by patient that holds **90 of 100** draws. **Replace** the three dots, twice.

# %% id="f1" nbgrader={"grade": false, "grade_id": "f1-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
pressure = at_b["systolic"].to_numpy()
means = ...  # a list: the mean pressure of each draw
pressure_interval = ...  # its two ends
### BEGIN SOLUTION
means = [pressure[rows].mean() for rows in draw_again(person)]
pressure_interval = np.percentile(means, [5, 95])
### END SOLUTION
pressure_interval

# %% id="f1-check"
check.button("f1")

# %% id="attempt" rounds={"role": "made"}
def attempt(function, *given):
    """Call a function of a box and show its report; say so where it still holds three dots."""
    try:
        return pd.DataFrame(function(*given), index=["value", "from", "to"]).T.round(3)
    except Exception as error:
        if "llipsis" not in str(error):
            raise
        return "Three dots are left in this box."

# %% [markdown] id="exercises" tags=["part:exercises"]
# ## Exercises
#
# Talk first, type second. The button tells you what to try next. Press it as often as you like.
#
# ### Exercise 1: Which split fits? (must, 5 minutes)
#
# A fair test holds what will be new in the use, and no more. **Sort** six uses ({term}`deployment`). The clinician says who the patients will be; the engineer says which of them the model has met. Where two things are new, choose one of the two. A group may stay empty.
#
# | use | what will happen |
# |---|---|
# | sister hospital | A model of hospital A is given to hospital B, in the same years. |
# | after the new drug | The ward that gave the data uses the model next year; a new drug comes in then. |
# | rest of the registry | Doctors have read the charts of 500 patients, and the model learns from them. It reads those of all other patients, of the same years and wards. |
# | same clinic, next stay | The clinic that gave the data uses the model for the same patients, at their next stays, in the years to come. |
# | any hospital | A company offers the model to all hospitals of the country. |
# | new hospital, next year | A hospital opens next year and will use the model from its first day. |

# %% id="e1" nbgrader={"grade": false, "grade_id": "e1-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
# By hand: curly brackets, and in them a line for each use, like "a use": "a group",
# Groups: "single rows", "whole patients", "a later time", "another hospital"
fitting_split = ...
### BEGIN SOLUTION
fitting_split = {
    "sister hospital": "another hospital",
    "after the new drug": "a later time",
    "rest of the registry": "whole patients",
    "same clinic, next stay": "a later time",
    "any hospital": "another hospital",
    "new hospital, next year": "another hospital",
}
### END SOLUTION

# %% id="e1-check"
check.button("e1")

# %% id="e1-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e1-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 1. You need not read it.
from rounds.lessons import open_lesson

open_lesson("j6").grade("e1", globals())
### BEGIN HIDDEN TESTS
open_lesson("j6").grade_hidden("e1", globals())
### END HIDDEN TESTS

# %% [markdown] id="e2-task"
# ### Exercise 2: A report with intervals (should, 6 minutes)
#
# `evaluate` takes three arrays with one value for each stay: the outcome `y` (0 or 1), the risk `p`, and the `person`. It returns a dictionary: each figure with three numbers, the value and the two ends of its **95 %** interval.
#
# `figures(y, p)` returns six figures:
#
# | name | what it says |
# |---|---|
# | `auroc` | how well stays are ranked |
# | `average_precision` | how clean the top of the list is; a list by chance gives the prevalence |
# | `prevalence` | the share that comes back |
# | `observed_expected` | returns that came, for each one predicted ({term}`calibration`) |
# | `net_benefit` | {term}`net benefit <net-benefit>` when the nurse phones from a risk of 0.2 on: right calls, less a quarter of those in vain |
# | `accuracy` | the share of right yes-or-no answers at 0.2 |
#
# **Complete** the three lines. Report all figures that help the nurse. Where the table says what one is compared with, report that, too. Leave out the one that would praise a model for phoning nobody.


# %% id="e2" nbgrader={"grade": false, "grade_id": "e2-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
def evaluate(y, p, person):
    units = ...  # what is drawn again: one value for each row; equal values are drawn together
    ends = ...  # the two percentiles
    reported = ...  # a list of names
    ### BEGIN SOLUTION
    units, ends = person, [2.5, 97.5]
    reported = ["auroc", "average_precision", "prevalence", "observed_expected", "net_benefit"]
    ### END SOLUTION
    value = figures(y, p)
    drawn = pd.DataFrame([figures(y[rows], p[rows]) for rows in draw_again(units)])
    return {name: (value[name], *np.nanpercentile(drawn[name], ends)) for name in reported}
attempt(evaluate, outcome, shown["count of stays"], person)

# %% id="e2-check"
check.button("e2")

# %% id="e2-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e2-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 2. You need not read it.
from rounds.lessons import open_lesson

open_lesson("j6").grade("e2", globals())
### BEGIN HIDDEN TESTS
open_lesson("j6").grade_hidden("e2", globals())
### END HIDDEN TESTS

# %% [markdown] id="e3-task"
# ### Exercise 3: First the simple rule (must, 6 minutes)
#
# The nurse has a rule already: phone the patients with the most stays in the last year. Engineers call such a rule a {term}`baseline`. A team offers a small forest (many decision trees together) with eleven columns in place of one. **We picked this forest after we had seen the result**, because it shows what an interval can say. In a study that is forbidden: exercise 4 says why. Both have learned at hospital A. `draws` holds their AUROC at hospital B, for 200 draws of patients: a row for each draw.

# %% id="draws" rounds={"role": "made"}
traits = ("birth_year", "female", "region", "health_fund")
forest = Model(("stays_last_year", "length_of_stay", *measured, *traits), forest=True)
risk = {"rule": risks_at_b(models["count of stays"]), "forest": risks_at_b(forest)}
draws = pd.DataFrame(
    [{name: figures(outcome[rows], p[rows])["auroc"] for name, p in risk.items()} for rows in draw_again(person)]
)

# %% id="draws-look" rounds={"role": "made"}
for name, p in risk.items():
    low, high = np.percentile(draws[name], [2.5, 97.5])
    print(f"{name}: AUROC {figures(outcome, p)['auroc']:.3f}, 95 % interval {low:.3f} to {high:.3f}")
draws.head(3).round(3)

# %% [markdown] id="e3-how"
# **Compute** the difference of the two, *forest less rule*, and its 95 % interval: a pair of numbers, the lower end first. Above 0 the forest is better.

# %% id="e3" nbgrader={"grade": false, "grade_id": "e3-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
difference = ...  # one number for each draw
difference_interval = ...  # its two ends
### BEGIN SOLUTION
difference = draws["forest"] - draws["rule"]
difference_interval = np.percentile(difference, [2.5, 97.5])
### END SOLUTION
difference_interval

# %% id="e3-check"
check.button("e3")

# %% id="e3-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e3-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 3. You need not read it.
from rounds.lessons import open_lesson

open_lesson("j6").grade("e3", globals())
### BEGIN HIDDEN TESTS
open_lesson("j6").grade_hidden("e3", globals())
### END HIDDEN TESTS

# %% [markdown] id="e3-then"
# When the button says yes, look at your interval and answer:

# %% id="q2"
check.ask("q2")

# %% [markdown] id="e4-task"
# ### Exercise 4: Lock the plan, then open the test (must, 4 minutes)
#
# A plan says what will be computed, and in which test, before anybody has seen what any model can do. It is *locked* by its {term}`hash`: a short text that a computer makes from it. Change one word of the plan, and the hash is another.

# %% id="hash"
from hashlib import sha256

for plan in ("Figure: AUROC at hospital B", "Figure: accuracy at hospital B"):
    print(sha256(plan.encode()).hexdigest()[:16], "<-", plan)

# %% [markdown] id="e4-steps"
# **Put** the steps in order. Six of the nine are needed. More than one order is right.
#
# | step | what is done |
# |---|---|
# | A | report the figure with its interval by patient, also when it is low |
# | B | give the plan's hash, with the date, to somebody outside the team |
# | C | choose the split that fits the use; put the test aside |
# | D | choose model and columns by cross-validation by patient, inside the training |
# | E | write down outcome, figure, and the simple rule to beat |
# | F | try the split with other random seeds, keep the one with the best test |
# | G | open the test and compute the figure, once |
# | H | mend the model until the test looks good |
# | I | compute all figures of the test, then name the best one the main figure |

# %% id="e4" nbgrader={"grade": false, "grade_id": "e4-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
# letters in quotes, such as ["H", "F"]
locked_plan = ...
### BEGIN SOLUTION
locked_plan = ["E", "C", "D", "B", "G", "A"]
### END SOLUTION

# %% id="e4-check"
check.button("e4")

# %% id="e4-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e4-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 4. You need not read it.
from rounds.lessons import open_lesson

open_lesson("j6").grade("e4", globals())
### BEGIN HIDDEN TESTS
open_lesson("j6").grade_hidden("e4", globals())
### END HIDDEN TESTS

# %% [markdown] id="e5-task"
# ### Exercise 5: What may stand on a results page? (must, 4 minutes)
#
# A results page is called a {term}`leaderboard` when it ranks teams. A team has tested two models on the same 700 patients of a hospital that it had not used before. The numbers of this exercise are made up.
#
# | | AUROC | 95 % interval by patient |
# |---|---|---|
# | new model | 0.71 | 0.67 to 0.75 |
# | old score | 0.70 | 0.66 to 0.74 |
# | new less old, draw by draw | 0.01 | -0.01 to 0.03 |
#
# **Choose** all sentences that the table supports.
#
# - **A**: "The new model is better: 0.71 beats 0.70."
# - **B**: "In this hospital the new model had AUROC 0.71 (0.67 to 0.75)."
# - **C**: "The two are equally good: the intervals of the models overlap."
# - **D**: "The test does not show which is better: 0.01 more (0.01 less to 0.03 more)."
# - **E**: "In any hospital the AUROC will be 0.67 to 0.75."

# %% id="e5" nbgrader={"grade": false, "grade_id": "e5-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
# a list of letters in quotes, such as ["A", "E"]
supported = ...
### BEGIN SOLUTION
supported = ["B", "D"]
### END SOLUTION

# %% id="e5-check"
check.button("e5")

# %% id="e5-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e5-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 5. You need not read it.
from rounds.lessons import open_lesson

open_lesson("j6").grade("e5", globals())
### BEGIN HIDDEN TESTS
open_lesson("j6").grade_hidden("e5", globals())
### END HIDDEN TESTS

# %% [markdown] id="e5-here"
# And on the page *Scores* of Rounds? Where a challenge has one, your team hands in predictions for people whose outcome it has never seen. Each figure stands there with its interval: the people are drawn again 1,000 times. A team has three tries, the hash of each file is kept, and nobody is ranked.

# %% [markdown] id="misconception" tags=["part:misconception"]
# ## You may have thought
#
# > **"Cross-validation is enough."** It asks about new patients of the *same* places and years. In the card it said 100 of 100, and warned of nothing. At a later time fewer came, at another hospital more, and AUROC stood nearly still: only the number that came for 100 predicted told ({term}`calibration`). Why? We made these patients, so we know. From 2021 on half of them take a new drug: without it 98 came for 100 predicted, with it 75. And at hospital B more come back, whatever the columns say.
#
# > **"0.71 beats 0.70."** First ask how far the difference itself moves when patients are drawn again. Two intervals that overlap do not answer that, in either direction.

# %% id="q3"
check.ask("q3")

# %% [markdown] id="wrap-up" tags=["part:wrap-up"]
# ## Three lines to keep
#
# 1. Put into the test what will be new in the use: patients, time, or place.
# 2. Draw patients again, not rows; compare two models draw by draw; begin with the simple rule.
# 3. Lock the plan, open the test once, and report the interval.
#
# **Take it to your challenge (heart failure):** where will your model work, and in which year? Write your split, your figure and the rule to beat in one sentence, before anybody opens the test.
#
# ### Words of this lesson
#
# WORDS_OF_THIS_LESSON
