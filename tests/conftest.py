"""What every test may use."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import psutil
import pytest
from hypothesis import settings

from rounds.data.dataset import Dataset
from rounds.warm.client import socket_of
from tests import made
from tests.twins import case_of, real, write_births, write_covid_testing
from tests.unit.warm_kernels import end_keeper, find_keeper

ROOT = Path(__file__).resolve().parents[1]
settings.register_profile("rounds", deadline=None)  # an example may take long on a busy machine: no timed unit test
settings.load_profile("rounds")
# notebooks and dashboards find what Rounds' own challenges ask, as in a room; before tests are collected
os.environ.setdefault("ROUNDS_CHALLENGES", str(ROOT / "notebooks" / "challenges"))


def _close_judges() -> None:
    """End the judges that a test left on their bench, where one was asked."""
    bench = sys.modules.get("rounds.grading.judge.bench")
    if bench is not None:
        bench.close_judges()


@pytest.fixture(scope="session", autouse=True)
def _end_own_keeper() -> Iterator[None]:
    """End the keeper of this run's own template, which would wait for an hour, when a test brought it to life.

    That of `XDG_RUNTIME_DIR`: another part of the suite, which runs beside, has another and must keep it.
    """
    before = _own_keeper()
    yield
    after = _own_keeper()
    if before is None and after is not None:
        _close_judges()  # a template ends after what it has forked
        end_keeper(after)


def _own_keeper() -> psutil.Process | None:
    try:
        return find_keeper(socket_of(os.environ))
    except (OSError, psutil.NoSuchProcess):
        return None


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the project's folder."""
    return ROOT


@pytest.fixture(scope="session")
def demo_event_file() -> Path:
    """Return the demo's event file."""
    return ROOT / "events" / "demo" / "event.toml"


@pytest.fixture
def machine_event_file(tmp_path: Path, demo_event_file: Path) -> Path:
    """Return the demo event as one whose deployment takes restricted data."""
    folder = tmp_path / "machine-event"
    shutil.copytree(demo_event_file.parent, folder)
    file = folder / demo_event_file.name
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('deployment = "embedded"', 'deployment = "machine"', 1), encoding="utf-8")
    return file


@pytest.fixture(scope="session")
def made_up_births(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a made-up table like the real births14."""
    return write_births(tmp_path_factory.mktemp("births"))


@pytest.fixture(scope="session")
def made_up_covid_testing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a made-up table like the real covid_testing."""
    return write_covid_testing(tmp_path_factory.mktemp("covid"))


@pytest.fixture(scope="module", params=["made-up", *map(str, real("births14.csv"))], ids=case_of)
def births14(request: pytest.FixtureRequest, made_up_births: Path) -> Path:
    """Return the made-up births, and the real ones where they lie beside the checkout."""
    return made_up_births if request.param == "made-up" else Path(request.param)


@pytest.fixture(scope="module", params=["made-up", *map(str, real("covid_testing.csv"))], ids=case_of)
def covid_testing(request: pytest.FixtureRequest, made_up_covid_testing: Path) -> Path:
    """Return the made-up tests for the coronavirus, and the real ones where they lie beside the checkout."""
    return made_up_covid_testing if request.param == "made-up" else Path(request.param)


@pytest.fixture(scope="session")
def lesson() -> Callable[[str], Dataset]:
    """Return a function that gives a lesson's table, or a cohort at lesson size, made on first use."""
    return cache(made.lesson)
