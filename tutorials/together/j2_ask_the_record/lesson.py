# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown] id="title" tags=["part:title"]
# # Ask the record: SQL on EHR tables
#
# *Track: together. One clinician and one engineer, one keyboard. Swap the keyboard after each exercise. Challenge: heart failure.*
#
# > **Synthetic data.** A computer made up every patient in this notebook. The data are for teaching. Draw no clinical conclusion from them.
#
# *Awaiting a clinician's review.*

# %% [markdown] id="objectives" tags=["part:objectives"]
# ## What you can do at the end
#
# 1. **Count** people and rows in a hospital's tables, and **say** what a join did to both.
# 2. **Find** the first stay and the newest known result of each patient, by time and not by place in the table.
# 3. **Tell** NULL (an empty place) apart from 0, and **define** a readmission without transfers and without unfinished follow-up.

# %% [markdown] id="minutes" tags=["part:minutes"]
# ## Minutes
#
# | part | minutes | |
# |---|---|---|
# | self-check, story, widget | 10 | **must** |
# | worked example and gaps | 9 | **must** |
# | exercises 1, 2 and 3 | 16 | **must** |
# | exercise 4 | 6 | **should** |
# | exercise 5 and the last question | 4 | **could** |
#
# You cannot break anything: these tables can only be read. **Start again** below a box brings back its first text.

# %% [markdown] id="needs" tags=["part:needs"]
# ## What you need
#
# You need each other. The clinician needs no code; the engineer needs no medicine. Alone? Take both parts: first answer as the one, then as the other.
#
# **How to answer:** open *Answer without typing code* above a box and choose, or type SQL into the box. Press **Run** below it, then the check button.

# %% id="setup"
import numpy as np
import pandas as pd

from rounds.data import load
from rounds.data.sql_session import SqlSession
from rounds.lessons import open_lesson

check = open_lesson("j2")
cohort = load("heart_failure")
record = SqlSession(cohort, row_limit=50_000, time_limit_s=20)
print(f"Ready: {cohort.rows('person'):,} persons, {cohort.rows('encounter'):,} stays and visits.")

# %% [markdown] id="selfcheck"
# **Self-check.** Answer both questions together. If both are easy, go straight to *Before you look: predict*.

# %% id="s1"
check.ask("s1")

# %% id="s2"
check.ask("s2")

# %% [markdown] id="ward" tags=["part:ward"]
# ## Why a ward cares
#
# Ruth is 78 and has heart failure. She was in hospital three times last year, and on most mornings somebody took blood from her. A colleague joins all stays with all creatinine results, counts the rows, and writes into his report how many *patients* there were.
#
# The record has many tables, and {term}`SQL <sql>` is the language in which one asks them: these four are enough today.
#
# | table | one row is | columns that we use |
# |---|---|---|
# | `person` | one person | `person_id`, `sex`, `birth_year` |
# | `encounter` | one stay or visit | `encounter_id`, `person_id`, `site`, `ward`, `class`, `planned`, `transfer_from`, `admit_ts`, `disch_ts`, `disch_to` |
# | `diagnosis` | one code of a stay | `encounter_id`, `icd10`, `rank`, `coded_ts` |
# | `lab` | one laboratory result | `encounter_id`, `loinc`, `value_num`, `collected_ts`, `resulted_ts` |
#
# Names that end in `_ts` hold a date and a time: `admit_ts` is the admission, `disch_ts` the discharge, `coded_ts` when the code was written.

# %% id="look"
record.show("SELECT encounter_id, person_id, class, admit_ts, disch_ts, disch_to FROM encounter", rows=4)

# %% [markdown] id="predict" tags=["part:predict"]
# ## Before you look: predict
#
# A {term}`join` puts together the rows of two tables that have the same key. Here the key is `encounter_id`, the number of the stay.
#
# The card below begins with the stays in hospital. The next step joins each stay with its creatinine results. **How many rows will there be after the join?** Agree on one number, write it into the card, and press **Lock in my guess**. A wrong guess costs nothing: it helps you to remember.

# %% [markdown] id="widget" tags=["part:widget"]
# ## Build it
#
# The clinician chooses, the engineer reads the SQL aloud.
#
# 1. Look at the ribbon after your guess. Which part became wider, and which did not?
# 2. Group by person. What is one row now?
# 3. In the first list choose the table *person*, and try both of its joins. Which makes more rows? Which loses people?

# %% id="builder"
from rounds_widgets import QueryBuilder

QueryBuilder(cohort)

