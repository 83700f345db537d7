"""Stem-cell transplants at two centres: who has a bloodstream infection in the next 48 hours?"""

from __future__ import annotations

from rounds.synthetic.ehr.bsi.charts import SCORE
from rounds.synthetic.ehr.bsi.course import CULTURE, DEATH, FEVER, HAZARD
from rounds.synthetic.ehr.bsi.tables import LATER_KNOWN, draw_block
from rounds.synthetic.ehr.bsi.transfusions import TRUTH as TRANSFUSIONS
from rounds.synthetic.ehr.decline import TRUTH as LAST_HOURS
from rounds.synthetic.ehr.labs import TRUTH as LAB_TRUTH

__all__ = ["TRUTH", "draw_block"]

TRUTH = {
    "effects": {"bacteria_log_odds_per_day": HAZARD, "death": DEATH, "fever": FEVER, "warning_score": SCORE},
    "cultures": CULTURE,
    "label": "a pathogen in one set, or a commensal in two sets of the same or of consecutive days, with fever",
    "transfusions": TRANSFUSIONS,
    "last_hours": LAST_HOURS,
    "policy": "site A stops levofloxacin prophylaxis on 2019-01-01",
    "site": {"B": "more allogeneic, CRP daily and in mg/dL, ear thermometer 0.15 Cel higher, more infections"},
    "missing": {
        "crp": "site A 34 % of days, 74 % with fever; site B 95 %",
        "procalcitonin": "half of the days with fever, 2 % of others",
        "cultures": "93 % of days with fever, 24 % of 37.6 to 37.9 Cel, 2 % of others, and the day after growth",
        "temperature": "1 % of charted rounds",
        "death_after_discharge": f"known in {LATER_KNOWN:.0%}",
        **LAB_TRUTH,
    },
    "misconceptions": {
        "same_day": "a high AUROC is a good model: fever triggers the culture that makes the label",
        "prevalence": "AUROC 0.7 is useful: at 2 % most alerts are false",
        "antibiotic": "a strong feature is a good one: it holds the doctor's suspicion",
        "label_time": "a result is known when the blood is taken: it comes two days later",
        "cultured_days": "train where the label is known: cultured days are not all days",
        "contaminated": "growth is infection: one bottle with a skin germ is not",
        "zero_neutrophils": "zero is missing: it is the finding",
        "prophylaxis": "the future is like the past: a policy changed",
        "warning_score": "a score of 0.4 means 40 in 100: nobody calibrated it here",
        "haemolysed_silent": "every high potassium is sick: haemolysis raises it in the tube",
    },
    "first_seen_in": "the tutorials on alerts and labels, and the challenge's start notebook",
}
