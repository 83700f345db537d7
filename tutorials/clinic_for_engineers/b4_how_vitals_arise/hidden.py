"""What is checked at hand-in; this file never enters a room."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from rounds.lessons import properties
from rounds.lessons.exercise import Key
from rounds.lessons.kinds.choice import chose
from rounds.lessons.kinds.order import Steps
from rounds.lessons.kinds.sorting import is_sorted
from rounds.lessons.ladder import Mistake, Rung, recognise
from rounds.lessons.numbers import near

from .checks import HEAT, LIMITS, OXIMETER, PULSE, STEPS, reference_plausible, reference_rate

if TYPE_CHECKING:
    import pandas as pd

RIGHT_MAKERS = {
    "pulse 128": "body",
    "saturation 71": "sensor",
    "breaths 18": "hand",
    "pulse 999": "software",
    "temperature 35.0": "sensor",
    "saturation 84": "body",
    "pulse 0": "software",
    "pressure 140": "hand",
}
WHY = {
    ("pulse 128", "sensor"): "pulse 128: a second way of measuring says the same. Is the sensor still to blame?",
    ("pulse 128", "hand"): "pulse 128: the nurse counted, and a falling blood pressure goes with it. Is that a habit?",
    ("pulse 128", "software"): "pulse 128: the wrist says the same, and no software reaches the wrist.",
    ("saturation 71", "body"): "saturation 71: another place of the same body shows 96. Who is in trouble here?",
    (
        "saturation 71",
        "hand",
    ): "saturation 71: nobody wrote by habit; a device showed it. In which state was its finger?",
    ("saturation 71", "software"): "saturation 71: the wave itself is flat. What is too weak, before any software?",
    ("breaths 18", "body"): "breaths 18: 24 bodies that agree exactly? Who filled in this column?",
    ("breaths 18", "sensor"): "breaths 18: 24 sensors that agree exactly? Who filled in this column?",
    ("breaths 18", "software"): "breaths 18: a possible value. What does somebody write who has no time to count?",
    ("pulse 999", "body"): "pulse 999: no heart does that. What stands where nothing was measured?",
    ("pulse 999", "sensor"): "pulse 999: a disturbed sensor gives many numbers. Why is this always the same one?",
    ("pulse 999", "hand"): "pulse 999: it began everywhere in one week. Did all hands change at once?",
    (
        "temperature 35.0",
        "body",
    ): "temperature 35.0: the ear is hot, and the arm is cold outside. Where should one measure?",
    ("temperature 35.0", "hand"): "temperature 35.0: the number was read rightly. Where did the probe lie?",
    (
        "temperature 35.0",
        "software",
    ): "temperature 35.0: it is right about the probe's place. Is that place a good one?",
    ("saturation 84", "sensor"): "saturation 84: the blood says almost the same. What does that tell of the clip?",
    ("saturation 84", "hand"): "saturation 84: a laboratory agrees. Is a habit at work here?",
    ("saturation 84", "software"): "saturation 84: a laboratory agrees, through other software. What is left?",
    ("pulse 0", "body"): "pulse 0: 40 hearts in one minute? What happened in this minute?",
    ("pulse 0", "sensor"): "pulse 0: one lead may come off. 40 in one minute have something else in common.",
    ("pulse 0", "hand"): "pulse 0: nobody writes 40 charts in a minute. What started again?",
    ("pressure 140", "body"): "pressure 140: bodies do not prefer numbers that end in 0. Who does?",
    ("pressure 140", "sensor"): "pressure 140: the device shows whole numbers of all kinds. Who makes them end in 0?",
    ("pressure 140", "software"): "pressure 140: software would round all of them. Here one in ten keeps another end.",
}

TUESDAY_MISTAKES = (
    Mistake(
        "as-before",
        chose("as before"),
        "The patients are as ill, but the column is another one: what does it hold on Tuesday, for each?",
    ),
    Mistake(
        "more-is-better",
        chose("better"),
        "The forest does not read the samples, only how many there are. Do these still differ?",
    ),
    Mistake("all-low", chose("all low"), "All have the same risk, yes. But is 96 a small or a large number to it?"),
)

ORDER = Steps({step: frozenset("DBFAEGC"[:at]) for at, step in enumerate("DBFAEGC")}, {"H": ""})


def _letters(answer: Sequence[str]) -> list[str]:
    return [str(letter).strip().upper() for letter in answer]


def _is_before(first: str, second: str) -> Callable[[Any], bool]:
    """Return the property that one letter stands before another."""

    def shows(answer: Sequence[str]) -> bool:
        given = _letters(answer)
        return first in given and second in given and given.index(first) < given.index(second)

    return shows


def _say_short(answer: Sequence[str]) -> str:
    number = len(ORDER.needs) - len(set(_letters(answer)) & set(ORDER.needs))
    return f"{number} step{' is' if number == 1 else 's are'} missing between the body and the feature."


PATH_MISTAKES = (
    Mistake(
        "deletes",
        lambda answer: "H" in _letters(answer),
        "One step is not needed: what is deleted nobody can ask about any more.",
    ),
    Mistake("turned-round", lambda answer: _letters(answer) == list("CGEAFBD"), "The order is the wrong way round."),
    Mistake(
        "by-the-alphabet",
        lambda answer: _letters(answer) == list(STEPS[:7]),
        "This is the order of the letters. Where does the oxygen come from?",
    ),
    Mistake("some-missing", lambda answer: len(set(_letters(answer)) & set(ORDER.needs)) < 7, _say_short),
    Mistake(
        "rule-before-marks",
        _is_before("C", "G"),
        "The lowest value is taken before anybody has looked at the limits. Which value may win then?",
    ),
    Mistake(
        "marks-before-copy", _is_before("G", "E"), "Values are marked in the research tables. How does a row get there?"
    ),
    Mistake("copy-before-chart", _is_before("E", "A"), "A row is copied before somebody has written it."),
    Mistake("chart-before-percent", _is_before("A", "F"), "The nurse writes percent. Who makes that number?"),
    Mistake("percent-before-light", _is_before("F", "B"), "Light is turned into percent before it is measured."),
    Mistake("light-before-blood", _is_before("B", "D"), "Light tells something of the blood. What comes first?"),
)


@cache
def _areas() -> dict[str, float]:
    """Return the right AUROC and the well-known wrong ones, of the whole cohort."""
    from sklearn.metrics import roc_auc_score

    from rounds.data import load

    with load("covid").connect() as database:
        day = database.sql("""
            SELECT any_value(died_28) AS died, count(*) FILTER (hour < 24) AS rows_day, count(*) AS rows_stay,
                arg_min(value_num, hour) FILTER (loinc = '8867-4') AS pulse,
                arg_min(value_num, hour) FILTER (loinc = '9279-1') AS breaths
            FROM (SELECT vital.*, died_28, date_diff('minute', admit_ts, charted_ts) / 60.0 AS hour
                FROM vital JOIN encounter USING (encounter_id) JOIN stays USING (encounter_id))
            GROUP BY encounter_id
        """).df()
    many = day["rows_day"] > day["rows_day"].median()
    columns = {name: day[name] for name in ("rows_day", "rows_stay", "pulse", "breaths")} | {"labels": many}
    areas = {name: float(roc_auc_score(day["died"], column)) for name, column in columns.items()}
    return {**areas, "died": float(day["died"].mean())}


def _is_area(name: str, tolerance: float = 0.004) -> Callable[[Any], bool]:
    return lambda answer: near(_areas()[name], tolerance)(answer)


AREA_MISTAKES = (
    Mistake(
        "percent",
        lambda answer: near(100 * _areas()["rows_day"], 0.6)(answer),
        "This is in percent. An AUROC lies between 0 and 1.",
    ),
    Mistake(
        "out-of-range",
        lambda answer: not 0 <= answer <= 1,
        "An AUROC lies between 0 and 1. Is this a number of rows, or another score?",
    ),
    Mistake(
        "turned-round",
        lambda answer: near(1 - _areas()["rows_day"], 0.004)(answer),
        "It is below 0.5, as if many rows meant safety. Which sign has your column?",
    ),
    Mistake(
        "whole-stay",
        _is_area("rows_stay"),
        "These are the rows of the whole stay. After 24 hours nobody knows how many will come.",
    ),
    Mistake("pulse", _is_area("pulse"), "This is the AUROC of the first pulse. Asked is how much was charted."),
    Mistake("breaths", _is_area("breaths"), "This is the AUROC of the first breaths. Asked is how much was charted."),
    Mistake(
        "hard-labels",
        _is_area("labels", 0.001),
        "The rows were cut into few and many first. Give the numbers themselves to roc_auc_score.",
    ),
    Mistake("share-who-died", _is_area("died"), "This is the share who died. Asked is how well a column ranks them."),
    Mistake(
        "accuracy",
        lambda answer: near(1 - _areas()["died"], 0.004)(answer),
        "This is the share who lived, as an accuracy would be. Use roc_auc_score.",
    ),
    Mistake("coin", near(0.5, 0.001), "0.5 ranks nobody, as a guess does. Does your column differ between stays?"),
)


@cache
def _mean_errors() -> dict[str, dict[str, float]]:
    """Return mean and other figures of the oximeter's error for each skin tone."""
    from rounds.data import load

    with load("covid").connect() as database:
        pairs = database.sql("""
            SELECT skin_tone, arg_min(vital.value_num, abs(date_diff('minute', collected_ts, charted_ts))) AS oximeter,
                lab.value_num AS blood
            FROM lab JOIN encounter USING (encounter_id) JOIN person USING (person_id) JOIN vital USING (encounter_id)
            WHERE lab.loinc = '2708-6' AND vital.loinc = '59408-5' AND lab.value_num BETWEEN 40 AND 100
                AND abs(date_diff('minute', collected_ts, charted_ts)) <= 30
            GROUP BY person_id, encounter_id, skin_tone, collected_ts, lab.value_num
        """).df()
    error, tone = pairs["oximeter"] - pairs["blood"], pairs["skin_tone"]
    found = {"right": error.groupby(tone).mean(), "absolute": error.abs().groupby(tone).mean()}
    found |= {"spread": error.groupby(tone).std(), "median": error.groupby(tone).median()}
    found |= {"oximeter": pairs["oximeter"].groupby(tone).mean(), "blood": pairs["blood"].groupby(tone).mean()}
    found |= {"count": error.groupby(tone).count(), "sum": error.groupby(tone).sum()}
    return {name: {str(t): float(v) for t, v in values.items()} for name, values in found.items()}


