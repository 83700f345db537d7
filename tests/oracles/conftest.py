"""The oracles live in an environment of their own, which `make oracles` makes."""

from __future__ import annotations

import pytest

from tests.oracles.ask import PYTHON


@pytest.fixture(scope="session", autouse=True)
def _oracles() -> None:
    if not PYTHON.exists():
        pytest.fail(f"{PYTHON} is missing. Make the environment of the oracles and run these tests with: make oracles")
