-- The rest of measures/bsi_head.sql: one row for each patient and day at risk.
SELECT
  d.person_id, d.site, d.ward, d.today - first.day1 + 1 AS calendar_day,
  date_diff('day', d.day0, d.today) AS day, d.age, d.sex,
  CASE WHEN d.donor = 'autologous' THEN 'autologous' ELSE 'allogeneic' END AS transplant_type,
  r.anc, round(r.crp, 1) AS crp, s.temperature, s.heart_rate,
  t.today IS NOT NULL AS antibiotic_on, c.today IS NOT NULL AS culture_taken, w.warning_score,
  coalesce(d.infected - d.today IN (1, 2), false) AS bsi_next_48h
FROM days d CROSS JOIN first
JOIN score w USING (encounter_id, today)
LEFT JOIN signs s USING (encounter_id, today)
LEFT JOIN results r USING (encounter_id, today)
LEFT JOIN cultured c USING (encounter_id, today)
LEFT JOIN treated t USING (encounter_id, today)
WHERE d.infected IS NULL OR d.today < d.infected
ORDER BY d.site, calendar_day, d.person_id
