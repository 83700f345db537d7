# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown] id="title" tags=["part:title"]
# # Would you publish it, would you use it?
#
# *Track: together. One clinician and one engineer, one keyboard. Swap the keyboard after each exercise. Challenge: heart failure.*
#
# > **Synthetic data.** A computer made up every patient in this notebook, and we made up both papers. Draw no clinical conclusion from them.
#
# *Awaiting a clinician's review.*

# %% [markdown] id="objectives" tags=["part:objectives"]
# ## What you can do at the end
#
# 1. **Tell apart** what a paper reports and what it did well, and **judge** its {term}`risk of bias <risk-of-bias>` in four domains.
# 2. **Sort** requests for data: go on, ask for a change, ask anew, or stop.
# 3. **Fill** a {term}`model card <model-card>` whose figures are those of the test.

# %% [markdown] id="minutes" tags=["part:minutes"]
# ## Minutes
#
# | part | minutes | |
# |---|---|---|
# | self-check, story, widget | 12 | **must** |
# | worked example and gaps | 6 | **must** |
# | exercises 1, 2 and 3 | 16 | **must** |
# | exercise 4 | 6 | **should** |
# | exercise 5 | 2 | **could** |
# | question at the end | 1 | **could** |

# %% [markdown] id="needs" tags=["part:needs"]
# ## What you need
#
# You need each other, and lesson J6: splits and intervals. The clinician knows what happens on a ward; the engineer knows what happens to a table.
#
# **How to answer:** use the choices above a box, or write into it. Press **Run** below the box, then the check button.

# %% id="setup"
import numpy as np
import pandas as pd

from rounds.data import load
from rounds.lessons import open_lesson

check = open_lesson("j8")
measured = ["sodium", "creatinine", "haemoglobin", "systolic", "heart_rate"]
stays = load("heart_failure").frame().dropna(subset=["readmitted_30d", *measured])
print(f"Ready: {len(stays):,} stays of {stays['person_id'].nunique():,} patients, 2 hospitals.")

# %% [markdown] id="selfcheck"
# **Self-check.** Answer both questions together. If both are easy, go straight to *Before you look: predict*.

# %% id="s1"
check.ask("s1")

# %% id="s2"
check.ask("s2")

# %% [markdown] id="ward" tags=["part:ward"]
# ## Why a ward cares
#
# Mrs Cohen is 79 and goes home after a stay for heart failure. The head of the ward has read a paper: a computer foresees who comes back, with an AUROC of 0.84. He wants it on Monday, and asks you two first.
#
# ![Two axes: from badly told to well told, and from badly done to well done. A paper can be well told and badly done; only the corner of well told and well done can be used](told-and-done.svg)

# %% [markdown] id="predict" tags=["part:predict"]
# ## Before you look: predict
#
# The card below holds a short paper. Read it aloud. Beside it stands a list of ten things that one must know to judge a model.
#
# **How many of the ten does the paper report, well or badly?** Agree on one number and press **Lock in my guess**.

# %% [markdown] id="widget" tags=["part:widget"]
# ## Look it up
#
# 1. Choose a thing in the list. Press the sentence of the paper that reports it, or **Nowhere in the paper**.
# 2. Before you press the next one, say to each other: was this done well?
# 3. When all ten are looked up, compare the two bars *reported* and *reported, and it holds*.

# %% id="paper"
from rounds_widgets import PaperChecklist

PaperChecklist()

# %% id="q1"
check.ask("q1")

# %% [markdown] id="worked" tags=["part:worked"]
# ## A worked example
#
# Two tools, two questions. A {term}`reporting guideline <reporting-guideline>` such as TRIPOD+AI asks: **is it told?** A tool such as PROBAST asks: **may it be wrong?** It looks at four domains.
#
# | domain | the question behind it |
# |---|---|
# | participants | Were the right people taken in, and only those left out who could not be asked about? |
# | predictors | Was each column known at time zero, and measured in the same way in everybody? |
# | outcome | Was it found in the same way in everybody, by somebody who did not know the predictors? |
# | analysis | Are there enough events, who was lost on the way, and on whom was it tested? |
#
# One fault of the last domain in numbers: a score that is made **from nothing**. Forty of 600 patients fall ill, and 80 columns are pure chance. (A *p-value* says how often pure chance alone gives a difference at least as large.)

# %% id="worked-score"
from sklearn.metrics import roc_auc_score

# Step 1: 40 of 600 patients fall ill; 80 columns know nothing of it
chance = np.random.default_rng(8)
ill = np.repeat([1, 0], [40, 560])
columns = chance.normal(size=(600, 80))

