# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown] id="title" tags=["part:title"]
# # Define the prediction: time zero, windows, leakage
#
# *Track: together. One clinician and one engineer, one keyboard. Swap the keyboard after each exercise. Challenge: bloodstream infection after a transplant.*
#
# > **Synthetic data.** A computer made up every patient in this notebook. The data are for teaching. Draw no clinical conclusion from them.
#
# *Awaiting a clinician's review.*

# %% [markdown] id="objectives" tags=["part:objectives"]
# ## What you can do at the end
#
# 1. **State** time zero, look-back and horizon of a prediction.
# 2. **Sort** columns by when they are known, and **name** five kinds of leakage.
# 3. **Repair** a pipeline so that its score is fair.

# %% [markdown] id="minutes" tags=["part:minutes"]
# ## Minutes
#
# | part | minutes | |
# |---|---|---|
# | self-check, story, timeline | 12 | **must** |
# | worked example and gaps | 8 | **must** |
# | exercises 1, 2 and 4 | 17 | **must** |
# | exercise 3 | 6 | **should** |
# | question at the end | 2 | **could** |

# %% [markdown] id="needs" tags=["part:needs"]
# ## What you need
#
# You need each other. The clinician needs no code; the engineer needs no medicine. Alone? Read both cards: first answer as the one, then as the other.
#
# **How to answer:** use the choices above a box, or write into it. Press **Run** below the box, or hold **Shift** and press **Enter**. Then press the check button.

# %% id="setup"
import numpy as np
import pandas as pd

from rounds.data import load
from rounds.lessons import open_lesson
from rounds.vocabulary import define

check = open_lesson("j3")
bsi = load("bsi")
days = bsi.frame()
print(f"Ready: {days['person_id'].nunique():,} patients, a row for each morning.")

# %% [markdown] id="selfcheck"
# **Self-check.** Answer both questions together. If both are easy, go straight to *Before you look: predict*.

# %% id="s1"
check.ask("s1")

# %% id="s2"
check.ask("s2")

# %% [markdown] id="ward" tags=["part:ward"]
# ## Why a ward cares
#
# Dov is 52. It is day 7 after his stem-cell transplant, and this morning he has a fever. A computer gives an alert at 9:00, but the nurse has already called the doctor, who will draw blood for a culture.

# %% [markdown] id="predict" tags=["part:predict"]
# ## Before you look: predict
#
# A {term}`blood culture <blood-culture>` *grows* when a germ multiplies in the bottle; some infections never grow. Each morning at 9:00 a model may ask one of two questions about a patient.
#
# - **Same day:** is blood drawn *later today* that will grow a germ? The card below tells you the AUROC of this one.
# - **Next 48 hours:** is it drawn *tomorrow or the day after*?
#
# An AUROC of 0.5 is chance, and 1 is perfect. The columns stay the same. **What is the AUROC for the next 48 hours?** Agree on one number, write it into the card, and press **Lock in my guess**.

# %% [markdown] id="widget" tags=["part:widget"]
# ## Move it
#
# In the card, *CRP* is a blood value that rises with an inflammation, *neutrophils* are white blood cells that fight germs, *Escherichia coli* is a germ of the bowel, and *sepsis* is an infection that harms the organs.
#
# 1. Move the **horizon** from *today* to *next 48 h*. What happens to the score?
# 2. Move **time zero** one day back. Which marks become *not known yet*?
# 3. Let the model use the **code for sepsis**. A coder writes it after discharge. What happens to the score?

# %% id="line"
from rounds_widgets import TimeLine

TimeLine(bsi)

# %% id="q1"
check.ask("q1")

# %% [markdown] id="worked" tags=["part:worked"]
# ## A worked example
#
# ![A line of time. The look-back lies before time zero, the horizon after it. A value that happened before time zero and was known after it is not used.](three-times.svg)
#
# Three times make a question: {term}`time zero <index-date>`, the {term}`look-back <lookback>` before it, and the {term}`horizon <follow-up>` after it. Every value has two times as well. It *happened*, and later somebody could *know* it. Time zero asks when it was known; the look-back asks when it happened.
#
# Why was the same day so easy? The picture shows the mornings before the blood was drawn, and all mornings of the other patients.

