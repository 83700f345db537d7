"""What each role sees on each page of the desk.

The pages are real, with a real event, database and marks; only "who is signed in" is given (`signed_in` is replaced),
and no hub runs, so the pages also show what they say when the hub does not answer.  Sign-in with a real hub, opening
of servers and accessibility are in tests/integration.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from bs4 import BeautifulSoup
from fastapi import FastAPI
from sqlalchemy.orm import Session
from tests.desk import CSRF, PREFIX, Desk, Visitor, build_app

from rounds.audit import find_broken_record
from rounds.desk.event.board import BoardChoice, BoardSource, build_board
from rounds.desk.event.next_steps import Situation, find_next_steps
from rounds.desk.event.teams import build_team_cards
from rounds.desk.viewer import CSRF_HEADER
from rounds.event import Event, store_event
from rounds.people.invitations import find_invitation
from rounds.progress.model import BoardExercise, BoardLesson, EventMarks, Mark, State
from rounds.store.database import open_database
from rounds.store.folders import Folders
from rounds.store.tables import AuditRecord

LESSON = BoardLesson(
    "a3-report-card",
    "The report card of a classifier",
    "Machine learning for clinicians",
    (BoardExercise("ex1", "Read a confusion table", 2), BoardExercise("ex2", "Choose a threshold", 4)),
)
MARKS = {
    "noa": {"a3-report-card": {"ex1": Mark(State.DONE, 2), "ex2": Mark(State.NOT_YET, 1)}},
    "tal": {"a3-report-card": {"ex1": Mark(State.CHECKED)}},
}
PROGRESS = EventMarks((LESSON,), MARKS)


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory, demo_event_file: Path) -> Path:
    """Return a state folder with the demo applied and one published dashboard for each of two teams."""
    folders = Folders(tmp_path_factory.mktemp("state"))
    store_event(demo_event_file, folders.event)
    for team, title in (("stork", "Weights at birth"), ("marrow", "Daily alerts")):
        folders.published(team).mkdir(parents=True)
        cells = [{"cell_type": "markdown", "source": [f"# {title}\n", "text"]}]
        (folders.published(team) / "first.ipynb").write_text(json.dumps({"cells": cells}))
    return folders.root


@pytest.fixture(scope="module")
def app(state: Path) -> FastAPI:
    """Return the desk beside a hub that does not answer."""
    return build_app(state, lambda event: PROGRESS)


def parse(reply: httpx.Response) -> BeautifulSoup:
    return BeautifulSoup(reply.text, "html.parser")


@pytest.fixture
def at_desk(app: FastAPI) -> Desk:
    """Return a function that seats one person at the desk."""
    return lambda username: Visitor(app, username)


@pytest.fixture(scope="module")
def event(state: Path) -> Event:
    """Return the demo event."""
    from rounds.event import AppliedEvent

    return AppliedEvent(Folders(state).event).current()


# who may see which page: username of a role, page, status
PEOPLE = {"participant": "noa", "mentor": "dana", "juror": "orna", "organiser": "rivka"}
OPEN_PAGES = ("", "lessons", "teams", "data", "dashboards", "glossary")
ORGANISER_PAGES = ("event", "invitations")


@pytest.mark.parametrize("role", PEOPLE)
@pytest.mark.parametrize("page", OPEN_PAGES)
def test_everybody_in_the_event_sees_the_common_pages(at_desk, role, page):
    assert at_desk(PEOPLE[role]).get(page).status_code == 200


@pytest.mark.parametrize("role", PEOPLE)
@pytest.mark.parametrize("page", ORGANISER_PAGES)
def test_only_organisers_see_the_event_and_the_invitations(at_desk, role, page):
    reply = at_desk(PEOPLE[role]).get(page)
    assert reply.status_code == (200 if role == "organiser" else 403)
    assert ("Rania Daher" in reply.text or "Team Stork" in reply.text) == (role == "organiser")


@pytest.mark.parametrize("role", PEOPLE)
def test_navigation_offers_only_pages_that_open(at_desk, role):
    browser = at_desk(PEOPLE[role])
    links = parse(browser.get("")).nav.find_all("a")
    assert len(links) == {"organiser": 10, "juror": 7}.get(role, 9)
    for link in links:
        assert browser.get(link["href"].removeprefix(PREFIX)).status_code == 200


# whose marks each viewer finds on the board: noa and hana are in stork (mentor dana), tal is in cradle
@pytest.mark.parametrize(
    ("username", "sees", "misses"),
    [
        ("noa", {"Team Stork"}, {"Hana Suzuki", "Tal Friedman", "Team Cradle"}),  # the own figures, and no other's
        ("tal", {"Team Cradle"}, {"Noa Levi", "Hana Suzuki", "Team Stork"}),
        ("dana", {"Noa Levi", "Hana Suzuki", "Team Cradle"}, {"Tal Friedman"}),
        ("amir", {"Team Stork", "Team Cradle"}, {"Noa Levi", "Tal Friedman"}),  # a mentor without a team
        ("orna", {"Team Stork", "Team Cradle"}, {"Noa Levi", "Tal Friedman"}),
        ("rivka", {"Noa Levi", "Tal Friedman", "Team Stork"}, set()),
    ],
)
@pytest.mark.parametrize("view", ["people", "exercises", "marks"])
def test_board_shows_the_people_that_the_viewer_may_see(at_desk, username, sees, misses, view):
    text = at_desk(username).text(f"lessons?view={view}")
    teams = {name for name in sees if name.startswith("Team")}
    assert all(name in text for name in (teams if view == "exercises" else sees))
    assert not any(name in text for name in misses)


def test_board_says_each_state_in_words_with_points_and_sums(at_desk):
    text = at_desk("noa").text("lessons")
    assert "✓ done 2 of 2 points" in text
    assert "↻ not yet 1 of 4 points" in text
    assert "Passed 1 of 2 exercises" in text
    assert "1 of 14 exercises passed" in text


def test_board_narrows_to_one_team_and_never_sorts_by_what_is_done(event):
    rivka = event.person_by_name["rivka"]
    source = BoardSource(event, PROGRESS, rivka, datetime.now(UTC))
    board = build_board(source, BoardChoice(team="cradle", sort="done"))
    names = [row.person.name for row in board.rows]
    assert {row.person.team for row in board.rows} == {"cradle"}
    assert names == sorted(names)


def test_board_without_lessons_says_how_to_fill_it(app, at_desk):
    app.state.desk.load_progress, before = (lambda event: EventMarks((), {})), app.state.desk.load_progress
    app.state.desk._progress._kept = None
    text = at_desk("rivka").text("lessons")
    app.state.desk.load_progress, app.state.desk._progress._kept = before, None
    assert "No lesson is on the board yet" in text
    assert "lessons = […]" in text


# whose server states each viewer learns
@pytest.mark.parametrize(
    ("username", "teams"), [("noa", ["stork"]), ("dana", ["stork"]), ("orna", []), ("rivka", None)]
)
def test_server_states_follow_the_right_to_see_progress(event, username, teams):
    cards = build_team_cards(event, event.person_by_name[username], {})
    seen = [card.team.id for card in cards if card.server is not None]
    assert seen == ([team.id for team in event.team] if teams is None else teams)
    assert len(cards) == len(event.team)


@pytest.mark.parametrize(("username", "own"), [("noa", ["stork"]), ("dana", []), ("rivka", []), ("orna", [])])
def test_only_members_are_offered_their_teams_server(event, username, own):
    cards = build_team_cards(event, event.person_by_name[username], {})
    assert [card.team.id for card in cards if card.may_open] == own


@pytest.mark.parametrize(
    ("username", "sees", "misses"),
    [
        ("noa", {"Weights at birth"}, {"Daily alerts"}),
        ("tal", set(), {"Weights at birth", "Daily alerts"}),
        ("dana", {"Weights at birth", "Daily alerts"}, set()),
        ("orna", {"Weights at birth", "Daily alerts"}, set()),
        ("rivka", {"Weights at birth", "Daily alerts"}, set()),
    ],
)
def test_dashboards_of_the_teams_that_the_viewer_may_see(at_desk, username, sees, misses):
    text = at_desk(username).text("dashboards")
    assert all(title in text for title in sees)
    assert not any(title in text for title in misses)


def test_link_in_the_published_folder_is_no_dashboard(at_desk, state, tmp_path):
    secret = tmp_path / "secret.ipynb"
    secret.write_text(json.dumps({"cells": [{"cell_type": "markdown", "source": "# A secret"}]}))
    link = Folders(state).published("stork") / "link.ipynb"
    link.symlink_to(secret)
    text, reply = at_desk("noa").text("dashboards"), at_desk("noa").get("open/dashboard/stork/link.ipynb")
    link.unlink()
    assert "A secret" not in text
    assert reply.status_code == 404


# who may open which server: 403 before the hub is asked, 503 when it would have been
@pytest.mark.parametrize(
    ("username", "path", "status"),
    [
        ("noa", "open/learning", 503),
        ("noa", "open/team/stork", 503),
        ("noa", "open/team/cradle", 403),
        ("noa", "open/team/none", 403),
        ("dana", "open/team/stork", 403),
        ("rivka", "open/team/stork", 403),
        ("orna", "open/team/stork", 403),
        ("noa", "open/dashboard/stork/first.ipynb", 503),
        ("noa", "open/dashboard/marrow/first.ipynb", 403),
        ("orna", "open/dashboard/marrow/first.ipynb", 503),
        ("orna", "open/dashboard/marrow/none.ipynb", 404),
        ("orna", "open/lesson/a3-report-card", 503),
        ("orna", "open/lesson/none", 404),
    ],
)
def test_opening_is_refused_before_the_hub_is_asked(at_desk, username, path, status):
    browser = at_desk(username)
    assert browser.get(path).status_code == status
    if status != 503:
        assert browser.post(path).status_code == status


def test_a_page_that_saw_its_server_gone_is_offered_a_start_whatever_the_hub_believes(at_desk):
    reply = at_desk("noa").get("open/team/stork?stopped=yes")
    assert reply.status_code == 200
    assert parse(reply).find("form", {"action": f"{PREFIX}open/team/stork", "data-send-at-once": True})
    assert at_desk("noa").get("open/team/cradle?stopped=yes").status_code == 403


@pytest.mark.parametrize("username", ["stranger", "team-stork", "dash-stork"])
@pytest.mark.parametrize("page", ["", "teams", "glossary", "open/learning", "invitations"])
def test_account_that_is_no_person_of_the_event_is_refused(at_desk, username, page):
    reply = at_desk(username).get(page)
    assert reply.status_code == 403
    assert "not part of the event now" in reply.text
    assert "Team Stork" not in reply.text


def test_visitor_without_a_session_is_sent_to_the_hub(app):
    reply = Visitor(app, "").get("teams")
    assert reply.status_code == 303
    assert reply.headers["location"].startswith("/hub/api/oauth2/authorize?client_id=service-desk")
    cookie = reply.headers["set-cookie"]
    assert all(part in cookie for part in ("HttpOnly", "SameSite=lax", f"Path={PREFIX}"))


def test_callback_with_a_forged_state_opens_no_session(app):
    reply = Visitor(app, "").get("oauth_callback?code=x&state=forged")
    assert reply.status_code == 403
    assert "set-cookie" not in reply.headers
    assert "The sign-in did not finish" in reply.text


@pytest.mark.parametrize("path", ["sign-out", "invitations/noa", "open/learning", "open/team/stork"])
def test_form_without_the_sessions_secret_is_refused(at_desk, path):
    assert at_desk("rivka").post(path, csrf="").status_code == 403
    assert at_desk("rivka").post(path, csrf="a guess").status_code == 403


def test_script_of_another_page_on_the_host_is_refused(at_desk):
    browser = at_desk("rivka")
    script = {"Sec-Fetch-Mode": "cors"}
    assert browser.get("event", **script).status_code == 403
    assert browser.get("event", **script, **{CSRF_HEADER: CSRF}).status_code == 200


def test_new_link_is_shown_once_stored_as_a_hash_and_audited(at_desk, state):
    browser = at_desk("rivka")
    reply = browser.post("invitations/noa")
    link = parse(reply).find(id="link")["value"]
    address, _, secret = link.rpartition("/")
    assert address == "http://ward.example/hub/invitation"
    assert secret not in browser.get("invitations").text
    engine = open_database(Folders(state).database_url)
    with Session(engine) as session:
        assert find_invitation(session, secret).username == "noa"
        last = session.query(AuditRecord).order_by(AuditRecord.number.desc()).first()
        assert (last.who, last.what, last.on) == ("rivka", "invitation issued", "noa")
        assert find_broken_record(session) is None
    engine.dispose()


def test_participant_cannot_issue_a_link(at_desk):
    assert at_desk("noa").post("invitations/noa").status_code == 403


def test_invitations_are_found_by_name_and_state(at_desk):
    browser = at_desk("rivka")
    browser.post("invitations/hana")
    assert "Hana Suzuki" in browser.text("invitations?state=invited")
    assert "Hana Suzuki" not in browser.text("invitations?state=none")
    assert "Nobody fits this search" in browser.text("invitations?q=nobody-of-this-name")


def test_glossary_search_finds_the_other_professions_word(at_desk):
    text = at_desk("noa").text("glossary?q=recall")
    assert "sensitivity" in text
    assert "false friend" in text


def test_glossary_answers_htmx_with_the_terms_only(at_desk):
    reply = at_desk("noa").get("glossary?q=recall", **{"HX-Request": "true"})
    assert "<html" not in reply.text
    assert 'id="sensitivity"' in reply.text


def test_glossary_without_a_match_says_what_to_try(at_desk):
    assert "Try a shorter word" in at_desk("noa").text("glossary?q=xyzzy")


def test_search_text_is_shown_as_text(at_desk):
    reply = at_desk("noa").get("glossary?q=<script>alert(1)</script>")
    assert "<script>alert" not in reply.text


def test_every_page_carries_the_security_headers(at_desk):
    for page in ("", "glossary", "event", "no-such-page", "static/x/desk.css"):
        headers = at_desk("rivka").get(page).headers
        assert "default-src 'self'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize("page", [*OPEN_PAGES, *ORGANISER_PAGES])
def test_page_has_one_heading_a_place_and_nothing_inline_or_foreign(at_desk, page):
    soup = parse(at_desk("rivka").get(page))
    assert len(soup.find_all("h1")) == 1
    assert len(soup.nav.select("[aria-current=page]")) == 1
    assert soup.select_one("a.r-skip")["href"] == "#content"
    assert not [tag for tag in soup.find_all("script") if not tag.get("src")]
    assert not soup.find_all("style")
    assert not soup.select("[style], [onclick]")
    addresses = [tag.get("src") or tag.get("href") for tag in soup.select("[src], [href]")]
    assert not [a for a in addresses if a.startswith(("http:", "https:", "//"))]


def test_static_files_are_versioned_and_kept(at_desk):
    browser = at_desk("noa")
    links = parse(browser.get("")).select("link[rel=stylesheet]")
    for link in links:
        reply = browser.get(link["href"])
        assert reply.status_code == 200
        assert "immutable" in reply.headers["cache-control"]
    assert browser.get("static/old/desk.css").status_code == 307
    assert browser.get("static/old/../app.py").status_code == 404
    assert browser.get("").headers["cache-control"] == "no-store"


def test_failure_shows_a_calm_page_without_the_exceptions_text(app, at_desk):
    def fail(event: Event) -> EventMarks:
        raise RuntimeError("patient 4711")

    app.state.desk.load_progress, before = fail, app.state.desk.load_progress
    app.state.desk._progress._kept = None
    reply = at_desk("noa").get("lessons")
    app.state.desk.load_progress = before
    assert reply.status_code == 500
    assert "4711" not in reply.text
    assert "Your work is safe" in reply.text


def test_home_says_what_to_do_next(at_desk):
    text = at_desk("noa").text("")
    lead = at_desk("noa").soup("").select_one(".lead").text
    assert lead == "You are a participant in Rounds demo datathon."
    assert "Next exercise: “Choose a threshold”" in text
    assert "predict the newborn's birthweight" in text
    assert "server not known" in text  # no hub runs here


@pytest.mark.parametrize(
    ("username", "progress", "dashboards", "path"),
    [
        ("noa", PROGRESS, 0, "open/lesson/a3-report-card"),
        ("noa", EventMarks((), {}), 0, "glossary"),
        ("dana", PROGRESS, 0, "lessons"),
        ("amir", PROGRESS, 0, "teams"),
        ("orna", PROGRESS, 3, "dashboards"),
        ("orna", PROGRESS, 0, "teams"),
        ("rivka", PROGRESS, 0, "event"),
    ],
)
def test_first_step_fits_role_and_marks(event, username, progress, dashboards, path):
    situation = Situation(event, event.person_by_name[username], progress, dashboards)
    assert find_next_steps(situation)[0].path == path


def test_everybody_has_something_to_do(event):
    for person in event.people:
        assert find_next_steps(Situation(event, person, PROGRESS))
