"""Users' code takes nobody's rights: the takeovers of docs/explanation/origins.md, in real browsers.

A script runs in a published dashboard, in the output of a team-mate who edits the same notebook, and in a room that its
team has replaced by a web server of its own; participant, mentor and organiser look at it.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import create_engine, text

from tests.integration.demo import ROOT, Demo, free_row
from tests.integration.people import HALL_HUB, HALL_ROOMS, ClassRoom
from tests.integration.test_class_at_work import EMPTY_CELL, KERNEL, open_lab, run_cell, status_of

pytestmark = pytest.mark.integration
ATTACKS = Path(__file__).with_name("attacks.js").read_text(encoding="utf-8").split("\n", 2)[2].strip()
VIEWERS = {"roni": "participant", "dana": "mentor", "rivka": "organiser"}
ANSWERED_WITHIN_MS = 240_000


@dataclass
class Attacker:
    """A team's own web server in the place of its room: any page, any header, and every cookie noted."""

    server: ThreadingHTTPServer
    cookies: list[tuple[str, str]] = field(default_factory=list)
    page: str = ""

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"


@dataclass(frozen=True)
class Layout:
    """A running event and where a browser finds its parts."""

    demo: Demo
    class_: ClassRoom
    room: Callable[[str], str]
    route: Callable[[str], str]

    def target(self, viewer: str) -> dict[str, str]:
        """Return what a script is told."""
        room = self.room(viewer)
        line = f"{room.replace('http', 'ws', 1)}/api/events/subscribe"
        return {"hub": self.demo.base, "account": viewer, "other": "noa", "otherRoom": room, "otherSocket": line}

    def script(self, viewer: str) -> str:
        """Return a page's part that attacks `viewer`."""
        return f"<script>({ATTACKS})({json.dumps(self.target(viewer))})</script>"

    def ask_hub(self, path: str) -> Any:
        """Return the hub's own word."""
        secrets = json.loads((self.demo.state / "hub" / "secrets.json").read_text())
        port = json.loads((self.demo.state / "hub" / "ports.json").read_text())["hub"]
        headers = {"Authorization": f"token {secrets['apply']}"}
        return httpx.get(f"http://127.0.0.1:{port}/hub/api{path}", headers=headers, trust_env=False, timeout=30).json()

    def replace(self, account: str, attacker: Attacker) -> None:
        """Send everybody who opens an account's room to the attacker instead, as a replaced server would."""
        secrets = json.loads((self.demo.state / "hub" / "secrets.json").read_text())
        port = json.loads((self.demo.state / "hub" / "ports.json").read_text())["proxy_api"]
        url = f"http://127.0.0.1:{port}/api/routes{self.route(account)}"
        data = {"target": attacker.address, "user": account, "server_name": ""}
        headers = {"Authorization": f"token {secrets['proxy']}"}
        assert httpx.post(url, json=data, headers=headers, trust_env=False).status_code == 201


@pytest.fixture(scope="module")
def attacker() -> Iterator[Attacker]:
    """Return a web server of a team."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    attacker = Attacker(server)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            attacker.cookies.append((self.path, self.headers.get("Cookie", "")))
            script = self.path.endswith(".js")
            self.send_response(200)
            self.send_header("Content-Type", "text/javascript" if script else "text/html")
            self.send_header("Service-Worker-Allowed", "/")
            self.end_headers()
            self.wfile.write(b"self.addEventListener('fetch', () => {})" if script else attacker.page.encode())

        do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server.RequestHandlerClass = Handler
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield attacker
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def hall(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Layout]:
    """Return an event on a network: one name for the hub, an address for rooms, a port for each account."""
    demo = Demo(tmp_path_factory.mktemp("hall"), host=HALL_HUB)
    demo.copy_event()
    first = free_row(120)
    ports = f"[{first}, {first + 119}]"
    values = {"listen": '"0.0.0.0"', "hub_host": f'"{HALL_HUB}"', "rooms": '"ports"', "rooms_host": f'"{HALL_ROOMS}"'}
    lines = demo.event_file.read_text(encoding="utf-8")
    for key, value in {**values, "room_ports": ports}.items():
        lines, count = re.subn(rf"(?m)^{key} = (\"[^\"]*\"|\[\])", f"{key} = {value}", lines)
        assert count == 1, key
    demo.event_file.write_text(lines, encoding="utf-8")
    demo.start()
    table = json.loads((demo.state / "hub" / "room-ports.json").read_text())
    class_ = ClassRoom(browser, demo.base, ROOT / "test-artifacts")
    yield Layout(demo, class_, lambda a: f"http://{HALL_ROOMS}:{table[a]}/user/{a}", lambda a: f"/user/{a}")
    demo.stop()


@pytest.fixture(scope="module")
def laptop(demo: Demo, class_: ClassRoom) -> Layout:
    """Return the demo event as it comes: each account's code on a host of its own."""
    return Layout(demo, class_, demo.room, lambda a: f"/{a}.localhost/user/{a}")


