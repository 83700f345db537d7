-- One row for each stay with Covid-19 of at least 24 hours: what is known by then, in one unit each; and the known
-- death by day 28.
WITH stay AS (
  SELECT e.*, year(e.admit_ts) - p.birth_year AS age, p.sex, p.skin_tone
  FROM encounter e JOIN person p USING (person_id)
), clean AS (
  SELECT s.encounter_id, l.loinc, l.collected_ts,
    CASE
      WHEN l.loinc = '1988-5' AND s.site = 'B' THEN l.value_num * 10
      WHEN l.loinc = '48066-5' THEN l.value_num / 500
      WHEN l.loinc = '3094-0' THEN l.value_num * 0.357
      ELSE l.value_num END AS value
  FROM lab l JOIN stay s USING (encounter_id)
  WHERE l.value_num IS NOT NULL AND l.value_num NOT IN (-1, 999) AND l.resulted_ts < s.admit_ts + INTERVAL 24 HOUR
    AND l.loinc IN ('1988-5', '2532-0', '731-0', '48065-7', '48066-5', '22664-7', '3094-0', '2160-0')
), tests AS (
  SELECT encounter_id,
    arg_min(value, collected_ts) FILTER (loinc = '1988-5') AS crp,
    arg_min(value, collected_ts) FILTER (loinc = '2532-0') AS ldh,
    arg_min(value, collected_ts) FILTER (loinc = '731-0') AS lymphocytes,
    arg_min(value, collected_ts) FILTER (loinc IN ('48065-7', '48066-5')) AS dimer,
    arg_min(value, collected_ts) FILTER (loinc IN ('22664-7', '3094-0')) AS urea,
    arg_min(value, collected_ts) FILTER (loinc = '2160-0') AS creatinine
  FROM clean GROUP BY encounter_id
), moments AS (
  SELECT encounter_id, charted_ts,
    max(value_num) FILTER (loinc = '59408-5') AS spo2,
    max(value_num) FILTER (loinc = '9279-1') AS rr,
    max(value_num) FILTER (loinc = '9269-2') AS gcs,
    count(*) FILTER (loinc IN ('3151-8', '3150-6')) > 0 AS oxygen
  FROM vital v JOIN stay s USING (encounter_id)
  WHERE v.charted_ts < s.admit_ts + INTERVAL 24 HOUR GROUP BY ALL
), signs AS (
  SELECT encounter_id,
    arg_min(rr, charted_ts) AS rr, arg_min(spo2, charted_ts) AS spo2_first, min(gcs) AS gcs,
    arg_min(spo2, charted_ts) FILTER (NOT oxygen) AS spo2_room_air,
    arg_max(spo2, charted_ts) AS spo2_last, bool_or(oxygen) AS oxygen
  FROM moments GROUP BY encounter_id
), known AS (
  SELECT encounter_id, count(*) AS diseases FROM diagnosis
  WHERE icd10 IN ('I10', 'E11', 'N18', 'J44', 'I50.9', 'E66') GROUP BY encounter_id
), care AS (
  SELECT encounter_id, bool_or(code = 'ventilation') AS ventilated, bool_or(code = 'intensive_care') AS intensive_care
  FROM procedure GROUP BY encounter_id
), drug AS (SELECT DISTINCT encounter_id FROM medication WHERE atc = 'H02AB02')
SELECT s.person_id, s.encounter_id, s.site, s.skin_tone,
  CASE WHEN s.admit_ts < '2020-07-01' THEN 1 WHEN s.admit_ts < '2020-12-01' THEN 2
    WHEN s.admit_ts < '2021-06-01' THEN 3 ELSE 4 END AS wave,
  s.age, s.sex, coalesce(k.diseases, 0) AS diseases,
  g.rr, g.spo2_first, g.spo2_room_air, g.spo2_last, coalesce(g.oxygen, false) AS oxygen, g.gcs < 15 AS confused,
  t.crp, t.ldh, t.lymphocytes, t.dimer, t.urea, t.creatinine,
  coalesce(c.ventilated, false) AS ventilated, coalesce(c.intensive_care, false) AS intensive_care,
  d.encounter_id IS NOT NULL AS dexamethasone,
  date_diff('minute', s.admit_ts, s.disch_ts) / 1440.0 AS length_of_stay,
  s.disch_to = 'died' AS died_in_hospital,
  coalesce(x.death_date < s.admit_ts + INTERVAL 28 DAY, false) AS died_28
FROM stay s
LEFT JOIN tests t USING (encounter_id)
LEFT JOIN signs g USING (encounter_id)
LEFT JOIN known k USING (encounter_id)
LEFT JOIN care c USING (encounter_id)
LEFT JOIN drug d USING (encounter_id)
LEFT JOIN death x USING (person_id)
WHERE s.disch_ts > s.admit_ts + INTERVAL 24 HOUR
ORDER BY s.person_id
