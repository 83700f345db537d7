# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown] id="title" tags=["part:title"]
# # Probabilities you can act on
#
# *Track: machine learning for clinicians. Challenge: Covid-19.*
#
# > **Synthetic data.** A computer made up every patient in this notebook. The data are for teaching. Draw no clinical conclusion from them.
#
# *Awaiting a clinician's review.*

# %% [markdown] id="objectives" tags=["part:objectives"]
# ## What you can do at the end
#
# 1. **Read** a calibration plot, and **compute** how many deaths were observed for each one expected.
# 2. **Choose** between a model and two simple rules, by net benefit.
# 3. **Translate** the work that a ward accepts into a threshold, and **mend** risks that are all too high.

# %% [markdown] id="minutes" tags=["part:minutes"]
# ## Minutes
#
# | part | minutes | |
# |---|---|---|
# | self-check, story, widget | 12 | **must** |
# | worked example and gaps | 9 | **must** |
# | exercises 1 to 4 | 18 | **must** |
# | exercise 5 | 3 | **should** |
# | exercise 6 | 8 | **could** |
# | question at the end | 2 | **could** |
#
# You cannot break anything. **Start again** below a box brings back its first text.

# %% [markdown] id="needs" tags=["part:needs"]
# ## What you need
#
# You need lesson A3: threshold, true and false alerts, and pairs that are ranked rightly.
#
# **How to answer:** write into a box, or choose in the form above it. Press **Run** below the box, then the check button.

# %% id="setup"
import numpy as np
import pandas as pd

from rounds.data import load
from rounds.lessons import open_lesson

check = open_lesson("a4")
patients = load("covid").frame().dropna(subset=["urea"])
patients["male"] = patients["sex"] == "male"
patients["died"] = patients["died_in_hospital"].astype(bool)
known = ["age", "male", "diseases", "rr", "spo2_first", "oxygen", "confused", "urea"]
print(f"Ready: {len(patients):,} patients with a urea value, of {patients['wave'].nunique()} waves.")

# %% [markdown] id="selfcheck"
# **Self-check.** Two questions. If both are easy, go straight to *Before you look: predict*.

# %% id="s1"
check.ask("s1")

# %% id="s2"
check.ask("s2")

# %% [markdown] id="ward" tags=["part:ward"]
# ## Why a ward cares
#
# Ruth is 71 and comes to hospital with Covid, in the fourth wave. The computer says: her risk of dying in this hospital is 20 %. On this ward, a senior doctor evaluates each patient from 20 % on, at once, and other patients wait.
#
# One row of our table is one patient, and the {term}`label` says whether the patient died in this hospital. The model may use eight columns that are known on the first day: age, sex, other diseases, breathing rate, oxygen in the blood, whether oxygen is given, confusion, and urea.

# %% id="look"
columns = ["person_id", "wave", "age", "oxygen", "confused", "urea", "died"]
patients[columns].head(4)

# %% [markdown] id="predict" tags=["part:predict"]
# ## Before you look: predict
#
# The model learned in **wave 1**. It is a simple one, a logistic {term}`regression`. It gives each patient a risk between 0 and 1. A patient of wave 1 gets the risk from a model that learned from other patients of that wave only.

# %% id="risks" rounds={"role": "made"}
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

first = patients[patients["wave"] == 1]
model = make_pipeline(StandardScaler(), LogisticRegression())
told = cross_val_predict(model, first[known], first["died"], cv=10, method="predict_proba")
model.fit(first[known], first["died"])
patients["risk"] = model.predict_proba(patients[known])[:, 1]
patients.loc[first.index, "risk"] = told[:, 1]

# %% [markdown] id="predict-pairs"
# How good is the model? Lessons A2 and A3 took pairs: one patient who died, one who did not. In how many of 100 pairs has the first the higher risk? That is the {term}`AUROC`.

# %% id="pairs" rounds={"role": "made"}
from sklearn.metrics import roc_auc_score

first = patients[patients["wave"] == 1]
print(f"Wave 1: right in {100 * roc_auc_score(first['died'], first['risk']):.0f} of 100 pairs")


def short(number):  # two numbers behind the point; what is no number yet stays as it is
    return round(float(number), 2) if isinstance(number, float) else number

