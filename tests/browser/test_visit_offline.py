"""The visit on a phone, 390 px wide: the signal goes and comes, the sign-in ends, only keys are used."""

import datetime as dt
import io
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.sessions.models import Session
from PIL import Image
from playwright.sync_api import expect

from mentors.models import Difficulty, Visit, VisitPhoto
from pilotwork import clock
from tests.browser.writing import picture
from tests.factories import PASSWORD

pytestmark = pytest.mark.browser_context_args(
    viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
)
LINE = "“青工技能比武”报名 46 人。"
NO_SIGNAL = "没有信号，已存在本机，有信号时自动发送"


def open_form(county, desks, who="mentor"):
    """The form of the unit in the person's own browser."""
    page = desks.of(who)
    page.goto(f"/mentors/units/{county.unit.pk}/visits/new/")
    return page


def write(page):
    """Type the one line, tick 解决困难 and fill its line; the draft is kept."""
    page.get_by_label("了解到的进展").fill(LINE)
    page.get_by_label("解决困难").check()
    page.get_by_label("解决了什么困难").fill("协调厂区调班")
    expect(page.get_by_role("status").filter(has_text="草稿已存")).to_be_visible()


def save(page):
    page.get_by_role("button", name="保存走访").click()


def expect_saved_once(page):
    """The visit's page is shown, with its message, and there is one of everything."""
    expect(page).to_have_url(re.compile(r"/mentors/visits/\d+/$"))
    expect(page.get_by_text("走访已保存。")).to_be_visible()
    expect(page.get_by_text(LINE)).to_be_visible()
    assert (Visit.objects.count(), Difficulty.objects.count()) == (1, 1)


def test_a_visit_typed_without_signal_is_sent_once_when_the_signal_returns(county, desks):
    page = open_form(county, desks)
    write(page)
    page.get_by_label("照片").set_input_files(picture())
    expect(page.get_by_role("img", name="林地.jpg")).to_be_visible()
    page.context.set_offline(True)
    save(page)
    expect(page.get_by_role("alert").filter(has_text=NO_SIGNAL)).to_be_visible()
    page.get_by_role("button", name="立即重试").click()
    expect(page.get_by_role("alert").filter(has_text=NO_SIGNAL)).to_be_visible()
    assert not Visit.objects.exists()
    page.context.set_offline(False)
    expect_saved_once(page)
    assert VisitPhoto.objects.get().name == "林地.jpg"
    page.goto(f"/mentors/units/{county.unit.pk}/visits/new/")
    expect(page.get_by_label("了解到的进展")).to_have_value("")


@pytest.mark.long
def test_an_answer_lost_on_the_way_saves_one_visit(county, desks):
    page = open_form(county, desks)
    write(page)
    asked = []

    def lose_the_first_answer(route):
        asked.append(route.request.method)
        if len(asked) == 1:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route("**/visits/new/", lose_the_first_answer)
    save(page)
    expect(page.get_by_role("alert").filter(has_text=NO_SIGNAL)).to_be_visible()
    assert Visit.objects.count() == 1
    page.get_by_role("button", name="立即重试").click()
    expect_saved_once(page)


@pytest.mark.long
def test_two_taps_save_one_visit(county, desks):
    page = open_form(county, desks)
    write(page)
    page.get_by_role("button", name="保存走访").dblclick()
    expect_saved_once(page)


@pytest.mark.long
def test_a_wrong_date_left_behind_another_chip_keeps_nothing_from_being_saved(county, desks):
    page = open_form(county, desks)
    write(page)
    page.get_by_label("选择日期", exact=True).check()
    page.locator("[name=visited_on]").fill("2090-03-01")
    save(page)
    assert not Visit.objects.exists()
    page.get_by_label("今天").check()
    save(page)
    expect_saved_once(page)


