# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown] id="title" tags=["part:title"]
# # Numbers with a body behind
#
# *Track: the clinic for engineers. Challenge: patients in hospital with Covid.*
#
# > **Synthetic data.** A computer made up every patient in this notebook. The data are for teaching. Draw no clinical conclusion from them.
#
# *Awaiting a clinician's review.*

# %% [markdown] id="objectives" tags=["part:objectives"]
# ## What you can do at the end
#
# 1. **Convert** units, and **merge** two codes of one test.
# 2. **Tell** a missing value from a real zero and from a value under the limit.
# 3. **Decide** whether a strange value is kept or goes back to the ward as a question.

# %% [markdown] id="minutes" tags=["part:minutes"]
# ## Minutes
#
# | part | minutes | |
# |---|---|---|
# | self-check, story, widget | 10 | **must** |
# | worked example and gaps | 7 | **must** |
# | exercises 1, 2 and 3 | 18 | **must** |
# | exercise 4 | 4 | **should** |
# | question at the end | 1 | **could** |

# %% [markdown] id="needs" tags=["part:needs"]
# ## What you need
#
# You need a little pandas: choose rows, add a column, `groupby`. You need no medicine. You type the gaps and exercises 1 to 3; exercise 4 can also be answered by choosing.

# %% id="setup"
import numpy as np
import pandas as pd

from rounds.data import load
from rounds.lessons import open_lesson

check = open_lesson("b2")
labs = load("covid_labs").frame()
print(f"Ready: {len(labs):,} results of {labs['person_id'].nunique()} patients, 2 laboratories.")

# %% [markdown] id="selfcheck"
# **Self-check.** If both answers are easy, go straight to *Before you look: predict*.

# %% id="s1"
check.ask("s1")

# %% id="s2"
check.ask("s2")

# %% [markdown] id="ward" tags=["part:ward"]
# ## Why a ward cares
#
# Mrs Haddad, 58, moves from hospital B to hospital A. In B her C-reactive protein (CRP), which rises with inflammation, was 9.4; in A it is 94. The doctor knows that nothing changed: B writes mg/dL and A writes mg/L. Your model does not know.

# %% id="look"
columns = ["site", "loinc", "local_name", "value_text", "value_num", "unit", "ref_high"]
labs[labs["loinc"] == "1988-5"].groupby("site").head(2)[columns]

# %% [markdown] id="predict" tags=["part:predict"]
# ## Before you look: predict
#
# Both hospitals treat patients who are about equally ill. Draw all CRP numbers as they are written, on a log axis.
#
# **How many humps will you see?** Lock in your number below.

# %% [markdown] id="widget" tags=["part:widget"]
# ## Toggle it
#
# 1. **Switch** to *All in one unit*. Where does the second hump go?
# 2. **Switch** it off again, and **choose** D-dimer, a piece of a dissolved clot. A counts it in FEU (fibrinogen equivalent units), B in DDU (D-dimer units). How far apart are the sites?
# 3. **Switch** it on, with D-dimer. Look for a lonely bar. Is it a result?

# %% id="units"
from rounds_widgets import LabUnits

LabUnits(labs)

# %% [markdown] id="worked" tags=["part:worked"]
# ## A worked example
#
# A number in a laboratory table has four companions: a **code** (what), a **unit** (how written), a **reference range** (what 95 of 100 healthy people have) and two **times** (taken, known). Read all four before you compute.

# %% [markdown] id="worked-companions"
# ![A number in the middle with four frames round it: code, unit, reference range, two times](companions.svg)

# %% id="worked-units"
# Step 1: take one test by its code, not by its name
crp = labs[labs["loinc"] == "1988-5"]

# Step 2: which units, where? dropna=False shows the blanks, too
crp.groupby(["site", "unit"], dropna=False)["value_num"].agg(["size", "median"])

# %% id="worked-picture" rounds={"role": "made"}
from matplotlib import pyplot as plt

from rounds.lessons.pictures import show_picture

shares = crp.assign(unit=crp["unit"].fillna("blank")).groupby("site")["unit"].value_counts(normalize=True).unstack(fill_value=0)
figure, axes = plt.subplots(figsize=(6, 1.9))
shares.plot.barh(stacked=True, ax=axes, color={"mg/L": "#0072b2", "mg/dL": "#e69f00", "blank": "#d8d4c8"}, edgecolor="#1b2733")
axes.set(xlabel="share of the CRP results", ylabel="site", xlim=(0, 1))
axes.legend(title="", frameon=False, ncols=3, loc="lower center", bbox_to_anchor=(0.5, 1))
blank = 100 * shares.loc["B", "blank"]
show_picture(figure, f"Site A writes mg/L. Site B writes mg/dL, and leaves the unit blank in {blank:.0f} of 100 results.")

