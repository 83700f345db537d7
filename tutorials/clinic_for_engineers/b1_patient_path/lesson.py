# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown] id="title" tags=["part:title"]
# # A patient's path and the trace it leaves
#
# *Track: the clinic for engineers. Challenge: patients with heart failure who come back.*
#
# > **Synthetic data.** A computer made up every patient in this notebook. The data are for teaching. Draw no clinical conclusion from them.
#
# *Awaiting a clinician's review.*

# %% [markdown] id="objectives" tags=["part:objectives"]
# ## What you can do at the end
#
# 1. **Follow** a patient from the emergency department to the clinic, and **say** who writes each table, when and why.
# 2. **Tell apart** when something happened, when it was charted, and from when it could be read.
# 3. **Choose** who can answer a question: the hospital, a health fund, the ministry, or no table at all.

# %% [markdown] id="minutes" tags=["part:minutes"]
# ## Minutes
#
# | part | minutes | |
# |---|---|---|
# | self-check, story, widget | 11 | **must** |
# | worked example and gaps | 8 | **must** |
# | exercises 1, 2 and 3 | 16 | **must** |
# | exercise 4 | 4 | **should** |
# | question at the end | 1 | **could** |

# %% [markdown] id="needs" tags=["part:needs"]
# ## What you need
#
# You need a little pandas: choose rows, sort, `groupby`. You need no medicine. Each box can also be answered by choosing: open *Answer without typing code* above it.

# %% id="setup"
import numpy as np
import pandas as pd

from rounds.data import load
from rounds.lessons import open_lesson

check = open_lesson("b1")
hospital = load("heart_failure")
database = hospital.connect()
stays = hospital.frame()
print(f"Ready: {len(stays):,} unplanned stays of {stays['person_id'].nunique():,} people, in {len(hospital.package.tables) - 1} tables.")

# %% [markdown] id="selfcheck"
# **Self-check.** If both answers are easy, go straight to *Before you look: predict*.

# %% id="s1"
check.ask("s1")

# %% id="s2"
check.ask("s2")

# %% [markdown] id="ward" tags=["part:ward"]
# ## Why a ward cares
#
# Mrs Azoulay, 78, comes to the emergency department at noon: she cannot breathe lying down. At 14:00 a model is asked how likely she is to come back within a month of going home. It was trained on complete records, but at 14:00 hers holds almost nothing yet.
#
# ![The path of a patient in five steps, home, emergency, ward, discharge and clinic; below each step stands who writes which table there](path.svg)

# %% [markdown] id="predict" tags=["part:predict"]
# ## Before you look: predict
#
# The card below shows one {term}`stay <encounter>` of our cohort. Each dot is something that happened. Some of it stands in a table of the hospital, and some does not.
#
# The line marks a moment two hours after the arrival; you may drag it. **How many of the things that have happened by then can somebody read in this hospital's tables, at that moment?** Write your number into the card and press **Lock in my guess**.

# %% [markdown] id="widget" tags=["part:widget"]
# ## Move it
#
# In this lesson, three verbs have one meaning each:
#
# - **happened**: it was so in the body, or at the bedside. For a code it is when the illness was there; where a table has no column for that, we take the time of the row.
# - **{term}`charted <charting>`**: somebody opened a row for it. The row may still be empty.
# - **available**: its content can be read.
#
# What is marked *in no table*, like the oxygen in the ambulance, was added by us to each stay.
#
# 1. Choose **charted**, then **available**. Which things change their place?
# 2. Drag the moment to the right. What is readable last? What is never readable?
# 3. Choose *Stay 3*. When did she come back, and when does a note of **this** stay say so? (The table under the picture has both moments.)
# 4. Answer the four questions under *Who holds the rest?*

# %% id="trace"
from rounds_widgets import StayTrace

StayTrace(hospital)

# %% id="q1"
check.ask("q1")

# %% [markdown] id="worked" tags=["part:worked"]
# ## A worked example
#
# Eight tables of a stay, and who writes them. Nobody writes for your model.
#
# | table | who writes it | when | why |
# |---|---|---|---|
# | encounter | the clerk | at the door, and when she leaves | to know who is where |
# | vital | the nurse, or the monitor | at the bedside, or at the end of a round | to see a change |
# | lab | the laboratory | a row with the sample; its value later | to answer an order |
# | medication | the doctor the order, the nurse the dose | before it, and as it is given | to treat |
# | procedure, observation | whoever does it | when it is done | to tell the next one |
# | note | the doctor, the nurse | after they saw her, often hours after | to tell the next one |
# | diagnosis | here the coder; in other hospitals the doctor | days after she left; elsewhere at discharge | to bill and to count |

