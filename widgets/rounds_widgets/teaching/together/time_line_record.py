"""One synthetic patient's record around a blood culture that grew: when each thing happened, and when it was known.

Hours are counted from midnight of day 0, the day of the transplant: hour 177 is day 7 at 9 o'clock.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rounds.errors import DataError

if TYPE_CHECKING:
    import pandas as pd

    from rounds.data.dataset import Dataset

TABLES = ("transplant", "encounter", "micro", "vital", "lab", "medication", "diagnosis")
COLUMNS = ("what", "kind", "happened", "known")
TEMPERATURE, CRP, NEUTROPHILS, PIPERACILLIN = "8310-5", "1988-5", "751-8", "J01CR05"
FEVER_C = 38.0

# The example: one germ, drawn on day 7 after a fever of the same morning, an antibiotic within four hours, a code.
_PATIENTS = f"""
WITH grown AS (
    SELECT encounter_id, min(collected_ts) AS drawn_ts, min(resulted_ts) AS resulted_ts, min(organism) AS germ
    FROM micro WHERE organism IS NOT NULL GROUP BY encounter_id HAVING count(DISTINCT organism) = 1
), drugs AS (
    SELECT encounter_id, min(started_ts) AS drug_ts FROM medication WHERE atc = '{PIPERACILLIN}' GROUP BY encounter_id
), codes AS (
    SELECT encounter_id, min(coded_ts) AS coded_ts FROM diagnosis WHERE icd10 IN ('A41.9', 'A49.9')
    GROUP BY encounter_id
), warm AS (
    SELECT DISTINCT g.encounter_id FROM grown g JOIN vital v USING (encounter_id)
    WHERE v.loinc = '{TEMPERATURE}' AND v.unit = 'Cel' AND v.value_num >= {FEVER_C}
    AND v.charted_ts BETWEEN g.drawn_ts - INTERVAL 8 HOUR AND g.drawn_ts
)
SELECT e.encounter_id, CAST(t.day0 AS TIMESTAMP) AS day0, germ, drawn_ts, resulted_ts, drug_ts, coded_ts, disch_ts
FROM grown JOIN encounter e USING (encounter_id) JOIN transplant t USING (person_id)
LEFT JOIN drugs USING (encounter_id) LEFT JOIN codes USING (encounter_id) LEFT JOIN warm USING (encounter_id)
WHERE e.site = 'A'
ORDER BY (germ LIKE 'Escherichia%') DESC, (date_diff('day', CAST(t.day0 AS TIMESTAMP), drawn_ts) = 7) DESC,
         (warm.encounter_id IS NOT NULL) DESC, (coded_ts IS NOT NULL) DESC,
         coalesce(date_diff('minute', drawn_ts, drug_ts) BETWEEN 0 AND 240, false) DESC, e.person_id
LIMIT 1
"""  # noqa: S608 - constants of this module
_VALUES = f"""
SELECT 'temperature' AS kind, value_num AS value, charted_ts AS happened, charted_ts AS known
FROM vital WHERE encounter_id = $stay AND loinc = '{TEMPERATURE}' AND unit = 'Cel'
UNION ALL
SELECT CASE WHEN loinc = '{CRP}' THEN 'CRP' ELSE 'neutrophils' END, value_num, collected_ts, resulted_ts
FROM lab WHERE encounter_id = $stay AND loinc IN ('{CRP}', '{NEUTROPHILS}') AND value_num >= 0 AND value_num <> 999
UNION ALL
SELECT 'cultures', count(DISTINCT set_id), min(collected_ts), max(collected_ts) FROM micro WHERE encounter_id = $stay
"""  # noqa: S608 - constants of this module
UNITS = {"temperature": "°C", "CRP": "mg/L", "neutrophils": "×10⁹/L"}


def read_record(dataset: Dataset) -> tuple[pd.DataFrame, float]:
    """Return a patient's record (columns ``what, kind, happened, known``) and the hour of the culture that grew."""
    missing = [name for name in TABLES if name not in {table.name for table in dataset.package.tables}]
    if missing:
        raise DataError(f'TimeLine: the dataset "{dataset.name}" has no table "{missing[0]}". Write: load("bsi")')
    with dataset.connect() as connection:
        found = connection.execute(_PATIENTS).df()
        if not len(found):
            raise DataError(f'TimeLine: no blood culture grew in the dataset "{dataset.name}". Write: load("bsi")')
        patient = found.iloc[0]
        values = connection.execute(_VALUES, {"stay": patient["encounter_id"]}).df()
    return _build_record(patient, values), _hour(patient, patient["drawn_ts"])


def _build_record(patient: pd.Series[Any], values: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that the widget draws: six values around the culture, and what the ward and the coder wrote."""
    import pandas as pd

    drawn, home = patient["drawn_ts"], patient["disch_ts"]
    rows = [_last(values, "temperature", drawn - pd.Timedelta(hours=30)), _last(values, "temperature", drawn)]
    rows += [_last(values, "CRP", drawn), _last(values, "neutrophils", drawn)]
    rows.append(("blood culture drawn", "culture", drawn, drawn))
    if pd.notna(patient["drug_ts"]):
        rows.append(("antibiotic started", "drug", patient["drug_ts"], patient["drug_ts"]))
    rows.append((f"germ: {patient['germ']}", "culture", drawn, patient["resulted_ts"]))
    counted = values[values["kind"] == "cultures"].iloc[0]
    rows.append((f"cultures of the whole stay: {counted['value']:.0f}", "count", counted["happened"], home))
    if pd.notna(patient["coded_ts"]):
        rows.append(("code for sepsis or infection", "code", drawn, patient["coded_ts"]))
    record = pd.DataFrame([row for row in rows if row is not None], columns=list(COLUMNS))
    hours = [_hour(patient, when) for when in record["happened"]]
    return record.assign(happened=hours, known=[_hour(patient, when) for when in record["known"]])


def _last(values: pd.DataFrame, kind: str, until: Any) -> tuple[str, str, Any, Any] | None:
    """Return the last value of a kind that was known by a time."""
    rows = values[(values["kind"] == kind) & (values["known"] <= until)]
    if not len(rows):
        return None
    row = rows.loc[rows["known"].idxmax()]
    return f"{kind} {row['value']:g} {UNITS[kind]}", kind, row["happened"], row["known"]


def _hour(patient: pd.Series[Any], when: Any) -> float:
    """Return the hours since midnight of day 0, to the minute."""
    return round(float((when - patient["day0"]).total_seconds()) / 3600, 2)
