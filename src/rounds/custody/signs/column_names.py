"""What a column's name says about its content, in the languages of hospitals, as one table of rules.

Names are compared without accents: "Prénom" as "prenom"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from rounds.custody.signs.calendar_words import without_accents

if TYPE_CHECKING:
    from rounds.data.package import Column

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_a-zA-Z]+")

NATIONAL = "G"  # the class of national id numbers

# (kind, a pattern over the words of the name joined by single spaces); the first that fits wins
_RULES: tuple[tuple[str, str], ...] = (
    ("E", r"fax|פקס"),
    ("F", r"e ?mail|mail address|דואל|אימייל"),
    ("N", r"url|website|web page|homepage|http|link"),
    ("O", r"ip|ip ?address|ipv4|ipv6"),
    ("D", r"phone|telephone|tel|mobile|cell ?phone|cell number|טלפון|נייד|סלולרי"),
    (
        NATIONAL,
        r"((patient|person|subject|member|mother|father|child) )?"
        r"(ssn|social security|national (id|identity|identification|number|insurance|registration)|te?udat ?zehut|tz"
        r"|nhs|bsn|burgerservicenummer|dni|curp|cpf|nino|aadhaa?r|pesel|emirates id|personn?ummer|person nr"
        r"|personal identity|f ?[øo] ?dselsn(umme)?r|henkil ?[öo] ?tunnus|svnr|sozialversicherungsnummer"
        r"|codice fiscale|steuer ?id|passport|identity( card)?|תעודת ה?זהות|ת ?ז|דרכון|снилс|паспорт|رقم الهوية)"
        r"( number| no| num| nr| id| code)?|id ?number|id ?num|id card( number| no)?"
        r"|(nif|nie|rut|cpr|cnp|egn|oib|ahv|avs|nir|hetu) (number|no|nr|id)"  # alone these are clinical words too
        r"|(מספר|מס) (תעודת )?ה?(זהות|דרכון|זיהוי)|(מספר|מס) ת ?ז"
        r"|(תעודת זהות|ת ?ז|מספר זהות) (של )?ה?(מטופלת?|חולה|אם|אב|אמא|אבא|ילד|יילוד|נבדקת?)",
    ),
    ("H", r"mrn|medical record.*|record (number|no)|chart (number|no)|file (number|no)|hospital (number|no)|תיק"),
    ("I", r"(health )?(plan|insurance|policy|member|beneficiary|hmo)( card)? (id|number|no)|kupa number|פוליסה"),
    ("J", r"(bank )?account( id| number| no)?|iban|credit card|card number|billing (id|number)|חשבון"),
    ("K", r"(driver )?(licen[cs]e|certificate)( id| number| no)?|רישיון"),
    ("L", r"vehicle.*|license plate|plate|number plate|vin|car (number|no)"),
    ("M", r"device (id|serial|number)|serial( number| no)?|imei|imsi|udi|mac( address)?|pacemaker serial|implant id"),
    ("P", r"fingerprints?|biometrics?|retina scan|voice ?print|iris|dna sequence|genome"),
    ("Q", r"(face |patient |full )?(photo|photograph|picture|image|selfie)( file| path)?|dicom|תמונה"),
    (
        "A",
        r"(fake |patient |person |full |first |given |last |family |middle |maiden |sur|nick|mother |father |spouse "
        r"|guardian |physician |doctor |nurse |contact |emergency |user )+ ?name|f ?name|l ?name|surname|forename"
        r"|initials|next of kin|name|שם|שם פרטי|שם משפחה|שם מלא|שם (נעורים|האם|האב|המטופלת?)"
        r"|first|last|maiden|middle|given|family|second name|patronymic|prefix|suffix"
        r"|(vor|nach|zu|ruf|familien|geburts|patienten)? ?name|name des patienten"
        r"|prenoms?|nom( (de famille|de naissance|d usage|usuel|patient|du patient))?"
        r"|nombres?( (completo|del? paciente))?|((primer|segundo) )?apellidos?( (paterno|materno))?"
        r"|nome( (completo|paziente|do paciente))?|cognome|sobrenome|voornaam|achternaam|imie|nazwisko"
        r"|имя( пациента)?|фамилия|отчество|ф ?и ?о|фио"
        r"|ال?اسم( (ال)?(اول|عائلة|كامل|مريض|اب|ام))?|الاسم (الاول|الكامل)|اسم (العائلة|المريض|الاب|الام)|اللقب|الكنية",
    ),
    (
        "B",
        r"(home |street |mailing |residence )?address.*|street|city|town|village|settlement|county|precinct|district"
        r"|zip|zip ?code|postal ?code|post ?code|postcode|neighbou?rhood|latitude|longitude|lat|lon|lng|gps|geo ?code"
        r"|census tract|birth ?place|כתובת|רחוב|עיר|יישוב|מיקוד",
    ),
    (
        "C",
        r"(dob|date of birth|birth ?date|birthday|date of death|death ?date)|תאריך לידה|תאריך"
        r"|geburts ?(datum|tag)|sterbe ?datum|date de (naissance|deces)|fecha( de)? (nacimiento|defuncion)"
        r"|data di nascita|data de nascimento|geboorte ?datum|дата рождения|дата смерти"
        r"|تاريخ (الميلاد|الولادة|الوفاة)",
    ),
    (
        "text",
        r"((free|notes?|report|comments?|clinical) )?text|notes?|comments?|remarks?|narrative|report|summary|anamnesis"
        r"|הערות|סיכום",
    ),
)
_COMPILED = tuple((kind, re.compile(rf"(?:{without_accents(pattern)})")) for kind, pattern in _RULES)
_PERSON = re.compile(
    r"(patient|person|subject|participant|mother|child|case|member|individual|people)( id| number| no| key| code)"
    r"|pid|mrn|subject|patient|person|rownames|row ?id|record id|study id|encounter id|visit id|admission id"
    r"|specimen id|sample id|accession( id| number)?|note id|pregnancy id|transplant id|id|uid|uuid|guid"
    r"|(icu ?)?stay( id| number| no| key)|(hadm|admit|order|request|result|report|prescription|transfer|event) id"
    r"|((preceding|parent) )?(visit|condition|drug|procedure|device) (occurrence|exposure|detail|era) id"  # OMOP
    r"|(measurement|observation|observation period|dose era|death|episode|provider|care site|location) id"
    r"|person source value|payer plan period id"
    r"|מזהה( מטופל)?|(מספר|מס) מטופל"
)
_QUASI = re.compile(
    r".*\b([mf]?age|sex|gender|birth year|year of birth|ethnic|ethnicity|race|religion|sector|marital|marital status"
    r"|occupation|profession|education|language|country|nationality|immigration|hmo|insurance|payor|payer|clinic"
    r"|ward|site|hospital|region|era|group|patient class|state|skin tone|origin"
    r"|ה?(גיל|מין|מגדר|מחלקה|לאום|דת|מצב משפחתי|עיסוק|מקצוע|השכלה|אזרחות|קופה|קופת חולים|מרפאה|בית חולים|אזור|מגזר)"
    r"|שנת ה?לידה|ארץ ה?לידה)\b.*"
)
_AGE = re.compile(
    r"(.*\b)?(age|alter|edad|idade|eta|leeftijd|возраст|גיל|العمر)"
    r"(( in)? (years|yrs|y|jahren?))?( (at|when|bei) .*)?"
)
_NOT_AGE = re.compile(r".*\b(gestational|gestation|bone|mental|ga|months?|days?|weeks?|hours?)\b.*")
_SPAN = {
    "gestation",
    "gestational",
    "ga",
    "stay",
    "los",
    "since",
    "after",
    "duration",
    "age",
    "until",
    "followup",
    "before",
}
_DAY = re.compile(r".*\b(day|date|week|month|doy)\b.*|date|יום")
_BIRTH = re.compile(
    r"dob|.*\b(birth ?date|date ?(time )?of birth|birthday|birth (ts|time|date ?time|moment))\b.*|birth|תאריך לידה"
    r"|geburts ?(datum|tag)|date de naissance|fecha( de)? nacimiento|data di nascita|data de nascimento"
    r"|geboorte ?datum|дата рождения|تاريخ (الميلاد|الولادة)"
)
_TIMES = {
    "date", "datum", "fecha", "дата", "تاريخ", "dt", "datetime", "timestamp", "ts", "zeitpunkt", "uhrzeit", "heure",
    "hora", "time", "время", "وقت", "שעה", "תאריך",
}  # fmt: skip
_BIRTH_PART = re.compile(r"(month|day|week) of birth|birth (month|day|week)|[md]ob")
_BIRTH_YEAR = re.compile(r"(birth ?year|year of birth|yob)")


def words_of(name: str) -> str:
    """Return the words of a column's name in small letters: ``patientFirst_Name`` gives "patient first name"."""
    return " ".join(word.lower() for word in _WORD.findall(without_accents(name)))


