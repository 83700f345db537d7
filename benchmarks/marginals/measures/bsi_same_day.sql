
, started AS (
  SELECT DISTINCT encounter_id, CAST(ordered_ts AS DATE) AS today FROM medication
  WHERE atc LIKE 'J01%' AND route = 'intravenous'
)
SELECT d.person_id, date_diff('day', d.day0, d.today) AS day, d.age, r.anc, r.crp, s.temperature, s.heart_rate,
  d.infected IS NOT NULL AND d.today = d.infected AS infected_today,
  coalesce(d.today - d.infected IN (0, 1, 2), false) AS resulted_soon,
  c.today IS NOT NULL AS culture_taken, t.today IS NOT NULL AS antibiotic_starts
FROM days d
LEFT JOIN signs s USING (encounter_id, today)
LEFT JOIN results r USING (encounter_id, today)
LEFT JOIN cultured c USING (encounter_id, today)
LEFT JOIN started t USING (encounter_id, today)
WHERE d.infected IS NULL OR d.today <= d.infected + 2
ORDER BY d.person_id, day
