"""The promises of SECURITY.md about the whole deployment, which no other test holds."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from tests.wards import ward_of
from traitlets.config import Config

from rounds.cli.app import app
from rounds.data import attached
from rounds.data.dataset import open_dataset
from rounds.errors import DataError
from rounds.event import store_event
from rounds.hub import apply_event
from rounds.room.configuration import Room, learning_config, team_config
from rounds.room.dashboards import voila_command
from rounds.store.database import open_database
from rounds.store.folders import Folders
from rounds.store.tables import AuditRecord


@pytest.fixture
def folders(tmp_path: Path, demo_event_file: Path) -> Folders:
    """Return the folders of an event that was applied and does not run."""
    folders = Folders(tmp_path / "state")
    store_event(demo_event_file, folders.event)
    return folders


def configured(folders: Folders, root: Path) -> Config:
    """Return the hub's configuration as the running hub gets it."""
    config = Config()
    apply_event(config, ward_of(folders, root))
    return config


def test_the_embedded_deployment_listens_on_loopback_only(folders: Folders, root: Path) -> None:
    c = configured(folders, root)
    addresses = [
        c.JupyterHub.bind_url,
        c.JupyterHub.hub_bind_url,
        c.ConfigurableHTTPProxy.api_url,
        *(service["url"] for service in c.JupyterHub.services if "url" in service),
    ]
    assert len(addresses) == 4
    assert [a for a in addresses if not re.match(r"http://127\.0\.0\.1:\d+$", a)] == []
    assert "--Voila.ip=127.0.0.1" in voila_command("1", "/user/dash-stork", root)
    room = Room("team-stork", root, root)
    for config in (learning_config(room), team_config(room, "team-stork")):
        assert config["ConnectionFileMixin"] == {"ip": "127.0.0.1"}
        assert "ip" not in config["ServerApp"]
    assert "ip" not in c.Spawner
    assert "ip" not in c.RoomSpawner


def test_nobody_is_administrator_of_the_hub(folders: Folders, root: Path) -> None:
    c = configured(folders, root)
    assert c.Authenticator.admin_users == set()
    assert c.JupyterHub.admin_access is False
    assert "admin" not in {role["name"] for role in c.JupyterHub.load_roles}


@pytest.mark.parametrize("kind", ["restricted", "public"])
def test_restricted_data_are_refused_in_the_embedded_deployment(kind: str, folders: Folders, tmp_path: Path) -> None:
    table = tmp_path / "births.csv"
    table.write_text("weeks,weight\n39,3400\n40,3500\n", encoding="utf-8")
    given = [str(table), "--challenge", "birthweight", "--kind", kind, "--state", str(folders.root)]
    command = ["data", "import", *given]
    if kind == "public":
        app(command, standalone_mode=False)
        descriptor = json.loads((folders.data / "births" / "datapackage.json").read_text(encoding="utf-8"))
        assert descriptor["name"] == "births"
        return
    with pytest.raises(DataError, match="embedded"):
        app(command, standalone_mode=False)
    assert not folders.data.exists()


def test_a_table_that_its_decisions_call_restricted_is_refused(folders: Folders, tmp_path: Path) -> None:
    table, decisions = tmp_path / "births.csv", tmp_path / "births.toml"
    table.write_text("weeks,weight\n39,3400\n40,3500\n", encoding="utf-8")
    decisions.write_text('[table]\nkind = "restricted"\n', encoding="utf-8")
    given = [str(table), "--challenge", "birthweight", "--decisions", str(decisions), "--state", str(folders.root)]
    with pytest.raises(DataError, match="embedded"):
        app(["data", "import", *given], standalone_mode=False)
    assert not list(folders.data.glob("*/datapackage.json"))


def test_a_restricted_table_is_opened_by_no_notebook(tmp_path: Path, machine_event_file: Path) -> None:
    table, folders = tmp_path / "births.csv", Folders(tmp_path / "state")
    store_event(machine_event_file, folders.event)
    table.write_text("weeks,weight\n39,3400\n40,3500\n", encoding="utf-8")
    given = [str(table), "--challenge", "birthweight", "--kind", "restricted", "--state", str(folders.root)]
    app(["data", "import", *given], standalone_mode=False)
    assert not folders.data.exists()
    assert (folders.root / "road" / "births" / "raw" / "births" / "datapackage.json").is_file()