# %% id="worked-fever" rounds={"role": "made"}
drawn = """SELECT encounter_id, min(collected_ts) AS drawn FROM micro WHERE organism IS NOT NULL GROUP BY 1"""
fever = bsi.connect().sql(f"""
    SELECT date_diff('day', drawn, charted_ts) AS day, 100 * avg(CAST(value_num >= 38 AS INT)) AS percent
    FROM vital JOIN ({drawn}) USING (encounter_id)
    WHERE loinc = '8310-5' AND unit = 'Cel' AND hour(charted_ts) < 9 GROUP BY 1 HAVING day BETWEEN -3 AND 0 ORDER BY 1
""").df()
others = bsi.connect().sql(f"""
    SELECT 100 * avg(CAST(value_num >= 38 AS INT)) AS percent FROM vital ANTI JOIN ({drawn}) USING (encounter_id)
    WHERE loinc = '8310-5' AND unit = 'Cel' AND hour(charted_ts) < 9
""").df()["percent"][0]

# %% id="worked-picture" rounds={"role": "made"}
from matplotlib import pyplot as plt

from rounds.lessons.pictures import show_picture

figure, axes = plt.subplots(figsize=(7, 2.6))
mornings_of = ["3 days before", "2 days before", "1 day before", "same morning", "no infection"]
axes.bar(mornings_of, [*fever["percent"], others], color=[*["#0072b2"] * 4, "#51606e"])
axes.set_ylabel("fever, % of readings")
shares = zip(mornings_of, [*fever["percent"], others], strict=True)
words = f"Readings of 38 degrees or more before 9:00: {', '.join(f'{name} {share:.0f} %' for name, share in shares)}."
print(words)
show_picture(figure, words)

# %% [markdown] id="worked-why"
# The fever comes on the same morning, and the fever is why blood is drawn. A model of the same day repeats what the nurse knows. The day before holds a little: 8 of 100 readings show a fever, against 3 of 100 in patients without an infection.
#
# Now the code. Our tables count hours from midnight of day 0, the day of the transplant. Hour 24 is midnight at the start of day 1.

# %% id="tables" rounds={"role": "made"}
database = bsi.connect()
database.execute("CREATE MACRO h(zero, ts) AS round(date_diff('minute', CAST(zero AS TIMESTAMP), ts) / 60.0, 2)")
database.execute("CREATE TABLE ward AS SELECT * FROM transplant JOIN encounter USING (person_id) ORDER BY ALL LIMIT 40")
events = database.sql("""
    SELECT person_id, 'temperature' AS what, value_num AS value, h(day0, charted_ts) AS happened, happened AS known
    FROM ward JOIN vital USING (encounter_id) WHERE loinc = '8310-5' AND unit = 'Cel'
    UNION ALL SELECT person_id, 'CRP', value_num, h(day0, collected_ts), h(day0, resulted_ts)
    FROM ward JOIN lab USING (encounter_id) WHERE loinc = '1988-5' AND unit = 'mg/L'
    UNION ALL SELECT DISTINCT person_id, 'culture', 1, h(day0, collected_ts), h(day0, collected_ts)
    FROM ward JOIN micro USING (encounter_id) WHERE draw_site = 'catheter' ORDER BY 1, 5
""").df()

# %% id="stays" rounds={"role": "made"}
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

stays = database.sql("""
    SELECT person_id, h(day0, drawn) AS infected, h(day0, disch_ts) AS last_seen
    FROM transplant JOIN encounter USING (person_id) LEFT JOIN
    (SELECT encounter_id, min(collected_ts) AS drawn FROM micro WHERE organism IS NOT NULL GROUP BY 1) USING (encounter_id)
    ORDER BY person_id LIMIT 400
""").df().set_index("person_id")

# %% id="worked-look"
events.head(4)

# %% id="worked-last-crp"
# Step 1: say the times
time_zero = 3 * 24 + 9  # day 3 at 9:00
look_back = 48  # hours

# Step 2: keep the CRP results that somebody could know, of blood from the look-back
crp = events[events["what"] == "CRP"]
could_know = crp[(crp["known"] <= time_zero) & (crp["happened"] >= time_zero - look_back)]

# Step 3: one number for each patient, the last one
last_crp = could_know.sort_values("happened").groupby("person_id")["value"].last()
print(f"{len(last_crp)} of {events['person_id'].nunique()} patients have a CRP that was known by then.")