# %% [markdown] id="predict-guess"
# Now somebody pushes **all** risks down: a risk of 20 % becomes 8 %, and a risk of 50 % becomes 27 %. Statisticians call the size of such a push the *intercept*; here it is −1.
#
# **In how many of 100 pairs is the pushed model right?** Write your number into the card and press **Lock in my guess**. A wrong guess costs nothing: it helps you to remember.

# %% [markdown] id="widget" tags=["part:widget"]
# ## Move it
#
# 1. Stay with wave 1. Move the **intercept** to −1, then to +1. Which lines of the table move? Which stand still? In which direction do the dots go?
# 2. Press *Back to the model's own risks*. Move the **slope** down, then up: it pulls all risks towards one half, or away from it. Same questions.
# 3. Choose **wave 4**, with the model's own risks. Nobody has bent them. What is wrong with them? Which one slider mends them?
# 4. Look at the right plot: at each threshold, the rule with the highest line is best. (*Net benefit* is what true flags are worth, less the cost of flags in vain. Exercise 3 counts it.) At a threshold of 30 %, is it better to use the model, or to flag nobody? Mend the risks, and look again.

# %% id="bench"
from rounds_widgets import CalibrationBench

CalibrationBench(patients[patients["wave"].isin([1, 4])], risk="risk", outcome="died", by="wave")

# %% id="q1"
check.ask("q1")

# %% [markdown] id="worked" tags=["part:worked"]
# ## A worked example
#
# We look at **wave 2** with the model of wave 1. A risk of 0.2 is one fifth of an {term}`expected death <expected-events>`. So five patients with that risk make one expected death. Read the code slowly: each step has a name.

# %% id="worked-tenths"
# Step 1: cut the patients into tenths, from the lowest risk to the highest
second = patients[patients["wave"] == 2].copy()
second["tenth"] = pd.qcut(second["risk"], 10, labels=range(1, 11))

# Step 2: in each tenth, what did the model say, and what happened?
tenths = second.groupby("tenth", observed=True)
said = pd.DataFrame({"patients": tenths.size(), "mean_risk": tenths["risk"].mean()})
happened = pd.DataFrame({"share_died": tenths["died"].mean(), "died": tenths["died"].sum()})

# Step 3: lay both side by side
side_by_side = said.join(happened)
side_by_side.round(2)

# %% id="worked-plot" rounds={"role": "made"}
from matplotlib.figure import Figure
from rounds.challenges.intervals import wilson
from rounds.lessons.pictures import show_picture

figure = Figure(figsize=(5.4, 4.4))
axis = figure.subplots()
axis.set(xlabel="mean predicted risk", ylabel="share that died", xlim=(0, 1), ylim=(0, 1))
axis.plot([0, 1], [0, 1], ":", color="#51606e")
axis.plot(side_by_side["mean_risk"], side_by_side["share_died"], "o-", color="#0072b2")
rows = list(zip(side_by_side["died"], side_by_side["patients"], side_by_side["mean_risk"]))
for died, number, risk in rows:
    axis.plot([risk, risk], wilson(int(died), int(number)), color="#0072b2", alpha=0.6)

# %% id="worked-picture" rounds={"role": "made"}
parts = "; ".join(f"{risk:.2f} and {died / number:.2f}" for died, number, risk in rows)
show_picture(figure, f"Calibration plot of wave 2, tenths from the lowest risk. Predicted and observed: {parts}.")

# %% [markdown] id="worked-read"
# This is a {term}`calibration plot <calibration-plot>`. On the dotted line, the model says what happens. **Below** the line the risks are too high, **above** it they are too low. The thin lines are 95 % intervals: with few deaths, a tenth may lie off the line by chance.
#
# Most tenths lie below the line here, and their order is still good: the ranking holds, the level does not. In wave 1 nobody got dexamethasone, and later waves differ in other ways too.
#
# The level moved in real waves too: of 198,846 people in French hospitals, 25 % died in the beginning, then 10 %, then 19 % (Lefrancq 2021). The risks of the British 4C score fitted new patients of the weeks that followed (Knight 2020). That promises nothing for later waves.

# %% [markdown] id="worked-act"
# Now somebody must **act**. How much work is one true finding worth? The ward's answer is the {term}`threshold <cutoff>`.
#
# ![Five patients are evaluated; one is the one it was worth, four were evaluated in vain; the threshold is 1 divided by 5, that is 0.20](five.svg)

# %% id="worked-flags"
# Step 1: the ward accepts five evaluations for one who would die
threshold = 1 / 5