# %% [markdown] id="worked-lab"
# A laboratory row has two times: the blood was taken (`collected_ts`), and the result came (`resulted_ts`). How far apart are the two in the first hours of a stay? The picture counts all laboratory values of all unplanned stays.

# %% id="worked-values" rounds={"role": "made"}
minutes = database.sql("""
    SELECT date_diff('minute', admit_ts, collected_ts) AS taken, date_diff('minute', admit_ts, resulted_ts) AS readable
    FROM lab JOIN encounter USING (encounter_id)
    WHERE class = 'inpatient' AND NOT planned AND transfer_from IS NULL AND collected_ts < admit_ts + INTERVAL 6 HOUR
""").df()

# %% id="worked-curves" rounds={"role": "made"}
grid = np.arange(0, 361, 5)
curves = {name: np.searchsorted(np.sort(minutes[name]), grid, side="right") / len(stays) for name in minutes}
taken_then, readable_then = (float(curves[name][24]) for name in ("taken", "readable"))  # 24 steps of 5 minutes
words = f"Two hours after the arrival, {taken_then:.1f} values of a stay have been taken and {readable_then:.1f} can be read."
print(words)

# %% id="worked-picture" rounds={"role": "made"}
from matplotlib import pyplot as plt

from rounds.lessons.pictures import show_picture

figure, axes = plt.subplots(figsize=(6, 2.8))
axes.fill_between(grid / 60, curves["taken"], curves["readable"], color="#e69f00", alpha=0.3, label="not readable yet")
axes.plot(grid / 60, curves["taken"], "--", color="#1b2733", label="blood taken")
axes.plot(grid / 60, curves["readable"], color="#0072b2", label="can be read")
axes.set(xlabel="hours after the arrival", ylabel="values, mean of a stay")
axes.legend(frameon=False)
show_picture(figure, words)

# %% [markdown] id="worked-orders"
# Medicines go the other way round: the row is there *before* anything happens. A doctor writes an {term}`order <medication-order>`, and the nurse gives the dose later. The table below has the first 400 stays of hospital A; `ordered` and `given` are hours after the arrival. (The doses of this cohort come hours too late: on a ward a patient who cannot breathe gets furosemide in the first hour.)

# %% id="tables" rounds={"role": "made"}
database.execute("""CREATE TABLE early AS SELECT * FROM encounter WHERE class = 'inpatient' AND NOT planned
    AND transfer_from IS NULL AND site = 'A' ORDER BY encounter_id LIMIT 400""")
database.execute("CREATE MACRO h(ts, zero) AS round(date_diff('minute', zero, ts) / 60.0, 2)")
orders = database.sql("""
    SELECT encounter_id, drug, h(ordered_ts, admit_ts) AS ordered, h(started_ts, admit_ts) AS given
    FROM medication JOIN early USING (encounter_id) ORDER BY 1, 3, 4, 2""").df()
potassium = database.sql("""
    SELECT encounter_id, value_num AS value, h(collected_ts, admit_ts) AS taken, h(resulted_ts, admit_ts) AS resulted
    FROM lab JOIN early USING (encounter_id) WHERE loinc = '2823-3' AND value_num BETWEEN 1 AND 10 ORDER BY 1, 3""").df()
codes = database.sql("""
    SELECT encounter_id, icd10, admit_ts, disch_ts, coded_ts FROM diagnosis JOIN early USING (encounter_id)
    WHERE disch_ts IS NOT NULL ORDER BY 1, rank""").df()

# %% id="worked-look"
orders.head(4)

# %% id="worked-doses"
# Step 1: say the moment, in hours after the arrival
moment = 6

# Step 2: which rows are there by then?
written = orders[orders["ordered"] <= moment]

# Step 3: which of these are in a body by then?
in_a_body = written[written["given"] <= moment]
print(f"{len(written)} orders are written, {len(in_a_body)} of them have been given.")

# %% [markdown] id="worked-who"
# ### Who holds the rest
#
# The event that this course grew out of took place in **Israel**, so its landscape is our example. What follows was published up to 2025. In your country it is cut in another way: **ask locally**.
#
# - **Hospital.** Some belong to the state, some to a fund, some to neither. Each keeps the {term}`record <ehr>` of its own stays and clinics.
# - **Four {term}`health funds <health-fund>` (HMOs).** Residents choose one of the four; soldiers and some others stand outside. The fund pays for care, runs family medicine, and keeps its members' records for years.
# - **Ministry of Health.** It sees the whole country, but thinly: a database of the discharges of all hospitals, registers, reports that a law asks for.
#
# A doctor who treats a patient may look into other holders' records through a {term}`health information exchange <health-information-exchange>`. That look is for care. It is not a table for your model: {term}`secondary use <secondary-use>` has rules of its own.

