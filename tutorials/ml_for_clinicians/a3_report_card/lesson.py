# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown] id="title" tags=["part:title"]
# # The report card of a classifier
#
# *Track: machine learning for clinicians. Challenge: bloodstream infection after a transplant.*
#
# > **Synthetic data.** A computer made up every patient in this notebook. The data are for teaching. Draw no clinical conclusion from them.
#
# *Awaiting a clinician's review.*

# %% [markdown] id="objectives" tags=["part:objectives"]
# ## What you can do at the end
#
# 1. **Fill** a 2 x 2 table by counting people, and **compute** three shares from it.
# 2. **Choose** a threshold that fits the work of a ward.
# 3. **Read** a ROC curve and a precision-recall curve when the disease is rare.

# %% [markdown] id="minutes" tags=["part:minutes"]
# ## Minutes
#
# | part | minutes | |
# |---|---|---|
# | self-check, story, widget | 12 | **must** |
# | worked example and gaps | 8 | **must** |
# | exercises 1, 2 and 4 | 17 | **must** |
# | exercise 3 | 6 | **should** |
# | question at the end | 2 | **could** |
#
# You cannot break anything. **Start again** below a box brings back its first text.

# %% [markdown] id="needs" tags=["part:needs"]
# ## What you need
#
# You need no code before this. Do you know percentages? That is enough.
#
# **How to answer:** write into a box, or choose in the form above it. Press **Run** below the box, then the check button.

# %% id="setup"
import numpy as np
import pandas as pd

from rounds.data import load
from rounds.lessons import open_lesson
from rounds.vocabulary import define

check = open_lesson("a3")
days = load("bsi_days").frame()
print(f"Ready: {len(days):,} patient-days from 2 wards.")

# %% [markdown] id="selfcheck"
# **Self-check.** Two questions. If both are easy, go straight to *Before you look: predict*.

# %% id="s1"
check.ask("s1")

# %% id="s2"
check.ask("s2")

# %% [markdown] id="ward" tags=["part:ward"]
# ## Why a ward cares
#
# Maya is 34. It is day 7 after her stem-cell transplant, and she has almost no white cells. Each morning a computer gives every patient on her ward a *warning score* from 0 to 1, and you decide from which score on somebody looks again at a patient who seems well. (A patient with a fever gets cultures and an antibiotic at once, whatever the score.)
#
# One row of our table is one patient on one morning. The column `bsi_next_48h` says whether a bloodstream infection began in the next 48 hours. `NaN` says that nothing was measured.

# %% id="look"
columns = ["person_id", "ward", "calendar_day", "temperature", "warning_score", "bsi_next_48h"]
days[columns].head(4)

# %% [markdown] id="predict" tags=["part:predict"]
# ## Before you look: predict
#
# About **2 of 100** mornings come before an infection. The computer gives an alert from a score of **0.30** on.
#
# Now 100 alerts go off. **How many of the 100 are true?** Write your number into the card below and press **Lock in my guess**. A wrong guess costs nothing: it helps you to remember.

# %% [markdown] id="widget" tags=["part:widget"]
# ## Move it
#
# Each dot is one of 1,000 mornings. Right of the line there is an alert.
#
# 1. Move the **threshold** to the left. What happens to the missed mornings? What happens to false alerts?
# 2. Move the **prevalence** (the share of mornings before an infection) from 2 % to 30 %. Which shares change a lot? Which stay, but for a few percent? (Among few dots, one dot more or less is some percent.)

# %% id="card"
from rounds_widgets import ReportCard

ReportCard(days)

# %% id="q1"
check.ask("q1")

# %% [markdown] id="worked" tags=["part:worked"]
# ## A worked example
#
# We count by hand what the card counted. The threshold is 0.30. The card draws 1,000 mornings; the table has all of them. So the counts here are larger, and the shares are nearly the same. Read the code slowly: each step has a name.

# %% id="worked-count"
# Step 1: who gets an alert, who gets an infection?
alert = days["warning_score"] >= 0.30
infected = days["bsi_next_48h"]

# Step 2: count the four boxes
true_alerts = (alert & infected).sum()
false_alerts = (alert & ~infected).sum()  # ~ means "not"
missed = (~alert & infected).sum()
quiet = (~alert & ~infected).sum()
print(f"{true_alerts} true alerts, {false_alerts} false, {missed} missed, {quiet} rightly quiet")

# %% id="worked-divide"
# Step 3: divide, and say what you start from
sensitivity = true_alerts / (true_alerts + missed)  # start from mornings before an infection
specificity = quiet / (quiet + false_alerts)  # start from all other mornings
predictive_value = true_alerts / (true_alerts + false_alerts)  # start from the alerts
print(f"Of 100 mornings before an infection it gives an alert on {100 * sensitivity:.0f}.")
print(f"Of 100 mornings without infection it stays quiet on {100 * specificity:.0f}.")
print(f"Of 100 alerts {100 * predictive_value:.0f} are true.")

