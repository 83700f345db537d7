"""`rounds data`: synthetic datasets, real tables, their dictionaries."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from rounds.cli.places import DEFAULT_STATE, StateOption, folders_of, write_down
from rounds.cli.preparation import make_datasets
from rounds.cli.progress import bar
from rounds.cli.road import register as register_road
from rounds.cli.road_datasets import (
    check_free,
    check_kind,
    dataset_of_challenge,
    find_pointing,
    open_named,
    open_to_rooms,
    raw_folder,
)
from rounds.data import attach_dataset, find_decisions, import_table, load_decisions
from rounds.data import confirm as confirm_column
from rounds.data.dictionary import render_text
from rounds.data.package import RESTRICTED
from rounds.slugs import slugify
from rounds.store.folders import make_folder

app = typer.Typer(no_args_is_help=True, help=__doc__)


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
    replace: Annotated[bool, typer.Option("--replace", help="Replace the dataset of this name.")] = False,
    identifiers_checked: Annotated[
        bool, typer.Option("--identifiers-checked", help="Columns that look like a person's name are none.")
    ] = False,
    state: StateOption = DEFAULT_STATE,
) -> None:
    """Turn a table into a data package and open it in a challenge's notebooks; all of it or nothing.

    A restricted table, and one in which something points at a person, is opened by no notebook: it goes the road of
    check, deidentify, publish, sign and attach.
    """
    folders = folders_of(state)
    asked_for = dataset_of_challenge(folders, challenge)
    check_kind(folders, kind)
    chosen = name or slugify(file.stem).replace("-", "_")
    with bar("Import") as progress:
        known = load_decisions(decisions) if decisions else find_decisions(file)
        if known:  # decisions may make a table restricted, and never take that from it
            kind = kind if kind == RESTRICTED else known.table.get("kind", kind)
            known = known.of_kind(kind)
        check_kind(folders, kind)
        check_free(folders, chosen, replace)
        aside = make_folder(raw_folder(folders, chosen))
        dataset = import_table(file, chosen, aside, kind=kind, decisions=known, progress=progress)
    pointing = [] if kind == RESTRICTED or identifiers_checked else find_pointing(dataset)
    is_open = kind != RESTRICTED and not pointing
    if is_open:
        dataset = open_to_rooms(dataset, make_folder(folders.data))
        attach_dataset(folders.data, asked_for, chosen)
    write_down(folders, "data imported", chosen, f"{file.name} for {challenge}")
    waiting = [c.name for c in dataset.table().columns if c.to_confirm]
    typer.echo(
        f"Imported {file.name} as {chosen}: {len(dataset.frame()):,} rows, {len(dataset.table().columns)} columns."
    )
    typer.echo(_say_next(chosen, is_open, challenge))
    for sentence in pointing:
        typer.echo(f"  {sentence}")
    if pointing:
        typer.echo("If these are no identifiers, import it again with --identifiers-checked.")
    elif waiting:
        example = f"rounds data confirm {chosen} {shlex.quote(waiting[0])} --unit g --role feature"
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
    path = open_named(folders, name).path
    decided = {"unit": unit, "convert_to": convert_to, "role": role, "available": available}
    confirm_column(path, column, **{key: value for key, value in decided.items() if value is not None})
    said = ", ".join(f"{key} {value}" for key, value in decided.items() if value is not None)
    write_down(folders, "column confirmed", f"{name}.{column}", said or "as drafted")
    typer.echo(f"{name}.{column} is confirmed.")


@app.command("describe")
def describe_(name: Annotated[str, typer.Argument(help="The dataset.")], state: StateOption = DEFAULT_STATE) -> None:
    """Print the data dictionary of a dataset."""
    typer.echo(render_text(open_named(folders_of(state), name).package))


def _say_next(name: str, is_open: bool, challenge: str) -> str:
    if is_open:
        return f"The notebooks of {challenge} open it now."
    return f"No notebook opens it. Next: rounds data check {name}"


register_road(app)
