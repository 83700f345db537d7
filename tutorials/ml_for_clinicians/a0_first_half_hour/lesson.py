# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown] id="title" tags=["part:title"]
# # First half hour
#
# *Track: machine learning for clinicians. Challenge: birthweight.*
#
# > **Synthetic data.** A computer made up every mother and baby in this notebook. The data are for teaching. Draw no clinical conclusion from them.
#
# *Awaiting a clinician's review.*

# %% [markdown] id="objectives" tags=["part:objectives"]
# ## What you can do at the end
#
# 1. **Read** run numbers, and **say** what a box prints when boxes ran in another order.
# 2. **Name** what is gone after a restart, and what stays.
# 3. **Choose** the rows of a table by one condition, and **count** them.

# %% [markdown] id="minutes" tags=["part:minutes"]
# ## Minutes
#
# | part | minutes | |
# |---|---|---|
# | story and five boxes | 7 | **must** |
# | worked example and gap | 4 | **must** |
# | exercises 1, 3, 4 and 5 | 9 | **must** |
# | exercises 2 and 6 | 5 | **should** |
# | self-check and last questions | 3 | **could** |
#
# You cannot break anything. **Start again** below a box brings back its first text.

# %% [markdown] id="needs" tags=["part:needs"]
# ## What you need
#
# You need nothing. You have never seen code? Then this lesson is for you.
#
# **How to answer:** choose above a box, and the page writes the code into it. Or type into the box yourself. Then press **Run** below it, and the check button.

# %% id="setup"
import numpy as np
import pandas as pd

from rounds.data import load
from rounds.lessons import open_lesson

check = open_lesson("a0")
births = load("birthweight").frame()
births = births.query('era == "2022-2024" and site == "A" and birth_order == 1 and plurality == 1').head(300)
births = births.assign(weeks=births["gestation_days"] // 7, weight_g=births["birthweight_g"].astype(int))
births = births[["child_id", "age", "smoking", "weeks", "weight_g"]].reset_index(drop=True)
print(f"Ready: {len(births)} babies.")

# %% [markdown] id="selfcheck"
# **Self-check.** Are both questions easy? Then go straight to the exercises. You do not know? Read on, the lesson answers both.

# %% id="s1"
check.ask("s1")

# %% id="s2"
check.ask("s2")

# %% [markdown] id="ward" tags=["part:ward"]
# ## Why a ward cares
#
# Rivka is 36, and her first baby came after 35 full weeks. The midwife asks you: "How many first babies come early here, and how many are small?" The answer is in a table of the ward, and today you ask it yourself.
#
# One row of our table is one first baby. `age` is the age of the mother, `weeks` is how many weeks of the pregnancy were full, `weight_g` is the weight in grams.

# %% id="look"
births.head(4)

# %% [markdown] id="predict" tags=["part:predict"]
# ## Before you look: predict
#
# A {term}`notebook` is a page of boxes. Each box holds some code, and runs when you say so. Here are five:
#
# | box | code | in words |
# |---|---|---|
# | 1 | `beds = 20` | the name `beds` gets the number 20 |
# | 2 | `patients = 14` | the name `patients` gets 14 |
# | 3 | `free = beds - patients` | `free` gets beds minus patients |
# | 4 | `beds = beds + 2` | two beds more |
# | 5 | `print(free)` | show the number behind `free` |
#
# The boxes run from top to bottom. **What will box 5 print?** Lock in your guess below. A wrong guess costs nothing: it helps you to remember.

# %% [markdown] id="widget" tags=["part:widget"]
# ## Run it
#
# The card has two sides: the page, which you read, and what the computer knows. The number in brackets, like `[3]`, says when a box ran last.
#
# Five surprises wait below the boxes. **Find** at least three of them. Before each print you guess first.

# %% id="boxes"
from rounds_widgets import FiveCells

FiveCells(["beds = 20", "patients = 14", "free = beds - patients", "beds = beds + 2", "print(free)"])

# %% id="q1"
check.ask("q1")

# %% [markdown] id="picture"
# What knows the names is called the {term}`kernel`. The page is only what you see of it. Two pages may have one kernel.
#
# In a notebook of your team the run number stands left of each box. A lesson's page does not show it. A `NameError` says: a box used a name that was not in the memory.
#
# ![Your page and Yael's page both send their boxes to one kernel. You wrote beds = 20, Yael ran beds = 12 after you, and your page prints 12. A restart empties the memory; text and printed lines stay on the pages.](one-kernel.svg)

# %% [markdown] id="worked" tags=["part:worked"]
# ## A worked example
#
# How many mothers are 35 or older? Three steps: a condition, the rows, the number. Read slowly. `births["age"]` is one column of the table, and `len` says how many rows a table has.

# %% id="worked-choose"
# Step 1: the condition, for each row true or false
is_older = births["age"] >= 35

# Step 2: keep the rows where it is true
older = births[is_older]

# Step 3: count these rows
older_count = len(older)
print(f"{older_count} of {len(births)} mothers are 35 or older.")

# %% [markdown] id="worked-signs"
# A table of rows and columns is called a {term}`data frame`. A {term}`filter` keeps some of its rows. You need four signs:
#
# | sign | it asks | 35 itself? |
# |---|---|---|
# | `<` | is it less? | no |
# | `<=` | is it less, or the same? | yes |
# | `>` | is it more? | no |
# | `>=` | is it more, or the same? | yes |
#
# Steps 1 and 2 fit into one line: `births[births["age"] >= 35]`. Below, each dot is one baby. The condition is the line: it keeps the dots on the line and those right of it.

# %% id="worked-plot" rounds={"role": "made"}
from matplotlib import pyplot as plt

from rounds.lessons.pictures import show_picture

figure, axes = plt.subplots(figsize=(7, 3.4))
axes.scatter(births["age"], births["weight_g"], s=14, color="#9aa5ae", label="other mothers")
axes.scatter(older["age"], older["weight_g"], s=34, color="#c84e00", marker="D", label="35 or older")
axes.axvline(35, color="#1b2733", linestyle="--")
axes.set(xlabel="age of the mother, years", ylabel="weight of the baby, g")
axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2, frameon=False)
show_picture(figure, f"A line at age 35 parts {len(births)} dots: {older_count} on it or right of it, the others left.")