# Step 2: keep the columns in which the ill differ from the others (p < 0.05)
gap = columns[ill == 1].mean(axis=0) - columns[ill == 0].mean(axis=0)
kept = abs(gap) > 1.96 * np.sqrt(1 / 40 + 1 / 560)

# %% id="worked-test"
# Step 3: add the kept columns up, and test the score in the same patients
score = columns[:, kept] @ np.sign(gap[kept])
print(f"{kept.sum()} columns kept. AUROC in the same patients: {roc_auc_score(ill, score):.2f}")

# Step 4: test it in 600 new patients
new = chance.normal(size=(600, 80))[:, kept] @ np.sign(gap[kept])
print(f"AUROC in new patients: {roc_auc_score(ill, new):.2f}")


# %% id="worked-repeat" rounds={"role": "made"}
def make_from_nothing(seed):
    """Return the AUROC of a score from chance: in the same patients, and in new ones."""
    rng = np.random.default_rng(seed)
    same, other = rng.normal(size=(2, 600, 80))
    gap = same[ill == 1].mean(axis=0) - same[ill == 0].mean(axis=0)
    kept = abs(gap) > 1.96 * np.sqrt(1 / 40 + 1 / 560)
    return [roc_auc_score(ill, table[:, kept] @ np.sign(gap[kept])) for table in (same, other)]


again = np.array([make_from_nothing(seed) for seed in range(200)])

# %% id="worked-picture" rounds={"role": "made"}
from matplotlib.figure import Figure
from rounds.lessons.pictures import show_picture

figure = Figure(figsize=(7, 2.8))
axis = figure.subplots()
axis.hist([again[:, 0], again[:, 1]], bins=24, color=["#b84700", "#0072b2"], label=["the same patients", "new patients"])
axis.axvline(0.5, ls="--", color="#51606e")
axis.set(xlabel="AUROC of a score made from nothing", ylabel="times, of 200")
axis.legend(title="tested on", frameon=False)
words = f"Mean AUROC of 200 scores made from nothing: {again[:, 0].mean():.2f} in the same patients, {again[:, 1].mean():.2f} in new ones."
print(words)
show_picture(figure, words)

# %% [markdown] id="worked-read"
# Nobody lied here. Many columns, few patients who fall ill, and a test on the patients of the training are enough. How many events a study needs can be computed before it begins (Riley 2020, *BMJ* 368:m441).

# %% [markdown] id="faded" tags=["part:faded"]
# ## Your turn, with gaps
#
# A study tries **45** columns one by one and keeps those with p < 0.05. **How many would it keep, on average, if all 45 were pure chance?** **Replace** the three dots, twice.

# %% id="f1" nbgrader={"grade": false, "grade_id": "f1-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
tried, events = 45, 90
share_kept = ...  # which share of columns of pure chance has p < 0.05?
by_chance = ...  # how many of the columns tried
### BEGIN SOLUTION
share_kept = 0.05
by_chance = tried * share_kept
### END SOLUTION
by_chance

# %% id="f1-check"
check.button("f1")

# %% [markdown] id="exercises" tags=["part:exercises"]
# ## Exercises
#
# Talk first, then choose. The button tells you what to try next. Press it as often as you like.
#
# Exercises 1 and 2 are about a **second paper**. It is invented, too.
#
# ### A score for severe Covid from blood values
#
# | | |
# |---|---|
# | **A** | We ask which adults with Covid are put on a ventilator, or die, within 14 days of admission. |
# | **B** | All adults whom two small hospitals admitted with Covid from March 2020 to June 2021 were looked at: 412 people. |
# | **C** | The 22 who came in on a ventilator, or were put on one or died on the first day, were left out. |
# | **D** | The score is meant to be read at the end of the first day. |
# | **E** | Of each blood value of the stay, the worst was taken. |
# | **F** | Hospital 1 writes CRP (a blood value that inflammation raises) in mg/L and hospital 2 in mg/dL. We used the numbers as they are written. |
# | **G** | The ventilators write down by themselves to whom they are connected; deaths come from the register. |
# | **H** | In unclear cases a doctor who knew the score decided whether the patient counts as severe. |
# | **I** | Of these 390, the 206 in whom one of twelve values had not been measured were left out. |
# | **J** | Of the rest, 31 were put on a ventilator, or died. We tried 140 columns. |
# | **K** | Columns with p < 0.05, tested one by one, were kept. |
# | **L** | The score was tested in the patients in whom it was made. |
# | **M** | The AUROC was 0.93, with a 95 % interval of 0.88 to 0.97. |
# | **N** | From 5 points on a patient will be put on a ventilator, or die. We advise all hospitals to use the score. |

