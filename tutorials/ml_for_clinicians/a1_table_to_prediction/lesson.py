# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown] id="title" tags=["part:title"]
# # From a table to a prediction
#
# *Track: machine learning for clinicians. Challenge: birthweight.*
#
# > **Synthetic data.** A computer made up every mother and every baby in this notebook. The data are for teaching. Draw no clinical conclusion from them.
#
# *Awaiting a clinician's review.*

# %% [markdown] id="objectives" tags=["part:objectives"]
# ## What you can do at the end
#
# 1. **Name** the row, the feature, the label and the moment of prediction in a table.
# 2. **Fit** a model with three lines of code, and **measure** how many grams it is off.
# 3. **Compare** it with the simplest rule: say the mean for everybody.

# %% [markdown] id="minutes" tags=["part:minutes"]
# ## Minutes
#
# | part | minutes | |
# |---|---|---|
# | self-check, story, widget | 9 | **must** |
# | worked example and gaps | 6 | **must** |
# | exercises 1, 2 and 3 | 16 | **must** |
# | exercise 4 | 3 | **should** |
# | question at the end | 1 | **could** |
#
# You cannot break anything. **Start again** below a box brings back its first text.

# %% [markdown] id="needs" tags=["part:needs"]
# ## What you need
#
# You need no code before this. You know what a mean is? That is enough.
#
# **How to answer:** write into a box, or choose in the form above it. Press **Run** below the box, then the check button.

# %% id="setup"
import numpy as np
import pandas as pd

from rounds.data import load
from rounds.lessons import open_lesson

check = open_lesson("a1")
births = load("birthweight").frame()
births["height_cm"] = births["height_cm"].where(births["height_cm"] > 3, births["height_cm"] * 100)  # some are in metres
believed = births[(births["plurality"] == 1) & births["birthweight_g"].between(300, 6500)]
booked = believed.dropna(subset=["height_cm", "bmi", "previous_birthweight_g"])
print(f"Ready: {len(births):,} births of {births['mother_id'].nunique():,} mothers.")

# %% [markdown] id="selfcheck"
# **Self-check.** Two questions. If both are easy, go straight to *Before you look: predict*.

# %% id="s1"
check.ask("s1")

# %% id="s2"
check.ask("s2")

# %% [markdown] id="ward" tags=["part:ward"]
# ## Why a ward cares
#
# Dana is 31 and pregnant with her second child. At the *booking visit*, her first visit in this pregnancy, the midwife reads that her first child weighed 2,700 g. She must plan the scans of the coming months today, so she asks: how heavy will this baby be?
#
# One {term}`row <unit-of-analysis>` of our table is one birth. We keep births of one child, with no value missing, whose mother has had a child before. The last column is what we want to know; the others are what a computer may try to learn from.

# %% id="look"
shown = ["age", "height_cm", "previous_birthweight_g", "gestation_days", "birthweight_g"]
print(f"{len(booked):,} births of {booked['mother_id'].nunique():,} mothers")
booked[shown].head(4).reset_index(drop=True)

# %% [markdown] id="predict" tags=["part:predict"]
# ## Before you look: predict
#
# First four words that you need all day:
#
# - The {term}`label` is what we want to predict: here the weight at birth, `birthweight_g`.
# - A {term}`feature <predictor>` is a column that we predict from.
# - The {term}`moment of prediction <index-date>` is the end of the booking visit, here mostly in weeks 8 to 12 of the pregnancy. What comes later does not exist yet.
# - The {term}`mean absolute error` says how far off we are: the mean of all distances between prediction and truth, in grams.
#
# ![A line of time with the booking visit in its middle: what stands left of it may be a feature, what stands right of it is not known yet, and the label comes at the end](moment.svg)

# %% [markdown] id="predict-guess"
# The simplest rule needs no computer: **say the mean for everybody**. The card below says how many grams this is off.
#
# To be fair, nobody may draw a line and be measured on the same births. So the births of 3 in 10 mothers are put aside. The card draws births of the other mothers, and measures on those that were put aside.

# %% id="aside" rounds={"role": "made"}
put_aside = booked["mother_id"].drop_duplicates().sample(frac=0.3, random_state=0)
is_test = booked["mother_id"].isin(put_aside)
train, test = booked[~is_test], booked[is_test]  # ~ means "not"
print(f"{len(train):,} births to learn from, {len(test):,} births of other mothers to measure on")


def grams(number):  # a number with its unit; what is no number yet stays as it is
    return f"{number:,.1f} g" if isinstance(number, float) else number

# %% [markdown] id="predict-line"
# Now you may draw a line: tall mother, heavy baby. **How many grams will your best line be off, on average?** Write your number into the card and press **Lock in my guess**. A wrong guess costs nothing: it helps you to remember.

# %% [markdown] id="widget" tags=["part:widget"]
# ## Move it
#
# 1. Pull the two orange points, or use the sliders. Make your error as small as you can. Then press **Fit**.
# 2. Choose *previous birthweight* as the column and do the same. Then choose *gestation*, the length of the pregnancy in days.
# 3. Did you pull each line with care? Then look at the table below the points. What changed the error more: **who** drew the line, or **which column** it uses?

