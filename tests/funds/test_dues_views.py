"""Pages of dues: the year's list, one record, refunding all that are due, what is printed."""

import re

import pytest
from django.urls import reverse

from funds.actions import ledger
from funds.actions.accounts import county_account
from funds.models import AccountKind, DuesRecord, DuesState, Entry
from pilotwork import clock
from pilotwork.money import to_yuan
from tests.factories import PilotUnitFactory
from tests.funds.dues import (
    begin,
    bring,
    collect,
    confirm,
    due,
    fresh,
    recorded,
    refund,
    refunded,
    this_year,
    to_waive,
    use,
    waive,
    waived,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def browse(client):
    """Sign in as a person and read a page's text, or post to it."""

    def sign_in(person):
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


def text_of(answer):
    """The page without the line breaks and spaces of its source."""
    assert answer.status_code == 200
    return re.sub(r"\s*\n\s*", "", answer.content.decode())


def test_a_record_says_what_is_still_to_be_paid_in(browse, county):
    record = bring(county, "paid_in_part")
    assert '还应缴</dt><dd class="amount bad">500' in text_of(
        browse(county.member).get(page_of(record))
    )
    collect(county, record, "500")
    assert "还应缴" not in text_of(browse(county.member).get(page_of(record)))


def row_of(page, words):
    """The table row in which `words` stand."""
    start = page.rindex("<tr", 0, page.index(words))
    return page[start : page.index("</tr>", start)]


def page_of(record, verb=None):
    """The address of a record, or of one of its verbs."""
    if verb:
        return reverse("funds:act_on_dues", args=[record.pk, verb])
    return reverse("funds:dues_record", args=[record.pk])


def of_year(**further):
    return {"year": this_year(), **further}


# --- The list ---------------------------------------------------------------------------------


def test_the_list_has_every_unit_its_sums_and_what_is_not_recorded_yet(browse, county):
    record = begin(county)
    collect(county, record, "300")
    confirm(county, record)
    waive(county, record, "500")
    page = text_of(browse(county.cashier).get(reverse("funds:dues"), of_year()))
    row = row_of(page, county.branch.name)
    for amount in ("800.00", "300.00", "500.00", "0.00", "待退返"):
        assert amount in row
    assert "/record/" in row_of(page, county.other.name)
    assert "一键退返" in page
    for reader in (county.leader, county.reviewer):
        page = text_of(browse(reader).get(reverse("funds:dues"), of_year()))
        assert "未登记" in row_of(page, county.other.name)
        assert "一键退返" not in page
        assert "/record/" not in page


def test_the_states_are_said_as_what_is_waited_for(browse, county):
    words = {
        "recorded": "待核实",
        "unpaid": "待缴清",
        "due": "待退返",
        "to_waive": "待免缴",
        "refund_reopened": "重新办理",
        "waived": "已结清",
    }
    for situation, state in words.items():
        record = bring(county, situation)
        assert state in text_of(browse(county.leader).get(page_of(record)))


def test_the_list_is_narrowed_by_name_and_state(browse, county):
    due(county)
    client = browse(county.leader)

    def names(**asked):
        page = text_of(client.get(reverse("funds:dues"), of_year(**asked)))
        table = page[page.index("<tbody>") :] if "<tbody>" in page else ""
        return [name for name in (county.branch.name, county.other.name) if name in table]

    assert names() == [county.branch.name, county.other.name]
    assert names(q="顺丰") == [county.branch.name]
    assert names(state="confirmed") == [county.branch.name]
    assert names(state="missing") == [county.other.name]
    for other in ("settled", "unpaid", "again"):
        assert names(state=other) == []


@pytest.mark.parametrize(
    ("situation", "state"),
    [("unpaid", "unpaid"), ("to_waive", "unpaid"), ("refund_reopened", "again")],
)
def test_what_is_not_to_be_refunded_yet_is_not_listed_as_such(browse, county, situation, state):
    record = bring(county, situation)
    DuesRecord.objects.update(year=this_year())
    client = browse(county.leader)
    for asked in ("unpaid", "confirmed", "again"):
        page = client.get(reverse("funds:dues"), of_year(state=asked))
        listed = [row.record.pk for row in page.context["table"].paginated_rows]
        assert (record.pilot_unit_id in listed) == (asked == state), asked


def test_the_countys_own_duty_upward_is_said_whatever_was_refunded(browse, county):
    client = browse(county.leader)
    nothing = text_of(client.get(reverse("funds:dues"), of_year()))
    assert "团县委须按规定比例向上级上缴" in nothing
    refunded(county)
    county.programme.dues_share = 30
    county.programme.save()
    page = text_of(client.get(reverse("funds:dues"), of_year()))
    assert "收缴团费 800.00 元，团县委按 30% 须向上级上缴 <strong>240.00 元</strong>" in page
    unit = text_of(browse(county.member).get(reverse("funds:dues"), of_year()))
    assert "向上级上缴" not in unit


def test_members_see_their_own_units_and_partners_nothing(browse, county):
    own, other = due(county), due(county, unit=county.other_unit)
    for person in (county.member, county.neighbour, county.partner):
        page = text_of(browse(person).get(reverse("funds:dues"), of_year()))
        seen = [page_of(record) in page for record in (own, other)]
        expected = {"member": [True, False], "neighbour": [False, True], "partner": [False] * 2}
        assert seen == expected[person.username]
        assert "/record/" not in page


@pytest.mark.parametrize("page", ["dues", "print_dues", "refund_dues"])
def test_of_a_year_outside_the_pilot_no_other_is_shown(browse, county, page):
    client, address = browse(county.cashier), reverse(f"funds:{page}")
    for asked in (clock.today().year + 1, county.programme.starts_on.year - 1, "去年", "-1"):
        assert client.get(address, {"year": asked}).status_code == 404
    assert client.get(address, {"year": ""}).status_code == 200


def test_the_list_of_a_year_prints_with_its_sums_and_room_to_sign(browse, county):
    waived(county)
    page = text_of(browse(county.leader).get(reverse("funds:print_dues"), of_year()))
    assert f"{this_year()}年度试点单位团费返还情况表" in page
    assert "800.00" in row_of(page, county.branch.name)
    assert "未登记" in row_of(page, county.other.name)
    assert "（盖章）" in page


# --- One record -------------------------------------------------------------------------------


def test_from_recording_to_the_logged_use_through_the_pages(browse, county):
    """Cashier records and collects, reviewer confirms, cashier refunds, unit confirms and uses."""
    today = clock.today().isoformat()

    def post(person, url, **typed):
        answer = browse(person).post(url, typed)
        assert answer.status_code == 302, answer.context["form"].errors

    new = reverse("funds:record_dues", args=[county.unit.pk])
    figures = {"members": "40", "rate": "20", "method": "pay_then_refund"}
    post(county.cashier, new, year=clock.today().year, **figures)
    record = DuesRecord.objects.get()
    assert (record.payable, record.recorded_by) == (800, county.cashier)
    money = {"request_key": ledger.new_request_key(), "occurred_on": today}
    post(county.cashier, page_of(record, "collect"), amount="800", receipt_number="TF-7", **money)
    post(county.reviewer, page_of(record, "confirm"))
    money = {"request_key": ledger.new_request_key(), "occurred_on": today}
    post(county.cashier, page_of(record, "refund"), method="银行转账", **money)
    post(county.member, page_of(record, "acknowledge"), received_on=today)
    post(county.member, page_of(record, "log_use"), spent_on=today, purpose="团课", amount="50")
    page = text_of(browse(county.member).get(page_of(record)))
    for words in ("TF-7", "已结清", "团课", "50.00", "退返", "TF-00003"):
        assert words in page
    assert fresh(record).granted - fresh(record).used == 750


def test_what_was_typed_stays_beside_the_refusal(browse, county):
    record = begin(county)
    typed = {
        "request_key": ledger.new_request_key(),
        "amount": "900",
        "occurred_on": clock.today(),
        "receipt_number": "TF-33",
    }
    page = text_of(browse(county.cashier).post(page_of(record, "collect"), typed))
    assert "还应缴 800.00 元，不能多收" in page
    assert 'value="TF-33"' in page
    new = reverse("funds:record_dues", args=[county.other_unit.pk])
    answer = browse(county.cashier).post(
        new, {"year": clock.today().year, "payable": "0", "method": "keep"}
    )
    assert answer.context["form"].errors["no_dues_reason"] == ["应上缴为零的，请写明理由。"]


def test_who_may_not_is_told_why_and_who_can(browse, county):
    record = due(county)
    page = text_of(browse(county.mentor).get(page_of(record)))
    assert "您不能办理“退返”" in page
    assert "按回避规定只能提出意见" in page
    assert str(county.cashier) in page[page.index("可以办理的人") :]
    answer = browse(county.superuser).post(page_of(record, "refund"))
    assert answer.status_code in {403, 404}


def test_the_waiver_offers_all_of_it_where_the_unit_is_to_keep_it(browse, county):
    page = browse(county.approver).get(page_of(to_waive(county)))
    assert page.context["panel"].form["amount"].initial == 800


def test_a_struck_out_use_and_its_reason_stay_on_the_page(browse, county):
    record = refunded(county)
    wrong = use(county, record, "90", purpose="横幅")
    client = browse(county.member)
    client.post(page_of(record, "void_use"), {"use": wrong.pk, "opinion": "写错金额"})
    page = text_of(client.get(page_of(record)))
    assert "<s>横幅</s>" in page
    assert "写错金额" in page


# --- All at once ------------------------------------------------------------------------------


def ticked(page):
    """The values of the boxes that a page has ticked."""
    return re.findall(r'name="records"\s*value="([\d:]+)"\s*checked', page)


def test_the_page_ticks_what_he_may_pay_and_says_who_pays_the_others(browse, county):
    own, other = due(county), due(county, unit=county.other_unit)
    recorded(county, unit=PilotUnitFactory(programme=county.programme))
    client = browse(county.mentor)
    url = f"{reverse('funds:refund_dues')}?year={this_year()}"
    page = text_of(client.get(url))
    assert ticked(page) == [f"{other.pk}:{other.last_number}"]
    row = row_of(page, page_of(own))
    assert "按回避规定" in row
    assert str(county.cashier) in row
    assert str(county.parent_member) not in row


def test_one_click_pays_each_and_a_second_one_nobody_again(browse, county):
    records = [due(county), due(county, unit=county.other_unit)]
    client = browse(county.cashier)
    url = f"{reverse('funds:refund_dues')}?year={this_year()}"
    typed = {
        "request_key": ledger.new_request_key(),
        "records": ticked(text_of(client.get(url))),
        "occurred_on": clock.today(),
        "method": "银行转账",
    }
    assert len(typed["records"]) == 2
    pages = [text_of(client.post(url, typed)) for _ in range(2)]
    payments = Entry.objects.filter(kind="disburse")
    assert [payment.amount for payment in payments] == [800, 800]
    for page in pages:
        assert "没有退返" not in page
        for payment in payments:
            assert reverse("funds:voucher", args=[payment.pk]) in page
    assert {fresh(record).state for record in records} == {DuesState.SETTLED}
    assert "没有您可以退返的单位" in text_of(client.get(url))


def test_what_changed_since_the_page_was_shown_is_not_paid(browse, county):
    record = begin(county)
    collect(county, record, "800")
    record = fresh(confirm(county, record))
    typed = {
        "request_key": ledger.new_request_key(),
        "records": [f"{record.pk}:1"],
        "occurred_on": clock.today(),
        "method": "现金",
    }
    page = text_of(browse(county.cashier).post(reverse("funds:refund_dues"), typed))
    assert "没有退返" in page
    assert "您打开页面之后" in page
    assert not Entry.objects.filter(kind="disburse").exists()


def test_nothing_ticked_and_nonsense_are_refused(browse, county):
    due(county)
    client, url = browse(county.cashier), reverse("funds:refund_dues")
    typed = {"request_key": ledger.new_request_key(), "method": "现金", "occurred_on": "2026-01-01"}
    assert "请勾选要退返的单位" in text_of(client.post(url, typed))
    late = typed | {"records": ["1:1"], "occurred_on": "2090-01-01"}
    answer = client.post(url, late)
    assert answer.context["form"].errors["occurred_on"] == ["日期不能晚于今天。"]
    for nonsense in ("x", "1", "1:2:3", "-1:2", f"{10**19}:1"):
        assert client.post(url, typed | {"records": [nonsense]}).status_code == 200
    assert not Entry.objects.filter(kind="disburse").exists()


# --- Vouchers and the account -----------------------------------------------------------------


def test_the_voucher_of_a_refund_names_unit_year_receipt_and_people(browse, county):
    record = begin(county)
    collect(county, record, "300", "TF-0042")
    confirm(county, record)
    waive(county, record, "500")
    entry = refund(county, record)
    page = text_of(browse(county.member).get(reverse("funds:voucher", args=[entry.pk])))
    assert '<h1 class="sheet-title">团费退返凭单</h1>' in page
    for words in (
        f"{record}（缴纳票据号 TF-0042）",
        "人民币叁佰元整",
        county.branch.payee_account,
        str(county.cashier),
        str(county.reviewer),
        str(county.approver),
        "签字：",
        "（盖章）",
    ):
        assert words in page


def test_the_receipt_prints_for_the_unit_and_leads_to_its_record(browse, county):
    record = begin(county)
    entry = collect(county, record, "300", "TF-0042")
    url = reverse("funds:voucher", args=[entry.pk])
    page = text_of(browse(county.member).get(url))
    assert "收款凭单" in page
    assert str(record) in page
    assert page_of(record) in page
    assert browse(county.neighbour).get(url).status_code == 404


def test_the_accounts_page_leads_to_the_record_and_neither_takes_in_nor_reverses_dues(
    browse, county
):
    record = begin(county)
    entry = collect(county, record, "300")
    account, client = county_account(AccountKind.DUES), browse(county.cashier)
    page = text_of(client.get(reverse("funds:account", args=[account.pk])))
    assert page_of(record) in page
    reversal = reverse("funds:reverse_receipt", args=[entry.pk])
    assert reversal not in page
    answer = client.get(reversal, follow=True)
    assert answer.redirect_chain[-1][0] == page_of(record)
    assert f"请到“{record}”的团费记录中冲销" in text_of(answer)
    assert 'value="dues"' not in text_of(client.get(reverse("funds:receive", args=[account.pk])))
    typed = {
        "request_key": ledger.new_request_key(),
        "amount": "5",
        "source": "dues",
        "occurred_on": clock.today(),
        "counterparty": "单位",
        "reference": "SJ-8",
    }
    answer = client.post(reverse("funds:receive", args=[account.pk]), typed)
    assert "source" in answer.context["form"].errors
    assert account.balances.cash == to_yuan("300")
