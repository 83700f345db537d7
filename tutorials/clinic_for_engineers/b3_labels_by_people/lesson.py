# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown] id="title" tags=["part:title"]
# # Codes, cases and labels made by people
#
# *Track: the clinic for engineers. Challenge: bloodstream infection.*
#
# > **Synthetic data.** A computer made up every patient in this notebook. The data are for teaching. Draw no clinical conclusion from them.
#
# *Awaiting a clinician's review.*

# %% [markdown] id="objectives" tags=["part:objectives"]
# ## What you can do at the end
#
# 1. **Say** what an ICD code is for, and what it is not for.
# 2. **Write** the definition of a bloodstream infection as code, and **tell apart** a recognised pathogen and a germ of the skin.
# 3. **Explain** why a label is the trace of a process, and **choose** the labels that measure access to care.

# %% [markdown] id="minutes" tags=["part:minutes"]
# ## Minutes
#
# | part | minutes | |
# |---|---|---|
# | self-check, story, widget | 10 | **must** |
# | worked example and gaps | 7 | **must** |
# | exercises 1, 2 and 3 | 16 | **must** |
# | exercises 4 and 5 | 6 | **should** |
# | question at the end | 1 | **could** |

# %% [markdown] id="needs" tags=["part:needs"]
# ## What you need
#
# You need a little pandas: choose rows, `groupby`, `merge`. You need no medicine. Each box can also be answered by choosing: open *Answer without typing code* above it.

# %% id="setup"
import pandas as pd

from rounds.data import load
from rounds.lessons import open_lesson

check = open_lesson("b3")
hospital = load("bsi")
database = hospital.connect()
commensals = ["Staphylococcus epidermidis", "Staphylococcus hominis", "Corynebacterium species", "Micrococcus luteus"]
print(f"Ready: {hospital.rows('transplant'):,} transplants, and {hospital.rows('micro'):,} bottles of blood.")

# %% [markdown] id="selfcheck"
# **Self-check.** If both answers are easy, go straight to *Before you look: predict*.

# %% id="s1"
check.ask("s1")

# %% id="s2"
check.ask("s2")

# %% [markdown] id="ward" tags=["part:ward"]
# ## Why a ward cares
#
# Mr Haddad, 54, has a fever six days after a transplant of stem cells (new blood-forming cells), and a nurse fills four bottles with his blood. Two days later, a germ that lives on everybody's skin has grown in one of them. One study writes him down as a bloodstream infection, another as none, and a model learns what was written.
#
# ![One needle fills two bottles: a germ from the skin can reach both, so they count as one draw. Two needles at two places fill one bottle each: the same germ in both is hardly from the skin](draws.svg)
#
# A bottle of blood in which the laboratory looks for germs is a {term}`blood culture <blood-culture>`. What one needle or one catheter (a thin tube that stays in a vein) gives at one time is a **draw**; it fills two bottles.

# %% [markdown] id="predict" tags=["part:predict"]
# ## Before you look: predict
#
# Two kinds of germs grow in the bottles. A {term}`recognised pathogen <pathogen>`, such as *E. coli* or *S. aureus*, is believed when it grows once. A {term}`common commensal <commensal>`, such as *S. epidermidis*, lives on the skin or in the mouth. In a bottle it may be an infection, or it may be a {term}`contaminant` that came in with the needle.
#
# A {term}`case definition <case-definition>` says which of these make a case. The card below begins with the widest: whatever grows makes a case. **How many of 100 transplants are left as cases by the strictest definition, which asks for a pathogen and for a fever near it?** Write your number into the card and press **Lock in my guess**.

# %% [markdown] id="widget" tags=["part:widget"]
# ## Move it
#
# 1. Set sentence 2 to **in two draws**: now 3 and 4 can be changed, too. Change one sentence at a time. Which of 2 to 5 moves the most cases, and which almost none?
# 2. Build the strictest definition. How far is it from your guess?
# 3. Find a definition under which record 1 is a case and record 2 is none.
# 4. Press **Like CDC/NHSN**, the rule by which hospitals of the United States count infections. Two records have germs and a fever, and are no case. Which? The rule counts; it does not say whom to treat.

# %% id="builder"
from rounds_widgets import DefinitionBuilder

DefinitionBuilder(hospital, site="A")

# %% id="q1"
check.ask("q1")