@pytest.mark.long
def test_going_back_after_saving_shows_an_empty_form_with_a_key_of_its_own(county, desks):
    page = open_form(county, desks)
    write(page)
    save(page)
    expect_saved_once(page)
    page.go_back()
    expect(page.get_by_label("了解到的进展")).to_have_value("")
    page.get_by_label("了解到的进展").fill("另一次。")
    save(page)
    expect(page.get_by_text("走访已保存。")).to_be_visible()
    assert sorted(Visit.objects.values_list("progress", flat=True)) == sorted([LINE, "另一次。"])


@pytest.mark.long
def test_what_waits_is_sent_from_any_page_of_the_writer_once_there_is_signal(county, desks):
    page = open_form(county, desks)
    write(page)
    page.get_by_label("照片").set_input_files(picture())
    expect(page.get_by_role("img", name="林地.jpg")).to_be_visible()
    page.context.set_offline(True)
    save(page)
    expect(page.get_by_role("alert").filter(has_text=NO_SIGNAL)).to_be_visible()
    # The phone is put away before the signal is back.
    context = page.context
    page.close()
    context.set_offline(False)
    later = context.new_page()
    later.goto("/mentors/visits/")
    notice = later.get_by_role("status").filter(has_text="待发送的走访已保存")
    notice.get_by_role("link").click()
    expect_saved_once(later)
    assert VisitPhoto.objects.get().name == "林地.jpg"
    later.goto("/")
    expect(later.locator("[data-unsent]")).to_be_hidden()


@pytest.mark.long
def test_what_the_server_does_not_take_stays_and_is_said_on_the_list(county, desks):
    page = open_form(county, desks)
    write(page)
    page.context.set_offline(True)
    page.get_by_label("选择日期", exact=True).check()
    page.locator("[name=visited_on]").fill((clock.today() - dt.timedelta(days=80)).isoformat())
    page.locator("form[data-visit]").evaluate("form => form.noValidate = true")
    save(page)
    expect(page.get_by_role("alert").filter(has_text=NO_SIGNAL)).to_be_visible()
    context, address = page.context, page.url
    page.close()
    context.set_offline(False)
    later = context.new_page()
    later.goto("/mentors/visits/")
    later.get_by_role("status").filter(has_text="有走访记录待发送").get_by_role("link").click()
    expect(later).to_have_url(address)
    expect(later.get_by_role("alert").filter(has_text="还没有保存")).to_be_visible()
    expect(later.get_by_label("了解到的进展")).to_have_value(LINE)
    assert not Visit.objects.exists()


@pytest.mark.long
def test_of_one_draft_in_two_windows_the_other_words_are_not_lost(county, desks):
    first = open_form(county, desks)
    write(first)
    second = first.context.new_page()
    second.goto(first.url)
    expect(second.get_by_label("了解到的进展")).to_have_value(LINE)
    second.get_by_label("了解到的进展").fill("另一个窗口写的。")
    save(first)
    expect_saved_once(first)
    save(second)
    expect(second.get_by_role("alert").filter(has_text="已在另一个窗口保存")).to_be_visible()
    expect(second.get_by_label("了解到的进展")).to_have_value("另一个窗口写的。")
    assert Visit.objects.count() == 1
    save(second)
    expect(second.get_by_text("走访已保存。")).to_be_visible()
    assert set(Visit.objects.values_list("progress", flat=True)) == {LINE, "另一个窗口写的。"}


@pytest.mark.long
def test_a_draft_outlives_the_sign_in_and_is_shown_to_its_writer_alone(county, desks):
    page = open_form(county, desks)
    write(page)
    Session.objects.all().delete()
    save(page)
    alert = page.get_by_role("alert").filter(has_text="登录已过期，填写的内容已存在本机")
    alert.get_by_role("link").click()
    page.get_by_label("登录名").fill("approver")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="记录走访")).to_be_visible()
    expect(page.get_by_label("了解到的进展")).to_have_value("")
    Session.objects.all().delete()
    page.reload()
    page.get_by_label("登录名").fill("mentor")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_label("了解到的进展")).to_have_value(LINE)
    save(page)
    expect_saved_once(page)


