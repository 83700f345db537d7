"""Attach a publication to a challenge: its approval, its bytes and its sign-offs are checked first, every time.

All parts that a challenge opens are of one publication.  Two publications can hold out different people, and whoever
holds the hold-out of one and the full data of another can look the outcomes up.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rounds.custody.privacy.plan.treatment import read_treatment
from rounds.custody.publishing.publication import (
    ROLES,
    Publication,
    check_unchanged,
    hash_of,
    read_manifest,
    read_publication,
    read_sign_offs,
    same_person,
)
from rounds.custody.publishing.scored import HOLD_OUT
from rounds.custody.scoring.hold_out import ANSWERS, describe_hold_out
from rounds.data.dataset import Dataset, open_dataset
from rounds.data.shelf.ledger import Ledger, find_opened
from rounds.data.shelf.shelf import HOLD_OUT as SUFFIX
from rounds.data.shelf.sizes import Homes
from rounds.errors import Command, DataError, end_sentence, suggest
from rounds.event.numbers import LOWEST_K
from rounds.store.manifest import hash_all, hash_folder
from rounds.store.tables import Attachment

PARTS = ("sample", "full", HOLD_OUT)


@dataclass(frozen=True)
class Part:
    """A part of a publication, and the challenge that opens it in place of its own dataset."""

    folder: Path
    name: str
    challenge: str
    asked_for: str


def check_can_attach(folder: Path, now: datetime) -> Publication:
    """Raise unless the approval holds, nothing was changed, and owner and IT signed exactly these bytes.

    Reads every published file once.  Returns the publication, so that the caller can name its hash in the audit trail.
    """
    publication = read_publication(folder)
    publication.approval.check(now.date())
    if publication.k < LOWEST_K:
        raise DataError(f"{folder}: k is {publication.k}. Below {LOWEST_K} a dataset is attached to no team.")
    check_unchanged(folder)
    _check_signed(folder)
    return publication


def check_challenge(folder: Path, publication: Publication, challenge: str) -> None:
    """Raise when a publication was planned, signed and given its random ids for another challenge."""
    if publication.challenge and publication.challenge != challenge:
        raise DataError(
            f"{folder}: this was de-identified and signed for the challenge {publication.challenge}, not for "
            f'{challenge}: its ids and its approval are for that one alone. Write challenge = "{challenge}" in the '
            "plan, and de-identify, publish and sign it anew."
        )


def check_one_publication(ledger: Ledger, challenge: str, publication: Publication) -> None:
    """Raise when parts of another publication are attached to the challenge."""
    others = find_others(ledger, challenge, publication)
    if others:
        raise DataError(
            f"The challenge {challenge} opens {' and '.join(other.part for other in others)} of another publication, "
            f"{others[0].source}. Two publications can hold out different people, so the full data of one can hold the "
            "outcomes of the other's hold-out. To go over to this one, attach it with --replace: it closes those parts "
            "first."
        )


def find_others(ledger: Ledger, challenge: str, publication: Publication) -> Sequence[Attachment]:
    """Return what a challenge opens of another publication."""
    opened = find_opened(ledger.engine, challenge)
    return [one for one in opened if one.publication and one.publication != publication.id]


def attach_part(ledger: Ledger, part: Part, scored: Attachment | None = None) -> Dataset:
    """Copy one part of a publication to where rooms look, and let a challenge's notebooks open it.

    Every byte of the copy is compared with the manifest before it gets its name.  ``scored`` says where the outcomes of
    a hold-out lie.
    """
    if part.name not in PARTS:
        raise DataError(f'A publication has no part "{part.name}".{suggest(part.name, PARTS)}')
    publication = check_can_attach(part.folder, ledger.now)
    check_one_publication(ledger, part.challenge, publication)
    suffix = SUFFIX if part.name == HOLD_OUT else ""
    name = publication.name + suffix
    source, signed = part.folder / part.name / name, _signed_files(part, publication, name)
    entry = scored or Attachment(challenge=part.challenge, part=part.name, dataset=name)
    entry.asked_for, entry.publication = part.asked_for + suffix, publication.id
    entry.source, entry.content = str(part.folder.resolve()), hash_all(signed)
    target = Homes(ledger.folders.data, ledger.folders.sized).of(part.name) / name
    with ledger.attach(entry, target) as staging:
        shutil.copytree(source, staging, dirs_exist_ok=True)
        staging.chmod(0o755)
        if hash_folder(staging) != signed:
            raise DataError(f"{source}: a file changed while it was copied. Attach it again.")
    return open_dataset(target)


def _signed_files(part: Part, publication: Publication, name: str) -> dict[str, str]:
    """Return the hash of each file of a part, as it was signed; raise when there is no such part."""
    prefix = f"{part.name}/{name}/"
    signed = {n.removeprefix(prefix): h for n, h in read_manifest(part.folder).items() if n.startswith(prefix)}
    if not signed:
        check_scored(part.folder, publication)
        raise DataError(f'{part.folder} has no part "{part.name}". Publish it again.')
    return signed


def find_scored(folder: Path, custodian: Path, challenge: str) -> Attachment:
    """Return the hold-out of a publication as the ledger names it; raise when it is not the one that was split off."""
    publication = read_publication(folder)
    check_scored(folder, publication)
    held = custodian / publication.hold_out
    if not (held / ANSWERS).is_file():
        raise DataError(f"{custodian} does not hold the hold-out {held.name} of {folder}. Name the custodian's folder.")
    if hash_all(hash_folder(held)) != publication.hold_out_hash:
        raise DataError(f"{held}: the hold-out is not the one that was split off. Publish again.")
    return describe_hold_out(held, challenge, publication.name + SUFFIX)


def check_scored(folder: Path, publication: Publication) -> None:
    """Raise unless a publication has a hold-out that predictions can be scored against, and say what to do."""
    approval = ("--irb", publication.approval.number, "--expires", publication.approval.expires)
    anew = Command("data", "publish", publication.name, *approval, "--out", f"{folder}-2")
    if not publication.people.get(HOLD_OUT):
        raise DataError(f"{folder}: nobody was held out, so it has no hold-out to score. Publish it anew: ", anew)
    if any(name.startswith(f"{HOLD_OUT}/") for name in read_manifest(folder)):
        return
    treatment = read_treatment(folder / "full" / publication.name)
    why = f" The plan says: {treatment.unscored}" if treatment and treatment.unscored else ""
    raise DataError(
        f"{folder}: its hold-out keeps people apart, but has no outcomes to score, so teams get no features of it."
        f"{why and end_sentence(why)} To score predictions, give the table a timeline and the outcome that the event "
        "file names, import and de-identify it again, and publish it anew: ",
        anew,
    )


def _check_signed(folder: Path) -> None:
    now_hash, signed = hash_of(folder), {s.role: s for s in read_sign_offs(folder)}
    for role, title in ROLES.items():
        line = Command("data", "sign", folder, "--role", role, "--by", "First Last")
        if role not in signed:
            raise DataError(f"{folder}: {title} has not signed yet. They run: ", line)
        if signed[role].hash != now_hash:
            raise DataError(f"{folder}: {title} signed another version. They look again and run: ", line)
    names = [s.name for s in signed.values()]
    if any(same_person(one, other) for n, one in enumerate(names) for other in names[:n]):
        raise DataError(f"{folder}: one person signed for the owner and for IT. Two people sign.")
