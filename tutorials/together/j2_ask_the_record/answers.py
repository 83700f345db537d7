"""What learners write in J2."""

from __future__ import annotations

import pandas as pd

from rounds.lessons.examples import Examples, Gaps, Wrong
from rounds.lessons.kinds.result_cells import Known

from .checks import STEPS
from .hidden import (
    COUNT,
    COUNT_MISTAKES,
    FEWER,
    FIRST_MISTAKES,
    FIRST_STAY,
    LAST_MISTAKES,
    LAST_RESULT,
    MORE,
    RETURN,
    RETURN_MISTAKES,
    SAME,
)

ROWS = dict(zip(STEPS, (MORE, SAME, MORE, FEWER, SAME, FEWER), strict=True))


def _known(mistakes: tuple[Known, ...]) -> tuple[Wrong, ...]:
    """Return each query that makes a mistake with the end of its sentence; whoever writes it meets it whole."""
    return tuple(Wrong(f"-- as a learner writes it\n{sql};", says) for _, sql, says in mistakes)


def _moved(step: str, group: str) -> dict[str, str]:
    return {**ROWS, step: group}


STAYS = "encounter JOIN diagnosis USING (encounter_id) WHERE class = 'inpatient' AND rank = 1 AND icd10 LIKE 'I50%'"

NEWEST = "arg_max(l.value_num, l.collected_ts)"


def _last(*slips: tuple[str, str]) -> str:
    """Return exercise 3 with more than one slip."""
    query = LAST_RESULT
    for old, new in slips:
        query = query.replace(old, new)
    return query