# %% [markdown] id="faded" tags=["part:faded"]
# ## Your turn, with a gap
#
# How many babies weigh 4,000 g or more? The first line keeps their rows. **Fill** the gap, then run the box.

# %% id="f1" nbgrader={"grade": false, "grade_id": "f1-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
heavy = births[births["weight_g"] >= 4000]
heavy_count = ...  # the number of rows in heavy
### BEGIN SOLUTION
heavy_count = len(heavy)
### END SOLUTION
print("Heavy babies:", heavy_count)

# %% id="f1-check"
check.button("f1")

# %% [markdown] id="exercises" tags=["part:exercises"]
# ## Exercises
#
# Each exercise has a box for your answer, then a button. The button tells you what to try next. Press it as often as you like.
#
# ### Exercise 1: What was printed? (must, 2 minutes)
#
# This is a page after a morning of work. The run number `[3]` is missing, because the fourth box ran twice: as run 3 and as run 4.
#
# | run number | box |
# |---|---|
# | `[1]` | `beds = 40` |
# | `[2]` | `patients = 25` |
# | `[5]` | `free = beds - patients` |
# | `[4]` | `beds = beds - 4` |
# | `[6]` | `print(free)` |
#
# **Write** the number that the last box printed.

# %% id="e1" nbgrader={"grade": false, "grade_id": "e1-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
printed = ...
### BEGIN SOLUTION
printed = 7
### END SOLUTION

# %% id="e1-check"
check.button("e1")

# %% id="e1-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e1-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 1. You need not read it.
from rounds.lessons import open_lesson

open_lesson("a0").grade("e1", globals())
### BEGIN HIDDEN TESTS
open_lesson("a0").grade_hidden("e1", globals())
### END HIDDEN TESTS

# %% [markdown] id="e2-task"
# ### Exercise 2: An order that works (should, 3 minutes)
#
# The memory is empty. Four of these boxes are needed to print the dose, and one is not.
#
# | letter | box |
# |---|---|
# | A | `dose_mg = weight_kg * mg_per_kg` |
# | B | `weight_kg = 70` |
# | C | `print(dose_mg)` |
# | D | `mg_per_kg = 5` |
# | E | `print(height)` |
#
# **Put** the four in an order that runs without an error, like `["C", "A"]`. More than one order is right.

# %% id="e2" nbgrader={"grade": false, "grade_id": "e2-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
run_order = ...
### BEGIN SOLUTION
run_order = ["B", "D", "A", "C"]
### END SOLUTION

# %% id="e2-check"
check.button("e2")

# %% id="e2-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e2-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 2. You need not read it.
from rounds.lessons import open_lesson

open_lesson("a0").grade("e2", globals())
### BEGIN HIDDEN TESTS
open_lesson("a0").grade_hidden("e2", globals())
### END HIDDEN TESTS

# %% [markdown] id="e3-task"
# ### Exercise 3: After a restart (must, 2 minutes)
#
# You restart a notebook. Nothing has run again yet.
#
# | word | what it stands for |
# |---|---|
# | births | the table behind the name `births` |
# | text | the text in your boxes |
# | older_count | the number behind the name `older_count` |
# | printed | the lines that a box printed on the page |
# | file | the file in which the notebook is saved |
# | pd | the name `pd`: the first box, folded on this page, gave it to *pandas*, code for tables that others wrote |
#
# **Choose** everything that is gone, like `["text", "file"]`.