def _are(name: str, sign: int = 1) -> Callable[[Any], bool]:
    """Return the property that each mean is near this figure of its skin tone."""
    return lambda answer: all(
        abs(float(answer[tone]) - sign * value) < 0.03 for tone, value in _mean_errors()[name].items()
    )


ERROR_MISTAKES = (
    Mistake("turned-round", _are("right", -1), "The sign is turned round: how far is the oximeter above the blood?"),
    Mistake("absolute", _are("absolute"), "The signs are lost, so too high and too low look alike. Leave out abs."),
    Mistake("spread", _are("spread"), "This is the spread of the errors. Asked is their mean."),
    Mistake("median", _are("median"), "This is the median. The mean is asked for."),
    Mistake("only-oximeter", _are("oximeter"), "This is the mean of the oximeter. How far is it above the blood?"),
    Mistake("only-blood", _are("blood"), "This is the mean of the blood. How far is the oximeter above it?"),
    Mistake("count", _are("count"), "This counts the pairs. Asked is the mean of the error."),
    Mistake("sum", _are("sum"), "This is a sum, and large groups win. Take the mean."),
)


@cache
def _draw(seed: int) -> tuple[pd.DataFrame, ...]:
    """Draw pairs that the learner has never seen, with whole oximeter readings at both ends."""
    import numpy as np
    import pandas as pd

    rng = np.random.default_rng(seed)
    blood = rng.normal(90, 4, 400).round(1)
    tones = rng.choice(["light", "medium", "dark"], 400, p=[0.6, 0.3, 0.1])
    table = {"person_id": "Q", "skin_tone": tones, "oximeter": np.rint(blood + rng.normal(1, 3, 400)), "blood": blood}
    return (pd.DataFrame(table),)


