"""Who consents answers before and after, and sees the own answers; organisers see groups, nobody else anything."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from tests.desk import Visitor, build_app

from rounds.desk.event.next_steps import TELL_KNOWLEDGE
from rounds.event import load_event, store_event
from rounds.instrument.bank import ItemForm, load_bank
from rounds.instrument.export import COLUMNS, write_export
from rounds.instrument.knowledge_tests import (
    begin,
    find_link,
    issue_link,
    load_consent,
    load_tests,
    save_answers,
    save_consent,
)
from rounds.instrument.occasions import Occasion, find_form
from rounds.progress.model import BoardExercise, BoardLesson, EventMarks, Mark, State
from rounds.progress.work import Work
from rounds.store.folders import Folders

A2 = BoardLesson("a2-perfect-model", "Why a perfect model is worthless", "Track", (BoardExercise("e1", "Task", 2),))
PAGE, NOW = "lessons/knowledge", datetime.now(UTC)
AtDesk = Callable[..., Visitor]


def move_phases(file: Path, target: Path, days: int, again_days: int = 28, **changed: str) -> Path:
    """Write the demo's event with its last phase, which opens the second test, so many days from now."""
    for name in ("people.csv", "terms.md"):
        (target / name).write_text((file.parent / name).read_text())
    event = file.read_text().replace("again_days = 28", f"again_days = {again_days}")
    for key, line in changed.items():
        event = re.sub(rf"(?m)^{key} = .*$", line, event)
    moments = iter(NOW + timedelta(days=days - back) for back in (30, 20, 10, 0))
    event = re.sub(r"(?m)^opens = \S+", lambda _: f"opens = {next(moments):%Y-%m-%dT%H:%M:%S}", event)
    (target / "event.toml").write_text(event)
    return target / "event.toml"


@pytest.fixture
def in_phase(folders: Folders, demo_event_file: Path, tmp_path: Path) -> Callable[..., None]:
    """Return a function that applies the event with its second test opened so many days ago (or to come)."""
    own = tmp_path / "own"
    own.mkdir()
    return lambda days, **more: store_event(move_phases(demo_event_file, own, days, **more), folders.event) and None


@pytest.fixture
def at_desk(folders: Folders, in_phase: Callable[..., None]) -> AtDesk:
    in_phase(5)

    def visit(username: str, passed_at: datetime | None = None) -> Visitor:
        mark = Mark(State.CHECKED, work=Work(1, 0, 60, True, passed_at))
        marks = {username: {A2.id: {"e1": mark}}} if passed_at else {}
        return Visitor(build_app(folders.root, lambda _: EventMarks((A2,), marks)), username)

    return visit


def answers(form: ItemForm, *, right: int) -> dict[str, str]:
    """Return a page on which the first items are right, and the others answered with "I do not know"."""
    return {
        item.id: str(item.forms[form].options.index(item.forms[form].right)) if at < right else "none"
        for at, item in enumerate(load_bank())
    }


def form_of(engine: Engine, username: str, occasion: Occasion) -> ItemForm:
    return next(one.form for one in load_tests(engine, [username]) if one.occasion is occasion)


def take(visitor: Visitor, engine: Engine, occasion: Occasion, right: int) -> ItemForm:
    """Take a test through the pages, and return its form."""
    assert visitor.get(f"{PAGE}/test").status_code == 200
    form = form_of(engine, visitor.username, occasion)
    assert visitor.post(PAGE, **answers(form, right=right)).status_code == 303
    return form


