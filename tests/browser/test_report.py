"""情况汇报 in a browser: a figure's sources beside the text, tokens put where the cursor is."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]


def test_a_clicked_figure_shows_what_its_own_page_says_of_its_sources(desks):
    page = desks.of("leader")
    page.goto("/reports/briefing/")
    figure = page.get_by_role("link", name="试点工作基金总额")
    figure.click()
    source = page.locator("#source")
    expect(source.get_by_role("heading", name="“10000 元”的来源")).to_be_visible()
    expect(figure).to_have_attribute("aria-current", "true")
    beside = source.locator("tbody").inner_text()

    page.locator("#source").get_by_text("看全部记录").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("试点工作基金总额")
    assert page.locator("table.shares tbody").inner_text() == beside

    page.go_back()
    figure.click()
    source.get_by_role("button", name="收起").click()
    expect(source.get_by_role("heading", name="数字的来源")).to_be_visible()


@pytest.mark.long
def test_a_units_number_beside_the_text_leads_to_its_records(desks):
    page = desks.of("leader")
    page.goto("/reports/briefing/")
    page.locator("a.cited").first.click()
    page.locator("#source tbody a").first.click()
    expect(page).to_have_url(re.compile(r"/reports/figures/units/\?.*unit=\d"))


@pytest.mark.long
def test_a_token_is_typed_where_the_cursor_is_and_leaving_unsaved_text_is_warned_of(desks):
    page = desks.of("reviewer")
    page.goto("/reports/briefing/")
    page.get_by_role("link", name="编辑文字").click()
    field = page.locator("textarea").nth(1)
    field.fill("走访次")
    field.press("ArrowLeft")
    page.get_by_role("button", name="【走访】").click()
    expect(field).to_have_value("走访【走访】次")
    page.get_by_role("button", name="第 2 段下移").click()
    expect(page.locator("textarea").nth(2)).to_have_value("走访【走访】次")
    expect(page.get_by_text("尚未保存")).to_be_visible()
    page.get_by_role("button", name="保存").last.click()
    expect(page.get_by_text("文字已保存。")).to_be_visible()
