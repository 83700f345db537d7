# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown] id="title" tags=["part:title"]
# # How vital signs arise
#
# *Track: the clinic for engineers. Challenge: patients in hospital with Covid.*
#
# > **Synthetic data.** A computer made up every patient in this notebook. The data are for teaching. Draw no clinical conclusion from them.
#
# *Awaiting a clinician's review.*

# %% [markdown] id="objectives" tags=["part:objectives"]
# ## What you can do at the end
#
# 1. **Say** which device or which hand makes a vital sign, how often, and for whom.
# 2. **Tell apart** a sick patient and an artefact, and **mark** a strange value without losing it.
# 3. **Measure** how often an oximeter is wrong in one group and in another, with an interval.

# %% [markdown] id="minutes" tags=["part:minutes"]
# ## Minutes
#
# | part | minutes | |
# |---|---|---|
# | self-check, story, widget | 8 | **must** |
# | worked example and gaps | 6 | **must** |
# | exercises 1 to 4 | 16 | **must** |
# | exercise 5 | 2 | **should** |
# | exercise 6 and the question at the end | 3 | **could** |

# %% [markdown] id="needs" tags=["part:needs"]
# ## What you need
#
# You need a little pandas: choose rows, sort, `groupby`. You know what an AUROC is. You need no medicine. Each box can also be answered by choosing: open *Answer without typing code* above it.

# %% id="setup"
import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score

from rounds.challenges.intervals import wilson
from rounds.data import load
from rounds.lessons import open_lesson

check = open_lesson("b4")
hospital = load("covid")
database = hospital.connect()
print(f"Ready: {hospital.rows('vital'):,} charted vital signs of {hospital.rows('stays'):,} stays.")

# %% [markdown] id="selfcheck"
# **Self-check.** If both answers are easy, go straight to *Before you look: predict*.

# %% id="s1"
check.ask("s1")

# %% id="s2"
check.ask("s2")

# %% [markdown] id="ward" tags=["part:ward"]
# ## Why a ward cares
#
# Mr Tesfaye is 61, has dark skin, and is in hospital with Covid. The clip on his finger shows an oxygen saturation of 93 %. The nurse charts it, the alarm stays quiet, and a model calls him safe. Blood that was taken from his artery in the same minutes says 86 %: he was in danger, and the number hid it.

# %% [markdown] id="predict" tags=["part:predict"]
# ## Before you look: predict
#
# Pulse, breaths, blood pressure, temperature and oxygen saturation are the **{term}`vital signs <vital-sign>`**. A monitor shows a pulse each second; a nurse charts a few of them; your table has a column with one number a day.
#
# The card below draws the *first* charted pulse of each patient. A score of intensive care, APACHE III (Acute Physiology and Chronic Health Evaluation), takes another one: the **{term}`worst value <worst-value>`** of 24 hours. As its public code has it, that is the value farthest from a fixed normal one, for the pulse 75. **In how many of 100 patients is the worst pulse above 100?** Write your number into the card and press **Lock in my guess**.

# %% id="pulses" rounds={"role": "made"}
pulses = database.sql("""
    SELECT encounter_id, date_diff('minute', admit_ts, charted_ts) / 60.0 AS hour, value_num AS pulse
    FROM vital JOIN encounter USING (encounter_id)
    WHERE loinc = '8867-4' AND class = 'inpatient' AND charted_ts < admit_ts + INTERVAL 24 HOUR
""").df()

# %% [markdown] id="widget" tags=["part:widget"]
# ## Move it
#
# 1. Choose **worst**. How many humps are there now, and who is left near 75?
# 2. Choose **every 12 hours**, then tick **sooner when she is worried**. Read the rule below the tick. Who gets a longer chart?
# 3. Choose **nearest ten**. Which bars are left?
# 4. Look at the upper table: the rule reads 86,400 values, 288, or a handful. Which of its three answers would you trust?

# %% id="charting"
from rounds_widgets import WardChart

WardChart(pulses)

