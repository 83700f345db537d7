-- The definitions that the measures stand on: stays, infections, days, signs, results.  A second writing of
-- ehr/analysis/bsi.py on purpose: tests/unit/test_ehr_analysis.py holds the two equal, row by row.
WITH stay AS (
  SELECT e.encounter_id, e.person_id, e.site, e.ward, t.day0, t.donor, e.admit_ts, e.disch_ts,
    year(t.day0) - p.birth_year AS age, p.sex
  FROM encounter e JOIN transplant t USING (person_id) JOIN person p USING (person_id)
), grown AS (
  SELECT set_id, any_value(encounter_id) AS encounter_id, any_value(CAST(collected_ts AS DATE)) AS drawn,
    bool_or(organism LIKE 'Staphylococcus epi%' OR organism LIKE 'Staphylococcus hom%'
      OR organism LIKE 'Coryne%' OR organism LIKE 'Micrococcus%') AS commensal,
    bool_or(organism IS NOT NULL AND NOT (organism LIKE 'Staphylococcus epi%' OR organism LIKE 'Staphylococcus hom%'
      OR organism LIKE 'Coryne%' OR organism LIKE 'Micrococcus%')) AS pathogen
  FROM micro WHERE organism IS NOT NULL GROUP BY set_id
), warm AS (
  SELECT encounter_id, CAST(charted_ts AS DATE) AS drawn FROM vital
  WHERE loinc = '8310-5' AND CASE WHEN value_num > 45 THEN (value_num - 32) / 1.8 ELSE value_num END >= 38.0 GROUP BY ALL
), counted AS (
  SELECT encounter_id, drawn FROM grown WHERE pathogen
  UNION ALL
  SELECT g.encounter_id, g.drawn FROM grown g JOIN grown h USING (encounter_id)
  WHERE g.commensal AND h.commensal AND g.set_id <> h.set_id AND h.drawn - g.drawn BETWEEN 0 AND 1
    AND EXISTS (FROM warm w WHERE w.encounter_id = g.encounter_id AND abs(w.drawn - g.drawn) <= 1)
), infection AS (
  SELECT encounter_id, min(drawn) AS infected FROM counted GROUP BY encounter_id
), days AS (
  SELECT s.*, i.infected, CAST(u.today AS DATE) AS today
  FROM stay s LEFT JOIN infection i USING (encounter_id),
    unnest(generate_series(CAST(s.admit_ts AS DATE) + 1, CAST(s.disch_ts AS DATE), INTERVAL 1 DAY)) AS u(today)
  WHERE date_diff('day', s.day0, CAST(u.today AS DATE)) BETWEEN -3 AND 30
), signs AS (
  SELECT encounter_id, CAST(charted_ts AS DATE) AS today,
    max(CASE WHEN loinc = '8310-5' THEN CASE WHEN value_num > 45 THEN (value_num - 32) / 1.8 ELSE value_num END END) AS temperature,
    arg_max(CASE WHEN loinc = '8867-4' THEN value_num END, charted_ts) AS heart_rate
  FROM vital WHERE loinc IN ('8310-5', '8867-4') AND hour(charted_ts) < 9 GROUP BY ALL
), results AS (
  SELECT encounter_id, CAST(collected_ts AS DATE) AS today,
    max(CASE WHEN loinc = '751-8' THEN value_num END) AS anc,
    max(CASE WHEN loinc = '1988-5' THEN CASE WHEN coalesce(unit, CASE ref_high WHEN 5 THEN 'mg/L' ELSE 'mg/dL' END) = 'mg/dL'
      THEN value_num * 10 ELSE value_num END END) AS crp
  FROM lab
  WHERE loinc IN ('751-8', '1988-5') AND value_num NOT IN (-1, 999)
    AND CAST(collected_ts AS DATE) = CAST(resulted_ts AS DATE) AND hour(resulted_ts) < 9
  GROUP BY ALL
), score AS (
  SELECT encounter_id, CAST(ts AS DATE) AS today, max(TRY_CAST(value AS DOUBLE)) AS warning_score
  FROM observation WHERE code = 'warning_score' GROUP BY ALL
), cultured AS (
  SELECT encounter_id, CAST(collected_ts AS DATE) AS today FROM micro GROUP BY ALL
), treated AS (
  SELECT DISTINCT d.encounter_id, d.today FROM days d JOIN medication m USING (encounter_id)
  WHERE m.atc LIKE 'J01%' AND m.route = 'intravenous'
    AND d.today BETWEEN CAST(m.started_ts AS DATE) AND CAST(m.stopped_ts AS DATE)
), first AS (SELECT DATE '2012-12-01' AS day1)
