"""Made-up twins of two real tables: the same columns, kinds of values and traps, and no row of anybody.

The real ones lie beside the checkout of whoever has them (births14 of openintro, covid_testing of medicaldata):
where they do, the tests run on them too.
"""

from __future__ import annotations

from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd

REAL = Path(__file__).resolve().parents[2] / "shared" / "data"
BIRTHS_ROWS = 1000
PATIENTS = 12_000

STARTS = ("jhe", "pen", "mel", "rol", "meg", "itho", "rav", "aly", "bran", "cat", "dae", "edd", "gre", "har", "jon")
MIDDLES = ("", "la", "ri", "no", "sa", "di")
ENDS = ("zane", "ny", "sandre", "ley", "ga", "ra", "ella", "nard", "wyn", "mond")
LAST = (
    "kettlewell", "clegham", "baratham", "freyne", "tulloch", "ryswick", "seaworthy", "tarleton", "starkey", "greyson",
    "martelli", "lannigan", "riverton", "swifton", "mormond", "westering", "baelisch", "karsten", "roycewell",
    "umberton", "tyrrell", "sandoval", "snowden", "harlawe", "boltonby", "arrynson", "dustinham",
)  # fmt: skip
CLINICS = (
    "clinical lab", "emergency dept", "oncology day hosp", "nicu", "laboratory", "picu", "care ntwk",
    "line clinical lab-", "radiation oncology", "s  care ntwk", "hosp of the university", "gol", "behavioral hosp",
    "cc care ntwk", "hem onc day hosp", "intl patient svcs", "ob gyn",
    *(f"inpatient ward {w}" for w in "abcdefghijklmn"),
)  # fmt: skip
PAYORS = {"commercial": 44, "government": 43, "unassigned": 9, "self pay": 3, "medical assistance": 1}
CLASSES = {
    "inpatient": 410, "emergency": 164, "not applicable": 130, "outpatient": 116, "recurring outpatient": 94,
    "observation": 80, "day surgery": 5, "admit after surgery-ip": 1,
}  # fmt: skip


def real(name: str) -> list[Path]:
    """Return the real table's file where it lies beside the checkout, and nothing where it does not."""
    return [path for path in (REAL / name,) if path.is_file()]


def case_of(param: str) -> str:
    """Return the word for a case in the name of a test."""
    return "made-up" if param == "made-up" else "real"