# %% [markdown] id="widget-words"
# What a monitor shows that is not in the body is an **{term}`artefact <artefact>`**. The worst of all seconds is a movement. A median takes a short artefact away, and a long one passes: the worst of the medians is 0, from the minutes in which the lead (a wire on the chest) was off. The nurse looks at the patient, and puts it back.
#
# The nurse decides as well: when she comes, what she writes, for whom she comes again. So the chart holds her decisions, not only a pulse. The rule then decides once more.

# %% id="q1"
check.ask("q1")

# %% [markdown] id="worked" tags=["part:worked"]
# ## A worked example
#
# Who makes which number? What follows is usual; ask on your ward.
#
# | sign | made by | charted |
# |---|---|---|
# | pulse | wires on the chest, light in a finger, or a hand at the wrist | at each round |
# | oxygen saturation | light in a finger ({term}`pulse oximetry <pulse-oximetry>`) | at each round |
# | breaths | a nurse who counts, or who does not count | at each round |
# | blood pressure | a cuff; in intensive care a thin tube in an artery | at each round |
# | temperature | a probe in the ear, the mouth, under the arm | at most rounds |
# | blood gas | a needle in an artery, then the laboratory | only when somebody orders it |
#
# On the wards of this cohort a round comes every four hours, in intensive care every hour.

# %% [markdown] id="worked-breaths-text"
# Now the rule of the card, by hand, for the breaths a minute. Here the fixed normal value is 19.

# %% id="breaths" rounds={"role": "made"}
breaths = database.sql("""
    SELECT encounter_id, date_diff('minute', admit_ts, charted_ts) / 60.0 AS hour, value_num AS breaths
    FROM vital JOIN encounter USING (encounter_id)
    WHERE loinc = '9279-1' AND class = 'inpatient' AND charted_ts < admit_ts + INTERVAL 24 HOUR
""").df()

# %% id="worked-worst"
# Step 1: take what was charted on the first day, in the order of time
charted = breaths.sort_values(["encounter_id", "hour"])

# Step 2: how far is each value from the fixed one?
charted["far"] = (charted["breaths"] - 19).abs()

# Step 3: keep the farthest of each stay, and the first, to compare
farthest = charted.sort_values("far", kind="stable").groupby("encounter_id")["breaths"].last()
earliest = charted.groupby("encounter_id")["breaths"].first()
print(f"Exactly 19: {(earliest == 19).sum()} first values, {(farthest == 19).sum()} worst ones.")

# %% id="worked-picture" rounds={"role": "made"}
from matplotlib import pyplot as plt

from rounds.lessons.pictures import show_picture

edges = np.arange(7.5, 38)
figure, axes = plt.subplots(figsize=(6, 2.6))
axes.hist(earliest, edges, color="#d8d4c8", label="first of the day")
axes.hist(farthest, edges, histtype="step", linewidth=2, color="#0072b2", label="worst of the day")
axes.axvline(19, color="#1b2733", linestyle=":")
axes.set(xlabel="breaths a minute", ylabel="stays")
axes.legend(frameon=False)
show_picture(figure, f"The first value has one hump. The worst has two, and {(farthest == 19).sum()} stays at 19 between them.")

# %% [markdown] id="worked-oximeter"
# ### Light in a finger
#
# An oximeter sends red light and light that we cannot see through a finger, and measures what comes out. A table inside the device turns this into percent. That table was made with volunteers: their blood was measured at the same time.
#
# ![Two lamps shine through a finger onto a sensor; a table from volunteers turns the light into percent. A cold hand, movement, nail varnish and more pigment in the skin change the light too](finger.svg)
#
# Among pairs of oximeter and blood where the oximeter showed 92 to 96 %, a study of 2020 counted how often the blood had less than 88 %. This {term}`hidden lack of oxygen <hidden-hypoxaemia>` was about three times as frequent in Black as in White patients (Sjoding, N Engl J Med 383:2477).