# %% [markdown] id="worked-own"
# **Who owns what is found?** In Israel lawyers give no single answer; patients have rights to privacy and to a copy, and institutions are responsible for the data that they keep. Elsewhere it differs. So ask three questions before you begin. Who may use the rows? Who may publish? Who shares in what is sold?
#
# **{term}`Data sovereignty <data-sovereignty>`** means that data fall under the law of a place. So a hospital may be barred from sending rows to a computer abroad. **{term}`Federated learning <federated-learning>`** sends the model to the rows instead.
#
# ![Three hospitals keep their rows behind a wall; only the numbers of a model go to a server in the middle and come back, and a note says that these numbers can still tell something about the rows](federated.svg)

# %% [markdown] id="faded" tags=["part:faded"]
# ## Your turn, with gaps
#
# How long does a {term}`code <clinical-coding>` take? The table `codes` has one row for each coded diagnosis: `admit_ts` and `disch_ts` are the start and the end of the stay, and from `coded_ts` on the code can be read.
#
# **Replace** the three dots, twice: the time from going home to the code, and its median **in days**.

# %% id="f1" nbgrader={"grade": false, "grade_id": "f1-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
waited = ...  # for each row, from going home to the code
days_waited = ...  # the median of waited, in days
### BEGIN SOLUTION
waited = codes["coded_ts"] - codes["disch_ts"]
days_waited = waited.median() / pd.Timedelta("1D")
### END SOLUTION

# %% id="f1-check"
check.button("f1")


# %% id="attempt" rounds={"role": "made"}
def attempt(function, *given):
    """Call a function of a box; say so where it still holds three dots."""
    try:
        return function(*given)
    except (KeyError, TypeError, ValueError) as error:
        if "llipsis" not in str(error):
            raise
        return "Three dots are left in this box."


# %% [markdown] id="exercises" tags=["part:exercises"]
# ## Exercises
#
# The button tells you what to try next. Press it as often as you like.
#
# ### Exercise 1: In which order can it be read? (must, 5 minutes)
#
# Eight things of a stay that we made up. She arrives on day 1 at 12:00, and goes home on day 6 at 11:00. **Order** them by the moment from which their content can be **read**. Where two may come in any order, either is right.
#
# | | what | when it happened | who writes it, when |
# |---|---|---|---|
# | A | letter about the stay | it tells of day 1 to day 6 | the doctor, in the afternoon of day 6 |
# | B | sodium | blood taken on day 1 at 12:10 | the laboratory, one to two hours after the draw |
# | C | first dose of heparin, against clots | ordered on day 1 at 12:40, given at 15:30 | the nurse, at the bedside, as it is given |
# | D | code for pneumonia | she was ill when she came | the coder, three to five days after she left |
# | E | arrival | day 1 at 12:00 | the clerk, at once |
# | F | weight | day 6 at 7:00 | the night nurse, before 8:00 |
# | G | note at the door | the doctor saw her on day 1 at 12:05 | the doctor, between 13:15 and 14:15 |
# | H | blood pressure | day 1 at 12:20 | the nurse, within ten minutes |

# %% id="e1" nbgrader={"grade": false, "grade_id": "e1-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
# By hand: all eight letters, in quotes and in square brackets, the first that can be read comes first
reading_order = ...
### BEGIN SOLUTION
reading_order = ["E", "H", "B", "G", "C", "F", "A", "D"]
### END SOLUTION

# %% id="e1-check"
check.button("e1")

# %% id="e1-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e1-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 1. You need not read it.
from rounds.lessons import open_lesson

open_lesson("b1").grade("e1", globals())
### BEGIN HIDDEN TESTS
open_lesson("b1").grade_hidden("e1", globals())
### END HIDDEN TESTS

# %% [markdown] id="e2-task"
# ### Exercise 2: Who can answer? (must, 5 minutes)
#
# Six questions about Mrs Azoulay and people like her, in the Israeli landscape. **Sort** each to the one holder whose data can answer it. Where two could, either is right.
#
# | name | question |
# |---|---|
# | another hospital | After she left us: was she in another hospital within 30 days? |
# | monitor curve | What did the monitor at her bed show last night, second by second? |
# | medicines bought | Which prescribed medicines did she buy in town during the last year? |
# | deaths in the country | How many people of the whole country died of heart failure last year? |
# | potassium at the door | What was her potassium at the door, this morning? |
# | stairs at home | How many stairs could she climb at home last week? |

# %% id="e2" nbgrader={"grade": false, "grade_id": "e2-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
# By hand: curly brackets, and in them a line for each question, like "monitor curve": "ministry",
# Groups: "hospital", "health fund", "ministry", "no table"
holder = ...
### BEGIN SOLUTION
holder = {"another hospital": "health fund", "monitor curve": "hospital", "medicines bought": "health fund"}
holder |= {"deaths in the country": "ministry", "potassium at the door": "hospital", "stairs at home": "no table"}
### END SOLUTION

