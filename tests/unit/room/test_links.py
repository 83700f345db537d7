"""A room's server follows no link out of its room."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager
from tornado.web import HTTPError

from rounds.room.links import stay_inside


@pytest.fixture
def contents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return the contents of a room, beside a folder with a secret."""
    from jupyter_server.services.contents.fileio import FileManagerMixin

    monkeypatch.setattr(FileManagerMixin, "_get_os_path", FileManagerMixin._get_os_path)  # put back afterwards
    for name in ("room", "outside"):
        (tmp_path / name).mkdir()
    (tmp_path / "outside" / "secret.txt").write_text("secret")
    stay_inside()
    return AsyncLargeFileManager(root_dir=str(tmp_path / "room"))


def ask(asked: Any) -> Any:
    return asyncio.run(asked)


def text(path: str) -> dict[str, str]:
    return {"type": "file", "format": "text", "content": "written", "path": path}


def test_a_link_inside_the_room_is_followed(contents: Any, tmp_path: Path) -> None:
    (tmp_path / "room" / "own.txt").write_text("own")
    (tmp_path / "room" / "link.txt").symlink_to("own.txt")
    assert ask(contents.get("link.txt"))["content"] == "own"


@pytest.mark.parametrize("name", ["file.txt", "folder/secret.txt", "folder/deeper/../secret.txt"])
def test_a_link_out_of_the_room_is_neither_read_nor_written(contents: Any, tmp_path: Path, name: str) -> None:
    (tmp_path / "room" / "file.txt").symlink_to(tmp_path / "outside" / "secret.txt")
    (tmp_path / "room" / "folder").symlink_to(tmp_path / "outside")
    for asked in (contents.get(name), contents.save(text(name), name), contents.delete(name)):
        with pytest.raises(HTTPError):
            ask(asked)
    assert (tmp_path / "outside" / "secret.txt").read_text() == "secret"
    assert len(list((tmp_path / "outside").iterdir())) == 1


def test_a_file_is_not_made_through_a_link(contents: Any, tmp_path: Path) -> None:
    (tmp_path / "room" / "folder").symlink_to(tmp_path / "outside")
    with pytest.raises(HTTPError):
        ask(contents.save(text("folder/new.txt"), "folder/new.txt"))
    assert not (tmp_path / "outside" / "new.txt").exists()


def test_no_checkpoint_is_kept_through_a_link(contents: Any, tmp_path: Path) -> None:
    (tmp_path / "room" / ".ipynb_checkpoints").symlink_to(tmp_path / "outside")
    (tmp_path / "room" / "own.txt").write_text("own")
    with pytest.raises(HTTPError):
        ask(contents.create_checkpoint("own.txt"))
    assert len(list((tmp_path / "outside").iterdir())) == 1