# Step 2: who has this risk or more?
flagged = second["risk"] >= threshold

# Step 3: who of these died?
found = (flagged & second["died"]).sum()
print(f"{flagged.sum()} of {len(second)} patients flagged, {found} of them died")

# Step 4: how many are evaluated for one true finding?
print(f"{flagged.sum() / found:.1f} evaluations for one true finding")

# %% [markdown] id="worked-nne"
# The last figure is the {term}`number needed to evaluate <number-needed-to-evaluate>`. It is a mean over all who are flagged. For those just at the threshold it is larger, because their risks are the lowest of all who are flagged.

# %% [markdown] id="faded" tags=["part:faded"]
# ## Your turn, with gaps
#
# Now **wave 3**, and a ward that accepts four evaluations for one true finding. **Replace** the three dots, twice. The worked example has the lines you need.

# %% id="f1" nbgrader={"grade": false, "grade_id": "f1-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
third = patients[patients["wave"] == 3]
flagged_third = ...  # who has the risk of this ward's threshold or more
evaluations = ...  # for one true finding
### BEGIN SOLUTION
flagged_third = third["risk"] >= 1 / 4
evaluations = flagged_third.sum() / (flagged_third & third["died"]).sum()
### END SOLUTION
short(evaluations)

# %% id="f1-check"
check.button("f1")

# %% [markdown] id="exercises" tags=["part:exercises"]
# ## Exercises
#
# Each exercise has a box for your answer, then a button. The button tells you what to try next. Press it as often as you like. Some exercises try your recipe on the patients of wave 4, with the risks that the model of wave 1 gives them.

# %% id="fourth" rounds={"role": "made"}
fourth = patients[patients["wave"] == 4]
print(f"{len(fourth)} patients of wave 4, {fourth['died'].sum()} of them died")


def mean_and_share(risks, died):  # what are no risks yet stays as it is
    return (round(float(np.mean(risks)), 2), round(float(died.mean()), 2)) if hasattr(risks, "__len__") else risks

# %% [markdown] id="e1-task"
# ### Exercise 1: Observed and expected (must, 4 minutes)
#
# A *function* is a recipe with a name. This one takes two columns: `y` says for each patient whether he or she died, and `p` is the risk. Some hospitals write `y` as True and False, others as 1 and 0. The recipe gives back **O/E**: how many deaths were observed for each one that was expected.
#
# **Complete** the recipe: replace the three dots, three times. The last line tries it on wave 4.

# %% id="e1" nbgrader={"grade": false, "grade_id": "e1-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
def observed_expected(y, p):
    deaths = ...  # how many died
    expected = ...  # how many deaths the model expects
    ratio = ...  # observed deaths for each one expected
    ### BEGIN SOLUTION
    deaths, expected = y.sum(), p.sum()
    ratio = deaths / expected
    ### END SOLUTION
    return ratio

short(observed_expected(fourth["died"], fourth["risk"]))

# %% id="e1-check"
check.button("e1")

# %% id="e1-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e1-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 1. You need not read it.
from rounds.lessons import open_lesson

open_lesson("a4").grade("e1", globals())
### BEGIN HIDDEN TESTS
open_lesson("a4").grade_hidden("e1", globals())
### END HIDDEN TESTS

# %% [markdown] id="e2-task"
# ### Exercise 2: Four hospitals, one model (must, 4 minutes)
#
# Four hospitals use the same model for a year. We made up their numbers for this exercise.
#
# | hospital | patients | pairs ranked rightly, of 100 | deaths expected | deaths observed |
# |---|---|---|---|---|
# | Lake | 800 | 88 | 160 | 96 |
# | Hill | 800 | 69 | 149 | 152 |
# | Port | 600 | 82 | 92 | 138 |
# | Glen | 20 | 80 | 2.6 | 4 |
#
# **Sort** the hospitals. What can be said of the **level** of the model's risks there, on the whole? It is *too high*, *too low*, or *about right*. Or there are *too few deaths* to say anything. (About right on the whole can still be wrong for high and for low risks: that is the {term}`slope <calibration-slope>`.) No code is needed.

# %% id="e2" nbgrader={"grade": false, "grade_id": "e2-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
# groups: "too high", "too low", "about right", "too few deaths"
# one entry looks like {"Forest": "too high"}
risks_are = ...
### BEGIN SOLUTION
risks_are = {"Lake": "too high", "Hill": "about right", "Port": "too low", "Glen": "too few deaths"}
### END SOLUTION

