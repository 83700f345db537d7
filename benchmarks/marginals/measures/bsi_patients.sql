
, counts AS (
  SELECT s.person_id, CAST(l.collected_ts AS DATE) AS today, date_diff('day', s.day0, CAST(l.collected_ts AS DATE)) AS day,
    l.value_num AS anc
  FROM lab l JOIN stay s USING (encounter_id) WHERE l.loinc = '751-8' AND l.value_num >= 0 AND l.value_num < 200
), known AS (
  SELECT person_id, day, anc, min(anc) OVER later AS least, count(*) OVER later AS n, max(day) OVER later - day AS span
  FROM counts WHERE day > 2 WINDOW later AS (PARTITION BY person_id ORDER BY day ROWS BETWEEN CURRENT ROW AND 2 FOLLOWING)
), engrafted AS (
  SELECT person_id, min(day) FILTER (least >= 0.5 AND n = 3 AND span = 2) AS engraftment FROM known GROUP BY person_id
), hot AS (
  SELECT DISTINCT s.person_id FROM stay s JOIN warm w USING (encounter_id)
  JOIN counts c ON c.person_id = s.person_id AND c.today = w.drawn AND c.anc < 0.5
), grew AS (SELECT DISTINCT s.person_id FROM stay s JOIN grown g USING (encounter_id)
), sore AS (
  SELECT s.person_id, max(TRY_CAST(o.value AS DOUBLE)) AS mucositis
  FROM observation o JOIN stay s USING (encounter_id) WHERE o.code = 'mucositis_grade' GROUP BY s.person_id
)
SELECT s.person_id, s.site, t.donor, t.donor <> 'autologous' AS allogeneic, t.match = 'mismatch' AS mismatch, t.tbi,
  year(s.day0) AS year, i.infected IS NOT NULL AS infected, date_diff('day', s.day0, i.infected) AS infected_day,
  e.engraftment, h.person_id IS NOT NULL AS febrile_neutropenia, g.person_id IS NOT NULL AS any_growth,
  coalesce(m.mucositis, 0) AS mucositis, x.death_date IS NOT NULL AS died,
  coalesce(date_diff('day', s.day0, x.death_date), 180) AS follow_up
FROM stay s JOIN transplant t USING (person_id)
LEFT JOIN infection i USING (encounter_id)
LEFT JOIN engrafted e ON e.person_id = s.person_id
LEFT JOIN hot h ON h.person_id = s.person_id
LEFT JOIN grew g ON g.person_id = s.person_id
LEFT JOIN sore m ON m.person_id = s.person_id
LEFT JOIN death x ON x.person_id = s.person_id
ORDER BY s.person_id
