# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown] id="title" tags=["part:title"]
# # Signals over time
#
# *Track: together. One clinician and one engineer, one keyboard. Swap the keyboard after each exercise. Challenge: bloodstream infection after a transplant.*
#
# > **Synthetic data.** A computer made up every patient in this notebook. The data are for teaching. Draw no clinical conclusion from them.
#
# *Awaiting a clinician's review.*

# %% [markdown] id="objectives" tags=["part:objectives"]
# ## What you can do at the end
#
# 1. **Put** irregular readings into slots of equal hours, and **count** what is missing.
# 2. **Choose** for how long a value may be carried on, and **write** the rule.
# 3. **Compute** a slope that one slip of the pen cannot turn, and the hours since the last reading.

# %% [markdown] id="minutes" tags=["part:minutes"]
# ## Minutes
#
# | part | minutes | |
# |---|---|---|
# | self-check, story, card | 9 | **must** |
# | worked example and gaps | 6 | **must** |
# | exercises 1, 3, 4 and 5 | 19 | **must** |
# | exercise 2 | 5 | **should** |
# | question at the end | 1 | **could** |

# %% [markdown] id="needs" tags=["part:needs"]
# ## What you need
#
# You need each other. The clinician knows when somebody goes to the bed, and why; the engineer knows what a computer does with a gap. No code and no medicine is asked for beforehand. Alone? Read both cards: first answer as the one, then as the other.
#
# **How to answer:** use the choices above a box, or write into it. Press **Run** below the box, or hold **Shift** and press **Enter**. Then press the check button.

# %% id="setup"
import numpy as np
import pandas as pd

from rounds.data import load
from rounds.lessons import open_lesson

check = open_lesson("j4")
bsi = load("bsi")
print(f"Ready: {bsi.rows('vital'):,} readings of {bsi.rows('transplant'):,} patients.")

# %% [markdown] id="selfcheck"
# **Self-check.** Answer both questions together. If both are easy, go straight to *Before you look: predict*.

# %% id="s1"
check.ask("s1")

# %% id="s2"
check.ask("s2")

# %% [markdown] id="ward" tags=["part:ward"]
# ## Why a ward cares
#
# Miriam is 47, nine days after her transplant, and has almost no white blood cells left. At 22:00 her temperature is normal, and then the ward is so busy that nobody comes until 8:00. On the screen of the {term}`early warning score <early-warning-score>` her night looks calm: each hour has a normal value.

# %% [markdown] id="predict" tags=["part:predict"]
# ## Before you look: predict
#
# A computer likes one value for each hour. A ward does not measure like that: four to six rounds a day are usual (here six), and each hour in {term}`step-up care <step-up-care>`. So a table is made of slots of equal hours ({term}`resampling in time <resampling>`). Each slot holds one value, and many slots are empty. Many programs fill them at once: the last value goes on ({term}`carried forward <locf>`).
#
# In the card below is a patient who *was* measured each hour, the night too. We put the readings of the night aside: ten slots of one hour. The computer fills them with the last value of the evening. **How many of the ten are off by more than 1 degree?** Agree on one number, write it into the card, and press **Lock in my guess**.

# %% [markdown] id="widget" tags=["part:widget"]
# ## Move it
#
# 1. Stay with *a night without readings*. Choose *carry forward*, and move its limit up to 24 hours. What do the slots say at 8:00 about fever? What was measured?
# 2. Choose *ward, six rounds*, slots of *1 hour*, *carry forward*. How many of the 24 slots did somebody measure? What happens to the fever, and to the change a day?
# 3. Choose *step-up, each hour*, then slots of 1, 2, 4 and 8 hours. When is the fever lost?

# %% id="strip"
from rounds_widgets import VitalStrip

VitalStrip(bsi)

# %% id="q1"
check.ask("q1")

# %% [markdown] id="worked" tags=["part:worked"]
# ## A worked example
#
# ![Nine slots on a line of time. The first holds a reading. Three slots after it are striped: the value is carried on, up to a limit. Three slots are empty: nobody knows. Then comes the next reading, and nothing before it is filled from it.](carried-on.svg)
#
# Before you fill anything, count what is there. We take the temperatures of 60 patients on one day, and slots of **2 hours**. Our tables count hours from midnight of day 0, the day of the transplant.

