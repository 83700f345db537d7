"""What is checked when the lesson is handed in; no room has this file.  A mistake is known by a query that makes it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from rounds.counted import counted
from rounds.data.sql_frames import Frames
from rounds.data.sql_session import SqlSession
from rounds.lessons.exercise import Key
from rounds.lessons.kinds.result import (
    Elsewhere,
    Wanted,
    gives,
    has_rows,
    has_values,
    holds_on,
    open_record,
    run,
)
from rounds.lessons.kinds.result_cells import Known, among_others
from rounds.lessons.kinds.sorting import is_sorted
from rounds.lessons.ladder import Mistake, Rung, recognise
from rounds.lessons.values.written import read_table

from .checks import BY_SITE, COUNTS, FIRST, GROUPS, LAST, RETURNS, STEPS, record

if TYPE_CHECKING:
    import pandas as pd

MORE, SAME, FEWER = GROUPS
WHOLE = ("swapped", "equals-null", "transfers-as-people", "transfer-as-return")  # known by all of their cells alone

SITES = (
    "SELECT e.site, COUNT(DISTINCT e.person_id) AS people, COUNT(*) AS results FROM encounter e "
    "JOIN lab l ON l.encounter_id = e.encounter_id WHERE l.loinc = '2160-0' GROUP BY e.site"
)
COUNT = (
    "SELECT COUNT(DISTINCT person_id) AS people, COUNT(*) AS stays FROM encounter "
    "WHERE class = 'inpatient' AND transfer_from IS NULL"
)
FIRST_STAY = (
    "SELECT person_id, encounter_id, admit_ts FROM (SELECT e.person_id, e.encounter_id, e.admit_ts, "
    "ROW_NUMBER() OVER (PARTITION BY e.person_id ORDER BY e.admit_ts) AS number "
    "FROM encounter e JOIN diagnosis d ON d.encounter_id = e.encounter_id "
    "WHERE e.class = 'inpatient' AND d.rank = 1 AND d.icd10 LIKE 'I50%') WHERE number = 1"
)
LAST_RESULT = (
    "SELECT e.encounter_id, arg_max(l.value_num, l.collected_ts) AS creatinine FROM encounter e "
    "LEFT JOIN lab l ON l.encounter_id = e.encounter_id AND l.loinc = '2160-0' AND l.value_num NOT IN (-1, 999) "
    "AND l.resulted_ts <= e.admit_ts + INTERVAL 24 HOUR WHERE e.class = 'inpatient' GROUP BY e.encounter_id"
)
TAKEN = (
    "SELECT DISTINCT e.encounter_id FROM encounter e JOIN lab l ON l.encounter_id = e.encounter_id "
    "WHERE l.loinc = '2160-0' AND l.value_num NOT IN (-1, 999) AND l.collected_ts <= e.admit_ts + INTERVAL 24 HOUR"
)
RETURN = (
    "SELECT i.encounter_id, EXISTS (SELECT 1 FROM encounter n WHERE n.person_id = i.person_id "
    "AND n.class = 'inpatient' AND NOT n.planned AND n.transfer_from IS NULL AND n.admit_ts > i.disch_ts "
    "AND n.admit_ts <= i.disch_ts + INTERVAL 30 DAY) AS readmitted FROM encounter i "
    "WHERE i.class = 'inpatient' AND NOT i.planned AND i.disch_to NOT IN ('died', 'transfer') "
    "AND i.disch_ts + INTERVAL 30 DAY <= TIMESTAMP '2023-01-01'"
)

CONTACTS = """
person_id encounter_id site class      planned transfer_from admit_ts         disch_ts         disch_to
P1        E1           A    inpatient  no      -             2020-01-01T10:00 2020-01-10T12:00 home
P1        E2           A    inpatient  no      -             2020-02-09T12:00 2020-02-12T09:00 home
P1        E3           A    inpatient  no      -             2020-03-14T09:00 2020-03-20T10:00 home
P2        E4           B    inpatient  no      -             2020-05-01T10:00 2020-05-03T10:00 transfer
P2        E5           B    inpatient  no      E4            2020-05-03T10:00 2020-05-08T10:00 home
P3        E6           A    inpatient  no      -             2020-06-01T10:00 2020-06-10T10:00 home
P3        E7           A    inpatient  no      -             2020-06-08T10:00 2020-06-12T10:00 home
P4        E8           A    inpatient  no      -             2020-07-01T10:00 2020-07-05T12:00 home
P4        E9           A    inpatient  yes     -             2020-07-15T08:00 2020-07-15T18:00 home
P5        E10          B    inpatient  no      -             2020-07-01T10:00 2020-07-09T10:00 died
P6        E11          B    inpatient  no      -             2022-12-01T10:00 2022-12-15T10:00 home
P6        E12          B    inpatient  no      -             2022-12-20T10:00 -                -
P7        E13          A    inpatient  no      -             2022-11-25T10:00 2022-12-02T00:00 home
P8        E14          A    inpatient  no      -             2020-07-25T10:00 2020-08-01T10:00 home
P8        E15          A    outpatient yes     -             2020-08-05T10:00 2020-08-05T11:00 home
P8        E29          A    inpatient  no      -             2020-12-15T10:00 2020-12-20T10:00 home
P8        E16          A    emergency  no      -             2020-08-06T10:00 2020-08-06T15:00 home
P9        E17          B    inpatient  no      -             2020-08-28T10:00 2020-09-01T10:00 against_advice
P9        E18          B    inpatient  no      -             2020-09-03T10:00 2020-09-13T10:00 care_home
P10       E19          A    inpatient  no      -             2020-09-25T10:00 2020-10-01T10:00 home
P10       E20          A    inpatient  no      E999          2020-10-05T10:00 2020-10-09T10:00 home
P11       E21          B    inpatient  no      -             2020-10-28T10:00 2020-11-01T10:00 home
P11       E22          B    inpatient  no      -             2020-12-01T18:00 2020-12-04T10:00 home
P12       E23          B    inpatient  no      -             2020-07-01T10:00 2020-07-05T12:00 home
P12       E24          B    inpatient  no      -             2020-08-05T06:00 2020-08-09T06:00 home
P13       E25          A    inpatient  yes     -             2020-07-01T10:00 2020-07-02T12:00 home
P13       E26          A    inpatient  no      -             2022-12-02T10:00 2022-12-04T06:00 home
P14       E27          A    outpatient yes     -             2020-07-01T10:00 2020-07-01T12:00 home
P14       E30          A    outpatient yes     -             2020-09-01T10:00 2020-09-01T12:00 home
P16       E31          B    inpatient  no      -             2022-11-10T10:00 2022-11-20T12:00 home
P15       E28          B    inpatient  no      E998          2020-07-01T10:00 2020-07-04T12:00 home
"""
CODED = """
person_id encounter_id site class      admit_ts         code rank coded_ts
P2        E7           A    inpatient  2019-12-01T10:00 I50.0 1   2020-01-01
P2        E9           A    inpatient  2020-02-01T10:00 I50.0 1   2020-03-01
P2        E4           B    inpatient  2019-05-01T10:00 I50.0 1   2020-04-01
P2        E1           A    inpatient  2019-09-01T10:00 I50.0 1   2019-10-01
P1        E3           A    inpatient  2020-06-01T10:00 I50.9 1   2020-07-01
P1        E8           A    inpatient  2020-03-01T10:00 I50.1 1   2020-03-20
P1        E5           A    inpatient  2020-01-01T10:00 J18   1   2020-02-01
P1        E5           A    inpatient  2020-01-01T10:00 I50.1 2   2020-02-01
P3        E6           B    outpatient 2020-01-01T10:00 I50.1 1   2020-02-01
P4        E10          B    inpatient  2020-01-01T10:00 J18   1   2020-02-01
P4        E10          B    inpatient  2020-01-01T10:00 I50.1 2   2020-02-01
P5        E12          A    inpatient  2020-04-01T10:00 I50.1 1   2020-05-01
P5        E11          A    inpatient  2019-04-01T10:00 J18   1   2019-05-01
P6        E13          B    inpatient  2020-08-01T10:00 I50.0 1   2020-09-01
P6        E13          B    inpatient  2020-08-01T10:00 I50.9 2   2020-09-01
P7        E14          B    inpatient  2018-08-01T10:00 I51   1   2020-09-01
"""
RESULTS = """
encounter_id class     loinc  value_num collected_ts     resulted_ts
E1           inpatient 2160-0 1.0       2020-01-01T08:30 2020-01-01T09:30
E1           inpatient 2160-0 1.4       2020-01-01T20:00 2020-01-01T21:00
E1           inpatient 2160-0 1.9       2020-01-02T07:30 2020-01-02T08:00
E1           inpatient 2160-0 3.0       2020-01-02T07:50 2020-01-02T09:00
E2           inpatient -      -         -                -
E3           inpatient 2160-0 2.2       2020-01-03T08:00 2020-01-03T09:00
E4           inpatient 2160-0 1.2       2020-01-01T08:30 2020-01-01T09:30
E4           inpatient 2160-0 -1        2020-01-01T10:30 2020-01-01T11:30
E5           inpatient 2160-0 -         2020-01-01T10:30 2020-01-01T11:30
E6           inpatient 2160-0 0.8       2020-01-01T10:30 2020-01-01T11:30
E6           inpatient 2160-0 999       2020-01-01T12:30 2020-01-01T13:30
E6           inpatient 2160-0 -         2020-01-01T14:30 2020-01-01T15:30
E7           inpatient 2160-0 1.1       2020-01-01T10:30 2020-01-01T11:30
E7           inpatient 2823-3 4.1       2020-01-01T12:30 2020-01-01T13:30
E8           outpatient 2160-0 1.7      2020-01-01T12:30 2020-01-01T13:30
E9           inpatient 2160-0 1.3       2020-01-01T11:00 2020-01-01T12:00
E9           inpatient 2160-0 2.5       2020-01-01T08:10 2020-01-01T09:00
E9           inpatient 2160-0 2.0       2020-01-02T10:00 2020-01-02T11:00
E10          inpatient 2160-0 1.6       2020-01-01T10:00 2020-01-01T15:00
E10          inpatient 2160-0 1.15      2020-01-01T11:00 2020-01-01T12:00
E11          inpatient 2160-0 0.9       2020-01-01T09:00 2020-01-01T20:00
E11          inpatient 2160-0 1.05      2020-01-01T10:00 2020-01-01T11:00
E11          inpatient 2160-0 1.45      2020-01-02T06:00 2020-01-02T09:30
"""


@cache
def contact_ward() -> SqlSession:
    """Return a ward with transfers, planned and overlapping stays, and returns on day 30 and day 31."""
    rows = read_table(CONTACTS)
    named = rows.assign(disch_to=rows["disch_to"].str.replace("_", " "))  # the same words as in the learner's record
    return open_record(Frames("a ward of contacts", {"encounter": named}))


def _coded(turned: bool) -> SqlSession:
    rows = read_table(CODED).iloc[:: -1 if turned else 1].rename(columns={"code": "icd10"})
    contacts = rows[["person_id", "encounter_id", "site", "class", "admit_ts"]].drop_duplicates()
    codes = rows[["encounter_id", "icd10", "rank", "coded_ts"]]
    return open_record(Frames("a coded ward", {"encounter": contacts, "diagnosis": codes}))


@cache
def coded_ward() -> SqlSession:
    """Return a ward whose rows are stored in no order."""
    return _coded(turned=False)


@cache
def turned_ward() -> SqlSession:
    """Return the same ward with its rows stored the other way round."""
    return _coded(turned=True)


def _known(until: str) -> SqlSession:
    import pandas as pd

    rows = read_table(RESULTS)
    contacts = rows[["encounter_id", "class"]].drop_duplicates().assign(admit_ts=pd.Timestamp("2020-01-01T08:00"))
    labs = rows[rows["resulted_ts"] <= until].drop(columns="class")
    return open_record(Frames("a ward with results", {"encounter": contacts, "lab": labs}))


@cache
def known_ward() -> SqlSession:
    """Return stays that all began at one moment, with slow and late results, a missing one, and signs for none.

    Slow results are planted here: older blood that comes in after newer blood.  The record that the learner sees has
    none, so there the newest sample is also the result that came in last.
    """
    return _known("2021-01-01")


@cache
def early_ward() -> SqlSession:
    """Return the same stays without what came in after time zero."""
    return _known("2020-01-02T08:00")


def _but(query: str, *changes: tuple[str, str]) -> str:
    """Return a query with some of its parts changed, as a learner writes it."""
    for old, new in changes:
        if old not in query:
            raise ValueError(f"{old} is no part of the query.")
        query = query.replace(old, new)
    return query


_PEOPLE, _STAYS, _MOVED = "COUNT(DISTINCT person_id) AS people", "COUNT(*) AS stays", " AND transfer_from IS NULL"
SITE_MISTAKES: tuple[Known, ...] = (
    (
        "rows-as-people",
        _but(SITES, ("COUNT(DISTINCT e.person_id)", "COUNT(*)")),
        "people counts rows. A person with nine results stands in nine rows: count each person once.",
    ),
    (
        "stays-as-people",
        _but(SITES, ("DISTINCT e.person_id", "DISTINCT e.encounter_id")),
        "people counts stays and visits. A person may have many: which column names the person?",
    ),
    (
        "null-left-out",
        _but(SITES, ("COUNT(*)", "COUNT(l.value_num)")),
        "COUNT of a column leaves NULL out. results asks for every row, also one without a number.",
    ),
    (
        "people-as-results",
        _but(SITES, ("COUNT(*)", "COUNT(DISTINCT e.person_id)")),
        "results counts people. After the join one row is one result: count the rows.",
    ),
    (
        "stays-as-results",
        _but(SITES, ("COUNT(*)", "COUNT(DISTINCT e.encounter_id)")),
        "results counts stays. After the join one row is one result: count the rows.",
    ),
    (
        "different-values",
        _but(SITES, ("COUNT(*)", "COUNT(DISTINCT l.value_num)")),
        "results counts different numbers. Two results of 1.2 are two rows: count the rows.",
    ),
    (
        "every-test",
        _but(SITES, ("WHERE l.loinc = '2160-0' ", "")),
        "You count every laboratory test. The WHERE line keeps creatinine only: leave it in.",
    ),
)
COUNT_MISTAKES: tuple[Known, ...] = (
    (
        "rows-as-people",
        _but(COUNT, (_PEOPLE, "COUNT(*) AS people")),
        "people is the number of rows. One person has several stays: count each person_id once.",
    ),
    (
        "people-as-stays",
        _but(COUNT, (_STAYS, "COUNT(DISTINCT person_id) AS stays")),
        "stays counts people, and a person may have several stays. Count rows.",
    ),
    (
        "empty-counted",
        _but(COUNT, (_STAYS, "COUNT(transfer_from) AS stays")),
        "stays is 0: COUNT of a column leaves NULL out, and your rows have only NULL there. Count the rows.",
    ),
    (
        "swapped",
        "SELECT COUNT(*) AS people, COUNT(DISTINCT person_id) AS stays "
        "FROM encounter WHERE class = 'inpatient' AND transfer_from IS NULL",
        "The two counts are swapped: there are more stays than people.",
    ),
    (
        "transfers-counted",
        _but(COUNT, (_MOVED, "")),
        "Rows that continue another stay are counted too. They have something in transfer_from.",
    ),
    (
        "transfers-as-people",
        _but(COUNT, (_MOVED, ""), (_PEOPLE, "COUNT(*) AS people")),
        "people counts rows, and rows that continue another stay are in. Count each person once.",
    ),
    (
        "equals-null",
        _but(COUNT, ("IS NULL", "= NULL")),
        "Both counts are 0: nothing is equal to NULL, not even NULL. To ask for an empty place SQL has IS NULL.",
    ),
    (
        "only-transfers",
        _but(COUNT, ("IS NULL", "IS NOT NULL")),
        "You count only the rows that continue another stay. We ask for the others.",
    ),
    (
        "every-contact",
        "SELECT COUNT(DISTINCT person_id) AS people, COUNT(*) AS stays FROM encounter",
        "You count every contact, visits to a clinic too. A stay has the class inpatient.",
    ),
    (
        "visits-counted",
        _but(COUNT, ("class = 'inpatient' AND ", "")),
        "Visits are counted too: they have no transfer either. A stay has the class inpatient.",
    ),
    (
        "emergency-counted",
        _but(COUNT, ("class = 'inpatient'", "class IN ('inpatient', 'emergency')")),
        "Emergency visits are counted too. A stay has the class inpatient.",
    ),
    (
        "planned-left-out",
        _but(COUNT, (_MOVED, _MOVED + " AND NOT planned")),
        "You left planned stays out. Here they count as stays.",
    ),
    (
        "open-left-out",
        _but(COUNT, (_MOVED, _MOVED + " AND disch_ts IS NOT NULL")),
        "You left out who is still in hospital. That stay has started, so it counts.",
    ),
)
_WINDOW = "PARTITION BY e.person_id ORDER BY e.admit_ts"
FIRST_MISTAKES: tuple[Known, ...] = (
    (
        "storage-order",
        _but(FIRST_STAY, (" ORDER BY e.admit_ts", "")),
        "The first row that is stored need not be the first in time. Name the time that decides.",
    ),
    (
        "number-order",
        _but(FIRST_STAY, ("ORDER BY e.admit_ts", "ORDER BY e.encounter_id")),
        "The number of a stay says nothing about its time. Order by the time of admission.",
    ),
    (
        "last-stay",
        _but(FIRST_STAY, ("ORDER BY e.admit_ts", "ORDER BY e.admit_ts DESC")),
        "These are the last stays: DESC puts the latest first. We ask for the first.",
    ),
    (
        "coding-order",
        _but(FIRST_STAY, ("ORDER BY e.admit_ts", "ORDER BY d.coded_ts")),
        "You order by when the code was written, which may be weeks later. Order by the admission.",
    ),
    (
        "all-stays",
        _but(FIRST_STAY, ("number = 1", "number >= 1")),
        "A person stands in several rows. Number the stays of each person, and keep number 1.",
    ),
    (
        "numbered-by-site",
        _but(FIRST_STAY, ("PARTITION BY e.person_id", "PARTITION BY e.site")),
        "There is one row for each hospital. Whose rows begin again with number 1?",
    ),
    (
        "last-of-site",
        _but(FIRST_STAY, (_WINDOW, "PARTITION BY e.site ORDER BY e.admit_ts DESC")),
        "There is one row for each hospital. Whose rows begin again with number 1?",
    ),
    (
        "one-for-all",
        _but(FIRST_STAY, ("PARTITION BY e.person_id ", "")),
        "There is one row for all. Without PARTITION BY everybody's rows are numbered together.",
    ),
    (
        "second-stay",
        _but(FIRST_STAY, ("number = 1", "number = 2")),
        "These are the second stays. The first has number 1.",
    ),
    (
        "first-left-out",
        _but(FIRST_STAY, ("number = 1", "number > 1")),
        "The first stays are left out, and the others are there. The first has number 1.",
    ),
    (
        "any-code",
        _but(FIRST_STAY, ("d.rank = 1 AND ", "")),
        "Heart failure as a second diagnosis counts too. Keep the main diagnosis: rank 1.",
    ),
    (
        "any-disease",
        _but(FIRST_STAY, (" AND d.icd10 LIKE 'I50%'", "")),
        "These are first stays for any disease. Keep the code of heart failure.",
    ),
    (
        "visits-counted",
        _but(FIRST_STAY, ("e.class = 'inpatient' AND ", "")),
        "A visit is among them. Keep stays in hospital: the class inpatient.",
    ),
    (
        "filtered-late",
        "SELECT person_id, encounter_id, admit_ts FROM (SELECT e.*, d.icd10, "
        "ROW_NUMBER() OVER (PARTITION BY e.person_id ORDER BY e.admit_ts) AS number FROM encounter e "
        "JOIN diagnosis d ON d.encounter_id = e.encounter_id WHERE e.class = 'inpatient' AND d.rank = 1) "
        "WHERE number = 1 AND icd10 LIKE 'I50%'",
        "Who came first for another disease is lost. Keep heart-failure stays before you number them.",
    ),
    (
        "row-mixed",
        "SELECT e.person_id, MIN(e.encounter_id) AS encounter_id, MIN(e.admit_ts) AS admit_ts FROM encounter e "
        "JOIN diagnosis d ON d.encounter_id = e.encounter_id "
        "WHERE e.class = 'inpatient' AND d.rank = 1 AND d.icd10 LIKE 'I50%' GROUP BY e.person_id",
        "Each MIN looks at its own column, so number and time may be of two stays. Take both from one row.",
    ),
)
_NEWEST = "arg_max(l.value_num, l.collected_ts)"
_IN_TIME = "AND l.resulted_ts <= e.admit_ts + INTERVAL 24 HOUR "
LAST_MISTAKES: tuple[Known, ...] = (
    (
        "taken-not-known",
        _but(LAST_RESULT, ("l.resulted_ts <=", "l.collected_ts <=")),
        "A sample that was taken in time is not yet a result. When did the laboratory give it?",
    ),
    (
        "stays-lost",
        _but(LAST_RESULT, ("LEFT JOIN", "JOIN")),
        "Stays without a result in time are lost: JOIN drops them, and so does WHERE after a LEFT JOIN.",
    ),
    (
        "moment-left-out",
        _but(LAST_RESULT, ("l.resulted_ts <= e", "l.resulted_ts < e")),
        "A result that comes in exactly at time zero is known then. Which sign lets it in?",
    ),
    (
        "null-as-zero",
        _but(LAST_RESULT, (_NEWEST, f"coalesce({_NEWEST}, 0)")),
        "You wrote 0 where nobody measured. NULL says that there is no result: leave it.",
    ),
    (
        "first-result",
        _but(LAST_RESULT, ("arg_max", "arg_min")),
        "This is the first sample. We ask for the newest of those that are known at time zero.",
    ),
    (
        "largest-result",
        _but(LAST_RESULT, (_NEWEST, "MAX(l.value_num)")),
        "This is the largest result before time zero. The newest is the one whose blood was taken last.",
    ),
    (
        "mean-result",
        _but(LAST_RESULT, (_NEWEST, "AVG(l.value_num)")),
        "This is the mean of the results before time zero. The newest is one of them.",
    ),
    (
        "from-the-future",
        _but(LAST_RESULT, (_IN_TIME, "")),
        "You read the whole stay. At time zero nobody knows what comes in later.",
    ),
    (
        "signs-as-values",
        _but(LAST_RESULT, ("AND l.value_num NOT IN (-1, 999) ", "")),
        "-1 and 999 are signs for no result. Leave such rows out before you take the newest.",
    ),
    (
        "every-test",
        _but(LAST_RESULT, ("AND l.loinc = '2160-0' ", "")),
        "Another test is among the values. Keep the code of creatinine.",
    ),
    (
        "newest-by-result",
        _but(LAST_RESULT, (_NEWEST, "arg_max(l.value_num, l.resulted_ts)")),
        "A slow result of older blood wins here. Newest means: taken last. Which time says so?",
    ),
    (
        "visits-counted",
        _but(LAST_RESULT, (" WHERE e.class = 'inpatient'", "")),
        "Visits are there too. Keep stays in hospital: the class inpatient.",
    ),
)
_AFTER, _WITHIN = "AND n.admit_ts > i.disch_ts ", "AND n.admit_ts <= i.disch_ts + INTERVAL 30 DAY"
_LEFT = "AND i.disch_to NOT IN ('died', 'transfer')"
_FOLLOWED = "AND i.disch_ts + INTERVAL 30 DAY <= TIMESTAMP '2023-01-01'"
RETURN_MISTAKES: tuple[Known, ...] = (
    (
        "day-31",
        _but(RETURN, (_WITHIN, _WITHIN.replace("30", "31"))),
        "A return on day 31 counts too. The window ends with day 30.",
    ),
    (
        "day-30-left-out",
        _but(RETURN, (_WITHIN, _WITHIN.replace("<=", "<"))),
        "A return after exactly 30 days belongs to the window. Which sign lets it in?",
    ),
    (
        "calendar-month",
        _but(RETURN, (_WITHIN, _WITHIN.replace("30 DAY", "1 MONTH"))),
        "A month has 28 to 31 days. Say the window in days.",
    ),
    (
        "calendar-days",
        _but(RETURN, (_WITHIN, "AND date_diff('day', i.disch_ts, n.admit_ts) <= 30")),
        "You count days of the calendar, so more than 30 times 24 hours can pass. Add an interval to the time.",
    ),
    ("no-window", _but(RETURN, (_WITHIN, "")), "Every later stay counts, even after years. The window has 30 days."),
    (
        "earlier-stays",
        _but(RETURN, (_AFTER, "AND n.encounter_id <> i.encounter_id ")),
        "Stays before this one count as a return too. A return begins after the discharge.",
    ),
    (
        "overlap",
        _but(RETURN, (_AFTER, "AND n.admit_ts > i.admit_ts ")),
        "A stay that begins before the discharge counts as a return. Who is still in cannot come back.",
    ),
    (
        "no-condition",
        _but(RETURN, ("AND NOT n.planned ", ""), ("AND n.transfer_from IS NULL ", ""), (_AFTER, ""), (_WITHIN, "")),
        "Every stay of the person counts as a return, this one too. When does a return begin, and when at the latest?",
    ),
    ("itself", _but(RETURN, (_AFTER, "")), "Each stay counts as its own return. A return begins after the discharge."),
    (
        "planned-returns",
        _but(RETURN, ("AND NOT n.planned ", "")),
        "Planned stays count as returns. A readmission is one that nobody planned.",
    ),
    (
        "moved-as-return",
        _but(RETURN, ("AND n.transfer_from IS NULL ", "")),
        "A row that continues another stay counts as a return. It has something in transfer_from.",
    ),
    (
        "transfer-as-return",
        _but(
            RETURN,
            ("AND n.transfer_from IS NULL ", ""),
            (_AFTER, "AND n.admit_ts >= i.disch_ts "),
            (_LEFT, "AND i.disch_to <> 'died'"),
        ),
        "Who is moved to another ward at the same minute counts as back. A transfer is no return.",
    ),
    (
        "visits-as-returns",
        _but(RETURN, ("AND n.class = 'inpatient' ", "")),
        "Visits count as returns. A readmission is a stay: the class inpatient.",
    ),
    (
        "clock-of-a-transfer",
        _but(RETURN, (_LEFT, "AND i.disch_to <> 'died'")),
        "Rows that end with a transfer are asked about too. Nobody went home there.",
    ),
    (
        "the-dead-asked",
        _but(RETURN, (_LEFT, "AND i.disch_to <> 'transfer'")),
        "Stays that ended with death are asked about too. Leave them out.",
    ),
    (
        "all-endings",
        _but(RETURN, (_LEFT, "")),
        "Transfers and deaths are asked about too. After which endings can somebody come back?",
    ),
    (
        "moved-left-out",
        _but(RETURN, (_LEFT, f"{_LEFT} AND i.transfer_from IS NULL")),
        "Who was moved here and then went home is lost. That discharge starts 30 days too.",
    ),
    (
        "home-only",
        _but(RETURN, (_LEFT, "AND i.disch_to = 'home'")),
        "Who went to a care home, or left against advice, is lost. They can come back too.",
    ),
    (
        "follow-up-short",
        _but(RETURN, (_FOLLOWED, "")),
        'Stays near the end of the record are in, though their 30 days are not over. A "no" there is not known.',
    ),
    (
        "from-admission",
        _but(RETURN, (_FOLLOWED, _FOLLOWED.replace("disch_ts", "admit_ts"))),
        "You count the 30 days from admission. They begin with the discharge.",
    ),
    (
        "last-moment-left-out",
        _but(RETURN, (_FOLLOWED, _FOLLOWED.replace("<=", "<"))),
        "A stay whose 30 days end exactly with the record is followed up. Which sign lets it in?",
    ),
    (
        "planned-asked",
        _but(RETURN, (" AND NOT i.planned", "")),
        "Planned stays are asked about too. Here the 30 days begin after unplanned stays.",
    ),
)


def _creatinine(sql: str) -> pd.Series[Any]:
    """Return the creatinine of each stay on the record, empty where a query has another shape."""
    import pandas as pd

    table = run(record, sql)
    if isinstance(table, str) or table["encounter_id"].isna().any() or table["encounter_id"].duplicated().any():
        return pd.Series(dtype=float)
    return pd.to_numeric(table.set_index("encounter_id")["creatinine"], errors="coerce").astype(float)


def _stays(kind: str, answer: str) -> list[str]:
    """Return the stays of one kind in which a query differs from ours."""
    given, ours = _creatinine(answer), _creatinine(LAST_RESULT)
    there = given.index.intersection(ours.index)
    if not len(there):
        return []
    gone, known, found = ours.index.difference(given.index), ours[there].notna(), given[there].notna()
    kinds = {"gone": gone, "gone-known": gone[ours[gone].notna()], "found": there[~known & found]}
    return sorted(map(str, (kinds | {"lost": there[known & ~found]})[kind]))


def _differ(kind: str) -> Callable[[Any], bool]:
    return lambda answer: bool(_stays(kind, answer))


def _found_in_taken(answer: str) -> bool:
    """Return whether in each stay that has a value too early the blood was taken by time zero."""
    taken, found = run(record, TAKEN), _stays("found", answer)
    return bool(found) and not isinstance(taken, str) and {*found} <= {*map(str, taken["encounter_id"])}


def _many(kind: str, answer: str) -> str:
    return counted(len(_stays(kind, answer)), "stay")


ROW_KINDS = (
    Mistake(
        "known-gone",
        _differ("gone-known"),
        lambda answer: (
            f"{_many('gone', answer)} are lost, and in {len(_stays('gone-known', answer)):,} of them a result is "
            "known. Which condition takes stays away?"
        ),
    ),
    Mistake(
        "unknown-gone",
        _differ("gone"),
        lambda answer: (
            f"{_many('gone', answer)} are lost. In none of them is a creatinine known at time zero: they stay, with "
            "NULL. What takes them away, the join or WHERE?"
        ),
    ),
)
STAY_KINDS = (
    Mistake(
        "taken-found",
        _found_in_taken,
        lambda answer: (
            f"In {_many('found', answer)} the blood was taken by time zero and the result came later. Your query "
            "takes it for known. Which of the two times says when a result is there?"
        ),
    ),
    Mistake(
        "unknown-found",
        _differ("found"),
        lambda answer: (
            f"Nothing is known at time zero in {_many('found', answer)}, but your query "
            "finds a value there. Does it come in later, or is it no creatinine?"
        ),
    ),
    Mistake(
        "known-not-found",
        _differ("lost"),
        lambda answer: (
            f"Your query has NULL in {_many('lost', answer)} in which a result is known "
            "at time zero. Which condition leaves out too much?"
        ),
    ),
)


def _rungs(
    wanted: Wanted,
    right: str,
    mistakes: tuple[Known, ...],
    *others: Elsewhere,
    rows: tuple[Mistake, ...] = (),
    values: tuple[Mistake, ...] = (),
) -> tuple[Rung, ...]:
    """Return the checks of a query: a known mistake on the first ward, then the record, then each ward."""
    named = [Mistake(name, gives(wanted, others[0].record, sql), says) for name, sql, says in mistakes]
    apart = tuple(one for one in mistakes if one[0] not in WHOLE)
    along = among_others(wanted, right, apart, record if not wanted.key else others[0].record)
    known = recognise("patients", *named, along, *rows), recognise("values", *values)
    there = has_rows(wanted, right, record), has_values(wanted, right, record)
    return (known[0], there[0], known[1], there[1], *holds_on(wanted, right, *others))


HIDDEN = {
    "f1": _rungs(BY_SITE, SITES, SITE_MISTAKES, Elsewhere(record, "These are not the counts yet.")),
    "e1": _rungs(
        COUNTS,
        COUNT,
        COUNT_MISTAKES,
        Elsewhere(
            contact_ward, "Right on our record, but not on that of another hospital: which rows are too many there?"
        ),
    ),
    "e2": _rungs(
        FIRST,
        FIRST_STAY,
        FIRST_MISTAKES,
        Elsewhere(
            coded_ward, "Right on our record, but not on another hospital's. Which column decides what is first?"
        ),
        Elsewhere(turned_ward, "The same rows, stored in another order, give another result.", "storage-order"),
    ),
    "e3": _rungs(
        LAST,
        LAST_RESULT,
        LAST_MISTAKES,
        Elsewhere(
            known_ward,
            "Right on our record, but not on another: think of slow results, of none, and of time zero itself.",
        ),
        Elsewhere(early_ward, "Without the results after time zero your query gives something else.", "time-travel"),
        rows=ROW_KINDS,
        values=STAY_KINDS,
    ),
    "e4": _rungs(
        RETURNS,
        RETURN,
        RETURN_MISTAKES,
        Elsewhere(
            contact_ward,
            "Right on our record, but not on another: think of day 30, of transfers, of stays that overlap.",
        ),
    ),
    "e5": (
        is_sorted(
            dict(zip(STEPS, (MORE, SAME, MORE, FEWER, SAME, FEWER), strict=True)),
            {
                (STEPS[0], SAME): "Most stays have several creatinine results. How many rows come of a stay with four?",
                (STEPS[0], FEWER): "Some stays have no result and go. But how many rows come of a stay with four?",
                (STEPS[1], MORE): "A stay belongs to one person. How many rows of person can match it?",
                (STEPS[1], FEWER): "Each stay has its person in the table person, so no stay loses its row.",
                (STEPS[2], SAME): "LEFT JOIN keeps everybody. But how many rows come of a person with five stays?",
                (STEPS[2], FEWER): "LEFT JOIN keeps everybody, and a person with five stays stands in five rows.",
                (STEPS[3], SAME): "The table death holds only those who died. Where does JOIN leave the others?",
                (STEPS[3], MORE): "Nobody dies twice: one row at most. And what happens to those who did not die?",
                (STEPS[4], FEWER): "This is a LEFT JOIN: who did not die keeps a row, with NULL.",
                (STEPS[4], MORE): "Nobody dies twice: at most one row of death for each person.",
                (STEPS[5], SAME): "GROUP BY makes one row for each person, and many have several stays.",
                (STEPS[5], MORE): "GROUP BY brings rows together. It never makes more of them.",
            },
            "{right} of {of} are in their group. Look again at: {item}.",
        ),
    ),
}

KEYS = {
    "s1": Key(
        "3",
        (
            "One row would be one person. Here one row is one stay.",
            "Right: one row is one stay, so she stands in three.",
            "The rows are the same for each column. What is one row of this table?",
        ),
    ),
    "s2": Key(
        "It keeps the rows of emergency visits",
        (
            "Right: WHERE keeps the rows for which its condition holds.",
            "Which columns come back is said after SELECT. WHERE chooses rows.",
            "To sort one writes ORDER BY. WHERE chooses rows.",
        ),
    ),
    "q1": Key(
        "Stays with the person whose stay it is",
        (
            "Look at the ribbon: most stays have several codes, so the rows become more.",
            "Right: a stay has one person, so at most one row matches.",
            "Look at the ribbon: a person may have many stays and visits, so the rows become more.",
        ),
    ),
    "q2": Key(
        "1.5",
        (
            "1.0 would be right if NULL were 0. NULL says that there is no result.",
            "Right: AVG leaves NULL out, and takes the mean of the two results that are there.",
            "1.0 + NULL is NULL. But AVG, like COUNT of a column, leaves NULL out.",
        ),
    ),
}
