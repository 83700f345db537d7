"""What every test may use."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the project's folder."""
    return ROOT


@pytest.fixture(scope="session")
def demo_event_file() -> Path:
    """Return the demo's event file."""
    return ROOT / "events" / "demo" / "event.toml"


@pytest.fixture(scope="session")
def births14() -> Path:
    """Return the real table of births, which lies beside the checkout and is no part of it."""
    path = ROOT.parent / "shared" / "data" / "births14.csv"
    if not path.is_file():
        pytest.skip(f"the real table is not at {path}; see the R package openintro")
    return path
