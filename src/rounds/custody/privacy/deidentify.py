"""`rounds data deidentify`: apply a plan to a dataset, reach k, and write the result whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rounds.custody.privacy.crowds.people import find_repeating_person, say_mistaken_person
from rounds.custody.privacy.crowds.views import QUASI
from rounds.custody.privacy.findings.plan_redundant import find_redundant_left
from rounds.custody.privacy.findings.unmoved_years import find_unmoved_years
from rounds.custody.privacy.findings.unseen_texts import find_unseen, texts_to_show
from rounds.custody.privacy.plan.plan import ANYBODYS, ColumnStep, Plan, check_k, lacks_override
from rounds.custody.privacy.plan.treated import COLUMN as ERA
from rounds.custody.privacy.plan.treatment import Done, Treatment, write_treatment
from rounds.custody.privacy.treating.actions import apply_plan, draw_secrets, with_person
from rounds.custody.privacy.treating.crowd import Generalised, generalise
from rounds.custody.privacy.treating.eras import build_era
from rounds.custody.privacy.treating.key_file import check_key_path, write_key
from rounds.custody.privacy.treating.rows_without_person import find_undecided, take_out_rows_without_person
from rounds.data.dataset import Dataset, open_dataset, write_parquet
from rounds.data.descriptor import write_package
from rounds.data.package import Column, DataPackage
from rounds.errors import DataError, suggest
from rounds.meter import Progress, silent
from rounds.store.staging import stage

if TYPE_CHECKING:
    import pandas as pd

STEPS = 5
NOTICE = "De-identified. See deidentification.json for what was done to each column."


@dataclass(frozen=True)
class Deidentified:
    """The de-identified dataset and the record of what was done."""

    dataset: Dataset
    treatment: Treatment


def deidentify(
    dataset: Dataset,
    plan: Plan,
    target: Path,
    key: Path,
    *,
    policy_k: int,
    now: datetime,
    others: Sequence[Path] = (),
    progress: Progress = silent,
) -> Deidentified:
    """Write the de-identified dataset to ``target`` and the key to ``key``; both or nothing.

    ``others`` are further folders in which the key may not lie, such as the folder of all datasets.
    """
    check_plan(plan, dataset.package, policy_k)
    check_key_path(key, dataset.path, target, *others)
    progress(f"read {dataset.name}", 0, STEPS)
    frames = {t.name: dataset.frame(t.name) for t in dataset.package.tables}
    package = with_person(dataset.package, plan)
    _check_people(package, frames)
    package, frames, plan = _with_era(package, frames, plan)
    _check_frames(plan, package, frames)
    frames, without_person = take_out_rows_without_person(package, frames)
    progress("draw ids and shifts", 1, STEPS)
    secrets = draw_secrets(plan, package, frames)
    unseen = find_unseen(plan, package, frames)
    treated, done, blanked = apply_plan(plan, package, frames, secrets)
    progress(f"reach k = {plan.k}", 2, STEPS)
    result = generalise(treated, done, plan)
    treatment = replace(_record(plan, policy_k, result, blanked, secrets.groups, unseen), without_person=without_person)
    progress("write the tables", 3, STEPS)
    with stage(target) as staging:
        _write(result, staging, treatment)
        write_key(key, plan.challenge, secrets, now)
    progress(f"{dataset.name} is de-identified", STEPS, STEPS)
    return Deidentified(open_dataset(target), treatment)


def check_plan(plan: Plan, package: DataPackage, policy_k: int) -> None:
    """Raise when a plan does not fit its dataset or lacks a statement that it needs."""
    check_k(plan, policy_k)
    if plan.dataset != package.name:
        raise DataError(f'This plan is for the dataset "{plan.dataset}", not for "{package.name}".')
    known = {f"{t.name}.{c.name}" for t in package.tables for c in t.columns}
    planned = [step.where for step in plan.steps]
    for where in (*planned, *([plan.era_from] if plan.era else [])):
        if where not in known:
            raise DataError(f'The plan names "{where}", which is no column.{suggest(where, known)}')
    twice = {where for where in planned if planned.count(where) > 1}
    missing = sorted(known - set(planned))
    if twice or missing:
        what = f'names "{min(twice)}" twice' if twice else f'says nothing about "{missing[0]}"'
        raise DataError(f"The plan {what}. Every column needs one decision.")
    if plan.lacks_expert:
        raise DataError(plan.lacks_expert)
    _check_linkage(plan)
    if finer := _find_finer_year(plan):
        raise DataError(finer)
    if unjoined := _find_unjoined(plan):
        raise DataError(unjoined)
    if not any(step.role == QUASI and step.action != "drop" for step in plan.steps):
        raise DataError(
            'The plan declares no quasi-identifier. Write role = "quasi-identifier" where others know a value.'
        )


def _find_unjoined(plan: Plan) -> str:
    """Return why a plan is refused that gives a key other ids in one table than in another, or none; else nothing."""
    first: dict[str, ColumnStep] = {}
    for step in (s for s in plan.steps if s.action == "random-id" and s.column not in ANYBODYS):
        before = first.setdefault(step.column, step)
        if (before.ids or before.column) != (step.ids or step.column):
            return (
                f'{before.where} and {step.where} have one name and two kinds of ids ("{before.ids or before.column}", '
                f'"{step.ids or step.column}"), so that their rows would no longer join. Write ids = "{step.column}" '
                "for both."
            )
    for step in plan.steps:
        if step.action == "keep" and step.column in first:
            return (
                f"{step.where} is kept, and {first[step.column].where} of the same name gets random ids: the old ids "
                'would stay, and rows would no longer join. Write action = "random-id" for both.'
            )
    return ""


def _find_finer_year(plan: Plan) -> str:
    """Return why a plan is refused that keeps the true year beside its era, which k counts; else nothing."""
    if not plan.era or plan.needs_expert:  # a year beside shifted dates moves with them
        return ""
    years = (s for s in plan.steps if s.action == "year" and s.role != QUASI)
    where = next((s.where for s in years if s.table == plan.era_from.split(".", 1)[0]), "")
    return (
        f'{where} keeps the true year, which tells the era, and k counts the era alone. Write era = "", or '
        'role = "quasi-identifier" for the year.'
        if where
        else ""
    )


def _check_people(package: DataPackage, frames: Mapping[str, pd.DataFrame]) -> None:
    """Raise when a table's person is none: its dates would be shifted row by row, and k would count rows."""
    for table in package.tables:
        if other := find_repeating_person(table.person or "", frames[table.name]):
            what, people, rows, advice = say_mistaken_person(table, frames[table.name], other)
            raise DataError(f"{table.name}: {what} ({people:,} in {rows:,} rows). {advice}.")