# %% [markdown] id="faded" tags=["part:faded"]
# ## Your turn, with gaps
#
# `pairs` has each blood gas of our cohort, with the reading of the oximeter that is nearest in time, at most 30 minutes away. `oximeter` and `blood` are in percent. `skin_tone` is noted at the oximeter.
#
# Below stand six pairs that were drawn by chance: some readings are too low, some too high. Only the mean of many tells more.
#
# **Replace** the three dots, twice: how far the oximeter is above the blood, and the mean of that for each skin tone.

# %% id="pairs" rounds={"role": "made"}
pairs = database.sql("""
    SELECT person_id, skin_tone, arg_min(vital.value_num, abs(date_diff('minute', collected_ts, charted_ts))) AS oximeter,
        lab.value_num AS blood
    FROM lab JOIN encounter USING (encounter_id) JOIN person USING (person_id) JOIN vital USING (encounter_id)
    WHERE lab.loinc = '2708-6' AND vital.loinc = '59408-5' AND lab.value_num BETWEEN 40 AND 100
        AND abs(date_diff('minute', collected_ts, charted_ts)) <= 30
    GROUP BY person_id, encounter_id, skin_tone, collected_ts, lab.value_num ORDER BY person_id, collected_ts
""").df()

# %% id="pairs-look"
pairs.sample(6, random_state=2)

# %% id="f1" nbgrader={"grade": false, "grade_id": "f1-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
error = ...  # for each pair, how far the oximeter is above the blood
mean_error = ...  # the mean of error, one for each skin tone
### BEGIN SOLUTION
error = pairs["oximeter"] - pairs["blood"]
mean_error = error.groupby(pairs["skin_tone"]).mean()
### END SOLUTION
mean_error

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
# ### Exercise 1: Would you believe this value? (must, 4 minutes)
#
# {term}`Plausibility limits <plausibility-limit>` say what is believed of an adult on this ward. A dying patient, or one out of cold water, can lie outside them. So such a value goes back as a question. **Nothing is deleted**, and nothing is bent to the limit.
#
# | code (LOINC) | sign | from | to |
# |---|---|---|---|
# | 8867-4 | pulse, per minute | 20 | 250 |
# | 9279-1 | breaths, per minute | 4 | 70 |
# | 8310-5 | temperature, °C | 30 | 43 |
# | 59408-5 | oxygen saturation, % | 40 | 100 |
# | 8480-6 | upper blood pressure, mmHg (millimetres of mercury) | 40 | 280 |
#
# **Complete** `plausible(value, loinc, limits)`: `True` when the value is believed, `False` when it goes back. The limits themselves are believed. An empty value (`NaN`) is not: `False`. For a code without limits it raises an error.
#
# Below the box stand some values of our cohort to which your function says `False`. They look like degrees Fahrenheit (98.6 °F are 37 °C) in a column of °C.

# %% id="limits" rounds={"role": "made"}
limits = {"8867-4": (20, 250), "9279-1": (4, 70), "8310-5": (30, 43), "59408-5": (40, 100), "8480-6": (40, 280)}
rare = "loinc = '8867-4' AND value_num > 150 OR loinc = '8310-5' AND value_num NOT BETWEEN 34.6 AND 41"
strange = database.sql(f"SELECT loinc, value_num AS value FROM vital WHERE {rare} ORDER BY 1, 2").df()


def send_back(rule):
    """Return the first of the strange values to which a rule says False."""
    said = [rule(value, loinc, limits) for loinc, value in strange.itertuples(index=False)]
    return "Three dots are left in this box." if ... in said else strange[[not one for one in said]].head()


# %% id="e1" nbgrader={"grade": false, "grade_id": "e1-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
def plausible(value, loinc, limits):
    low, high = limits[loinc]  # a code without limits stops here, with a KeyError
    believed = ...  # True or False: is the value within its limits?
    ### BEGIN SOLUTION
    believed = low <= value <= high
    ### END SOLUTION
    return believed
attempt(lambda: send_back(plausible))

# %% id="e1-check"
check.button("e1")

# %% id="e1-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e1-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 1. You need not read it.
from rounds.lessons import open_lesson

