"""What the text of a slot names, told by its form and small lists of words: a person, a place, a time, an event.

Each answers for the whole text and only where the form is plain, so that an unusual right answer passes: "the nurse on
the ward" is a person, "phone the nurse" is none.
"""

from __future__ import annotations

import re
from collections.abc import Collection


def list_words(text: str) -> frozenset[str]:
    """Return the words of a text, each once."""
    return frozenset(text.split())


STAFF = list_words(
    """
    nurse nurses doctor doctors physician physicians midwife midwives surgeon surgeons pharmacist pharmacists
    clinician clinicians therapist therapists physiotherapist dietitian paramedic registrar resident consultant
    cardiologist neonatologist obstetrician haematologist hematologist microbiologist anaesthetist anesthetist
    intensivist team teams staff manager coordinator assistant secretary engineer
    """
)
SICK = list_words(
    """
    patient patients person people woman women man men mother mothers adult adults
    """
)
PLACES = list_words(
    """
    ward wards hospital hospitals clinic clinics icu nicu unit units department departments laboratory lab room
    rooms bedside office theatre pharmacy floor home bed beds building station centre center
    """
)
MOMENTS = list_words(
    """
    morning mornings evening afternoon night noon midnight midday day days hour hours week weeks month months
    year years today tomorrow weekday visit admission discharge arrival entry birth delivery surgery operation
    round rounds shift handover time moment start end beginning o'clock am pm before after when once until
    daily hourly weekly monthly first last every each minute minutes transfer booking appointment scan call
    triage diagnosis enrolment enrollment transplantation transplant infusion conditioning
    """
)
TIMES = list_words(
    """
    morning evening afternoon night noon midnight midday day hour week month weekend time moment date
    """
)
BEFORE = list_words(
    """
    ward night charge head senior junior icu duty family study research discharge hospital emergency intensive
    care transplant covid maternity labour surgical medical general heart stroke
    """
)
UNIT = (
    r"(?:minutes?|mins?|h|hrs?|hours?|d|days?|nights?|shifts?|wks?|weeks?|fortnights?|mths?|months?|trimesters?|"
    r"quarters?|yrs?|years?)"
)
_SMALL = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
_LARGE = "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred half"
_COUNT = rf"(?:\d+(?:[.,]\d+)?|{'|'.join((_SMALL + ' ' + _LARGE).split())})"
_ONE = r"(?:an?|next|first|coming|following|same)"
_SINGLE = r"(?:minute|hour|day|night|shift|week|fortnight|month|trimester|quarter|year)"
NUMBER = rf"(?:{_COUNT}|{_ONE})"
DURATION = re.compile(
    rf"\b{_COUNT}[\s-]*(?:\w+[\s-]+)?{UNIT}\b|\b{_ONE}\s+(?:(?:calendar|working|full|whole|half)\s+)?{_SINGLE}\b|"
    rf"\b(?:half an?)\s+{_SINGLE}\b",
    re.I,
)
_WHOLE = re.compile(rf"(?:within |in |for |during )?(?:the )?(?:next |first |coming )?{NUMBER}[\s-]*{UNIT}", re.I)
_ARTICLE = re.compile(r"^(?:the|an?|our|one|each|every|any|some|this|their|his|her)\s+", re.I)
_TAIL = re.compile(r"\s+(?:on|of|in|at|from|for|with|or|and)\s.*$", re.I)
_LINKS = list_words("to the a an on of in at from for with into by and or that who which")
_CLOCK = re.compile(
    r"\b(?:at|by|before)\s+\d|\b\d{1,2}(?::\d\d|\s*(?:am|pm|h))\b|\b(?:each|every)\s+\w*(?:day|ing)\b", re.I
)
_VAGUE = re.compile(
    r"^(?:the|a|an|their|his|her|its|our)?\s*(?:(?:high|low|higher|future|clinical|patient'?s?|individual|overall)\s+)*"
    r"(?:risks?|outcomes?|results?|probability|chance|likelihood|odds|score|prognosis|status|event|events|something|"
    r"everything|prediction|future|condition|state|situation|problem|problems)"
    r"(?:\s+(?:of|for)\s+(?:the|a|each|every|this)?\s*(?:patients?|person|people|mothers?|wom[ae]n))?$",
    re.I,
)
_EVERYBODY = re.compile(
    r"^(?:all(?: of)?|every|any|the|our|most|many|some)?\s*(?:the |our )?"
    r"(?:everybody|everyone|anybody|anyone|all|patients?|people|persons?|humans?|them|us|cases)"
    r"(?: (?:in|of|from|on) (?:the )?(?:hospital|world|data|dataset|table))?$",
    re.I,
)
_ACT = re.compile(
    r"^(?:to\s+)?(?:order|phone|call|plan|draw|give|start|stop|book|visit|check|ask|send|take|measure|prescribe|treat|test|"
    r"admit|arrange|offer|weigh|see|know|do|act|help|decide)\s+\S",
    re.I,
)


