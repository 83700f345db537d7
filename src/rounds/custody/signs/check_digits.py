"""Numbers with check digits: national ids, cards, accounts, devices.  python-stdnum knows the rules of each.

Here stand the shapes in which they are written, and how many must fit before chance is no explanation.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from stdnum import luhn
from stdnum.il import idnr

LONG_ENOUGH = r"[0-9A-Za-z][0-9A-Za-z .+/\-]{6,41}"  # what every shape below asks at the least


def is_israeli_id(digits: str) -> bool:
    """Tell whether a number of 5 to 9 digits is an Israeli identity number."""
    return 5 <= len(digits) <= 9 and idnr.is_valid(digits)


def is_swedish_number(digits: str) -> bool:
    """Tell whether ten or twelve digits are a Swedish number, of a citizen or of a guest, whose day is 60 higher."""
    return 1 <= int(digits[-8:-6]) <= 12 and luhn.is_valid(digits[-10:])


@dataclass(frozen=True)
class Scheme:
    """A numbering scheme: class, shape, module of ``stdnum``, and the fewest values that say more than chance."""

    kind: str
    title: str
    shape: str
    module: str
    fewest: int = 6  # of eleven random numbers six pass a test by one digit in one column of 2,000

    def asks(self, different: int) -> float:
        """Return how many of so many different values must fit: half, unless the shape alone says it."""
        return self.fewest if self.fewest == 1 else max(self.fewest, different / 2)

    def fits(self, text: str) -> bool:
        """Tell whether a whole value is a number of this scheme, with or without spaces, hyphens and dots."""
        if re.fullmatch(self.shape, text, re.ASCII) is None:
            return False
        bare = re.sub(r"[\s.\-+/]", "", text).upper()
        if self.module in OWN:
            return bool(OWN[self.module](bare))
        try:
            return any(map(import_module(f"stdnum.{self.module}").is_valid, (bare, text.upper())))
        except (LookupError, ValueError):  # some of its tables have holes: its cn.ric raises KeyError for a birthplace
            return False


OWN: dict[str, Any] = {"il": is_israeli_id, "se": is_swedish_number}
SCHEMES = (
    Scheme("G", "Israeli identity numbers", r"\d{8,9}|\d{8}-\d", "il", 3),
    Scheme("G", "US social security numbers", r"\d{3}-\d{2}-\d{4}", "us.ssn", 1),  # none else is written so
    Scheme("G", "NHS numbers", r"\d{3}[ -]?\d{3}[ -]?\d{4}", "gb.nhs", 3),
    Scheme("G", "Dutch citizen numbers", r"\d{9}", "nl.bsn", 3),
    Scheme("G", "Spanish identity numbers", r"\d{8}-?[A-Za-z]", "es.dni", 3),
    Scheme("G", "Spanish numbers of foreigners", r"[XYZxyz]-?\d{7}-?[A-Za-z]", "es.nie", 3),
    Scheme("G", "French social security numbers", r"[12]( ?\d){5}( ?[\dABab])( ?\d){8}", "fr.nir", 3),
    # the remainder alone: stdnum's cn.ric raises KeyError for some birthplaces
    Scheme("G", "Chinese resident numbers", r"\d{17}[\dXx]", "iso7064.mod_11_2", 3),
    Scheme("G", "Brazilian taxpayer numbers", r"\d{3}\.?\d{3}\.?\d{3}-?\d{2}", "br.cpf", 3),
    Scheme("G", "Swedish personal numbers", r"(\d{2})?\d{6}[-+]?\d{4}", "se", 3),
    Scheme("J", "payment card numbers", r"[3-6]\d{3}([ -]?\d{4}){2}[ -]?\d{1,7}", "luhn", 3),
    Scheme("J", "bank account numbers (IBAN)", r"[A-Z]{2}\d{2}( ?[A-Z0-9]{2,4}){3,8}", "iban", 3),
    Scheme("M", "mobile device numbers (IMEI)", r"\d{15}", "imei", 3),
    Scheme("G", "Australian tax file numbers", r"\d{3}[ -]?\d{3}[ -]?\d{3}", "au.tfn"),
    Scheme("G", "Austrian social security numbers", r"\d{4} ?\d{6}", "at.vnr"),
    Scheme("G", "Belgian national numbers", r"\d{2}\.?\d{2}\.?\d{2}[- ]?\d{3}[-. ]?\d{2}", "be.nn"),
    Scheme("G", "British Columbian health numbers", r"9\d{3}[ -]?\d{3}[ -]?\d{3}", "ca.bc_phn"),
    Scheme("G", "Bulgarian personal numbers", r"\d{10}", "bg.egn"),
    Scheme("G", "Canadian social insurance numbers", r"\d{3}[ -]?\d{3}[ -]?\d{3}", "ca.sin"),
    Scheme("G", "Chilean numbers", r"\d{1,2}\.?\d{3}\.?\d{3}-[\dKk]", "cl.rut"),
    Scheme("G", "Croatian personal numbers", r"\d{11}", "hr.oib"),
    Scheme(
        "G", "Czech and Slovak birth numbers", r"\d{6}/\d{3}|\d{6}/?\d{4}", "cz.rc"
    ),  # nine digits have no check digit
    Scheme("G", "Danish personal numbers", r"\d{6}-\d{4}", "dk.cpr"),
    Scheme("G", "Dominican identity numbers", r"\d{3}-?\d{7}-?\d", "do.cedula"),
    Scheme("G", "Ecuadorian identity numbers", r"\d{9}-?\d", "ec.ci"),
    Scheme("G", "Estonian personal numbers", r"[1-8]\d{10}", "ee.ik"),
    Scheme("G", "Finnish personal numbers", r"\d{6}[-+A-FU-Ya-fu-y]\d{3}[0-9A-Za-z]", "fi.hetu"),
    Scheme("G", "German tax numbers of people", r"[1-9]\d( ?\d{3}){3}", "de.idnr"),
    Scheme("G", "Greek social security numbers", r"\d{11}", "gr.amka"),
    Scheme("G", "Icelandic personal numbers", r"\d{6}-?\d{4}", "is_.kennitala"),
    Scheme("G", "Indian identity numbers (Aadhaar)", r"[2-9]\d{3}([ -]?\d{4}){2}", "in_.aadhaar"),
    Scheme("G", "Irish personal numbers", r"\d{7}[A-Wa-w][A-IWa-iw]?", "ie.pps"),
    Scheme("G", "Italian fiscal codes", r"[A-Za-z]{6}\w{2}[A-Za-z]\w{2}[A-Za-z]\w{3}[A-Za-z]", "it.codicefiscale"),
    Scheme("G", "Japanese personal numbers", r"\d{4}([ -]?\d{4}){2}", "jp.in_"),
    Scheme("G", "Korean resident numbers", r"\d{6}-?\d{7}", "kr.rrn"),
    Scheme("G", "Lithuanian personal numbers", r"[1-6]\d{10}", "lt.asmens"),
    Scheme("G", "Malaysian identity numbers", r"\d{6}-\d{2}-\d{4}", "my.nric"),
    Scheme("G", "Mexican population numbers", r"[A-Za-z]{4}\d{6}[A-Za-z]{6}[0-9A-Za-z]\d", "mx.curp"),
    Scheme("G", "Norwegian birth numbers", r"\d{6} ?\d{5}", "no.fodselsnummer"),
    Scheme("G", "Pakistani identity numbers", r"\d{5}-\d{7}-\d", "pk.cnic"),
    Scheme("G", "Polish national numbers", r"\d{11}", "pl.pesel"),
    Scheme("G", "Portuguese identity numbers", r"\d{8} ?\d ?[0-9A-Za-z]{2}\d", "pt.cc"),
    Scheme("G", "Romanian personal numbers", r"[1-9]\d{12}", "ro.cnp"),
    Scheme("G", "Russian taxpayer numbers", r"\d{12}", "ru.inn"),
    Scheme("G", "South African identity numbers", r"\d{13}", "za.idnr"),
    Scheme("G", "Swiss social security numbers", r"756\.?\d{4}\.?\d{4}\.?\d{2}", "ch.ssn"),
    Scheme("G", "Thai personal numbers", r"[1-8]-?\d{4}-?\d{5}-?\d{2}-?\d", "th.pin"),
    Scheme("G", "Turkish identity numbers", r"[1-9]\d{10}", "tr.tckimlik"),
    Scheme("G", "Ukrainian taxpayer numbers", r"\d{10}", "ua.rntrc"),
    Scheme("G", "Citizen numbers of former Yugoslavia", r"\d{13}", "si.emso"),
)