# %% id="readings" rounds={"role": "made"}
database = bsi.connect()
readings = database.sql("""
    SELECT person_id, round(date_diff('minute', CAST(day0 AS TIMESTAMP), charted_ts) / 60.0, 2) AS hour, value_num AS value
    FROM (SELECT * FROM transplant ORDER BY person_id LIMIT 60) JOIN encounter USING (person_id)
    JOIN vital USING (encounter_id) WHERE loinc = '8310-5' AND unit = 'Cel' AND value_num < 50 ORDER BY 1, 2
""").df()

# %% id="worked-slots"
# Step 1: take the readings of one day, day 5
day = readings[(readings["hour"] > 5 * 24) & (readings["hour"] <= 6 * 24)]

# Step 2: number the slot of each reading; np.ceil rounds up, so a slot of 2 hours holds its end
slot = np.ceil(day["hour"] / 2)

# Step 3: keep each slot once, however many readings it holds
held = day.assign(slot=slot)[["person_id", "slot"]].drop_duplicates()

# Step 4: divide by all slots that there are
all_slots = day["person_id"].nunique() * 12
print(f"{len(held)} of {all_slots} slots were measured: {100 * len(held) / all_slots:.0f} %.")

# %% [markdown] id="worked-who"
# Who is measured, and when? A row is a patient of that day, a field is an hour; dark means that somebody measured. Rows that are dark almost everywhere are step-up care. Clinician: say why the ward looks like this ({term}`measurement process <measurement-process>`). Engineer: what would a filled table hide?

# %% id="worked-picture" rounds={"role": "made"}
from matplotlib.figure import Figure
from rounds.lessons.pictures import show_picture
seen = pd.crosstab(day["person_id"], np.ceil(day["hour"] - 5 * 24)).reindex(columns=range(1, 25), fill_value=0) > 0
seen = seen.loc[seen.sum(axis=1).sort_values().index]
figure = Figure(figsize=(7, 4))
axis = figure.subplots()
axis.pcolormesh(np.arange(25), np.arange(len(seen) + 1), seen, cmap="Blues", edgecolors="#d8d4c8", linewidth=0.3)
axis.set(xlabel="hour of day 5", ylabel="patients", xticks=range(0, 25, 4))
each_hour = int((seen.sum(axis=1) >= 20).sum())
words = f"Six columns are dark: rounds of the ward. {each_hour} of {len(seen)} rows are dark almost everywhere."
print(words)
show_picture(figure, words)

# %% [markdown] id="faded" tags=["part:faded"]
# ## Your turn, with gaps
#
# Now **day 20**, when some have gone home, and slots of **1 hour**. How many percent of the slots were measured? **Replace** the three dots, twice. (Who goes home at noon gets 24 slots too, so this share is a little too low.)

# %% id="percent" rounds={"role": "made"}
def percent(part, whole):
    """Say and return how many percent of all slots are there; leave three dots as they are."""
    left = whole is ... or part["number"].iloc[0] is ...
    print("Three dots are left in this box." if left else f"{100 * len(part) / whole:.1f} % of the slots were measured.")
    return ... if left else 100 * len(part) / whole

# %% id="f1" nbgrader={"grade": false, "grade_id": "f1-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
later = readings[(readings["hour"] > 20 * 24) & (readings["hour"] <= 21 * 24)]
number = ...  # the slot of each reading
held_later = later.assign(number=number)[["person_id", "number"]].drop_duplicates()
every_slot = ...  # how many slots are there in all?
### BEGIN SOLUTION
number, every_slot = np.ceil(later["hour"]), later["person_id"].nunique() * 24
held_later = later.assign(number=number)[["person_id", "number"]].drop_duplicates()
### END SOLUTION
measured_percent = percent(held_later, every_slot)

# %% id="f1-check"
check.button("f1")

# %% id="attempt" rounds={"role": "made"}
def attempt(function, *given):
    """Call a function of a box; say so where it still holds three dots."""
    try:
        said = function(*given)
        return said.to_frame(function.__name__) if isinstance(said, pd.Series) else said
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        if "llipsis" not in str(error):
            raise
        return "Three dots are left in this box."

# %% [markdown] id="exercises" tags=["part:exercises"]
# ## Exercises
#
# Talk first, type second. The button tells you what to try next. Press it as often as you like.
#
# ### Exercise 1: Carry on, but not for ever (must, 5 minutes)
#
# `fill_slot` says what stands in one slot of **4 hours**, for each person of `people`. The slot ends at the hour `end`, and holds its end.
#
# - A reading may stand in the slot when it is at most **8 hours** old at `end`. Exactly 8 hours still count. Nothing that comes after `end` may be used.
# - Of several such readings, the **last** stands there.
# - Without one the slot stays missing. Python writes `np.nan` for *missing*.
#
# **Complete** the three lines. The last line of the box tries five people at hour 302.1.

