"""What learners write into the gaps of a lesson's faded example, which carry no points, and what the button says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.courses import TABLES

from rounds.lessons import open_lesson
from rounds.lessons.check import PRACTICE_PASSED, Check
from rounds.lessons.finding import find_lessons
from rounds.lessons.source import read_source

ROOT = Path(__file__).parents[2] / "tutorials"
FOLDERS = find_lessons([ROOT], installed=())
BEFORE = {
    "a1": ("setup", "aside", "worked-fit"),
    "a0": ("setup", "worked-choose"),
    "a2": ("setup", "aside", "worked-perfect"),
    "a3": ("worked-count", "worked-divide"),
    "b1": ("setup", "tables"),
    "b2": ("worked-units", "worked-convert"),
    "j1": (),
    "j2": (),
    "j3": (),
}
COUNTED = """alert = days["warning_score"] >= 0.15
true_alerts = (alert & infected).sum()
false_alerts = {}
share_of_alerts = {}"""
FALSE, SHARE = "(alert & ~infected).sum()", "true_alerts / (true_alerts + false_alerts)"
DIVIDED = "times_limit = {}\nmedian_by_site = {}"
RATIO, MEDIAN = 'crp["value_num"] / crp["ref_high"]', 'times_limit.groupby(crp["site"]).median()'
HEIGHT = """height_model = LinearRegression().fit(train[["height_cm"]], train["birthweight_g"])
height_says = {}
height_error = {}"""
SAYS, OFF = 'height_model.predict(test[["height_cm"]])', '(test["birthweight_g"] - height_says).abs().mean()'
CARD = """half_card = {{
    "among": "adults who go home after heart failure",
    "at": "the day of discharge",
    "predict": "an unplanned return to hospital",
    "within": {},
    "so_that": "the discharge nurse",
    "can": {},
}}"""
HORIZON = "evening = {}\nhorizon_end = {}"
WAIT = "waited = {}\ndays_waited = {}"
WAITED, IN_DAYS = 'codes["coded_ts"] - codes["disch_ts"]', 'waited.median() / pd.Timedelta("1D")'
WINDOW, ACT = '"30 days"', '"phone the patient after three days"'

DEEP = """middle_tree = DecisionTreeClassifier(max_depth=10, random_state=0)
middle_tree.fit(train[measured], train["back"])
known_pairs = {}
difference = {}"""
KNOWN, LESS = "pairs_right(middle_tree, train)", "known_pairs - pairs_right(middle_tree, test)"

HEAVY = 'heavy = births[births["weight_g"] >= 4000]\nheavy_count = {}'
BY_SITE = """
results_by_site = '''
SELECT e.site, {} AS people, {} AS results
FROM encounter e JOIN lab l ON l.encounter_id = e.encounter_id
WHERE l.loinc = '2160-0'
GROUP BY {}
'''
"""
PEOPLE, RESULTS = "COUNT(DISTINCT e.person_id)", "COUNT(*)"

RIGHT = [
    *(
        ("a1", HEIGHT.format(*gaps))
        for gaps in [
            (SAYS, OFF),
            (SAYS, '(height_says - test["birthweight_g"]).abs().mean()'),
            (SAYS, 'abs(test["birthweight_g"] - height_says).mean()'),
            (SAYS, 'np.abs(test["birthweight_g"] - height_says).mean()'),
            (SAYS, "(test[label] - height_says).abs().mean()"),
            (SAYS, f"round({OFF})"),
            (SAYS, '(test["birthweight_g"] - height_says).abs().sum() / len(test)'),
            ('height_model.intercept_ + height_model.coef_[0] * test["height_cm"]', OFF),
        ]
    ),
    *(
        ("a2", DEEP.format(*gaps))
        for gaps in [
            (KNOWN, LESS),
            (KNOWN, f"round({LESS}, 1)"),
            (KNOWN, "-(pairs_right(middle_tree, test) - known_pairs)"),
            (
                'roc_auc_score(train["back"], middle_tree.predict_proba(train[measured])[:, 1]) * 100',
                LESS,
            ),
            ("...", f"{KNOWN} - pairs_right(middle_tree, test)"),
        ]
    ),
    *(
        ("a0", HEAVY.format(gap))
        for gap in ["len(heavy)", "heavy.shape[0]", '(births["weight_g"] >= 4000).sum()', 'heavy["weight_g"].count()']
    ),
    *(
        ("a3", COUNTED.format(*gaps))
        for gaps in [
            (FALSE, SHARE),
            ("(alert & (infected == False)).sum()", SHARE),
            ("alert.sum() - true_alerts", SHARE),
            ("len(days[alert & ~infected])", SHARE),
            (FALSE, "true_alerts / alert.sum()"),
            (FALSE, "infected[alert].mean()"),
            (FALSE, f"round({SHARE}, 3)"),
            (FALSE, "1 - false_alerts / (true_alerts + false_alerts)"),
        ]
    ),
    *(
        ("b1", WAIT.format(*gaps))
        for gaps in [
            (WAITED, IN_DAYS),
            (WAITED, "waited.median().total_seconds() / 86400"),
            (WAITED, "waited.dt.total_seconds().median() / (24 * 3600)"),
            (WAITED, 'round(waited.median() / np.timedelta64(1, "D"), 2)'),
            ('codes["coded_ts"].sub(codes["disch_ts"])', "waited.quantile(0.5) / pd.Timedelta(days=1)"),
        ]
    ),
    *(
        ("b2", DIVIDED.format(*gaps))
        for gaps in [
            (RATIO, MEDIAN),
            (RATIO, f"{MEDIAN}.to_dict()"),
            ('crp["value_num"].div(crp["ref_high"])', 'crp.assign(t=times_limit).groupby("site")["t"].median()'),
            (RATIO, '{s: times_limit[crp["site"] == s].median() for s in ("A", "B")}'),
            (RATIO, 'times_limit.groupby(crp["site"]).quantile(0.5)'),
            (RATIO, f"{MEDIAN}.round(4)"),
        ]
    ),
    *(
        ("j1", CARD.format(*gaps))
        for gaps in [
            (WINDOW, ACT),
            ('"the next 30 days"', '"book a visit in the first week"'),
            ('"thirty days"', '"call the patient at home"'),
            ('"one month"', '"plan a home visit"'),
            ('"4 weeks after discharge"', '"explain the water tablets again"'),
            ('"30 d"', '"to weigh the patient each day"'),
            ('"30 calendar days"', '"Send the ward pharmacist to check the tablets"'),
            ('"30-day window"', '"ask the family doctor for an early visit"'),
        ]
    ),
    *(
        ("j3", HORIZON.format(*gaps))
        for gaps in [("4 * 24 + 21", "evening + 24"), ("117", "141"), ("5 * 24 - 3", "141.0")]
    ),
    *(
        ("j2", BY_SITE.format(*gaps))
        for gaps in [
            (PEOPLE, RESULTS, "e.site"),
            (PEOPLE, RESULTS, "ALL"),
            ("count(distinct e.person_id)", "count(1)", "1"),
            (PEOPLE, "COUNT(l.encounter_id)", "site"),
            (PEOPLE, "COUNT(l.resulted_ts)", "e.site ORDER BY 1 DESC"),
            (PEOPLE, "SUM(1)", "e.site"),
        ]
    ),
]
WRONG = [
    *(
        ("a1", HEIGHT.format(*gaps), says)
        for *gaps, says in [
            (SAYS, '(test["birthweight_g"] - height_says).mean()', "cancel each other"),
            (SAYS, '(height_says - test["birthweight_g"]).mean()', "cancel each other"),
            (SAYS, '(test["birthweight_g"] - height_says).abs().sum()', "added all distances"),
            (SAYS, '((test["birthweight_g"] - height_says) ** 2).mean()', "took squares"),
            (SAYS, '((test["birthweight_g"] - height_says) ** 2).mean() ** 0.5', "root of the mean square"),
            (SAYS, '(test["birthweight_g"] - height_says).abs().median()', "distance in the middle"),
            (SAYS, '(test["birthweight_g"] - height_says).abs().max()', "largest distance"),
            (SAYS, '(test["birthweight_g"] - height_says).abs()', "whole column of misses"),
            (SAYS, '(test["birthweight_g"] - predicted).abs().mean()', "practice model"),
            (SAYS, "misses.abs().mean()", "practice model"),
            ('practice_model.predict(test[["gestation_days"]])', OFF, "practice model"),
            (SAYS, "height_says.mean()", "mean of the predictions"),
            ('train["birthweight_g"].mean()', OFF, "mean for everybody"),
            ('test["height_cm"]', OFF, "height itself"),
            (
                'height_model.predict(train[["height_cm"]])',
                '(train["birthweight_g"] - height_says).abs().mean()',
                "the training births",
            ),
            (SAYS, "height_says", "whole column of misses"),
            (SAYS, "...", "still empty"),
        ]
    ),
    *(
        ("a2", DEEP.format(*gaps), says)
        for *gaps, says in [
            (KNOWN, "pairs_right(middle_tree, test) - known_pairs", "turned round"),
            (KNOWN, "known_pairs / pairs_right(middle_tree, test)", "You divided"),
            (KNOWN, f"({LESS}) / 100", "counted of 100"),
            (KNOWN, "known_pairs", "training result itself"),
            (KNOWN, "pairs_right(middle_tree, test)", "test result itself"),
            (KNOWN, "known_pairs - 50", "compares with guessing"),
            ("pairs_right(middle_tree, test)", "known_pairs - 50", "compares with guessing"),
            ("pairs_right(middle_tree, test)", LESS, "of the same stays"),
            (KNOWN, "known_pairs - pairs_right(middle_tree, train)", "of the same stays"),
            ("pairs_right(perfect, train)", LESS, "Two trees"),
            ("pairs_right(perfect, train)", "known_pairs - pairs_right(perfect, test)", "the perfect tree"),
            ("pairs_right(middle_tree, stays)", LESS, "All stays together"),
            (KNOWN, "...", "still empty"),
        ]
    ),
    *(
        ("a0", HEAVY.format(gap), says)
        for gap, says in [
            ("len(births)", "every row of births"),
            ("len(older)", "from the worked example"),
            ("older_count", "from the worked example"),
            ("heavy.size", "rows times columns"),
            ("len(heavy.columns)", "the number of columns"),
            ("heavy", "a whole column of numbers"),
            ("heavy.count()", "a whole column of numbers"),
            ('(births["weight_g"] > 4000).sum()', "4,000 g itself"),
            ("len(heavy) / len(births)", "a share of all rows"),
            ('heavy["weight_g"].sum()', "You added the weights"),
            ('heavy["weight_g"].mean()', "mean weight"),
            ("len", "is a function"),
            ('"13"', "type str"),
            ("...", "still empty"),
        ]
    ),
    *(
        ("a3", COUNTED.format(*gaps), says)
        for *gaps, says in [
            ("(alert & ~infected)", SHARE, "false_alerts is a whole column"),
            ("alert & (infected == False)", SHARE, "false_alerts is a whole column"),
            (FALSE, "(alert & infected) / (true_alerts + false_alerts)", "A .sum() is missing"),
            (FALSE, "predictive_value", "at threshold 0.30"),
            (FALSE, "specificity", "at threshold 0.30"),
            (FALSE, "false_alerts / (true_alerts + false_alerts)", "that are false"),
            (FALSE, f"1 - {SHARE}", "that are false"),
            (FALSE, f"100 * {SHARE}", "in percent"),
            (FALSE, "true_alerts / true_alerts + false_alerts", "round brackets"),
            (FALSE, "true_alerts / false_alerts + true_alerts", "round brackets"),
            (FALSE, "true_alerts / (true_alerts + missed)", "a count of the worked example"),
            ("(~alert & infected).sum()", SHARE, "all infections"),
            (FALSE, "true_alerts / infected.sum()", "all infections"),
            ("(alert & infected).sum()", SHARE, "~ means not"),
            ("true_alerts", SHARE, "~ means not"),
            (FALSE, "true_alerts / false_alerts", "false alerts alone"),
            (FALSE, "(true_alerts + false_alerts) / true_alerts", "wrong way round"),
            (FALSE, "false_alerts / true_alerts", "wrong way round"),
            ("(~alert & ~infected).sum()", SHARE, "without an alert"),
            ("quiet", SHARE, "without an alert"),
            ("(~infected).sum()", SHARE, "every morning without infection"),
            (FALSE, "true_alerts / len(days)", "all mornings"),
            (FALSE, "alert.mean()", "all mornings"),
            (FALSE, "true_alerts + false_alerts", "a count"),
            (FALSE, "...", "still empty"),
        ]
    ),
    *(
        ("b1", WAIT.format(*gaps), says)
        for *gaps, says in [
            ('codes["coded_ts"] - codes["admit_ts"]', IN_DAYS, "counts from the arrival"),
            ('codes["disch_ts"] - codes["admit_ts"]', IN_DAYS, "how long a stay is"),
            ('codes["disch_ts"] - codes["coded_ts"]', IN_DAYS, "below zero"),
            (WAITED, 'waited.mean() / pd.Timedelta("1D")', "This is the mean"),
            (WAITED, 'waited.median() / pd.Timedelta("1h")', "that of hours"),
            (WAITED, "waited.median().total_seconds()", "far too large"),
            (WAITED, "waited.median().days", "only whole days"),
            (WAITED, "waited.dt.days.median()", "only whole days"),
            (WAITED, "waited.median()", "is a length of time"),
            (WAITED, 'waited / pd.Timedelta("1D")', "whole column of numbers"),
            (WAITED, "...", "still empty"),
        ]
    ),
    *(
        ("b2", DIVIDED.format(*gaps), says)
        for *gaps, says in [
            ('crp_mg_l / crp["ref_high"]', MEDIAN, "crp_mg_l is converted"),
            ('crp["ref_high"] / crp["value_num"]', MEDIAN, "wrong way round"),
            ('crp["ref_high"] / crp_mg_l', MEDIAN, "wrong way round"),
            (RATIO, 'times_limit.groupby(crp["site"]).mean()', "mean"),
            (RATIO, 'crp.groupby("site")["value_num"].median()', "times_limit"),
            (RATIO, 'crp_mg_l.groupby(crp["site"]).median()', "times_limit"),
            (RATIO, 'crp.groupby("site")["ref_high"].median()', "times_limit"),
            (RATIO, 'times_limit.groupby(crp["site"]).max()', "largest"),
            (RATIO, 'times_limit.groupby(crp["site"]).min()', "least value"),
            (RATIO, 'times_limit.groupby(crp["site"]).size()', "how many"),
            (RATIO, 'times_limit.groupby(crp["site"]).count()', "how many"),
            (RATIO, 'times_limit.groupby(crp["site"]).sum()', "added up"),
            (RATIO, "times_limit.median()", "one number per site"),
            (RATIO, 'times_limit.groupby(crp["unit"]).median()', "for site A"),
            ('crp["value_num"] * crp["ref_high"]', MEDIAN, "multiplied"),
            ('crp["value_num"] - crp["ref_high"]', MEDIAN, "took ref_high away"),
            ('crp["value_num"] / 5', MEDIAN, "its own row"),
            ('crp["value_num"] / 0.5', MEDIAN, "its own row"),
            ('crp["value_num"] / crp["ref_high"].max()', MEDIAN, "its own row"),
            ('100 * crp["value_num"] / crp["ref_high"]', MEDIAN, "leave out the 100"),
        ]
    ),
    *(
        ("j1", CARD.format(*gaps), says)
        for *gaps, says in [
            ('"30"', ACT, "30 what?"),
            ("30", ACT, "text in quotes"),
            ("30.0", ACT, "text in quotes"),
            ('"soon"', ACT, "a number and a unit"),
            ('"shortly after discharge"', ACT, "a number and a unit"),
            ('"days"', ACT, "a number and a unit"),
            ('"the next 30"', ACT, "30 what?"),
            ('"some days"', ACT, "a number and a unit"),
            ('"the discharge nurse"', ACT, "a number and a unit"),
            (WINDOW, '"the nurse on the ward"', "names a person"),
            (WINDOW, '"the discharge nurse"', "names a person"),
            (WINDOW, '"nurse"', "names a person"),
            (WINDOW, '"a doctor of the heart clinic"', "names a person"),
            (WINDOW, '"the patient"', "names a person"),
            (WINDOW, '"the heart failure clinic"', "names a place"),
            (WINDOW, '"30 days"', "names a time"),
            (WINDOW, '"the day of discharge"', "names a time"),
            (WINDOW, '"an unplanned return to hospital"', "names an event"),
            (WINDOW, '"know the risk"', "is no act"),
            (WINDOW, '"help"', "too short"),
            (WINDOW, '""', "1 gap;"),
        ]
    ),
    *(
        ("j3", HORIZON.format(*gaps), says)
        for *gaps, says in [
            ("4 * 24 + 21", "evening", "time zero itself"),
            ("4 * 24 + 21", "evening - 24", "looks ahead"),
            ("4 * 24 + 21", "evening + 48", "24 hours too late"),
            ("5 * 24 + 21", "evening + 24", "24 hours too late"),
            ("21", "evening + 24", "without the day"),
            ("4 * 24", "evening + 24", "the end of day 4"),
            ("4 * 24 + 9", "evening + 24", "You took 9:00"),
            ("7 * 24 + 21", "evening + 24", "You took day 7"),
            ("4", "evening + 1", "looks like days"),
            ("4 * 24 + 21", "'21:00'", "without quotes"),
            ("4 * 24 + 21", "...", "still empty"),
        ]
    ),
    *(
        ("j2", BY_SITE.format(*gaps), says)
        for *gaps, says in [
            ("COUNT(*)", RESULTS, "e.site", "count each person once"),
            ("COUNT(e.person_id)", RESULTS, "e.site", "count each person once"),
            ("COUNT(DISTINCT e.encounter_id)", RESULTS, "e.site", "which column names the person"),
            (PEOPLE, "COUNT(l.value_num)", "e.site", "leaves NULL out"),
            (PEOPLE, "COUNT(DISTINCT l.value_num)", "e.site", "different numbers"),
            (PEOPLE, "COUNT(DISTINCT e.encounter_id)", "e.site", "results counts stays"),
            (PEOPLE, PEOPLE, "e.site", "results counts people"),
            (PEOPLE, RESULTS, "e.person_id", "must appear in the GROUP BY clause"),
            (PEOPLE, RESULTS, "e.site, l.unit", "more than one row"),
            (PEOPLE, "SUM(l.value_num)", "e.site", "results is not right yet"),
            ("...", RESULTS, "e.site", "still has 1 gap"),
            ("COUNT(DISTINCT person)", RESULTS, "e.site", 'Did you mean "person_id"'),
        ]
    ),
]


@pytest.fixture(scope="module", autouse=True)
def data(tmp_path_factory: pytest.TempPathFactory, lesson: Any) -> Any:
    """Write the datasets of the tutorials where ``load`` finds them."""
    folder = tmp_path_factory.mktemp("data")
    for name in TABLES:
        (folder / name).symlink_to(lesson(name).path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ROUNDS_DATA", str(folder))
        patch.setenv("ROUNDS_LESSONS", str(ROOT))
        yield folder


@pytest.fixture(scope="module")
def before(data: Any) -> dict[str, dict[str, Any]]:
    """Return the names that each lesson's worked example has made, by lesson."""
    return {lesson_id: work(lesson_id) for lesson_id in BEFORE}


