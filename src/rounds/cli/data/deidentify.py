"""The road of a hospital's table after its import: check, deidentify, sample, report."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from rounds.cli.data.datasets import (
    find_challenge,
    noted_challenge,
    open_clean,
    open_named,
    other_datasets,
    policy_k,
    road_folder,
)
from rounds.cli.data.report import NameArgument, report, verify_report
from rounds.cli.data.scoring import find_task
from rounds.cli.places import DEFAULT_STATE, StateOption, custodian_folder, folders_of, paste, write_down
from rounds.cli.progress import bar
from rounds.counted import counted
from rounds.data.dataset import Dataset
from rounds.errors import Command, DataError
from rounds.store.folders import Folders

KOption = Annotated[int | None, typer.Option("--k", help="The k to hold; the event's policy when left out.")]


def check(name: NameArgument, k: KOption = None, state: StateOption = DEFAULT_STATE) -> None:
    """Find everything in a dataset that could point at a person. Ends with code 1 when something bars publishing."""
    from rounds.custody.privacy.check import check_dataset

    folders = folders_of(state)
    dataset = open_named(folders, name)
    with bar("Check") as progress:
        done = check_dataset(
            dataset, k or policy_k(folders), others=other_datasets(folders, dataset), progress=progress
        )
    for finding in done.findings:
        typer.echo(finding.says())
    for a in done.anonymity:
        typer.echo(
            f"{a.table}: k = {a.k} {a.counts}, average risk {a.risks.average:.4f}, {counted(a.risks.rows, 'row')}"
        )
    direct = len({f.where for f in done.direct_identifiers})
    write_down(folders, "data checked", dataset.name, f"{len(done.stops)} findings bar it, {direct} direct identifiers")
    if not done.passed:
        stops = counted(len(done.stops), "finding bars", "findings bar")
        typer.echo(f"Not yet: {stops} {dataset.name} from being published.")
        words = ("--draft", "plan.toml", "--challenge", noted_challenge(folders, dataset.name) or "CHALLENGE")
        typer.echo(f"Next: {paste('data', 'deidentify', name, *words, state=state)}")
        raise typer.Exit(1)
    typer.echo(f"Nothing bars {dataset.name} from being published.")


def deidentify(
    name: NameArgument,
    draft: Annotated[Path | None, typer.Option(help="Write a draft of the plan to this file, and stop.")] = None,
    plan: Annotated[Path | None, typer.Option(help="The plan to apply.")] = None,
    challenge: Annotated[str, typer.Option(help="The challenge that the draft is for.")] = "",
    key: Annotated[
        Path | None, typer.Option(help="A new file for the key that leads back; the custodian keeps it.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="The folder to write to; below the state folder when left out.")
    ] = None,
    k: KOption = None,
    replace: Annotated[bool, typer.Option("--replace", help="Do it anew although a result was published.")] = False,
    state: StateOption = DEFAULT_STATE,
) -> None:
    """Draft a plan of de-identification, or apply one: both the dataset and its key are written, or nothing."""
    folders = folders_of(state)
    dataset = open_named(folders, name)
    wanted = k or policy_k(folders)
    if draft is not None:
        _draft(folders, dataset, draft, challenge or noted_challenge(folders, dataset.name), wanted)
        where = _free_key(custodian_folder(folders, None), dataset.name)
        anew = ("--replace",) if _published(folders, dataset).exists() else ()
        typer.echo(paste("data", "deidentify", name, "--plan", draft, "--key", where, *anew, state=state))
        return
    if plan is None or key is None:
        raise DataError(
            "Say which plan and where the key goes: ",
            Command("data", "deidentify", name, "--plan", "plan.toml", "--key", "KEY"),
        )
    if not plan.is_file():
        there = paste("data", "deidentify", name, "--draft", plan, state=state)
        raise DataError(f"{plan}: there is no such plan. Make a draft of it: {there}")
    if out is None and not replace:
        _check_unpublished(folders, dataset)
    _apply(folders, dataset, plan, key, out, wanted)
    _say_report(str(out or name), name, key.parent, state)
    return


def _published(folders: Folders, dataset: Dataset) -> Path:
    """Return where a dataset is published unless somebody says otherwise."""
    return road_folder(folders, dataset.name) / "published" / dataset.name


def _free_key(folder: Path, name: str) -> Path:
    """Return a path for a key that is not there yet: the second round has a key of its own."""
    numbers = ("", *(f"-{number}" for number in range(2, 1000)))
    return next(path for number in numbers if not (path := folder / f"{name}{number}.key").exists())


def _check_unpublished(folders: Folders, dataset: Dataset) -> None:
    """Raise when the tables to be replaced were published: key, sample and report would fit them no longer."""
    published = _published(folders, dataset)
    if published.exists():
        raise DataError(
            f"The de-identified tables of {dataset.name} were published in {published}; their key, sample and report "
            "would no longer fit. Write --out FOLDER for other tables, or --replace to do it anew."
        )


def _apply(folders: Folders, dataset: Dataset, plan: Path, key: Path, out: Path | None, k: int) -> None:
    from rounds.custody.privacy.deidentify import deidentify as apply
    from rounds.custody.privacy.plan.plan_file import load_plan

    target = out or road_folder(folders, dataset.name) / "deidentified" / dataset.name
    decided, inside, now = load_plan(plan), (folders.root,), datetime.now(UTC)
    with bar("De-identify") as progress:
        done = apply(dataset, decided, target, key, policy_k=k, now=now, others=inside, progress=progress)
    t = done.treatment
    write_down(folders, "data de-identified", dataset.name, f"k = {t.k_measured} for {t.challenge}; {t.standard}")
    typer.echo(f"De-identified: {target}")
    typer.echo(
        f"k = {t.k_measured}, {counted(sum(t.suppressed.values()), 'row')} taken out, {sum(t.rows.values()):,} left."
    )
    _say_lost(target)
    typer.echo(f"The key is in {key}. Keep it on the custodian's side.")


def _say_lost(target: Path) -> None:
    """Say which quasi-identifiers had to be generalised until they say nothing."""
    from rounds.custody.privacy.crowds.views import QUASI
    from rounds.custody.privacy.plan.treated import ANY
    from rounds.data.dataset import open_dataset

    done = open_dataset(target)
    columns = [(t.name, name) for t in done.package.tables for name in t.names(QUASI)]
    lost = [f"{table}.{name}" for table, name in columns if set(done.column(name, table).dropna().unique()) == {ANY}]
    if lost:
        typer.echo(
            f'To hold k, {", ".join(lost)} became "{ANY}" in every row. To keep more of one, write weight = 3 for it, '
            'or action = "drop" for another that says nearly the same, such as a birth beside an age; apply it again.'
        )


def _say_report(done: str, before: str, mine: Path, state: Path) -> None:
    words = ("--before", before, "--out", mine, "--signing-key", mine / "signing.pem")
    typer.echo(f"Next, the report: {paste('data', 'report', done, *words, state=state)}")


def sample(
    name: NameArgument,
    people: Annotated[
        int | None, typer.Option(help="How many people, about; 100, or a fifth of a small dataset, when left out.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="The folder to write to; below the state folder when left out.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Draw the same people again; by chance when left out.")] = None,
    state: StateOption = DEFAULT_STATE,
) -> None:
    """Draw a sample of a de-identified dataset by people; nobody is split."""
    import secrets

    from rounds.custody.publishing.write_part import write_sample

    folders = folders_of(state)
    dataset = open_clean(folders, name)
    target = out or road_folder(folders, dataset.name) / "sample" / dataset.name
    held, risks = write_sample(dataset, people, target, secrets.randbits(63) if seed is None else seed)
    write_down(folders, "sample drawn", dataset.name, f"{held} people")
    typer.echo(f"Sample: {counted(held, 'person', 'people')} in {target}")
    for table, risk in risks.items():
        typer.echo(f"{table}: population risk, highest {risk.highest:.3f}, average {risk.average:.4f}")
    how = "when you say --sample " + str(target) if out else "unless you say --people or --sample"
    typer.echo(f"publish uses it, {how}.")


def register(app: typer.Typer) -> None:
    """Add the road's commands to `rounds data`."""
    for command in (check, deidentify, sample, report):
        app.command(command.__name__)(command)
    app.command("verify-report")(verify_report)