# %% [markdown] id="e1-task"
# ### Exercise 1: Four domains (must, 4 minutes)
#
# **Sort** the four domains of this paper: is its risk of bias *low* or *high*? Who was left out *after* the patients were chosen belongs to *analysis*.

# %% id="e1" nbgrader={"grade": false, "grade_id": "e1-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
# By hand: curly brackets, and in them an entry for each domain, like "analysis": "low"
risk_of_bias = ...
### BEGIN SOLUTION
risk_of_bias = {"participants": "low", "predictors": "high", "outcome": "high", "analysis": "high"}
### END SOLUTION

# %% id="e1-check"
check.button("e1")

# %% id="e1-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e1-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 1. You need not read it.
from rounds.lessons import open_lesson

open_lesson("j8").grade("e1", globals())
### BEGIN HIDDEN TESTS
open_lesson("j8").grade_hidden("e1", globals())
### END HIDDEN TESTS

# %% [markdown] id="e2-task"
# ### Exercise 2: Eight flaws (must, 7 minutes)
#
# **Choose** the eight sentences that report a flaw: something that was done or said and that makes the result wrong, or not fit for use. The other six are in order.

# %% id="e2" nbgrader={"grade": false, "grade_id": "e2-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
# By hand: a list of letters in quotes, such as ["A", "B"]
flaws = ...
### BEGIN SOLUTION
flaws = ["E", "F", "H", "I", "J", "K", "L", "N"]
### END SOLUTION

# %% id="e2-check"
check.button("e2")

# %% id="e2-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e2-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 2. You need not read it.
from rounds.lessons import open_lesson

open_lesson("j8").grade("e2", globals())
### BEGIN HIDDEN TESTS
open_lesson("j8").grade_hidden("e2", globals())
### END HIDDEN TESTS

# %% [markdown] id="e3-task"
# ### Exercise 3: May we do that? (must, 5 minutes)
#
# An {term}`ethics committee <irb>` approved this: *a named team predicts returns after a stay for heart failure from the hospital's table, in a closed room.* A wish that is near to it needs a change of the approval ({term}`amendment`), another study needs an approval of its own. *Stop* is for what would break the approval at once. **Sort** six wishes. The law and the rules of a hospital differ: in real life, **ask locally**.
#
# | name | the wish |
# |---|---|
# | another model | The team tries a second kind of model on the same question, in the room. |
# | death as well | The team wants to predict death, too, from the same table. |
# | talk to patients | The team wants to ask patients at home how they live. |
# | copy for a course | A model learned the patients' rows. It makes new rows, and these shall go to another school. |
# | page on the web | The table shall be put on the web, after its names are deleted. |
# | chat service | Ten notes shall be pasted into a chat service on the web, to sum them up. |
#
# Rows that a model makes can repeat the rows from which it learned. So they count as patients' data until somebody has shown that they give nothing away.

# %% id="e3" nbgrader={"grade": false, "grade_id": "e3-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
# By hand: curly brackets, and in them an entry for each wish, like "death as well": "go on"
# Groups: "go on", "ask for a change", "ask anew", "stop"
answer_to = ...
### BEGIN SOLUTION
answer_to = {"another model": "go on", "death as well": "ask for a change", "talk to patients": "ask anew"}
answer_to |= {"copy for a course": "ask for a change", "page on the web": "stop", "chat service": "stop"}
### END SOLUTION

# %% id="e3-check"
check.button("e3")

# %% id="e3-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e3-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 3. You need not read it.
from rounds.lessons import open_lesson

open_lesson("j8").grade("e3", globals())
### BEGIN HIDDEN TESTS
open_lesson("j8").grade_hidden("e3", globals())
### END HIDDEN TESTS

# %% [markdown] id="e4-task"
# ### Exercise 4: A model card that agrees with the test (should, 6 minutes)
#
# A model of our own: it learned at hospital A which patients with heart failure come back within 30 days. Its six columns are known when the patient goes home. Here are its figures.

# %% id="model" rounds={"role": "made"}
from rounds.evaluation.figures import draw_again, figures
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

columns_used = ["stays_last_year", *measured]
at_a, at_b = (stays[stays["site"] == site] for site in ("A", "B"))
learned = make_pipeline(StandardScaler(), LogisticRegression()).fit(at_a[columns_used], at_a["readmitted_30d"].astype(int))

