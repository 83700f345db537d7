"""`rounds data`: synthetic datasets, real tables, their dictionaries."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rounds.cli.places import DEFAULT_STATE, StateOption, folders_of, write_down
from rounds.cli.preparation import make_datasets
from rounds.cli.progress import bar
from rounds.data import attach_dataset, find_decisions, import_table, load_decisions
from rounds.data import confirm as confirm_column
from rounds.data.catalogue import Catalogue
from rounds.data.dictionary import render_text
from rounds.errors import DataError, suggest
from rounds.event import AppliedEvent, Deployment, Event
from rounds.slugs import slugify
from rounds.store.folders import Folders, make_folder

app = typer.Typer(no_args_is_help=True, help=__doc__)
RESTRICTED = "restricted"


@app.command("make")
def make_(state: StateOption = DEFAULT_STATE) -> None:
    """Make the synthetic datasets that are missing."""
    make_datasets(folders_of(state))
    typer.echo("The synthetic datasets are there.")


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="A CSV or Parquet file.")],
    challenge: Annotated[str, typer.Option(help="The challenge whose notebooks open it.")],
    name: Annotated[str, typer.Option(help="The dataset's name; the file's own when left out.")] = "",
    kind: Annotated[str, typer.Option(help="public, synthetic or restricted.")] = "public",
    decisions: Annotated[Path | None, typer.Option(help="A file with confirmed units, roles and names.")] = None,
    state: StateOption = DEFAULT_STATE,
) -> None:
    """Turn a table into a data package and open it in a challenge's notebooks; all of it or nothing."""
    folders = folders_of(state)
    dataset_of_challenge = _check_challenge(folders, challenge)
    _check_kind(folders, kind)
    chosen = name or slugify(file.stem).replace("-", "_")
    with bar("Import") as progress:
        known = load_decisions(decisions) if decisions else find_decisions(file)
        _check_kind(folders, known.table.get("kind", kind) if known else kind)
        dataset = import_table(file, chosen, make_folder(folders.data), kind=kind, decisions=known, progress=progress)
    attach_dataset(folders.data, dataset_of_challenge, chosen)
    write_down(folders, "data imported", chosen, f"{file.name} for {challenge}")
    waiting = [c.name for c in dataset.table().columns if c.to_confirm]
    typer.echo(
        f"Imported {file.name} as {chosen}: {len(dataset.frame()):,} rows, {len(dataset.table().columns)} columns."
    )
    typer.echo(f"The notebooks of {challenge} open it now.")
    if waiting:
        example = f"rounds data confirm {chosen} {waiting[0]} --unit g --role feature"
        typer.echo(f"To be confirmed: {', '.join(waiting)}. For each column: {example}")


@app.command()
def confirm(
    name: Annotated[str, typer.Argument(help="The dataset.")],
    column: Annotated[str, typer.Argument(help="The column.")],
    unit: Annotated[str | None, typer.Option(help="Its unit in UCUM, such as g or \\[lb_av].")] = None,
    convert_to: Annotated[str | None, typer.Option(help="The unit to convert it to.")] = None,
    role: Annotated[str | None, typer.Option(help="identifier, quasi-identifier, feature, outcome or time.")] = None,
    available: Annotated[str | None, typer.Option(help="The event after which its value is known.")] = None,
    state: StateOption = DEFAULT_STATE,
) -> None:
    """Confirm what a column of an imported table is; convert its unit."""
    folders = folders_of(state)
    path = Catalogue((folders.data,)).load(name).path
    decided = {"unit": unit, "convert_to": convert_to, "role": role, "available": available}
    confirm_column(path, column, **{key: value for key, value in decided.items() if value is not None})
    said = ", ".join(f"{key} {value}" for key, value in decided.items() if value is not None)
    write_down(folders, "column confirmed", f"{name}.{column}", said or "as drafted")
    typer.echo(f"{name}.{column} is confirmed.")


@app.command("describe")
def describe_(name: Annotated[str, typer.Argument(help="The dataset.")], state: StateOption = DEFAULT_STATE) -> None:
    """Print the data dictionary of a dataset."""
    typer.echo(render_text(Catalogue((folders_of(state).data,)).load(name).package))


def _check_challenge(folders: Folders, challenge: str) -> str:
    event: Event = AppliedEvent(folders.event).current()
    known = event.challenge_by_id
    if challenge not in known:
        raise DataError(f'The event has no challenge "{challenge}".{suggest(challenge, known)}')
    return known[challenge].dataset


def _check_kind(folders: Folders, kind: str) -> None:
    event: Event = AppliedEvent(folders.event).current()
    if kind == RESTRICTED and event.event.deployment is Deployment.EMBEDDED:
        raise DataError(
            'Restricted data are refused in the deployment "embedded": kernels run in the hub\'s own account there. '
            'Use deployment = "machine" or "cluster" in the event file.'
        )
