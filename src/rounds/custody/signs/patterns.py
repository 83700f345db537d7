"""Shapes inside a text that point at a person: e-mail, telephone, addresses, dates, numbers with a label.

The expressions use no look-around, so that Arrow's fast engine takes them as well.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rounds.custody.signs.calendar_words import month_expression

_MONTH = rf"(?:{month_expression()}|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*)"
EDGE = r"(?:^|[^א-ת])"  # where a Hebrew word begins: Arrow's engine knows no such edge of its own
BEFORE_NUMBERS, AFTER_NUMBERS = r"(?:^|[^\w.])", r"(?:$|[^\w.]|\.(?:$|\s))"  # more numbers make it an object identifier
_EDGES = {EDGE: r"(?<![א-ת])", BEFORE_NUMBERS: r"(?<![\w.])", AFTER_NUMBERS: r"(?![\w]|\.\w)"}
_OCTET = r"(?:25[0-5]|2[0-4]\d|1?\d?\d)"


@dataclass(frozen=True)
class Pattern:
    """One shape: its class, its name and its expression; ``severe`` when it identifies by itself."""

    kind: str
    title: str
    expression: str

    @property
    def compiled(self) -> re.Pattern[str]:
        """Return the compiled expression (the re module remembers it); an edge takes no letter with it."""
        expression = self.expression
        for edge, without in _EDGES.items():
            expression = expression.replace(edge, without)
        return re.compile(expression)


EMAIL = Pattern("F", "e-mail addresses", r"(?i)[a-z0-9._%+\-]+@[a-z0-9.\-]+\.[a-z]{2,}")
URL = Pattern("N", "web addresses", r"(?i)\b(?:https?://|ftp://|www\.)[^\s<>\"]+")
IPV4 = Pattern("O", "IP addresses", rf"{BEFORE_NUMBERS}{_OCTET}\.{_OCTET}\.{_OCTET}\.{_OCTET}{AFTER_NUMBERS}")
IPV6 = Pattern(
    "O", "IP addresses", r"(?i)\b(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}\b|\b(?:[0-9a-f]{1,4}:){2,6}:[0-9a-f]{1,4}\b"
)
MAC = Pattern("M", "network device addresses", r"(?i)\b(?:[0-9a-f]{2}[:\-]){5}[0-9a-f]{2}\b")
UDI = Pattern("M", "medical device ids (UDI)", r"\(01\)\d{14}")
PHONE = Pattern(
    "D",
    "telephone numbers",
    r"\+\d{1,3}[ \-.]?\(?\d{1,4}\)?(?:[ \-.]?\d{2,4}){2,4}"  # with a country code
    r"|\b0(?:5\d|7\d|[23489])[ \-]?\d{3}[ \-]?\d{4}\b"  # Israeli
    r"|\(\d{3}\) ?\d{3}[ \-.]\d{4}|\b\d{3}[\-.]\d{3}[\-.]\d{4}\b",  # North American
)
FAX = Pattern("E", "fax numbers", r"(?i)\bfax\b[^\d\n]{0,12}\+?[\d\-() ]{7,}")
MRN = Pattern(
    "H", "medical record numbers", r"(?i)\b(?:mrn|medical record|record no|chart no|file no|ת\.?ת\.?)\b\D{0,8}\d{4,}"
)
PLAN = Pattern(
    "I", "health plan numbers", r"(?i)\b(?:member|policy|insurance|plan|hmo) ?(?:id|no|number|#)\D{0,4}\w*\d{4,}"
)
LICENCE = Pattern("K", "licence numbers", r"(?i)\b(?:licen[cs]e|certificate|lic\.) ?(?:id|no|number|#)\D{0,4}\w*\d{4,}")
PLATE = Pattern("L", "vehicle plates", r"\b\d{2}-\d{3}-\d{2}\b|\b\d{3}-\d{2}-\d{3}\b")
SERIAL = Pattern(
    "M", "device serial numbers", r"(?i)\b(?:serial|s/n|sn|device id)[ .:#]*(?:no|number)?[ .:#]*[a-z]*\d[\w\-]{4,}"
)
DATE = Pattern(
    "C",
    "dates finer than a year",
    rf"(?i)\b(?:19|20)\d\d[\-/.](?:0?[1-9]|1[0-2])[\-/.](?:0?[1-9]|[12]\d|3[01])\b"
    rf"|{BEFORE_NUMBERS}(?:0?[1-9]|[12]\d|3[01])[\-/.](?:0?[1-9]|1[0-2])[\-/.](?:19|20)?\d\d{AFTER_NUMBERS}"
    rf"|\b(?:0?[1-9]|1[0-2])/(?:0?[1-9]|[12]\d|3[01])/(?:19|20)?\d\d\b"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th|er|\.)?[ \-]?(?:de |ב)?{_MONTH}(?:,| de)?[ \-]?(?:19|20)\d\d\b"
    rf"|\b{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? (?:19|20)\d\d\b",
)
ADDRESS = Pattern(
    "B",
    "street addresses",
    r"(?i)\b\d{1,5} [a-z][a-z'.\-]+(?: [a-z][a-z'.\-]+){0,2} "
    r"(?:street|st|avenue|ave|road|rd|lane|ln|boulevard|blvd|drive|court|square)\b"
    r"|\b(?:rehov|sderot|derech) [a-z'\-]+(?: [a-z'\-]+)? \d{1,4}\b|(?:רחוב|רח'|שדרות|דרך) [א-ת'\"\- ]{2,20} ?\d{1,4}",
)
PERSON = Pattern(
    "A",
    "names of people",
    r"\b(?:Dr|Mr|Mrs|Ms|Prof|Sister|Nurse|Doctor)\.? [A-Z][a-z]+(?:[ \-][A-Z][a-z]+)?"
    rf"|{EDGE}"
    r"[ולבמהש]?(?:ד\"ר|ד''ר|פרופ'|מר|גב'|גברת) [א-ת]{2,}(?: [א-ת]{2,})?",
)
IMAGE = Pattern("Q", "image files", r"(?i)\.(?:jpe?g|png|gif|bmp|tiff?|dcm|heic)$|^data:image/")
UUID = Pattern("R", "unique codes (UUID)", r"(?i)\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")
OLD_AGE = Pattern(
    "C",
    "ages over 89",
    r"(?i)\b(?:9\d|1[0-2]\d)[ \-]?(?:years?|yrs?|y/?o|year)[ \-]?(?:old)?\b|\bage[d]? (?:9\d|1[0-2]\d)\b",
)

CONTENT = (
    EMAIL, URL, IPV4, IPV6, MAC, UDI, FAX, PHONE, MRN, PLAN, LICENCE, PLATE, SERIAL, ADDRESS, PERSON, IMAGE, UUID,
    DATE, OLD_AGE,
)  # fmt: skip
RANDOM_ID = r"r[0-9a-f]{16}"
CODE = r"[A-Za-z]{0,6}[\-_ ]?\d[\dA-Za-z\-_]{4,}"  # as a chart, a stay or a specimen is numbered