# %% [markdown] id="worked-blank"
# Some rows of site B have a blank unit. Do not guess: the {term}`reference range <reference-range>` of the row gives it away. The upper limit of CRP is 5 in mg/L and 0.5 in mg/dL. (A few numbers, such as -1, are no results: exercise 3. A median hardly feels them.)

# %% id="worked-convert"
# Step 3: let the reference range say the unit
in_mg_dl = crp["ref_high"] == 0.5

# Step 4: convert, then compare the sites again
crp_mg_l = crp["value_num"].where(~in_mg_dl, crp["value_num"] * 10)
crp_mg_l.groupby(crp["site"]).median()

# %% [markdown] id="worked-words"
# {term}`LOINC` (Logical Observation Identifiers Names and Codes) says *what* was measured. It does not fix the {term}`unit <units>`. The word "{term}`normal`" is a trap as well.

# %% [markdown] id="faded" tags=["part:faded"]
# ## Your turn, with gaps
#
# There is a second way: say how many *times the upper limit* a value is. The unit falls out. **Replace** the three dots, twice.

# %% id="f1" nbgrader={"grade": false, "grade_id": "f1-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
times_limit = ...  # each value divided by the upper limit of its own row
median_by_site = ...  # the median of times_limit for each site
### BEGIN SOLUTION
times_limit = crp["value_num"] / crp["ref_high"]
median_by_site = times_limit.groupby(crp["site"]).median()
### END SOLUTION

# %% id="f1-check"
check.button("f1")

# %% [markdown] id="exercises" tags=["part:exercises"]
# ## Exercises
#
# The button tells you what to try next. Press it as often as you like.
#
# ### Exercise 1: Convert a unit (must, 4 minutes)
#
# **Write** a function that turns a CRP value into mg/L. It knows `"mg/L"` and `"mg/dL"`. For any other unit it raises `ValueError`: an error today is better than a wrong number next year.


# %% id="e1" nbgrader={"grade": false, "grade_id": "e1-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
def to_mgL(value, unit):
    """Return a CRP value in mg/L."""
    ### BEGIN SOLUTION
    if unit == "mg/L":
        return value
    if unit == "mg/dL":
        return value * 10
    raise ValueError(f"unknown unit {unit!r}")
    ### END SOLUTION


# %% id="e1-check"
check.button("e1")

# %% id="e1-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e1-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 1.
from rounds.lessons import open_lesson

open_lesson("b2").grade("e1", globals())
### BEGIN HIDDEN TESTS
open_lesson("b2").grade_hidden("e1", globals())
### END HIDDEN TESTS

# %% [markdown] id="e2-task"
# ### Exercise 2: Merge two codes of one test (must, 8 minutes)
#
# D-dimer is a piece of fibrin, the net of a clot. It rises with a clot, and also with infection, age or pregnancy. Laboratory A reports it in **ug/mL FEU**, laboratory B in **ng/mL DDU**, each with its own LOINC code. **Here 1 ug/mL FEU counts as 500 ng/mL DDU.** (About so: real tests differ.)
#
# The line below shows each test with its code, and how many results it has. **Find** the two codes.

# %% id="e2-look"
labs.groupby(["site", "local_name", "loinc"]).size()

# %% [markdown] id="e2-ask"
#
# **Write** a function that returns all D-dimer rows, also those without a number, with a new column `feu` in ug/mL FEU. Leave the given table as it was. The -1 and 999 of exercise 3 may stay in `feu`, or be missing there.


# %% id="e2" nbgrader={"grade": false, "grade_id": "e2-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
def merge_dimer(labs):
    """Return the D-dimer rows with a column feu, in ug/mL FEU."""
    rows = labs.copy()
    ### BEGIN SOLUTION
    rows = labs[labs["loinc"].isin(["48065-7", "48066-5"])].copy()
    in_ddu = rows["loinc"] == "48066-5"
    rows["feu"] = rows["value_num"].where(~in_ddu, rows["value_num"] / 500)
    ### END SOLUTION
    return rows


