"""One finding: what was found, where, how much of it, how serious it is, and what to do.

A finding never carries a patient's value: only names of tables and columns, and counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

SAFE_HARBOR = {
    "A": "names",
    "B": "places smaller than a state",
    "C": "dates finer than a year, ages over 89",
    "D": "telephone numbers",
    "E": "fax numbers",
    "F": "e-mail addresses",
    "G": "social security and national id numbers",
    "H": "medical record numbers",
    "I": "health plan numbers",
    "J": "account numbers",
    "K": "certificate and licence numbers",
    "L": "vehicle ids and plates",
    "M": "device ids and serial numbers",
    "N": "web addresses",
    "O": "IP addresses",
    "P": "biometric data",
    "Q": "face photographs and images",
    "R": "any other unique number, characteristic or code",
}
OWN = {
    "text": "free text",
    "k": "k-anonymity",
    "l": "l-diversity",
    "t": "t-closeness",
    "risk": "re-identification risk",
    "group": "small groups",
    "reuse": "ids reused in another challenge",
    "title": "identifying names of files and columns",
    "again": "quasi-identifiers that other columns tell again",
    "beyond": "knowledge that k does not count",
    "nobody": "rows without a person",
    "orphan": "rows of people who are in no table of people",
    "seen": "texts that nobody has seen",
    "value": "sentinel and impossible values",
    "role": "roles not yet declared",
}
KINDS = {**SAFE_HARBOR, **OWN}


class Severity(StrEnum):
    """How serious a finding is: ``stop`` bars publishing, ``look`` wants a decision, ``note`` is for the record."""

    STOP = "stop"
    LOOK = "look"
    NOTE = "note"


@dataclass(frozen=True)
class Finding:
    """One thing found in one place: ``count`` of ``total`` values, rows, people or classes."""

    kind: str
    severity: Severity
    where: str
    what: str
    count: int
    total: int
    advice: str
    by: str = ""

    @property
    def title(self) -> str:
        """Return the class in words."""
        return KINDS[self.kind]

    def says(self) -> str:
        """Return the finding as one line of text."""
        amount = f" ({self.count:,} of {self.total:,})" if self.total else ""
        return f"[{self.severity}] {self.where}: {self.what}{amount}. {self.advice}"


def in_order(findings: list[Finding]) -> tuple[Finding, ...]:
    """Return the findings, the serious ones first, each only once."""
    rank = {severity: i for i, severity in enumerate(Severity)}
    return tuple(sorted(dict.fromkeys(findings), key=lambda f: (rank[f.severity], f.where, f.kind)))
