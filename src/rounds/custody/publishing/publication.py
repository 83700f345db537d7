"""One publication: its approval, its hash, and the two people who stand for it."""

from __future__ import annotations

import json
import os
import unicodedata
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from rounds.errors import Command, DataError, suggest
from rounds.store.manifest import FILE as MANIFEST
from rounds.store.manifest import find_changes, hash_all

FILE, SIGNED = "publication.json", "sign-offs.json"
ROLES = {"owner": "the data's owner", "it": "the hospital's IT"}
PLACEHOLDERS = ("First Last", "Your Name", "Name", "...")


@dataclass(frozen=True)
class Approval:
    """The ethics committee's approval: its number and the last day on which it holds."""

    number: str
    expires: date

    def check(self, today: date) -> None:
        """Raise when the number is missing or the day has passed."""
        if not self.number.strip():
            raise DataError('The number of the ethics approval (IRB) is missing. Add --irb "0123-26".')
        if self.expires < today:
            raise DataError(f"The ethics approval {self.number} ended on {self.expires}. Extend it, and publish again.")


@dataclass(frozen=True)
class SignOff:
    """One person's word for one publication: bound to the hash of what was signed."""

    role: str
    name: str
    at: str
    hash: str


@dataclass(frozen=True)
class Publication:
    """What was published, under which approval, and its hash."""

    name: str
    challenge: str
    id: str
    approval: Approval
    published: str
    k: int
    people: dict[str, int]
    rows: dict[str, dict[str, int]]
    population_risk: dict[str, float]
    hold_out: str
    hold_out_hash: str


def render_publication(publication: Publication) -> dict[str, Any]:
    """Return the publication as a JSON value."""
    entry = asdict(publication)
    entry["approval"]["expires"] = publication.approval.expires.isoformat()
    return entry


def read_publication(folder: Path) -> Publication:
    """Read a published folder's description."""
    entry = _read(folder / FILE)
    try:
        approval = Approval(entry["approval"]["number"], date.fromisoformat(entry["approval"]["expires"]))
        return Publication(**{**entry, "approval": approval})
    except (KeyError, TypeError, ValueError) as error:
        raise DataError(f"{folder / FILE}: this publication cannot be read ({error}).") from error


def read_manifest(folder: Path) -> dict[str, str]:
    """Read the hashes of a published folder."""
    manifest: dict[str, str] = _read(folder / MANIFEST)
    return manifest


def hash_of(folder: Path) -> str:
    """Return the hash that sign-offs are bound to: that of the whole manifest."""
    return hash_all(read_manifest(folder))


def sign_off(folder: Path, role: str, name: str, now: datetime) -> SignOff:
    """Record that a person stands for exactly these bytes; the same role signs again over an older word."""
    if role not in ROLES:
        raise DataError(f'"{role}" cannot sign.{suggest(role, ROLES)}')
    if not name.strip():
        raise DataError('Say who signs: --by "First Last".')
    if any(same_person(name, other) for other in PLACEHOLDERS):
        raise DataError(f'"{name.strip()}" stands for a name: write who signs, such as --by "Ruth Levi".')
    check_unchanged(folder)
    signed = SignOff(role, " ".join(name.split()), now.isoformat(timespec="seconds"), hash_of(folder))
    others = [s for s in read_sign_offs(folder) if s.role != role]
    if any(same_person(s.name, signed.name) and s.hash == signed.hash for s in others):
        raise DataError(f"{signed.name} signed already in the other role. Owner and IT are two people.")
    fresh = folder.parent / f".{folder.name}-{SIGNED}"
    fresh.write_text(
        json.dumps([asdict(s) for s in [*others, signed]], indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    os.replace(fresh, folder / SIGNED)
    return signed


def check_unchanged(folder: Path) -> None:
    """Raise when any published file is other than when it was published; reads every one of them."""
    changes = find_changes(folder, read_manifest(folder), (MANIFEST, SIGNED))
    if changes:
        raise DataError(f"{folder}: {changes[0]} since it was published ({len(changes)} in all). Publish it again.")


def same_person(one: str, other: str) -> bool:
    """Tell whether two names are one: blanks, case, forms of letters and the order of the words make no difference."""
    return _plain(one) == _plain(other)


def _plain(name: str) -> str:
    return " ".join(sorted(unicodedata.normalize("NFKC", name).casefold().replace(",", " ").split()))


def read_sign_offs(folder: Path) -> tuple[SignOff, ...]:
    """Read who has signed so far."""
    path = folder / SIGNED
    if not path.is_file():
        return ()
    try:
        return tuple(SignOff(**entry) for entry in json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError) as error:
        raise DataError(f"{path}: these sign-offs cannot be read ({error}).") from error


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise DataError(f"{path.parent} is not published. First: ", Command("data", "publish", "NAME")) from None
    except ValueError as error:
        raise DataError(f"{path}: this file cannot be read ({error}).") from error