open_lesson("b4").grade("e1", globals())
### BEGIN HIDDEN TESTS
open_lesson("b4").grade_hidden("e1", globals())
### END HIDDEN TESTS

# %% [markdown] id="e2-task"
# ### Exercise 2: Who made this value? (must, 4 minutes)
#
# Eight values, and what is known besides. **Sort** each by what made it: the **body**, a **sensor** (loose, disturbed or at a poor place), a **hand** that charts by habit, or **software**.
#
# | name | what is known besides |
# |---|---|
# | pulse 128 | the nurse counts the same at the wrist; the blood pressure falls |
# | saturation 71 | for one minute; cold finger, flat wave; a clip at the ear shows 96 |
# | breaths 18 | at 6:00, the same for all 24 patients of the ward |
# | pulse 999 | since last week, wherever a pulse is missing |
# | temperature 35.0 | under the arm, while she shivers; in the ear it is 38.9 |
# | saturation 84 | warm finger, clear wave; a blood gas says 83 |
# | pulse 0 | in 40 beds in the same minute, as the system starts again |
# | pressure 140 | in this clinic nine of ten pressures end in 0; the device shows whole numbers |

# %% id="e2" nbgrader={"grade": false, "grade_id": "e2-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
# By hand: curly brackets, and in them a line for each value, like "pulse 128": "software",
# Groups: "body", "sensor", "hand", "software"
made_by = ...
### BEGIN SOLUTION
made_by = {"pulse 128": "body", "saturation 71": "sensor", "breaths 18": "hand", "pulse 999": "software"}
made_by |= {"temperature 35.0": "sensor", "saturation 84": "body", "pulse 0": "software", "pressure 140": "hand"}
### END SOLUTION

# %% id="e2-check"
check.button("e2")

# %% id="e2-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e2-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 2. You need not read it.
from rounds.lessons import open_lesson

open_lesson("b4").grade("e2", globals())
### BEGIN HIDDEN TESTS
open_lesson("b4").grade_hidden("e2", globals())
### END HIDDEN TESTS

# %% [markdown] id="e3-task"
# ### Exercise 3: Is the number of rows a feature? (must, 3 minutes)
#
# `day` has one row for each stay. `rows_day` is how many vital signs of any kind were charted in the first 24 hours, `rows_stay` in the whole stay; `pulse` and `breaths` are the first of the day. `died` says who died within 28 days.
#
# The first pulse has a certain AUROC for death. **Write** the AUROC of the **number of rows that is known after 24 hours**: no value at all, only how much was charted.

# %% id="day" rounds={"role": "made"}
day = database.sql("""
    SELECT any_value(died_28) AS died, count(*) FILTER (hour < 24) AS rows_day, count(*) AS rows_stay,
        arg_min(value_num, hour) FILTER (loinc = '8867-4') AS pulse,
        arg_min(value_num, hour) FILTER (loinc = '9279-1') AS breaths
    FROM (SELECT vital.*, died_28, date_diff('minute', admit_ts, charted_ts) / 60.0 AS hour
        FROM vital JOIN encounter USING (encounter_id) JOIN stays USING (encounter_id))
    GROUP BY encounter_id ORDER BY encounter_id
""").df()

# %% id="e3-look"
print(f"AUROC of the first pulse: {roc_auc_score(day['died'], day['pulse']):.3f}")

# %% id="e3" nbgrader={"grade": false, "grade_id": "e3-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
auroc_rows = ...  # the AUROC of the number of rows that is known after 24 hours
### BEGIN SOLUTION
auroc_rows = roc_auc_score(day["died"], day["rows_day"])
### END SOLUTION

# %% id="e3-check"
check.button("e3")

# %% id="e3-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e3-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 3. You need not read it.
from rounds.lessons import open_lesson

open_lesson("b4").grade("e3", globals())
### BEGIN HIDDEN TESTS
open_lesson("b4").grade_hidden("e3", globals())
### END HIDDEN TESTS

