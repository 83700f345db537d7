"""Two days of three synthetic patients for the vital strip: when each sign was measured, and what is put aside.

Hours run from 8:00 two days before to 8:00 of the morning that is looked at.  A reading that is put aside was measured
and is kept from the slots, so that what they say can be held against it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rounds.errors import DataError

if TYPE_CHECKING:
    import pandas as pd

    from rounds.data.dataset import Dataset

COLUMNS = ("patient", "sign", "hour", "value", "aside")
SIGNS = {"temperature": "8310-5", "pulse": "8867-4"}
WARD, STEP_UP, NIGHT = "ward, six rounds", "step-up, each hour", "step-up, a night without readings"
HOURS, NIGHT_FROM = 48.0, 38.0  # the night without readings begins at 22:00

# A ward patient with one reading of 38.0 to 38.2 in the morning; a step-up patient with a short fever before 8:00; and
# one whose fever came in the night, charted each hour.  `late` is the number of readings after 22:00.  Above 50 a
# temperature was written in Fahrenheit.
_PATIENTS = """
WITH readings AS (
    SELECT encounter_id, charted_ts, CAST(charted_ts AS DATE) AS day, value_num AS value FROM vital
    WHERE loinc = '8310-5' AND unit = 'Cel' AND value_num < 50
), mornings AS (
    SELECT encounter_id, day + INTERVAL 8 HOUR AS morning FROM readings
    WHERE hour(charted_ts) = 6 AND value >= 38 AND minute(charted_ts) < 30
), found AS (
    SELECT m.encounter_id, m.morning, count(*) AS number, max(value) AS highest,
        count(*) FILTER (value >= 38) AS warm, median(value) FILTER (charted_ts >= morning - INTERVAL 8 HOUR) AS night,
        max(value) FILTER (charted_ts < morning - INTERVAL 8 HOUR) AS before,
        arg_max(value, charted_ts) AS last, count(*) FILTER (charted_ts >= morning - INTERVAL 10 HOUR) AS late
    FROM mornings m JOIN readings r ON r.encounter_id = m.encounter_id
        AND r.charted_ts > m.morning - INTERVAL 48 HOUR AND r.charted_ts <= m.morning
    GROUP BY ALL
), kinds AS (
    SELECT 1 AS number, $ward AS patient, encounter_id, morning FROM found
        WHERE found.number = 12 AND warm = 1 AND highest < 38.25
    UNION ALL SELECT 2, $step_up, encounter_id, morning FROM found
        WHERE found.number >= 46 AND warm = 1 AND highest BETWEEN 38.3 AND 38.8 AND last < 37.7
    UNION ALL SELECT 3, $night, encounter_id, morning FROM found
        WHERE found.number >= 30 AND late = 10 AND night >= 38.6 AND before < 37.4
)
SELECT * FROM kinds QUALIFY row_number() OVER (PARTITION BY number ORDER BY encounter_id, morning) = 1 ORDER BY number
"""
_READINGS = """
SELECT date_diff('minute', CAST($morning AS TIMESTAMP), charted_ts) / 60.0 + 48 AS hour, value_num AS value FROM vital
WHERE encounter_id = $stay AND loinc = $loinc AND value_num IS NOT NULL AND (loinc <> '8310-5' OR value_num < 50)
    AND charted_ts > CAST($morning AS TIMESTAMP) - INTERVAL 48 HOUR AND charted_ts <= CAST($morning AS TIMESTAMP)
ORDER BY charted_ts
"""


def read_vitals(dataset: Dataset) -> pd.DataFrame:
    """Return two days of temperature and pulse of three patients of the transplant ward.

    Returns
    -------
    One row for each reading, with the columns ``COLUMNS``: hours from 0 to 48, temperature in Cel and pulse in beats a
    minute; ``aside`` is true for what was measured and put aside.

    Raises
    ------
    DataError
        When the dataset has no such patients.
    """
    import pandas as pd

    with dataset.connect() as database:
        chosen = database.execute(_PATIENTS, {"ward": WARD, "step_up": STEP_UP, "night": NIGHT}).fetchall()
        if len(chosen) < 3:
            raise DataError(f'VitalStrip: "{dataset.name}" has no such patients. Write: VitalStrip(load("bsi"))')
        parts = [
            database.execute(_READINGS, {"stay": stay, "morning": morning, "loinc": loinc})
            .df()
            .assign(patient=patient, sign=sign)
            for _, patient, stay, morning in chosen
            for sign, loinc in SIGNS.items()
        ]
    rows = pd.concat(parts, ignore_index=True)
    rows["aside"] = (rows["patient"] == NIGHT) & (rows["hour"] > NIGHT_FROM)
    return rows[list(COLUMNS)]
