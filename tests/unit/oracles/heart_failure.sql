-- One row for each unplanned stay (a transfer continues a stay): known at discharge; back within 30 days?
WITH part AS (
  SELECT * FROM encounter WHERE class = 'inpatient'
), stay AS (
  SELECT f.encounter_id, f.person_id, f.site, f.admit_ts, f.planned,
    CASE WHEN n.encounter_id IS NULL THEN f.disch_ts ELSE n.disch_ts END AS disch_ts,
    CASE WHEN n.encounter_id IS NULL THEN f.disch_to ELSE n.disch_to END AS disch_to,
    n.encounter_id AS second
  FROM part f LEFT JOIN part n ON n.transfer_from = f.encounter_id
  WHERE f.transfer_from IS NULL
), visit AS (
  SELECT person_id, admit_ts FROM encounter WHERE ward = 'heart failure clinic'
), unplanned AS (
  SELECT *, lead(admit_ts) OVER w AS next_ts, row_number() OVER w AS number, count(*) OVER (PARTITION BY person_id) AS stays_total
  FROM stay WHERE NOT planned WINDOW w AS (PARTITION BY person_id ORDER BY admit_ts)
), earlier AS (
  SELECT u.encounter_id, count(b.encounter_id) AS stays_last_year
  FROM unplanned u LEFT JOIN unplanned b
    ON b.person_id = u.person_id AND b.admit_ts < u.admit_ts AND b.admit_ts >= u.admit_ts - INTERVAL 365 DAY -- a window begins with its first minute
  GROUP BY u.encounter_id
), clean AS (
  SELECT u.encounter_id, l.loinc, l.collected_ts, l.value_num AS value
  FROM unplanned u JOIN lab l ON l.encounter_id = u.encounter_id
  WHERE l.loinc IN ('33762-6', '2951-2', '2160-0', '718-7') AND l.value_num NOT IN (-1, 999)
    AND l.resulted_ts < coalesce(u.disch_ts, TIMESTAMP '2023-01-01')
), tests AS (
  SELECT encounter_id,
    arg_min(value, collected_ts) FILTER (loinc = '33762-6') AS ntprobnp,
    arg_min(value, collected_ts) FILTER (loinc = '2951-2') AS sodium,
    arg_min(value, collected_ts) FILTER (loinc = '2160-0') AS creatinine,
    arg_min(value, collected_ts) FILTER (loinc = '718-7') AS haemoglobin
  FROM clean GROUP BY encounter_id
), signs AS (
  SELECT encounter_id,
    arg_min(systolic, charted_ts) AS systolic, arg_min(heart_rate, charted_ts) AS heart_rate
  FROM (
    SELECT encounter_id, charted_ts, max(value_num) FILTER (loinc = '8480-6') AS systolic,
      max(value_num) FILTER (loinc = '8867-4') AS heart_rate
    FROM vital WHERE loinc IN ('8480-6', '8867-4') GROUP BY ALL)
  GROUP BY encounter_id
), echo AS (
  SELECT e.person_id, o.ts, TRY_CAST(o.value AS DOUBLE) AS ef
  FROM observation o JOIN encounter e USING (encounter_id) WHERE o.code = '10230-1'
), hearts AS (
  SELECT u.encounter_id, arg_max(x.ef, x.ts) AS ef, bool_or(x.ts >= u.admit_ts) AS ef_this_stay
  FROM unplanned u JOIN echo x ON x.person_id = u.person_id AND x.ts < coalesce(u.disch_ts, TIMESTAMP '2023-01-01')
  GROUP BY u.encounter_id
), codes AS (
  SELECT encounter_id, bool_or(icd10 = 'I25') AS ischaemic, bool_or(icd10 = 'N18') AS ckd, bool_or(icd10 = 'J44') AS copd,
    bool_or(icd10 = 'I48') AS af
  FROM diagnosis GROUP BY encounter_id
), drug AS (SELECT DISTINCT encounter_id FROM medication WHERE atc = 'A10BK01')
SELECT u.person_id, u.encounter_id, u.site, u.number, u.admit_ts, u.disch_ts, u.disch_to,
  year(u.admit_ts) - p.birth_year AS age, p.sex, h.ef, coalesce(h.ef_this_stay, false) AS ef_this_stay,
  coalesce(c.ischaemic, false) AS ischaemic, coalesce(c.ckd, false) AS ckd, coalesce(c.copd, false) AS copd,
  coalesce(c.af, false) AS af, d.encounter_id IS NOT NULL AS sglt2,
  date_diff('minute', u.admit_ts, u.disch_ts) / 1440.0 AS length_of_stay,
  t.ntprobnp, t.sodium, t.creatinine, t.haemoglobin, g.systolic, g.heart_rate,
  e.stays_last_year, u.stays_total,
  date_diff('minute', u.disch_ts, u.next_ts) / 1440.0 AS days_to_next,
  date_diff('minute', u.disch_ts, x.death_date) / 1440.0 AS days_to_death,
  date_diff('minute', u.disch_ts, TIMESTAMP '2023-01-01') / 1440.0 AS days_observed,
  EXISTS (FROM visit v WHERE v.person_id = u.person_id AND v.admit_ts > u.disch_ts
    AND v.admit_ts < least(u.disch_ts + INTERVAL 30 DAY, coalesce(u.next_ts, u.disch_ts + INTERVAL 30 DAY))) AS clinic
FROM unplanned u
JOIN person p USING (person_id)
JOIN earlier e USING (encounter_id)
LEFT JOIN tests t USING (encounter_id)
LEFT JOIN signs g USING (encounter_id)
LEFT JOIN hearts h USING (encounter_id)
LEFT JOIN codes c USING (encounter_id)
LEFT JOIN drug d USING (encounter_id)
LEFT JOIN death x USING (person_id)
ORDER BY u.person_id, u.admit_ts
