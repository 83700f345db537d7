"""What a page says when something is in the way: calm, one sentence, one way on; never an exception's text.

A part of a page that htmx asked for is not the place for it: the whole page is loaded again and says it.
"""

from __future__ import annotations

import logging

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from rounds.desk.access import NotAllowedError
from rounds.desk.desk import desk_of
from rounds.desk.pages import is_fragment, render_plain_page
from rounds.desk.servers.hub_api import HubRefusedError, HubUnreachableError
from rounds.desk.signing_in.sign_in import send_to_hub
from rounds.desk.viewer import FormError, NotInEventError, SignInNeededError

log = logging.getLogger("rounds.desk")
HOME = "Go to the desk"


def apply_trouble(app: FastAPI) -> None:
    """Give `app` a page for everything that can go wrong."""
    app.add_exception_handler(SignInNeededError, _sign_in)
    app.add_exception_handler(NotInEventError, _not_in_event)
    app.add_exception_handler(NotAllowedError, _not_allowed)
    app.add_exception_handler(FormError, _form)
    app.add_exception_handler(HubUnreachableError, _hub_unreachable)
    app.add_exception_handler(HubRefusedError, _hub_refused)
    app.add_exception_handler(RequestValidationError, _not_found)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _bug)


def _page(request: Request, status: int, title: str, sentence: str, label: str = HOME) -> Response:
    if status == 403 and is_fragment(request):
        return Response(headers={"HX-Refresh": "true"})
    desk = desk_of(request)
    return render_plain_page(desk, status, title, sentence, label, desk.settings.prefix)


async def _sign_in(request: Request, _: Exception) -> Response:
    return send_to_hub(request)


async def _not_in_event(request: Request, _: Exception) -> Response:
    if is_fragment(request):
        return Response(headers={"HX-Refresh": "true"})
    desk = desk_of(request)
    sentence = (
        "You are signed in, but you are not part of the event now: this account is not in its list of people. "
        "Ask an organiser to add you, or sign in with another account."
    )
    way_out = f"{desk.settings.hub_url}logout"
    return render_plain_page(desk, 403, "Not in this event", sentence, "Sign out", way_out)


async def _not_allowed(request: Request, error: Exception) -> Response:
    sentence = error.sentence if isinstance(error, NotAllowedError) else ""
    return _page(request, 403, "This page is not yours", sentence)


async def _form(request: Request, _: Exception) -> Response:
    sentence = "The page you came from was too old to be used. Open it again, then press the button once more."
    return _page(request, 403, "Please try once more", sentence)


async def _hub_unreachable(request: Request, _: Exception) -> Response:
    sentence = "The hub does not answer at the moment. Your work is safe. Wait a minute, then try again."
    return _page(request, 503, "The hub does not answer", sentence, "Try again")


async def _hub_refused(request: Request, _: Exception) -> Response:
    sentence = "The hub does not open this for you. If you think it should, ask an organiser."
    return _page(request, 403, "This is not yours to open", sentence)


async def _not_found(request: Request, _: Exception) -> Response:
    return _page(request, 404, "This page does not exist", "Check the address, or start at home.")


async def _http(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status in (404, 405):
        return await _not_found(request, error)
    return _page(request, status, "That did not work", "Go back and try once more.")


async def _bug(request: Request, error: Exception) -> Response:
    log.error("a page failed: %s %s", request.method, request.url.path, exc_info=error)
    sentence = "Something in Rounds did not work. Your work is safe. Try again, or tell an organiser what you did."
    return _page(request, 500, "That did not work", sentence)
