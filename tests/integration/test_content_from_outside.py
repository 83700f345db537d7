"""A lesson, a challenge and a widget written in the event's own folder, outside the clone, are at work in the rooms."""

from __future__ import annotations

import re
import subprocess
import sys

from playwright.sync_api import expect

from rounds.desk.desk import KEEP_S
from rounds.lessons.folder import PICTURES
from tests.integration.demo import ROOT, Demo
from tests.integration.lessons import wait_until_awake, write
from tests.integration.people import ClassRoom, find_axe_violations
from tests.integration.test_class_at_work import open_lab, run_all


def rounds(*words: str) -> str:
    """Run a command that knows no state folder."""
    done = subprocess.run(
        [sys.executable, "-m", "rounds", *words], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_an_organiser_writes_them_beside_the_event_file_and_applies(demo: Demo) -> None:
    folder = demo.event_file.parent
    assert not folder.is_relative_to(ROOT)
    rounds("widgets", "new", "fever_share", "--folder", str(folder))
    rounds("lessons", "new", "x1_fever", "--title", "Shares of a ward", "--folder", str(folder))
    section = rounds("challenges", "new", "kidney-injury", "--title", "Kidney injury", "--folder", str(folder))
    lesson = folder / "tutorials" / "together" / "x1_fever" / "lesson.py"
    text = lesson.read_text(encoding="utf-8")
    shown = text.replace("import WordMatch", "import FeverShare").replace(
        'WordMatch(["prevalence", "risk", "control"])', "FeverShare(50)"
    )
    lesson.write_text(shown, encoding="utf-8")
    assert "x1_fever/lesson.ipynb" in rounds("lessons", "build", "--folder", str(folder))
    assert "in order" in rounds("lessons", "test", "--folder", str(folder))
    event = demo.event_file.read_text(encoding="utf-8")
    event = event.replace('lessons = ["', 'lessons = ["x1-fever", "').replace(
        'id = "surge"\nchallenge = "covid"', 'id = "surge"\nchallenge = "kidney-injury"'
    )
    demo.event_file.write_text(event + section[section.index("\n[[challenge]]") :], encoding="utf-8")
    assert "5 challenges" in rounds("event", "check", str(demo.event_file))
    assert "Released: x1-fever." in demo.rounds("event", "apply", str(demo.event_file))


def test_a_learner_opens_the_lesson_from_the_desk_and_moves_its_widget(class_: ClassRoom, demo: Demo) -> None:
    asaf = class_.sign_in_by_link("asaf", demo.invite("asaf"))
    asaf.goto(f"{demo.base}/services/desk/lessons")
    expect(asaf.get_by_text("Shares of a ward").first).to_be_visible()
    asaf.locator("a[href*='open/lesson/x1-fever']").first.click()
    asaf.wait_for_url("**/user/asaf/rounds/lesson/x1-fever/notebooks/**", timeout=90_000)
    wait_until_awake(asaf)
    asaf.locator(".rounds-fever-share input").press("ArrowRight")
    expect(asaf.get_by_text("1 of 50 patients: 2 %")).to_be_visible()
    asaf.get_by_role("button", name="Check exercise 1").press("Enter")
    expect(asaf.get_by_text("Run the box above first, then press again.").first).to_be_visible()
    class_.shot("asaf", "20-lesson-from-outside")


def test_it_is_handed_in_and_graded_like_any_other(class_: ClassRoom, demo: Demo) -> None:
    asaf = class_.pages["asaf"]
    write(asaf, "Exercise 1", "fever_percent = 100 * 12 / 50")
    asaf.get_by_role("button", name="Check exercise 1").press("Enter")
    expect(asaf.get_by_text("This is right. It counts when you hand in.")).to_be_visible()
    asaf.get_by_role("button", name="Hand in", exact=True).press("Enter")
    expect(asaf.get_by_role("dialog").get_by_role("heading", level=2)).to_have_text("2 of 2 points", timeout=60_000)
    asaf.goto(f"{demo.base}/services/desk/lessons/x1-fever/feedback")
    expect(asaf.get_by_text("2 of 2 points")).to_be_visible(timeout=30_000)
    asaf.wait_for_timeout((KEEP_S + 1) * 1000)  # the board is at most so old
    asaf.goto(f"{demo.base}/services/desk/lessons?lesson=x1-fever")
    done = asaf.locator("#board-own dl div", has_text="Marked done").locator("dd")
    expect(done).to_have_text(re.compile(r"^\s*1\s"))


def test_nothing_of_the_hand_in_lies_in_the_room_of_a_lesson(demo: Demo) -> None:
    placed = {path.name for path in (demo.state / "lessons" / "current").rglob("*") if path.is_file()}
    assert {name for name in placed if not name.endswith(PICTURES)} == {"index.json", "checks.py"}
    fetched = [path.name for path in (demo.state / "homes" / "asaf" / "x1-fever").iterdir() if path.is_file()]
    assert fetched == ["x1_fever.ipynb"]
    assert "not the share of" not in (demo.state / "homes" / "asaf" / "x1-fever" / "x1_fever.ipynb").read_text()


def test_a_team_finds_the_challenge_on_the_desk_and_its_notebook_in_the_room(class_: ClassRoom, demo: Demo) -> None:
    asaf = class_.pages["asaf"]
    asaf.goto(f"{demo.base}/services/desk/data/kidney_injury")
    expect(asaf.get_by_text("length_of_stay").first).to_be_visible()
    assert [*find_axe_violations(asaf)] == []
    asaf.goto(f"{demo.base}/services/desk/teams")
    expect(asaf.get_by_text("Kidney injury").first).to_be_visible()
    asaf.goto(f"{demo.base}/services/desk/open/team/surge")
    asaf.wait_for_url("**/user/team-surge/lab**", timeout=90_000)
    open_lab(asaf, f"{demo.room('team-surge')}/lab/tree/notebooks/start.ipynb")
    run_all(asaf)
    expect(asaf.locator(".jp-OutputArea", has_text=re.compile("known by the prediction")).first).to_be_visible(
        timeout=60_000
    )
    expect(asaf.locator(".jp-OutputArea", has_text="Traceback")).to_have_count(0)
    class_.shot("asaf", "21-challenge-from-outside")