# %% id="e2-check"
check.button("e2")

# %% id="e2-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e2-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 2. You need not read it.
from rounds.lessons import open_lesson

open_lesson("b1").grade("e2", globals())
### BEGIN HIDDEN TESTS
open_lesson("b1").grade_hidden("e2", globals())
### END HIDDEN TESTS

# %% [markdown] id="e3-task"
# ### Exercise 3: What could be read at t0? (must, 6 minutes)
#
# `potassium` has one row for each sample: `taken` (when the blood left the vein) and `resulted` (when the result came), in hours after the arrival.
#
# **Complete** `available_at(labs, t0)`. For each stay of `labs` it returns the value of the **newest sample** among those that can be read at `t0`. What comes exactly at `t0` can be read. A stay with nothing to read yet stays in the answer, with a missing value.
#
# Newest means: the blood that was taken last. A slow result of an older sample may come after the result of a newer one.

# %% id="e3-look"
potassium.head(4)


# %% id="e3" nbgrader={"grade": false, "grade_id": "e3-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
def available_at(labs, t0):
    could_read = ...  # which rows of labs can be read at t0?
    newest_by = ...  # the column that tells which sample is the newest
    which_stays = ...  # the stays of the answer, each once
    ### BEGIN SOLUTION
    could_read, newest_by, which_stays = labs["resulted"] <= t0, "taken", labs["encounter_id"].unique()
    ### END SOLUTION
    values = labs[could_read].sort_values(newest_by).groupby("encounter_id")["value"].last()
    return values.reindex(which_stays)
attempt(lambda: f"A value to read at two hours: {available_at(potassium, 2).notna().mean():.0%}")

# %% id="e3-check"
check.button("e3")

# %% id="e3-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e3-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 3. You need not read it.
from rounds.lessons import open_lesson

open_lesson("b1").grade("e3", globals())
### BEGIN HIDDEN TESTS
open_lesson("b1").grade_hidden("e3", globals())
### END HIDDEN TESTS

# %% [markdown] id="e4-task"
# ### Exercise 4: Who is missing? (should, 4 minutes)
#
# A colleague has the tables of this one hospital and nothing else. Of eight people of the town with heart failure she wants to know: in a certain month of 30 days, were they back in a hospital, dead, or well at home? **Choose** everybody about whom these tables **cannot** tell her that.
#
# | name | who |
# |---|---|
# | other door | went home from us on the first day, and came back to another hospital on day 9 |
# | never here | sees the family doctor, and was never in this hospital |
# | died at home | went home from us, and died at home on day 12; nobody told the hospital |
# | left the country | went home from us, and moved abroad on day 3 |
# | died on the ward | died here on day 4 |
# | moved wards | was moved from our medicine ward to our cardiology ward, and is still on it on day 30 |
# | came back here | went home from us, and was admitted here again on day 20 |
# | no blood taken | was admitted here on day 5, and no blood was taken; is still here on day 30 |

# %% id="e4" nbgrader={"grade": false, "grade_id": "e4-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
# By hand: a list of names in square brackets, like ["no blood taken", "moved wards"]
cannot_tell = ...
### BEGIN SOLUTION
cannot_tell = ["other door", "never here", "died at home", "left the country"]
### END SOLUTION

# %% id="e4-check"
check.button("e4")

# %% id="e4-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e4-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 4. You need not read it.
from rounds.lessons import open_lesson

open_lesson("b1").grade("e4", globals())
### BEGIN HIDDEN TESTS
open_lesson("b1").grade_hidden("e4", globals())
### END HIDDEN TESTS

# %% [markdown] id="misconception" tags=["part:misconception"]
# ## You may have thought
#
# > **"The record is what happened."** It is what somebody wrote, for a purpose: to care, to order, to pay, to be safe in court. It comes in another order than life, and a part of life never comes.
#
# > **"No row means that nothing happened."** It means that nobody wrote it here. She may have been next door.

# %% id="q2"
check.ask("q2")

# %% [markdown] id="wrap-up" tags=["part:wrap-up"]
# ## Three lines to keep
#
# 1. Ask of each value: who wrote it, when, and why?
# 2. Events happen in one order and become readable in another. A model lives in the second.
# 3. Each holder sees a part of the path. Say which part yours does not see.
#
# **Take it to your challenge (heart failure):** whom does your table call "not readmitted"? Name two kinds of people among them who were readmitted, or who could not be.
#
# ### Words of this lesson
#
# WORDS_OF_THIS_LESSON