# %% id="q1"
check.ask("q1")

# %% [markdown] id="widget-picture"
# ![Two stays on the left, five laboratory results on the right, three of the first stay and two of the second: the join on their number has five rows of one person](one-to-many.svg)
#
# One stay has many results, so a join has a row for each *result*. The people in it stay the same. Here is how many creatinine results the stays have.

# %% id="widget-plot"
from matplotlib.figure import Figure
from rounds.lessons.pictures import show_picture

each = record.ask("SELECT COUNT(*) AS results FROM lab WHERE loinc = '2160-0' GROUP BY encounter_id").frame["results"]
figure = Figure(figsize=(7, 3))
axis = figure.subplots()
axis.hist(each, bins=np.arange(0.5, 20.5), edgecolor="white")
axis.set(xlabel="creatinine results of one stay", ylabel="stays", xticks=range(1, 20, 2))
words = f"Half of the stays with a result have {each.median():.0f} or more creatinine results, some more than ten."
print(words)
show_picture(figure, words)

# %% [markdown] id="worked" tags=["part:worked"]
# ## A worked example
#
# Emergency visits: how many, of how many people? Read each query from FROM on. `COUNT(*)` counts the rows, `AS` gives a column its name, and `ON` names the key of a join. What stands behind `--` is a note for people.

# %% id="worked-count"
emergency = """
SELECT COUNT(*) AS visits,                        -- Step 3: count the rows
       COUNT(DISTINCT person_id) AS patients      -- Step 4: count each person once
FROM encounter                                    -- Step 1: say what one row is
WHERE class = 'emergency'                         -- Step 2: keep the rows you ask about
"""
record.show(emergency)

# %% id="worked-join"
by_sex = """
SELECT p.sex, COUNT(*) AS visits                  -- Step 3: one row for each group
FROM encounter e
JOIN person p ON p.person_id = e.person_id        -- Step 1: one person for each visit
WHERE e.class = 'emergency'                       -- Step 2: keep the rows you ask about
GROUP BY p.sex
"""
record.show(by_sex)

# %% [markdown] id="worked-null"
# `e` and `p` are short names for the two tables. A text stands between single quotes.
#
# - {term}`NULL <null-value>` says that nothing stands there. `COUNT(disch_ts)` leaves NULL out. To ask for NULL write `IS NULL`.
# - `CASE WHEN` writes one value (here 1) where its condition holds, and that after `ELSE` where not.
# - `JOIN` loses a row without a match. `LEFT JOIN` keeps each row of the table that is named first, with NULL where nothing matches.

# %% id="worked-empty"
still_in = """
SELECT COUNT(*) AS contacts, COUNT(disch_ts) AS ended,
       SUM(CASE WHEN disch_ts IS NULL THEN 1 ELSE 0 END) AS not_ended
FROM encounter
"""
record.show(still_in)

# %% [markdown] id="worked-window"
# A table has no first row: a computer may store rows in any order. A {term}`window function <window-function>` numbers the rows of each person in an order that *you* name: at each new person `PARTITION BY person_id` begins again with 1. The query in the round brackets runs first. Here is the **latest** clinic visit of each person: `DESC` puts the latest first.

# %% id="worked-number"
latest = """
SELECT person_id, admit_ts FROM (
  SELECT person_id, admit_ts,
         ROW_NUMBER() OVER (PARTITION BY person_id ORDER BY admit_ts DESC) AS place
  FROM encounter WHERE ward = 'heart failure clinic'
) WHERE place = 1
"""
record.show(latest, rows=3)

# %% [markdown] id="faded" tags=["part:faded"]
# ## Your turn, with gaps
#
# For each hospital (`site`): how many people have a creatinine row (`loinc = '2160-0'`), and how many such rows are there? **Fill** the three gaps.

# %% id="f1" nbgrader={"grade": false, "grade_id": "f1-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
results_by_site = """
SELECT e.site, ... AS people, ... AS results
FROM encounter e JOIN lab l ON l.encounter_id = e.encounter_id
WHERE l.loinc = '2160-0'
GROUP BY ...
"""
### BEGIN SOLUTION
for code in ("COUNT(DISTINCT e.person_id)", "COUNT(*)", "e.site"):
    results_by_site = results_by_site.replace("...", code, 1)
### END SOLUTION
record.show(results_by_site)

# %% id="f1-check"
check.button("f1")

