"""The data dictionary: every dataset that the visitor may know of, all columns, in the words of either reader.

It works without a script, and answers while one types with it.  No row, no value and no count is ever on it.
"""

from __future__ import annotations

import asyncio
import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import Engine

from rounds.data.entry import Wanted, build_entries, find_entries
from rounds.desk.access import NotAllowedError
from rounds.desk.data.datasets import (
    KnownDataset,
    challenges_within,
    dataset_of,
    features_of,
    find_datasets,
    open_known,
    reaches,
)
from rounds.desk.data.new_answers import find_new
from rounds.desk.data.question_store import Asked, load_asked
from rounds.desk.desk import desk_of
from rounds.desk.pages import is_fragment, render_page
from rounds.desk.viewer import CurrentViewer
from rounds.event import Challenge
from rounds.roles import Action, Reach, reach
from rounds.store.folders import Folders
from rounds.synthetic.stock import opens_own

router = APIRouter()
LONGEST_QUERY, PROGRAM = 100, ".venv/bin/rounds"
WORDS = {"both": "both", "engineer": "engineers", "clinician": "clinicians"}


@dataclass(frozen=True)
class Card:
    """One challenge as the visitor may know it; without a dataset for whom the question alone is.

    ``to_prepare`` is the command that prepares its hold-out: for organisers and custodians, as long as there is none.
    """

    challenge: Challenge
    dataset: KnownDataset | None
    hold_out: KnownDataset | None
    to_prepare: str = ""


@router.get("/data")
async def show_datasets(request: Request, viewer: CurrentViewer) -> HTMLResponse:
    """Show the challenges and the datasets that the visitor may know of."""
    desk, event, person = desk_of(request), viewer.event, viewer.person
    folders, engine = desk.settings.folders, desk.engine
    challenges = challenges_within(event, person, Action.SEE_CHALLENGES)
    known = await asyncio.to_thread(find_datasets, event, person, folders, engine)
    if not challenges and not known:
        raise NotAllowedError("Your role in this event has no dataset to know of.")
    runs_commands = reach(person.role, Action.READ_DICTIONARY) is Reach.ALL
    cards = [
        Card(
            c,
            known.get(dataset_of(c, folders)),
            known.get(features_of(c, folders, engine)),
            say_command(c, folders, engine) if runs_commands else "",
        )
        for c in challenges
    ]
    others = [d for d in known.values() if not d.challenges]
    return render_page(request, viewer, "data.html", cards=cards, others=others)


@router.get("/data/{dataset}")
async def show_dictionary(
    request: Request,
    viewer: CurrentViewer,
    dataset: str,
    q: str = "",
    table: str = "",
    known: str = "",
    words: str = "both",
) -> HTMLResponse:
    """Show one dataset's dictionary, or only its columns when htmx asks."""
    desk = desk_of(request)
    folders = desk.settings.folders
    found = await asyncio.to_thread(open_known, viewer.event, viewer.person, folders, desk.engine, dataset)
    entries = build_entries(found.package, found.prediction_time)
    tables = {t.name: t.row for t in found.package.tables}
    wanted = Wanted(q[:LONGEST_QUERY], table if table in tables else "", known == "true")
    shown = find_entries(entries, wanted)
    asked = await asyncio.to_thread(load_asked, desk.engine, viewer.event, [c.id for c in found.challenges], found.name)
    return render_page(
        request,
        viewer,
        "dictionary_columns.html" if is_fragment(request) else "dictionary.html",
        dataset=found,
        tables=tables,
        by_table=[(t, [e for e in shown if e.table == t]) for t in tables],
        shown=len(shown),
        total=len(entries),
        wanted=wanted,
        words=words if words in WORDS else "both",
        readers=WORDS,
        asked=_by_column(asked),
        new=await asyncio.to_thread(find_new, desk.engine, viewer.event, viewer.person, asked),
        may_ask=any(reaches(viewer.event, viewer.person, Action.ASK_CLINICIAN, c) for c in found.challenges),
    )


def say_command(challenge: Challenge, folders: Folders, engine: Engine) -> str:
    """Return the command that prepares a challenge's hold-out, as it can be pasted; empty when none is needed."""
    if not challenge.metric or features_of(challenge, folders, engine):
        return ""
    where = ["--state", str(folders.root.resolve())]
    if opens_own(folders.data, challenge.dataset):
        return shlex.join([PROGRAM, "data", "hold-out", challenge.id, *where])
    words = ["attach", "FOLDER", "--challenge", challenge.id, "--part", "hold-out", "--custodian", "CUSTODIAN"]
    return shlex.join([PROGRAM, "data", *words, *where])


def _by_column(asked: Sequence[Asked]) -> dict[tuple[str, str], list[Asked]]:
    """Return the questions about each column."""
    by_column: dict[tuple[str, str], list[Asked]] = {}
    for one in asked:
        by_column.setdefault((one.table, one.column), []).append(one)
    return by_column
