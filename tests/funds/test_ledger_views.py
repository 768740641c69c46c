"""The accounts' pages: who sees and books what, plans, reversals, and the bank's balance."""

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from funds.actions import ledger
from funds.actions.accounts import county_account
from funds.models import (
    AccountKind,
    BankBalance,
    Entry,
    EntryKind,
    PlannedReceipt,
    Source,
)
from funds.overview import figures_of
from funds.reconciliation import cash_at_end_of, reconcile
from pilotwork import clock
from pilotwork.money import to_yuan
from tests.factories import days_ago
from tests.funds.desk import leads_back
from tests.journeys import bring, fresh, go_on, pay
from tests.people import receive


@pytest.fixture
def url(county):
    """The address of one of the fund's pages, by name."""
    return lambda name: reverse(f"funds:{name}", args=[county.fund.pk])


@pytest.fixture
def as_cashier(client, county):
    client.force_login(county.cashier)
    return client


def receipt(**changed):
    """What the cashier types to book 2,000 yuan."""
    return {
        "request_key": str(uuid.uuid4()),
        "amount": "2,000",
        "source": Source.WORKING,
        "occurred_on": clock.today().isoformat(),
        "counterparty": "团县委",
        "reference": "SJ-7",
        "memo": "",
    } | changed


# --- Seeing -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["approver", "reviewer", "cashier", "leader", "administrator"])
def test_the_countys_staff_see_the_accounts(client, county, url, name):
    client.force_login(getattr(county, name))
    assert client.get(reverse("funds:accounts")).status_code == 200
    assert client.get(url("account")).status_code == 200
    assert client.get(url("reconcile")).status_code == 200


@pytest.mark.parametrize("name", ["member", "partner", "stranger", "superuser", "retired"])
def test_others_do_not_see_the_accounts(client, county, url, name):
    client.force_login(getattr(county, name))
    assert client.get(reverse("funds:accounts")).status_code == 403
    assert client.get(url("account")).status_code == 404
    assert client.get(url("reconcile")).status_code == 404


def test_planned_and_received_are_kept_apart(county):
    ledger.plan_receipt(
        county.fund, by=county.cashier, source=Source.WORKING, amount=to_yuan("3000")
    )
    wrong = receive(county, "500")
    ledger.reverse_receipt(wrong, by=county.cashier, reason="记错。")
    go_on(county, bring(county, "partly_paid"))
    figures = figures_of([county.fund])[0]
    assert [(line.source, line.planned, line.received, line.missing) for line in figures.lines] == [
        (Source.WORKING, 3000, 0, 3000),
        (Source.DONATION, 0, 10000, 0),
    ]
    assert figures.missing == 3000
    assert (figures.received, figures.paid, figures.reserved, figures.available) == (
        10000,
        300,
        500,
        9200,
    )


def test_the_ledger_is_filtered_by_kind_days_and_words(client, county, url):
    client.force_login(county.leader)
    application = bring(county, "partly_paid")

    def numbers(**query):
        rows = client.get(url("account"), query).context["table"].rows
        return [row.record.number for row in rows]

    assert numbers() == [3, 2, 1]
    assert numbers(kind=EntryKind.DISBURSE) == [3]
    assert numbers(until=days_ago(20).isoformat()) == [1]
    assert numbers(since=days_ago(20).isoformat()) == [3, 2]
    assert numbers(q=application.number) == [3, 2]
    assert numbers(q=f"{county.fund.code}-00001") == [1]
    assert numbers(q="没有这样的") == []


def test_the_whole_ledger_is_leafed_through_to_its_first_entry(client, county, url):
    client.force_login(county.leader)
    for _ in range(44):
        receive(county, "1")

    def numbers(page):
        answer = client.get(url("account"), {"page": page})
        assert "共 45 条" in answer.content.decode()
        return [row.record.number for row in answer.context["table"].paginated_rows]

    pages = [list(range(45, 25, -1)), list(range(25, 5, -1)), list(range(5, 0, -1))]
    assert [numbers(page) for page in (1, 2, 3)] == pages
    # As on every list, a page beyond the last one is the last one.
    assert numbers(99) == pages[-1]


def test_the_account_takes_the_same_queries_with_one_entry_and_with_thirty(client, county, url):
    client.force_login(county.cashier)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url("account")).status_code == 200
        return len(captured)

    queries()
    few = queries()
    application = bring(county, "partly_paid")
    for _ in range(28):
        pay(county, fresh(application), "1")
    assert queries() == few
    assert few <= 12


def test_who_may_not_book_is_told_so_and_who_can(client, county, url):
    client.force_login(county.leader)
    page = client.get(url("account")).content.decode()
    assert "只有财务人员可以记账。" in page
    assert str(county.cashier) in page
    assert url("receive") not in page