# %% [markdown] id="worked-five"
# A column that tells the future is {term}`leakage`. There are five kinds. Read each aloud; the clinician says who writes it down, the engineer says how it is computed.
#
# 1. **A future value:** an antibiotic that is given later today.
# 2. **The label in disguise:** a code for the disease, written after discharge.
# 3. **A count of the whole record:** all cultures of the stay, later ones too.
# 4. **The same person on both sides:** Monday is for training, Tuesday for the test.
# 5. **Preparing on all rows:** a median that was computed with the test rows.

# %% [markdown] id="faded" tags=["part:faded"]
# ## Your turn, with gaps
#
# Time zero is **day 4 at 21:00**, and the horizon is **24 hours**. **Replace** the three dots, twice. All in hours from midnight of day 0.

# %% id="f1" nbgrader={"grade": false, "grade_id": "f1-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
evening = ...  # time zero
horizon_end = ...  # the last hour of the horizon
### BEGIN SOLUTION
evening = 4 * 24 + 21
horizon_end = evening + 24
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
# Talk first, type second. The button tells you what to try next. Press it as often as you like.
#
# ### Exercise 1: Known, or not known yet? (must, 6 minutes)
#
# Time zero is 9:00 this morning. **Sort** the twelve columns. Each of you has a card that the other one needs: read your lines aloud.
#
# | column | the clinician's card: who writes it, when | the engineer's card: how it is computed |
# |---|---|---|
# | age | asked at admission | a whole number, one for each person |
# | temperature at 6 | charted at the bedside at 6:10 | the last row before 9:00 |
# | highest temperature | charted six times in 24 hours | the maximum of the rows of this date, 0:00 to 24:00 |
# | first CRP | blood at 5:00, result at 6:20 | the row with the smallest time of the result, this date |
# | second CRP | blood at 8:30, result at 9:40 | the last row whose blood was taken before 9:00 |
# | mucositis grade | a sore mouth, looked at at 7:50 | a whole number from 0 to 4, this date |
# | culture yesterday | blood drawn yesterday at 11:00 | true when a row has its draw before 9:00 |
# | germ yesterday | the laboratory names it after 1 to 3 days | the text in the row of yesterday's culture |
# | antibiotic | ordered as soon as the fever is seen, today at 11:00 | true when a row has this date |
# | cultures so far | each is noted when it is drawn | the number of rows drawn before 9:00 |
# | cultures of the stay | each is noted when it is drawn | the number of rows with this stay's number |
# | sepsis code | written by the coder after discharge | true when the stay has this code |

# %% id="e1" nbgrader={"grade": false, "grade_id": "e1-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
# By hand: curly brackets, and in them a line for each column, like "age": "known", or "not known yet"
sorted_columns = ...
### BEGIN SOLUTION
later = ["highest temperature", "second CRP", "germ yesterday", "antibiotic", "cultures of the stay", "sepsis code"]
earlier = ["age", "temperature at 6", "first CRP", "mucositis grade", "culture yesterday", "cultures so far"]
sorted_columns = dict.fromkeys(earlier, "known") | dict.fromkeys(later, "not known yet")
### END SOLUTION

# %% id="e1-check"
check.button("e1")

# %% id="e1-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e1-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 1. You need not read it.
from rounds.lessons import open_lesson

open_lesson("j3").grade("e1", globals())
### BEGIN HIDDEN TESTS
open_lesson("j3").grade_hidden("e1", globals())
### END HIDDEN TESTS

# %% [markdown] id="e2-task"
# ### Exercise 2: A table of features that cannot see the future (must, 5 minutes)
#
# The function makes one row for each person of `people`. `highest_crp` is the highest CRP of the last 48 hours. `cultures` is the number of all cultures that somebody knows of at time zero.
#
# Each row of `events` has `happened` and `known`, both in hours. What is known exactly at `t0` counts. Some people have no row by then: they had no culture, and their CRP stays missing.
#
# **Complete** the three lines. The last line of the box tries your function on four people at `moment`, hour 150.4 (day 6 at 6:24). Here are their rows: compare.

# %% id="e2-people" rounds={"role": "made"}
moment = 6 * 24 + 6.4
blood = events[events["what"] != "temperature"]
four = blood.loc[(blood["known"] - moment).abs().sort_values(kind="stable").index, "person_id"].unique()[:4]
blood[blood["person_id"].isin(four) & blood["happened"].between(moment - 120, moment + 36)]

