"""Hand in predictions and see what they score: the team's own tries, and every team's for the jury.  Nobody is ranked.

The desk passes the file to the scoring process and never opens a hold-out itself.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import Engine
from starlette.datastructures import UploadFile

from rounds.custody.scoring.predictions import COLUMN, EMPTY, LARGEST_BYTES
from rounds.custody.scoring.tries import MOST, HandIn, Try, hand_in, load_tries
from rounds.custody.scoring.words import WORDS, say_interval, say_value
from rounds.data.descriptor import read_package
from rounds.data.package import RESTRICTED
from rounds.data.shelf.ledger import find_current
from rounds.data.shelf.phases import opens_later
from rounds.desk.access import NotAllowedError, check_can, is_allowed, teams_within
from rounds.desk.data.datasets import dataset_of
from rounds.desk.desk import desk_of
from rounds.desk.pages import render_page
from rounds.desk.scores.scale import draw
from rounds.desk.viewer import CurrentViewer, FormViewer, Viewer, check_team
from rounds.errors import DataError
from rounds.event import Challenge, Team
from rounds.roles import Action
from rounds.store.folders import Folders
from rounds.store.tables import Attachment

router = APIRouter()
FRAME_BYTES = 10_000


@dataclass(frozen=True)
class ScoreCard:
    """One team's tries as one viewer sees them: those against the challenge's hold-out, and against earlier ones."""

    team: Team
    challenge: Challenge
    hold_out: Attachment | None
    tries: tuple[Try, ...]
    earlier: tuple[Try, ...]
    opens: str
    may_hand_in: bool

    @property
    def left(self) -> int:
        """How many tries the team has left."""
        return max(MOST - len(self.tries), 0)


async def check_length(request: Request) -> None:
    """Refuse a body that is too large, or does not say how large it is, before any of it is read."""
    length = request.headers.get("content-length", "")
    if not length.isdigit() or int(length) > LARGEST_BYTES + FRAME_BYTES:
        raise NotAllowedError(
            f"The file is larger than {LARGEST_BYTES // 1_000_000} MB. Ids and predictions are enough."
        )


@router.get("/scores")
async def show_scores(request: Request, viewer: CurrentViewer) -> HTMLResponse:
    """Show the tries of the teams whose scores the viewer may see."""
    return await _render(request, viewer)


@router.post("/scores/{team_id}", dependencies=[Depends(check_length)])
async def hand_in_predictions(request: Request, viewer: FormViewer, team_id: str) -> Response:
    """Score the file of a team's member."""
    desk, team = desk_of(request), check_team(viewer, team_id)
    check_can(
        viewer.event,
        viewer.person,
        Action.HAND_IN_PREDICTIONS,
        team.id,
        "The members of a team hand in its predictions.",
    )
    file = (await request.form()).get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        return await _render(request, viewer, team.id, "Choose a file first, then press the button again.")
    if not file.size:
        return await _render(request, viewer, team.id, EMPTY)
    try:
        async with desk.score_of(team.id):
            done, is_new = await asyncio.to_thread(_hand_in, desk.engine, desk.settings.folders, viewer, team, file)
    except DataError as error:
        return await _render(request, viewer, team.id, str(error))
    again = "" if is_new else f"?again={done.number}"
    return RedirectResponse(f"{desk.settings.prefix}scores{again}#{team.id}-{done.number}", 303)


def _hand_in(engine: Engine, folders: Folders, viewer: Viewer, team: Team, file: UploadFile) -> tuple[Try, bool]:
    """Pass an uploaded file to the scoring process; the desk keeps no copy."""
    challenge = viewer.event.challenge_by_id[team.challenge]
    dataset = dataset_of(challenge, folders)
    hold_out = find_current(engine, challenge.id, dataset)
    if hold_out and (later := _opens_later(viewer, folders, hold_out)):
        raise DataError(f"Your notebooks open the hold-out with the full data, {later}; until then no file is taken.")
    with tempfile.TemporaryDirectory(prefix="rounds-predictions-") as folder:
        path = Path(folder) / "predictions"
        with path.open("wb") as target:
            shutil.copyfileobj(file.file, target)
        least = viewer.event.policy.min_cell_count
        handed = HandIn(path, team.id, challenge.id, dataset, viewer.person.username, least)
        return hand_in(engine, folders.hold_outs, handed, datetime.now(UTC))


async def _render(request: Request, viewer: Viewer, wrong: str = "", problem: str = "") -> HTMLResponse:
    desk, teams = desk_of(request), teams_within(viewer.event, viewer.person, Action.SEE_SCORES)
    if not teams:
        raise NotAllowedError("You see the scores of your own team here, and the jury sees those of all teams.")
    return render_page(
        request,
        viewer,
        "scores.html",
        422 if problem else 200,
        cards=await asyncio.to_thread(_load_cards, desk.engine, desk.settings.folders, viewer, teams),
        wrong=wrong,
        problem=problem,
        again=request.query_params.get("again", ""),
        most=MOST,
        column=COLUMN,
        words=WORDS,
        say_value=say_value,
        say_interval=say_interval,
        draw=draw,
    )


def _load_cards(engine: Engine, folders: Folders, viewer: Viewer, teams: tuple[Team, ...]) -> list[ScoreCard]:
    """Return a card for each team, in the event file's order."""
    tries = load_tries(engine, [team.id for team in teams])
    return [_card(team, viewer, engine, folders, [one for one in tries if one.team == team.id]) for team in teams]


def _card(team: Team, viewer: Viewer, engine: Engine, folders: Folders, tries: list[Try]) -> ScoreCard:
    challenge = viewer.event.challenge_by_id[team.challenge]
    hold_out = find_current(engine, challenge.id, dataset_of(challenge, folders))
    now = hold_out.hash if hold_out else ""
    mine = [one for one in tries if one.challenge == challenge.id]
    return ScoreCard(
        team,
        challenge,
        hold_out,
        tuple(one for one in mine if one.hold_out == now),
        tuple(one for one in mine if one.hold_out != now),
        _opens_later(viewer, folders, hold_out) if hold_out else "",
        is_allowed(viewer.event, viewer.person, Action.HAND_IN_PREDICTIONS, team.id),
    )


def _opens_later(viewer: Viewer, folders: Folders, hold_out: Attachment) -> str:
    """Return when teams open a hold-out; empty when they can now.  One that cannot say its kind is a real one."""
    try:
        kind = read_package(folders.data / hold_out.dataset).kind
    except DataError:
        kind = RESTRICTED
    return opens_later(viewer.event, kind, datetime.now(UTC))
