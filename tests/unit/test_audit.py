"""The audit trail shows what was changed or taken out of it."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from rounds.audit import Act, append, find_broken_record
from rounds.store.database import open_database
from rounds.store.tables import AuditRecord


def trail(tmp_path: Path) -> Session:
    session = Session(open_database(f"sqlite:///{tmp_path / 'rounds.sqlite'}"))
    for number in range(3):
        append(
            session,
            Act("rivka", "invitation issued", f"person-{number}", "asked"),
            datetime(2027, 2, 21, 9, number),
        )
    session.commit()
    return session


def test_an_untouched_trail_is_whole(tmp_path: Path) -> None:
    assert find_broken_record(trail(tmp_path)) is None


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        (update(AuditRecord).where(AuditRecord.number == 2).values(who="someone else"), 2),
        (delete(AuditRecord).where(AuditRecord.number == 2), 3),
    ],
)
def test_a_changed_or_missing_record_shows(tmp_path: Path, change: object, broken: int) -> None:
    session = trail(tmp_path)
    session.execute(change)  # type: ignore[call-overload]
    session.expire_all()
    assert find_broken_record(session) == broken


def test_records_carry_who_what_on_what_when_why(tmp_path: Path) -> None:
    record = trail(tmp_path).scalars(select(AuditRecord)).first()
    assert record is not None
    assert (record.who, record.what, record.on, record.why) == (
        "rivka",
        "invitation issued",
        "person-0",
        "asked",
    )
    assert record.at == "2027-02-21T09:00:00"


WRITER = """
import sys
from datetime import datetime
from rounds.audit import Act, record
for number in range(10):
    record(sys.argv[1], Act(sys.argv[2], "event applied", str(number), "test"), datetime(2027, 2, 21))
"""


def test_records_of_several_writers_make_one_chain(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'rounds.sqlite'}"
    open_database(url)
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, url, name]) for name in ("rivka", "omer", "dana")]
    assert [writer.wait() for writer in writers] == [0, 0, 0]
    with Session(open_database(url)) as session:
        assert find_broken_record(session) is None
        assert len(session.scalars(select(AuditRecord)).all()) == 30