def test_a_person_consents_answers_before_and_after_and_sees_both(
    at_desk: AtDesk, engine: Engine, in_phase: Callable[..., None]
) -> None:
    noa = at_desk("noa")
    assert TELL_KNOWLEDGE in noa.text("")
    assert "It is your choice" in noa.text(PAGE)
    assert noa.post(f"{PAGE}/consent", part="yes").headers["location"].endswith("/test")
    first = take(noa, engine, Occasion.BEFORE, right=6)
    assert "The second test is open from" in noa.text(PAGE)
    assert TELL_KNOWLEDGE not in noa.text("")
    assert noa.get(f"{PAGE}/test").status_code == 303  # handed in: not shown again
    assert noa.post(PAGE, **answers(first, right=24)).status_code == 403
    in_phase(-1)
    assert TELL_KNOWLEDGE in noa.text("")
    second = take(noa, engine, Occasion.AFTER, right=18)
    assert second is first.other
    said = noa.text(PAGE)
    assert "You answered 6 of 24 rightly before, and 18 after." in said
    areas, questions = noa.soup(PAGE).select("table")
    shown = [[cell.text for cell in row.select("th, td")] for row in areas.select("tbody tr")]
    assert shown[:2] == [["Clinical context", "4 of 4", "4 of 4"], ["Records and codes", "2 of 4", "4 of 4"]]
    assert len(shown) == 6
    rows = questions.select("tbody tr")
    assert [cell.text for cell in rows[0].select("td")[:2]] == ["✓right", "✓right"]
    assert [cell.text for cell in rows[17].select("td")[:2]] == ["○not yet", "✓right"]
    assert "Why a perfect model is worthless" in said


def test_what_is_chosen_is_kept_at_once_and_stands_there_again(at_desk: AtDesk, engine: Engine) -> None:
    noa = at_desk("noa")
    noa.post(f"{PAGE}/consent", part="yes")
    noa.get(f"{PAGE}/test")
    first, second = (item.id for item in load_bank()[:2])
    assert noa.post(f"{PAGE}/keep", **{first: "2", second: "none", "context": "x"}).status_code == 204
    assert noa.post(f"{PAGE}/keep", **{second: "7"}).status_code == 204  # no option: what was chosen stays
    page = noa.soup(f"{PAGE}/test")
    assert {box["name"]: box["value"] for box in page.select("input[checked]")} == {first: "2", second: "none"}
    assert [len(field.select("input")) for field in page.select("fieldset")] == [4] * 24
    assert load_tests(engine, ["noa"])[0].finished is None


def test_who_wants_no_part_is_asked_no_more_and_who_stops_leaves_nothing(at_desk: AtDesk, engine: Engine) -> None:
    roni, noa = at_desk("roni"), at_desk("noa")
    roni.post(f"{PAGE}/consent", part="no")
    assert TELL_KNOWLEDGE not in roni.text("")
    assert roni.get(f"{PAGE}/test").status_code == 303
    assert roni.post(PAGE, **answers(ItemForm.A, right=3)).status_code == 403
    noa.post(f"{PAGE}/consent", part="yes")
    take(noa, engine, Occasion.BEFORE, right=3)
    issue_link(engine, "noa", NOW)
    asked = noa.post(f"{PAGE}/consent", part="no").headers["location"]
    assert asked.endswith(f"{PAGE}?ask=stop")
    page = noa.soup(f"{PAGE}?ask=stop")
    assert "nobody can bring them back" in page.text
    assert load_tests(engine, ["noa"])[0].finished is not None  # nothing is deleted before the second press
    form = next(form for form in page.select("form") if "Yes, delete" in form.text)
    noa.post(f"{PAGE}/consent", **{box["name"]: box["value"] for box in form.select("input") if box["name"] != "csrf"})
    with engine.connect() as connection:
        for table in ("knowledge_test", "knowledge_answer", "knowledge_link"):
            assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar() == 0
    assert "nothing of you is kept here" in noa.text(PAGE)


def test_nobody_without_answers_is_asked_whether_to_delete_them(at_desk: AtDesk) -> None:
    noa = at_desk("noa")
    noa.post(f"{PAGE}/consent", part="yes")
    assert "delete" not in noa.soup(PAGE).select("details button")[0].text
    assert "nobody can bring them back" not in noa.text(f"{PAGE}?ask=stop")
    assert noa.post(f"{PAGE}/consent", part="no").headers["location"].endswith(PAGE)