# %% id="hand"
from rounds_widgets import LineByHand

LineByHand(
    train, test, ["height_cm", "age", "previous_birthweight_g", "gestation_days"], later={"gestation_days": "delivery"}
)

# %% id="q1"
check.ask("q1")

# %% [markdown] id="worked" tags=["part:worked"]
# ## A worked example
#
# The computer draws its line from the births of some mothers, the **training** births. We measure it on births of *other* mothers, the **test** births. Nobody stands on both sides.
#
# ![A table of births, cut in two by mother: the larger part trains the line, the smaller part tests it, and the distances between prediction and truth give one number in grams](table-to-prediction.svg)
#
# Here are the three lines of code: make a model, {term}`fit <fitting>` it, predict. We use the length of the pregnancy. This model is **for practice only**: at the booking visit nobody knows that length.
#
# In code, `train["age"]` is one column. `train[["age"]]`, with two brackets, is a small table with the columns of a list, here one. The model predicts *from* a table, so the features need two; the label is one column.

# %% id="worked-fit"
from sklearn.linear_model import LinearRegression
# Step 1: choose one feature and the label
feature, label = ["gestation_days"], "birthweight_g"

# Step 2: three lines: make a model, fit it on the training births, predict the test births
practice_model = LinearRegression()
practice_model.fit(train[feature], train[label])
predicted = practice_model.predict(test[feature])

# Step 3: how far off is it?
misses = test[label] - predicted  # one number for each test birth, above or below zero
print(f"Off by {misses.abs().mean():.0f} g on average")  # .abs() makes each miss a distance

# %% [markdown] id="worked-misses"
# One number hides a lot. Here are all the misses. Look at the width: a mean says little about *one* baby.

# %% id="worked-plot" rounds={"role": "made"}
from matplotlib.figure import Figure
from rounds.lessons.pictures import show_picture

far = 100 * (misses.abs() > 500).mean()
figure = Figure(figsize=(7, 3))
axis = figure.subplots()
axis.hist(misses, bins=np.arange(-2000, 2001, 100), edgecolor="white")
axis.axvspan(-500, 500, color="#e69f00", alpha=0.2)
axis.set(xlabel="grams above (right) or below (left) the prediction", ylabel="test births")
words = f"One hill around zero. {far:.0f} of 100 test babies are off by more than 500 g."
print(words)
show_picture(figure, words)

# %% [markdown] id="faded" tags=["part:faded"]
# ## Your turn, with gaps
#
# Now the feature is the height of the mother, `height_cm`. The first line fits the model. **Replace** the three dots, twice. The worked example has the lines you need.
#
# Line 3 takes the predictions from the weights of the test births, one by one. If it stops because two *arrays* (columns of numbers) differ in length, look at line 2: which births did the model predict?

# %% id="f1" nbgrader={"grade": false, "grade_id": "f1-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
height_model = LinearRegression().fit(train[["height_cm"]], train["birthweight_g"])
height_says = ...  # what this model says for the test births
height_error = ...  # its mean absolute error in grams
### BEGIN SOLUTION
height_says = height_model.predict(test[["height_cm"]])
height_error = (test["birthweight_g"] - height_says).abs().mean()
### END SOLUTION

# %% id="f1-check"
check.button("f1")

# %% [markdown] id="exercises" tags=["part:exercises"]
# ## Exercises
#
# Each exercise has a box for your answer, then a button. The button tells you what to try next. Press it as often as you like.
#
# ### Exercise 1: What is known at booking? (must, 5 minutes)
#
# **Sort** nine columns into three groups. The moment of prediction is the end of the booking visit. No code is needed.
#
# | column | what it holds |
# |---|---|
# | `height_cm` | the height of the mother |
# | `smoking` | whether she says at booking that she smokes |
# | `chronic_hypertension` | high blood pressure from before this pregnancy |
# | `previous_birthweight_g` | the weight of the child before this one |
# | `siblings_mean_birthweight_g` | the mean weight of all her other children in the register, born before or after this one |
# | `gestational_diabetes` | diabetes that comes with this pregnancy, usually found by a test in weeks 24 to 28 |
# | `weight_gain_kg` | what she gained in the whole pregnancy |
# | `gestation_days` | the days from her last period to delivery |
# | `birthweight_g` | the weight of this baby |

# %% id="e1" nbgrader={"grade": false, "grade_id": "e1-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
# groups: "feature", "label", "not known yet"
# one entry looks like {"blood_group": "feature"}
group_of = ...
### BEGIN SOLUTION
known = ["height_cm", "smoking", "chronic_hypertension", "previous_birthweight_g"]
unknown = ["siblings_mean_birthweight_g", "gestational_diabetes", "weight_gain_kg", "gestation_days"]
group_of = {column: "feature" for column in known} | {column: "not known yet" for column in unknown}
group_of["birthweight_g"] = "label"
### END SOLUTION

# %% id="e1-check"
check.button("e1")

# %% id="e1-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e1-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 1. You need not read it.
from rounds.lessons import open_lesson