# %% id="e1-people" rounds={"role": "made"}
slot_end = 302.1  # day 12 at 14:06
away = (readings["hour"] - slot_end).abs().groupby(readings["person_id"]).min().sort_values(kind="stable")
five = [*away.index[:3], *away.index[-2:]]  # the three measured nearest to it, and the two furthest

# %% id="e1" nbgrader={"grade": false, "grade_id": "e1-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
def fill_slot(readings, people, end):
    age = end - readings["hour"]  # how old each reading is when the slot ends
    usable = ...  # which rows may stand in the slot, measured or carried on?
    which = ...  # of several: "first", "last", "max" or "mean"
    otherwise = ...  # what stands in the slot of a person without a usable reading
    ### BEGIN SOLUTION
    usable, which, otherwise = (age >= 0) & (age <= 8), "last", np.nan
    ### END SOLUTION
    found = readings[usable].sort_values("hour").groupby("person_id")["value"].agg(which)
    return found.reindex(people).fillna(otherwise)
attempt(fill_slot, readings, five, slot_end)

# %% id="e1-check"
check.button("e1")

# %% id="e1-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e1-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 1. You need not read it.
from rounds.lessons import open_lesson

open_lesson("j4").grade("e1", globals())
### BEGIN HIDDEN TESTS
open_lesson("j4").grade_hidden("e1", globals())
### END HIDDEN TESTS

# %% [markdown] id="e2-task"
# ### Exercise 2: A slope that one slip cannot turn (should, 5 minutes)
#
# A nurse is in a hurry and writes 3.8 in place of 38, or 399 in place of 39.9 ({term}`outlier`). There are several ways to one slope of some readings, in degrees an hour:
#
# | the code | what it does |
# |---|---|
# | `(values[-1] - values[0]) / (hours[-1] - hours[0])` | the last reading less the first |
# | `np.polyfit(hours, values, 1)[0]` | the straight line nearest to all readings (least squares) |
# | `np.mean(each_two(hours, values))` | the mean of the slopes between each two readings |
# | `np.median(each_two(hours, values))` | the middle one of them |
#
# **Choose** a slope that stays near where it was when one reading is a slip. **Return** it in degrees a **day**.
#
# And say nothing where readings are too few. Each two readings make a pair, and a slip spoils all pairs that it is in. One slip is outvoted while **fewer than half** of the pairs hold it. What is the **smallest number** of readings that is enough?
#
# | readings | pairs | pairs with the slip |
# |---|---|---|
# | 3 | 3 | 2 |
# | 4 | 6 | 3 |
# | 5 | 10 | 4 |
# | 6 | 15 | 5 |

# %% id="each-two" rounds={"role": "made"}
def each_two(hours, values):
    """Return the slope between each two readings, in degrees an hour."""
    hours, values = np.asarray(hours, dtype=float), np.asarray(values, dtype=float)
    one, other = np.triu_indices(len(hours), 1)
    return (values[other] - values[one]) / (hours[other] - hours[one])

# %% id="two-tries" rounds={"role": "made"}
def say_slope(function, *given):
    """Return a slope in words."""
    said = attempt(function, *given)
    return said if isinstance(said, str) else f"{said:+.1f} degrees" if said == said else "no slope"


def tries(function):
    """Return slopes without a slip and with one, of seven readings and of fewer."""
    hours, values = [2, 6, 10, 14, 18, 22, 26], [36.6, 36.9, 36.8, 37.2, 37.5, 37.4, 37.9]
    slipped = [*values[:-1], 379]
    said = {"7 readings": say_slope(function, hours, values)}
    return said | {f"{n} readings, 37.9 written as 379": say_slope(function, hours[-n:], slipped[-n:]) for n in (7, 5, 4, 3)}

# %% id="e2" nbgrader={"grade": false, "grade_id": "e2-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
def slope_a_day(hours, values):
    fewest = ...  # with fewer readings than this, the slope is missing
    per_hour = ...
    times = ...  # from degrees an hour to degrees a day
    ### BEGIN SOLUTION
    fewest, per_hour, times = 5, np.median(each_two(hours, values)), 24
    ### END SOLUTION
    return per_hour * times if len(values) >= fewest else np.nan
tries(slope_a_day)

# %% id="e2-check"
check.button("e2")

