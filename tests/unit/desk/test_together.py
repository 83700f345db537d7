"""Two people join each other for a lesson by a code; nobody else gets in, and nobody is in two pairs."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine
from tests.desk import Visitor, build_app

from rounds.errors import PairError
from rounds.pairs.joining import NO_CODE, NOT_ALONE, VALID, Pair, find_pair, join, leave, load_pairs, show_code
from rounds.progress.model import BoardLesson, EventMarks
from rounds.store.folders import Folders

NOW = datetime(2027, 2, 21, 9, tzinfo=UTC)
J1 = BoardLesson("j1-same-word", "Same word", "Together", (), for_two=True)
A3 = BoardLesson("a3-report-card", "The report card", "Track", ())
PAGE = f"lessons/{J1.id}/together"


@pytest.fixture
def at_desk(folders: Folders) -> Callable[[str], Visitor]:
    app = build_app(folders.root, lambda _: EventMarks((J1, A3), {}))
    return lambda username: Visitor(app, username)


def code_of(visitor: Visitor) -> str:
    shown = visitor.post(f"{PAGE}/code").text
    return shown.partition('id="code">')[2].partition("<")[0]


def test_one_shows_a_code_the_other_types_it_in_and_both_pages_say_so(at_desk: Callable[[str], Visitor]) -> None:
    code = code_of(at_desk("noa"))
    assert at_desk("roni").post(PAGE, code=f" {code.upper()} ").status_code == 303
    assert "together with Roni Halevi" in at_desk("noa").text(PAGE)
    assert "together with Noa Levi" in at_desk("roni").text(PAGE)
    assert "With Roni Halevi" in at_desk("noa").text("lessons")
    assert "Noa Levi" not in at_desk("tal").text("lessons")
    assert at_desk("tal").post(PAGE, code=code).status_code == 422  # a code is for one
    assert at_desk("roni").post(f"{PAGE}/leave").status_code == 303
    assert "Show a code" in at_desk("noa").text(PAGE)


@pytest.mark.parametrize("code", ["", "   ", "zzzzzz", "x" * 41])
def test_a_code_that_is_none_is_refused_in_a_sentence(at_desk: Callable[[str], Visitor], code: str) -> None:
    at_desk("noa").post(f"{PAGE}/code")
    reply = at_desk("roni").post(PAGE, code=code)
    assert reply.status_code == 422
    assert NO_CODE in reply.text


def test_only_a_lesson_for_two_joins(at_desk: Callable[[str], Visitor]) -> None:
    assert at_desk("noa").get(f"lessons/{A3.id}/together").status_code == 403
    assert at_desk("noa").post(f"lessons/{A3.id}/together/code").status_code == 403


def test_an_old_code_and_the_own_one_join_nobody(engine: Engine) -> None:
    code = show_code(engine, J1.id, "noa", NOW)
    with pytest.raises(PairError, match="your own code"):
        join(engine, J1.id, "noa", code, NOW)
    with pytest.raises(PairError, match="more than two hours old"):
        join(engine, J1.id, "roni", code, NOW + VALID + timedelta(seconds=1))
    with pytest.raises(PairError, match="not right"):
        join(engine, "another-lesson", "roni", code, NOW)
    assert load_pairs(engine) == ()
    assert join(engine, J1.id, "roni", show_code(engine, J1.id, "noa", NOW), NOW) == Pair(J1.id, "noa", "roni")


def test_nobody_is_in_two_pairs_of_a_lesson(engine: Engine) -> None:
    codes = {name: show_code(engine, J1.id, name, NOW) for name in ("noa", "tal", "roni")}
    join(engine, J1.id, "roni", codes["noa"], NOW)
    for who, whose in (("roni", "tal"), ("tal", "roni"), ("noa", "tal")):
        with pytest.raises(PairError, match="with somebody already"):
            join(engine, J1.id, who, codes[whose], NOW)
    with pytest.raises(PairError, match="with somebody already"):
        show_code(engine, J1.id, "roni", NOW)
    assert load_pairs(engine) == (Pair(J1.id, "noa", "roni"),)
    leave(engine, J1.id, "noa")
    assert join(engine, J1.id, "tal", codes["roni"], NOW).other("tal") == "roni"


def test_of_many_who_type_a_code_in_at_once_one_joins(engine: Engine) -> None:
    code = show_code(engine, J1.id, "noa", NOW)

    def one(number: int) -> str:
        try:
            join(engine, J1.id, f"person-{number}", code, NOW)
        except PairError as error:
            return str(error)
        return ""

    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(one, range(8)))
    assert said.count("") == 1
    assert set(said) <= {"", NO_CODE, NOT_ALONE}
    assert len(load_pairs(engine)) == 1
    assert find_pair(load_pairs(engine), J1.id, "noa") is not None