@pytest.fixture(params=["laptop", "hall"])
def layout(request: pytest.FixtureRequest) -> Layout:
    """Return each layout in turn."""
    found: Layout = request.getfixturevalue(request.param)
    return found


def sign_in(layout: Layout, viewer: str) -> Page:
    """Return a fresh browser of a person, whose own server runs: the other room that an attack may reach."""
    page = layout.class_.sign_in_by_link(f"{viewer} at risk", layout.demo.invite(viewer))
    page.goto(f"{layout.demo.base}/services/desk/open/learning")
    page.wait_for_url(f"**/user/{viewer}/lab**", timeout=90_000)
    page.wait_for_selector(".jp-Launcher, .jp-NotebookPanel", timeout=60_000)
    return page


def judge(layout: Layout, viewer: str, page: Page) -> None:
    """Wait until a page's script has tried everything, and look on every side at what came of it."""
    page.wait_for_function("() => window.attacked", timeout=ANSWERED_WITHIN_MS)
    said: dict[str, str] = page.evaluate("() => window.attacked")
    assert len(said) >= 20
    assert {name: answer for name, answer in said.items() if answer.startswith("worked")} == {}
    tokens = layout.ask_hub(f"/users/{viewer}/tokens")["api_tokens"]
    assert [token["note"] for token in tokens if token["note"].startswith("Requested")] == []
    with create_engine(f"sqlite:///{layout.demo.state / 'rounds.sqlite'}").connect() as database:
        found = database.execute(text("SELECT count(*) FROM audit WHERE why = 'asked on the desk'")).scalar()
    assert found == 0
    assert not (layout.demo.state / "homes" / viewer / "taken.txt").exists()
    fresh = page.context.new_page()
    fresh.goto(f"{layout.demo.base}/services/desk/")
    expect(fresh.get_by_role("button", name="Sign out")).to_be_visible()  # still signed in, as the same person
    fresh.goto(f"{layout.room(viewer)}/lab")  # a flood of cookies may have taken the room's own: it signs in again
    fresh.goto(f"{layout.room(viewer)}/api/kernels")
    assert json.loads(fresh.locator("body").inner_text()) == []
    page.context.close()


