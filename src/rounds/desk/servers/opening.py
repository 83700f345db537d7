"""Open a server: start it with the person's own rights, show how far it is, then send the browser on.

The page itself (GET) starts nothing: it holds a form, which a script sends at once and a button sends without one.
A room's page that saw its server gone says so (`?stopped=yes`): the hub, which looks every few seconds, may believe
still that it runs, and looks at once when it is asked to start it.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException

from rounds.desk.access import check_can
from rounds.desk.desk import Desk, desk_of
from rounds.desk.event.dashboards import is_published
from rounds.desk.pages import is_fragment, render_page
from rounds.desk.servers.hub_api import Advance, HubRefusedError, HubUnreachableError, Server, ServerState
from rounds.desk.servers.starts import StartOutcome
from rounds.desk.viewer import CurrentViewer, FormViewer, Viewer, check_team
from rounds.roles import Action
from rounds.slugs import dashboards_account, team_account

router = APIRouter()
START_NOTEBOOK = "notebooks/start.ipynb"


@dataclass(frozen=True)
class Destination:
    """A server to open, the page in it to go to, and how the desk calls it."""

    account: str
    path: str
    title: str
    back: str = ""


async def find_learning(viewer: CurrentViewer) -> Destination:
    """Return the viewer's own learning server."""
    check_can(viewer.event, viewer.person, Action.USE_LEARNING_SERVER, whom=viewer.person.username)
    return Destination(viewer.person.username, "lab", "your learning server")


async def find_take_home(viewer: CurrentViewer) -> Destination:
    """Return the viewer's own learning server, at the page with all lessons as one archive."""
    check_can(viewer.event, viewer.person, Action.USE_LEARNING_SERVER, whom=viewer.person.username)
    return Destination(viewer.person.username, "rounds/take-home", "your lessons to take home", "lessons")


async def find_lesson(request: Request, viewer: CurrentViewer, lesson_id: str) -> Destination:
    """Return the viewer's own learning server, at a lesson of the event."""
    check_can(viewer.event, viewer.person, Action.USE_LEARNING_SERVER, whom=viewer.person.username)
    progress = await desk_of(request).progress(viewer.event)
    lesson = next((item for item in progress.lessons if item.id == lesson_id), None)
    if lesson is None:
        raise HTTPException(404)
    path = f"rounds/lesson/{quote(lesson.id, safe='')}"
    return Destination(viewer.person.username, path, f"the lesson “{lesson.title}”", "lessons")


async def find_team(request: Request, viewer: CurrentViewer, team_id: str) -> Destination:
    """Return a team's server, at its first notebook when there is one."""
    sentence = "Only the members of a team may open its server."
    check_can(viewer.event, viewer.person, Action.ENTER_TEAM_SERVER, team_id, sentence)
    team = check_team(viewer, team_id)
    folder = desk_of(request).settings.folders.team(team.id)
    layout = f"lab/workspaces/{viewer.person.username}"  # team-mates share an account, not their open tabs
    path = f"{layout}/tree/{START_NOTEBOOK}" if (folder / START_NOTEBOOK).is_file() else layout
    return Destination(team_account(team.id), path, f"the server of {team.title}", "teams")


async def find_dashboard(request: Request, viewer: CurrentViewer, team_id: str, name: str) -> Destination:
    """Return a team's dashboards, at one published notebook."""
    sentence = "The dashboards of this team are not open to you."
    check_can(viewer.event, viewer.person, Action.VIEW_DASHBOARDS, team_id, sentence)
    team = check_team(viewer, team_id)
    folder = desk_of(request).settings.folders.published(team.id)
    if name not in {path.name for path in folder.glob("*.ipynb") if is_published(path)}:
        raise HTTPException(404)
    account, path = dashboards_account(team.id), f"voila/render/{quote(name, safe='')}"
    return Destination(account, path, f"a dashboard of {team.title}", "dashboards")


@dataclass(frozen=True)
class Stand:
    """How the opening of one server stands for one person."""

    server: Server
    outcome: StartOutcome
    advance: Advance

    @property
    def is_moving(self) -> bool:
        """Whether waiting makes sense."""
        states = (ServerState.STARTING, ServerState.STOPPING, ServerState.UNKNOWN)
        return self.server.state in states or self.outcome is StartOutcome.UNDER_WAY


