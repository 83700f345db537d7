"""Pregnancies of two hospitals over twelve years: how heavy will the child be, asked at the booking visit?"""

from __future__ import annotations

from rounds.synthetic.ehr.birthweight.births import LEFT, LEFT_AFTER_SMALL, NO_SCAN, TOLD
from rounds.synthetic.ehr.birthweight.mothers import DECAY, EFFECTS, VARIANCE_CHILD, VARIANCE_MOTHER, VARIANCE_NEAR
from rounds.synthetic.ehr.birthweight.newborns import TRUTH as NEWBORNS
from rounds.synthetic.ehr.birthweight.tables import (
    GAIN_MISSING,
    KILOGRAMS,
    METRES,
    SILENT_SMOKERS,
    UNANSWERED,
    UNANSWERED_SMOKERS,
    UNSEEN,
    draw_block,
)
from rounds.synthetic.ehr.labs import TRUTH as LAB_TRUTH

__all__ = ["TRUTH", "draw_block"]

TRUTH = {
    "effects": {"grams": EFFECTS},
    "variance": {"mother": VARIANCE_MOTHER, "near": VARIANCE_NEAR, "child": VARIANCE_CHILD, "decay_per_birth": DECAY},
    "newborns": NEWBORNS,
    "policy": "site B tests everybody for gestational diabetes since 2019: log-odds of the diagnosis +0.45",
    "site": {"B": "height missing twice as often, some weights in kilograms before 2016, glucose in mmol/L"},
    "missing": {
        "height": f"site A {UNSEEN[0]}, site B {UNSEEN[1]}, at random within a site; BMI with it",
        "weight_gain": f"{GAIN_MISSING[0]}, and {GAIN_MISSING[1]} of late bookers (no early scan, {NO_SCAN})",
        "smoking": f"not at random: {UNANSWERED_SMOKERS} of smokers and {UNANSWERED} of others give no answer;"
        f" {SILENT_SMOKERS} of smokers say no",
        "births_elsewhere": f"later births: {LEFT}, {LEFT_AFTER_SMALL} more after a child under 2,500 g",
        "previous_birthweight": f"told from memory, to 100 g, in {TOLD} of those whose earlier birth was elsewhere",
        **LAB_TRUTH,
    },
    "shares": {"height_in_metres": METRES, "birthweight_in_kilograms_at_b_before_2016": KILOGRAMS},
    "misconceptions": {
        "gestation": "a strong feature is a good feature: it is known at delivery only",
        "siblings_mean": "an aggregate is harmless: it holds later births",
        "rows_of_one_mother": "rows are independent: siblings end up on both sides of a split",
        "weight_gain": "a slope is an effect: mothers who gain more differ",
        "birthweight_in_kilograms": "outliers are errors to delete: these are units to convert",
        "height_in_metres": "implausible means wrong: it is a unit",
        "gestation_in_whole_weeks": "a date is exact: without a scan it is rounded",
        "twin": "two rows are two pregnancies: twins share one",
        "smoker_recorded_as_no": "what is written is true: some smokers say no",
        "recalled_to_100_g": "a number is a measurement: it is a memory",
        "survivorship": "mothers with two births here are all mothers: some left",
        "apgar_neonatal_unit_mode_of_birth": "a strong feature is a good feature: it comes after the birth",
    },
    "first_seen_in": "the birthweight tutorials and the challenge's start notebook",
}