# %% id="e2-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e2-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 2. You need not read it.
from rounds.lessons import open_lesson

open_lesson("j4").grade("e2", globals())
### BEGIN HIDDEN TESTS
open_lesson("j4").grade_hidden("e2", globals())
### END HIDDEN TESTS

# %% [markdown] id="e3-task"
# ### Exercise 3: How long has nobody looked? (must, 4 minutes)
#
# A filled table forgets how old its values are. This column remembers ({term}`staleness`). `hours_since` gives each person of `people` the hours from the last reading to `t0`.
#
# A reading exactly at `t0` counts. What comes later is not known yet. Somebody without a reading by then has **no** such number. **Complete** the three lines. The last line tries the five people and a name without any reading. Its rows are mixed: a table has no order of its own.

# %% id="e3-mixed" rounds={"role": "made"}
mixed = readings.sample(frac=1, random_state=1)

# %% id="e3" nbgrader={"grade": false, "grade_id": "e3-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
def hours_since(readings, people, t0):
    counts = ...  # which rows count?
    which = ...  # which of the hours at which a person was measured: "first", "last", "min" or "max"
    never = ...  # what somebody without a reading gets
    ### BEGIN SOLUTION
    counts, which, never = readings["hour"] <= t0, "max", np.nan
    ### END SOLUTION
    hours = readings[counts].groupby("person_id")["hour"].agg(which)
    return (t0 - hours).reindex(people).fillna(never)
attempt(hours_since, mixed, [*five, "no reading"], slot_end)

# %% id="e3-check"
check.button("e3")

# %% id="e3-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e3-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 3. You need not read it.
from rounds.lessons import open_lesson

open_lesson("j4").grade("e3", globals())
### BEGIN HIDDEN TESTS
open_lesson("j4").grade_hidden("e3", globals())
### END HIDDEN TESTS

# %% [markdown] id="e4-task"
# ### Exercise 4: What is a fever? (must, 6 minutes)
#
# The ward's rule: a temperature of **38.3 or more once, or 38.0 or more for one hour**. A simple rule: **38.0 or more once**. `days` has a row for each day of each patient. `highest` is the highest reading of the day. `lasting` is how many hours lie between the first and the last of readings that follow each other and are all 38.0 or more; 0 where there is one such reading, or none.

# %% id="days" rounds={"role": "made"}
days = database.sql("""
    WITH cut AS (SELECT encounter_id, CAST(charted_ts AS DATE) AS day, charted_ts, value_num AS value,
        sum(CAST(value_num < 38 AS INT)) OVER (PARTITION BY encounter_id, day ORDER BY charted_ts) AS stretch
        FROM vital WHERE loinc = '8310-5' AND unit = 'Cel' AND value_num < 50),
    stretches AS (SELECT encounter_id, day, max(value) AS highest, date_diff('minute',
        min(charted_ts) FILTER (value >= 38), max(charted_ts) FILTER (value >= 38)) / 60.0 AS hours FROM cut
        GROUP BY encounter_id, day, stretch)
    SELECT encounter_id, day, max(highest) AS highest, round(coalesce(max(hours), 0), 2) AS lasting
    FROM stretches GROUP BY 1, 2 ORDER BY 1, 2""").df()

# %% id="days-look" rounds={"role": "made"}
def count(chosen):
    """Return how many days are chosen; leave three dots as they are."""
    return chosen if chosen is ... else int(np.sum(chosen))


print(f"{len(days):,} days. Three of them, with a fever that lasts:")
days[days["lasting"] > 0].head(3)

# %% [markdown] id="e4-how"
# **Write** the two conditions. In Python `a | b` is true where one of them holds, `a & b` where both do; put each in round brackets.
#
# Then each of you **answers one question** of the other. Talk about it, and choose the letter.
#
# **To the clinician:** a patient of the ward had 38.1 at 6:00, with 37.3 four hours before and after. The rule says no. (At the bed nobody waits for the rule: without white cells 38.1 is measured again within the hour, and who looks ill is treated at once.) What do you tell the engineer?
#
# - A: The rule says no, so there was no fever.
# - B: Write 38.3, to be on the safe side.
# - C: Nobody measured at 7:00, so the record cannot say whether it lasted.
# - D: One high reading is a fault of the thermometer.
#
# **To the engineer:** we fill slots of one hour and ask the rule again. Many more days of the ward have a fever. What do you tell the clinician?
#
# - A: Finer slots see more, so these days are true.
# - B: Put 38.3 in place of 38.0 until both counts agree.
# - C: Use the mean to fill, then the rule is right.
# - D: One reading was copied into the next hours. Ask the rule on readings, not on slots.