EXAMPLES = {
    "e1": Examples(
        right=(
            COUNT,
            COUNT.replace("COUNT(*)", "COUNT(DISTINCT encounter_id)"),
            "SELECT COUNT(*) AS stays, COUNT(DISTINCT person_id) AS people FROM encounter "
            "WHERE transfer_from IS NULL AND class LIKE 'in%'",
            "SELECT COUNT(*) AS people, SUM(n) AS stays FROM (SELECT person_id, COUNT(*) AS n FROM encounter "
            "WHERE class = 'inpatient' AND transfer_from IS NULL GROUP BY person_id)",
            COUNT.replace("people", "People"),
        ),
        stub="\nSELECT ... AS people, ... AS stays\nFROM encounter\nWHERE ...\n",
        wrong=(
            *_known(COUNT_MISTAKES),
            Wrong("SELECT COUNT(DISTINCT person_id), COUNT(*) FROM encounter", "A column gets its name with AS"),
            Wrong("SELECT COUNT(DISTINCT person) AS people, 1 AS stays FROM encounter", "Did you mean"),
            Wrong(
                "SELECT person_id AS people, 1 AS stays FROM encounter WHERE class = 'inpatient'", "one row of counts"
            ),
            Wrong("SELECT COUNT(person_id AS people, COUNT(*) AS stays FROM encounter", "syntax error"),
            Wrong((5000, 14954), "of type tuple"),
            Wrong(pd.DataFrame({"people": [5000], "stays": [14954]}), "is a table"),
            Wrong("SELECT 5000 AS people, 14000 AS stays", "not right yet"),
            Wrong(
                COUNT.replace("DISTINCT ", "").replace("COUNT(*)", "SUM(CAST(planned AS INT))"),
                "people is the number of rows",
            ),
            Wrong(
                COUNT.replace("COUNT(*)", "COUNT(transfer_from)").replace("person_id", "site"),
                "COUNT of a column leaves",
            ),
            Wrong("SELECT 5000 AS people, 14954 AS stays", "another hospital"),
        ),
    ),
    "e2": Examples(
        right=(
            FIRST_STAY,
            *(
                query.replace("HF", STAYS)
                for query in (
                    "SELECT DISTINCT ON (person_id) person_id, encounter_id, admit_ts FROM HF "
                    "ORDER BY person_id, admit_ts",
                    "SELECT person_id, arg_min(encounter_id, admit_ts) AS encounter_id, MIN(admit_ts) AS admit_ts "
                    "FROM HF GROUP BY person_id",
                    "SELECT admit_ts, encounter_id, person_id FROM HF "
                    "QUALIFY RANK() OVER (PARTITION BY person_id ORDER BY admit_ts) = 1",
                    "WITH stays AS (SELECT * FROM HF) SELECT person_id, encounter_id, admit_ts FROM stays "
                    "JOIN (SELECT person_id, MIN(admit_ts) AS admit_ts FROM stays GROUP BY person_id) "
                    "USING (person_id, admit_ts)",
                )
            ),
        ),
        stub=FIRST_STAY.replace("e.admit_ts)", "...)"),
        wrong=(
            *_known(FIRST_MISTAKES),
            Wrong(FIRST_STAY.replace("PARTITION BY e.person_id", "PARTITION BY e.encounter_id"), "number 1"),
            Wrong(FIRST_STAY.replace("encounter_id, admit_ts FROM (", "encounter_id FROM ("), "no column admit_ts"),
            Wrong(
                FIRST_STAY.replace("e.person_id, e.enc", "person_id, e.enc").replace("number = 1", "nummer = 1"),
                "number",
            ),
            Wrong(FIRST_STAY.replace("'I50%'", "'I50'"), "no rows"),
            Wrong(
                FIRST_STAY.replace("ORDER BY e.admit_ts", "ORDER BY d.coded_ts").replace("d.rank = 1 AND ", ""),
                "Heart failure as a second diagnosis",
            ),
            Wrong(FIRST_STAY.replace("'I50%'", "'I50.1'"), "Missing:"),
            Wrong(FIRST_STAY.replace("e.class = 'inpatient' AND ", "e.site = 'A' AND "), "Missing:"),
            Wrong(FIRST_STAY.replace("SELECT person_id, encounter_id, admit_ts FROM", "SELECT * FROM"), "too many"),
        ),
    ),
    "e3": Examples(
        right=(
            LAST_RESULT,
            "SELECT encounter_id, (SELECT value_num FROM lab l WHERE l.encounter_id = e.encounter_id "
            "AND loinc = '2160-0' AND value_num > 0 AND value_num < 900 AND resulted_ts <= admit_ts + INTERVAL 1 DAY "
            "ORDER BY collected_ts DESC LIMIT 1) AS creatinine FROM encounter e WHERE class = 'inpatient'",
            "SELECT e.encounter_id, x.value_num AS creatinine FROM encounter e LEFT JOIN (SELECT s.encounter_id, "
            "value_num, ROW_NUMBER() OVER (PARTITION BY s.encounter_id ORDER BY collected_ts DESC) AS place "
            "FROM lab s JOIN encounter f ON f.encounter_id = s.encounter_id WHERE loinc = '2160-0' "
            "AND value_num NOT IN (-1, 999) AND resulted_ts - admit_ts <= INTERVAL 24 HOUR) x "
            "ON x.encounter_id = e.encounter_id AND place = 1 WHERE class = 'inpatient'",
        ),
        stub=LAST_RESULT.replace("LEFT JOIN", "..."),
        wrong=(
            *_known(LAST_MISTAKES),
            Wrong(
                LAST_RESULT.replace("AND l.resulted_ts <= e.admit_ts + INTERVAL 24 HOUR ", "").replace(
                    "'inpatient'", "'inpatient' AND l.resulted_ts <= e.admit_ts + INTERVAL 24 HOUR"
                ),
                "WHERE after a LEFT JOIN",
            ),
            Wrong(LAST_RESULT.replace("l.resulted_ts <= e", "e.admit_ts <= e"), "You read the whole stay"),
            Wrong(LAST_RESULT.replace("GROUP BY e.encounter_id", ""), "GROUP BY"),
            Wrong(LAST_RESULT.replace("24 HOUR", "48 HOUR"), "Nothing is known at time zero"),
            Wrong(LAST_RESULT.replace("24 HOUR", "24 MINUTE"), "in which a result is known"),
            Wrong(_last(("e.class = 'inpatient'", "e.class = 'inpatient' AND NOT e.planned")), "In none of them is"),
            Wrong(
                _last(("e.class = 'inpatient'", "e.site = 'A' AND e.class = 'inpatient'")), "of them a result is known"
            ),
            Wrong(
                _last(("resulted_ts <=", "collected_ts <="), (NEWEST, "MEDIAN(l.value_num)")),
                "taken by time zero and the result came later",
            ),
            Wrong(
                _last(("resulted_ts <=", "resulted_ts <"), (NEWEST, "MEDIAN(l.value_num)")),
                "creatinine is not right yet",
            ),
            Wrong(_last(("LEFT JOIN", "JOIN"), (NEWEST, "MAX(l.value_num)")), "without a result in time are lost"),
            Wrong(_last(("resulted_ts <=", "collected_ts <="), (NEWEST, "MAX(l.value_num)")), "not yet a result"),
            Wrong(_last(("resulted_ts <=", "resulted_ts <"), (NEWEST, "MAX(l.value_num)")), "the largest result"),
            Wrong(_last(("l.resulted_ts <=", "e.admit_ts <="), (NEWEST, "MAX(l.value_num)")), "Does it come in later"),
            Wrong(LAST_RESULT.replace("arg_max(l.value_num, l.collected_ts)", "l.value_num"), "GROUP BY"),
            Wrong(
                LAST_RESULT.replace("arg_max(l.value_num, l.collected_ts)", "l.value_num").replace(
                    "GROUP BY e.encounter_id", ""
                ),
                "more than one row",
            ),
        ),
    ),
    "e4": Examples(
        right=(
            RETURN,
            RETURN.replace("EXISTS (SELECT 1", "(SELECT COUNT(*) > 0"),
            RETURN.replace("EXISTS (SELECT 1", "(SELECT CASE WHEN COUNT(*) = 0 THEN 0 ELSE 1 END"),
            RETURN.replace(
                "i.disch_to NOT IN ('died', 'transfer')", "i.disch_to <> 'died' AND i.disch_to <> 'transfer'"
            ),
            RETURN.replace(
                "i.disch_to NOT IN ('died', 'transfer')", "i.disch_to IN ('home', 'care home', 'against advice')"
            ),
            RETURN.replace("INTERVAL 30 DAY", "INTERVAL 720 HOUR"),
            RETURN.replace("i.disch_ts + INTERVAL 30 DAY <=", "i.disch_ts <= TIMESTAMP '2022-12-02' AND i.admit_ts <"),
        ),
        stub=RETURN.replace("AND NOT n.planned", "..."),
        wrong=(
            *_known(RETURN_MISTAKES),
            Wrong(
                RETURN.replace("i.disch_ts + INTERVAL 30 DAY <= TIMESTAMP", "i.disch_ts <= TIMESTAMP"), "is not known"
            ),
            Wrong(RETURN.replace("AS readmitted", ""), "no column readmitted"),
            Wrong(RETURN.replace("n.admit_ts > i.disch_ts", "n.admit_ts > j.disch_ts"), "j"),
            Wrong(RETURN.replace("'2023-01-01'", "'2022-01-01'"), "Missing:"),
            Wrong(RETURN.replace("EXISTS", "NOT EXISTS"), "not right yet"),
            Wrong(RETURN.replace("30 DAY)", "31 DAY)").replace("'died', 'transfer'", "'died'"), "on day 31"),
            Wrong(
                RETURN.replace("NOT n.planned AND ", "").replace("AND NOT i.planned ", ""),
                "Planned stays are asked about",
            ),
        ),
    ),
    "e5": Examples(
        right=(ROWS, {step: group.upper() for step, group in ROWS.items()}, dict(reversed(ROWS.items()))),
        stub=...,
        wrong=(
            Wrong(_moved(STEPS[0], SAME), "a stay with four"),
            Wrong(_moved(STEPS[0], FEWER), "Some stays have no result"),
            Wrong(_moved(STEPS[1], MORE), "belongs to one person"),
            Wrong(_moved(STEPS[1], FEWER), "no stay loses its row"),
            Wrong(_moved(STEPS[2], SAME), "a person with five stays"),
            Wrong(_moved(STEPS[2], FEWER), "stands in five rows"),
            Wrong(_moved(STEPS[3], SAME), "Where does JOIN leave the others"),
            Wrong(_moved(STEPS[3], MORE), "Nobody dies twice"),
            Wrong(_moved(STEPS[4], FEWER), "keeps a row, with NULL"),
            Wrong(_moved(STEPS[4], MORE), "at most one row of death"),
            Wrong(_moved(STEPS[5], SAME), "many have several stays"),
            Wrong(_moved(STEPS[5], MORE), "never makes more"),
            Wrong(_moved(STEPS[0], "many"), "choose from"),
            Wrong({STEPS[0]: MORE}, "still has 5 gaps"),
            Wrong([MORE], "curly brackets"),
        ),
    ),
}


