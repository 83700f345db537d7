# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown] id="title" tags=["part:title"]
# # Same word, two meanings
#
# *Track: together. One clinician and one engineer, one keyboard. Swap the keyboard after each exercise.*
#
# > **Synthetic data.** Every patient and every number in this notebook is made up for teaching. Draw no clinical conclusion from them.
#
# *Awaiting a clinician's review.*

# %% [markdown] id="objectives" tags=["part:objectives"]
# ## What you can do at the end
#
# 1. **Match** the words of the clinic with the words of machine learning.
# 2. **Spot** a word that both of you use and mean differently.
# 3. **Write** one question card that both of you read in the same way.

# %% [markdown] id="minutes" tags=["part:minutes"]
# ## Minutes
#
# | part | minutes | |
# |---|---|---|
# | self-check, story, card game | 8 | **must** |
# | worked card and half card | 4 | **must** |
# | exercises 1, 2 and 4 | 14 | **must** |
# | exercise 3 | 3 | **should** |
# | question at the end | 1 | **could** |

# %% [markdown] id="needs" tags=["part:needs"]
# ## What you need
#
# You need each other. The clinician needs no code; the engineer needs no medicine.
#
# **How to answer:** write into a box and press **Run** below it, or hold **Shift** and press **Enter**. Then press the check button.

# %% id="setup"
import numpy as np
import pandas as pd

from rounds.lessons import open_lesson
from rounds.vocabulary import define, load_glossary

check = open_lesson("j1")
print(f"Ready: {len(load_glossary())} terms.")

# %% [markdown] id="selfcheck"
# **Self-check.** Answer both questions together. If you agree at once, go straight to *Before you look: predict*.

# %% id="s1"
check.ask("s1")

# %% id="s2"
check.ask("s2")

# %% [markdown] id="ward" tags=["part:ward"]
# ## Why a ward cares
#
# Mr Levi, 71, is to go home after a stay for heart failure. At the meeting the engineer says: "We validated the model, and he is a negative case." The doctor hears: "It was tested on patients whom nobody used to make it, and he is not ill."
#
# ![Two sentences of an engineer and beside each what a doctor hears: validated means tuned on rows put aside, or tested in new patients; negative means a label of zero, or not ill](said-and-heard.svg)

# %% [markdown] id="predict" tags=["part:predict"]
# ## Before you look: predict
#
# The game below has 8 words that you both know. One of you reads what the word means in one profession. The other asks, then picks what it means in the other.
#
# **How many of the 8 will you match at the first try?** Agree on one number and lock it in.

# %% [markdown] id="widget" tags=["part:widget"]
# ## Play it
#
# The screen says who may look. **Look away** when it is your partner's turn. **Ask** with your own words: "What do you count? When? Against whom?" (Alone? Read the one side, cover it, and find the other side's meaning; then change sides.)

# %% id="game"
from rounds_widgets import WordMatch

WordMatch()

# %% [markdown] id="worked" tags=["part:worked"]
# ## A worked example: one question card
#
# A vague wish: "Use AI to find infections early." The card below turns it into a question. Read it aloud, the clinician first.

# %% id="worked-card"
example = {
    "among": "adults on the transplant ward without infection so far",  # who is asked about
    "at": "each morning at 7",  # time zero: the moment of the prediction
    "predict": "a first bloodstream infection",  # the event
    "within": "the next 48 hours",  # the window: a number and a unit
    "so_that": "the ward doctor",  # one role that acts
    "can": "examine the patient first, before the round",  # something a hand can do
}
for slot, text in example.items():
    print(f"{slot.replace('_', ' '):8} {text}")

# %% [markdown] id="worked-words"
# Two slots cause most quarrels. {term}`Time zero <index-date>` is the moment of the prediction: what is known later may not be used. The window is the {term}`follow-up`: the time in which the {term}`endpoint` can happen.

# %% [markdown] id="worked-time"
# ![A line of time: what comes before time zero may be used, then comes the window in which the event may happen, and what comes after it is not asked about](question-in-time.svg)

# %% id="worked-define"
define("time zero")

# %% [markdown] id="faded" tags=["part:faded"]
# ## Your turn, with gaps
#
# Heart failure: who comes back to hospital soon? **Fill** the two gaps between the quotation marks.

# %% id="f1" nbgrader={"grade": false, "grade_id": "f1-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
half_card = {
    "among": "adults who go home after a stay for heart failure",
    "at": "the day of discharge",
    "predict": "an unplanned return to hospital",
    "within": "",  # a number and a unit
    "so_that": "the discharge nurse",
    "can": "",  # something a hand can do
}
### BEGIN SOLUTION
half_card = {**half_card, "within": "30 days", "can": "phone the patient after three days"}
### END SOLUTION

# %% id="f1-check"
check.button("f1")

# %% [markdown] id="exercises" tags=["part:exercises"]
# ## Exercises
#
# Talk first, type second. The button tells you what to try next. Press it as often as you like.
#
# ### Exercise 1: Match the words (must, 5 minutes)
#
# The engineer reads the words of the table aloud, the clinician finds the partner of each in the box. **Write** one letter for each word, in quotation marks.
#
# | letter | word of machine learning |
# |---|---|
# | A | label, target |
# | B | decision threshold |
# | C | recall |
# | D | covariate distribution |
# | E | concept drift |
# | F | precision |
# | G | ground truth |
# | H | base rate |
# | I | feature |
# | J | prediction time |