# %% id="e4" nbgrader={"grade": false, "grade_id": "e4-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
simple_rule = ...  # which days have 38.0 or more once?
ward_rule = ...  # which days have a fever by the ward's rule?
clinician_says = ...  # a letter in quotes
engineer_says = ...
### BEGIN SOLUTION
simple_rule = days["highest"] >= 38.0
ward_rule = (days["highest"] >= 38.3) | (days["lasting"] >= 1)
clinician_says, engineer_says = "C", "D"
### END SOLUTION
two_counts = {"simple": count(simple_rule), "ward": count(ward_rule)}
fever_answer = {**two_counts, "clinician": clinician_says, "engineer": engineer_says}
fever_answer

# %% id="e4-check"
check.button("e4")

# %% id="e4-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e4-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 4. You need not read it.
from rounds.lessons import open_lesson

open_lesson("j4").grade("e4", globals())
### BEGIN HIDDEN TESTS
open_lesson("j4").grade_hidden("e4", globals())
### END HIDDEN TESTS

# %% [markdown] id="e5-task"
# ### Exercise 5: How long does it hold? (must, 4 minutes)
#
# **Sort** eight entries: for how long may the last one be carried on? Read your lines aloud; each of you has a half. No code is needed.
#
# | entry | the clinician's card: how fast it changes | the engineer's card: how it is written |
# |---|---|---|
# | kind of donor | is settled before the stay, never changes in it | one row for each transplant |
# | on a ventilator | it goes on until somebody ends it | a row with a start and, later, a stop |
# | central line | it stays in until somebody takes it out | a row with a start and, later, a stop |
# | weight | moves by a few hundred grams from morning to morning, with infused fluid by a kilogram or two | a row each morning |
# | mucositis grade | a sore mouth gets worse or heals over days | a row each morning |
# | CRP, twice a week | can double in a day; ordered on Mondays and Thursdays | a row when the result is there |
# | temperature | can rise by two degrees before breakfast | a row when somebody comes to the bed |
# | blood pressure | can fall within minutes | a row when somebody comes to the bed |

# %% id="e5" nbgrader={"grade": false, "grade_id": "e5-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
# By hand: curly brackets, and in them a line for each entry, like "an entry": "a group",
# Groups: "the whole stay", "until its stop is written", "about a day", "a few hours"
holds_for = ...
### BEGIN SOLUTION
holds_for = {
    "kind of donor": "the whole stay",
    **dict.fromkeys(["on a ventilator", "central line"], "until its stop is written"),
    **dict.fromkeys(["weight", "mucositis grade", "CRP, twice a week"], "about a day"),
    **dict.fromkeys(["temperature", "blood pressure"], "a few hours"),
}
### END SOLUTION

# %% id="e5-check"
check.button("e5")

# %% id="e5-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e5-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 5. You need not read it.
from rounds.lessons import open_lesson

open_lesson("j4").grade("e5", globals())
### BEGIN HIDDEN TESTS
open_lesson("j4").grade_hidden("e5", globals())
### END HIDDEN TESTS

# %% [markdown] id="misconception" tags=["part:misconception"]
# ## You may have thought
#
# > **"Fill the gaps, and forget them."** A filled slot looks like a measured one. In the card the calmest night was the one that nobody watched. Keep two more columns: was it measured ({term}`missing indicator <missing-indicator>`), and how long ago?
#
# > **"Hourly is better."** Finer slots bring no reading that was not there. With six rounds a day, slots of an hour hold more copies than readings, and a slope over copies lies too flat. How often somebody looks ({term}`sampling rate <sampling-rate>`) sets how fine a table can be. Slots that are too wide lose a short fever.

# %% id="q2"
check.ask("q2")

# %% [markdown] id="wrap-up" tags=["part:wrap-up"]
# ## Three lines to keep
#
# 1. Count what was measured before you fill anything, and keep that count as a column.
# 2. Carry a value on only as long as it holds: the clinician says how long, the engineer writes the limit.
# 3. Use figures that one slip cannot turn ({term}`robust <robust-estimate>`), and ask a rule on readings, not on copies.
#
# **Take it to your challenge (bloodstream infection):** which three signals does your model use, how often is each of them measured at night, and for how long will you carry each one on?
#
# ### Words of this lesson
#
# WORDS_OF_THIS_LESSON