def _draft(folders: Folders, dataset: Dataset, path: Path, challenge: str, k: int) -> None:
    from rounds.custody.privacy.check import check_dataset
    from rounds.custody.privacy.deidentify import find_lacking
    from rounds.custody.privacy.draft_plan import draft_plan
    from rounds.custody.privacy.plan.plan_file import render_plan

    if not challenge:
        raise DataError("Say for which challenge: --challenge birthweight")
    find_challenge(folders, challenge)
    if path.exists():
        raise DataError(f"{path}: this file exists. Name another one, or move it away.")
    with bar("Check") as progress:
        found = check_dataset(dataset, k, others=other_datasets(folders, dataset), progress=progress)
    drafted = draft_plan(dataset, found, challenge, k)
    path.write_text(render_plan(drafted), encoding="utf-8")
    lacking = find_lacking(drafted, dataset, k)
    unscored = find_task(folders, challenge, dataset.package)[1]
    if unscored:
        typer.echo(f'A hold-out cannot be scored: {unscored}. Mend that, or write unscored = "why" in the plan.')
    typer.echo(f"A draft is in {path}: {counted(len(drafted.steps), 'column')}. Read it and change what is wrong.")
    for what in lacking:
        typer.echo(f"First, or {path} is refused: {what}")
    typer.echo("When that is done:" if lacking else "Then:")
