"""People at their browsers: each a Chromium context of an own, every request to another host noted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Request, expect

HALL_HUB, HALL_ROOMS = "rounds.lan", "192.0.2.2"  # an event on a network: a name and an address, both this machine
PASSWORD = "a quiet ward at night"
CHROMIUM_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--host-resolver-rules=MAP {HALL_HUB} 127.0.0.1, MAP {HALL_ROOMS} 127.0.0.1",
)
expect.set_options(timeout=20_000)  # a page's answer on a busy machine; Playwright's own 5 s are for a quiet one


@dataclass
class ClassRoom:
    """Everybody who is in the class, and what their browsers asked."""

    browser: Browser
    base: str
    shots: Path
    foreign: list[str] = field(default_factory=list)
    pages: dict[str, Page] = field(default_factory=dict)

    def enter(self, name: str) -> Page:
        """Return a page in a new browser context for `name`."""
        context = self.browser.new_context(viewport={"width": 1280, "height": 900})
        context.on("request", self._note)
        self.pages[name] = context.new_page()
        return self.pages[name]

    def _note(self, request: Request) -> None:
        asked, own = urlsplit(request.url), urlsplit(self.base)
        room = asked.hostname == HALL_ROOMS or (
            (asked.hostname or "").endswith(".localhost") and asked.port == own.port
        )
        if asked.scheme not in ("data", "blob", "about") and asked.netloc != own.netloc and not room:
            self.foreign.append(request.url)

    def sign_in_by_link(self, name: str, link: str) -> Page:
        """Open an invitation, set a password, accept the terms, and arrive at the desk."""
        page = self.enter(name)
        page.goto(link)
        page.get_by_label("Choose a password").fill(PASSWORD)
        page.get_by_label("The same password again").fill(PASSWORD)
        page.get_by_label("I accept the terms").check()
        page.get_by_role("button", name="Set my password and go in").click()
        page.wait_for_url("**/services/desk/**")
        return page

    def shot(self, name: str, what: str) -> None:
        """Keep a screenshot."""
        self.shots.mkdir(parents=True, exist_ok=True)
        self.pages[name].screenshot(path=self.shots / f"{what}.png")


def find_axe_violations(page: Page) -> Iterator[str]:
    """Yield each serious or critical finding of axe on a page."""
    for violation in Axe().run(page).response["violations"]:
        if violation["impact"] in ("serious", "critical"):
            nodes = "; ".join(node["html"][:120] for node in violation["nodes"][:3])
            yield f"{page.url} {violation['id']}: {nodes}"