def fresh_pairs(seed: int) -> pd.DataFrame:
    """Return fresh pairs, in a table of their own."""
    return _draw(seed)[0].copy()


def _one(oximeter: float, blood: float) -> tuple[pd.DataFrame, str]:
    import pandas as pd

    table = {"person_id": ["Z"], "skin_tone": ["dark"], "oximeter": [oximeter], "blood": [blood]}
    return pd.DataFrame(table), "dark"


def _numbers(answer: Any) -> Callable[..., Any]:
    """Return exercise 4 as a list of numbers, rounded as far as intervals of one kind agree."""

    def hidden_rate(pairs: pd.DataFrame, tone: str) -> Any:
        return [round(float(part), 4) for part in properties.call(answer, pairs, tone)]

    return hidden_rate


def _as_flag(answer: Any) -> Callable[..., Any]:
    """Return exercise 1 as 0 and 1."""

    def plausible(value: float, loinc: str, limits: Any) -> int:
        return int(bool(properties.call(answer, value, loinc, limits)))

    return plausible


def _ask_empty(answer: Any) -> str | None:
    """Ask that an empty value is not believed: each comparison with NaN is False, and `not` turns that round."""
    if not _as_flag(answer)(float("nan"), HEAT, LIMITS):
        return None
    return "plausible believes an empty value (NaN). Compare so that True needs a number within the limits."