def is_staff(text: str) -> bool:
    """Return whether a text names one who works in a hospital and nobody else: of several one may well ask."""
    return _ends_in(text, {name for name in STAFF if not name.endswith("s") or name == "staff"})


def is_person(text: str) -> bool:
    """Return whether a text names people and nothing else.

    Examples
    --------
    >>> is_person("the nurse on the ward"), is_person("phone the nurse"), is_person("The nurse phones the patient")
    (True, False, False)
    """
    return _ends_in(text, STAFF | SICK)


def is_place(text: str) -> bool:
    """Return whether a text names a place, and no time.

    Examples
    --------
    >>> is_place("the transplant ward"), is_place("at the ward round"), is_place("entry to the ward")
    (True, False, False)
    """
    text = re.sub(r"^(?:at|in|on|inside)\s+", "", text.strip(), flags=re.I)
    words = _words(_TAIL.sub("", _ARTICLE.sub("", text)))
    told = set(_words(text)) - {"transplant", "delivery", "birth", "surgery", "admission", "first", "day", "night"}
    return (
        _ends_in(text, PLACES) and bool(words) and not told & MOMENTS and not re.search(r"\d{1,2}(:|\s*am|\s*pm)", text)
    )


def is_length(text: str) -> bool:
    """Return whether a text is a length of time and nothing else, like "the next 48 hours"."""
    return _WHOLE.fullmatch(text.strip()) is not None


def is_time(text: str) -> bool:
    """Return whether a text is a length of time, or a moment: "each morning at 7", "the day of discharge"."""
    text = text.strip()
    words = _words(re.sub(r"^(?:next|first|last|same|following|coming)\s+", "", _ARTICLE.sub("", text), flags=re.I))
    names_one = _ARTICLE.match(text) is not None and bool(words) and words[0] in TIMES
    return is_length(text) or names_one or _CLOCK.match(text) is not None


def is_vague(text: str) -> bool:
    """Return whether a text names no event that can be seen: "the risk", and not "the risk of a fall"."""
    return _VAGUE.match(text.strip()) is not None


def is_everybody(text: str) -> bool:
    """Return whether a text says no more than that somebody is meant: "all patients"."""
    return _EVERYBODY.match(text.strip()) is not None


def is_act(text: str) -> bool:
    """Return whether a text begins with what somebody does."""
    words = _words(text)
    is_name = bool(words) and words[-1] in STAFF and not {"the", "a", "an"} & set(words)  # "call centre nurse"
    return _ACT.match(text.strip()) is not None and not is_name


def _ends_in(text: str, heads: Collection[str]) -> bool:
    """Return whether a text is a noun of these with words before it that are no links and no acts."""
    bare = text.strip().rstrip(".!")
    has_article = _ARTICLE.match(bare) is not None
    words = _words(_TAIL.sub("", _ARTICLE.sub("", bare)))
    if not words or words[-1] not in heads or len(words) > 5 or _LINKS & set(words):
        return False
    return has_article or set(words[:-1]) <= (BEFORE if words[-1] not in SICK else set())


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9'-]+", text.lower())