# %% [markdown] id="worked" tags=["part:worked"]
# ## A worked example
#
# Mr Haddad leaves four labels of "bloodstream infection" behind. None of them is the infection itself.
#
# | label | who makes it | when | what for |
# |---|---|---|---|
# | "sepsis?" in the doctor's note | the doctor, at the bed | at once | to treat him |
# | the germ in the bottle | the laboratory | one to three days later | to choose the drug |
# | an ICD code such as A41.9, sepsis | a coder who reads the record | after he has left | to bill, and to count illnesses |
# | a case of {term}`surveillance` | somebody who holds the bottles against a definition | weeks later | to compare hospitals |
#
# **What an {term}`ICD code <icd>` is for.** The World Health Organization keeps the ICD, so that all countries count deaths and illnesses in the same words. In many countries a hospital is also paid by its codes. No code was made so that a model can learn from it.

# %% [markdown] id="worked-numbers"
# **A number that hangs on a definition.** Published shares of transplants with a bloodstream infection run from 5.5 to 27 of 100. Patients, drugs and germs differ between these centres. But so may the definitions: compare them first.
#
# **One sign of a contaminant** is that it stays alone. Let us count in how many draws the germs of a stay grew, in hospital A.

# %% id="growth" rounds={"role": "made"}
bottles = database.execute("""
    SELECT encounter_id, site, set_id, bottle, organism,
        CASE WHEN list_contains(?, organism) THEN 'skin germ' ELSE 'pathogen' END AS kind
    FROM micro JOIN encounter USING (encounter_id) WHERE organism IS NOT NULL ORDER BY ALL
""", [commensals]).df()

# %% id="worked-look"
bottles.head(4)

# %% id="worked-draws"
# Step 1: keep the bottles that grew in hospital A
grown_in_a = bottles[bottles["site"] == "A"]

# Step 2: count the draws of each stay, for each kind of germ; set_id is the number of a draw
draws = grown_in_a.groupby(["kind", "encounter_id"])["set_id"].nunique()

# Step 3: which share of the stays has one draw only?
(draws == 1).groupby("kind").mean().round(2)

# %% id="worked-shares" rounds={"role": "made"}
shares = 100 * draws.groupby("kind").value_counts(normalize=True).unstack("kind").fillna(0).sort_index()
alone = shares.loc[1].round()

# %% id="worked-picture" rounds={"role": "made"}
from matplotlib import pyplot as plt

from rounds.lessons.pictures import show_picture

figure, axes = plt.subplots(figsize=(6, 2.8))
shares.plot.bar(ax=axes, color={"pathogen": "#0072b2", "skin germ": "#e69f00"}, edgecolor="#1b2733", rot=0)
axes.set(xlabel="draws in which such a germ grew", ylabel="stays, of 100")
axes.legend(frameon=False, title=None)
words = f"Of 100 stays with a skin germ, {alone['skin germ']:.0f} have it in one draw only; with a pathogen {alone['pathogen']:.0f}."
print(words)
show_picture(figure, words)

# %% [markdown] id="worked-read"
# The skin germs have two groups: those that stay alone, and those that come back in draw after draw. The first are mostly contaminants, the second mostly infections. **No single bottle says to which group it belongs.** So the definition asks for a second draw, and it will be wrong now and then, on both sides.

# %% [markdown] id="faded" tags=["part:faded"]
# ## Your turn, with gaps
#
# A draw fills two bottles. In hospital **B**, of all draws with a skin germ: in which share did it grow in **one of the two bottles only**?
#
# **Replace** the three dots, twice. `skin_b` has one row for each bottle with a skin germ in hospital B.

# %% id="skin-b" rounds={"role": "made"}
skin_b = bottles[(bottles["site"] == "B") & (bottles["kind"] == "skin germ")]

# %% id="f1" nbgrader={"grade": false, "grade_id": "f1-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
grown_bottles = ...  # for each draw, how many of its bottles grew
one_only = ...  # the share of draws with one, between 0 and 1
### BEGIN SOLUTION
grown_bottles = skin_b.groupby("set_id")["bottle"].nunique()
one_only = (grown_bottles == 1).mean()
### END SOLUTION
one_only

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
# ### Exercise 1: Write the definition as code (must, 7 minutes)
#
# **A stay is a case** when a recognised pathogen grew in one bottle, **or** when the same common commensal grew in two separate draws, of the same day or of the next. Days are those of the calendar. All patients here had a fever, so that it need not be checked. Nine stays that we made up:
#
# | stay | what grew |
# |---|---|
# | C1 | *E. coli* in one bottle |
# | C2 | *S. epidermidis* in both bottles of one draw |
# | C3 | *S. epidermidis* in a draw from the catheter and in one from the arm, minutes apart |
# | C4 | *S. epidermidis* on day 3, half an hour after midnight, and on day 4 at 23:00 |
# | C5 | *S. epidermidis* on day 2 and on day 5 |
# | C6 | *S. epidermidis* and *Corynebacterium* in two draws of one day |
# | C7 | nothing |
# | C8 | *S. hominis* on day 2 at 23:00, and on day 4 half an hour after midnight |
# | C9 | *S. hominis* on day 2 in the evening, and on day 3 in the morning, both from the arm |