def find_lacking(plan: Plan, dataset: Dataset, policy_k: int) -> tuple[str, ...]:
    """Return what must be done before a plan can be applied, each with the reason."""
    package = with_person(dataset.package, plan)
    frames = {t.name: dataset.frame(t.name) for t in package.tables}
    lacks = (
        _find_unjoined(plan),
        _find_finer_year(plan),
        *_find_barred(plan, package, frames),
        lacks_override(plan, policy_k),
        plan.lacks_expert,
    )
    return tuple(what for what in lacks if what)


def _find_barred(plan: Plan, package: DataPackage, frames: Mapping[str, pd.DataFrame]) -> Iterator[str]:
    """Yield why the data do not let a plan be applied; an empty text where they do."""
    for find in (find_undecided, find_dropped_people, find_unmoved_years, find_redundant_left):
        yield find(plan, package, frames)


def _check_frames(plan: Plan, package: DataPackage, frames: Mapping[str, pd.DataFrame]) -> None:
    if barred := next((what for what in _find_barred(plan, package, frames) if what), ""):
        raise DataError(barred)


def find_dropped_people(plan: Plan, package: DataPackage, frames: Mapping[str, pd.DataFrame]) -> str:
    """Return why a plan cannot drop what tells people apart where it repeats: k would count their rows as people."""
    for table in package.tables:
        step = plan.step(table.name, table.person or "")
        if step and step.action == "drop" and frames[table.name][step.column].dropna().duplicated().any():
            return (
                f"{step.where} alone tells people apart and repeats, so without it k would count rows as people. "
                f'Import the table again with name = "person_id" for it in the decisions, and draft the plan anew.'
            )
    return ""


