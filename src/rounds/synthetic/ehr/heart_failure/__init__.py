"""Patients with heart failure who come again: two sites, five years, a new drug; who is back within 30 days?"""

from __future__ import annotations

from rounds.synthetic.ehr.decline import TRUTH as LAST_HOURS
from rounds.synthetic.ehr.heart_failure.contacts import CLINIC_SHARE
from rounds.synthetic.ehr.heart_failure.course import TRUTH as COURSE
from rounds.synthetic.ehr.heart_failure.journey import DEATH, ELSEWHERE, READMISSION
from rounds.synthetic.ehr.heart_failure.patients import DISEASES, FRAILTY_SD
from rounds.synthetic.ehr.heart_failure.tables import HOME_DEATHS_KNOWN, draw_block
from rounds.synthetic.ehr.labs import TRUTH as LAB_TRUTH

__all__ = ["TRUTH", "draw_block"]

TRUTH = {
    "effects": {"readmission_log_odds": READMISSION, "death": DEATH, "frailty_sd": FRAILTY_SD},
    "diseases": DISEASES,
    "clinic": {"share_invited_and_attending_when_able": CLINIC_SHARE, "effect": "none"},
    "infection": "J18 in 7 % of stays: CRP to 105 mg/L, ceftriaxone 93 %; another, not coded, in 20 %: 45 mg/L, 32 %",
    "course": COURSE,
    "last_hours": LAST_HOURS,
    "policy": "SGLT2 inhibitors (A10BK01) from 2021-01-01 in 55 % of stays, log-odds of readmission -0.25",
    "site": {"B": "readmission log-odds +0.30; codes I50.9 whatever the echo says; urea nitrogen in mg/dL"},
    "missing": {
        "ntprobnp": "not ordered with log-odds -1.05 + 0.45 (log NT-proBNP - 8.3) + 0.9 above 90 years",
        "ejection_fraction": "no echocardiogram in 45 % of stays, at random",
        "weight_at_discharge": "85 % missing at the weekend, 15 % on other days",
        "readmission_elsewhere": f"{ELSEWHERE:.0%} of later stays are in another hospital and absent",
        "death_at_home": f"known in {HOME_DEATHS_KNOWN:.0%}",
        **LAB_TRUTH,
    },
    "misconceptions": {
        "rows_of_one_patient": "rows are independent: a forest knows the patient again",
        "total_stays": "a count is harmless: counted over the whole record it holds the future",
        "clinic": "who attends is readmitted less, so the clinic helps: who is back already cannot attend",
        "death_as_zero": "not readmitted is well: some are dead",
        "last_30_days": "no readmission in the record is none: the record ends",
        "transfer": "a new row is a readmission: it is the same stay",
        "planned_stay": "every stay is a failure: some are arranged",
        "overlap": "stays follow one another: a transfer's rows can overlap",
        "main_diagnosis": "the diagnosis is known at the door: it is coded after discharge",
        "haemolysed_silent": "every high potassium is sick: haemolysis raises it in the tube",
    },
    "first_seen_in": "the challenge's start notebook and the tutorials on splitting, leaks and time zero",
}
