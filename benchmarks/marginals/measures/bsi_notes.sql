
SELECT s.person_id, n.text, w.drawn IS NOT NULL AS warm
FROM note n JOIN stay s USING (encounter_id)
LEFT JOIN warm w ON w.encounter_id = n.encounter_id AND w.drawn = CAST(n.written_ts AS DATE)
WHERE n.note_type IN ('progress', 'nursing')
ORDER BY n.note_id