# %% [markdown] id="exercises" tags=["part:exercises"]
# ## Exercises
#
# Any query is right that gives the right rows. Their order, and that of the columns, does not count. The button tells you what to try next.
#
# ### Exercise 1: People and stays (must, 4 minutes)
#
# A *stay* is a row with the class `inpatient`. A row with something in `transfer_from` is no stay of its own: it continues another one on another ward. Planned stays count.
#
# **Count** the people who had a stay, and the stays.

# %% id="e1" nbgrader={"grade": false, "grade_id": "e1-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
people_and_stays = """
SELECT ... AS people, ... AS stays
FROM encounter
WHERE ...
"""
### BEGIN SOLUTION
for code in ("COUNT(DISTINCT person_id)", "COUNT(*)", "class = 'inpatient' AND transfer_from IS NULL"):
    people_and_stays = people_and_stays.replace("...", code, 1)
### END SOLUTION
record.show(people_and_stays)

# %% id="e1-check"
check.button("e1")

# %% id="e1-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e1-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 1. You need not read it.
from rounds.lessons import open_lesson

open_lesson("j2").grade("e1", globals())
### BEGIN HIDDEN TESTS
open_lesson("j2").grade_hidden("e1", globals())
### END HIDDEN TESTS

# %% [markdown] id="e2-task"
# ### Exercise 2: The first stay for heart failure (must, 6 minutes)
#
# In this cohort a stay is *for* heart failure when its main diagnosis (`rank = 1`) begins with `I50`. (Elsewhere I11.0 and I13 count too.) In SQL: `icd10 LIKE 'I50%'`, where `%` stands for any letters.
#
# **Find** the first such stay of each person in time: one row for each person who has one.

# %% id="e2" nbgrader={"grade": false, "grade_id": "e2-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
first_stays = """
SELECT person_id, encounter_id, admit_ts FROM (
  SELECT e.person_id, e.encounter_id, e.admit_ts,
         ROW_NUMBER() OVER (PARTITION BY ... ORDER BY ...) AS number
  FROM encounter e JOIN diagnosis d ON d.encounter_id = e.encounter_id
  WHERE e.class = 'inpatient' AND d.rank = 1 AND d.icd10 LIKE 'I50%'
) WHERE ...
"""
### BEGIN SOLUTION
for code in ("e.person_id", "e.admit_ts", "number = 1"):
    first_stays = first_stays.replace("...", code, 1)
### END SOLUTION
record.show(first_stays)

# %% id="e2-check"
check.button("e2")

# %% id="e2-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e2-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 2. You need not read it.
from rounds.lessons import open_lesson

open_lesson("j2").grade("e2", globals())
### BEGIN HIDDEN TESTS
open_lesson("j2").grade_hidden("e2", globals())
### END HIDDEN TESTS

# %% [markdown] id="e3-task"
# ### Exercise 3: The newest creatinine that was known (must, 6 minutes)
#
# {term}`Time zero <index-date>` of each stay is 24 hours after its admission. **Find** for each stay (class `inpatient`) the **newest** creatinine that is **known** at time zero.
#
# - *Taken:* `collected_ts` says when somebody took the blood.
# - *Known:* `resulted_ts` says when the laboratory gave the result. Exactly at time zero it is known.
# - *Newest:* of the known results, the one whose blood was taken last. (In another hospital slow results come in after newer ones. The button asks there too.)
# - *None known:* the stay keeps its row, with NULL.
#
# `arg_max(a, b)` gives `a` from the row in which `b` is largest. `coalesce(a, 0)` writes 0 in place of NULL. The signs for "no result", -1 and 999, are left out already.

# %% id="e3" nbgrader={"grade": false, "grade_id": "e3-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
last_results = """
SELECT e.encounter_id, ... AS creatinine
FROM encounter e
... lab l ON l.encounter_id = e.encounter_id
  AND l.loinc = '2160-0' AND l.value_num NOT IN (-1, 999)
  AND ... e.admit_ts + INTERVAL 24 HOUR
WHERE e.class = 'inpatient' GROUP BY e.encounter_id
"""
### BEGIN SOLUTION
for code in ("arg_max(l.value_num, l.collected_ts)", "LEFT JOIN", "l.resulted_ts <="):
    last_results = last_results.replace("...", code, 1)
### END SOLUTION
record.show(last_results)

# %% id="e3-check"
check.button("e3")

# %% id="e3-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e3-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 3. You need not read it.
from rounds.lessons import open_lesson

open_lesson("j2").grade("e3", globals())
### BEGIN HIDDEN TESTS
open_lesson("j2").grade_hidden("e3", globals())
### END HIDDEN TESTS