# %% id="e1" nbgrader={"grade": false, "grade_id": "e1-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
pairs = {
    "sensitivity": ..., "positive predictive value": ..., "outcome": ..., "prognostic factor": ...,
    "cut-off": ..., "prevalence": ..., "time zero": ...,
    "case mix": ..., "gold standard": ..., "change of practice": ...,
}
### BEGIN SOLUTION
pairs = dict(zip(pairs, ["C", "F", "A", "I", "B", "H", "J", "D", "G", "E"]))
### END SOLUTION

# %% id="e1-check"
check.button("e1")

# %% id="e1-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e1-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 1. You need not read it.
from rounds.lessons import open_lesson

open_lesson("j1").grade("e1", globals())
### BEGIN HIDDEN TESTS
open_lesson("j1").grade_hidden("e1", globals())
### END HIDDEN TESTS

# %% [markdown] id="e2-task"
# ### Exercise 2: Who is speaking? (must, 4 minutes)
#
# **Write** `"clinician"` or `"engineer"` for each sentence. Swap the keyboard first.
#
# 1. "We tuned it on the validation set, so do not report that number."
# 2. "The controls come from the same ward, but had no infection."
# 3. "The bias of the last layer is 0.3."
# 4. "This predictor stayed in the model after adjustment for age."
# 5. "The sample was hemolysed, so we took another one."
# 6. "I normalised potassium, so now its mean is 0."
# 7. "Inference takes 20 milliseconds on a laptop."
# 8. "She is negative on the test, but I would treat her."

# %% id="e2" nbgrader={"grade": false, "grade_id": "e2-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
speakers = {1: ..., 2: ..., 3: ..., 4: ..., 5: ..., 6: ..., 7: ..., 8: ...}
### BEGIN SOLUTION
c, e = "clinician", "engineer"
speakers = {1: e, 2: c, 3: e, 4: c, 5: c, 6: e, 7: e, 8: c}
### END SOLUTION

# %% id="e2-check"
check.button("e2")

# %% id="e2-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e2-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 2. You need not read it.
from rounds.lessons import open_lesson

open_lesson("j1").grade("e2", globals())
### BEGIN HIDDEN TESTS
open_lesson("j1").grade_hidden("e2", globals())
### END HIDDEN TESTS

# %% [markdown] id="e3-task"
# ### Exercise 3: Choose the clear sentence (should, 3 minutes)
#
# Each unclear sentence has three new versions. **Write** the number of the one that both of you read in the same way.
#
# **a. "We validated the score."** (1) We validated it externally. (2) We tested it on patients of another hospital, admitted in 2031. (3) The validation was good.
#
# **b. "The difference is significant."** (1) The difference is highly significant. (2) The difference is important. (3) The mean birthweight differs by 40 g, 95 % interval 10 to 70 g.
#
# **c. "We need a control."** (1) We compare with patients of the same ward, on the same day, without infection. (2) We need a control group. (3) We control for age.
#
# **d. "The data have a bias."** (1) The data are biased and the model is unfair. (2) The laboratory of hospital B measures 10 % too high. (3) There is some bias in hospital B.

# %% id="e3" nbgrader={"grade": false, "grade_id": "e3-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
clear = {"a": ..., "b": ..., "c": ..., "d": ...}
### BEGIN SOLUTION
clear = {"a": 2, "b": 3, "c": 1, "d": 2}
### END SOLUTION

# %% id="e3-check"
check.button("e3")

# %% id="e3-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e3-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 3. You need not read it.
from rounds.lessons import open_lesson

open_lesson("j1").grade("e3", globals())
### BEGIN HIDDEN TESTS
open_lesson("j1").grade_hidden("e3", globals())
### END HIDDEN TESTS

# %% [markdown] id="e4-task"
# ### Exercise 4: Write one question card together (must, 5 minutes)
#
# Choose one challenge of this event: birthweight, bloodstream infection, heart failure or Covid. **Write** its card: replace the three dots by text in quotation marks. Use words that need no glossary.
#
# *Among* [who], *at* [time zero], *predict* [event] *within* [window], *so that* [who acts] *can* [do what].

# %% id="e4" nbgrader={"grade": false, "grade_id": "e4-answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
card = {
    "among": ...,
    "at": ...,
    "predict": ...,
    "within": ...,
    "so_that": ...,
    "can": ...,
}
### BEGIN SOLUTION
card |= {"among": "women at their first visit in pregnancy", "at": "the first visit"}
card |= {"predict": "a newborn under 2,500 g", "within": "40 weeks"}
card |= {"so_that": "the midwife", "can": "plan two more growth scans"}
### END SOLUTION

# %% id="e4-check"
check.button("e4")

# %% id="e4-test" tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "e4-test", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# This cell gives the points for exercise 4. You need not read it.
from rounds.lessons import open_lesson

open_lesson("j1").grade("e4", globals())
### BEGIN HIDDEN TESTS
open_lesson("j1").grade_hidden("e4", globals())
### END HIDDEN TESTS

# %% [markdown] id="misconception" tags=["part:misconception"]
# ## You may have thought
#
# > **"Validation, bias, control, significant: these words mean what I think."** They do, in your own profession. {term}`Validation <internal-validation>` is a part of training for an engineer and a proof in other patients for a clinician. {term}`Bias` is a number in a formula, or an error of a study. Say the long version once, then agree on a short one.

# %% id="q1"
check.ask("q1")

# %% [markdown] id="wrap-up" tags=["part:wrap-up"]
# ## Three lines to keep
#
# 1. When a word is easy, ask what it means to the other one.
# 2. Say who is counted, when, and against whom.
# 3. A question is ready when somebody can act on the answer.
#
# **Take it to your challenge (birthweight, bloodstream infection, heart failure or Covid):** pin your card on the team's wall. Which of its words would a third person read in another way?
#
# ### Words of this lesson
#
# WORDS_OF_THIS_LESSON
