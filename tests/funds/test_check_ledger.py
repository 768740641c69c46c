"""check_ledger: silent while all is right, and naming exactly the row that somebody changed."""

import datetime as dt
from contextlib import contextmanager
from io import StringIO

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from accounts.models import TransitionLog
from funds.actions import ledger, payments
from funds.models import Application, Commitment, Entry, FundAccount
from funds.verify import differences
from pilotwork.appendonly import drop_triggers, install_triggers, lifted, missing_triggers
from pilotwork.money import to_yuan
from tests.journeys import SITUATIONS, bring, fresh, go_on, pay
from tests.people import receive

# The entries of `books`: 1 receipt, 2 reserve, 3 and 4 disburse, 5 reverse of 4, 6 recover, 7 release,
# 8 receipt, 9 its reverse.
RECEIPT, RESERVE, PAID, WRONG, OPPOSITE, RECOVERED, RELEASED, LATER = range(1, 9)


@pytest.fixture
def books(county):
    """A fund with every kind of entry, and a closed application; returns the application."""
    application = bring(county, "partly_paid")
    wrong = pay(county, application, "100")
    payments.reverse(fresh(application), by=county.cashier, entry=wrong, opinion="重复。")
    go_on(county, application, "file_closure", "review_closure", "recover_rest", "close")
    receipt = receive(county, "50")
    ledger.reverse_receipt(receipt, by=county.cashier, reason="记错。")
    return fresh(application)


def run():
    """(lines printed, exit code) of the command."""
    out = StringIO()
    try:
        call_command("check_ledger", stdout=out)
    except CommandError as error:
        return out.getvalue().splitlines(), error.returncode
    return out.getvalue().splitlines(), 0


@contextmanager
def behind_its_back():
    """A connection without the append-only triggers, as somebody with the password has it."""
    connection.check_constraints()
    with lifted():
        yield
        connection.check_constraints()


def change(model, row, **values):
    """Change one row of an append-only table as SQL would."""
    with behind_its_back():
        models.QuerySet(model).filter(pk=row.pk).update(**values)


def entry(county, number):
    return Entry.objects.get(account=county.fund, number=number)


def named(county, number):
    """How a difference in the entry `number` begins."""
    return f"{county.fund} 第 {number} 号分录（{county.fund.code}-{number:05d}）："


def the_rows_named():
    """What stands before the colon of every difference, each once, in order."""
    return list(dict.fromkeys(line.partition("：")[0] + "：" for line in differences()))


def test_an_honest_ledger_prints_one_line_for_each_account_with_the_head_of_its_chain(
    county, books
):
    dues = FundAccount.objects.create(kind="dues", name="团费", code="TF")
    last = Entry.objects.filter(account=county.fund).order_by("-number").first()
    assert run() == (
        [
            f"{county.fund}：9 条分录，账面 9,800.00 元，可用 9,800.00 元，链首 {last.digest}",
            f"{dues}：没有分录。",
        ],
        0,
    )


@pytest.mark.parametrize("situation", SITUATIONS)
def test_every_situation_an_application_can_be_in_is_in_order(county, situation):
    bring(county, situation)
    assert list(differences()) == []


@pytest.mark.parametrize(
    ("number", "values"),
    [
        (RECEIPT, {"counterparty": "另一个单位"}),
        (PAID, {"memo": "另一个用途"}),
        (PAID, {"occurred_on": dt.date(2020, 1, 1)}),
        (OPPOSITE, {"by_name": "另一个人"}),
        (RECOVERED, {"digest": "0" * 64}),
        (LATER, {"reference": "SJ-2"}),
    ],
)
def test_a_changed_entry_is_named_and_no_other(county, books, number, values):
    change(Entry, entry(county, number), **values)
    assert the_rows_named() == [named(county, number)]
    lines, code = run()
    assert lines == [f"{named(county, number)}校验码不符：本条内容被改动，或与上一号不衔接。"]
    assert code == 1


@pytest.mark.parametrize(
    ("number", "values", "words"),
    [
        (LATER, {"cash_after": to_yuan("9900")}, "余额应为可用 9,850.00、账面 9,850.00，"),
        (RELEASED, {"available_after": to_yuan("9000")}, "余额应为可用 9,800.00"),
        (PAID, {"disbursed_after": to_yuan("200")}, "事项累计应为占用 800.00、释放 0.00、"),
        (RESERVE, {"reserved_after": to_yuan("900")}, "事项累计应为占用 800.00"),
        (RECEIPT, {"booked_at": dt.datetime(2090, 1, 1, tzinfo=dt.UTC)}, None),
    ],
)
def test_a_changed_amount_is_named_with_what_it_must_be(county, books, number, values, words):
    change(Entry, entry(county, number), **values)
    found = list(differences())
    if words:
        assert any(line.startswith(named(county, number) + words) for line in found), found
        assert [line for line in found if not line.startswith(named(county, number))] == []
    else:
        # A moment put too late makes the next ones look too early.
        assert found[0].startswith(named(county, number))
        assert f"{named(county, number + 1)}记账时间早于上一号分录。" in found


def test_a_changed_payment_is_named_in_the_ledger_and_by_the_log_that_speaks_of_it(county, books):
    change(Entry, entry(county, PAID), cash=to_yuan("-200"))
    row = next(row for row in books.log if row.verb == "pay")
    assert the_rows_named() == [named(county, PAID), log_named(books, row)]


