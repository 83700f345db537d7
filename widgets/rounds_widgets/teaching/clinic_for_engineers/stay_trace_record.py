"""Synthetic stays from the door to the clinic: when each thing happened, was charted, and could be read.

Hours are counted from the arrival.  Where a table has no column for when a thing happened, the time of its row stands
for it; what is only told stands in no table, and its two other times are missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rounds.errors import DataError

if TYPE_CHECKING:
    import pandas as pd
    from duckdb import DuckDBPyConnection

    from rounds.data.dataset import Dataset

TABLES = ("encounter", "vital", "lab", "medication", "procedure", "observation", "note", "diagnosis")
COLUMNS = ("stay", "what", "table", "happened", "charted", "available")
TOLD = "told"  # in place of a table: nobody of this hospital wrote it down
DAY = 24.0

# Three stays with a clinic visit by day: pneumonia, an echocardiogram, and an entry that was written a month later.
_STAYS = """
WITH seen AS (
    SELECT e.encounter_id, min(v.admit_ts) AS clinic_ts FROM encounter e JOIN encounter v USING (person_id)
    WHERE v.class = 'outpatient' AND v.admit_ts > e.disch_ts GROUP BY 1
), treated AS (
    SELECT encounter_id, max(started_ts) AS treated_ts, bool_or(drug = 'ceftriaxone') AS antibiotic FROM medication
    WHERE drug IN ('furosemide', 'ceftriaxone') GROUP BY 1
), found AS (
    SELECT e.encounter_id, e.admit_ts, e.disch_ts, clinic_ts, treated_ts, antibiotic,
        e.encounter_id IN (SELECT encounter_id FROM diagnosis WHERE icd10 = 'J18') AS pneumonia,
        e.encounter_id IN (SELECT encounter_id FROM procedure WHERE code = 'echocardiogram') AS echo,
        e.encounter_id IN (SELECT encounter_id FROM note WHERE written_ts > e.disch_ts + INTERVAL 20 DAY) AS late
    FROM encounter e JOIN treated USING (encounter_id) LEFT JOIN seen USING (encounter_id)
    WHERE e.class = 'inpatient' AND NOT e.planned AND e.transfer_from IS NULL AND e.disch_to = 'home'
        AND e.site = 'A' AND hour(e.admit_ts) BETWEEN 9 AND 14 AND hour(e.disch_ts) BETWEEN 9 AND 16
        AND date_diff('hour', e.admit_ts, e.disch_ts) BETWEEN 80 AND 170
), kinds AS (
    SELECT 1 AS number, 'Stay 1: an echo of the heart' AS stay, * FROM found WHERE echo AND NOT pneumonia AND NOT late
        AND hour(clinic_ts) BETWEEN 8 AND 17 AND clinic_ts < disch_ts + INTERVAL 26 DAY
    UNION ALL SELECT 2, 'Stay 2: pneumonia as well', * FROM found WHERE pneumonia AND antibiotic AND NOT late
        AND hour(clinic_ts) BETWEEN 8 AND 17 AND clinic_ts < disch_ts + INTERVAL 26 DAY
    UNION ALL SELECT 3, 'Stay 3: back within a month', * FROM found WHERE late AND NOT pneumonia
)
SELECT * EXCLUDE (pneumonia, echo, late, treated_ts, antibiotic) FROM kinds
QUALIFY row_number() OVER (PARTITION BY number ORDER BY treated_ts - admit_ts, encounter_id) = 1 ORDER BY number
"""
# Each row: what, its table, and the three times.  A laboratory row is opened with the sample, and its value comes
# later; an order is there before the dose; a code and a letter tell of what was.
_MARKS = """
SELECT 'arrival at the door' AS what, 'encounter' AS "table", admit_ts AS happened, admit_ts AS charted,
    admit_ts AS available FROM encounter WHERE encounter_id = $stay
UNION ALL SELECT 'goes home', 'encounter', disch_ts, disch_ts, disch_ts FROM encounter WHERE encounter_id = $stay
UNION ALL SELECT 'blood pressure, first', 'vital', min(charted_ts), min(charted_ts), min(charted_ts)
    FROM vital WHERE encounter_id = $stay AND loinc = '8480-6'
UNION ALL SELECT 'temperature, second day', 'vital', charted_ts, charted_ts, charted_ts FROM vital
    WHERE encounter_id = $stay AND loinc = '8310-5' AND charted_ts > CAST($admitted AS DATE) + INTERVAL 29 HOUR
    QUALIFY row_number() OVER (ORDER BY charted_ts) = 1