# %% id="e2-check"
check.button("e2")

# %% id="e2-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e2-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 2. You need not read it.
from rounds.lessons import open_lesson

open_lesson("a4").grade("e2", globals())
### BEGIN HIDDEN TESTS
open_lesson("a4").grade_hidden("e2", globals())
### END HIDDEN TESTS

# %% [markdown] id="e3-task"
# ### Exercise 3: Net benefit (must, 6 minutes)
#
# {term}`Net benefit <net-benefit>` puts flags that are true and flags in vain on one scale. A true flag counts 1. A flag in vain takes a *weight* away. The sum is divided by **all** patients (Vickers and Elkin 2006). So 0.01 is worth as much as one true flag among 100 patients, and none in vain.
#
# The ward's threshold `t` says what the weight is. At 1/5, four in vain weigh as much as one true, so each weighs 1/4:
#
# | threshold t | 1/10 | 1/5 | 1/3 | 1/2 |
# |---|---|---|---|---|
# | weight of one flag in vain | 1/9 | 1/4 | 1/2 | 1 |
#
# **Complete** the recipe: replace the three dots, three times. `&` means "and", `~` means "not". Would you like to see one? Type a last line below the recipe: `net_benefit(fourth["died"], fourth["risk"], 1 / 5)`.

# %% id="e3" nbgrader={"grade": false, "grade_id": "e3-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
def net_benefit(y, p, t):
    died = np.asarray(y) == 1  # true for each who died, also where y is True and False
    flags = ...  # true for each patient from the threshold on
    in_vain = ...  # how many were flagged in vain
    weight = ...  # of one flag in vain: look at the table
    ### BEGIN SOLUTION
    flags, weight = p >= t, t / (1 - t)
    in_vain = (flags & ~died).sum()
    ### END SOLUTION
    return ((flags & died).sum() - weight * in_vain) / len(died)

# %% id="e3-check"
check.button("e3")

# %% id="e3-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e3-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 3. You need not read it.
from rounds.lessons import open_lesson

open_lesson("a4").grade("e3", globals())
### BEGIN HIDDEN TESTS
open_lesson("a4").grade_hidden("e3", globals())
### END HIDDEN TESTS

# %% [markdown] id="e4-task"
# ### Exercise 4: Where is a model worth its work? (must, 4 minutes)
#
# Another team let a deep tree learn in wave 1 (lesson A2) and used it in wave 2. This is its {term}`decision curve <decision-curve>`: net benefit at each threshold, beside the {term}`two simple rules <treat-all>`, *flag everybody* and *flag nobody*.

# %% id="e4-tree" rounds={"role": "made"}
from rounds.evaluation.decision_curve import decision_curve
from sklearn.tree import DecisionTreeClassifier

tree = DecisionTreeClassifier(max_depth=8, random_state=0).fit(first[known], first["died"])
steps = [step / 100 for step in range(1, 51)]
curve = decision_curve(second["died"], tree.predict_proba(second[known])[:, 1], steps)

# %% id="e4-curve" rounds={"role": "made"}
figure = Figure(figsize=(7, 4))
axis = figure.subplots()
axis.plot(steps, curve.model, color="#0072b2", label="the tree")
axis.plot(steps, curve.everybody, color="#b84700", label="flag everybody")
axis.axhline(0, color="#51606e", label="flag nobody")
axis.set(xlabel="threshold", ylabel="net benefit", ylim=(-0.08, 0.22), xticks=np.arange(0, 0.51, 0.05))
axis.legend()
axis.grid(alpha=0.4)

# %% id="e4-picture" rounds={"role": "made"}
heights = zip(steps[1::2], curve.model[1::2], curve.everybody[1::2])
words = "; ".join(f"{step:.2f}: {one:.3f}, {all_of:.3f}" for step, one, all_of in heights)
show_picture(figure, f"Net benefit by threshold, of the tree and of flagging everybody; nobody has 0. {words}.")

# %% [markdown] id="e4-mark"
# **Mark** the thresholds at which the tree is better than **both** simple rules: where this begins, and where it ends. Write shares, as the picture does (0.41 for 41 %), and read them to about 0.01. No code is needed.

# %% id="e4" nbgrader={"grade": false, "grade_id": "e4-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
# two thresholds in round brackets, such as (0.41, 0.44)
worth_it = ...
### BEGIN SOLUTION
worth_it = (0.13, 0.33)
### END SOLUTION

