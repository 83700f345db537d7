"""Ask the grading service with the token of a server: what a room's own server does, and nothing else may."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, Request, build_opener

from rounds.errors import GradingError

ADDRESS, TOKEN = "ROUNDS_GRADING_URL", "JUPYTERHUB_API_TOKEN"
HELP_ADDRESS = "ROUNDS_HELP_URL"  # the same service, for a team's room too, from which nothing is handed in
ANSWER_WITHIN_S = 80
AWAY = "The grading service does not answer at this moment. Your work is saved; try again in a minute."


@dataclass(frozen=True)
class GradingClient:
    """The grading service, as one server of the hub sees it."""

    url: str
    token: str = field(repr=False)

    def ask(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """Return the answer to one message; raise `GradingError` with the service's sentence when it refuses."""
        headers = {"Authorization": f"token {self.token}", "Content-Type": "application/json"}
        request = Request(f"{self.url}/ask", json.dumps(message).encode(), headers)  # noqa: S310  a loopback address
        try:
            with build_opener(ProxyHandler({})).open(request, timeout=ANSWER_WITHIN_S) as reply:
                return dict(json.load(reply))
        except HTTPError as error:
            raise GradingError(_sentence_of(error)) from None
        except (URLError, OSError, ValueError):
            raise GradingError(AWAY) from None


def find_client(environ: Mapping[str, str], address: str = ADDRESS) -> GradingClient | None:
    """Return the service's client in a room's server; None where there is no token, as in a kernel or a terminal."""
    url, token = environ.get(address), environ.get(TOKEN)
    return GradingClient(url, token) if url and token else None


def _sentence_of(error: HTTPError) -> str:
    try:
        return str(json.loads(error.read())["refused"])
    except (ValueError, KeyError, TypeError, OSError):
        return AWAY