# %% id="nine" rounds={"role": "made"}
coli, epi, hominis, coryne = "Escherichia coli", commensals[0], commensals[1], commensals[2]
rows = [
    ("C1", "a", "catheter", "aerobic", coli, 2, 34.0), ("C7", "l", "arm", "aerobic", None, 1, 15.0),
    ("C2", "c", "arm", "aerobic", epi, 3, 60.0), ("C2", "c", "arm", "anaerobic", epi, 3, 60.0),
    ("C3", "d", "catheter", "aerobic", epi, 2, 33.0), ("C3", "e", "arm", "anaerobic", epi, 2, 33.2),
    ("C4", "f", "catheter", "aerobic", epi, 3, 48.5), ("C4", "g", "arm", "aerobic", epi, 4, 95.0),
    ("C5", "h", "catheter", "aerobic", epi, 2, 35.0), ("C5", "i", "arm", "aerobic", epi, 5, 107.0),
    ("C6", "j", "catheter", "aerobic", epi, 4, 84.0), ("C6", "k", "arm", "aerobic", coryne, 4, 84.2),
    ("C8", "m", "catheter", "aerobic", hominis, 2, 47.0), ("C8", "n", "arm", "aerobic", hominis, 4, 72.5),
    ("C9", "o", "arm", "aerobic", hominis, 2, 45.0), ("C9", "p", "arm", "anaerobic", hominis, 3, 57.0),
]
nine = pd.DataFrame(rows, columns=["encounter_id", "set_id", "draw_site", "bottle", "organism", "day", "hours"])


# %% id="with-pairs" rounds={"role": "made"}
def stays_of(rows, *asked):
    """Return the stays of the rows in which all that was asked is true: columns or lists of True and False."""
    keep = [all(each) for each in zip(*asked)]
    return {*rows[keep]["encounter_id"]} if keep else set()


def with_pairs(micro):
    """Return the bottles that grew, and each two of a stay in which a skin germ did."""
    grown = micro.dropna(subset=["organism"])
    skin = grown[grown["organism"].isin(commensals)]
    return grown, skin.merge(skin, on="encounter_id", suffixes=("_a", "_b"))


# %% [markdown] id="e1-task"
# `nine` has a row for each bottle. `set_id` is the draw, `day` the day of the stay, and `hours` is counted from midnight before day 1.
#
# In the box, `with_pairs` and `stays_of` are ready. The first makes two tables. `grown` has the bottles in which something grew. `pairs` has each two bottles of a stay with a skin germ: the columns of the first end in `_a`, those of the second in `_b`. Each two stand there in both orders, and a bottle is paired with itself, too. `stays_of` returns the stays of those rows in which all your conditions are true. `commensals` is the list of the skin germs; `attempt` runs your function on `nine`.

# %% id="e1-look"
nine.sort_values("set_id").head(5)


# %% id="e1" nbgrader={"grade": false, "grade_id": "e1-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
def find_cases(micro):
    grown, pairs = with_pairs(micro)
    enough = ...  # which rows of grown make a case by themselves?
    one_germ = ...  # in which pairs is it the same germ?
    two_draws = ...  # which pairs are of two draws?
    near = ...  # in which pairs are the days near enough?
    ### BEGIN SOLUTION
    enough, one_germ = ~grown["organism"].isin(commensals), pairs["organism_a"] == pairs["organism_b"]
    two_draws, near = pairs["set_id_a"] != pairs["set_id_b"], (pairs["day_a"] - pairs["day_b"]).abs() <= 1
    ### END SOLUTION
    return stays_of(grown, enough) | stays_of(pairs, one_germ, two_draws, near)
attempt(find_cases, nine)

# %% id="e1-check"
check.button("e1")

# %% id="e1-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e1-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 1. You need not read it.
from rounds.lessons import open_lesson

open_lesson("b3").grade("e1", globals())
### BEGIN HIDDEN TESTS
open_lesson("b3").grade_hidden("e1", globals())
### END HIDDEN TESTS