open_lesson("a1").grade("e1", globals())
### BEGIN HIDDEN TESTS
open_lesson("a1").grade_hidden("e1", globals())
### END HIDDEN TESTS

# %% [markdown] id="e2-task"
# ### Exercise 2: The simplest rule as a function (must, 5 minutes)
#
# A *function* is a recipe with a name. This one takes the weights of the training births, `y_train`, and of the test births, `y_test`. Engineers call the label `y`. The rule: say the mean of the **training** births for every test birth.
#
# **Complete** the recipe: replace the three dots, twice. The last line tries it on our births.


# %% id="e2" nbgrader={"grade": false, "grade_id": "e2-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
def baseline_mae(y_train, y_test):
    guess = ...  # one number in grams, the same for every baby
    error = ...  # how far off it is in the test births
    ### BEGIN SOLUTION
    guess = y_train.mean()
    error = (y_test - guess).abs().mean()
    ### END SOLUTION
    return error

print(grams(baseline_mae(train["birthweight_g"], test["birthweight_g"])))

# %% id="e2-check"
check.button("e2")

# %% id="e2-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e2-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 2. You need not read it.
from rounds.lessons import open_lesson

open_lesson("a1").grade("e2", globals())
### BEGIN HIDDEN TESTS
open_lesson("a1").grade_hidden("e2", globals())
### END HIDDEN TESTS

# %% [markdown] id="e3-task"
# ### Exercise 3: A model for the booking visit (must, 6 minutes)
#
# Your table has seven columns of numbers to choose from: `age`, `parity` (how many births she had before this one), `height_cm`, `bmi` (her body mass index from before the pregnancy), `previous_birthweight_g`, `gestation_days`, and `apgar_5` (a score of the newborn five minutes after birth).
#
# **Build** the model: choose every column that is known at booking. Then write the lines that fit it on `train`, predict `test`, and put the mean absolute error into `error`.


# %% id="e3" nbgrader={"grade": false, "grade_id": "e3-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
def booking_mae(train, test):
    columns = ...  # a list such as ["age", "parity"]
    error = None  # your lines put the number here
    ...
    ### BEGIN SOLUTION
    columns = ["age", "parity", "height_cm", "bmi", "previous_birthweight_g"]
    model = LinearRegression().fit(train[columns], train["birthweight_g"])
    error = (test["birthweight_g"] - model.predict(test[columns])).abs().mean()
    ### END SOLUTION
    return error

print(grams(booking_mae(train, test)))

# %% id="e3-check"
check.button("e3")

# %% id="e3-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e3-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 3. You need not read it.
from rounds.lessons import open_lesson

open_lesson("a1").grade("e3", globals())
### BEGIN HIDDEN TESTS
open_lesson("a1").grade_hidden("e3", globals())
### END HIDDEN TESTS

# %% [markdown] id="e4-task"
# ### Exercise 4: What may you say? (should, 3 minutes)
#
# You have three numbers: the mean for everybody (exercise 2), the model for the booking visit (exercise 3), and the practice model with `gestation_days` (worked example).
#
# **Choose** the one sentence that they support. Write its letter in quotes.
#
# - **A** "At booking, the model can tell Dana what her baby will weigh."
# - **B** "For mothers it had never seen, the booking model was off by fewer grams, on average, than the mean for everybody."
# - **C** "A heavy first child is a cause of a heavy second child."
# - **D** "With `gestation_days` the error is small too, so the midwife should use it at booking."

# %% id="e4" nbgrader={"grade": false, "grade_id": "e4-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
sentence = ...
### BEGIN SOLUTION
sentence = "B"
### END SOLUTION

# %% id="e4-check"
check.button("e4")

# %% id="e4-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e4-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 4. You need not read it.
from rounds.lessons import open_lesson

open_lesson("a1").grade("e4", globals())
### BEGIN HIDDEN TESTS
open_lesson("a1").grade_hidden("e4", globals())
### END HIDDEN TESTS

# %% [markdown] id="misconception" tags=["part:misconception"]
# ## You may have thought
#
# > **"The computer finds the rules by itself; no choices are made."** The computer made one choice: where the line lies. People made all the others before it began: one child and not twins, mothers who have had a child before, rows with no value missing, the booking visit as the moment, the columns, a straight line, the mean absolute error, and which mothers test it. A bad choice among these is not mended by any fitting.
#
# > **"The model with the smallest error is the best one."** Only among models that can be used at the moment of prediction. Ask of every column: **who knows this, and when?** Engineers call the mistake {term}`leakage`.

# %% id="q2"
check.ask("q2")

# %% [markdown] id="wrap-up" tags=["part:wrap-up"]
# ## Three lines to keep
#
# 1. Say the row, the label and the moment of prediction before you open the table.
# 2. A column may be a feature only when it can be known at that moment. Where it is missing, say what you do.
# 3. Give each error beside that of the simplest rule, the {term}`baseline`, in a unit that a ward knows: grams.
#
# **Take it to your challenge (birthweight):** which three columns will your team use, and who writes each one down, on which day? Ask your clinical mentor before you train a model.
#
# ### Words of this lesson
#
# WORDS_OF_THIS_LESSON