def kind_of_name(name: str) -> str | None:
    """Return the class that a column's name points at, or None."""
    words = words_of(name)
    return next((kind for kind, pattern in _COMPILED if pattern.fullmatch(words)), None)


def is_record_key(name: str) -> bool:
    """Tell whether a name is that of a key: of a person, a visit, a specimen or a row."""
    return _PERSON.fullmatch(words_of(name)) is not None


def is_place_key(name: str) -> bool:
    """Tell whether a name is that of a key of a place or of a member of staff, which other people may know."""
    return (
        re.fullmatch(r"(location|provider|care site|physician|doctor|nurse|surgeon|staff) id", words_of(name))
        is not None
    )


def is_key(column: Column) -> bool:
    """Tell whether a column is a key: it was declared an identifier, or its name says so."""
    return column.role == "identifier" or is_record_key(column.name)


def person_candidates(names: Iterable[str]) -> list[str]:
    """Return the columns that may tell people apart by their names, the likeliest first; those of relatives last."""
    names = list(names)
    keys = [name for name in names if is_person_key(name)]
    numbers = [name for name in names if kind_of_name(name) in ("G", "H") and name not in keys]  # national, record
    return sorted([*keys, *numbers], key=is_relative)


def is_relative(name: str) -> bool:
    """Tell whether a name is that of a relative's key, such as ``mother_id``."""
    return any(word in name for word in ("mother", "child", "father", "sibling", "twin"))


