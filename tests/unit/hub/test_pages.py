"""Every page of the hub leads to the desk, the one that stands at a room's address too."""

from __future__ import annotations

from pathlib import Path

from tests.wards import ward_of
from traitlets.config import Config

from rounds.event import store_event
from rounds.hub.apply import apply_event
from rounds.store.folders import Folders


def test_the_way_to_the_desk_is_a_whole_address(demo_event_file: Path, tmp_path: Path, root: Path) -> None:
    folders, config = Folders(tmp_path / "state"), Config()
    store_event(demo_event_file, folders.event)
    ward = ward_of(folders, root)
    apply_event(config, ward)
    assert config.JupyterHub.template_vars["desk_url"] == f"{ward.public_url}/services/desk/"
    assert ward.public_url.startswith("http")
