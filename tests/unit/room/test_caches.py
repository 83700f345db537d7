"""What a room answers is kept by no browser: whoever sits there next, or has signed out, would still be shown it."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from tests.rooms import RoomServer


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RoomServer]:
    server = RoomServer(tmp_path_factory.mktemp("room"))
    server.write()
    server.start()
    yield server
    server.stop()


def kept(server: RoomServer, path: str) -> str:
    """Return what a browser is told of keeping an answer."""
    answer = httpx.get(f"http://127.0.0.1:{server.port}{path}", headers={"Authorization": "token t"}, trust_env=False)
    assert answer.status_code == 200, path
    return answer.headers.get("Cache-Control", "")


@pytest.mark.parametrize(
    "path", ["/api/contents", "/api/contents/shared.ipynb", "/files/shared.ipynb", "/lab", "/api/me"]
)
def test_no_answer_about_a_persons_work_is_kept(server: RoomServer, path: str) -> None:
    assert "no-store" in kept(server, path)


def test_what_is_everybodys_may_be_kept(server: RoomServer) -> None:
    assert "no-store" not in kept(server, "/static/favicons/favicon.ico")
