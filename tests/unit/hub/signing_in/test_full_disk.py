"""While the hub's database cannot be written, who is signed in stays so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from jupyterhub import orm
from jupyterhub.handlers import BaseHandler
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from tests.wards import ward_of
from traitlets.config import Config

from rounds.event import store_event
from rounds.hub import apply_event
from rounds.hub.signing_in.full_disk import MARK, keep_signed_in
from rounds.store.folders import Folders

LONG_AGO = datetime(2027, 2, 21, 9)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Session]:
    """Return the hub's own database with one person."""
    session = orm.new_session_factory(f"sqlite:///{tmp_path / 'hub.sqlite'}")()
    session.add(orm.User(name="noa", last_activity=LONG_AGO))
    session.commit()
    yield session
    session.close()
    session.get_bind().dispose()


def handler_on(database: Session) -> Any:
    """Return one of the hub's handlers as far as activity needs it."""

    class Handler(BaseHandler):
        pass

    keep_signed_in(Handler)
    keep_signed_in(Handler)
    handler = Handler.__new__(Handler)
    handler.application = SimpleNamespace(settings={"db": database, "activity_resolution": 30})
    return handler


def noa(database: Session) -> Any:
    return database.query(orm.User).filter_by(name="noa").one()


def test_a_database_that_cannot_be_written_refuses_nobody(database: Session) -> None:
    database.execute(text("PRAGMA query_only = ON"))
    user = noa(database)
    user.last_activity = datetime(2027, 2, 21, 10)
    with pytest.raises(OperationalError):  # as the hub alone meets it
        database.commit()
    database.rollback()
    assert not handler_on(database)._record_activity(noa(database), datetime(2027, 2, 21, 10))
    database.commit()
    assert noa(database).last_activity == LONG_AGO


def test_activity_is_written_where_it_can_be(database: Session) -> None:
    assert handler_on(database)._record_activity(noa(database), datetime(2027, 2, 21, 10))
    database.rollback()
    assert noa(database).last_activity == datetime(2027, 2, 21, 10)


def test_the_hubs_configuration_does_it(demo_event_file: Path, tmp_path: Path, root: Path) -> None:
    folders = Folders(tmp_path / "state")
    store_event(demo_event_file, folders.event)
    apply_event(Config(), ward_of(folders, root))
    assert hasattr(BaseHandler._record_activity, MARK)