# %% [markdown] id="e2-task"
# ### Exercise 2: What one bottle more costs (must, 4 minutes)
#
# The table `at_b` has one row for each transplant of hospital **B**:
#
# | column | meaning |
# |---|---|
# | `pathogen` | a recognised pathogen grew, True or False |
# | `skin_bottles` | the number of bottles in which a skin germ grew, 0 or more |
# | `skin_pair` | the second half of the definition holds: the same skin germ in two draws, near enough, and with a fever |
#
# A study team counts a skin germ in **one bottle or more** as well, with a fever or without. **How many more of 100 transplants become cases, compared with the definition of exercise 1?** Do not count those who are cases already.

# %% id="at-b" rounds={"role": "made"}
from rounds.evaluation.case_definition import LIKE_NHSN, find_pairs, pair_up, read_growth

paired = find_pairs(pair_up(read_growth(hospital, "B")), LIKE_NHSN)
at_b = database.sql("""
    SELECT encounter_id, coalesce(bool_or(kind = 'pathogen'), false) AS pathogen,
        count(*) FILTER (WHERE kind = 'skin germ') AS skin_bottles
    FROM encounter LEFT JOIN bottles USING (encounter_id) WHERE encounter.site = 'B' GROUP BY 1 ORDER BY 1
""").df()
at_b["skin_pair"] = at_b["encounter_id"].isin(paired)

# %% id="e2-look"
at_b.head(4)

# %% id="e2" nbgrader={"grade": false, "grade_id": "e2-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
by_rule = ...  # True for each case by the definition of exercise 1
by_team = ...  # True for each case when a single skin bottle counts too
extra_of_100 = ...  # how many more cases, of 100 transplants
### BEGIN SOLUTION
by_rule = at_b["pathogen"] | at_b["skin_pair"]
by_team = at_b["pathogen"] | (at_b["skin_bottles"] > 0)
extra_of_100 = 100 * (by_team.sum() - by_rule.sum()) / len(at_b)
### END SOLUTION
extra_of_100

# %% id="e2-check"
check.button("e2")

# %% id="e2-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e2-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 2. You need not read it.
from rounds.lessons import open_lesson

open_lesson("b3").grade("e2", globals())
### BEGIN HIDDEN TESTS
open_lesson("b3").grade_hidden("e2", globals())
### END HIDDEN TESTS

# %% [markdown] id="e3-task"
# ### Exercise 3: A cohort from codes (must, 5 minutes)
#
# Another ward, another label: who has heart failure? A rule that finds such patients in the record is a {term}`computable phenotype <phenotype>`. All patients of this cohort have heart failure, so expect nearly all stays to have a code of it. The codes of heart failure are `I50` with a point and a digit behind it. (Elsewhere I11.0 and I13 count too, often in the first place.) In each stay the codes have a `rank`; the one of rank 1 is the {term}`first-listed diagnosis <principal-diagnosis>`: the main reason for the stay, and often what is paid for.
#
# **Complete** `count_flow(stays, codes)`. It returns the numbers of a {term}`flow diagram <flow-diagram>`: all **stays**, those with a code of heart failure in **any** place, and those with one in the **first** place. A stay counts once. `stays` has a row for each stay, `codes` one for each code.

# %% id="heart-tables" rounds={"role": "made"}
heart_ward = load("heart_failure").connect()
stays = heart_ward.sql("""SELECT encounter_id, person_id, site, disch_ts FROM encounter
    WHERE class = 'inpatient' AND NOT planned AND transfer_from IS NULL ORDER BY 1""").df()
codes = heart_ward.sql("""SELECT encounter_id, person_id, icd10, rank FROM diagnosis
    JOIN encounter USING (encounter_id) ORDER BY 1, 4""").df()

# %% id="e3-look"
codes.head(4)


# %% id="e3" nbgrader={"grade": false, "grade_id": "e3-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
def count_flow(stays, codes):
    heart = ...  # which rows of codes are heart failure, in any place?
    first = ...  # which rows of codes are heart failure in the first place?
    unit = ...  # the column whose different values are counted
    ### BEGIN SOLUTION
    heart = codes["icd10"].str.startswith("I50")
    first, unit = heart & (codes["rank"] == 1), "encounter_id"
    ### END SOLUTION
    any_place, first_place = codes[heart][unit].nunique(), codes[first][unit].nunique()
    return {"all": stays[unit].nunique(), "any": any_place, "first": first_place}
attempt(count_flow, stays, codes)

# %% id="e3-check"
check.button("e3")

# %% id="e3-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e3-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 3. You need not read it.
from rounds.lessons import open_lesson

open_lesson("b3").grade("e3", globals())
### BEGIN HIDDEN TESTS
open_lesson("b3").grade_hidden("e3", globals())
### END HIDDEN TESTS