# %% [markdown] id="worked-start"
# ![A table with four boxes; a frame round the mornings before an infection says that sensitivity starts there, one round the others is for specificity, and one round the alerts is for the predictive value](start-from.svg)
#
# The three shares use the same four boxes. They differ in **where they start**. One row is a morning, and an infection has about two such mornings. How many *infections* get at least one alert is another question, and a larger share.

# %% [markdown] id="worked-words"
# The three shares have two names each: {term}`sensitivity` is *recall*, {term}`predictive value <PPV>` is *precision*, and {term}`specificity` is the *true negative rate*. Below is one word from both sides (TP is the number of true alerts, FP of false ones).

# %% id="worked-define" rounds={"role": "made"}
define("precision")

# %% [markdown] id="worked-curves-words"
# One threshold gives one 2 x 2 table. Both curves below try **all** thresholds on the same mornings.
#
# - The left one, the **ROC curve**, never looks at how many mornings come before an infection. The area under it is the {term}`AUROC`. Take a pair: one morning before an infection, one other. The AUROC is the share of pairs in which the first has the higher score. (In another ward the ill may be more ill, or less. Then this curve moves, too.)
# - The right one, **precision and recall**, does look at how many: it starts from the alerts. At its left end there are very few alerts, so chance makes it jump.

# %% id="worked-curves" rounds={"role": "made"}
from matplotlib import pyplot as plt
from sklearn.metrics import precision_recall_curve, roc_auc_score, roc_curve

from rounds.lessons.pictures import show_picture

roc = roc_curve(infected, days["warning_score"])
per_alert = precision_recall_curve(infected, days["warning_score"])
area, share = roc_auc_score(infected, days["warning_score"]), infected.mean()

# %% id="worked-picture" rounds={"role": "made"}
figure, (left, right) = plt.subplots(1, 2, figsize=(7, 3), layout="constrained")
left.plot(roc[0], roc[1], color="#0072b2")
left.plot([0, 1], [0, 1], "--", color="#51606e")
left.set(xlabel="1 - specificity", ylabel="sensitivity", title=f"ROC curve, area {area:.2f}")
right.plot(per_alert[1][:-1], per_alert[0][:-1], color="#d55e00")
right.axhline(share, ls="--", color="#51606e")
right.set(xlabel="sensitivity (recall)", ylabel="predictive value", ylim=(0, 1), title=f"{100 * share:.1f} of 100 before infection")
low = per_alert[0][per_alert[1] >= 0.5].max()
show_picture(figure, f"The ROC curve lies above the line of chance. The other curve stays low: with an alert on half of the mornings before an infection, {100 * low:.0f} of 100 alerts are true.")

# %% [markdown] id="worked-alerts"
# A ward does not feel percentages. It feels **alerts per day**. This function counts them. You need it in exercise 4.

# %% id="worked-per-day"
def alerts_per_ward_day(days, threshold):
    alerts = (days["warning_score"] >= threshold).sum()
    ward_days = len(days[["ward", "calendar_day"]].drop_duplicates())
    return alerts / ward_days


print(f"{alerts_per_ward_day(days, 0.30):.1f} alerts on each ward and day")

# %% [markdown] id="faded" tags=["part:faded"]
# ## Your turn, with gaps
#
# Now the threshold is 0.15. **Replace** the three dots, twice. The worked example has the lines you need.

# %% id="f1" nbgrader={"grade": false, "grade_id": "f1-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
alert = days["warning_score"] >= 0.15
true_alerts = (alert & infected).sum()
false_alerts = ...  # an alert, but no infection
share_of_alerts = ...  # of all alerts, the share that is true
### BEGIN SOLUTION
false_alerts = (alert & ~infected).sum()
share_of_alerts = true_alerts / (true_alerts + false_alerts)
### END SOLUTION

# %% id="f1-check"
check.button("f1")

# %% [markdown] id="exercises" tags=["part:exercises"]
# ## Exercises
#
# Each exercise has a box for your answer, then a button. The button tells you what to try next. Press it as often as you like.
#
# ### Exercise 1: Count people, not percentages (must, 5 minutes)
#
# A disease affects **1 in 100** people. A test finds **90 %** of the sick. It is also positive in **5 %** of the people who are well. One person tests positive, and you know nothing else.
#
# **Compute** the chance that this person is sick, in percent. Think of 100,000 people: 1,000 are sick and 99,000 are well.

# %% id="e1" nbgrader={"grade": false, "grade_id": "e1-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
sick_and_positive = ...  # of the 1,000 sick people, how many test positive?
well_and_positive = ...  # of the 99,000 well people, how many test positive?
chance_percent = ...  # of 100 people with a positive test, how many are sick?
### BEGIN SOLUTION
sick_and_positive = 900
well_and_positive = 0.05 * 99_000
chance_percent = 100 * sick_and_positive / (sick_and_positive + well_and_positive)
### END SOLUTION

# %% id="e1-check"
check.button("e1")

