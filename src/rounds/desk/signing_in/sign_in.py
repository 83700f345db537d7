"""Signing in through the hub, and signing out."""

from __future__ import annotations

import time

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from rounds.desk.desk import Desk, desk_of
from rounds.desk.pages import render_plain_page
from rounds.desk.servers.hub_api import HubRefusedError
from rounds.desk.signing_in.oauth import LOGIN_TIMEOUT_S, Login, build_authorize_url, cookie_name, safe_next
from rounds.desk.signing_in.sessions import COOKIE, hub_session_of
from rounds.desk.viewer import FormViewer

router = APIRouter()


def send_to_hub(request: Request) -> Response:
    """Send a browser to the hub to say who it is, and back to the page it asked for."""
    desk = desk_of(request)
    if request.headers.get("HX-Request") == "true":
        return Response(status_code=200, headers={"HX-Refresh": "true"})
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    next_path = wanted if request.method == "GET" else request.url.path
    login = desk.logins.begin(safe_next(next_path, desk.settings.prefix), time.monotonic())
    reply = RedirectResponse(build_authorize_url(desk.settings, login), 303)
    _set_cookie(request, reply, login.cookie, login.state, int(LOGIN_TIMEOUT_S))
    return reply


@router.get("/oauth_callback")
async def finish(request: Request, code: str = "", state: str = "", error: str = "") -> Response:
    """Take the hub's answer, and open a session for the person."""
    desk = desk_of(request)
    cookie = request.cookies.get(cookie_name(state), "")
    login = desk.logins.finish(state, cookie, time.monotonic())
    if error or login is None or not code:
        return _not_finished(desk)
    try:
        token = await desk.hub.fetch_token(code, login.verifier)
    except HubRefusedError:
        return _not_finished(desk)
    username = await desk.hub.fetch_username(token)
    if username is None:
        return _not_finished(desk)
    return _enter(request, desk, login, username, token)


@router.post("/sign-out")
async def sign_out(request: Request, viewer: FormViewer) -> Response:
    """End the session here, then at the hub."""
    desk = desk_of(request)
    desk.sessions.close(request.cookies.get(COOKIE, ""))
    reply = RedirectResponse(f"{desk.settings.hub_url}logout", 307)  # stays a POST: the hub signs out by no GET
    reply.delete_cookie(COOKIE, path=desk.settings.prefix)
    return reply


@router.get("/still-here")
async def still_here(request: Request) -> Response:
    """Let an open page of somebody who was removed load again, and so say it; any other page stays as it is.

    A page whose session has only ended is not loaded again: what was typed into it would be gone.
    """
    desk = desk_of(request)
    session = desk.sessions.find(request.cookies.get(COOKIE, ""), hub_session_of(request.cookies), time.monotonic())
    left = session is not None and session.username not in desk.applied.current().person_by_name
    return Response(status_code=204, headers={"HX-Refresh": "true"} if left else {})


def _enter(request: Request, desk: Desk, login: Login, username: str, token: str) -> Response:
    hub_session = hub_session_of(request.cookies)
    session_id = desk.sessions.open(username, token, hub_session, time.monotonic())
    reply = RedirectResponse(login.next_path, 303)
    _set_cookie(request, reply, COOKIE, session_id)
    reply.delete_cookie(login.cookie, path=desk.settings.prefix)
    return reply


def _set_cookie(request: Request, reply: Response, name: str, value: str, max_age_s: int | None = None) -> None:
    reply.set_cookie(
        name,
        value,
        max_age=max_age_s,
        path=desk_of(request).settings.prefix,
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="lax",
    )


def _not_finished(desk: Desk) -> Response:
    return render_plain_page(
        desk,
        403,
        "The sign-in did not finish",
        "It may have taken too long, or the browser keeps no cookies for this site. "
        "Allow cookies for this site, then sign in again.",
        "Sign in again",
        desk.settings.prefix,
    )