@pytest.mark.parametrize(
    ("column", "cell"), [("name", "Dana Levi"), ("phone", "052-1234567"), ("teudat_zehut", "123456782")]
)
def test_a_column_that_points_at_a_person_is_opened_by_no_notebook_unasked(
    folders: Folders, tmp_path: Path, column: str, cell: str
) -> None:
    table = tmp_path / "ward.csv"
    table.write_text(f"weeks,{column}\n39,{cell}\n40,{cell}\n", encoding="utf-8")
    given = ["data", "import", str(table), "--challenge", "birthweight", "--state", str(folders.root)]
    app(given, standalone_mode=False)
    assert not (folders.data / "ward").exists()
    assert attached("birthweight", {"ROUNDS_DATA": str(folders.data)}) == "birthweight"
    app([*given, "--replace", "--identifiers-checked"], standalone_mode=False)
    assert (folders.data / "ward" / "datapackage.json").is_file()
    assert not (folders.road / "ward").exists()
    assert attached("birthweight", {"ROUNDS_DATA": str(folders.data)}) == "ward"


def test_an_import_replaces_no_dataset_unasked_and_none_of_the_events_own(folders: Folders, tmp_path: Path) -> None:
    table = tmp_path / "births.csv"
    given = ["data", "import", str(table), "--challenge", "birthweight", "--state", str(folders.root)]
    table.write_text("weeks,weight\n39,3400\n", encoding="utf-8")
    app(given, standalone_mode=False)
    table.write_text("weeks,weight\n39,3400\n40,3500\n", encoding="utf-8")
    with pytest.raises(DataError, match='There is a dataset "births" already'):
        app(given, standalone_mode=False)
    with pytest.raises(DataError, match="synthetic dataset of this event"):
        app([*given, "--name", "birthweight", "--replace"], standalone_mode=False)
    assert len(open_dataset(folders.data / "births").frame()) == 1
    app([*given, "--replace"], standalone_mode=False)
    assert len(open_dataset(folders.data / "births").frame()) == 2


def test_an_import_and_a_confirmation_are_in_the_audit_trail(folders: Folders, tmp_path: Path) -> None:
    table = tmp_path / "births.csv"
    table.write_text("weeks,weight\n39,3400\n40,3500\n", encoding="utf-8")
    state = ["--state", str(folders.root)]
    app(["data", "import", str(table), "--challenge", "birthweight", *state], standalone_mode=False)
    app(["data", "confirm", "births", "weight", "--unit", "g", *state], standalone_mode=False)
    with Session(open_database(folders.database_url)) as session:
        said = [(r.what, r.on, r.why) for r in session.scalars(select(AuditRecord).order_by(AuditRecord.number))]
    assert said == [
        ("data imported", "births", "births.csv for birthweight"),
        ("column confirmed", "births.weight", "unit g"),
    ]


def test_people_make_no_tokens(folders: Folders, root: Path) -> None:
    scopes = [scope for role in configured(folders, root).JupyterHub.load_roles for scope in role["scopes"]]
    of_people = [
        scope
        for role in configured(folders, root).JupyterHub.load_roles
        if not role.get("services")
        for scope in role["scopes"]
    ]
    assert "tokens" in scopes, "the service that applies an event ends sign-ins"
    assert [s for s in of_people if s.partition("!")[0] in ("self", "tokens", "users", "admin:users", "inherit")] == []


def test_a_server_may_say_that_it_is_in_use(folders: Folders, root: Path) -> None:
    """JupyterHub gives a server no right that its account lacks; the culler stops a server of which nobody hears."""
    everybody = next(role for role in configured(folders, root).JupyterHub.load_roles if role["name"] == "user")
    assert "users:activity!user" in everybody["scopes"]
