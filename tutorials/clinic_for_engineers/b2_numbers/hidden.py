"""What is checked when B2 is handed in; this file never enters a room."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from rounds.lessons import properties
from rounds.lessons.entries import count_right, plain
from rounds.lessons.exercise import Key
from rounds.lessons.ladder import Mistake, Rung, recognise

from .checks import count_missing, reference_dimer, reference_missing, same_dimer, same_shares, shown_labs

if TYPE_CHECKING:
    import pandas as pd


VERDICTS = {
    1: "keep",
    2: "query",
    3: "query",
    4: "keep",
    5: "query",
    6: "keep",
    7: "query",
    8: "keep",
}
REPLIES = {
    1: "Value 1: at 24 weeks 450 g is small, but such babies are born; look at the age first.",
    2: "Value 2: broken red cells release potassium, so nobody knows the true value. "
    "On the ward it is measured again at once, with an ECG: 7.9 can kill.",
    3: "Value 3: no living patient is at 4.2 °C; think of a lost digit.",
    4: "Value 4: on day 7 after a transplant there can be no neutrophils; 0 is the news.",
    5: "Value 5: a concentration cannot be negative; ask what -1 stands for.",
    6: "Value 6: such heights exist; rare is not wrong.",
    7: "Value 7: somebody who talks has more than 12 % oxygen in the blood; think of the sensor.",
    8: "Value 8: divide by 500 to compare with the other unit before you judge.",
}


def fresh_labs(seed: int = 0) -> pd.DataFrame:
    """Return results that the learner has never seen, of laboratory A, which writes signs, and of a new one.

    Only A has signs: who writes the rule for laboratory A alone, as the text does, is right.
    """
    import pandas as pd

    rows = [
        ("A", "48065-7", "DD one", "0.8", 0.8, "ug/mL", 0.5),
        ("A", "48065-7", "DD one", "-1", -1.0, "ug/mL", 0.5),
        ("A", "751-8", "Neutro", "0", 0.0, "10*9/L", 7.5),
        ("A", "1988-5", "CRP", "999", 999.0, "mg/L", 5.0),
        ("A", "1988-5", "CRP", "12", 12.0, "mg/L", 5.0),
        ("D", "48066-5", "Fibrin split", "1500", 1500.0, "ng/mL", 250.0),
        ("D", "48066-5", "Fibrin split", "not done", None, "ng/mL", 250.0),
        ("D", "1988-5", "D-dimer like", "<0.1", None, "mg/dL", 0.5),
        ("D", "751-8", "Neutro", "3.1", 3.1, "10*9/L", 7.5),
    ]
    names = ["site", "loinc", "local_name", "value_text", "value_num", "unit", "ref_high"]
    table = pd.DataFrame(rows, columns=names).astype({"value_num": "float64"})
    return table.sample(frac=1, random_state=seed)


def _hidden_missing(answer: Any) -> str | None:
    for seed in (1, 2):
        labs = fresh_labs(seed)
        if not same_shares(count_missing(answer, labs), reference_missing(labs)):
            return "On other laboratories the shares differ: mind 999, -1, 0 and <0.1."
    return None


def usual_labs() -> pd.DataFrame:
    """Return fresh results that are written as those which are shown: the same names, sites and units."""
    import pandas as pd

    rows = [
        ("A", "48065-7", "D-DIMER FEU", 0.8, "ug/mL", 0.5),
        ("A", "48065-7", "D-DIMER FEU", 3.1, "ug/mL", 0.5),
        ("A", "48065-7", "D-DIMER FEU", None, "ug/mL", 0.5),
        ("A", "1988-5", "CRP", 12.0, "mg/L", 5.0),
        ("B", "48066-5", "D dimer (DDU)", 1500.0, "ng/mL", 250.0),
        ("B", "48066-5", "D dimer (DDU)", 210.0, "ng/mL", 250.0),
        ("B", "1988-5", "C-Reactive Prot.", 3.4, "mg/dL", 0.5),
    ]
    names = ["site", "loinc", "local_name", "value_num", "unit", "ref_high"]
    table = pd.DataFrame(rows, columns=names).astype({"value_num": "float64"})
    return table.assign(value_text=table["value_num"].astype(str)).sample(frac=1, random_state=3)


def _is_same_dimer(answer: Any, labs: pd.DataFrame) -> bool:
    mine = properties.call(answer, labs)
    return "feu" in mine and same_dimer(mine, reference_dimer(labs))


# In each table one thing is written in another way, and the two codes are as they were.
DIMER_SLIPS: tuple[tuple[dict[str, dict[str, str | None]], str], ...] = (
    (
        {"local_name": {"D-DIMER FEU": "Fibrin split", "D dimer (DDU)": "DD two", "CRP": "D-dimer like"}},
        "merge_dimer reads the names, and on a table with other names it differs. Choose by the two codes.",
    ),
    (
        {"site": {"A": "B", "B": "A"}},
        "merge_dimer reads the site, and on a table of other hospitals it differs. What says FEU or DDU in each row?",
    ),
    (
        {"unit": {"ug/mL": None, "ng/mL": None}},
        "merge_dimer reads the unit, and on a table with blank units it differs. What says FEU or DDU in each row?",
    ),
)


def _hidden_dimer(answer: Any) -> str | None:
    usual = usual_labs()
    for changes, says in DIMER_SLIPS if _is_same_dimer(answer, usual) else ():
        columns = {name: usual[name].map(lambda text, new=new: new.get(text, text)) for name, new in changes.items()}
        if not _is_same_dimer(answer, usual.assign(**columns)):
            return says
    if all(_is_same_dimer(answer, fresh_labs(seed)) for seed in (1, 2)):
        return None
    return "merge_dimer gives another result than ours on a fresh table: choose and convert by the two codes alone."


def _misjudged(number: int) -> Mistake:
    truth = {number: VERDICTS[number]}
    return Mistake(f"value-{number}", lambda answer: not count_right(answer, truth), REPLIES[number])


VERDICT_MISTAKES = (
    Mistake(
        "all-kept",
        lambda answer: {plain(word) for word in answer.values()} == {"keep"},
        "You keep all eight. " + REPLIES[2],
    ),
    Mistake(
        "all-queried",
        lambda answer: {plain(word) for word in answer.values()} == {"query"},
        "You query all eight, and nobody could answer so many. " + REPLIES[1],
    ),
    Mistake(
        "swapped",
        lambda answer: count_right(answer, VERDICTS) == 0,
        "All eight are the wrong way round: keep what may be believed as it stands, query the rest.",
    ),
    *(_misjudged(number) for number in VERDICTS),
)


def _ask_ratio_shape(answer: Any) -> str | None:
    try:
        said = {str(site): float(value) for site, value in dict(answer).items()}
    except (TypeError, ValueError):
        return "median_by_site must hold one number per site: use groupby and median."
    if set(said) != {"A", "B"}:
        return "median_by_site must hold one number for site A and one for site B."
    return None


def _crp() -> pd.DataFrame:
    """Return the rows of the worked example, with the values in mg/L as it makes them."""
    crp = shown_labs().query("loinc == '1988-5'")
    return crp.assign(mg_l=crp["value_num"].where(crp["ref_high"] != 0.5, crp["value_num"] * 10))


def _by_site(
    *wanted: Callable[[pd.DataFrame], pd.Series[Any]], how: str = "median", tolerance: float = 1e-6
) -> Callable[[Any], bool]:
    """Return the property that these values are put together by site in this way."""

    def shows(answer: Any) -> bool:
        crp, said = _crp(), dict(answer)
        known = (dict(values(crp).groupby(crp["site"]).agg(how)) for values in wanted)
        return any(all(properties.agrees(said[site], one[site], tolerance) for site in one) for one in known)

    return shows


def _ratio(crp: pd.DataFrame) -> pd.Series[Any]:
    return crp["value_num"] / crp["ref_high"]


def _of_all_tests(answer: Any) -> bool:
    """Say whether the rows of all tests are in it, not those of CRP alone."""
    labs, said = shown_labs(), dict(answer)
    ours = dict(_ratio(labs).groupby(labs["site"]).median())
    return all(properties.agrees(said[site], ours[site], 1e-3) for site in ours)


RATIO_MISTAKES = (
    Mistake("all-tests", _of_all_tests, "The rows of all tests are in it. Take those of crp, in both lines."),
    Mistake(
        "converted",
        _by_site(lambda crp: crp["mg_l"] / crp["ref_high"]),
        "crp_mg_l is converted, and ref_high is not. Divide the value as it was written.",
    ),
    Mistake(
        "upside-down",
        _by_site(lambda crp: 1 / _ratio(crp), lambda crp: crp["ref_high"] / crp["mg_l"]),
        "The division is the wrong way round: the value is divided by the limit.",
    ),
    Mistake("mean", _by_site(_ratio, how="mean"), "This is the mean of each site. The text asks for the median."),
    Mistake(
        "not-the-ratio",
        _by_site(lambda crp: crp["value_num"], lambda crp: crp["mg_l"], lambda crp: crp["ref_high"]),
        "This is the median of another column. Take the median of times_limit.",
    ),
    Mistake("largest", _by_site(_ratio, how="max"), "This is the largest value of each site. Take the median."),
    Mistake("smallest", _by_site(_ratio, how="min"), "This is the least value of each site. Take the median."),
    Mistake(
        "counted",
        lambda answer: _by_site(_ratio, how="size")(answer) or _by_site(_ratio, how="count")(answer),
        "This says how many rows each site has. Take the median of times_limit.",
    ),
    Mistake("sum", _by_site(_ratio, how="sum"), "The values of each site are added up. Take the median."),
    Mistake(
        "multiplied",
        _by_site(lambda crp: crp["value_num"] * crp["ref_high"]),
        "You multiplied with the limit. How many times it fits into the value is a division.",
    ),
    Mistake(
        "taken-away",
        _by_site(lambda crp: crp["value_num"] - crp["ref_high"]),
        "You took ref_high away from the value. How many times it fits in is a division.",
    ),
    Mistake(
        "one-limit",
        _by_site(
            lambda crp: crp["value_num"] / 5,
            lambda crp: crp["value_num"] / 0.5,
            lambda crp: crp["value_num"] / crp["ref_high"].mean(),
        ),
        "You divided all rows by one limit. Take the ref_high of its own row for each value.",
    ),
    Mistake(
        "percent", _by_site(lambda crp: 100 * _ratio(crp)), "This is in percent. Say how many times: leave out the 100."
    ),
)
RATIO_OTHERWISE = "Divide each value by the ref_high of its own row, then take the median by site."


HIDDEN = {
    "e1": (
        Rung(
            "values",
            lambda answer: properties.h7_refuses(
                answer, [(5.0, "mg"), (5.0, ""), (5.0, "mmol/L"), (5.0, "ug/dL"), (5.0, "ug/L")]
            ),
        ),
        Rung(
            "meaning",
            lambda answer: properties.h8_boundary(
                answer, (((0.0, "mg/dL"), 0.0), ((0, "mg/L"), 0), ((0.05, "mg/dL"), 0.5))
            ),
        ),
    ),
    "e2": (
        Rung("values", _hidden_dimer),
        Rung("meaning", lambda answer: properties.h6_input_kept(answer, fresh_labs())),
    ),
    "e3": (
        Rung("values", _hidden_missing),
        Rung("meaning", lambda answer: properties.h6_input_kept(answer, fresh_labs())),
    ),
    "e4": (recognise("values", *VERDICT_MISTAKES),),
    "f1": (
        Rung("shape", _ask_ratio_shape),
        recognise("values", *RATIO_MISTAKES, right=_by_site(_ratio, tolerance=0.01), otherwise=RATIO_OTHERWISE),
    ),
}
KEYS = {
    "s1": Key(
        "Nobody knows without the unit",
        (
            "In mg/L yes; in mg/dL it is ten times as much.",
            "In mg/dL yes; in mg/L it is near the limit.",
            "A number without a unit is no result.",
        ),
    ),
    "s2": Key(
        "What is measured, and in what",
        (
            "It fixes the kind of quantity; two laboratories may use two units.",
            "The unit still has its own column.",
            "Each laboratory has its own range.",
        ),
    ),
    "q1": Key(
        "The site stays visible in CRP",
        (
            "One mean for two units repairs nothing.",
            "The column still tells the hospital, and a model can learn that.",
            "One mean moves both sites by the same, so B stays ten times too low.",
        ),
    ),
}