# %% id="e1-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e1-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 1. You need not read it.
from rounds.lessons import open_lesson

open_lesson("a3").grade("e1", globals())
### BEGIN HIDDEN TESTS
open_lesson("a3").grade_hidden("e1", globals())
### END HIDDEN TESTS

# %% [markdown] id="e2-task"
# ### Exercise 2: The predictive value as a function (must, 5 minutes)
#
# A *function* is a recipe with a name. This one takes three shares between 0 and 1: sensitivity, specificity and {term}`prevalence`.
#
# **Complete** the recipe: replace the three dots.

# %% id="e2" nbgrader={"grade": false, "grade_id": "e2-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
def ppv(sens, spec, prev):
    true_alarms = sens * prev  # the share of all people who are sick and test positive
    false_alarms = ...  # the share of all people who are well and test positive
    ### BEGIN SOLUTION
    false_alarms = (1 - spec) * (1 - prev)
    ### END SOLUTION
    return true_alarms / (true_alarms + false_alarms)

# %% id="e2-check"
check.button("e2")

# %% id="e2-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e2-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 2. You need not read it.
from rounds.lessons import open_lesson

open_lesson("a3").grade("e2", globals())
### BEGIN HIDDEN TESTS
open_lesson("a3").grade_hidden("e2", globals())
### END HIDDEN TESTS

# %% [markdown] id="e3-task"
# ### Exercise 3: The prevalence behind a published score (should, 6 minutes)
#
# A paper on heart failure reports a score with sensitivity **78.3 %**, specificity **60.7 %** and predictive value **18.9 %**. Its abstract does not say how many patients came back to hospital.
#
# **Find** the prevalence, as a share between 0 and 1. Solve exercise 2 first: its function helps. Choose 0.20 in the form. Then type one more line below it, `ppv(0.783, 0.607, prevalence)`, press **Run**, and look. Your line stays when you choose again. Change the prevalence until the result is between 0.185 and 0.193.

# %% id="e3" nbgrader={"grade": false, "grade_id": "e3-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
prevalence = ...
### BEGIN SOLUTION
prevalence = 0.105
### END SOLUTION

# %% id="e3-check"
check.button("e3")

# %% id="e3-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e3-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 3. You need not read it.
from rounds.lessons import open_lesson

open_lesson("a3").grade("e3", globals())
### BEGIN HIDDEN TESTS
open_lesson("a3").grade_hidden("e3", globals())
### END HIDDEN TESTS

# %% [markdown] id="e4-task"
# ### Exercise 4: A threshold that the ward can bear (must, 7 minutes)
#
# The nurses of a ward can follow up **3 alerts a day** on average. The function below tries the thresholds 0.00, 0.01, 0.02 and so on. It stops at the first one that keeps the limit: so it is silent on as few mornings before an infection as it can be.
#
# **Complete** the line with the three dots. It must be true when the alerts keep the limit. In Python `a <= b` asks: is `a` at most `b`? The last line tries your function on our two wards.

# %% id="e4" nbgrader={"grade": false, "grade_id": "e4-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
def lowest_threshold(days, limit):
    for step in range(101):
        threshold = step / 100
        alerts = alerts_per_ward_day(days, threshold)
        enough = ...  # are these alerts within the limit?
        ### BEGIN SOLUTION
        enough = alerts <= limit
        ### END SOLUTION
        if enough:
            return threshold

lowest_threshold(days, 3)

# %% id="e4-check"
check.button("e4")

# %% id="e4-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e4-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 4. You need not read it.
from rounds.lessons import open_lesson

open_lesson("a3").grade("e4", globals())
### BEGIN HIDDEN TESTS
open_lesson("a3").grade_hidden("e4", globals())
### END HIDDEN TESTS

# %% [markdown] id="misconception" tags=["part:misconception"]
# ## You may have thought
#
# > **"The test is 95 % accurate, so a positive result is 95 % sure."** The 95 % starts from people whose state we know. At the bedside you start from the result. When the disease is rare, most positive results come from the many people who are well.
#
# > **"AUROC 0.9 means few false alarms."** The AUROC looks at pairs: one sick, one well. It does not know how rare the sick are. Ask for the {term}`alerts per true alert <number-needed-to-evaluate>`, and look at the {term}`precision-recall curve <pr-curve>`.

# %% id="q2"
check.ask("q2")

# %% [markdown] id="wrap-up" tags=["part:wrap-up"]
# ## Three lines to keep
#
# 1. Count people: four boxes, then divide, and say what you start from.
# 2. When the disease is rare, most alerts are false, unless the specificity is very high.
# 3. The ward chooses the {term}`threshold <cutoff>`, because the ward pays for the alerts.
#
# **Take it to your challenge (bloodstream infection):** how many alerts a day can your ward follow up, and what does one missed infection cost? Write both numbers down with your clinical mentor before you train a model.
#
# ### Words of this lesson
#
# WORDS_OF_THIS_LESSON
