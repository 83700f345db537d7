"""Attach a publication to a challenge: its approval, its bytes and its sign-offs are checked first, every time."""

from __future__ import annotations

import shutil
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
from rounds.custody.scoring.registered import SUFFIX, Registered
from rounds.data.dataset import Dataset, open_dataset
from rounds.data.shelf.attachments import attach_dataset
from rounds.data.shelf.sizes import Homes
from rounds.errors import Command, DataError, end_sentence, suggest
from rounds.event.numbers import LOWEST_K
from rounds.store.manifest import hash_all, hash_folder
from rounds.store.staging import stage

PARTS = ("sample", "full", HOLD_OUT)


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


def attach_part(folder: Path, part: str, homes: Homes, challenge_dataset: str, now: datetime) -> Dataset:
    """Copy one part of a publication to where rooms look, and let a challenge's notebooks open it.

    Every byte of the copy is compared with the manifest before it gets its name.
    """
    if part not in PARTS:
        raise DataError(f'A publication has no part "{part}".{suggest(part, PARTS)}')
    publication = check_can_attach(folder, now)
    suffix = SUFFIX if part == HOLD_OUT else ""
    name = publication.name + suffix
    source, prefix = folder / part / name, f"{part}/{name}/"
    signed = {n.removeprefix(prefix): h for n, h in read_manifest(folder).items() if n.startswith(prefix)}
    if not signed:
        check_scored(folder, publication)
        raise DataError(f'{folder} has no part "{part}". Publish it again.')
    target = homes.of(part) / name
    with stage(target) as staging:
        shutil.copytree(source, staging, dirs_exist_ok=True)
        staging.chmod(0o755)
        if hash_folder(staging) != signed:
            raise DataError(f"{source}: a file changed while it was copied. Attach it again.")
    attach_dataset(homes.data, challenge_dataset + suffix, name)
    return open_dataset(target)


def find_scored(folder: Path, custodian: Path, challenge: str) -> Registered:
    """Return the hold-out of a publication as it is registered; raise when it is not the one that was split off."""
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