# --- Receipts -----------------------------------------------------------------------------------


def test_a_receipts_paper_is_booked_once_until_it_is_reversed(county, as_cashier, url):
    booked = as_cashier.post(url("receive"), receipt())
    first = Entry.objects.latest("id")
    assert leads_back(as_cashier, booked, reverse("funds:reverse_receipt", args=[first.pk]))
    again = as_cashier.post(url("receive"), receipt())
    assert again.context["form"].errors == {
        "reference": [
            f"这个号码已登记为 {first.voucher_number}（2,000.00 元）。"
            "同一张票据只登记一次；记错的请先冲销。"
        ]
    }
    # The same paper typed full-width, or without capitals.
    for number in ("ＳＪ－７", "sj-7"):
        assert as_cashier.post(url("receive"), receipt(reference=number)).context["form"].errors
    ledger.reverse_receipt(first, by=county.cashier, reason="记错。")
    assert as_cashier.post(url("receive"), receipt()).status_code == 302
    assert county.fund.entries.filter(kind=EntryKind.RECEIPT, reference="SJ-7").count() == 2


def test_the_cashier_books_a_receipt_once_however_often_the_form_is_sent(as_cashier, county, url):
    typed = receipt()
    for _ in range(2):
        assert as_cashier.post(url("receive"), typed).url == url("account")
    booked = Entry.objects.filter(account=county.fund, reference="SJ-7")
    assert [(row.amount, row.by, row.source) for row in booked] == [
        (2000, county.cashier, Source.WORKING)
    ]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("amount", "0"),
        ("amount", "1.005"),
        ("reference", ""),
        ("counterparty", ""),
        ("occurred_on", "2999-01-01"),
    ],
)
def test_a_wrong_receipt_keeps_what_was_typed_and_books_nothing(
    as_cashier, county, url, field, value
):
    before = Entry.objects.count()
    answer = as_cashier.post(url("receive"), receipt(**{"memo": "某某单位捐赠", field: value}))
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    assert "某某单位捐赠" in answer.content.decode()
    assert Entry.objects.count() == before


@pytest.mark.parametrize("name", ["approver", "leader", "administrator"])
def test_only_cashiers_book(client, county, url, name):
    client.force_login(getattr(county, name))
    before = Entry.objects.count()
    wrong = reverse("funds:reverse_receipt", args=[Entry.objects.first().pk])
    for address in (url("receive"), wrong):
        assert client.get(address).status_code == 403
        assert client.post(address, receipt(reason="。")).status_code == 403
    balance = {"on": clock.today().isoformat(), "balance": "1"}
    assert client.post(url("reconcile"), balance).status_code == 403
    assert (Entry.objects.count(), BankBalance.objects.count()) == (before, 0)


def test_a_receipt_is_reversed_once_with_the_reason(as_cashier, county, url):
    wrong = receive(county, "500")
    address = reverse("funds:reverse_receipt", args=[wrong.pk])
    typed = {"request_key": str(uuid.uuid4()), "reason": "重复登记"}
    assert as_cashier.get(address).status_code == 200
    for _ in range(2):
        assert as_cashier.post(address, typed).url == url("account")
    opposite = Entry.objects.get(reverses=wrong)
    assert (opposite.cash, opposite.memo) == (-500, f"冲销 {wrong.voucher_number}：重复登记")
    assert as_cashier.get(address).url == url("account")


def test_a_receipt_whose_money_is_promised_is_not_reversed(as_cashier, county):
    bring(county, "approved")
    address = reverse("funds:reverse_receipt", args=[Entry.objects.get(number=1).pk])
    answer = as_cashier.post(address, {"request_key": str(uuid.uuid4()), "reason": "记错"})
    assert "不足 10,000.00 元，不能办理。" in answer.content.decode()
    assert not Entry.objects.filter(kind=EntryKind.REVERSE).exists()


# --- Plans --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["cashier", "administrator"])
def test_a_plan_is_set_changed_and_taken_away_and_the_earlier_ones_stay_readable(
    client, county, url, name
):
    client.force_login(getattr(county, name))
    for amount in ("3000", "4000", "0"):
        typed = {"source": Source.WORKING, "amount": amount, "note": ""}
        assert client.post(url("plan_receipt"), typed).url == url("plan_receipt")
    assert not PlannedReceipt.objects.exists()
    page = client.get(url("plan_receipt")).content.decode()
    assert [word in page for word in ("3,000.00 元", "4,000.00 元", "取消计划")] == [True] * 3
    past = PlannedReceipt.history.all()
    assert {row.history_user for row in past} == {getattr(county, name)}
    assert Entry.objects.filter(account=county.fund).count() == 1