def test_a_deleted_entry_is_missed_before_the_next_one(county, books):
    with behind_its_back():
        delete(Entry, entry(county, RELEASED))
    assert f"{named(county, LATER)}之前缺少第 {RELEASED} 号分录。" in list(differences())


def delete(model, row):
    """Delete one row as SQL would."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {model._meta.db_table} WHERE id = %s", [row.pk])


def test_entries_cut_off_at_the_end_are_missed_by_the_log_that_speaks_of_them(county):
    application = bring(county, "partly_paid")
    last = Entry.objects.order_by("-id").first()
    with behind_its_back():
        delete(Entry, last)
    row = application.log[-1]
    assert list(differences()) == [
        f"立项申请 {application.pk} 流转记录第 {row.number} 条（拨付）："
        f"凭单 {last.voucher_number}（300.00 元）不在账上或金额不同。"
    ]


def test_a_reversal_that_is_no_longer_the_opposite_is_named(county, books):
    change(Entry, entry(county, OPPOSITE), reverses=entry(county, PAID))
    assert f"{named(county, OPPOSITE)}不是第 {PAID} 号分录的相反分录。" in list(differences())


def test_a_digest_made_to_fit_a_changed_entry_breaks_the_chain_at_the_next_one(county, books):
    changed = entry(county, PAID)
    changed.memo = "另一个用途"
    digest = changed.computed_digest(entry(county, PAID - 1).digest)
    change(Entry, changed, memo=changed.memo, digest=digest)
    assert the_rows_named() == [named(county, PAID + 1)]


def log_named(application, row):
    return f"立项申请 {application.pk} 流转记录第 {row.number} 条（{row.label}）："


@pytest.mark.parametrize(
    "values",
    [
        {"opinion": "另一个意见"},
        {"by_name": "另一个人"},
        {"minutes_number": "纪要 9"},
        {"digest": "1" * 64},
        {"details": {"amount": "799.00"}},
    ],
)
def test_a_changed_opinion_is_named_and_no_other(county, books, values):
    row = next(row for row in books.log if row.verb == "approve")
    change(TransitionLog, row, **values)
    assert the_rows_named() == [log_named(books, row)]


def test_a_changed_state_in_the_log_no_longer_continues_the_one_before(county, books):
    row = next(row for row in books.log if row.verb == "review")
    change(TransitionLog, row, source="returned")
    assert f"{log_named(books, row)}原状态 returned 与上一条的新状态 submitted 不衔接。" in list(
        differences()
    )


def test_a_deleted_log_row_is_missed_before_the_next_one(county, books):
    row, after = books.log[1], books.log[2]
    with behind_its_back():
        delete(TransitionLog, row)
    assert f"{log_named(books, after)}之前缺少记录，或序号重复。" in list(differences())


def test_a_state_edited_past_its_log_is_named(county):
    application = bring(county, "submitted")
    Application.objects.filter(pk=application.pk).update(state="rejected")
    assert list(differences()) == [
        f"立项申请 {application.pk}：状态为 rejected，流转记录止于 submitted。"
    ]


def test_a_matter_without_a_log_is_in_its_first_state(county):
    application = bring(county, "submitted")
    kind = ContentType.objects.get_for_model(Application)
    with behind_its_back(), connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {TransitionLog._meta.db_table} WHERE content_type_id = %s", [kind.pk]
        )
    assert list(differences()) == [
        f"立项申请 {application.pk}：状态为 submitted，流转记录止于 draft。"
    ]


@pytest.mark.parametrize(
    ("situation", "values", "words"),
    [
        (
            "partly_paid",
            {"approved_amount": to_yuan("700")},
            "核定金额 700.00 元，账上占用净额 800.00 元。",
        ),
        ("closed", {"waived_amount": to_yuan("10")}, "已结项，账上应退结余仍为 -10.00 元。"),
        ("reviewed", {"approved_amount": to_yuan("10")}, "已核定金额，但没有事项用款。"),
    ],
)
def test_an_application_that_says_other_than_the_ledger_is_named(county, situation, values, words):
    application = bring(county, situation)
    Application.objects.filter(pk=application.pk).update(**values)
    assert list(differences()) == [f"立项申请 {application}：{words}"]


def test_money_still_reserved_for_a_closed_application_is_named(county, books):
    ledger.reserve(books.commitment, by=county.approver, amount=to_yuan("5"))
    assert list(differences()) == [f"立项申请 {books}：已办结，账上仍有未拨付的占用 5.00 元。"]


def test_a_commitment_that_belongs_to_nothing_is_named(county):
    Commitment.objects.create(account=county.fund, kind="application", title="无主")
    assert list(differences()) == [f"{county.fund} 事项“无主”：没有所属的事项。"]


def test_missing_triggers_are_named(county):
    connection.check_constraints()
    drop_triggers(connection)
    try:
        missing = missing_triggers(connection)
        assert len(missing) > 5
        assert list(differences()) == [
            f"数据库缺少触发器 {name}，请运行 manage.py migrate 补上。" for name in missing
        ]
    finally:
        install_triggers(connection)


def test_the_check_takes_the_same_queries_for_few_entries_and_for_many(county, books):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert list(differences()) == []
        return len(captured)

    few = queries()
    for _ in range(30):
        receive(county, "1")
    assert queries() == few