# %% [markdown] id="e3-read"
# **Read the flow.** From *all* to *any* go the stays that nobody has coded yet: the patients are still on the ward. From *any* to *first* go those who came for something else, here for pneumonia. Which of the three is "the heart failure cohort"? That is a choice, and it belongs in the first paragraph of your report.
#
# The table below has the codes of heart failure by hospital, of 100 in each. One hospital tells two kinds of heart failure apart, the other writes one code whatever the heart looks like. A model that reads the last digit learns the coder's habit.

# %% id="e3-habit" rounds={"role": "made"}
hearts = codes[codes["icd10"].str[1] == "5"].merge(stays[["encounter_id", "site"]])
pd.crosstab(hearts["site"], hearts["icd10"], normalize="index").mul(100).round().astype(int)

# %% [markdown] id="e4-task"
# ### Exercise 4: Who got as far as the label? (should, 3 minutes)
#
# A label can measure how ill somebody is, or how easily somebody reaches care. Two people are equally ill, and one of them reaches care more easily. **Choose** all labels that she is **more likely to get, only for that reason**.
#
# | name | the label |
# |---|---|
# | depression code | the family doctor wrote a code for depression |
# | cost of care | more was paid for the patient last year than for most |
# | private scan | a tumour was seen on a scan that patients book and pay for themselves |
# | death register | died within a year, by the register to which the law reports every death |
# | birth weight | under 2,500 g, in a ward that weighs every newborn |
# | sodium at the door | under 135 mmol/L, in a ward that measures it in everybody who arrives |

# %% id="e4" nbgrader={"grade": false, "grade_id": "e4-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
# By hand: a list of names in square brackets, like ["birth weight", "death register"]
follows_access = ...
### BEGIN SOLUTION
follows_access = ["depression code", "cost of care", "private scan"]
### END SOLUTION

# %% id="e4-check"
check.button("e4")

# %% id="e4-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e4-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 4. You need not read it.
from rounds.lessons import open_lesson

open_lesson("b3").grade("e4", globals())
### BEGIN HIDDEN TESTS
open_lesson("b3").grade_hidden("e4", globals())
### END HIDDEN TESTS

# %% [markdown] id="e5-task"
# ### Exercise 5: What was it made for? (should, 3 minutes)
#
# Six entries that somebody may use as a label. **Sort** each by what it was **first made for**: to bill, to care, to count, or found later by a rule.
#
# | name | the entry |
# |---|---|
# | tumour register | the law tells doctors to report each new cancer to the country's register |
# | price group | the group of a finished stay, on which its payment depends |
# | germ by phone | the laboratory phones the ward: a germ grows in the blood |
# | back in 30 days | a query looked for a second stay within 30 days |
# | cause of death | the ICD code that an office gives to a death certificate |
# | pain score | the nurse asks each shift how strong the pain is, and writes 0 to 10 |

# %% id="e5" nbgrader={"grade": false, "grade_id": "e5-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
# By hand: curly brackets, and in them an entry for each name, like "pain score": "count",
# Groups: "bill", "care", "count", "rule"
made_for = ...
### BEGIN SOLUTION
made_for = {"tumour register": "count", "price group": "bill", "germ by phone": "care"}
made_for |= {"back in 30 days": "rule", "cause of death": "count", "pain score": "care"}
### END SOLUTION

# %% id="e5-check"
check.button("e5")

# %% id="e5-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e5-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 5. You need not read it.
from rounds.lessons import open_lesson

open_lesson("b3").grade("e5", globals())
### BEGIN HIDDEN TESTS
open_lesson("b3").grade_hidden("e5", globals())
### END HIDDEN TESTS

# %% [markdown] id="misconception" tags=["part:misconception"]
# ## You may have thought
#
# > **"The label is the truth."** It is the last step of a process: somebody fell ill, somebody came, somebody took blood, something grew, and somebody held it against a definition. Each step can lose a patient or add one.
#
# > **"A stricter definition is a better one."** It loses infections while it drops contaminants. Which error costs more depends on what the label is for. A definition that was made to count must not decide whom to treat.

# %% id="q2"
check.ask("q2")

# %% [markdown] id="wrap-up" tags=["part:wrap-up"]
# ## Three lines to keep
#
# 1. Ask of each label: who made it, when, and what for?
# 2. A definition is code. Write it down, run it, and say how far the number moves with each sentence.
# 3. The definition decides how many cases there are. The model only learns them.
#
# **Take it to your challenge (bloodstream infection):** your label asks for a fever near a skin germ. Who measured the fever, and in which patients does it stay away although germs are in the blood?
#
# ### Words of this lesson
#
# WORDS_OF_THIS_LESSON