# %% id="e2-check"
check.button("e2")

# %% id="e2-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e2-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 2.
from rounds.lessons import open_lesson

open_lesson("b2").grade("e2", globals())
### BEGIN HIDDEN TESTS
open_lesson("b2").grade_hidden("e2", globals())
### END HIDDEN TESTS

# %% [markdown] id="e3-task"
# ### Exercise 3: Count what is missing (must, 6 minutes)
#
# Not every empty cell is missing, and not every number is a result:
#
# - `value_num` is empty when the text is *NA*, *not done* or *hemolysed* (the red cells broke in the tube): **missing**.
# - An old system of laboratory A writes **-1** or **999** for "no result" (a {term}`sentinel value <sentinel-value>`): **missing**. Ask first whether 999 could be real. Platelets (they help to clot), or a D-dimer in ng/mL, can be 999; here none is.
# - A text like **<0.1** means: measured, and under the limit of the method: **not missing**.
# - An absolute neutrophil count (ANC, white cells against germs) of **0** is real: the patient has none. **Not missing**.
#
# **Write** a function that returns the share of missing results for each site, between 0 and 1.


# %% id="e3" nbgrader={"grade": false, "grade_id": "e3-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
def missing_per_site(labs):
    """Return the share of missing results, one number per site."""
    ### BEGIN SOLUTION
    below = labs["value_text"].str.startswith("<", na=False)
    no_result = labs["value_num"].isna() | labs["value_num"].isin([-1, 999])
    return (no_result & ~below).groupby(labs["site"]).mean()
    ### END SOLUTION


# %% id="e3-check"
check.button("e3")

# %% id="e3-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e3-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 3.
from rounds.lessons import open_lesson

open_lesson("b2").grade("e3", globals())
### BEGIN HIDDEN TESTS
open_lesson("b2").grade_hidden("e3", globals())
### END HIDDEN TESTS

# %% [markdown] id="e4-task"
# ### Exercise 4: Keep or query (should, 4 minutes)
#
# Nobody deletes silently, and on the ward a value that could kill is checked at once, before anybody thinks about the table. **Write** `"keep"` for a value that may be believed as it stands. Write `"query"` for a value that goes back with a question before anybody uses it.
#
# 1. Birthweight 450 g, born at 24 weeks
# 2. Potassium (a salt of the blood) 7.9 mmol/L, comment "hemolysed"
# 3. Temperature 4.2 °C
# 4. ANC 0.0 x 10^9/L, day 7 after a stem-cell transplant (new blood-forming cells)
# 5. CRP -1 mg/L
# 6. Height of the mother 138 cm
# 7. Oxygen saturation 12 % in a patient who talks to you
# 8. D-dimer 4,940 ng/mL DDU, severe Covid

# %% id="e4" nbgrader={"grade": false, "grade_id": "e4-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
verdicts = {1: ..., 2: ..., 3: ..., 4: ...,
            5: ..., 6: ..., 7: ..., 8: ...}
### BEGIN SOLUTION
keep, query = "keep", "query"
verdicts = {1: keep, 2: query, 3: query, 4: keep, 5: query, 6: keep, 7: query, 8: keep}
### END SOLUTION

# %% id="e4-check"
check.button("e4")

# %% id="e4-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e4-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 4.
from rounds.lessons import open_lesson

open_lesson("b2").grade("e4", globals())
### BEGIN HIDDEN TESTS
open_lesson("b2").grade_hidden("e4", globals())
### END HIDDEN TESTS

# %% [markdown] id="misconception" tags=["part:misconception"]
# ## You may have thought
#
# > **"Scale every column to mean 0 and the units do not matter."** One mean for two units repairs nothing: the column still tells the hospital, and a model can learn the hospital from it.
#
# > **"Outliers are errors."** In medicine the {term}`outlier` is often the patient who needs you. Ask what made the number: a body, a tube or a keyboard.

# %% id="q1"
check.ask("q1")

# %% [markdown] id="wrap-up" tags=["part:wrap-up"]
# ## Three lines to keep
#
# 1. Read code, unit, reference range and time before you compute.
# 2. Zero, empty, -1 and <0.1 are four different things.
# 3. Query a strange value; never delete it in silence.
#
# **Take it to your challenge (Covid):** which of your columns come from two laboratories? Draw each on a log axis, one colour per site, before you train a model.
#
# ### Words of this lesson
#
# WORDS_OF_THIS_LESSON
