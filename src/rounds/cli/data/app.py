"""`rounds data`: synthetic datasets, real tables, their dictionaries."""

from __future__ import annotations

from typing import Annotated

import typer

from rounds.cli.data.datasets import open_for_teams, open_named
from rounds.cli.data.deidentify import register as register_deidentify
from rounds.cli.data.publish import register as register_publish
from rounds.cli.data.scoring import register as register_scoring
from rounds.cli.data.tables import register as register_import
from rounds.cli.places import DEFAULT_STATE, StateOption, folders_of, paste, write_down
from rounds.custody.intake.import_table import confirm as confirm_column
from rounds.data.dictionary import describe
from rounds.data.shelf.sizes import Size
from rounds.errors import DataError, suggest

app = typer.Typer(no_args_is_help=True, help=__doc__)


@app.command("make")
def make_(
    size: Annotated[
        str, typer.Option(help="lesson (about 5,000 patients), sample (100) or full (about 2 GB in memory each).")
    ] = "",
    only: Annotated[list[str] | None, typer.Option(help="One dataset; may be given again. All when left out.")] = None,
    state: StateOption = DEFAULT_STATE,
) -> None:
    """Make the synthetic datasets that are missing: lesson and sample size, or the size that is named."""
    from rounds.cli.preparation import BEFORE_AN_EVENT, make_datasets

    if size and size not in set(Size):
        raise DataError(f'There is no size "{size}".{suggest(size, [s.value for s in Size])}')
    sizes = (Size(size),) if size else BEFORE_AN_EVENT
    made = make_datasets(folders_of(state), sizes, only or ())
    for item in made:
        typer.echo(f"Made: {item.says()}.")
    typer.echo("The synthetic datasets are there." if made else "The synthetic datasets were there. Nothing was made.")


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
    """Print the data dictionary of a dataset: of what teams get, once it is attached."""
    dataset, original = open_for_teams(folders_of(state), name)
    typer.echo(str(describe(dataset)))
    if original:
        command = paste("data", "describe", original, state=state)
        typer.echo(f"This is what teams get, from {dataset.path}. The original: {command}")


register_import(app)
register_deidentify(app)
register_publish(app)
register_scoring(app)
