"""A server with many open files still knows whether what was forked for it runs."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from rounds.warm.client import start_warm

MOST_OF_SELECT = 1024


@pytest.fixture
def crowded() -> Iterator[None]:
    """Hold more descriptors than `select` knows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4 * MOST_OF_SELECT), hard))
    held = [os.open(os.devnull, os.O_RDONLY) for _ in range(MOST_OF_SELECT + 100)]
    yield
    for descriptor in held:
        os.close(descriptor)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_process_is_watched_by_a_descriptor_over_1023(template: Path, tmp_path: Path, crowded: None) -> None:
    (tmp_path / "lasting.py").write_text("import time\ntime.sleep(600)\n", encoding="utf-8")
    environ = {**os.environ, "PYTHONPATH": str(tmp_path)}
    with start_warm([sys.executable, "-m", "lasting"], environ, template, cwd=str(tmp_path)) as forked:
        assert forked._pidfd >= MOST_OF_SELECT
        assert forked.poll() is None
        with pytest.raises(subprocess.TimeoutExpired):
            forked.wait(0.01)
        forked.terminate()
        assert forked.wait(20) == -15