@pytest.mark.parametrize("name", ["approver", "leader"])
def test_others_do_not_plan(client, county, url, name):
    client.force_login(getattr(county, name))
    assert client.post(url("plan_receipt"), {"source": "working", "amount": "1"}).status_code == 403
    assert not PlannedReceipt.objects.exists()


# --- The bank -----------------------------------------------------------------------------------


def approved_days_ago(county, days):
    """An application that was approved so many days ago."""
    with clock.at(clock.now() - dt.timedelta(days=days)):
        return bring(county, "approved")


def test_the_book_is_compared_by_the_day_the_money_moved(county):
    application = approved_days_ago(county, 6)
    pay(county, application, "300", occurred_on=days_ago(2))
    assert reconcile(county.fund, days_ago(3), to_yuan("10000")).difference == 0
    assert reconcile(county.fund, days_ago(2), to_yuan("9700")).difference == 0


def test_an_entry_of_just_the_difference_comes_first(county):
    application = bring(county, "approved")
    pay(county, application, "200")
    pay(county, fresh(application), "300")
    result = reconcile(county.fund, clock.today(), to_yuan("10000") - to_yuan("200"))
    assert result.difference == 300
    assert [(suspect.entry.cash, suspect.reasons[0]) for suspect in result.suspects] == [
        (-300, "金额与差额相同"),
        (-200, "临近对账日，银行可能次日入账"),
    ]


def test_an_entry_booked_late_may_explain_the_difference(county):
    application = approved_days_ago(county, 6)
    late = pay(county, application, "150", occurred_on=days_ago(5))
    result = reconcile(county.fund, days_ago(4), to_yuan("10000"))
    assert [(suspect.entry, suspect.reasons) for suspect in result.suspects] == [
        (late, ["金额与差额相同", "发生日不晚于对账日，但事后才记账；银行可能尚未入账"])
    ]


def test_an_entry_that_makes_the_difference_larger_is_not_its_explanation(county):
    # The bank has 100 less: 100 that came in since cannot be why.
    with clock.at(clock.now() - dt.timedelta(days=1)):
        receive(county, "60")
    receive(county, "100")
    result = reconcile(county.fund, days_ago(1), cash_at_end_of(county.fund, days_ago(1)) - 100)
    cash = [suspect.entry.cash for suspect in result.suspects]
    assert (result.difference, cash[0], cash[-1]) == (-100, 60, 100)
    assert not any("金额与差额相同" in suspect.reasons for suspect in result.suspects)


def test_a_pair_reversed_across_the_day_may_explain_the_difference(county):
    with clock.at(clock.now() - dt.timedelta(days=20)):
        wrong = receive(county, "700")
    opposite = ledger.reverse_receipt(wrong, by=county.cashier, reason="记错。")
    result = reconcile(county.fund, days_ago(15), to_yuan("10000"))
    assert result.difference == -700
    assert {suspect.entry for suspect in result.suspects} == {wrong, opposite}
    reasons = [suspect.reasons for suspect in result.suspects]
    assert f"冲销 {wrong.number} 号，原分录在对账日之前" in reasons[0]
    assert f"对账日之后已被 {opposite.number} 号冲销" in reasons[1]


def test_no_difference_lists_no_suspects(county):
    assert reconcile(county.fund, clock.today(), to_yuan("10000")).suspects == []


def test_the_cashier_notes_the_banks_balance_and_finds_it_again(as_cashier, county, url):
    for on, balance in [(days_ago(1), "9,999"), (clock.today(), "10,000")]:
        typed = {"on": on.isoformat(), "balance": balance, "note": "网银"}
        assert as_cashier.post(url("reconcile"), typed).url == url("reconcile")
    first, last = BankBalance.objects.order_by("id")
    assert as_cashier.get(url("reconcile")).context["shown"] == last
    shown = as_cashier.get(url("reconcile"), {"of": first.pk}).context
    assert (shown["shown"], shown["result"].difference) == (first, -1)
    assert as_cashier.get(url("reconcile"), {"of": "999"}).status_code == 404


def test_a_balance_of_a_day_to_come_is_refused(as_cashier, url):
    typed = {"on": days_ago(-1).isoformat(), "balance": "1", "note": ""}
    answer = as_cashier.post(url("reconcile"), typed)
    assert "日期不能晚于今天。" in answer.content.decode()
    assert not BankBalance.objects.exists()


def test_an_account_without_entries_says_so_and_a_filter_without_hits_something_else(
    as_cashier, county, url
):
    empty = county_account(AccountKind.DUES)
    page = as_cashier.get(reverse("funds:account", args=[empty.pk])).content.decode()
    assert "还没有收支" in page
    page = as_cashier.get(url("account"), {"q": "没有这样的"}).content.decode()
    assert "没有符合条件的收支" in page
    assert "还没有收支" not in page
