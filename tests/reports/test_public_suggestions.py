"""意见建议 of visitors: received, answered, read by the receipt; machines and floods held back."""

import datetime as dt
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from pilotwork import clock
from reports.public.actions import close_page
from reports.public.forms import LONGEST, QUICKEST
from tests.reports.visitors import TEXT, opened, page_of, send, typed
from units.actions import file, reply
from units.models import PublicPosting, Suggestion
from units.models.postings import KEPT, PER_UNIT_AND_DAY

pytestmark = pytest.mark.django_db
SECOND = dt.timedelta(seconds=1)
PHONE = "13812345678"


@pytest.fixture
def unit(county):
    return opened(county)


def errors_of(answer):
    """What is said above the form."""
    return " ".join(answer.context["form"].non_field_errors())


def receipt_page(suggestion):
    """The address at which the visitor reads the answer."""
    return reverse("public_receipt", args=[suggestion.receipt])


# --- From the page to the answer ----------------------------------------------------------------


def test_a_visitor_writes_the_county_answers_and_he_reads_it_by_his_receipt(client, county, unit):
    answer = send(client, unit, kind="complaint", contact=PHONE)
    suggestion = Suggestion.objects.get()
    assert (suggestion.author, suggestion.pilot_unit, suggestion.kind) == (None, unit, "complaint")
    assert answer.url == receipt_page(suggestion)
    page = client.get(answer.url).content.decode()
    assert "已收到，谢谢" in page
    assert suggestion.receipt_shown in page
    assert (TEXT in page, PHONE in page) == (True, False)
    reply(suggestion, by=county.reviewer, opinion="可以，下周起。")
    page = client.get(answer.url).content.decode()
    assert "可以，下周起。" in page
    assert county.reviewer.name not in page


def test_what_is_filed_without_an_answer_says_so_and_keeps_the_countys_note(client, county, unit):
    send(client, unit)
    suggestion = Suggestion.objects.get()
    file(suggestion, by=county.reviewer, opinion="内部说明")
    page = client.get(receipt_page(suggestion)).content.decode()
    assert "不再另行答复" in page
    assert "内部说明" not in page


@pytest.mark.parametrize("spell", ["{}-{}-{}", "{}{}{}", " {} {}—{} "])
def test_the_receipt_is_found_however_it_is_typed(client, unit, spell):
    send(client, unit)
    suggestion = Suggestion.objects.get()
    code = spell.format(*suggestion.receipt_shown.lower().split("-"))
    answer = client.get(page_of(unit, "public_find_answer"), {"code": code})
    assert answer.url == receipt_page(suggestion)


@pytest.mark.parametrize(
    ("code", "said"),
    [("", "请填写回执号。"), ("7KQM", "12 位"), ("7KQM-4XPA-9TRE", "没有找到这个回执号")],
)
def test_a_wrong_receipt_is_told_beside_the_field(client, unit, code, said):
    answer = client.get(page_of(unit, "public_find_answer"), {"code": code})
    assert said in answer.context["form"].errors["code"].as_text()
    assert f'value="{code}"' in answer.content.decode() or not code


def test_a_receipt_is_looked_for_on_its_own_units_page_only(client, county, unit):
    send(client, unit)
    code = Suggestion.objects.get().receipt
    other = opened(county, county.other_unit)
    answer = client.get(page_of(other, "public_find_answer"), {"code": code})
    assert "没有找到" in answer.context["form"].errors["code"].as_text()


def test_an_unknown_receipt_and_one_of_a_closed_page_are_not_found_alike(client, county, unit):
    send(client, unit)
    address = receipt_page(Suggestion.objects.get())
    assert client.get(address).status_code == 200
    close_page(unit, by=county.approver)
    unknown = client.get(reverse("public_receipt", args=["7KQM4XPA9TRE"]))
    assert client.get(address).content == unknown.content
    assert unknown.status_code == 404
    assert "没有找到这个回执号" in unknown.content.decode()
    assert unknown["X-Robots-Tag"] == "noindex, nofollow, noarchive"


def test_receipts_are_never_alike_and_easily_read(client, unit):
    for _ in range(3):
        send(client, unit)
    receipts = set(Suggestion.objects.values_list("receipt", flat=True))
    assert len(receipts) == 3
    assert all(re.fullmatch(r"[2-9A-HJKMNP-Z]{12}", receipt) for receipt in receipts)


def test_sent_twice_it_is_received_once_and_other_words_are_another_suggestion(client, unit):
    form = typed(unit)
    first, second, third = (
        client.post(page_of(unit, "public_suggest"), form | {"text": text})
        for text in (TEXT, TEXT, "另一件事。")
    )
    assert first.url == second.url != third.url
    assert Suggestion.objects.count() == 2


def test_a_signed_in_person_is_a_visitor_there_like_everybody(client, county, unit):
    client.force_login(county.member)
    send(client, unit)
    suggestion = Suggestion.objects.get()
    assert (suggestion.author, list(suggestion.log)) == (None, [])


# --- What is typed ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"text": " \n"}, "text"),
        ({"text": "字" * 1001}, "text"),
        ({"contact": "1" * 61}, "contact"),
        ({"kind": "praise"}, "kind"),
    ],
)
def test_bad_input_is_told_beside_its_field_and_everything_typed_is_kept(
    client, unit, changed, field
):
    answer = send(client, unit, **{"contact": PHONE} | changed)
    assert list(answer.context["form"].errors) == [field]
    page = answer.content.decode()
    assert "还没有提交" in page
    assert changed.get("contact", PHONE) in page
    assert changed.get("text", TEXT).strip() in page
    assert not Suggestion.objects.exists()


