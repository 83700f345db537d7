"""`rounds data publish`: split the hold-out off, write sample and full read-only, hash them; all of it or nothing.

The published folder holds ``sample/<name>`` and ``full/<name>``, so that a room mounts exactly one of the two.  The
hold-out goes to the custodian's folder and is never mounted; it is complete before the publication appears.  What a
publication that was killed leaves in either place, the next one takes away (``register``).
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from rounds.custody.privacy.check import check_dataset
from rounds.custody.privacy.plan.plan import Plan, check_k
from rounds.custody.publishing.held_before import NONE_BEFORE, Before
from rounds.custody.publishing.parts import (
    Whole,
    check_treated,
    count_people,
    draw_groups,
    draw_share,
    groups_of,
    keep_share,
    later_groups,
    open_whole,
    people_of,
)
from rounds.custody.publishing.publication import (
    FILE,
    SIGNED,
    Approval,
    Publication,
    render_publication,
)
from rounds.custody.publishing.register import Register, Registered, read_register
from rounds.custody.publishing.scored import HOLD_OUT, Scored, build_scored
from rounds.custody.publishing.write_part import write_part, write_scored_part
from rounds.custody.scoring.hold_out import PRIVATE_FOLDER, write_hold_out
from rounds.custody.scoring.task import Task
from rounds.data.dataset import Dataset, open_dataset
from rounds.errors import Command, DataError
from rounds.meter import Progress, silent
from rounds.store.manifest import FILE as MANIFEST
from rounds.store.manifest import hash_all, hash_folder
from rounds.store.staging import stage

STEPS = 6
READ_ONLY_FILE, READ_ONLY_FOLDER = 0o444, 0o555


@dataclass(frozen=True)
class PublicationOrder:
    """What to publish: the sizes, the hold-out, the approval."""

    approval: Approval
    people: int | None = None
    hold_out: float = 0.2
    later_era: bool = False
    seed: int | None = None
    task: Task | None = None


def publish(
    dataset: Dataset,
    target: Path,
    register: Register,
    order: PublicationOrder,
    *,
    policy_k: int,
    now: datetime,
    sample: Dataset | None = None,
    before: Before = NONE_BEFORE,
    progress: Progress = silent,
) -> Publication:
    """Publish a de-identified dataset to ``target``; the people of ``sample``, when given, make the sample.

    Whoever was held out ``before`` stays held out, unless the latest eras or nobody is to be held out.
    """
    check_can_publish(dataset, target, register.custodian, order, now)
    progress("check the dataset", 0, STEPS)
    whole = _open_clean(dataset, policy_k)
    progress("split the hold-out off", 1, STEPS)
    parts = _divide(whole, order, sample, before)
    scored = build_scored(whole, parts["hold-out"], order.task) if order.task else None
    entry = _describe(whole, target, now, is_held=len(parts["hold-out"]) > 0)
    with register.publish(entry, target) as staging:
        progress("write the hold-out", 2, STEPS)
        held_hash = _write_hold_out(whole, parts["hold-out"], register.custodian / entry.hold_out, scored)
        progress("write sample and full", 3, STEPS)
        publication = _write(whole, parts, staging, order, entry, held_hash)
        if scored:
            write_scored_part(whole, scored, staging / HOLD_OUT / scored.package.name)
        progress("hash every file", 4, STEPS)
        seal(staging, publication)
        sync_folder(staging)
    progress(f"{dataset.name} is published", STEPS, STEPS)
    return publication


def _describe(whole: Whole, target: Path, now: datetime, *, is_held: bool) -> Registered:
    """Return a publication that is to be made as the register names it, with a number that nobody can guess."""
    name, number = whole.dataset.name, secrets.token_hex(8)
    held, published = f"{name}-{number}" if is_held else "", now.isoformat(timespec="seconds")
    return Registered(number, name, whole.treatment.challenge, str(target.resolve()), held, published)


def seal(folder: Path, publication: Publication) -> None:
    """Write description and manifest, and make every file and folder below read-only."""
    text = json.dumps(render_publication(publication), indent=2, ensure_ascii=False)
    (folder / FILE).write_text(text + "\n", encoding="utf-8")
    hashes = hash_folder(folder, (MANIFEST, SIGNED))
    (folder / MANIFEST).write_text(json.dumps(hashes, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    for path in sorted(folder.rglob("*"), reverse=True):
        path.chmod(READ_ONLY_FOLDER if path.is_dir() else READ_ONLY_FILE)


def sync_folder(folder: Path) -> None:
    """Bring every file below to the disk before the folder gets its name."""
    for path in (p for p in folder.rglob("*") if p.is_file()):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _divide(whole: Whole, order: PublicationOrder, sample: Dataset | None, before: Before) -> dict[str, np.ndarray]:
    seed = secrets.randbits(63) if order.seed is None else order.seed
    groups = _groups_of(whole, sample) if sample else draw_groups(whole, order.people, seed)
    held = _hold_out(whole, order, seed, groups, before)
    kept = np.setdiff1d(whole.all_groups, held)
    if sample is None and np.isin(groups, held).any():
        groups = np.random.default_rng(seed).permutation(kept)[: len(groups)]
    return {"full": kept, "sample": np.intersect1d(groups, kept), "hold-out": held}


def _hold_out(whole: Whole, order: PublicationOrder, seed: int, sample: np.ndarray, before: Before) -> np.ndarray:
    """Return the groups to hold out: those of before and more, the latest eras, or a share outside the sample."""
    if order.hold_out == 0:
        return np.empty(0, dtype=sample.dtype)
    if order.later_era:
        return later_groups(whole, order.hold_out)
    held = groups_of(whole, before.held)
    if len(held) or before.given:
        return keep_share(whole, order.hold_out, seed + 1, held, groups_of(whole, before.given))
    return draw_share(whole, order.hold_out, seed + 1, sample)


def _groups_of(whole: Whole, sample: Dataset) -> np.ndarray:
    """Return the groups of a sample that was drawn before; raise when it is of another dataset."""
    found = groups_of(whole, people_of(sample))
    if not len(found):
        name = whole.dataset.name
        raise DataError(
            f'The sample in {sample.path} holds nobody of "{name}": it is of another de-identification. '
            "Draw it again: ",
            Command("data", "sample", name),
        )
    return found


def _write(
    whole: Whole, parts: dict[str, np.ndarray], folder: Path, order: PublicationOrder, entry: Registered, held_hash: str
) -> Publication:
    name, rows, risk = entry.name, {}, {}
    for part in ("sample", "full"):
        own = folder / part / name
        own.mkdir(parents=True)
        risks = write_part(whole, parts[part], part, own)
        risk[part] = round(max((r.highest for r in risks.values()), default=0.0), 6)
        rows[part] = {t.name: len(open_dataset(own).frame(t.name)) for t in whole.dataset.package.tables}
    return Publication(
        name=name,
        challenge=entry.challenge,
        id=entry.id,
        approval=order.approval,
        published=entry.published,
        k=whole.treatment.k_measured,
        people={part: count_people(whole, groups) for part, groups in parts.items()},
        rows=rows,
        population_risk=risk,
        hold_out=entry.hold_out,
        hold_out_hash=held_hash,
    )


def _write_hold_out(whole: Whole, groups: np.ndarray, target: Path, scored: Scored | None) -> str:
    if not len(groups):
        return ""
    with stage(target) as staging:
        write_part(whole, groups, "hold-out", staging)
        if scored:
            write_hold_out(staging, whole.treatment.challenge, scored.task, scored.answers, whole.dataset.package)
        found = hash_all(hash_folder(staging))
        sync_folder(staging)
    target.chmod(PRIVATE_FOLDER)
    return found


def check_can_publish(dataset: Dataset, target: Path, custodian: Path, order: PublicationOrder, now: datetime) -> None:
    """Raise for what can be told without reading the tables: the dataset's record, the approval, the two places."""
    check_treated(dataset)
    order.approval.check(now.date())
    read_register(custodian)
    _check_places(dataset, target, custodian)


