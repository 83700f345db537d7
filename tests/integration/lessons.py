"""A lesson's page in a browser: open it, wait until it is awake, write into a box, press its button."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.integration.demo import Demo

AWAKE_WITHIN_MS = 60_000


def open_lesson(page: Page, demo: Demo, name: str) -> None:
    """Open a lesson as the desk's link does, and wait until it is awake."""
    page.goto(f"{demo.base}/services/desk/open/lesson/{name}")

    page.wait_for_url(f"**/rounds/lesson/{name}/notebooks/**", timeout=90_000)
    wait_until_awake(page)


def wait_until_awake(page: Page) -> None:
    """Wait until the notebook has taken the place of the text that came with the page."""
    page.locator("body.rounds-awake").wait_for(state="attached", timeout=AWAKE_WITHIN_MS)


def box_of(page: Page, name: str) -> Locator:
    """Return the cell of an exercise's box, by the name above it."""
    return page.locator(".jp-Cell.rounds-role-box", has_text=f"Your box: {name}")


def write(page: Page, name: str, text: str) -> None:
    """Put `text` in the place of what a box says, and run it by its button."""
    editor = box_of(page, name).locator(".cm-content")
    editor.fill(text)
    expect(editor.locator(".cm-line")).to_have_text(text.split("\n"))
    page.get_by_role("button", name=f"Run the box of {name}").press("Enter")


def check(page: Page, label: str, says: str) -> None:
    """Press a check button and wait for its sentence."""
    page.get_by_role("button", name=label).press("Enter")
    expect(page.get_by_text(says).first).to_be_visible()
