"""The road of a hospital's table after its import: check, deidentify, sample, publish, sign."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from rounds.cli.places import DEFAULT_STATE, StateOption, folders_of, write_down
from rounds.cli.progress import bar
from rounds.cli.road_datasets import (
    check_kind,
    dataset_of_challenge,
    open_clean,
    open_named,
    other_datasets,
    parse_day,
    policy_k,
    road_folder,
)
from rounds.cli.road_report import NameArgument, report, verify_report
from rounds.cli.scoring import register_scored, scored_hold_out, task_to_publish
from rounds.data.dataset import Dataset, open_dataset
from rounds.data.sizes import Homes
from rounds.errors import DataError
from rounds.store.folders import Folders, make_folder

KOption = Annotated[int | None, typer.Option("--k", help="The k to hold; the event's policy when left out.")]


def check(name: NameArgument, k: KOption = None, state: StateOption = DEFAULT_STATE) -> None:
    """Find everything in a dataset that could point at a person. Ends with code 1 when something bars publishing."""
    from rounds.data.privacy.check import check_dataset

    folders = folders_of(state)
    dataset = open_named(folders, name)
    with bar("Check") as progress:
        done = check_dataset(
            dataset, k or policy_k(folders), others=other_datasets(folders, dataset), progress=progress
        )
    for finding in done.findings:
        typer.echo(finding.says())
    for a in done.anonymity:
        typer.echo(f"{a.table}: k = {a.k} {a.counts}, average risk {a.risks.average:.4f}, {a.risks.rows:,} rows")
    direct = len({f.where for f in done.direct_identifiers})
    write_down(folders, "data checked", dataset.name, f"{len(done.stops)} findings bar it, {direct} direct identifiers")
    if not done.passed:
        typer.echo(f"Not yet: {len(done.stops)} findings bar {dataset.name} from being published.")
        typer.echo(f"Next: rounds data deidentify {name} --draft plan.toml --challenge CHALLENGE")
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
    state: StateOption = DEFAULT_STATE,
) -> None:
    """Draft a plan of de-identification, or apply one: both the dataset and its key are written, or nothing."""
    folders = folders_of(state)
    dataset = open_named(folders, name)
    wanted = k or policy_k(folders)
    if draft is not None:
        return _draft(folders, dataset, name, draft, challenge, wanted)
    if plan is None or key is None:
        raise DataError(
            f"Say which plan and where the key goes: rounds data deidentify {name} --plan plan.toml --key KEY"
        )
    from rounds.data.privacy.deidentify import deidentify as apply
    from rounds.data.privacy.plan_file import load_plan

    target = out or road_folder(folders, dataset.name) / "deidentified" / dataset.name
    now = datetime.now(UTC)
    with bar("De-identify") as progress:
        outcome = apply(
            dataset,
            load_plan(plan),
            target,
            key,
            policy_k=wanted,
            now=now,
            others=(folders.root,),
            progress=progress,
        )
    t = outcome.treatment
    write_down(folders, "data de-identified", dataset.name, f"k = {t.k_measured} for {t.challenge}; {t.standard}")
    typer.echo(f"De-identified: {target}")
    typer.echo(f"k = {t.k_measured}, {sum(t.suppressed.values()):,} rows taken out, {sum(t.rows.values()):,} left.")
    typer.echo(f"The key is in {key}. Keep it on the custodian's side.")
    return None


def sample(
    name: NameArgument,
    people: Annotated[int, typer.Option(help="How many people, about.")] = 100,
    out: Annotated[
        Path | None, typer.Option(help="The folder to write to; below the state folder when left out.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Draw the same people again; by chance when left out.")] = None,
    state: StateOption = DEFAULT_STATE,
) -> None:
    """Draw a sample of a de-identified dataset by people; nobody is split."""
    import secrets

    from rounds.data.publishing.write_part import write_sample

    folders = folders_of(state)
    dataset = open_clean(folders, name)
    target = out or road_folder(folders, dataset.name) / "sample" / dataset.name
    held, risks = write_sample(dataset, people, target, secrets.randbits(63) if seed is None else seed)
    write_down(folders, "sample drawn", dataset.name, f"{held} people")
    typer.echo(f"Sample: {held:,} people in {target}")
    for table, risk in risks.items():
        typer.echo(f"{table}: population risk, highest {risk.highest:.3f}, average {risk.average:.4f}")


def publish(
    name: NameArgument,
    irb: Annotated[str, typer.Option(help="The number of the ethics approval.")],
    expires: Annotated[str, typer.Option(help="The last day of the approval, such as 2027-06-30.")],
    custodian: Annotated[Path, typer.Option(help="The custodian's folder for the hold-out; never mounted.")],
    people: Annotated[int, typer.Option(help="How many people the sample holds, about.")] = 100,
    hold_out: Annotated[float, typer.Option(help="The part of the people to hold out; 0 for none.")] = 0.2,
    later_era: Annotated[
        bool, typer.Option("--later-era", help="Hold out the latest eras, not people by chance.")
    ] = False,
    drawn: Annotated[Path | None, typer.Option("--sample", help="A sample that was drawn before.")] = None,
    out: Annotated[
        Path | None, typer.Option(help="The folder to publish to; below the state folder when left out.")
    ] = None,
    state: StateOption = DEFAULT_STATE,
) -> None:
    """Publish sample and full of a de-identified dataset, read-only and hashed; split the hold-out off."""
    from rounds.data.publishing.publication import Approval
    from rounds.data.publishing.publish import Order
    from rounds.data.publishing.publish import publish as apply

    folders = folders_of(state)
    dataset = open_clean(folders, name)
    target = out or road_folder(folders, dataset.name) / "published" / dataset.name
    task, unscored = task_to_publish(folders, dataset) if hold_out else (None, "nobody is held out")
    order = Order(Approval(irb, parse_day(expires)), people, hold_out, later_era, task=task)
    before = open_dataset(drawn) if drawn else None
    now = datetime.now(UTC)
    with bar("Publish") as progress:
        done = apply(
            dataset,
            target,
            custodian,
            order,
            policy_k=policy_k(folders),
            now=now,
            sample=before,
            progress=progress,
        )
    write_down(folders, "data published", done.name, f"approval {irb} until {expires}, publication {done.id}")
    typer.echo(f"Published: {target}")
    typer.echo(", ".join(f"{part} {count:,} people" for part, count in done.people.items()))
    if unscored:
        typer.echo(f"Predictions are not scored against this publication: {unscored}.")
    for role in ("owner", "it"):
        typer.echo(f'To be signed: rounds data sign {target} --role {role} --by "First Last"')


def sign(
    folder: Annotated[Path, typer.Argument(help="The published folder.")],
    role: Annotated[str, typer.Option(help="owner or it.")],
    by: Annotated[str, typer.Option(help="Who signs, as other people know them.")],
    state: StateOption = DEFAULT_STATE,
) -> None:
    """Record that the data's owner or the hospital's IT stands for exactly these published files."""
    from rounds.data.publishing.attach import check_can_attach
    from rounds.data.publishing.publication import sign_off

    now = datetime.now(UTC)
    signed = sign_off(folder, role, by, now)
    write_down(folders_of(state), "publication signed", folder.name, f"{role}: {by}, hash {signed.hash[:16]}")
    typer.echo(f"{by} signed for {role}: {signed.hash[:16]}")
    try:
        check_can_attach(folder, now)
    except DataError as error:
        typer.echo(f"Not yet: {error}")
    else:
        typer.echo(f"It can be attached: rounds data attach {folder} --challenge CHALLENGE")


def attach(
    folder: Annotated[Path, typer.Argument(help="The published folder.")],
    challenge: Annotated[str, typer.Option(help="The challenge whose notebooks open it.")],
    part: Annotated[str, typer.Option(help="sample, full or hold-out (its features).")] = "sample",
    custodian: Annotated[
        Path | None, typer.Option(help="The custodian's folder, to score predictions; needed for the hold-out.")
    ] = None,
    state: StateOption = DEFAULT_STATE,
) -> None:
    """Open a signed publication in a challenge's notebooks: its sample, the full data, or the hold-out's features."""
    from rounds.data.publishing.attach import attach_part, check_can_attach

    folders, now = folders_of(state), datetime.now(UTC)
    asked_for = dataset_of_challenge(folders, challenge)
    published = check_can_attach(folder, now)
    check_kind(folders, open_dataset(folder / "full" / published.name).package.kind)
    scored = scored_hold_out(folder, custodian, challenge) if part == "hold-out" else None
    homes = Homes(make_folder(folders.data), folders.sized)
    dataset = attach_part(folder, part, homes, asked_for, now)
    if scored:
        register_scored(folders, scored)
    write_down(folders, "data attached", dataset.name, f"{part} of publication {published.id} for {challenge}")
    when = "now" if part == "hold-out" else f'from a phase with data = "{part}" on'
    typer.echo(f"The notebooks of {challenge} open the {part} of {dataset.name} {when}.")


def register(app: typer.Typer) -> None:
    """Add the road's commands to `rounds data`."""
    for command in (check, deidentify, sample, publish, sign, attach, report):
        app.command(command.__name__)(command)
    app.command("verify-report")(verify_report)


def _draft(folders: Folders, dataset: Dataset, name: str, path: Path, challenge: str, k: int) -> None:
    from rounds.data.privacy.check import check_dataset
    from rounds.data.privacy.draft_plan import draft_plan
    from rounds.data.privacy.plan_file import render_plan

    if not challenge:
        raise DataError("Say for which challenge: --challenge birthweight")
    if path.exists():
        raise DataError(f"{path}: this file exists. Name another one, or move it away.")
    with bar("Check") as progress:
        found = check_dataset(dataset, k, others=other_datasets(folders, dataset), progress=progress)
    drafted = draft_plan(dataset, found, challenge, k)
    path.write_text(render_plan(drafted), encoding="utf-8")
    typer.echo(f"A draft is in {path}: {len(drafted.steps)} columns. Read it and change what is wrong. Then:")
    typer.echo(f"rounds data deidentify {name} --plan {path} --key KEY")