async def show(request: Request, viewer: Viewer, destination: Destination, waiting: bool) -> Response:
    """Send the browser on when the server runs; else offer to start it, or show how far the start is."""
    desk = desk_of(request)
    stand = await find_stand(desk, viewer, destination, waiting)
    if stand.outcome is StartOutcome.REFUSED and waiting:
        raise HubRefusedError
    if stand.server.state is ServerState.RUNNING:
        return _send_on(request, desk, stand.server, destination)
    return _offer(request, viewer, destination, stand, waiting)


def _offer(request: Request, viewer: Viewer, destination: Destination, stand: Stand, waiting: bool = False) -> Response:
    """Return the page that offers to start the server, or shows how far the start is."""
    return render_page(
        request,
        viewer,
        "opening_state.html" if is_fragment(request) else "opening.html",
        destination=destination,
        waiting=waiting and stand.is_moving,
        missed=waiting and not stand.is_moving,
        busy=stand.outcome is StartOutcome.BUSY,
        advance=stand.advance,
        address=request.url.path,
    )


async def start(request: Request, viewer: Viewer, destination: Destination) -> Response:
    """Ask the hub to start the server, then go to the page that shows how far it is."""
    starts = desk_of(request).starts
    outcome = await starts.ask(viewer.person.username, viewer.token, destination.account)
    if outcome is StartOutcome.REFUSED:
        raise HubRefusedError
    return RedirectResponse(f"{request.url.path}?waiting=yes", 303)


async def find_stand(desk: Desk, viewer: Viewer, destination: Destination, waiting: bool) -> Stand:
    """Return how the opening stands; while one waits, a hub that is silent for a moment is no failure."""
    account = destination.account
    outcome = desk.starts.outcome(viewer.person.username, account)
    try:
        server = await _find_server(desk, viewer, account)
    except HubUnreachableError:
        if not waiting:
            raise
        return Stand(Server(ServerState.UNKNOWN), outcome, Advance(0, "The hub is busy. This page tries again."))
    if server.state is ServerState.STOPPING:
        return Stand(server, outcome, Advance(0, "The server is stopping first."))
    starting = server.state is ServerState.STARTING
    advance = await desk.hub.fetch_advance(viewer.token, account) if starting else Advance()
    return Stand(server, outcome, advance)


async def _find_server(desk: Desk, viewer: Viewer, account: str) -> Server:
    """Return how the server stands; one that never ran is unknown to the hub and therefore stopped."""
    try:
        return await desk.hub.fetch_server(viewer.token, account)
    except HubRefusedError:
        return Server(ServerState.STOPPED)


def _send_on(request: Request, desk: Desk, server: Server, destination: Destination) -> Response:
    own = f"{desk.settings.base_url}user/{quote(destination.account)}/"
    address = (server.url or own) + destination.path
    if is_fragment(request):
        return Response(headers={"HX-Redirect": address})
    return RedirectResponse(address, 303)


def _add_routes(path: str, find: Callable[..., Coroutine[Any, Any, Destination]]) -> None:
    """Add the page and the form of one kind of destination."""
    found = Depends(find)

    @router.get(path)
    async def show_destination(
        request: Request,
        viewer: CurrentViewer,
        waiting: str = "",
        stopped: str = "",
        destination: Destination = found,
    ) -> Response:
        if stopped == "yes":
            return _offer(
                request, viewer, destination, Stand(Server(ServerState.STOPPED), StartOutcome.NONE, Advance())
            )
        return await show(request, viewer, destination, waiting == "yes")

    @router.post(path)
    async def start_destination(request: Request, viewer: FormViewer, destination: Destination = found) -> Response:
        return await start(request, viewer, destination)


_add_routes("/open/learning", find_learning)
_add_routes("/open/take-home", find_take_home)
_add_routes("/open/lesson/{lesson_id}", find_lesson)
_add_routes("/open/team/{team_id}", find_team)
_add_routes("/open/dashboard/{team_id}/{name}", find_dashboard)