UNION ALL SELECT name || draw, 'lab', collected_ts, collected_ts, resulted_ts FROM (
    SELECT *, CASE dense_rank() OVER (ORDER BY collected_ts)
        WHEN 1 THEN ', first' WHEN 2 THEN ', second day' END AS draw
    FROM lab JOIN (VALUES ('33762-6', 'NT-proBNP'), ('2823-3', 'potassium'), ('718-7', 'haemoglobin'))
    AS tests(loinc, name) USING (loinc) WHERE encounter_id = $stay)
    WHERE draw = ', first' OR (draw IS NOT NULL AND loinc = '2823-3')
UNION ALL SELECT 'dose of ' || drug || ', first', 'medication', min(started_ts), min(ordered_ts), min(started_ts)
    FROM medication WHERE encounter_id = $stay AND drug IN ('furosemide', 'ceftriaxone', 'bisoprolol') GROUP BY drug
UNION ALL SELECT 'echo of the heart', 'procedure', min(start_ts), min(start_ts), min(stop_ts)
    FROM procedure WHERE encounter_id = $stay AND code = 'echocardiogram'
UNION ALL SELECT 'weight before leaving', 'observation', min(ts), min(ts), min(ts)
    FROM observation WHERE encounter_id = $stay AND code = 'weight_at_discharge_kg'
UNION ALL SELECT 'note at the door', 'note', min(written_ts), min(written_ts), min(written_ts)
    FROM note WHERE encounter_id = $stay AND note_type = 'admission'
UNION ALL SELECT 'letter about the stay', 'note', $left, min(written_ts), min(written_ts)
    FROM note WHERE encounter_id = $stay AND note_type = 'discharge' AND written_ts < $left + INTERVAL 2 DAY
UNION ALL SELECT 'note: came back', 'note', min(b.admit_ts), min(n.written_ts), min(n.written_ts)
    FROM note n, encounter a JOIN encounter b USING (person_id) WHERE n.encounter_id = $stay
    AND n.written_ts > $left + INTERVAL 20 DAY AND a.encounter_id = $stay AND b.admit_ts > $left
    AND b.class = 'inpatient' AND NOT b.planned
UNION ALL SELECT CASE WHEN icd10 = 'J18' THEN 'pneumonia, the code' ELSE 'heart failure, the code' END, 'diagnosis',
    min($admitted), min(coded_ts), min(coded_ts) FROM diagnosis
    WHERE encounter_id = $stay AND (icd10 = 'J18' OR icd10 LIKE 'I50%') GROUP BY 1
UNION ALL SELECT 'visit to the clinic', 'encounter', $seen, $seen, $seen WHERE $seen < $left + INTERVAL 28 DAY
"""
# What no table of a hospital holds, added for teaching to each stay: hours from the arrival, hours after leaving.
_BEFORE = {"wakes up breathless at home": -13.0, "oxygen in the ambulance": -0.7}
_AFTER = {"family doctor changes a dose": 3 * DAY + 1}


def read_stays(dataset: Dataset) -> pd.DataFrame:
    """Return the marks of three stays (columns ``stay, what, table, happened, charted, available, clock``).

    ``clock`` is the hour of the day of the arrival; a time that no table has is missing.
    """
    import pandas as pd

    missing = [name for name in TABLES if name not in {table.name for table in dataset.package.tables}]
    if missing:
        raise DataError(
            f'StayTrace: the dataset "{dataset.name}" has no table "{missing[0]}". Write: load("heart_failure")'
        )
    with dataset.connect() as connection:
        stays = connection.execute(_STAYS).df()
        if not len(stays):
            raise DataError(f'StayTrace: no stay of "{dataset.name}" can be shown. Write: load("heart_failure")')
        parts = [_read_marks(connection, stay) for _, stay in stays.iterrows()]
    return pd.concat(parts, ignore_index=True)


def _read_marks(connection: DuckDBPyConnection, stay: pd.Series[Any]) -> pd.DataFrame:
    """Return the marks of one stay in hours from its arrival, the told ones too."""
    import pandas as pd

    begun, left = stay["admit_ts"], stay["disch_ts"]
    seen = None if pd.isna(stay["clinic_ts"]) else stay["clinic_ts"].to_pydatetime()
    asked = {
        "stay": stay["encounter_id"],
        "admitted": begun.to_pydatetime(),
        "left": left.to_pydatetime(),
        "seen": seen,
    }
    marks = connection.execute(_MARKS, asked).df().dropna(subset=["happened", "available"])
    for name in ("happened", "charted", "available"):
        marks[name] = [_hours(begun, when) for when in marks[name]]
    end = _hours(begun, left)
    told = _BEFORE | {what: end + hours for what, hours in _AFTER.items()}
    rows = [{"what": what, "table": TOLD, "happened": hours} for what, hours in told.items()]
    whole = pd.concat([marks, pd.DataFrame(rows)], ignore_index=True)
    return whole.assign(stay=stay["stay"], clock=round(begun.hour + begun.minute / 60, 4), left=end)


def _hours(begun: Any, when: Any) -> float:
    return round(float((when - begun).total_seconds()) / 3600, 3)
