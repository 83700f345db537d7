"""When servers are started ahead, which ones, and until when they are kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rounds.errors import WarmError
from rounds.event import Event, load_event
from rounds.hub.spawner import _say_limits
from rounds.hub.warming import accounts_of, due_phase, keep_until
from rounds.warm.order import KernelLimits
from rounds.warm.provisioner import LIMITS, read_limits

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def event() -> Event:
    """Return the demo's event."""
    return load_event(ROOT / "events" / "demo" / "event.toml")


@pytest.mark.parametrize(
    ("minutes", "due"),
    [
        (-16, False),  # too early
        (-15, True),  # policy.warm_before_min
        (0, True),
        (29, True),
        (30, False),  # policy.warm_for_min
    ],
)
def test_a_phase_is_due_from_before_its_opening_until_after(event: Event, minutes: float, due: bool) -> None:
    phase = event.phase[1]
    found = due_phase(event, event.opens_at(phase) + timedelta(minutes=minutes))
    assert (found == phase) == due


def test_nothing_is_due_when_the_file_says_never(event: Event) -> None:
    never = event.model_copy(update={"policy": event.policy.model_copy(update={"warm_before_min": 0})})
    assert due_phase(never, event.opens_at(event.phase[1])) is None


def test_servers_are_kept_past_the_opening_or_past_now(event: Event) -> None:
    opens = event.opens_at(event.phase[1])
    assert keep_until(event, opens - timedelta(minutes=10)) == opens + timedelta(minutes=30)
    now = datetime(2026, 11, 1, tzinfo=UTC)
    assert keep_until(event, now) == now + timedelta(minutes=30)


def test_teams_come_first_and_everybody_once(event: Event) -> None:
    teams, learning, everybody = (accounts_of(event, kind) for kind in ("teams", "learning", "all"))
    assert [name[:5] for name in teams] == ["team-"] * 8
    assert len(learning) == 50
    assert everybody == (*teams, *learning)
    assert len(set(everybody)) == 58


def test_a_rooms_limits_reach_its_kernels(event: Event) -> None:
    said = _say_limits(event.limits_of("learning"))
    assert read_limits({LIMITS: said}) == KernelLimits(memory_gb=8, cpu_s=0, open_files=4096)
    assert read_limits({LIMITS: _say_limits(event.limits_of("team"))}) == KernelLimits()


@pytest.mark.parametrize("said", ["rubbish", "memory=2", "memory_gb=-1", "memory_gb=abc", "open_files"])
def test_a_mistake_in_a_kernels_limits_is_an_error_and_not_no_limit(said: str) -> None:
    with pytest.raises(WarmError, match="write, for example"):
        read_limits({LIMITS: said})
