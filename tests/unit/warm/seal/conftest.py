"""A sealed room, with everything that the machine has and without namespaces."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.unit.warm.seal.inside import LEVELS, Inside, make_inside


@pytest.fixture(params=LEVELS.values(), ids=LEVELS)
def inside(request: pytest.FixtureRequest, tmp_path: Path) -> Inside:
    """Return a room without internet, once whole and once without namespaces."""
    return make_inside(tmp_path, request.param)


@pytest.fixture
def whole(tmp_path: Path) -> Inside:
    """Return a room without internet that has all that the machine has."""
    return make_inside(tmp_path)
