-- One row for each live birth, as the birthweight challenge reads it.
WITH booking AS (
  SELECT g.child_id, e.encounter_id
  FROM pregnancy g JOIN encounter e ON e.person_id = g.mother_id AND e.admit_ts = g.booking_ts
), delivery AS (
  SELECT g.child_id, e.encounter_id
  FROM pregnancy g JOIN encounter e
    ON e.person_id = g.mother_id AND e.class = 'inpatient' AND g.delivery_ts BETWEEN e.admit_ts AND e.disch_ts
), asked AS (
  SELECT b.child_id,
    max(CASE WHEN o.code = '8302-2' THEN TRY_CAST(o.value AS DOUBLE) END) AS height_cm,
    max(CASE WHEN o.code = '39156-5' THEN TRY_CAST(o.value AS DOUBLE) END) AS bmi,
    max(CASE WHEN o.code = '72166-2' THEN o.value END) AS smoking,
    max(CASE WHEN o.code = '11977-6' THEN TRY_CAST(o.value AS INTEGER) END) AS parity,
    max(CASE WHEN o.code = 'previous_birthweight_told' THEN TRY_CAST(o.value AS DOUBLE) END) AS told
  FROM booking b JOIN observation o USING (encounter_id) GROUP BY b.child_id
), known AS (
  SELECT b.child_id, bool_or(d.icd10 = 'O10') AS hypertension, bool_or(d.icd10 = 'O24.0') AS diabetes
  FROM booking b JOIN diagnosis d USING (encounter_id) GROUP BY b.child_id
), found AS (
  SELECT v.child_id, bool_or(d.icd10 = 'O24.4') AS sugar, bool_or(d.icd10 = 'O14') AS pressure
  FROM delivery v JOIN diagnosis d USING (encounter_id) GROUP BY v.child_id
), gained AS (
  SELECT v.child_id, max(TRY_CAST(o.value AS DOUBLE)) AS gain
  FROM delivery v JOIN observation o USING (encounter_id) WHERE o.code = '56078-9' GROUP BY v.child_id
), child AS (
  SELECT e.person_id AS child_id, any_value(e.site) AS site,
    max(CASE WHEN o.code = '8339-4' THEN TRY_CAST(o.value AS DOUBLE) END) AS grams,
    max(CASE WHEN o.code = '9274-2' THEN TRY_CAST(o.value AS INTEGER) END) AS apgar,
    any_value(e.ward) = 'neonatal unit' AS unit
  FROM encounter e JOIN observation o USING (encounter_id) WHERE e.class = 'newborn' GROUP BY e.person_id
), born AS (
  SELECT g.*, c.site, c.apgar, c.unit, c.grams, CASE WHEN c.grams < 10 THEN c.grams * 1000 ELSE c.grams END AS clean
  FROM pregnancy g JOIN child c USING (child_id)
), one AS (
  SELECT pregnancy_id, mother_id, any_value(booking_ts) AS booking_ts, arg_min(clean, birth_order) AS clean,
    max(a.parity) AS parity
  FROM born JOIN asked a USING (child_id) GROUP BY pregnancy_id, mother_id
), before AS (
  SELECT pregnancy_id,
    CASE WHEN lag(parity) OVER w = parity - 1 THEN lag(clean) OVER w END AS here
  FROM one WINDOW w AS (PARTITION BY mother_id ORDER BY booking_ts)
), siblings AS (
  SELECT mother_id, sum(clean) AS total, count(*) AS n FROM born GROUP BY mother_id
)
SELECT
  b.mother_id, b.child_id, b.birth_order, b.site,
  (2013 + (year(b.booking_ts) - 2013) // 3 * 3) || '-' || (2015 + (year(b.booking_ts) - 2013) // 3 * 3) AS era,
  year(b.booking_ts) - m.birth_year AS age,
  a.height_cm, a.bmi, a.smoking, a.parity,
  coalesce(k.hypertension, false) AS chronic_hypertension,
  coalesce(k.diabetes, false) AS pregestational_diabetes,
  coalesce(p.here, a.told) AS previous_birthweight_g,
  b.plurality, s.sex,
  coalesce(f.sugar, false) AS gestational_diabetes,
  coalesce(f.pressure, false) AS pre_eclampsia,
  gained.gain AS weight_gain_kg, b.ga_delivery_days AS gestation_days, b.apgar AS apgar_5, b.unit AS neonatal_unit,
  CASE WHEN o.n > 1 THEN round((o.total - b.clean) / (o.n - 1)) END AS siblings_mean_birthweight_g,
  b.grams AS birthweight_g
FROM born b
JOIN asked a USING (child_id)
JOIN before p USING (pregnancy_id)
JOIN siblings o USING (mother_id)
JOIN person m ON m.person_id = b.mother_id
JOIN person s ON s.person_id = b.child_id
LEFT JOIN known k USING (child_id)
LEFT JOIN found f USING (child_id)
LEFT JOIN gained USING (child_id)
ORDER BY b.mother_id, b.birth_order
