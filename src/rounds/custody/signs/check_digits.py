"""Numbers with check digits: national ids, cards, accounts, devices, vehicles.  Each test takes the bare number."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass


def is_luhn(digits: str) -> bool:
    """Tell whether the Luhn sum is a multiple of ten (cards, IMEI, Swedish numbers)."""
    values = [int(d) for d in reversed(digits)]
    doubled = (sum(divmod(2 * v, 10)) if i % 2 else v for i, v in enumerate(values))
    return sum(doubled) % 10 == 0


def is_israeli_id(digits: str) -> bool:
    """Tell whether a number of 5 to 9 digits is an Israeli identity number: weights 1, 2, 1, 2, ..."""
    if not 5 <= len(digits) <= 9 or int(digits) == 0:
        return False
    products = (int(d) * (1 + i % 2) for i, d in enumerate(digits.zfill(9)))
    return sum(p - 9 if p > 9 else p for p in products) % 10 == 0


def is_us_ssn(digits: str) -> bool:
    """Tell whether nine digits may be a US social security number (it has no check digit)."""
    return len(digits) == 9 and digits[:3] not in ("000", "666") and digits[0] != "9" and digits[3:5] != "00"


def is_nhs_number(digits: str) -> bool:
    """Tell whether ten digits are an NHS number: modulo 11."""
    return len(digits) == 10 and _weighted(digits, range(10, 1, -1), 11) in (int(digits[9]), 11 * (digits[9] == "0"))


def is_dutch_bsn(digits: str) -> bool:
    """Tell whether nine digits are a Dutch citizen service number: the eleven test."""
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return len(digits) == 9 and sum(int(d) * w for d, w in zip(digits, weights, strict=True)) % 11 == 0


def is_spanish_dni(text: str) -> bool:
    """Tell whether eight digits carry their letter."""
    return len(text) == 9 and "TRWAGMYFPDXBNJZSQVHLCKE"[int(text[:8]) % 23] == text[8].upper()


def is_french_nir(digits: str) -> bool:
    """Tell whether fifteen digits are a French social security number: 97 minus the remainder."""
    return len(digits) == 15 and digits[0] in "12" and 97 - int(digits[:13]) % 97 == int(digits[13:])


def is_chinese_id(text: str) -> bool:
    """Tell whether eighteen characters are a Chinese resident number: ISO 7064 modulo 11-2."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    if len(text) != 18:
        return False
    total = sum(int(d) * w for d, w in zip(text[:17], weights, strict=True))
    return "10X98765432"[total % 11] == text[17].upper()


def is_brazilian_cpf(digits: str) -> bool:
    """Tell whether eleven digits are a Brazilian taxpayer number."""
    if len(digits) != 11 or len(set(digits)) == 1:
        return False
    first = sum(int(d) * w for d, w in zip(digits, range(10, 1, -1), strict=False)) * 10 % 11 % 10
    second = sum(int(d) * w for d, w in zip(digits, range(11, 1, -1), strict=False)) * 10 % 11 % 10
    return digits[9:] == f"{first}{second}"


def is_card(digits: str) -> bool:
    """Tell whether 13 to 19 digits are a payment card's number."""
    return 13 <= len(digits) <= 19 and digits[0] in "3456" and is_luhn(digits)


def is_imei(digits: str) -> bool:
    """Tell whether fifteen digits are a mobile device's number."""
    return len(digits) == 15 and is_luhn(digits)


def is_swedish_number(digits: str) -> bool:
    """Tell whether ten digits are a Swedish personal number."""
    return len(digits) == 10 and 1 <= int(digits[2:4]) <= 12 and is_luhn(digits)


def is_iban(text: str) -> bool:
    """Tell whether an account number's remainder by 97 is 1."""
    turned = (text[4:] + text[:4]).upper()
    return 15 <= len(text) <= 34 and int("".join(str(int(c, 36)) for c in turned)) % 97 == 1


def is_vin(text: str) -> bool:
    """Tell whether seventeen characters are a vehicle's number with its check digit."""
    values = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ0123456789", "12345678123457923456789" + "0123456789", strict=True))
    weights = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
    if len(text) != 17 or any(c not in values for c in text.upper()):
        return False
    total = sum(int(values[c]) * w for c, w in zip(text.upper(), weights, strict=True))
    return "0123456789X"[total % 11] == text[8].upper()


@dataclass(frozen=True)
class Scheme:
    """A numbering scheme: its class, its shape, its test, and the part of random numbers that pass the test."""

    kind: str
    title: str
    shape: str
    test: Callable[[str], bool]
    by_chance: float

    def fits(self, text: str) -> bool:
        """Tell whether a whole value is a number of this scheme; spaces, hyphens and dots are left out."""
        return re.fullmatch(self.shape, text) is not None and self.test(re.sub(r"[\s.\-/]", "", text))


def _weighted(digits: str, weights: range, modulus: int) -> int:
    return modulus - sum(int(d) * w for d, w in zip(digits, weights, strict=False)) % modulus


SCHEMES = (
    Scheme("G", "Israeli identity numbers", r"\d{8,9}|\d{8}-\d", is_israeli_id, 0.1),
    Scheme("G", "US social security numbers", r"\d{3}-\d{2}-\d{4}", is_us_ssn, 0.0),
    Scheme("G", "NHS numbers", r"\d{3}[ -]?\d{3}[ -]?\d{4}", is_nhs_number, 0.09),
    Scheme("G", "Dutch citizen numbers", r"\d{9}", is_dutch_bsn, 0.09),
    Scheme("G", "Spanish identity numbers", r"\d{8}-?[A-Za-z]", is_spanish_dni, 0.04),
    Scheme("G", "French social security numbers", r"[12]( ?\d){14}", is_french_nir, 0.002),
    Scheme("G", "Chinese resident numbers", r"\d{17}[\dXx]", is_chinese_id, 0.09),
    Scheme("G", "Brazilian taxpayer numbers", r"\d{3}\.?\d{3}\.?\d{3}-?\d{2}", is_brazilian_cpf, 0.01),
    Scheme("G", "Swedish personal numbers", r"\d{6}[-+]?\d{4}", is_swedish_number, 0.01),
    Scheme("J", "payment card numbers", r"\d{4}([ -]?\d{4}){2}[ -]?\d{1,7}", is_card, 0.04),
    Scheme("J", "bank account numbers (IBAN)", r"[A-Z]{2}\d{2}( ?[A-Z0-9]{2,4}){3,8}", is_iban, 0.01),
    Scheme("L", "vehicle numbers (VIN)", r"[A-HJ-NPR-Za-hj-npr-z0-9]{17}", is_vin, 0.09),
    Scheme("M", "mobile device numbers (IMEI)", r"\d{15}", is_imei, 0.1),
)
