"""What J2 says in words holds on the shipped cohort, and its second hospital tells the two meanings of newest apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from rounds.data.dataset import Dataset
from rounds.data.sql_session import SqlSession
from rounds.lessons.loading import load_hidden


@pytest.fixture(scope="module")
def hidden(tmp_path_factory: pytest.TempPathFactory, lesson: Callable[[str], Dataset]) -> Iterator[Any]:
    """Return what is checked at hand-in, over the lesson's cohort."""
    from tests.courses import FOLDERS

    folder = tmp_path_factory.mktemp("data")
    (folder / "heart_failure").symlink_to(lesson("heart_failure").path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ROUNDS_DATA", str(folder))
        load_hidden(FOLDERS["j2"])
        from rounds_lessons.j2_ask_the_record import hidden

        yield hidden


def differing(hidden: Any, session: SqlSession) -> list[str]:
    """Return the stays in which the newest sample is not the result that came in last."""
    by_sample = session.ask(hidden.LAST_RESULT).frame.set_index("encounter_id")["creatinine"]
    by_result = hidden.LAST_RESULT.replace(hidden._NEWEST, "arg_max(l.value_num, l.resulted_ts)")
    came_last = session.ask(by_result).frame.set_index("encounter_id")["creatinine"].reindex(by_sample.index)
    return sorted(by_sample.index[by_sample.fillna(-1) != came_last.fillna(-1)])


def test_no_creatinine_overtakes_another_in_our_record(hidden: Any) -> None:
    overtakes = (
        "SELECT COUNT(*) AS n FROM lab a JOIN lab b ON a.encounter_id = b.encounter_id AND a.loinc = '2160-0' "
        "AND b.loinc = '2160-0' AND a.collected_ts < b.collected_ts AND a.resulted_ts > b.resulted_ts"
    )
    assert hidden.record().ask(overtakes).frame["n"].item() == 0
    assert differing(hidden, hidden.record()) == []


def test_the_second_hospital_has_stays_in_which_the_newest_sample_did_not_come_in_last(hidden: Any) -> None:
    assert differing(hidden, hidden.known_ward()) == ["E10", "E11"]
    assert differing(hidden, hidden.early_ward()) == ["E10", "E11"]