def put_dashboard(layout: Layout, viewer: str) -> None:
    """Publish a dashboard for stork whose code shows a script, a script in Markdown and an image that fails."""
    script = layout.script(viewer)
    code = f"from IPython.display import HTML, display\nimport ipywidgets\ndisplay(HTML({script!r}))"
    image = '<img src=x onerror="window.markdownRan = true"><script>window.markdownRan = true</script>'
    cells = [
        {"cell_type": "markdown", "id": "m", "metadata": {}, "source": f"# Look\n{image}"},
        {"cell_type": "code", "id": "c", "metadata": {}, "execution_count": None, "outputs": [], "source": code},
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": kernel, "cells": cells}
    published = layout.demo.state / "published" / "stork"
    published.mkdir(parents=True, exist_ok=True)
    (published / "attack.ipynb").write_text(json.dumps(notebook))


def test_the_same_script_on_the_hubs_own_page_would_take_over(laptop: Layout) -> None:
    """The attacks can succeed: what stops them is the other origin, not a mistake in them."""
    page = sign_in(laptop, "rivka")
    page.goto(f"{laptop.demo.base}/services/desk/glossary")
    wanted = "open the invitations in a window and read them"
    said = page.evaluate(ATTACKS, {**laptop.target("rivka"), "only": [wanted]})
    assert said[wanted].startswith("worked: ")
    assert "Invitations" in said[wanted]
    page.context.close()


@pytest.mark.parametrize("viewer", VIEWERS)
def test_a_dashboard_takes_nothing_of_its_viewer(layout: Layout, viewer: str) -> None:
    page = sign_in(layout, viewer)
    put_dashboard(layout, viewer)
    page.goto(f"{layout.demo.base}/services/desk/open/dashboard/stork/attack.ipynb")
    page.wait_for_url("**/user/dash-stork/voila/render/**", timeout=90_000)
    judge(layout, viewer, page)


def test_a_team_mates_output_takes_nothing_of_who_sees_it(layout: Layout) -> None:
    team, victim = layout.class_.sign_in_by_link("hana", layout.demo.invite("hana")), sign_in(layout, "roni")
    team.goto(f"{layout.demo.base}/services/desk/open/team/stork")
    team.wait_for_url("**/user/team-stork/lab**", timeout=90_000)
    shared = {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": KERNEL}, "cells": [EMPTY_CELL]}
    work = layout.demo.state / "teams" / "stork"
    (work / "trap.ipynb").write_text(json.dumps(shared))
    (work / "trap.html").write_text(layout.script("roni"))
    open_lab(team, f"{layout.room('team-stork')}/lab/workspaces/hana/tree/trap.ipynb")
    run_cell(team, "from IPython.display import HTML\nHTML(open('trap.html').read())")
    team.wait_for_function("() => window.attacked", timeout=ANSWERED_WITHIN_MS)
    victim.goto(f"{layout.room('team-stork')}/lab/workspaces/roni/tree/trap.ipynb?reset")
    judge(layout, "roni", victim)
    team.context.close()


@pytest.mark.parametrize(
    ("account", "viewer"), [("team-stork", "roni"), ("dash-stork", "dana"), ("dash-stork", "rivka")]
)
def test_a_replaced_room_takes_nothing_and_is_sent_no_other_rooms_cookie(
    layout: Layout, attacker: Attacker, account: str, viewer: str
) -> None:
    page = sign_in(layout, viewer)
    page.goto(f"{layout.room(account)}/")  # the viewer's own sign-in at this room, as on any day
    layout.replace(account, attacker)
    attacker.page, attacker.cookies[:] = f"<h1>Your room</h1>{layout.script(viewer)}", []
    page.goto(f"{layout.room(account)}/lab")
    judge(layout, viewer, page)
    lines = [line for path, line in attacker.cookies if path.startswith(f"/user/{account}/")]
    names = {part.partition("=")[0].strip() for line in lines for part in line.split(";") if part.strip()}
    own = {name for name in names if name.startswith((f"jupyterhub-user-{account}", f"username-{account}"))}
    others = names - own - {"_xsrf", "jupyterhub-session-id"} - {name for name in names if name.startswith("flood")}
    assert others == set()


def test_who_signs_out_is_out_of_the_rooms_within_30_s(layout: Layout) -> None:
    page = sign_in(layout, "rivka")
    contents = f"{layout.room('rivka')}/api/contents"
    room = page.context.new_page()
    assert status_of(room, contents) == 200
    page.goto(f"{layout.demo.base}/hub/logout")  # JupyterLab's own link: it asks
    page.get_by_role("link", name="Go to the desk").click()
    page.wait_for_url("**/services/desk/")  # a button of the same name is on the page before
    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("User name").wait_for()
    began = time.monotonic()
    while status_of(room, contents) == 200:
        assert time.monotonic() - began < 30
        time.sleep(1)
    page.context.close()