GAPS = Gaps(
    before=(),
    box="""
results_by_site = '''
SELECT e.site, {} AS people, {} AS results
FROM encounter e JOIN lab l ON l.encounter_id = e.encounter_id
WHERE l.loinc = '2160-0'
GROUP BY {}
'''
""",
    right=(
        ("COUNT(DISTINCT e.person_id)", "COUNT(*)", "e.site"),
        ("COUNT(DISTINCT e.person_id)", "COUNT(*)", "ALL"),
        ("count(distinct e.person_id)", "count(1)", "1"),
        ("COUNT(DISTINCT e.person_id)", "COUNT(l.encounter_id)", "site"),
        ("COUNT(DISTINCT e.person_id)", "COUNT(l.resulted_ts)", "e.site ORDER BY 1 DESC"),
        ("COUNT(DISTINCT e.person_id)", "SUM(1)", "e.site"),
    ),
    wrong=(
        (("COUNT(*)", "COUNT(*)", "e.site"), "count each person once"),
        (("COUNT(e.person_id)", "COUNT(*)", "e.site"), "count each person once"),
        (("COUNT(*)", "COUNT(l.value_num)", "e.site"), "count each person once"),
        (("COUNT(DISTINCT e.encounter_id)", "COUNT(DISTINCT l.value_num)", "e.site"), "which column names the person"),
        (("COUNT(DISTINCT e.encounter_id)", "COUNT(*)", "e.site"), "which column names the person"),
        (("COUNT(DISTINCT e.person_id)", "COUNT(l.value_num)", "e.site"), "leaves NULL out"),
        (("COUNT(DISTINCT e.person_id)", "COUNT(DISTINCT l.value_num)", "e.site"), "different numbers"),
        (("COUNT(DISTINCT e.person_id)", "COUNT(DISTINCT e.encounter_id)", "e.site"), "results counts stays"),
        (("COUNT(DISTINCT e.person_id)", "COUNT(DISTINCT e.person_id)", "e.site"), "results counts people"),
        (("COUNT(DISTINCT e.person_id)", "COUNT(*)", "e.person_id"), "must appear in the GROUP BY clause"),
        (("COUNT(DISTINCT e.person_id)", "COUNT(*)", "e.site, l.unit"), "more than one row"),
        (("COUNT(DISTINCT e.person_id)", "SUM(l.value_num)", "e.site"), "results is not right yet"),
        (("COUNT(DISTINCT e.encounter_id)", "SUM(l.value_num)", "e.site"), "people counts stays and visits"),
        (("COUNT(*)", "MAX(l.value_num)", "e.site"), "people counts rows"),
        (("...", "COUNT(*)", "e.site"), "still has 1 gap"),
        (("COUNT(DISTINCT person)", "COUNT(*)", "e.site"), 'Did you mean "person_id"'),
    ),
)