# %% id="e2" nbgrader={"grade": false, "grade_id": "e2-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
def make_features(events, people, t0):
    could_know = ...  # which rows of events could somebody know at t0?
    counted = ...  # which rows of events may be counted as cultures so far?
    none_drawn = ...  # the number of cultures of somebody without one
    ### BEGIN SOLUTION
    could_know, counted, none_drawn = events["known"] <= t0, events["known"] <= t0, 0
    ### END SOLUTION
    crp = events[could_know].query("what == 'CRP' and happened >= @t0 - 48")
    drawn = events[counted].query("what == 'culture'").groupby("person_id").size()
    table = pd.DataFrame({"highest_crp": crp.groupby("person_id")["value"].max(), "cultures": drawn}, index=people)
    return table.fillna({"cultures": none_drawn})
attempt(make_features, events, four, moment)

# %% id="e2-check"
check.button("e2")

# %% id="e2-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e2-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 2. You need not read it.
from rounds.lessons import open_lesson

open_lesson("j3").grade("e2", globals())
### BEGIN HIDDEN TESTS
open_lesson("j3").grade_hidden("e2", globals())
### END HIDDEN TESTS

# %% [markdown] id="e3-task"
# ### Exercise 3: A label that admits what nobody saw (should, 6 minutes)
#
# `stays` has one row for each person. `infected` is the hour at which blood was drawn that grew a germ, or missing. `last_seen` is the hour of discharge.
#
# - **1**: infected after `t0`, up to `t0 + hours`; the last hour counts.
# - **0**: not infected by then, and seen at least until then.
# - **missing**: seen for a shorter time without an infection ({term}`censoring`), or infected at `t0` or before.
#
# **Complete** the three conditions. In Python `a & b` asks for both, `~a` means *not*, and `a >= b` is *at least*. The last line tries nine people, from hour 180.85 to hour 204.85.

# %% id="e3-people" rounds={"role": "made"}
start, until = 180.85, 204.85
near_start, near_until = (stays["infected"] - start).abs().nsmallest(2), (stays["infected"] - until).abs().nsmallest(3)
nine = stays.loc[[*near_start.index, *near_until.index, *(stays["last_seen"] - until).abs().nsmallest(4).index]]

# %% id="e3" nbgrader={"grade": false, "grade_id": "e3-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
def label(stays, t0, hours):
    end = t0 + hours
    watched = ...  # who was seen until the end of the horizon?
    infected = ...  # who was infected in the horizon?
    not_asked = ...  # who was infected at t0 or before?
    ### BEGIN SOLUTION
    infected = (stays["infected"] > t0) & (stays["infected"] <= end)
    watched, not_asked = stays["last_seen"] >= end, stays["infected"] <= t0
    ### END SOLUTION
    answer = pd.Series(np.nan, index=stays.index).mask(watched & ~not_asked, 0.0)
    return answer.mask(infected & ~not_asked, 1.0)
attempt(lambda: nine.assign(label=label(nine, start, 24)))

# %% id="e3-check"
check.button("e3")

# %% id="e3-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e3-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 3. You need not read it.
from rounds.lessons import open_lesson

open_lesson("j3").grade("e3", globals())
### BEGIN HIDDEN TESTS
open_lesson("j3").grade_hidden("e3", globals())
### END HIDDEN TESTS

# %% [markdown] id="e4-task"
# ### Exercise 4: Repair a pipeline (must, 6 minutes)
#
# A colleague predicts an infection of the next 48 hours. The pipeline below holds all five kinds of leakage. Its table has one row for each patient and morning. (It counts who went home early as one without infection. Leave that as it is: mend the leakage.)

# %% id="pipeline" rounds={"role": "made"}
mornings = database.sql("""
    SELECT d.person_id, day, temperature, heart_rate, anc, crp, antibiotic_on AS antibiotic_today,
           coalesce(sets, 0) AS cultures_of_stay, coded AS sepsis_code, bsi_next_48h AS infected
    FROM days d JOIN encounter e USING (person_id)
    LEFT JOIN (SELECT encounter_id, count(DISTINCT set_id) AS sets FROM micro GROUP BY 1) USING (encounter_id)
    JOIN (SELECT encounter_id, bool_or(icd10 IN ('A41.9', 'A49.9')) AS coded FROM diagnosis GROUP BY 1) USING (encounter_id)
    WHERE d.site = 'B' ORDER BY d.person_id, day
""").df().astype({"antibiotic_today": float, "sepsis_code": float})
mornings["row"] = np.arange(len(mornings))