# %% id="e4-check"
check.button("e4")

# %% id="e4-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e4-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 4. You need not read it.
from rounds.lessons import open_lesson

open_lesson("a4").grade("e4", globals())
### BEGIN HIDDEN TESTS
open_lesson("a4").grade_hidden("e4", globals())
### END HIDDEN TESTS

# %% [markdown] id="e5-task"
# ### Exercise 5: A ward's words as a threshold (should, 3 minutes)
#
# A head nurse says: "For one patient who would have died, we accept **seven** visits **in vain**, and not one more."
#
# **Write** her threshold, as a risk between 0 and 1, with three numbers behind the point.

# %% id="e5" nbgrader={"grade": false, "grade_id": "e5-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
her_threshold = ...
### BEGIN SOLUTION
her_threshold = 0.125
### END SOLUTION

# %% id="e5-check"
check.button("e5")

# %% id="e5-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e5-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 5. You need not read it.
from rounds.lessons import open_lesson

open_lesson("a4").grade("e5", globals())
### BEGIN HIDDEN TESTS
open_lesson("a4").grade_hidden("e5", globals())
### END HIDDEN TESTS

# %% [markdown] id="e6-task"
# ### Exercise 6: Mend the level, keep the ranking (could, 8 minutes)
#
# The hospital knows which share of its patients died. `shift_to` pushes all risks by the **same** number until their mean is that share. This is {term}`recalibration`.
#
# Why not add to the risks themselves? A risk must stay between 0 and 1. The {term}`odds` of 20 % are 20 to 80, that is 1/4. Their logarithm, the *log-odds*, may be any number. So the recipe goes to log-odds, pushes there, and comes back. It begins with no push. When the mean is too high it pushes down, else up, and each step is half as long as the one before.
#
# **Complete** the recipe: replace the three dots, twice. `np.log` is the natural logarithm, and `np.exp` turns it back. A log-odds `x` is the risk `1 / (1 + np.exp(-x))`. The last line tries it on wave 4: the mean of the pushed risks, and the share that died.

# %% id="e6" nbgrader={"grade": false, "grade_id": "e6-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
def shift_to(p, observed_share):
    log_odds, push, step = np.log(p / (1 - p)), 0, 8
    for _ in range(50):
        shifted = ...  # all risks, with this push
        too_high = ...  # is their mean above the share?
        ### BEGIN SOLUTION
        shifted = 1 / (1 + np.exp(-(log_odds + push)))
        too_high = shifted.mean() > observed_share
        ### END SOLUTION
        push, step = (push - step if too_high else push + step), step / 2
    return shifted
mean_and_share(shift_to(fourth["risk"], fourth["died"].mean()), fourth["died"])

# %% id="e6-check"
check.button("e6")

# %% id="e6-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e6-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 6. You need not read it.
from rounds.lessons import open_lesson

open_lesson("a4").grade("e6", globals())
### BEGIN HIDDEN TESTS
open_lesson("a4").grade_hidden("e6", globals())
### END HIDDEN TESTS

# %% [markdown] id="misconception" tags=["part:misconception"]
# ## You may have thought
#
# > **"20 % from the model is 20 % for my patient."** It speaks of a group: of 100 patients who look the same to the model, about 20 had the event, **where and when it learned**, if it was well calibrated there. Ask for the {term}`calibration` on patients like yours, in your hospital, now.
#
# > **"A good AUROC means good probabilities."** {term}`AUROC <discrimination>` sees the order alone. Push all risks, and it stands still. A ward that acts from a threshold on needs the level too.

# %% id="q2"
check.ask("q2")

# %% [markdown] id="wrap-up" tags=["part:wrap-up"]
# ## Three lines to keep
#
# 1. Ranking and level are two things: a good {term}`AUROC` says nothing about {term}`O/E <observed-expected>`.
# 2. A threshold is a price: at 1/N, the last patient who is flagged is worth N evaluations for one true finding.
# 3. Use the model only where its net benefit beats *everybody* and *nobody*, and measure the level again when the world has changed.
#
# **Take it to your challenge (Covid-19):** draw the calibration plot of your model for the last wave and for each hospital. Who on the ward says what one true finding is worth, and what is the threshold then?
#
# ### Words of this lesson
#
# WORDS_OF_THIS_LESSON