# %% [markdown] id="e4-task"
# ### Exercise 4: Back within 30 days (should, 6 minutes)
#
# After which discharges did the patient come back? `i` is the stay that we ask about, `n` is a later one of the same person.
#
# - We **ask** about unplanned stays that ended with a discharge, not with death and not with a transfer (`disch_to`). Their 30 days must be over when the record ends, at the start of 2023.
# - A **return** is an unplanned stay that begins after the discharge, at most 30 times 24 hours later. A row with something in `transfer_from` is no return. A stay that began before the discharge is none either.
#
# **Put** the lines that you need into the two gaps. Some are not needed; their order does not count. `EXISTS` is true when one such row is there.

# %% id="e4" nbgrader={"grade": false, "grade_id": "e4-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
readmissions = """
SELECT i.encounter_id, EXISTS (
  SELECT 1 FROM encounter n WHERE n.person_id = i.person_id AND n.class = 'inpatient'
    ...
) AS readmitted
FROM encounter i WHERE i.class = 'inpatient' AND NOT i.planned
  ...
"""
### BEGIN SOLUTION
later = "AND NOT n.planned AND n.transfer_from IS NULL AND n.admit_ts > i.disch_ts AND n.admit_ts <= i.disch_ts + INTERVAL 30 DAY"
asked = "AND i.disch_to NOT IN ('died', 'transfer') AND i.disch_ts + INTERVAL 30 DAY <= TIMESTAMP '2023-01-01'"
readmissions = readmissions.replace("...", later, 1).replace("...", asked)
### END SOLUTION
record.show(readmissions)

# %% id="e4-check"
check.button("e4")

# %% id="e4-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e4-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 4. You need not read it.
from rounds.lessons import open_lesson

open_lesson("j2").grade("e4", globals())
### BEGIN HIDDEN TESTS
open_lesson("j2").grade_hidden("e4", globals())
### END HIDDEN TESTS

# %% [markdown] id="e5-task"
# ### Exercise 5: More rows, as many, or fewer? (could, 3 minutes)
#
# **Sort** six steps by what they do to the number of rows of the table that is named first. The table `death` has one row for each person who has died. No code is needed.
#
# - stays JOIN their creatinine results
# - stays JOIN the person whose stay it is
# - persons LEFT JOIN their stays
# - persons JOIN death
# - persons LEFT JOIN death
# - stays GROUP BY person_id

# %% id="e5" nbgrader={"grade": false, "grade_id": "e5-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
# groups: "more rows", "as many rows", "fewer rows"
# one entry looks like {"stays JOIN their ward": "as many rows"}
rows_after = ...
### BEGIN SOLUTION
more = ["stays JOIN their creatinine results", "persons LEFT JOIN their stays"]
same = ["stays JOIN the person whose stay it is", "persons LEFT JOIN death"]
fewer = ["persons JOIN death", "stays GROUP BY person_id"]
groups = {"more rows": more, "as many rows": same, "fewer rows": fewer}
rows_after = {step: group for group, steps in groups.items() for step in steps}
### END SOLUTION

# %% id="e5-check"
check.button("e5")

# %% id="e5-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e5-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 5. You need not read it.
from rounds.lessons import open_lesson

open_lesson("j2").grade("e5", globals())
### BEGIN HIDDEN TESTS
open_lesson("j2").grade_hidden("e5", globals())
### END HIDDEN TESTS

# %% [markdown] id="misconception" tags=["part:misconception"]
# ## You may have thought
#
# > **"A join keeps the number of people, so I can count its rows."** The people may stay, but the rows multiply when one row finds several matches. And who finds no match is gone. Count rows *and* people after every join.
#
# > **"The first row is the first admission."** A table has no order of its own. Name the time that decides, and number the rows of each person by it.
#
# > **"NULL is 0."** NULL says that nobody measured, or that it has not happened yet. A stay without creatinine is no stay with creatinine 0.

# %% id="q2"
check.ask("q2")

# %% [markdown] id="wrap-up" tags=["part:wrap-up"]
# ## Three lines to keep
#
# 1. Say what one row is, before and after every join; count rows and people.
# 2. First, last and next are said by a time that you name, never by the place in a table.
# 3. NULL is not 0, and a follow-up that is not over is not a "no".
#
# **Take it to your challenge (heart failure):** who died at home within 30 days counts as "not back" in exercise 4. How will your team count them, and why? Ask your clinical mentor, and look at {term}`competing risk`.
#
# ### Words of this lesson
#
# WORDS_OF_THIS_LESSON