# %% id="e3" nbgrader={"grade": false, "grade_id": "e3-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
gone = ...
### BEGIN SOLUTION
gone = ["births", "older_count", "pd"]
### END SOLUTION

# %% id="e3-check"
check.button("e3")

# %% id="e3-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e3-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 3. You need not read it.
from rounds.lessons import open_lesson

open_lesson("a0").grade("e3", globals())
### BEGIN HIDDEN TESTS
open_lesson("a0").grade_hidden("e3", globals())
### END HIDDEN TESTS

# %% [markdown] id="e4-task"
# ### Exercise 4: The early babies (must, 3 minutes)
#
# A baby is *early* when it came before 37 full weeks: 36 is early, 37 is not.
#
# **Choose** the rows of the early babies, and **count** them. The last line prints the midwife's first number.

# %% id="e4" nbgrader={"grade": false, "grade_id": "e4-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
early = ...  # the rows of the early babies
early_count = ...  # how many rows these are
### BEGIN SOLUTION
early = births[births["weeks"] < 37]
early_count = len(early)
### END SOLUTION
print("Early babies:", early_count)

# %% id="e4-check"
check.button("e4")

# %% id="e4-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e4-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 4. You need not read it.
from rounds.lessons import open_lesson

open_lesson("a0").grade("e4", globals())
### BEGIN HIDDEN TESTS
open_lesson("a0").grade_hidden("e4", globals())
### END HIDDEN TESTS

# %% [markdown] id="e5-task"
# ### Exercise 5: The small babies, alone (must, 2 minutes)
#
# A baby is *small* when it weighs less than 2,500 g. **Write** two lines: the first keeps the rows as `small`, the second counts them as `small_count`. Exercise 4 shows how. The last line prints the midwife's second number.

# %% id="e5" nbgrader={"grade": false, "grade_id": "e5-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
small = small_count = None  # your two lines give both a value
...
### BEGIN SOLUTION
small = births[births["weight_g"] < 2500]
small_count = len(small)
### END SOLUTION
print("Small babies:", small_count)

# %% id="e5-check"
check.button("e5")

# %% id="e5-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e5-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 5. You need not read it.
from rounds.lessons import open_lesson

open_lesson("a0").grade("e5", globals())
### BEGIN HIDDEN TESTS
open_lesson("a0").grade_hidden("e5", globals())
### END HIDDEN TESTS

# %% [markdown] id="e6-task"
# ### Exercise 6: Two people, one kernel (should, 2 minutes)
#
# You and Yael work in the same kernel, each with a page of your own. This was run:
#
# | run number | whose page | box |
# |---|---|---|
# | `[1]` | yours | `limit = 20` |
# | `[2]` | Yael's | `limit = 35` |
# | `[3]` | yours | `young = births[births["age"] < limit]` |
# | `[4]` | yours | `print(len(young))` |
#
# **Choose** whom you counted: mothers `"under 20"`, mothers `"under 35"`, `"both"` one after the other, or `"nobody"`, because a box stops.

# %% id="e6" nbgrader={"grade": false, "grade_id": "e6-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
counted = ...
### BEGIN SOLUTION
counted = "under 35"
### END SOLUTION

# %% id="e6-check"
check.button("e6")

# %% id="e6-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e6-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 6. You need not read it.
from rounds.lessons import open_lesson

open_lesson("a0").grade("e6", globals())
### BEGIN HIDDEN TESTS
open_lesson("a0").grade_hidden("e6", globals())
### END HIDDEN TESTS

# %% [markdown] id="misconception" tags=["part:misconception"]
# ## You may have thought
#
# > **"The notebook shows what the computer knows: what I read from top to bottom is what was run."** The page shows text. The kernel knows what was run, in the order in which it was run, by everybody who uses it. In doubt, restart and run all: then page and kernel agree.
#
# One more word has two meanings: see {term}`cell`.

# %% id="q2"
check.ask("q2")

# %% [markdown] id="wrap-up" tags=["part:wrap-up"]
# ## Three lines to keep
#
# 1. Run numbers say what was run, and when. The page does not.
# 2. A restart empties the memory. Text, printed lines and files stay.
# 3. A condition chooses rows, `len` counts them.
#
# You chose patients, and you counted them. That is the first step of many studies.
#
# **Take it to your challenge (birthweight):** for which mothers would your clinic plan one more growth scan? Write one condition: a column, a sign and a number. Then agree with your team who runs which notebook.
#
# ### Words of this lesson
#
# WORDS_OF_THIS_LESSON