def is_person_key(name: str) -> bool:
    """Tell whether a name is that of a person's key."""
    words = words_of(name)
    return bool(
        re.fullmatch(
            r"((patient|person|subject|participant|mother|individual|member)( id| number| no| key)?|pid|mrn)", words
        )
    )


def is_quasi(name: str) -> bool:
    """Tell whether a column is known to others too: age, sex, place of care and the like."""
    return _QUASI.fullmatch(words_of(name)) is not None


def is_age(name: str) -> bool:
    """Tell whether a column holds ages in years."""
    words = words_of(name)
    return _AGE.fullmatch(words) is not None and _NOT_AGE.fullmatch(words) is None


def is_day(name: str) -> bool:
    """Tell whether a number in this column may be a day, week or month of a calendar; days in the plural are a span."""
    words = words_of(name)
    return _DAY.fullmatch(words) is not None and not _SPAN & set(words.split())


def is_birth_date(name: str) -> bool:
    """Tell whether a column holds dates of birth."""
    return _BIRTH.fullmatch(words_of(name)) is not None


def is_birth_part(name: str) -> bool:
    """Tell whether a column holds the month, week or day of a birth without its year."""
    words = words_of(name)
    return _BIRTH_PART.fullmatch(words) is not None and words != "dob"


def is_birth_year(name: str) -> bool:
    """Tell whether a column holds years of birth."""
    return _BIRTH_YEAR.fullmatch(words_of(name)) is not None


def says_date(name: str) -> bool:
    """Tell whether a column's name says that it holds dates or moments."""
    words = words_of(name)
    return is_day(name) or is_birth_date(name) or kind_of_name(name) == "C" or bool(_TIMES & set(words.split()))