def test_the_first_test_is_for_who_has_passed_no_exercise_yet(at_desk: AtDesk, in_phase: Callable[..., None]) -> None:
    late = at_desk("noa", passed_at=NOW)
    assert TELL_KNOWLEDGE not in late.text("")
    assert "the first one came before the lessons" in late.text(PAGE)
    begun = at_desk("roni")
    begun.post(f"{PAGE}/consent", part="yes")
    begun.get(f"{PAGE}/test")
    later = at_desk("roni", passed_at=NOW)  # begun before, and an exercise was passed in between
    assert later.get(f"{PAGE}/test").status_code == 303
    assert later.post(PAGE, **answers(ItemForm.A, right=3), sure="yes").status_code == 403
    in_phase(-1)
    assert begun.get(f"{PAGE}/test").status_code == 303  # no first test: nothing to compare a second one with


@pytest.mark.parametrize("name", ["dana", "rivka", "orna"])
def test_nobody_but_participants_is_asked(at_desk: AtDesk, name: str, engine: Engine) -> None:
    for reply in (at_desk(name).get(PAGE), at_desk(name).post(f"{PAGE}/consent", part="yes")):
        assert reply.status_code == 403
    assert load_consent(engine, name) is None


def test_an_event_that_measures_nothing_asks_nobody(at_desk: AtDesk, in_phase: Callable[..., None]) -> None:
    in_phase(5, measure="measure = false")
    assert TELL_KNOWLEDGE not in at_desk("noa").text("")
    assert at_desk("noa").get(PAGE).status_code == 403
    assert at_desk("rivka").get("event/learned").status_code == 403
    assert "Learning" not in at_desk("rivka").text("event")


def test_only_organisers_see_figures_and_none_of_fewer_than_ten(at_desk: AtDesk, engine: Engine) -> None:
    for name in ("dana", "noa", "orna"):
        assert at_desk(name).get("event/learned").status_code == 403
    fill(engine, ["noa", "roni", "tal"])
    said = at_desk("rivka").text("event/learned")
    assert "fewer than 10" in said
    assert re.search(r"\d %", said.replace("95 % interval", "")) is None
    assert "Noa" not in said


def fill(engine: Engine, names: list[str], *, after: int = 15) -> None:
    """Let these people take both tests: 6 right, then so many."""
    for at, name in enumerate(names):
        save_consent(engine, name, "words", NOW)
        for occasion, right in ((Occasion.BEFORE, 6 + at % 3), (Occasion.AFTER, after + at % 2)):
            test = begin(engine, name, "biomed" if at % 2 else "engineering", occasion, NOW)
            chosen = {k: None if v == "none" else int(v) for k, v in answers(test.form, right=right).items()}
            save_answers(engine, name, occasion, chosen, NOW)


def participants(folders: Folders) -> list[str]:
    return [p.username for p in load_event(folders.event / "current" / "event.toml").people if p.role == "participant"]


def test_the_report_tells_gains_of_ten_people_and_more(at_desk: AtDesk, engine: Engine, folders: Folders) -> None:
    fill(engine, participants(folders)[:24])
    page = at_desk("rivka").soup("event/learned")
    rows = {(row.th.text, row.td.text): row for row in page.select("tbody tr") if row.td}
    everybody = rows[("All areas", "everybody")]
    assert everybody.select("td")[1].text == "24"
    assert re.match(r"29 %", everybody.select("td")[2].text)
    assert re.match(r"65 %", everybody.select("td")[3].text)
    assert re.match(r"50 % \(\d+ to \d+\)", everybody.select("td")[4].text)
    assert rows[("All areas", "bio/med")].select("td")[1].text == "12"
    assert re.fullmatch(r"\d+ %, \d+ %", everybody.select("td")[5].text)
    assert sum(map(int, everybody.select("td")[6].text.split(", "))) == 24


def test_the_forms_are_balanced_within_each_profession(engine: Engine) -> None:
    for at in range(21):
        begin(engine, f"p{at}", "biomed" if at % 3 else "engineering", Occasion.BEFORE, NOW)
        save_consent(engine, f"p{at}", "words", NOW)
    for profession in ("biomed", "engineering"):
        forms = [one.form for one in load_tests(engine) if one.profession == profession]
        assert abs(forms.count(ItemForm.A) - forms.count(ItemForm.B)) <= 1
    assert {find_form(Occasion.BEFORE, {}, {}, seed) for seed in range(20)} == set(ItemForm)