# %% id="figures" rounds={"role": "made"}
rows = {}
for name, part in {"training, hospital A": at_a, "test, hospital B": at_b}.items():
    risk, came = learned.predict_proba(part[columns_used])[:, 1], part["readmitted_30d"].astype(int)
    rows[name] = {"stays": len(part), "came": came.sum(), "predicted": risk.sum(), "AUROC": figures(came, risk)["auroc"]}
table = pd.DataFrame(rows).T.round({"predicted": 0, "AUROC": 2})
table.astype(dict.fromkeys(["stays", "came", "predicted"], int))

# %% id="intervals" rounds={"role": "made"}
outcome, person = came.to_numpy(), at_b["person_id"].to_numpy()  # of the test, which came last
drawn = pd.DataFrame([figures(outcome[again], risk[again]) for again in draw_again(person)])
both = {"auroc": "auroc", "came_for_each_predicted": "observed_expected"}
intervals = {name: "{:.2f} to {:.2f}".format(*np.percentile(drawn[one], [2.5, 97.5])) for name, one in both.items()}
print("95 % intervals in the test, patients drawn again:", "; ".join(f"{name} {ends}" for name, ends in intervals.items()))

# %% [markdown] id="e4-card"
# **Fill** six entries of the card; the last one, the intervals, is there already. Give both numbers with two decimals. `came_for_each_predicted` is how many came for each one that was predicted.

# %% id="e4" nbgrader={"grade": false, "grade_id": "e4-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
card = {
    "predicts": ...,  # "death within 30 days", "heart failure", "return within 30 days"
    "asked_at": ...,  # "admission", "discharge", "30 days later"
    "tested_on": ...,  # "hospital A", "hospital B", "both hospitals"
    "auroc": ...,
    "came_for_each_predicted": ...,
    "not_for": ...,  # "nobody", "patients over 75", "patients without heart failure", "women"
    "intervals": intervals,
}
### BEGIN SOLUTION
card = {**card, "predicts": "return within 30 days", "asked_at": "discharge", "tested_on": "hospital B"}
card |= {"auroc": round(rows["test, hospital B"]["AUROC"], 2), "not_for": "patients without heart failure"}
card["came_for_each_predicted"] = rows["test, hospital B"]["came"] / rows["test, hospital B"]["predicted"]
### END SOLUTION

# %% id="e4-check"
check.button("e4")

# %% id="e4-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e4-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 4. You need not read it.
from rounds.lessons import open_lesson

open_lesson("j8").grade("e4", globals())
### BEGIN HIDDEN TESTS
open_lesson("j8").grade_hidden("e4", globals())
### END HIDDEN TESTS

# %% [markdown] id="e5-task"
# ### Exercise 5: One sentence for the ward (could, 2 minutes)
#
# The head of the ward in hospital B reads your card. **Choose** the one sentence that it supports.
#
# - **A**: "The AUROC is above one half, so we can use it from Monday."
# - **B**: "More came back than predicted, so the model is worthless."
# - **C**: "It ranks better than a coin. Its risks are too low here: set the level right and test again before anybody acts on a risk."
# - **D**: "The card is complete, so the model is safe."

# %% id="e5" nbgrader={"grade": false, "grade_id": "e5-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
for_the_ward = ...  # one letter in quotes
### BEGIN SOLUTION
for_the_ward = "C"
### END SOLUTION

# %% id="e5-check"
check.button("e5")

# %% id="e5-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e5-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 5. You need not read it.
from rounds.lessons import open_lesson

open_lesson("j8").grade("e5", globals())
### BEGIN HIDDEN TESTS
open_lesson("j8").grade_hidden("e5", globals())
### END HIDDEN TESTS

# %% [markdown] id="misconception" tags=["part:misconception"]
# ## You may have thought
#
# > **"A complete report is a good study."** It is a study that others can judge. The paper of the card told nine things of ten, and five of these nine spoil its result.
#
# > **"Without names there is no question of ethics."** People can be found again by their dates and rare illnesses ({term}`de-identification`). And leave to use data is given for one question, to some people, in one place.

# %% id="q2"
check.ask("q2")

# %% [markdown] id="wrap-up" tags=["part:wrap-up"]
# ## Three lines to keep
#
# 1. First ask whether it is told, then whether it was done well. These are two questions.
# 2. Go through the four domains: participants, predictors, outcome, analysis.
# 3. A card lets others judge a model. Every figure in it is one of the test, with its interval and the place of the test.
#
# **Take it to your challenge (heart failure):** fill such a card for your own model. Which entry can you not fill today, and whom do you ask?
#
# ### Words of this lesson
#
# WORDS_OF_THIS_LESSON