@pytest.mark.long
def test_signing_in_in_another_tab_does_not_stop_the_form(county, desks):
    page = open_form(county, desks)
    write(page)
    Session.objects.all().delete()
    other = page.context.new_page()
    other.goto("/")
    other.get_by_label("登录名").fill("mentor")
    other.get_by_label("密码").fill(PASSWORD)
    other.get_by_role("button", name="登录").click()
    expect(other.get_by_role("heading", level=1)).to_be_visible()
    save(page)
    expect_saved_once(page)


@pytest.mark.long
def test_a_broken_photo_is_refused_and_everything_else_stays(county, desks):
    page = open_form(county, desks)
    write(page)
    broken = {"name": "坏的.jpg", "mimeType": "image/jpeg", "buffer": b"\xff\xd8\xff broken"}
    page.get_by_label("照片").set_input_files([picture(), broken])
    expect(page.get_by_text("坏的.jpg（无法预览）")).to_be_visible()
    save(page)
    summary = page.get_by_role("alert").filter(has_text="还没有保存，已填的都在")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("坏的.jpg")
    expect(page.get_by_label("解决了什么困难")).to_have_value("协调厂区调班")
    page.get_by_role("button", name="移除照片 坏的.jpg").click()
    save(page)
    expect_saved_once(page)
    assert [photo.name for photo in VisitPhoto.objects.all()] == ["林地.jpg"]


@pytest.mark.long
def test_a_photo_leaves_the_phone_small_and_without_its_place(county, desks):
    exif = Image.Exif()
    exif[0x010E] = "38.9,116.9"
    content = io.BytesIO()
    Image.new("RGB", (3000, 1500), "green").save(content, "JPEG", exif=exif)
    page = open_form(county, desks)
    write(page)
    large = {"name": "大.jpg", "mimeType": "image/jpeg", "buffer": content.getvalue()}
    page.get_by_label("照片").set_input_files(large)
    expect(page.get_by_role("img", name="大.jpg")).to_be_visible()
    with page.expect_request(lambda request: request.method == "POST") as sent:
        save(page)
    expect_saved_once(page)
    assert b"38.9,116.9" not in (sent.value.post_data_buffer or b"")
    with VisitPhoto.objects.get().open_stored() as file, Image.open(file) as kept:
        assert kept.size == (2000, 1000)


@pytest.mark.long
def test_the_whole_form_is_written_and_sent_with_the_keyboard(county, desks):
    page = open_form(county, desks)
    page.get_by_label("今天").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_label("昨天")).to_be_checked()
    page.keyboard.press("Tab")
    expect(page.get_by_label("实地")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type(LINE)
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    for _ in range(4):
        page.keyboard.press("Tab")
    expect(page.get_by_label("解决了什么困难")).to_be_focused()
    page.keyboard.type("协调厂区调班")
    page.keyboard.press("Enter")
    expect_saved_once(page)
    assert Visit.objects.get().is_backfilled


@pytest.mark.long
def test_a_chip_opens_its_line_without_any_script(county, desks, new_context):
    page = open_form(county, desks)
    cookies, address = page.context.cookies(), page.url
    plain = new_context(java_script_enabled=False)
    plain.add_cookies(cookies)
    page = plain.new_page()
    page.goto(address)
    expect(page.get_by_label("经费来源")).not_to_be_visible()
    page.get_by_label("协调经费").check()
    page.get_by_label("经费来源").fill("镇政府")
    page.get_by_label("金额（元）").fill("800")
    page.get_by_label("了解到的进展").fill(LINE)
    save(page)
    expect(page.get_by_text("镇政府 800.00 元")).to_be_visible()


@pytest.mark.long
@pytest.mark.parametrize("width", [360, 390, 1280])
def test_the_form_with_every_line_open_is_accessible_and_never_scrolls_sideways(
    county, desks, width
):
    page = open_form(county, desks)
    page.set_viewport_size({"width": width, "height": 844})
    for name in ("选择日期", "解决困难", "协调经费", "设计活动", "调研"):
        page.get_by_label(name, exact=True).check()
    page.get_by_text("问题、下一步、同行、代访").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    violations = Axe().run(page).response["violations"]
    assert [(v["id"], [n["html"][:90] for n in v["nodes"]]) for v in violations] == []
