"""The main job's first half on a phone, 390 px wide, with fingers."""

import re

import pytest
from playwright.sync_api import expect

from funds.models import Application
from tests.browser.writing import (
    NAME,
    budget_rows,
    figure,
    picture,
    type_content,
    type_line,
)
from tests.journeys import STEPS, bring, fresh

pytestmark = pytest.mark.browser_context_args(
    viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
)


def expect_no_sideways_scroll(page):
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


def expect_in_reach_of_the_thumb(page, button):
    """The button stays on the screen whatever is scrolled, 44 px high, with nothing over it."""
    expect(button).to_be_visible()
    for part in (0, 0.4, 0.8):
        page.evaluate("part => window.scrollTo(0, part * innerHeight)", part)
        expect(button).to_be_in_viewport(ratio=1)
        assert button.bounding_box()["height"] >= 44
        button.tap(trial=True)


@pytest.mark.long
def test_an_application_is_written_submitted_and_approved_on_phones(county, desks):
    unit = desks.sign_in("member")
    unit.get_by_role("navigation", name="常用").get_by_role("link", name="基金申请").tap()
    unit.get_by_role("link", name="新建立项申请").first.tap()
    type_content(unit)
    rows = budget_rows(unit)
    type_line(rows.nth(0), "展板", "4", "150.50")
    unit.get_by_role("button", name="增加一行").tap()
    type_line(rows.nth(1), "讲师", "3", "400", "1000")
    unit.get_by_role("button", name="增加一行").tap()
    rows.nth(2).get_by_role("button", name="删除这一行").tap()
    expect(rows).to_have_count(2)
    expect(figure(unit, "预算合计")).to_have_text("1,802.00")
    expect(unit.get_by_text("申请基金 人民币壹仟陆佰零贰元整")).to_be_visible()
    expect_no_sideways_scroll(unit)
    unit.get_by_label("附件").set_input_files(picture())
    submit = unit.get_by_role("button", name="保存并提交")
    expect_in_reach_of_the_thumb(unit, submit)
    submit.tap()
    expect(unit.get_by_role("status").filter(has_text="已提交")).to_be_visible()
    expect_no_sideways_scroll(unit)

    application = Application.objects.get(name=NAME)
    STEPS["review"](county, application)
    approver = desks.sign_in("approver")
    approver.get_by_role("link", name=re.compile(rf"^审批\s*：.*{NAME}")).tap()
    way = approver.get_by_role("link", name="去办理：同意立项")
    expect_in_reach_of_the_thumb(approver, way)
    way.tap()
    expect(approver.get_by_role("heading", name="同意立项")).to_be_in_viewport()
    approver.get_by_label("核定金额").fill("1500")
    expect_no_sideways_scroll(approver)
    expect(approver.get_by_role("definition").filter(has_text="8,500.00")).to_be_visible()
    expect(approver.get_by_text("人民币壹仟伍佰元整", exact=True)).to_be_visible()
    approver.get_by_label("意见").fill("同意立项。")
    approver.get_by_role("button", name="同意立项").tap()
    expect(approver.get_by_role("status").filter(has_text="已同意立项")).to_be_visible()
    expect_no_sideways_scroll(approver)
    application = fresh(application)
    assert (application.state, application.approved_amount) == ("approved", 1500)


@pytest.mark.long
def test_the_bottom_bar_leads_to_the_three_places_of_the_work(desks):
    page = desks.of("approver")
    page.goto("/")
    bar = page.get_by_role("navigation", name="常用")
    expect(page.get_by_role("navigation", name="主导航")).not_to_be_visible()
    for place, heading in [("资金账户", "资金账户"), ("基金申请", "基金申请")]:
        bar.get_by_role("link", name=place).tap()
        expect(page.get_by_role("heading", level=1)).to_contain_text(heading)
        current = bar.locator("[aria-current=page]")
        expect(current).to_contain_text(place)
        assert bar.get_by_role("link").evaluate_all(
            "links => links.every(link => link.getBoundingClientRect().height >= 44)"
        )
    box = bar.bounding_box()
    assert box["y"] + box["height"] == page.viewport_size["height"]


@pytest.mark.long
def test_the_menu_holds_what_the_rail_holds_on_a_desk(county, desks):
    bring(county, "submitted")
    page = desks.of("reviewer")
    page.goto("/")
    menu = page.get_by_role("navigation", name="全部功能")
    expect(menu).not_to_be_visible()
    page.get_by_text("菜单").tap()
    expect(menu.get_by_role("link", name=re.compile("基金申请.*1 件待办"))).to_be_visible()
    menu.get_by_role("link", name="意见建议").tap()
    expect(page.get_by_role("heading", level=1)).to_contain_text("意见建议")
    page.get_by_text("菜单").tap()
    menu.get_by_role("button", name="退出登录").tap()
    expect(page).to_have_url(re.compile("/accounts/sign-in/"))
