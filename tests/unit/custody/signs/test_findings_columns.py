"""What `check` finds in single columns: each class by name and by content, and what it leaves alone."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rounds.custody.privacy.check import check_dataset
from rounds.custody.privacy.treating.redaction import redact_text
from rounds.custody.signs import check_digits
from rounds.custody.signs.column_names import kind_of_name, words_of
from rounds.custody.signs.finding import SAFE_HARBOR, Finding, Severity
from rounds.custody.signs.name_content import look_for_names
from rounds.data.dataset import Dataset, open_dataset
from rounds.data.descriptor import write_package
from rounds.data.package import DataPackage, Table
from rounds.explore.draft_column import draft_column

RNG = random.Random(7)


def write_dataset(folder: Path, name: str = "d", **frames: pd.DataFrame) -> Dataset:
    """Write frames as a data package with drafted columns."""
    folder = folder / name
    folder.mkdir(parents=True)
    tables = []
    for title, frame in frames.items():
        columns = tuple(draft_column(c, frame[c])[0] for c in frame.columns)
        tables.append(Table(title, f"{title}.parquet", columns))
        frame.to_parquet(folder / f"{title}.parquet", index=False)
    write_package(DataPackage(name, name, "restricted", tuple(tables)), folder)
    return open_dataset(folder)


def find(tmp_path: Path, name: str, values: list[object]) -> list[Finding]:
    dataset = write_dataset(tmp_path, t=pd.DataFrame({name: pd.Series(values)}))
    return [f for f in check_dataset(dataset, 11).findings if f.where == f"t.{name}"]


def israeli_id(body: int) -> str:
    return next(f"{body:08d}{d}" for d in range(10) if check_digits.is_israeli_id(f"{body:08d}{d}"))


def digits(count: int) -> str:
    return "".join(RNG.choice("0123456789") for _ in range(count))


MAKERS: dict[str, tuple[str, Callable[[], object]]] = {
    "Israeli ids": ("G", lambda: israeli_id(RNG.randrange(10**7, 10**8))),
    "Israeli ids as numbers": ("G", lambda: int(israeli_id(RNG.randrange(10**7, 10**8)))),
    "US numbers": ("G", lambda: f"{RNG.randrange(1, 600):03d}-{RNG.randrange(1, 99):02d}-{digits(4)}"),
    "Israeli mobiles": ("D", lambda: f"05{RNG.randrange(10)}-{RNG.randrange(100, 1000)}{digits(4)}"),
    "international telephones": ("D", lambda: f"+972 54 {RNG.randrange(100, 1000)} {digits(4)}"),
    "e-mail": ("F", lambda: f"x{digits(5)}@mail.example"),
    "web": ("N", lambda: f"https://example.org/p/{digits(5)}"),
    "IP": ("O", lambda: ".".join(str(RNG.randrange(256)) for _ in range(4))),
    "network devices": ("M", lambda: ":".join(f"{RNG.randrange(256):02x}" for _ in range(6))),
    "serial numbers": ("M", lambda: f"pump S/N: AX{digits(6)}"),
    "record numbers": ("H", lambda: f"MRN {digits(7)}"),
    "plan numbers": ("I", lambda: f"policy no {digits(8)}"),
    "licences": ("K", lambda: f"licence no {digits(6)}"),
    "plates": ("L", lambda: f"{digits(2)}-{digits(3)}-{digits(2)}"),
    "fax": ("E", lambda: f"Fax: 03-{digits(7)}"),
    "streets": ("B", lambda: f"{RNG.randrange(1, 99)} Maple Road, flat {RNG.randrange(99)}"),
    "dates": ("C", lambda: f"20{RNG.randrange(10, 25)}-{RNG.randrange(1, 13):02d}-{RNG.randrange(2, 28):02d}"),
    "dates by day": ("C", lambda: f"{RNG.randrange(2, 28)}/{RNG.randrange(1, 13)}/20{RNG.randrange(10, 25)}"),
    "images": ("Q", lambda: f"scan_{digits(4)}.jpg"),
    "vehicle numbers": ("R", lambda: f"WBA3A5C58DF{digits(6)}"),
    "codes": ("R", lambda: f"AB-{digits(8)}"),
    "titles": ("A", lambda: f"seen by Dr. {RNG.choice(['Levi', 'Cohen', 'Haddad'])} today"),
}


@pytest.mark.parametrize("what", MAKERS)
def test_the_content_alone_gives_each_class_away(tmp_path: Path, what: str) -> None:
    kind, make = MAKERS[what]
    found = find(tmp_path, "x", [make() for _ in range(60)])
    assert [f.kind for f in found if f.kind == kind and f.severity is Severity.STOP and f.by == "content"]


NAMES = {
    "A": ["patient_name", "LastName", "first name", "surname", "שם משפחה", "mother_name"],
    "B": ["home_address", "zip", "ZipCode", "city", "street", "מיקוד"],
    "C": ["dob", "date_of_birth", "תאריך לידה"],
    "D": ["phone", "mobile", "tel", "טלפון"],
    "E": ["fax"],
    "F": ["email", "e-mail"],
    "G": ["ssn", "teudat_zehut", "national_id", "ת.ז", "passport_no"],
    "H": ["mrn", "medical_record_number"],
    "I": ["policy_number", "member_id", "hmo_card_number"],
    "J": ["bank_account", "iban", "account_number"],
    "K": ["license_number"],
    "L": ["license_plate", "vehicle_id"],
    "M": ["device_id", "serial_no", "imei"],
    "N": ["url", "website"],
    "O": ["ip_address", "ip"],
    "P": ["fingerprint", "voice_print"],
    "Q": ["photo", "face_image"],
}


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind, names in NAMES.items() for name in names])
def test_the_name_alone_gives_each_class_away(kind: str, name: str) -> None:
    assert kind_of_name(name) == kind


def test_the_last_class_is_found_by_the_names_of_keys(tmp_path: Path) -> None:
    assert set(NAMES) | {"R"} == set(SAFE_HARBOR)
    found = find(tmp_path, "subject_id", [1, 2, 3, 3] * 10)
    assert found[0].kind == "R"
    assert "3 different values, 3 of them in more than one row" in found[0].what


@pytest.mark.parametrize(
    "name", ["sex", "clinic_name", "drug_name", "result", "ward", "creatinine", "page", "ship_date_kind", "local_name"]
)
def test_harmless_names_are_left_alone(name: str) -> None:
    assert kind_of_name(name) is None


HARMLESS: dict[str, list[object]] = {
    "lab values": [round(RNG.gauss(5, 2), 2) for _ in range(200)],
    "counts": [RNG.randrange(30) for _ in range(200)],
    "platelets per litre": [RNG.randrange(10**8, 10**9) for _ in range(200)],
    "drugs": ["enalapril", "warfarin", "insulin glargine", "paracetamol", "heparin", "ramipril", "digoxin"] * 20,
    "results": ["positive", "negative", "invalid"] * 30,
    "ICD": ["I50.9", "O24.4", "U07.1", "A41.9", "P07.1"] * 20,
    "LOINC": ["2160-0", "1988-5", "48065-7", "777-3"] * 20,
    "ratios": [f"{RNG.randrange(90, 180)}/{RNG.randrange(50, 100)}" for _ in range(100)],
    "years": [RNG.randrange(1990, 2020) for _ in range(100)],
}


@pytest.mark.parametrize("what", HARMLESS)
def test_harmless_columns_are_left_alone(tmp_path: Path, what: str) -> None:
    assert [f.says() for f in find(tmp_path, "x", HARMLESS[what]) if f.severity is Severity.STOP] == []


@pytest.mark.parametrize(
    "names",
    [
        "Jack Sophie Liam Mia Oscar Ella Chloe Isla Freddie Poppy Grace Lily Ava Theo",
        "Vered Nitzan Shaul Ofek Zvika Eden Bracha Gefen Ofir Rotem Inbar Neta Shaked",
        "Mohammed Fatima Ahmad Yousef Amina Khaled Samira Ibrahim Layla Omar Huda Rami",
        "כהן לוי מזרחי פרץ ביטון דהן פרידמן מלכה אזולאי כץ עמר אוחנה",
        "محمد أحمد محمود علي عمر يوسف خالد حسن فاطمة عائشة مريم ليلى",
        "Baratheon Frey Tully Ryswell Clegane Kettleblack Targaryen Karstark Westerling Swyft Seaworth Tyrell Sand",
    ],
)
def test_names_of_people_are_known_by_their_letters(names: str) -> None:
    assert look_for_names(names.split()).is_likely


@pytest.mark.parametrize(
    "words",
    [
        "accountant carpenter teacher baker driver plumber engineer soldier clerk painter farmer cashier electrician",
        "Bacteroides Listeria Salmonella Shigella Legionella Neisseria Haemophilus Moraxella Clostridium Aspergillus",
        "albuterol salbutamol nystatin ondansetron zolpidem gabapentin pregabalin citalopram trazodone naproxen",
        "ward clinic laboratory picu nicu oncology emergency surgery maternity dialysis radiology pharmacy",
    ],
)
def test_other_words_are_not_taken_for_names(words: str) -> None:
    assert not look_for_names(words.split()).is_likely


def test_free_text_is_found_with_what_stands_in_it(tmp_path: Path) -> None:
    texts = [
        f"Woman of 91 years, seen by Dr. Levi on 3/4/2021, phone 054-1234567, id {israeli_id(12345000 + i)}, case {i}."
        for i in range(30)
    ]
    kinds = {f.kind for f in find(tmp_path, "summary", texts) if f.severity is Severity.STOP}
    assert {"text", "A", "C", "D", "G"} <= kinds


def test_a_redacted_text_holds_none_of_it() -> None:
    text = f"Dr. Levi saw Noa Cohen, {israeli_id(1234567)}, 054-1234567, noa@mail.example, on 3/4/2021. Sodium 140."
    assert redact_text(text).endswith("Sodium 140.")
    assert not any(part in redact_text(text) for part in ("Levi", "Noa", "Cohen", "1234567", "noa@", "2021"))


def test_ages_over_89_are_found_directly_and_by_birth_and_event(tmp_path: Path) -> None:
    assert find(tmp_path / "a", "age", [30, 89, 90, 95] * 10)[0].count == 20
    frame = pd.DataFrame(
        {
            "patient_id": range(40),
            "birth_year": [1920] * 5 + [1980] * 35,
            "admit_ts": pd.to_datetime(["2021-05-03"] * 40),
        }
    )
    found = check_dataset(write_dataset(tmp_path / "b", visit=frame), 11).findings
    assert [(f.count, f.total) for f in found if f.where == "visit.birth_year" and f.kind == "C"] == [(5, 40)]


def test_a_gestational_age_is_no_age() -> None:
    from rounds.custody.signs.column_names import is_age

    assert [is_age(n) for n in ("age", "mage_years", "age_at_booking", "maternal_age")] == [True, False, True, True]
    assert not any(is_age(n) for n in ("gestational_age", "age_days", "ga_weeks", "page", "dosage"))


@pytest.mark.parametrize("values", [["1930-1954", "1955 to 1979", "1980 or later"], [1950, 1961, 1972]])
def test_a_birth_date_that_is_only_a_year_or_a_band_of_years_stops_nothing(
    tmp_path: Path, values: list[object]
) -> None:
    found = find(tmp_path, "birth_date", values * 10)
    assert [f for f in found if f.kind == "C" and f.severity is Severity.STOP] == []


@pytest.mark.parametrize(
    "values", [["1930-05", "1955-11"], ["5 May 1950", "7 June 1961"], [*range(19500501, 19500513)]]
)
def test_a_birth_date_with_a_month_or_a_day_stops(tmp_path: Path, values: list[object]) -> None:
    found = find(tmp_path, "birth_date", values * 10)
    assert [f for f in found if f.kind == "C" and f.severity is Severity.STOP] != []


def test_a_span_of_days_is_no_date(tmp_path: Path) -> None:
    days = [i * 7 % 61 for i in range(120)]
    for name in ("ga_booking_days", "gestation_days", "stay_weeks", "day_since_transplant"):
        assert not [f for f in find(tmp_path / name, name, list(days)) if f.kind == "C"]
    assert [f for f in find(tmp_path / "day", "calendar_day", list(days)) if f.kind == "C"]


def test_sentinel_and_impossible_values_are_found(tmp_path: Path) -> None:
    base = [float(i % 40) for i in range(200)]
    assert "codes such as -1" in find(tmp_path / "a", "score", [*base, -1.0, -1.0, -1.0, 999.0, 999.0, 999.0])[0].what
    assert find(tmp_path / "b", "col_rec_tat", [*base, -18.6])[0].what == "negative times: impossible"
    assert "over 100 times" in find(tmp_path / "c", "col_rec_tat", [*base * 10, 61370.2])[0].what
    assert any("over 120" in f.what for f in find(tmp_path / "d", "age", [*base, 138.0]))


def test_ids_shared_with_another_challenge_are_found(tmp_path: Path) -> None:
    first = write_dataset(tmp_path, "first", t=pd.DataFrame({"patient_id": range(5000, 5100)}))
    second = write_dataset(tmp_path, "second", t=pd.DataFrame({"subject_id": range(5050, 5150)}))
    third = write_dataset(tmp_path, "third", t=pd.DataFrame({"subject_id": range(9000, 9100)}))
    found = [f for f in check_dataset(first, 11, others=[second, third]).findings if f.kind == "reuse"]
    assert [(f.count, f.total) for f in found] == [(50, 100)]
    assert '"second"' in found[0].what


def test_identifying_names_of_files_and_columns_are_found(tmp_path: Path) -> None:
    dataset = write_dataset(
        tmp_path, t=pd.DataFrame({"levi_cohen_notes": [1, 2], "x_2021-03-04": [1, 2], "age": [1, 2]})
    )
    found = check_dataset(
        dataset, 11, sources=[Path("david_cohen.csv"), Path("lab.csv"), Path("123456782.csv")]
    ).findings
    titles = {f.where for f in found if f.kind == "title" and f.severity is Severity.STOP}
    assert titles == {"t.levi_cohen_notes", "t.x_2021-03-04", "the file 1", "the file 3"}


def test_no_finding_carries_a_value(tmp_path: Path) -> None:
    values = [israeli_id(RNG.randrange(10**7, 10**8)) for _ in range(40)]
    dataset = write_dataset(tmp_path, t=pd.DataFrame({"tz": values, "name": ["Qwertz Uiop"] * 40, "age": [97] * 40}))
    said = " ".join(f.says() for f in check_dataset(dataset, 11).findings)
    assert not any(value in said for value in [*values, "Qwertz", "97"])


PUBLISHED = {
    # a published example of each scheme that has check digits
    "000000018": "Israeli",
    "123456782": "Israeli",
    "9434765919": "NHS",
    "111222333": "Dutch",
    "255081416802538": "French",
    "11010519491231002X": "Chinese",
    "52998224725": "Brazilian",
    "4111111111111111": "payment card",
    "490154203237518": "IMEI",
    "8112189876": "Swedish",
    "GB82WEST12345698765432": "IBAN",
    "12345678Z": "Spanish identity",
    "123 456 782": "Australian",
    "1237 010180": "Austrian",
    "85.07.30-033 28": "Belgian",
    "9698 658 215": "Columbian",
    "7523169263": "Bulgarian",
    "193-456-787": "Canadian",
    "12531909-2": "Chilean",
    "33392005961": "Croatian",
    "710319/2745": "Czech",
    "22400022111": "Dominican",
    "171430710-3": "Ecuadorian",
    "36805280109": "Estonian",
    "131052-308T": "Finnish",
    "36 574 261 809": "German",
    "01013099997": "Greek",
    "450401-3150": "Icelandic",
    "234123412346": "Indian",
    "6433435F": "Irish",
    "RCCMNL83S18D969H": "Italian",
    "123456789018": "Japanese",
    "971013-9019902": "Korean",
    "33309240064": "Lithuanian",
    "BOXW310820HNERXN09": "Mexican",
    "151086 95088": "Norwegian",
    "44051401359": "Polish",
    "00000000 0 ZZ4": "Portuguese",
    "1630615123457": "Romanian",
    "500100732259": "Russian",
    "7503305044089": "South African",
    "7569217076985": "Swiss",
    "1234545678781": "Thai",
    "17291716060": "Turkish",
    "1759013776": "Ukrainian",
    "0101006500006": "Yugoslavia",
    "x-2482300w": "of foreigners",
}


def scheme(part: str) -> check_digits.Scheme:
    return next(s for s in check_digits.SCHEMES if part in s.title)


@pytest.mark.parametrize(("good", "title"), PUBLISHED.items())
def test_check_digits_know_a_right_number_from_its_neighbours(good: str, title: str) -> None:
    assert scheme(title).fits(good)
    place = max(i for i, c in enumerate(good[:-1]) if c.isdigit())
    wrong = [good[:place] + d + good[place + 1 :] for d in "0123456789" if d != good[place]]
    assert sum(map(scheme(title).fits, wrong)) <= 1


def test_every_scheme_has_an_example_or_no_check_digit() -> None:
    shown = {scheme(title).title for title in PUBLISHED.values()}
    without = {"US social security numbers", "Danish personal numbers", "Malaysian identity numbers"}
    assert {s.title for s in check_digits.SCHEMES} - shown == without | {"Pakistani identity numbers"}


@settings(deadline=None)
@given(st.integers(8, 16), st.integers(1, 40), st.randoms())
def test_no_plain_counter_is_taken_for_anybodys_number(length: int, step: int, drawn: random.Random) -> None:
    start = drawn.randrange(10 ** (length - 1), 10**length - 20_000)
    values = [str(start + step * n) for n in range(400)]
    assert [s.title for s in check_digits.SCHEMES if sum(map(s.fits, values)) >= s.asks(len(values))] == []


@pytest.mark.parametrize("draw", [lambda: str(uuid4()), lambda: uuid4().hex, lambda: uuid4().hex[:16].upper()])
def test_no_random_code_is_taken_for_anybodys_number(draw: Callable[[], str]) -> None:
    values = [draw() for _ in range(400)]
    assert [s.title for s in check_digits.SCHEMES if sum(map(s.fits, values)) >= s.asks(len(values))] == []


@pytest.mark.parametrize("title", ["Polish", "Turkish", "Norwegian"])
def test_ids_of_other_countries_are_found_in_a_column(tmp_path: Path, title: str) -> None:
    good = [v for v in (f"{RNG.randrange(10**10, 10**11)}" for _ in range(200_000)) if scheme(title).fits(v)][:60]
    assert [f.kind for f in find(tmp_path, "x", [int(v) for v in good])][:1] == ["G"]


@given(st.integers(0, 99999999))
def test_each_body_has_one_israeli_check_digit(body: int) -> None:
    valid = [d for d in range(10) if check_digits.is_israeli_id(f"{body:08d}{d}")]
    assert len(valid) == (0 if body == 0 and valid == [] else 1)


def test_words_of_a_name_are_split_at_every_kind_of_border() -> None:
    assert words_of("patientFirst_Name2") == "patient first name 2"
    assert words_of("DOB") == "dob"


@pytest.mark.parametrize("name", ["note_text", "notes", "comment", "clinical_text"])
def test_few_short_notes_are_free_text_where_the_name_says_so(tmp_path: Path, name: str) -> None:
    found = find(tmp_path, name, ["patient Omar seen", "patient Noa seen"] * 100)
    assert [(f.kind, f.severity) for f in found if f.kind == "text"] == [("text", Severity.STOP)]


def test_a_column_of_codes_that_is_called_notes_is_no_free_text(tmp_path: Path) -> None:
    assert not [f for f in find(tmp_path, "notes", ["A1", "B2"] * 100) if f.kind == "text"]


@pytest.mark.parametrize("scheme", check_digits.SCHEMES, ids=lambda s: s.title)
@given(data=st.data())
def test_a_scheme_says_yes_or_no_to_whatever_has_its_shape(scheme: check_digits.Scheme, data: st.DataObject) -> None:
    assert scheme.fits(data.draw(st.from_regex(scheme.shape, fullmatch=True))) in (True, False)
