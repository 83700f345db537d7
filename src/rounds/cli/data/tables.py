"""`rounds data import`: draft the decisions about a file or a folder of tables, or bring it in as they say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from rounds.cli.data.datasets import (
    check_free,
    check_kind,
    dataset_of_challenge,
    find_challenge,
    find_pointing,
    note_challenge,
    open_to_rooms,
    raw_folder,
)
from rounds.cli.data.scoring import find_task, say_left_out
from rounds.cli.places import DEFAULT_STATE, StateOption, folders_of, paste, write_down
from rounds.cli.progress import bar
from rounds.counted import counted
from rounds.custody.intake.import_table import OpenQuestion, find_decisions, import_asking
from rounds.custody.intake.proposals.decisions import Decisions, load_decisions
from rounds.custody.intake.sources.open import find_left_out
from rounds.custody.intake.sources.packed import stem_of
from rounds.custody.signs.column_names import is_key, is_quasi
from rounds.data.dataset import Dataset
from rounds.data.package import PUBLIC, RESTRICTED
from rounds.errors import DataError
from rounds.event import Challenge
from rounds.slugs import slugify
from rounds.store.folders import Folders, make_folder

MOST_SAID, MOST_WAITING = 8, 20
KindOption = Annotated[
    str, typer.Option(help="public, synthetic or restricted. A draft proposes one; otherwise public.")
]
CheckedOption = Annotated[
    bool, typer.Option("--identifiers-checked", help="Columns that look like a person's name are none.")
]
USUAL_NAME = "my_table"  # of a file whose own name has no Latin letter


@dataclass(frozen=True)
class ImportOrder:
    """What to import, under which name and kind, and what was said about it."""

    file: Path
    name: str
    kind: str
    decisions: Decisions | None
    replace: bool
    identifiers_checked: bool


def import_(
    file: Annotated[Path, typer.Argument(help="A file (CSV, Parquet, Excel, SAS, Stata, SPSS), or a folder of them.")],
    challenge: Annotated[str, typer.Option(help="The challenge whose notebooks open it.")] = "",
    name: Annotated[str, typer.Option(help="The dataset's name; the file's own when left out.")] = "",
    kind: KindOption = "",
    draft: Annotated[Path | None, typer.Option(help="Write a draft of the decisions to this file, and stop.")] = None,
    decisions: Annotated[Path | None, typer.Option(help="The file of decisions to apply.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Replace the dataset of this name.")] = False,
    identifiers_checked: CheckedOption = False,
    state: StateOption = DEFAULT_STATE,
) -> None:
    """Turn tables into a data package and open it in a challenge's notebooks; all of it or nothing.

    With --draft nothing is imported: every guess about the file is written down with its evidence, for you to edit and
    to give back with --decisions.  A restricted table, and one in which something points at a person, is opened by no
    notebook: it goes the road of check, deidentify, publish, sign and attach.
    """
    folders = folders_of(state)
    if draft is not None:
        _draft(file, draft, kind, find_challenge(folders, challenge))
        return typer.echo(_say_import(file, draft, name, challenge, state))
    if not challenge:
        raise DataError("Say for which challenge: --challenge birthweight")
    asked_for = dataset_of_challenge(folders, challenge)
    decided = load_decisions(decisions) if decisions else find_decisions(file)
    kind, known = _decide_kind(folders, kind or PUBLIC, decided)
    chosen = name or _name_of(file) or USUAL_NAME
    order = ImportOrder(file, chosen, kind, known, replace, identifiers_checked)
    check_free(folders, chosen, replace)
    note_challenge(folders, chosen, challenge)  # first, so that an import that is killed after its tables came is known
    dataset, questions, pointing = _bring_in(folders, order)
    if kind == RESTRICTED or pointing:
        write_down(folders, "data imported", chosen, f"{file.name} for {challenge}")
    else:
        dataset = _open_to_rooms(folders, dataset, file, challenge, asked_for)
    _say_what_came(file, dataset, known)
    _say_scoring(folders, challenge, dataset)
    typer.echo(_say_next(chosen, kind != RESTRICTED and not pointing, challenge, state))
    return _say_open(order, dataset, questions, pointing, state)


def _name_of(file: Path) -> str:
    """Return the dataset's name that a file's name gives; empty when it has no Latin letter."""
    name = slugify(stem_of(file)).replace("-", "_")
    return f"table_{name}" if name[:1].isdigit() else name


def _decide_kind(folders: Folders, kind: str, known: Decisions | None) -> tuple[str, Decisions | None]:
    """Return the kind of the table, and its decisions for this kind; raise for one that the deployment does not take.

    Decisions may make a table restricted, and never take that from it.
    """
    check_kind(folders, kind)
    if known is None:
        return kind, None
    kind = kind if kind == RESTRICTED else known.table.get("kind", kind)
    try:
        check_kind(folders, kind)
    except DataError as error:
        raise DataError(
            f'The decisions say kind = "{kind}". {error} When the table is public or made up, write so: kind = "public"'
        ) from None
    return kind, known.of_kind(kind)


def _draft(file: Path, out: Path, kind: str, challenge: Challenge | None) -> None:
    from rounds.custody.intake.draft.challenge import say_unnamed
    from rounds.custody.intake.draft.file import draft_decisions
    from rounds.custody.intake.first_looks import find_first_looks, propose_kind

    with bar("Draft") as progress:
        found = draft_decisions(file, out, date.today().year, kind, progress, challenge=challenge)
    for each in found:
        typer.echo(f"{each.source.reading.source}: {_say_size(each.rows, len(each.profiles))}.")
    typer.echo(f"A draft of all decisions is in {out}. Nothing is imported yet.")
    _say_list("Look at these first:", [*find_first_looks(found), *say_unnamed(found, challenge)])
    proposed, why = propose_kind(found)
    typer.echo(f'kind = "{kind or proposed}": {why}.')


def _say_size(rows: int, columns: int) -> str:
    return f"{counted(rows, 'row')}, {counted(columns, 'column')}"


def _say_import(file: Path, draft: Path, name: str, challenge: str, state: Path) -> str:
    """Return the command that imports as the draft says, with everything that was said so far."""
    chosen = name or ("" if _name_of(file) else USUAL_NAME)
    called = ("--name", chosen) if chosen else ()
    words = ("--decisions", draft, *called, "--challenge", challenge or "CHALLENGE")
    then = "Then" if challenge else "Then, with the challenge that it is for"
    return f"{then}: {paste('data', 'import', file, *words, state=state)}"


def _bring_in(folders: Folders, order: ImportOrder) -> tuple[Dataset, Sequence[OpenQuestion], list[str]]:
    with bar("Import") as progress:
        aside = make_folder(raw_folder(folders, order.name))
        dataset, questions = import_asking(
            order.file, order.name, aside, kind=order.kind, decisions=order.decisions, progress=progress
        )
        checked = order.kind == RESTRICTED or order.identifiers_checked
        pointing = [] if checked else find_pointing(dataset)
    return dataset, questions, pointing


def _open_to_rooms(folders: Folders, dataset: Dataset, file: Path, challenge: str, asked_for: str) -> Dataset:
    from rounds.data.shelf.ledger import TABLE
    from rounds.store.tables import Attachment

    name = dataset.path.name
    entry = Attachment(challenge=challenge, part=TABLE, asked_for=asked_for, dataset=name, source=file.name)
    return open_to_rooms(folders, dataset, entry)


def _say_what_came(file: Path, dataset: Dataset, known: Decisions | None) -> None:
    import pyarrow.parquet as pq

    left = find_left_out(file) if file.is_dir() else []
    if left:
        typer.echo(f"Not read: {', '.join(left)}")
    for reading in known.files if known else ():
        if reading.leave_out:
            lines = ", ".join(map(str, reading.leave_out))
            typer.echo(f"Left out of {reading.source}, as the decisions say: line {lines}")
    for table in dataset.package.tables:
        rows = pq.read_metadata(dataset.file(table.name)).num_rows
        what = file.name if len(dataset.package.tables) == 1 else f"table {table.name}"
        typer.echo(f"Imported {what} as {dataset.name}: {_say_size(rows, len(table.columns))}.")


def _say_scoring(folders: Folders, challenge: str, dataset: Dataset) -> None:
    """Say what would keep predictions from being scored on this table, or which columns teams would not get."""
    from rounds.custody.intake.draft.challenge import say_line

    about = find_challenge(folders, challenge)
    if about is None or not about.metric:
        return
    task, why = find_task(folders, challenge, dataset.package)
    if task is None:
        line = say_line(about, dataset.package)
        typer.echo(f"Predictions of {challenge} cannot be scored on it yet: {why}. Write in the decisions: {line}.")
    elif left := say_left_out(task, dataset.package):
        typer.echo(left)


def _say_next(name: str, is_open: bool, challenge: str, state: Path) -> str:
    if is_open:
        return f"The notebooks of {challenge} open it now."
    return f"No notebook opens it. Next: {paste('data', 'check', name, state=state)}"


def _say_open(
    order: ImportOrder, dataset: Dataset, questions: Sequence[OpenQuestion], pointing: list[str], state: Path
) -> None:
    """Say what a person must still look at: columns kept as text, signs of a person, units and roles to confirm."""
    several = len(dataset.package.tables) > 1
    draft = paste("data", "import", order.file, "--draft", "decisions.toml", state=state)
    _say_list("Look at these first:", [f"{q.table}: {q.what}" for q in questions if not q.column])
    asked = [q for q in questions if q.column]
    _say_list(
        f"Kept as text until you decide ({draft}):",
        [f"{q.table}.{q.column}: {q.what}" if several else f"{q.column}: {q.what}" for q in asked],
    )
    for sentence in pointing:
        typer.echo(f"  {sentence}")
    if pointing:
        typer.echo("If these are no identifiers, import it again with --identifiers-checked.")
    else:
        _say_waiting(dataset, state)


def _say_waiting(dataset: Dataset, state: Path) -> None:
    """Say which columns are drafts, and how one of them is confirmed; an identifier is no example."""
    several = len(dataset.package.tables) > 1
    open_columns = [(t, c) for t in dataset.package.tables for c in t.columns if c.to_confirm]
    if not open_columns:
        return
    names = [f"{t.name}.{c.name}" if several else c.name for t, c in open_columns]
    more = f" and {len(names) - MOST_WAITING} more" if len(names) > MOST_WAITING else ""
    typer.echo(f"To be confirmed: {', '.join(names[:MOST_WAITING])}{more}.")
    plain = [(n, c) for n, (_, c) in zip(names, open_columns, strict=True) if not (is_key(c) or is_quasi(n))]
    for name, column in plain[:1]:
        example = paste("data", "confirm", dataset.name, name, "--role", column.role, state=state)
        unit = ", and --unit with its unit in UCUM where it has one" if "unit" in column.to_confirm else ""
        typer.echo(f"For each column its role{unit}, such as: {example}")


def _say_list(title: str, lines: Sequence[str]) -> None:
    if not lines:
        return
    typer.echo(title)
    for line in lines[:MOST_SAID]:
        typer.echo(f"  {line}")
    if len(lines) > MOST_SAID:
        typer.echo(f"  and {len(lines) - MOST_SAID} more")


def register(app: typer.Typer) -> None:
    """Add the command to `rounds data`."""
    app.command("import")(import_)
