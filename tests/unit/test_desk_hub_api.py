"""How the desk reads the hub's answers, and what it says when none comes."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rounds.desk.event.dashboards import find_title
from rounds.desk.servers.hub_api import (
    Advance,
    HubApi,
    HubUnreachableError,
    ServerState,
    _parse_account,
    _parse_advance,
    _state_of,
)
from rounds.desk.servers.starts import StartOutcome, Starts
from rounds.desk.settings import Settings
from rounds.desk.words import describe_age

NOBODY_LISTENS = Settings(
    state=Path("/nowhere"),
    api_url="http://127.0.0.1:9/hub/api",
    api_token="token",
    client_id="service-desk",
    prefix="/services/desk/",
    service_url="http://127.0.0.1:9001",
)


@pytest.mark.parametrize(
    ("model", "state"),
    [
        ({"ready": True, "pending": None, "stopped": False}, ServerState.RUNNING),
        ({"ready": False, "pending": "spawn", "stopped": False}, ServerState.STARTING),
        ({"ready": True, "pending": "stop", "stopped": False}, ServerState.STOPPING),
        ({"ready": False, "pending": None, "stopped": True}, ServerState.STOPPED),
    ],
)
def test_server_model_becomes_one_state(model, state):
    assert _state_of(model) is state


def test_account_without_a_server_is_stopped_and_its_activity_has_a_zone():
    account = _parse_account({"name": "noa", "last_activity": "2027-02-21T09:00:00.123Z", "servers": {}})
    assert account.state is ServerState.STOPPED
    assert account.last_activity == datetime(2027, 2, 21, 9, 0, 0, 123000, tzinfo=UTC)


def test_account_that_was_never_active_has_no_moment():
    assert _parse_account({"name": "noa", "last_activity": None}).last_activity is None


def test_progress_event_is_kept_within_its_bounds():
    assert _parse_advance('{"progress": 50, "message": "Spawning"}') == Advance(50, "Spawning")
    assert _parse_advance('{"progress": 700}').percent == 100
    assert _parse_advance('{"progress": null, "failed": true}') == Advance(0, "", failed=True)


def test_silent_hub_is_an_error_of_its_own():
    async def ask() -> None:
        hub = HubApi(NOBODY_LISTENS)
        try:
            await hub.fetch_username("token")
        finally:
            await hub.close()

    with pytest.raises(HubUnreachableError):
        asyncio.run(ask())


def test_progress_of_a_silent_hub_is_the_beginning():
    async def ask() -> Advance:
        hub = HubApi(NOBODY_LISTENS)
        advance = await hub.fetch_advance("token", "noa")
        await hub.close()
        return advance

    assert asyncio.run(ask()) == Advance()


def test_request_to_start_belongs_to_the_person_who_asked():
    async def ask() -> tuple[StartOutcome, StartOutcome]:
        hub = HubApi(NOBODY_LISTENS)
        starts = Starts(hub)
        own = await starts.ask("noa", "token", "team-stork")
        other = starts.outcome("hana", "team-stork")
        await hub.close()
        return own, other

    assert asyncio.run(ask()) == (StartOutcome.OVER, StartOutcome.NONE)


@pytest.mark.parametrize(
    ("notebook", "title"),
    [
        ({"cells": [{"cell_type": "markdown", "source": ["text\n", "## Weights\n"]}]}, "Weights"),
        ({"cells": [{"cell_type": "code", "source": "# no title"}]}, ""),
        ({"cells": [{"cell_type": "markdown", "source": "#\n# "}]}, ""),
        ({"cells": ["broken"]}, ""),
        (["no notebook"], ""),
    ],
)
def test_title_is_the_first_heading(notebook, title):
    assert find_title(notebook) == title


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=59), "59 min ago"),
        (timedelta(minutes=60), "1 h ago"),
        (timedelta(hours=47), "47 h ago"),
        (timedelta(hours=48), "2 days ago"),
    ],
)
def test_age_is_said_in_its_largest_unit(age, words):
    assert describe_age(age) == words