# %% [markdown] id="e3-after"
# Somebody who was worried charted more, or a rule of the ward asked for more: oxygen, a score of consciousness, hourly rounds. In 118 of 174 laboratory tests, *when* a test was ordered told more about survival than its result (Agniel, BMJ 2018;361:k1479).

# %% [markdown] id="e4-task"
# ### Exercise 4: How often is a lack of oxygen hidden? (must, 5 minutes)
#
# **Complete** `hidden_rate(pairs, tone)` for one skin tone. Among the pairs whose oximeter shows **92 to 96, both included**, it returns how frequent a blood value **below 88** is: three numbers, the rate and the two ends of its interval.
#
# `with_interval(k, n)` is ready: for `k` of `n` it returns the rate and both ends of a 95 % {term}`interval <confidence-interval>`. For 0 of 0 nobody knows: it returns a missing rate, and an interval from 0 to 1.


# %% id="e4-ready" rounds={"role": "made"}
def with_interval(k, n):
    """Return k of n as a rate, with both ends of its 95 % interval (Wilson)."""
    return (k / n, *wilson(k, n)) if n else (np.nan, 0.0, 1.0)


# %% id="e4-table" rounds={"role": "made"}
def for_each_tone(rate):
    """Return what a function of exercise 4 says of each skin tone, in percent."""
    said = {tone: rate(pairs, tone) for tone in ("light", "medium", "dark")}
    if any(three is ... for three in said.values()):
        return "Three dots are left in this box."
    if any(np.size(three) != 3 for three in said.values()):
        return said  # not three numbers yet: shown as they are
    number = pairs[(pairs["oximeter"] - 94).abs() <= 2]["skin_tone"].value_counts()
    rows = [(tone, number[tone], *np.round(100 * np.ravel(three), 1)) for tone, three in said.items()]
    return pd.DataFrame(rows, columns=["skin tone", "pairs at 92 to 96", "rate, %", "lower end, %", "upper end, %"])


# %% id="e4" nbgrader={"grade": false, "grade_id": "e4-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
def hidden_rate(pairs, tone):
    group = pairs[pairs["skin_tone"] == tone]
    fine = ...  # the rows of group whose oximeter shows 92 to 96
    hidden = ...  # the rows of fine whose blood is below 88
    answer = ...  # three numbers: the rate, and both ends of its interval
    ### BEGIN SOLUTION
    fine = group[group["oximeter"].between(92, 96)]
    hidden = fine[fine["blood"] < 88]
    answer = with_interval(len(hidden), len(fine))
    ### END SOLUTION
    return answer
attempt(lambda: for_each_tone(hidden_rate))

# %% id="e4-check"
check.button("e4")

# %% id="e4-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e4-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 4. You need not read it.
from rounds.lessons import open_lesson

open_lesson("b4").grade("e4", globals())
### BEGIN HIDDEN TESTS
open_lesson("b4").grade_hidden("e4", globals())
### END HIDDEN TESTS

# %% [markdown] id="e4-after"
# Look at the table that your box shows. Do the intervals overlap? Overlap decides nothing, in either direction. What decides is the interval of the **difference**, by patient, because several pairs come from one patient (lesson *Split, evaluate, compare*). The line below says it.

# %% id="e4-difference" rounds={"role": "made"}
from rounds.evaluation.bootstrap import estimate

shown = pairs[(pairs["oximeter"] - 94).abs() <= 2]
low_blood, dark, light = (np.array(rows) for rows in (shown["blood"] < 88, shown["skin_tone"] == "dark", shown["skin_tone"] == "light"))
def difference(w):
    """Return how much more frequent hidden lack of oxygen is in dark skin than in light, for each draw of patients."""
    of_dark, of_light = ((w * (low_blood & tone)).sum(1) / (w * tone).sum(1) for tone in (dark, light))
    return {"more": 100 * (of_dark - of_light)}
more, lower, upper = estimate(difference, shown["person_id"].to_numpy(), np.ones(len(shown)), seed=1)["more"]
patients = shown.groupby("skin_tone")["person_id"].nunique()
print(f"Dark minus light: {more:.1f} of 100 pairs, 95 % interval {lower:.1f} to {upper:.1f}. Patients: {patients['dark']} dark, {patients['light']} light.")