def _check_linkage(plan: Plan) -> None:
    """Raise when people who belong together would get ids of different kinds, so that nobody could join them again."""
    for where in plan.linkage if plan.person else ():
        step = next((s for s in plan.steps if s.where == where), None)
        if step and step.action == "random-id" and (step.ids or step.column) != plan.person:
            raise DataError(f'{where} links people, so its ids are those of people. Write ids = "{plan.person}".')


def _with_era(
    package: DataPackage, frames: dict[str, pd.DataFrame], plan: Plan
) -> tuple[DataPackage, dict[str, pd.DataFrame], Plan]:
    """Return everything with the era column, which is a quasi-identifier, beside the date it comes from."""
    if not plan.era:
        return package, frames, plan
    name, column = plan.era_from.split(".", 1)
    if ERA in frames[name].columns:
        raise DataError(f'{name} has a column "{ERA}" already. Rename it, or write era = "".')
    eras = build_era(plan, frames[name][column])
    frames = {**frames, name: frames[name].assign(**{ERA: eras})}
    (known,) = (c.available for t in package.tables for c in t.columns if f"{t.name}.{c.name}" == plan.era_from)
    era = Column(ERA, "string", role=QUASI, definition_clinical="The period of the event.", definition_ml="Time band.")
    era = replace(era, available=known)
    tables = tuple(replace(t, columns=(*t.columns, era)) if t.name == name else t for t in package.tables)
    step = ColumnStep(name, ERA, role=QUASI, reason="computed before the dates were treated", weight=plan.era_weight)
    texts, different = texts_to_show(eras)  # made here and no text of the table: whoever chose the era has seen them
    step = replace(step, texts=texts, different=different)
    return replace(package, tables=tables), frames, replace(plan, steps=(*plan.steps, step))


def _record(
    plan: Plan, policy_k: int, result: Generalised, blanked: dict[str, int], groups: pd.Series, unseen: set[str]
) -> Treatment:
    columns = tuple(
        Done(
            step.where,
            step.action,
            step.role,
            step.reason,
            result.levels.get(step.where, ("", 0.0))[0],
            round(result.levels.get(step.where, ("", 0.0))[1], 6),
            blanked.get(step.where, 0),
            step.where not in unseen,
        )
        for step in plan.steps
    )
    return Treatment(
        dataset=plan.dataset,
        challenge=plan.challenge,
        k_asked=plan.k,
        k_measured=result.k,
        policy_k=policy_k,
        columns=columns,
        suppressed=result.suppressed,
        rows={name: len(frame) for name, frame in result.frames.items()},
        loss=round(result.choice.loss, 6),
        discernibility=result.discernibility,
        optimal=result.choice.optimal,
        evaluated=result.choice.evaluated,
        era=f"{plan.era} from {plan.era_from}" if plan.era else "",
        groups=int(groups.nunique()),
        linkage=plan.linkage,
        unscored=plan.unscored,
        override=plan.override,
        expert=plan.expert,
    )


def _write(result: Generalised, folder: Path, treatment: Treatment) -> None:
    write_package(replace(result.package, notice=NOTICE), folder)
    for table in result.package.tables:
        write_parquet(result.frames[table.name], folder / table.path)
    write_treatment(treatment, folder)
