"""The organiser's side in a real browser: two links in two tabs, and a removed person's open pages."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.integration.demo import Demo
from tests.integration.people import PASSWORD, ClassRoom

pytestmark = pytest.mark.integration


def fill(page: Page) -> None:
    page.get_by_label("Choose a password").fill(PASSWORD)
    page.get_by_label("The same password again").fill(PASSWORD)
    page.get_by_label("I accept the terms").check()
    page.get_by_role("button", name="Set my password and go in").click()


def test_two_links_in_two_tabs_say_who_is_signed_in_and_how_to_go_on(class_: ClassRoom, demo: Demo) -> None:
    first = class_.enter("two-tabs")
    first.goto(demo.invite("hana"))
    second = first.context.new_page()
    second.goto(demo.invite("lior"))
    fill(second)
    second.wait_for_url("**/services/desk/**")
    fill(first)
    expect(
        first.get_by_text("You are signed in as Lior Katz. Open the link again to go on as Hana Suzuki.")
    ).to_be_visible()
    first.get_by_role("link", name="Open the link again").click()
    fill(first)
    first.wait_for_url("**/services/desk/**")
    expect(first.get_by_role("heading", level=1)).to_contain_text("Hana")


def test_who_is_removed_reads_it_in_the_open_page_and_behind_the_link(class_: ClassRoom, demo: Demo) -> None:
    signed_in = class_.sign_in_by_link("grace", demo.invite("grace"))
    invited = class_.enter("rania")
    link = demo.invite("rania")
    invited.goto(link)
    people = demo.event_file.with_name("people.csv")
    before = people.read_text(encoding="utf-8")
    kept = [line for line in before.splitlines() if "grace@" not in line and "rania@" not in line]
    people.write_text("\n".join(kept) + "\n", encoding="utf-8")
    demo.rounds("event", "apply", str(demo.event_file))
    fill(invited)
    expect(invited.get_by_text("You are not part of the event now")).to_be_visible()
    expect(signed_in.get_by_text("you are not part of the event now")).to_be_visible(timeout=60_000)
    people.write_text(before, encoding="utf-8")
    demo.rounds("event", "apply", str(demo.event_file))
    invited.goto(link)
    fill(invited)
    invited.wait_for_url("**/services/desk/**")