def test_who_comes_without_the_pages_token_keeps_his_words_and_is_not_led_to_the_workbench(unit):
    client = Client(enforce_csrf_checks=True)
    answer = send(client, unit)
    page = answer.content.decode()
    assert (answer.status_code, answer["X-Robots-Tag"][:7]) == (403, "noindex")
    assert "允许浏览器保存 Cookie" in errors_of(answer)
    assert TEXT in page
    assert "工作台" not in page
    assert not Suggestion.objects.exists()
    again = {field.name: field.value() for field in answer.context["form"]}
    again["csrfmiddlewaretoken"] = str(answer.context["csrf_token"])
    client.post(page_of(unit, "public_suggest"), again)
    assert Suggestion.objects.get().text == TEXT


def test_what_acts_on_the_readers_screen_is_taken_out(client, unit):
    send(client, unit, text="票\u202e据\x00\r\n\r\n\r\n\r\n<b>多少</b>？", contact="\u200b电话")
    suggestion = Suggestion.objects.get()
    assert (suggestion.text, suggestion.contact) == ("票据\n\n<b>多少</b>？", "电话")
    page = client.get(receipt_page(suggestion)).content.decode()
    assert "&lt;b&gt;多少&lt;/b&gt;" in page


# --- Machines and floods ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"website": "http://spam.example"}, "填写了不该填写的一栏"),
        ({"took": QUICKEST - SECOND}, "提交得太快"),
        ({"took": -SECOND}, "提交得太快"),
        ({"took": LONGEST + SECOND}, "打开的时间太长"),
        ({"entrance": ""}, "打开的时间太长"),
        ({"entrance": "forged:1:x"}, "打开的时间太长"),
    ],
)
def test_what_no_person_does_is_held_back_and_a_person_tries_again(client, unit, changed, said):
    answer = send(client, unit, **changed)
    assert said in errors_of(answer)
    assert not Suggestion.objects.exists()
    shown = answer.context["form"]
    again = {field.name: field.value() for field in shown}
    assert (again["text"], again["website"]) == (TEXT, "")
    with clock.at(clock.now() + 4 * SECOND):
        client.post(page_of(unit, "public_suggest"), again)
    assert Suggestion.objects.get().text == TEXT


def test_the_form_of_one_page_does_not_serve_another(client, county, unit):
    other = opened(county, county.other_unit)
    held = typed(other)["entrance"]
    assert "打开的时间太长" in errors_of(send(client, unit, entrance=held))


def test_nobody_sees_the_trap_and_it_is_skipped_by_the_keyboard(client, unit):
    page = client.get(page_of(unit)).content.decode()
    trap = re.search(r'<div class="trap" aria-hidden="true">.*?</div>', page, re.S).group()
    assert 'tabindex="-1"' in trap
    assert 'autocomplete="off"' in trap


def test_the_button_that_keeps_enter_from_sending_is_hidden_by_the_pages_own_style(client, unit):
    page = client.get(page_of(unit)).content.decode()
    assert re.search(
        r'<button class="visually-hidden"\s+type="submit"\s+tabindex="-1"\s+disabled', page
    )
    # Bootstrap, which knows that class, is not loaded here.
    style = Path(finders.find("css/public.css")).read_text()
    assert "clip: rect(0, 0, 0, 0)" in re.search(r"visually-hidden \{(.*?)\}", style, re.S)[1]


def test_one_address_sends_three_in_ten_minutes_and_ten_a_day(client, unit):
    start = clock.now()
    sent = []
    for minutes in range(0, 200, 4):
        with clock.at(start + dt.timedelta(minutes=minutes)):
            answer = send(client, unit, text=f"第{minutes}分钟")
            sent.append(answer.status_code == 302)
    assert sent[:6] == [True, True, True, True, True, True]
    assert sum(sent) == 10
    assert answer.status_code == 429
    assert "暂时不能提交" in errors_of(answer)
    assert "第196分钟" in answer.content.decode()
    with clock.at(start + KEPT + dt.timedelta(hours=4)):
        assert send(client, unit, text="第二天").status_code == 302


def test_three_at_once_are_the_most_and_another_address_is_not_held_back(client, county, unit):
    other = opened(county, county.other_unit)
    answers = [send(client, unit, text=f"{n}") for n in range(2)] + [send(client, other)]
    assert [answer.status_code for answer in answers] == [302, 302, 302]
    assert send(client, unit, text="第四次").status_code == 429
    assert send(client, unit, "192.0.2.8", text="邻居").status_code == 302


def test_one_page_takes_only_so_many_a_day_from_wherever_they_come(client, county, unit):
    for number in range(PER_UNIT_AND_DAY):
        Suggestion.objects.create(
            pilot_unit=unit, receipt=f"{number:012}", text="又一条", created_at=clock.now()
        )
    assert send(client, unit).status_code == 429
    assert send(client, opened(county, county.other_unit)).status_code == 302
    with clock.at(clock.now() + KEPT + SECOND):
        assert send(client, unit).status_code == 302


def test_of_the_address_a_keyed_hash_is_kept_and_no_longer_than_a_day(client, unit, settings):
    send(client, unit)
    (posting,) = PublicPosting.objects.all()
    assert re.fullmatch(r"[0-9a-f]{64}", posting.mark)
    assert [field.name for field in PublicPosting._meta.fields] == ["id", "mark", "at"]
    settings.SECRET_KEY = "another" * 10
    send(client, unit, text="换了密钥")
    assert PublicPosting.objects.values("mark").distinct().count() == 2
    with clock.at(clock.now() + KEPT + SECOND):
        call_command("forget_senders", verbosity=0)
        assert not PublicPosting.objects.exists()


def test_sending_forgets_what_is_no_longer_counted(client, unit):
    send(client, unit)
    with clock.at(clock.now() + KEPT + SECOND):
        send(client, unit, text="第二天")
    assert PublicPosting.objects.count() == 1
