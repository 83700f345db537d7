"""Put the desk together."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from rounds.desk import static_files
from rounds.desk.assets import load_assets
from rounds.desk.data import ask_page, dictionary, questions
from rounds.desk.desk import Desk, LoadProgress
from rounds.desk.event import board, dashboards, feedback, glossary, home, invitations, overview, teams, together
from rounds.desk.help import pages
from rounds.desk.learning import again, knowledge, learned, placement, review
from rounds.desk.live import stream
from rounds.desk.pages import build_environment
from rounds.desk.scores import scores
from rounds.desk.security import OwnPages, SecurityHeaders
from rounds.desk.servers import opening
from rounds.desk.servers.hub_api import HubApi
from rounds.desk.servers.starts import Starts
from rounds.desk.settings import Settings
from rounds.desk.signing_in import sign_in
from rounds.desk.trouble import apply_trouble
from rounds.event import AppliedEvent

ROUTERS = (
    home.router,
    board.router,
    feedback.router,
    together.router,
    placement.router,
    review.router,
    knowledge.router,
    again.router,
    learned.router,
    pages.router,
    teams.router,
    dashboards.router,
    questions.router,
    ask_page.router,
    scores.router,
    dictionary.router,
    glossary.router,
    overview.router,
    invitations.router,
    opening.router,
    stream.router,
    sign_in.router,
    static_files.router,
)


def create_desk(settings: Settings, load_progress: LoadProgress) -> FastAPI:
    """Return the desk's application; `load_progress` reads every mark of an event and may be slow."""
    desk = _build_desk(settings, load_progress)
    app = FastAPI(title="Rounds desk", docs_url=None, redoc_url=None, openapi_url=None, lifespan=_live)
    app.state.desk = desk
    app.add_middleware(OwnPages, public_url=settings.public_url)
    app.add_middleware(SecurityHeaders, form_targets=f"{settings.hub_host} {settings.form_targets}".strip())
    apply_trouble(app)
    for router in ROUTERS:
        app.include_router(router, prefix=settings.prefix.rstrip("/"))
    return app


def _build_desk(settings: Settings, load_progress: LoadProgress) -> Desk:
    assets, hub = load_assets(), HubApi(settings)
    return Desk(
        settings=settings,
        load_progress=load_progress,
        applied=AppliedEvent(settings.folders.event),
        hub=hub,
        starts=Starts(hub),
        assets=assets,
        templates=build_environment(settings.prefix, assets.version),
    )


@asynccontextmanager
async def _live(app: FastAPI) -> AsyncIterator[None]:
    yield
    await app.state.desk.close()
