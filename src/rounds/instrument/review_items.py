"""Short questions about earlier lessons: one maker for each lesson, with other numbers for every seed.

A review is answered in a few seconds and says at once what is right.  Repeated testing is the best-evidenced lever that
a course has (d = 0.94 in a randomised trial with medical students: Spreckelsen and Juenger 2017).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rounds.counted import counted

Chance = random.Random


@dataclass(frozen=True)
class ReviewItem:
    """One question: three options or two, the right one, and one sentence that says why."""

    lesson: str
    text: str
    options: tuple[str, ...]
    right: str
    why: str


@dataclass(frozen=True)
class Draft:
    """What a maker says of one question; the options are put in an order of chance afterwards."""

    text: str
    right: str
    wrong: tuple[str, ...]
    why: str


def make_item(lesson: str, seed: int) -> ReviewItem:
    """Return the question of a lesson for this seed; the same seed gives the same question."""
    chance = Chance(seed)
    draft = MAKERS[lesson](chance)
    options = [draft.right, *draft.wrong]
    chance.shuffle(options)
    return ReviewItem(lesson, draft.text, tuple(options), draft.right, draft.why)


def _run_twice(chance: Chance) -> Draft:
    start, step, times = chance.randint(2, 30), chance.randint(2, 9), chance.randint(2, 4)
    return Draft(
        f"x is {start}. A box says x = x + {step}. Somebody runs it {times} times. What is x?",
        str(start + step * times),
        (str(start + step), str(start + step * (times + 1))),
        "Each run adds once more to what x is by then.",
    )


def _mean_error(chance: Chance) -> Draft:
    middle, third = chance.randrange(2800, 3700, 50), chance.randrange(20, 140, 10)
    low, high = middle - 3 * third, middle + 3 * third
    return Draft(
        f"Three babies weigh {low}, {middle} and {high} g. A model says {middle} g for each. "
        "How large is its mean absolute error?",
        f"{2 * third} g",
        ("0 g", f"{3 * third} g"),
        "The errors are counted without their sign, and divided by all three babies.",
    )


def _what_to_report(chance: Chance) -> Draft:
    train, test = chance.randint(90, 100), chance.randint(58, 75)
    return Draft(
        f"A tree is right in {train} of 100 training pairs and in {test} of 100 test pairs. "
        "What is to be expected of new patients?",
        f"about {test} of 100",
        (f"about {train} of 100", f"about {(train + test) // 2} of 100"),
        "The training pairs are those that it learned from; only the test pairs were new to it.",
    )


def _how_many_are_ill(chance: Chance) -> Draft:
    found, false = chance.randint(8, 30), chance.randint(60, 200)
    return Draft(
        f"A test is positive in {found + false} people. {found} of them are ill. "
        "How likely is illness after a positive test?",
        f"{found} in {found + false}",
        (f"{found} in {false}", f"{false} in {found + false}"),
        "All positive people stand below the line, the ill and the well.",
    )


def _observed_expected(chance: Chance) -> Draft:
    expected = chance.randrange(40, 120, 10)
    observed = expected // 2 if chance.random() < 0.5 else expected * 2
    right = "too high" if observed < expected else "too low"
    return Draft(
        f"The risks of a model add up to {expected} deaths. {observed} people die. What are its risks?",
        right,
        ("too low" if right == "too high" else "too high", "right, if its AUROC is high"),
        "Observed by expected is one where the risks fit; the AUROC only sees the order.",
    )


def _readable(chance: Chance) -> Draft:
    taken, waits, asked = chance.randint(6, 12), chance.randint(1, 3), chance.randint(1, 4)
    may = asked >= waits
    return Draft(
        f"Blood is taken at {taken}:00, its result comes at {taken + waits}:00. A model answers at {taken + asked}:00. "
        "May it use the result?",
        "yes" if may else "no",
        ("no" if may else "yes",),
        "What counts is when the result could be read, not when the blood was taken.",
    )


def _convert(chance: Chance) -> Draft:
    value = chance.randint(3, 30)
    return Draft(
        f"A CRP is {value} mg/dL. How much is that in mg/L?",
        f"{value * 10}",
        (f"{value / 10:g}", f"{value}"),
        "A litre has ten decilitres.",
    )


def _contaminant(chance: Chance) -> Draft:
    bottles, days = chance.randint(1, 2), chance.choice([0, 1])
    two = chance.random() < 0.5
    words = "one draw" if not two else f"each of two separate draws {('on one day', 'on two days in a row')[days]}"
    return Draft(
        f"A skin germ grows in {counted(bottles, 'bottle')} of {words}, and the patient has a fever. "
        "Does it count as an infection by the rule for skin germs?",
        "yes" if two else "no",
        ("no" if two else "yes",),
        "Two bottles of one draw share one needle and one skin; the rule asks for two separate draws.",
    )


def _charted(chance: Chance) -> Draft:
    every, days = chance.choice([2, 3, 4, 6, 8]), chance.randint(1, 3)
    return Draft(
        f"A monitor shows a pulse each second. The nurse writes one down every {every} hours. "
        f"How many stand in the chart after {counted(days, 'day')}?",
        str(days * 24 // every),
        (str(days * 24 * every), str(days * 86400)),
        "The chart holds what somebody wrote down, not what the monitor saw.",
    )


_WORDS = (
    ("recall", "sensitivity"),
    ("precision", "positive predictive value"),
    ("label", "outcome"),
    ("feature", "predictor"),
    ("ground truth", "reference standard"),
    ("hold-out set", "validation cohort"),
)


def _same_word(chance: Chance) -> Draft:
    (said, meant), *others = chance.sample(_WORDS, 3)
    return Draft(
        f"An engineer says “{said}”. Which word of the clinic comes nearest?",
        meant,
        tuple(other for _, other in others),
        f"“{said}” and “{meant}” are the two professions' words for nearly the same.",
    )


def _joined_rows(chance: Chance) -> Draft:
    first, second = chance.randint(2, 6), chance.randint(2, 6)
    return Draft(
        f"Three stays have {first}, {second} and 0 blood values. The two tables are joined; "
        "rows without a match are left out. How many rows come out?",
        str(first + second),
        (str(first + second + 1), str(first * second + 9)),
        "Each match makes a row, and a stay without a value has none.",
    )


def _labelled(chance: Chance) -> Draft:
    zero, horizon, after = chance.randint(3, 10), chance.choice([2, 3, 7]), chance.randint(1, 12)
    inside = after <= horizon
    return Draft(
        f"Time zero is day {zero}, the horizon {horizon} days. The infection comes on day {zero + after}. "
        "What is the label?",
        "yes" if inside else "no",
        ("no" if inside else "yes",),
        f"The question asks about the days up to day {zero + horizon}.",
    )


def _carried(chance: Chance) -> Draft:
    at, most, later = chance.randint(1, 6), chance.choice([4, 6, 8]), chance.randint(1, 14)
    kept = later <= most
    return Draft(
        f"A pulse is written down at {at}:00 and carried on for at most {most} hours. "
        f"What stands at {at + later}:00, without a new one?",
        "the old pulse" if kept else "nothing",
        ("nothing" if kept else "the old pulse",),
        "What is too old is missing, and says so.",
    )


def _negated(chance: Chance) -> Draft:
    denied, told = chance.sample(["chest pain", "fever", "diabetes", "a stroke", "asthma", "a rash"], 2)
    who = chance.choice(["mother", "brother", "grandfather"])
    return Draft(
        f"A note says: “No {denied.removeprefix('a ')}. The {who} has had {told}.” What does the patient have?",
        "neither",
        (denied, told),
        "One finding is denied, the other one is somebody else's.",
    )


def _difference(chance: Chance) -> Draft:
    low, wide = chance.choice([-0.03, -0.02, -0.01, 0.01, 0.02]), chance.choice([0.05, 0.06])
    told = low > 0
    return Draft(
        "Model 1 less model 2, on the same patients: the difference in AUROC has a 95 % interval "
        f"from {low:+.2f} to {low + wide:+.2f}. What does it tell?",
        "model 1 is better here" if told else "not which is better",
        ("not which is better" if told else "model 1 is better here", "model 2 is better here"),
        "Where the interval holds zero, either may be the better one.",
    )


def _two_groups(chance: Chance) -> Draft:
    few, many = chance.choice([1, 2, 3]), chance.choice([8, 10, 15])
    return Draft(
        "A test has the same sensitivity and specificity in two groups. "
        f"{few} of 100 are ill in group 1, {many} of 100 in group 2. Where is a positive test more often right?",
        "in group 2",
        ("in group 1", "as often in both"),
        "Where more people are ill, fewer of the positive ones are well.",
    )


_REQUESTS = (
    ("uses the same data for the question that was approved", "go on"),
    ("wants to answer a new question with the approved data", "ask the committee"),
    ("sends ten rows to a friend abroad, to save time", "stop"),
    ("puts the table without names on a public page", "stop"),
    ("adds a new hospital's patients to the study", "ask the committee"),
    ("mends an error in the code of the approved analysis", "go on"),
)


def _request(chance: Chance) -> Draft:
    what, right = chance.choice(_REQUESTS)
    return Draft(
        f"Somebody in a team {what}. What is right?",
        right,
        tuple(other for other in ("go on", "ask the committee", "stop") if other != right),
        "Leave is given for one question, these people, this place. Local rules decide; ask early.",
    )


MAKERS: dict[str, Callable[[Chance], Draft]] = {
    "a0": _run_twice,
    "a1": _mean_error,
    "a2": _what_to_report,
    "a3": _how_many_are_ill,
    "a4": _observed_expected,
    "b1": _readable,
    "b2": _convert,
    "b3": _contaminant,
    "b4": _charted,
    "j1": _same_word,
    "j2": _joined_rows,
    "j3": _labelled,
    "j4": _carried,
    "j5": _negated,
    "j6": _difference,
    "j7": _two_groups,
    "j8": _request,
}
LESSONS: Sequence[str] = tuple(MAKERS)