def test_a_personal_link_opens_the_last_test_and_nothing_else(
    at_desk: AtDesk, engine: Engine, in_phase: Callable[..., None]
) -> None:
    fill(engine, ["noa"])
    first = form_of(engine, "noa", Occasion.BEFORE)
    secret, stranger = issue_link(engine, "noa", NOW), at_desk("")
    assert stranger.get(f"again/{secret}").status_code == 404  # too early
    in_phase(-40)
    page = stranger.get(f"again/{secret}")
    assert page.status_code == 200
    assert "Noa" not in page.text
    assert load_bank()[0].forms[first].text in page.text  # the first form again
    assert stranger.post(f"again/{secret}/keep", **{load_bank()[0].id: "1"}).status_code == 204
    assert stranger.post(f"again/{secret}", **answers(first, right=12)).status_code == 303
    assert stranger.get(f"again/{secret}").status_code == 404  # handed in
    assert stranger.post(f"again/{secret}", **answers(first, right=24)).status_code == 404
    assert "Thank you" in stranger.get("again").text
    assert len(at_desk("noa").soup(PAGE).select("details thead th")) == 5


def test_a_forged_link_and_an_older_one_open_nothing(at_desk: AtDesk, engine: Engine) -> None:
    old, new = issue_link(engine, "noa", NOW), issue_link(engine, "noa", NOW)
    assert (find_link(engine, old), find_link(engine, new), find_link(engine, "x")) == (None, "noa", None)
    with engine.connect() as connection:
        assert new not in str(connection.execute(text("SELECT * FROM knowledge_link")).all())
    assert at_desk("").get("again/forged").status_code == 404


def test_the_export_holds_no_name_and_no_time(engine: Engine, tmp_path: Path) -> None:
    fill(engine, ["noa", "roni", *(f"p{at}" for at in range(8))])
    target = tmp_path / "answers.zip"
    assert write_export(target, "the words", load_tests(engine), {"noa": frozenset({"a2"})}) == 10
    with zipfile.ZipFile(target) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    assert set(parts) == {"consent.txt", "items.toml", "analysis.md", "answers.csv"}
    head, *rows = parts["answers.csv"].splitlines()
    assert head == ",".join(COLUMNS)
    assert len(rows) == 10 * 2 * 24
    assert sum(row.split(",")[7] == "1" for row in rows) == 2 * sum(item.lesson == "a2" for item in load_bank())
    assert not re.search(r"noa|roni|20\d\d-|:\d\d", parts["answers.csv"])
    assert [path.name for path in tmp_path.iterdir() if path.suffix in (".zip", ".part")] == ["answers.zip"]


def test_a_test_with_open_questions_is_handed_in_only_by_the_button_that_says_so(
    at_desk: AtDesk, engine: Engine
) -> None:
    noa = at_desk("noa")
    noa.post(f"{PAGE}/consent", part="yes")
    noa.get(f"{PAGE}/test")
    first = load_bank()[0].id
    assert noa.post(PAGE, **{first: "1"}).headers["location"].endswith("/test?ask=yes")
    assert load_tests(engine, ["noa"])[0].finished is None
    page = noa.get(f"{PAGE}/test?ask=yes").text
    assert "23 of 24 questions are open" in page
    assert "Hand in with open questions" in page
    assert "Hand in with open questions" not in noa.get(f"{PAGE}/test").text
    assert noa.post(PAGE, **{first: "1"}, sure="yes").headers["location"].endswith(PAGE)
    assert load_tests(engine, ["noa"])[0].finished is not None


def test_of_fewer_than_ten_people_no_answer_is_given_away(engine: Engine, tmp_path: Path) -> None:
    fill(engine, [f"p{at}" for at in range(9)])
    assert write_export(tmp_path / "few.zip", "the words", load_tests(engine), {}) == 0
    with zipfile.ZipFile(tmp_path / "few.zip") as archive:
        assert archive.read("answers.csv").decode().splitlines() == [",".join(COLUMNS)]
    fill(engine, ["p9"])
    assert write_export(tmp_path / "ten.zip", "the words", load_tests(engine), {}) == 10
