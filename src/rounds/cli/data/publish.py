"""The last steps of the road of a hospital's table: publish, sign, attach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rounds.cli.data.datasets import (
    check_kind,
    check_place,
    dataset_of_challenge,
    open_clean,
    parse_day,
    policy_k,
    road_folder,
)
from rounds.cli.data.held_before import look_back, say_before, say_sample_without_held
from rounds.cli.data.opening import say_part, say_when
from rounds.cli.data.report import NameArgument
from rounds.cli.data.scoring import say_left_out, scored_hold_out, task_to_publish
from rounds.cli.places import (
    DEFAULT_STATE,
    CustodianOption,
    StateOption,
    custodian_folder,
    folders_of,
    in_words,
    ledger_of,
    paste,
    write_down,
)
from rounds.cli.progress import bar
from rounds.counted import counted
from rounds.data.dataset import Dataset, open_dataset
from rounds.data.descriptor import FILE
from rounds.errors import DataError
from rounds.event import AppliedEvent
from rounds.store.folders import Folders, make_folder

if TYPE_CHECKING:
    from rounds.custody.publishing.publication import Publication
    from rounds.custody.scoring.task import Task
    from rounds.data.shelf.ledger import Ledger

DrawnOption = Annotated[
    Path | None,
    typer.Option("--sample", help="A sample that was drawn before; the one of the sample command when left out."),
]
PeopleOption = Annotated[
    int | None,
    typer.Option(
        help="Draw a new sample of about so many people; 100, or a fifth of a small dataset, when there is none."
    ),
]
DrawAnewOption = Annotated[
    bool, typer.Option("--draw-anew", help="Hold others out although it is not known who was held out before.")
]
LaterEraOption = Annotated[bool, typer.Option("--later-era", help="Hold out the latest eras, not people by chance.")]
OutOption = Annotated[Path | None, typer.Option(help="The folder to publish to; below the state folder when left out.")]


def publish(
    name: NameArgument,
    irb: Annotated[str, typer.Option(help="The number of the ethics approval.")],
    expires: Annotated[str, typer.Option(help="The last day of the approval, such as 2027-06-30.")],
    custodian: CustodianOption = None,
    people: PeopleOption = None,
    hold_out: Annotated[float, typer.Option(help="The part of the people to hold out; 0 for none.")] = 0.2,
    later_era: LaterEraOption = False,
    drawn: DrawnOption = None,
    out: OutOption = None,
    draw_anew: DrawAnewOption = False,
    state: StateOption = DEFAULT_STATE,
) -> None:
    """Publish sample and full of a de-identified dataset, read-only and hashed; split the hold-out off."""
    from rounds.custody.publishing.publication import Approval
    from rounds.custody.publishing.publish import PublicationOrder, check_can_publish
    from rounds.custody.publishing.publish import publish as apply
    from rounds.custody.publishing.register import open_register

    folders = folders_of(state)
    dataset = open_clean(folders, name)
    target = out or road_folder(folders, dataset.name) / "published" / dataset.name
    mine = make_folder(custodian_folder(folders, custodian))
    order, now = PublicationOrder(Approval(irb, parse_day(expires)), people, hold_out, later_era), datetime.now(UTC)
    check_place(folders, target)
    check_can_publish(dataset, target, mine, order, now)
    task, features = _choose_task(folders, dataset, hold_out)
    sample, said = _choose_sample(folders, dataset, drawn, people)
    order, k = replace(order, task=task), policy_k(folders)
    with open_register(mine) as register:
        before = look_back(folders, dataset, target, mine, insist=bool(hold_out) and not draw_anew)
        with bar("Publish") as bars:
            done = apply(
                dataset, target, register, order, policy_k=k, now=now, sample=sample, before=before, progress=bars
            )
    write_down(folders, "data published", done.name, f"approval {irb} until {expires}, publication {done.id}")
    place = mine / done.hold_out if done.hold_out else None
    held = f"The hold-out is in {place}. {_say_whole(folders, dataset)}" if place else ""
    told = (said, say_sample_without_held(sample, target / "sample" / done.name), held)
    _say_published(target, done.people, (*told, *say_before(before, target, place), features), state)


def _choose_task(folders: Folders, dataset: Dataset, hold_out: float) -> tuple[Task | None, str]:
    """Return what is to be predicted, and what teams get for it; or nothing, and why."""
    task, unscored = task_to_publish(folders, dataset) if hold_out else (None, "nobody is held out.")
    if task:
        return task, say_left_out(task, dataset.package)
    typer.echo(f"Predictions are not scored against this publication: {unscored}")
    return None, ""


def _say_published(target: Path, people: dict[str, int], more: Sequence[str], state: Path) -> None:
    typer.echo(f"Published: {target}")
    typer.echo(", ".join(f"{part} {counted(count, 'person', 'people')}" for part, count in people.items()))
    for line in filter(None, more):
        typer.echo(line)
    for role in ("owner", "it"):
        typer.echo(f"To be signed: {paste('data', 'sign', target, '--role', role, '--by', 'First Last', state=state)}")


def _say_whole(folders: Folders, dataset: Dataset) -> str:
    """Say where the outcomes of those held out still stand."""
    whole = road_folder(folders, dataset.name)
    return f"Their outcomes also stand in the whole tables below {whole}: no hub may serve that folder."


def _choose_sample(
    folders: Folders, dataset: Dataset, drawn: Path | None, people: int | None
) -> tuple[Dataset | None, str]:
    """Return the sample to publish, None for a new one, and the sentence that says which."""
    beside = road_folder(folders, dataset.name) / "sample" / dataset.name
    if drawn:
        return open_dataset(drawn), f"The sample is the one in {drawn}."
    if not (beside / FILE).is_file():
        return None, ""
    if people is None:
        return open_dataset(beside), f"The sample is the one that was drawn before, in {beside}."
    return None, f"The sample in {beside} was not used: --people {people} drew a new one. Leave --people out to use it."


def sign(
    folder: Annotated[Path, typer.Argument(help="The published folder.")],
    role: Annotated[str, typer.Option(help="owner or it.")],
    by: Annotated[str, typer.Option(help="Who signs, as other people know them.")],
    state: StateOption = DEFAULT_STATE,
) -> None:
    """Record that the data's owner or the hospital's IT stands for exactly these published files."""
    from rounds.custody.publishing.attach import check_can_attach
    from rounds.custody.publishing.publication import read_publication, read_sign_offs, sign_off

    now = datetime.now(UTC)
    before = [s.name for s in read_sign_offs(folder) if s.role == role]
    signed = sign_off(folder, role, by, now)
    write_down(folders_of(state), "publication signed", folder.name, f"{role}: {by}, hash {signed.hash[:16]}")
    instead = f", in place of {before[0]}" if before and before[0] != signed.name else ""
    typer.echo(f"{by} signed for {role}{instead}: {signed.hash[:16]}")
    try:
        check_can_attach(folder, now)
    except DataError as error:
        typer.echo(f"Not yet: {in_words(error, state)}")
    else:
        challenge = read_publication(folder).challenge
        typer.echo(f"It can be attached: {paste('data', 'attach', folder, '--challenge', challenge, state=state)}")


def attach(
    folder: Annotated[Path, typer.Argument(help="The published folder.")],
    challenge: Annotated[str, typer.Option(help="The challenge whose notebooks open it.")],
    part: Annotated[str, typer.Option(help="sample, full or hold-out (its features).")] = "sample",
    custodian: Annotated[
        Path | None,
        typer.Option(
            envvar="ROUNDS_CUSTODIAN", help="The custodian's folder, to score predictions; needed for the hold-out."
        ),
    ] = None,
    replace_: Annotated[
        bool, typer.Option("--replace", help="Close what the challenge opens of another publication first.")
    ] = False,
    state: StateOption = DEFAULT_STATE,
) -> None:
    """Open a signed publication in a challenge's notebooks: its sample, the full data, or the hold-out's features."""
    from rounds.custody.publishing.attach import Part, attach_part, check_can_attach, check_challenge

    folders, now = folders_of(state), datetime.now(UTC)
    asked_for = dataset_of_challenge(folders, challenge)
    published = check_can_attach(folder, now)
    check_challenge(folder, published, challenge)
    kind = open_dataset(folder / "full" / published.name).package.kind
    check_kind(folders, kind)
    scored = scored_hold_out(folder, custodian, challenge) if part == "hold-out" else None
    with ledger_of(folders, now) as ledger:
        if replace_:
            _close_other(ledger, challenge, published)
        dataset = attach_part(ledger, Part(folder, part, challenge, asked_for), scored)
    when = say_when(AppliedEvent(folders.event).current(), part, kind, now)
    typer.echo(f"The notebooks of {challenge} open {say_part(part, dataset.name)} {when}.")


def _close_other(ledger: Ledger, challenge: str, published: Publication) -> None:
    from rounds.custody.publishing.attach import find_others

    others = find_others(ledger, challenge, published)
    ledger.close(others)
    for other in others:
        typer.echo(f"The {other.part} of the other publication is closed.")


def register(app: typer.Typer) -> None:
    """Add the commands to `rounds data`."""
    for command in (publish, sign, attach):
        app.command(command.__name__)(command)
