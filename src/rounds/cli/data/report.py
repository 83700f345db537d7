"""`rounds data report` and `rounds data verify-report`: the signed report for an ethics committee."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rounds.cli.data.datasets import open_clean, open_named
from rounds.cli.places import DEFAULT_STATE, StateOption, folders_of, paste, write_down
from rounds.cli.progress import bar
from rounds.counted import counted
from rounds.errors import Command, DataError

if TYPE_CHECKING:
    from rounds.custody.privacy.check import PrivacyCheck

MOST_REASONS = 5
NameArgument = Annotated[str, typer.Argument(help="The dataset's name, or its folder.")]


def report(
    name: NameArgument,
    out: Annotated[Path, typer.Option(help="The folder to write the report to.")],
    signing_key: Annotated[Path, typer.Option(help="The custodian's key to sign with; made on first use.")],
    before: Annotated[str, typer.Option(help="The dataset before de-identification, to compare.")] = "",
    state: StateOption = DEFAULT_STATE,
) -> None:
    """Write the signed report on a de-identified dataset: JSON and a page for an ethics committee."""
    from rounds.custody.privacy.check import check_dataset
    from rounds.custody.privacy.plan.treatment import read_treatment
    from rounds.custody.privacy.reports.report import build_report, write_report

    folders = folders_of(state)
    dataset = open_clean(folders, name)
    treatment = read_treatment(dataset.path)
    if treatment is None:
        raise DataError(
            f'"{name}" is not de-identified. First: ', Command("data", "deidentify", name, "--draft", "plan.toml")
        )
    with bar("Check") as progress:
        raw = check_dataset(open_named(folders, before), treatment.policy_k, progress=progress) if before else None
        after = check_dataset(dataset, treatment.k_asked, progress=progress)
    paths = write_report(build_report(after, treatment, datetime.now(UTC), raw), out, signing_key)
    write_down(folders, "report written", dataset.name, "passed" if after.passed else "not yet")
    say_verdict(after)
    typer.echo(f"Report: {paths[1]}")
    typer.echo(f"Signed: {paths[0]}")
    typer.echo(f"The committee verifies it: {paste('data', 'verify-report', paths[0])}")


def say_verdict(after: PrivacyCheck) -> None:
    """Print whether the dataset passes; when it does not, why, with the first reasons."""
    if after.passed:
        typer.echo(f"{after.dataset} passes: nothing bars it from being published.")
        return
    typer.echo(f"{after.dataset} does not pass: {counted(len(after.stops), 'reason')} against it.")
    for finding in after.stops[:MOST_REASONS]:
        typer.echo(f"  {finding.says()}")


def verify_report(
    file: Annotated[Path, typer.Argument(help="The report's JSON file.")],
    fingerprint: Annotated[str, typer.Option(help="The custodian's fingerprint, as the custodian told you.")] = "",
) -> None:
    """Tell whether a report, and the page beside it, are what the custodian signed."""
    from rounds.custody.privacy.reports.report import verify_report as verify

    found, by = verify(file, fingerprint)
    typer.echo(f"The report on {found['dataset']} is as it was signed. Key: {by}. Verdict: {found['verdict']}.")
    if not fingerprint:
        typer.echo("Compare the key's fingerprint with what the custodian told you.")