def write_births(folder: Path, seed: int = 14) -> Path:
    """Write births that look like births14.csv: pounds, weeks, and fathers who are not known."""
    random = np.random.default_rng(seed)
    rows = BIRTHS_ROWS
    mother = random.normal(28.4, 5.8, rows).round().clip(14, 47).astype(int)
    weeks = (42 - random.gamma(2.0, 1.65, rows)).round().clip(21, 46).astype(int)
    pounds = (7.4 + 0.33 * (weeks - 39) + random.normal(0, 1.0, rows)).clip(0.75, 10.7).round(2)
    frame = pd.DataFrame(
        {
            "fage": gaps(random, (mother + random.normal(2.7, 4.5, rows)).round().clip(15, 85), 0.114),
            "mage": mother,
            "mature": np.where(mother >= 35, "mature mom", "younger mom"),
            "weeks": weeks,
            "premie": np.where(weeks < 37, "premie", "full term"),
            "visits": gaps(random, random.normal(11.4, 4.1, rows).clip(0, 30) // 1, 0.056),
            "gained": gaps(random, random.normal(30.4, 15, rows).clip(0, 98) // 1, 0.042),
            "weight": pounds,
            "lowbirthweight": np.where(pounds <= 5.5, "low", "not low"),
            "sex": random.choice(["male", "female"], rows),
            "habit": gaps(random, random.choice(["nonsmoker", "smoker"], rows, p=[0.88, 0.12]), 0.019),
            "marital": random.choice(["married", "not married"], rows, p=[0.6, 0.4]),
            "whitemom": random.choice(["white", "not white"], rows, p=[0.77, 0.23]),
        }
    )
    return write(frame, folder / "births14.csv")


def write_covid_testing(folder: Path, seed: int = 2020) -> Path:
    """Write tests that look like covid_testing.csv: names, rare wards, days, a sentinel, and impossible values."""
    random = np.random.default_rng(seed)
    people = make_people(random)
    who = np.repeat(np.arange(PATIENTS), random.choice([1, 2, 3, 4, 8], PATIENTS, p=[0.86, 0.09, 0.03, 0.015, 0.005]))
    frame = people.iloc[who].reset_index(drop=True)
    rows = len(frame)
    day = random.integers(4, 108, rows)
    positive = random.random(rows) < 0.056
    visited = random.random(rows) > 0.456
    frame = frame.assign(
        pan_day=day,
        test_id=np.where(np.arange(rows) % 7000 == 40, "xcvd1", "covid"),
        clinic_name=random.choice(CLINICS, rows, p=falling(len(CLINICS))),
        result=np.where(positive, "positive", np.where(random.random(rows) < 0.02, "invalid", "negative")),
        drive_thru_ind=random.integers(0, 2, rows),
        ct_result=gaps(random, np.where(positive, random.normal(29, 6, rows).clip(14, 44).round(2), 45.0), 0.0135),
        orderset=(random.random(rows) < 0.7).astype(int),
        payor_group=pd.Series(pick(random, PAYORS, rows), dtype="str").where(visited),
        patient_class=pd.Series(pick(random, CLASSES, rows), dtype="str").where(visited),
        col_rec_tat=random.gamma(1.2, 2.0, rows).round(1),
        rec_ver_tat=(2 + random.gamma(4, 0.9, rows)).round(1),
    )
    frame = frame.sort_values("pan_day", kind="stable", ignore_index=True)
    return write(spoil(frame), folder / "covid_testing.csv")


def make_people(random: np.random.Generator) -> pd.DataFrame:
    """Return one row a person: a number, a made-up name, an age in years, of an infant in tenths."""
    first = ["nan", *("".join(parts) for parts in product(STARTS, MIDDLES, ENDS))]  # "nan" is a name, not a gap
    group = random.choice(["patient", "misc adult", "client", "other adult"], PATIENTS, p=[0.79, 0.155, 0.04, 0.015])
    age = np.where(group == "patient", random.gamma(1.3, 6.5, PATIENTS), random.normal(40, 13, PATIENTS).clip(19, 98))
    return pd.DataFrame(
        {
            "subject_id": random.permutation(PATIENTS) + 1,
            "fake_first_name": [first[i % len(first)] for i in random.permutation(PATIENTS)],
            "fake_last_name": random.choice(LAST, PATIENTS),
            "gender": random.choice(["female", "male"], PATIENTS),
            "demo_group": group,
            "age": np.where(age < 1, age.round(1), np.floor(age)).clip(0, 99),
        }
    )


def spoil(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the tests with the real table's impossible values, and its columns in their order."""
    adult = frame.index[frame.demo_group == "misc adult"][0]
    frame.loc[adult, "age"] = 138.0
    frame.loc[700, "col_rec_tat"], frame.loc[900, "rec_ver_tat"] = 61370.2, -18.6
    frame.loc[[50, 60, 70], "col_rec_tat"] = [438.8, 535.5, 865.2]
    order = (
        "subject_id fake_first_name fake_last_name gender pan_day test_id clinic_name result demo_group age"
        " drive_thru_ind ct_result orderset payor_group patient_class col_rec_tat rec_ver_tat"
    )
    return frame[order.split()]


def gaps(random: np.random.Generator, values: object, share: float) -> pd.Series:
    """Return the values, a share of them missing."""
    column = pd.Series(values)
    return column.where(random.random(len(column)) >= share)


def pick(random: np.random.Generator, weights: dict[str, int], rows: int) -> np.ndarray:
    return random.choice(list(weights), rows, p=np.array(list(weights.values())) / sum(weights.values()))


def falling(count: int) -> np.ndarray:
    """Return shares of which the first is about half, and the last are rare."""
    shares = 1 / np.arange(1, count + 1) ** 1.9
    return shares / shares.sum()


def write(frame: pd.DataFrame, path: Path) -> Path:
    """Write the rows, each with its number before it, as R does."""
    frame.insert(0, "rownames", np.arange(1, len(frame) + 1))
    frame.to_csv(path, index=False, float_format="%.10g")
    return path