def work(lesson_id: str) -> dict[str, Any]:
    from rounds.data import load

    names: dict[str, Any] = {"days": load("bsi_days").frame(), "labs": load("covid_labs").frame()}
    source = FOLDERS[lesson_id].file("lesson.py")
    assert source is not None
    cells = {cell.id: cell.source for cell in read_source(source).cells}
    for cell in BEFORE[lesson_id]:
        exec(cells[cell], names)
    return names


def press(before: dict[str, dict[str, Any]], lesson_id: str, box: str) -> Any:
    names = dict(before[lesson_id])
    exec(box, names)
    check: Check = open_lesson(lesson_id)
    return check.f1(names[check.lesson.exercise("f1").reads])


@pytest.mark.parametrize(("lesson_id", "box"), RIGHT)
def test_gaps_that_are_filled_well_pass(before: dict[str, dict[str, Any]], lesson_id: str, box: str) -> None:
    assert press(before, lesson_id, box).sentence == PRACTICE_PASSED


@pytest.mark.parametrize(("lesson_id", "box", "says"), WRONG)
def test_a_slip_in_the_gaps_meets_its_sentence(
    before: dict[str, dict[str, Any]], lesson_id: str, box: str, says: str
) -> None:
    reply = press(before, lesson_id, box)
    assert (reply.passed, says in reply.sentence) == (False, True), reply.sentence