def _check_places(dataset: Dataset, target: Path, custodian: Path) -> None:
    if target.exists() and not (target / FILE).is_file():
        raise DataError(f"{target} exists and is no publication. Name a folder that is not there yet: --out FOLDER")
    if target.exists():
        raise DataError(f"{target} is published already and stays as it is. ", *_say_instead(dataset, target))
    mine, published = custodian.resolve(), target.resolve()
    if mine.is_relative_to(published):
        raise DataError(f"{custodian}: the hold-out may not lie in {target}, which is published. Name another folder.")
    if published.is_relative_to(mine):
        raise DataError(
            f"{target}: a publication may not lie in {custodian}, which is the custodian's own. Name another folder "
            "with --out."
        )


def _say_instead(dataset: Dataset, target: Path) -> tuple[str | Command, ...]:
    """Return what to do when a folder is published: go on with it, or publish the tables that came after it."""
    number = next(n for n in range(2, 1000) if not target.with_name(f"{target.name}-{n}").exists())
    anew = f"--out {target.with_name(f'{target.name}-{number}')}"
    if not _has_people_of(dataset, open_dataset(target / "full" / dataset.name)):
        return (
            f"It is of an earlier de-identification. Publish this one beside it: {anew}, and close the other when it "
            "is attached: ",
            Command("data", "attach", "FOLDER", "--challenge", "CHALLENGE", "--replace"),
        )
    return (
        "To go on with it: ",
        Command("data", "sign", target, "--role", "owner", "--by", "First Last"),
        f". To publish anew, name another folder: {anew}",
    )


def _has_people_of(dataset: Dataset, published: Dataset) -> bool:
    """Tell whether a publication came from these tables: each de-identification gives people other ids."""
    for table in dataset.package.tables:
        if table.person:
            people = published.column(table.person, table.name).dropna()
            return bool(people.isin(dataset.column(table.person, table.name)).all())
    return True


def _open_clean(dataset: Dataset, k: int) -> Whole:
    """Return the dataset opened for dividing; raise when its k is too low, or something in it still stops it."""
    whole = open_whole(dataset)
    check_k(Plan("", "", k=whole.treatment.k_asked, override=whole.treatment.override), k)
    stops = check_dataset(dataset, k).stops
    if stops:
        raise DataError(
            f'"{dataset.name}" cannot be published: {stops[0].says()} (findings that stop it: {len(stops)})'
        )
    return whole
