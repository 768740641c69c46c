"""Keys on the pages where one decides, in a real browser."""

import pytest
from playwright.sync_api import expect

from tests.journeys import bring

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]


def test_keys_lead_from_matter_to_matter_and_never_decide(county, desks):
    first, second = (bring(county, "submitted") for _ in range(2))
    page = desks.of("reviewer")
    page.goto(f"/funds/applications/{first.pk}/")
    page.keyboard.press("o")
    opinion = page.locator("#act [name=opinion]")
    expect(opinion).to_be_focused()
    page.keyboard.type("jk?o")
    expect(opinion).to_have_value("jk?o")
    page.locator("h1").click()
    page.keyboard.press("?")
    listed = page.locator("dialog.shortcuts")
    expect(listed).to_be_visible()
    page.keyboard.press("j")
    expect(listed).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.wait_for_url(f"**/funds/applications/{second.pk}/**")
    page.keyboard.press("k")
    page.wait_for_url(f"**/funds/applications/{first.pk}/**")
    page.get_by_role("button", name="快捷键").click()
    page.get_by_label("启用快捷键").uncheck()
    page.get_by_role("button", name="关闭").click()
    page.reload()
    page.keyboard.press("j")
    page.keyboard.press("?")
    expect(listed).to_be_hidden()
    for application in (first, second):
        application.refresh_from_db()
        assert application.state == "submitted"
