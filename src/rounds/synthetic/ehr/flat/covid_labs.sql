-- One row for each laboratory result of five tests, as two laboratories wrote them.
SELECT e.person_id, e.encounter_id, e.site, year(e.admit_ts) - p.birth_year AS age, p.sex,
  l.loinc, l.local_name, l.value_text, l.value_num, l.unit, l.ref_low, l.ref_high, l.collected_ts, l.resulted_ts
FROM lab l JOIN encounter e USING (encounter_id) JOIN person p USING (person_id)
WHERE l.loinc IN ('1988-5', '2160-0', '2823-3', '48065-7', '48066-5', '751-8')
  AND e.person_id IN (SELECT person_id FROM chosen)
ORDER BY l.collected_ts, e.encounter_id, l.loinc
