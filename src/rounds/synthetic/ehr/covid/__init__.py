"""Patients admitted with Covid-19: two sites, four waves, one new drug; who dies within 28 days?"""

from __future__ import annotations

from rounds.synthetic.ehr.covid.course import LATE_OXYGEN
from rounds.synthetic.ehr.covid.kidney import DEPTH, WORSE_VENTILATED
from rounds.synthetic.ehr.covid.marrow import AFTER_CHEMOTHERAPY, LINE
from rounds.synthetic.ehr.covid.patients import (
    BASE_RISK,
    COMORBIDITIES,
    DEXAMETHASONE_RATIO,
    HIDDEN_RISK,
    INFLAMED_RISK,
    INJURED_RISK,
    SLOPE,
    WAVE_RISK,
)
from rounds.synthetic.ehr.covid.tables import draw_block
from rounds.synthetic.ehr.decline import TRUTH as LAST_HOURS
from rounds.synthetic.ehr.labs import TRUTH as LAB_TRUTH

__all__ = ["TRUTH", "draw_block"]

TRUTH = {
    "effects": {
        "death_log_odds": {
            "base": BASE_RISK,
            "slope_of_the_line": SLOPE,
            "age_per_year": 0.074,
            "male": 0.25,
            "disease_each": 0.22,
            "room_air_below_92": 0.33,
            "room_air_per_point_below_94": 0.10,
            "log_urea": 0.75,
            "severity": 0.62,
            "confused": 0.55,
            "hidden_per_sd": HIDDEN_RISK,
            "own_crp_level_per_sd": INFLAMED_RISK,
            "own_ldh_level_per_sd": INJURED_RISK,
            "wave": list(WAVE_RISK),
        },
        "dexamethasone_rate_ratio_of_death": DEXAMETHASONE_RATIO,
        "dexamethasone_log_odds_of_receiving": {"base": -2.2, "oxygen": 2.4, "severity": 0.6},
        "skin_tone": "no effect on disease or death",
    },
    "diseases": COMORBIDITIES,
    "blood_cancer": {"log_odds": LINE, "neutropenic_after_chemotherapy": AFTER_CHEMOTHERAPY, "death": "no own effect"},
    "kidney_injury": {"log_rise_of_creatinine": DEPTH, "more_on_the_ventilator": WORSE_VENTILATED},
    "late_oxygen": f"{LATE_OXYGEN:.0%} of deaths in hospital without need of it at the door, mostly from hour 25",
    "last_hours": LAST_HOURS,
    "policy": "dexamethasone from 2020-07-01 (RECOVERY), tocilizumab from 2020-12-01",
    "site": {
        "B": "CRP in mg/dL, D-dimer in ng/mL DDU, urea nitrogen in mg/dL, glucose in mmol/L; fewer D-dimers and LDH"
    },
    "missing": {
        "dimer": "never ordered with log-odds -0.42 - severity + 0.85 site B - 0.5 after wave 1",
        "ldh": "never ordered with log-odds -1.1 - 0.8 severity + 0.8 site B",
        "crp": "never ordered with log-odds -2.2 - 0.5 severity",
        "lymphocytes": "never ordered in 5 %, at random",
        "death_at_home": "known to the register in 85 % at site A and 10 % at site B",
        "gcs": "not noted while the patient is sedated on the ventilator",
        "oximetry_on_room_air": "absent at the door for 15 % of those who need oxygen: they arrive with oxygen",
        **LAB_TRUTH,
    },
    "misconceptions": {
        "wave": "a model that ranks well is right: from wave 1 to wave 4 it predicts twice the deaths",
        "crp_unit": "AUROC finds every fault: a unit error at one site hardly moves it",
        "dimer": "normalising repairs units: a factor of 500 makes two humps",
        "dimer_missing": "missing is at random: the well have no D-dimer",
        "ventilation": "a strong feature is a good feature: it comes after admission",
        "dexamethasone": "the treated die more, so the drug kills: the sick get it",
        "death_after_discharge": "who went home is alive: site B does not know",
        "oxygen": "a saturation is a saturation: with oxygen it says little",
        "oximeter_bias": "a device measures all alike: it reads too high in darker skin",
        "haemolysed_silent": "every high potassium is sick: haemolysis raises it in the tube",
    },
    "first_seen_in": "the challenge's start notebook and the tutorials on units, missing values and shift",
}