# %% [markdown] id="e4-difference-words"
# The interval of the difference holds 0: with so few patients with dark skin it cannot be told.

# %% [markdown] id="e5-task"
# ### Exercise 5: The ward changes its habit (should, 2 minutes)
#
# In another hospital a forest reads one column: how many pulses were charted on the first day. It learned that many pulses mean danger: on the ward patients had 7, in intensive care up to 28. From Monday on, a new device charts the pulse of **everybody** every 15 minutes. The patients are as ill as before. **Choose** what the forest does on Tuesday.
#
# | name | what it does |
# |---|---|
# | as before | it ranks the patients as well as before: they are as ill as before |
# | all high | it gives everybody the same high risk |
# | all low | it gives everybody the same low risk |
# | better | it ranks them better: there are more samples of each |

# %% id="e5" nbgrader={"grade": false, "grade_id": "e5-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
# By hand: one name of the table, in quotes, like "better"
on_tuesday = ...
### BEGIN SOLUTION
on_tuesday = "all high"
### END SOLUTION

# %% id="e5-check"
check.button("e5")

# %% id="e5-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e5-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 5. You need not read it.
from rounds.lessons import open_lesson

open_lesson("b4").grade("e5", globals())
### BEGIN HIDDEN TESTS
open_lesson("b4").grade_hidden("e5", globals())
### END HIDDEN TESTS

# %% [markdown] id="e6-task"
# ### Exercise 6: From a finger to a feature (could, 2 minutes)
#
# A model reads the lowest saturation of 24 hours. **Order** the steps from the body to that number. One step is not needed.
#
# | | step |
# |---|---|
# | A | the nurse writes 93 into the chart |
# | B | the sensor measures the light that comes out of the finger |
# | C | a query takes the lowest of the values of 24 hours that are not marked |
# | D | the heart pushes blood into the finger |
# | E | at night, the row is copied into the research tables |
# | F | the device turns light into percent |
# | G | in the research tables, values outside the limits are marked |
# | H | in the research tables, values outside the limits are deleted |

# %% id="e6" nbgrader={"grade": false, "grade_id": "e6-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
# By hand: the letters in quotes and in square brackets, the first step comes first
path = ...
### BEGIN SOLUTION
path = ["D", "B", "F", "A", "E", "G", "C"]
### END SOLUTION

# %% id="e6-check"
check.button("e6")

# %% id="e6-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e6-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 6. You need not read it.
from rounds.lessons import open_lesson

open_lesson("b4").grade("e6", globals())
### BEGIN HIDDEN TESTS
open_lesson("b4").grade_hidden("e6", globals())
### END HIDDEN TESTS

# %% [markdown] id="misconception" tags=["part:misconception"]
# ## You may have thought
#
# > **"More samples are more information."** A monitor gives a value each second, and its artefacts with them. How often somebody charts depends on how ill the patient looks, so the number of samples is a feature itself. It changes with the habit of a ward.
#
# > **"The noise of a sensor is Gaussian and fair."** An artefact is no bell curve, and a hand that writes 18 for all is none either ({term}`digit preference <digit-preference>`). And an error can have another mean in another group ({term}`differential error <differential-error>`).

# %% id="q2"
check.ask("q2")

# %% [markdown] id="wrap-up" tags=["part:wrap-up"]
# ## Three lines to keep
#
# 1. Ask of each vital sign: which device or hand made it, how often, and for whom?
# 2. A feature is a rule on a habit: first, median and worst of the same chart are three columns.
# 3. Mark a strange value and keep it. Measure the error of a device in each group, with an interval.
#
# **Take it to your challenge (Covid):** in which of your patients are vital signs charted most often? Name one feature that would change if the ward charted everybody alike, with nobody more or less ill.
#
# ### Words of this lesson
#
# WORDS_OF_THIS_LESSON