# %% id="e4-say" rounds={"role": "made"}
def say_score(report):
    """Say the score, and how many people stand on both sides of the split."""
    both = len(set(report["train"]) & set(report["test"]))
    return f"AUROC {report['auroc']:.2f}; people on both sides of the split: {both:,}."

# %% id="colleague"
def split(rows, together, seed):
    groups = rows[together].unique()
    chosen = rows[together].isin(np.random.default_rng(seed).choice(groups, len(groups) // 3, replace=False))
    return {"train": rows[~chosen], "test": rows[chosen], "all": rows}


def score(parts, columns, usual):
    train, test = parts["train"], parts["test"]
    model = make_pipeline(StandardScaler(), LogisticRegression()).fit(train[columns].fillna(usual), train["infected"])
    auroc = roc_auc_score(test["infected"], model.predict_proba(test[columns].fillna(usual))[:, 1])
    people = {name: parts[name]["person_id"].unique().tolist() for name in ("train", "test")}
    return {"auroc": float(auroc), "usual": usual.to_dict(), **people}

# %% id="colleague-runs"
everything = ["day", "temperature", "heart_rate", "anc", "crp", "antibiotic_today", "cultures_of_stay", "sepsis_code"]
rows_apart = split(mornings, "row", 1)
print("Your colleague:", say_score(score(rows_apart, everything, mornings[everything].median())))

# %% [markdown] id="e4-how"
# You need not read that code. `split` divides the rows. It keeps together what has the same value in one column: `"row"` is a number of its own for each row, and `"person_id"` is the patient. `score` fills each gap with a usual value, trains, and tests.
#
# **Repair** it with three choices. The score must *fall*, but not with each of them.
#
# 1. `columns`: a list of **all** those that are known at 9:00, out of `"day"`, `"temperature"`, `"heart_rate"`, `"anc"` (neutrophils), `"crp"` (results that came in before 9:00), `"antibiotic_today"`, `"cultures_of_stay"` and `"sepsis_code"`.
# 2. `together`: what the split keeps together.
# 3. `usual_from`: the rows that the usual values come from.

# %% id="e4" nbgrader={"grade": false, "grade_id": "e4-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
def fair_score(rows, seed):
    columns = ...  # a list of column names
    together = ...  # "row" or "person_id"
    usual_from = ...  # the rows whose medians fill the gaps: "all", "train" or "test"
    ### BEGIN SOLUTION
    columns, together, usual_from = ["day", "temperature", "heart_rate", "anc", "crp"], "person_id", "train"
    ### END SOLUTION
    parts = split(rows, together, seed)
    usual = parts[usual_from][list(columns)].median()
    return score(parts, list(columns), usual)

attempt(lambda: say_score(fair_score(mornings, 1)))

# %% id="e4-check"
check.button("e4")

# %% id="e4-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e4-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 4. You need not read it.
from rounds.lessons import open_lesson

open_lesson("j3").grade("e4", globals())
### BEGIN HIDDEN TESTS
open_lesson("j3").grade_hidden("e4", globals())
### END HIDDEN TESTS

# %% [markdown] id="misconception" tags=["part:misconception"]
# ## You may have thought
#
# > **"We only used columns from the table, so it is fair."** The table was written after everything was over. It holds results, codes and counts that nobody had at time zero. Ask of each column: who could read it, at 9:00, on that day?
#
# > **"A leak always shows as a high score."** Two of the five faults hardly move the score here: the split and the medians. With another model they can. Repair them too.

# %% id="q2"
check.ask("q2")

# %% [markdown] id="wrap-up" tags=["part:wrap-up"]
# ## Three lines to keep
#
# 1. A question has three times: time zero, look-back, horizon. Write them down first.
# 2. A value counts from when somebody could *know* it, not from when it *happened*.
# 3. When a fair question lowers the score, the lower score is the one to believe.
#
# **Take it to your challenge (bloodstream infection):** at which hour does your ward act? Take five columns, and ask who could read each of them at that hour.
#
# ### Words of this lesson
#
# WORDS_OF_THIS_LESSON