OTHER_LIMITS = {PULSE: (60, 220), HEAT: (20, 39.5), "2160-0": (0.1, 25)}
EDGES: tuple[tuple[float, str, int], ...] = (
    (30.0, HEAT, 1),
    (29.99, HEAT, 0),
    (43.0, HEAT, 1),
    (43.04, HEAT, 0),
    (250, PULSE, 1),
    (251, PULSE, 0),
)
EDGES += ((100, OXIMETER, 1), (100.5, OXIMETER, 0), (40, OXIMETER, 1), (39.6, OXIMETER, 0))
FRESH = ((59, PULSE), (60, PULSE), (219, PULSE), (230, PULSE), (25, HEAT), (39.5, HEAT), (41, HEAT), (0.1, "2160-0"))

UNKNOWN = [float("nan"), 0.0, 1.0]


def _nobody() -> list[tuple[tuple[Any, ...], list[float]]]:
    """Return cases without a pair that looks fine."""
    # no empty table: there a learner's plain list of True and False, which is right in any other, chooses columns
    return [((fresh_pairs(3).assign(oximeter=shown), "dark"), UNKNOWN) for shown in (99, 88)]


HIDDEN = {
    "e1": (
        Rung(
            "values",
            lambda answer: properties.h8_boundary(
                _as_flag(answer), [((value, code, LIMITS), truth) for value, code, truth in EDGES]
            ),
        ),
        Rung(
            "values",
            lambda answer: properties.h1_fresh_draw(
                _as_flag(answer), _as_flag(reference_plausible), [(*case, OTHER_LIMITS) for case in FRESH]
            ),
        ),
        Rung("meaning", _ask_empty),
        Rung("meaning", lambda answer: properties.h7_refuses(answer, [(38.0, HEAT, {PULSE: (20, 250)})])),
        Rung("meaning", lambda answer: properties.h6_input_kept(answer, 140, PULSE, dict(LIMITS))),
    ),
    "e2": (is_sorted(RIGHT_MAKERS, WHY, "{item} is not there yet; {right} of {of} are right."),),
    "e3": (
        recognise(
            "values",
            *AREA_MISTAKES,
            right=_is_area("rows_day"),
            otherwise="Not this number yet. Give roc_auc_score who died, and how much was charted in 24 hours.",
        ),
    ),
    "e4": (
        Rung(
            "values",
            lambda answer: properties.h1_fresh_draw(
                _numbers(answer),
                _numbers(reference_rate),
                [(fresh_pairs(seed), tone) for seed in (1, 2) for tone in ("light", "dark")],
            ),
        ),
        Rung(
            "values",
            lambda answer: properties.h8_boundary(
                _numbers(answer),
                [
                    (_one(*pair), _numbers(reference_rate)(*_one(*pair)))
                    for pair in ((92, 87.9), (91.9, 80), (96, 88), (96, 87.99), (96.1, 80))
                ],
            ),
        ),
        Rung("values", lambda answer: properties.h5_row_order(_numbers(answer), fresh_pairs(4), "light")),
        Rung("meaning", lambda answer: properties.h9_sparse(_numbers(answer), _nobody())),
        Rung("meaning", lambda answer: properties.h6_input_kept(answer, fresh_pairs(5), "medium")),
    ),
    "e5": (recognise("values", *TUESDAY_MISTAKES, right=chose("all high")),),
    "e6": (
        recognise(
            "values",
            *PATH_MISTAKES,
            right=lambda answer: ORDER.missing_before(_letters(answer)) is None,
            otherwise="Not this order yet. What must be there before each step?",
        ),
    ),
    "f1": (
        recognise(
            "values",
            *ERROR_MISTAKES,
            right=_are("right"),
            otherwise="Not these means yet: take blood away from oximeter, then the mean for each skin tone.",
        ),
    ),
}
KEYS = {
    "s1": Key(
        "A clip with light on a finger",
        (
            "Light goes through the finger, and a sensor on the other side measures what is left.",
            "That gives a blood gas (oxygen measured in the blood): exact, and only when somebody orders it.",
            "A band may count breaths. Oxygen is read in a finger or an ear.",
        ),
    ),
    "s2": Key(
        "100",
        (
            "That is the highest of all. groupby gives one for each stay.",
            "One row for each stay.",
            "Those are the rows before. groupby leaves one for each stay.",
        ),
    ),
    "q1": Key(
        "The rule takes the value farthest from 75, so what is near it loses",
        (
            "Look at the first pulses again: there are some near 75.",
            "Each patient has a value that is further away, so the rule makes the hole, not the heart.",
            "They do: the first and the median show it. The rule leaves them out.",
            "Nothing was taken out. The rule chooses one value of many.",
        ),
    ),
    "q2": Key(
        "The shift; the noise is almost gone",
        (
            "Only errors with the mean 0 cancel out. Has this one that mean?",
            "More samples make you more sure of the wrong number.",
            "It is the other way round: a mean takes noise away, and keeps what all readings share.",
            "A mean over a thousand people has far less noise than one reading.",
        ),
    ),
}
