"""Money is yuan with two decimals in Python and whole fen in either database."""

from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import FieldError, ValidationError
from django.db import connection, transaction
from django.db.models import F, Max
from hypothesis import given
from hypothesis import strategies as st

from funds.models import BankBalance, FundAccount, PlannedReceipt
from pilotwork.money import LARGEST, ZERO, MoneyFormField, round_to_fen, to_yuan, total, yuan
from pilotwork.refusals import Refused

amounts = st.integers(-(10**14) + 1, 10**14 - 1).map(lambda fen: Decimal(fen).scaleb(-2))


@pytest.fixture
def account(db):
    return FundAccount.objects.create(kind="dues", name="团费", code="TF")


@pytest.fixture
def plans(account):
    """Two plans, of 3,000.00 and 0.07."""
    return [
        PlannedReceipt.objects.create(account=account, source=source, amount=amount)
        for source, amount in [("working", "3000"), ("donation", Decimal("0.07"))]
    ]


def test_an_amount_reads_the_same_before_and_after_it_was_stored(plans):
    for plan in plans:
        stored = PlannedReceipt.objects.get(pk=plan.pk).amount
        assert (str(plan.amount), type(plan.amount)) == (str(stored), Decimal)
    assert [str(plan.amount) for plan in plans] == ["3000.00", "0.07"]


def test_the_database_holds_whole_fen(plans):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT amount FROM {PlannedReceipt._meta.db_table} ORDER BY id")
        assert [row[0] for row in cursor.fetchall()] == [300000, 7]


def test_sums_differences_and_the_largest_stay_yuan(plans):
    rows = PlannedReceipt.objects.all()
    assert rows.aggregate(sum=total("amount"))["sum"] == Decimal("3000.07")
    assert rows.aggregate(largest=Max("amount"))["largest"] == Decimal("3000.00")
    doubled = rows.annotate(twice=F("amount") + F("amount"), none=F("amount") - F("amount"))
    assert list(doubled.values_list("twice", "none").order_by("id")) == [
        (Decimal("6000.00"), ZERO),
        (Decimal("0.14"), ZERO),
    ]
    assert rows.annotate(three=F("amount") * 3).latest("id").three == Decimal("0.21")


def test_a_sum_over_nothing_is_zero(account):
    assert str(account.planned_receipts.aggregate(sum=total("amount"))["sum"]) == "0.00"


def test_lookups_take_yuan(plans):
    rows = PlannedReceipt.objects.all()
    assert rows.get(amount__gt=1).amount == 3000
    assert rows.get(amount__lte=Decimal("0.07")).amount == Decimal("0.07")
    assert rows.get(amount__in=[3000, 5]).amount == 3000
    assert rows.get(amount__range=("0.01", "0.99")).amount == Decimal("0.07")
    assert rows.get(amount="3000.00").amount == 3000


def test_a_bare_number_next_to_a_column_is_refused_since_it_might_be_fen(plans):
    with pytest.raises(FieldError):
        list(PlannedReceipt.objects.annotate(more=F("amount") + 5))


def test_the_largest_amounts_fit_both_ways(account):
    for number, amount in enumerate([LARGEST, -LARGEST], start=1):
        row = BankBalance(
            account=account, on=f"2026-11-0{number}", balance=amount, at="2026-11-23T00:00:00Z"
        )
        row.clean_fields(exclude=["by"])
        assert row._meta.get_field("balance").get_prep_value(amount) == amount * 100


@pytest.mark.parametrize(
    "value", [0.1, 1.0, True, "1.005", "NaN", "1e5", Decimal("Infinity"), "1,000", "", "10" * 8]
)
def test_what_is_no_exact_amount_is_never_stored(account, value):
    plan = PlannedReceipt(account=account, source="working", amount=value)
    with pytest.raises(ValidationError), transaction.atomic():
        plan.save()
    assert not PlannedReceipt.objects.exists()


def test_a_product_or_sum_that_no_column_holds_is_refused_in_words(account):
    plan = PlannedReceipt(account=account, source="working", amount=LARGEST + LARGEST)
    with pytest.raises(Refused, match="合计超过"), transaction.atomic():
        plan.save()


def test_a_sum_that_is_only_read_is_shown_however_large():
    assert yuan(3 * LARGEST) == "2,999,999,999,999.97"


@given(amounts)
def test_yuan_to_fen_and_back_changes_nothing(amount):
    field = BankBalance._meta.get_field("balance")
    assert field.from_db_value(field.get_prep_value(amount), None, None) == amount
    assert to_yuan(str(amount)) == amount


@given(amounts)
def test_what_is_shown_can_be_typed_again(amount):
    assert MoneyFormField(allow_negative=True).clean(yuan(amount)) == amount


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("3200", "3200.00"),
        ("３２００．５", "3200.50"),
        ("3，200", "3200.00"),
        ("¥3,200.00", "3200.00"),
        ("￥ 1 234 567.89 元", "1234567.89"),
        ("人民币500元", "500.00"),
        ("0", "0.00"),
        ("-0", "0.00"),
    ],
)
def test_amounts_are_understood_as_people_type_them(typed, amount):
    assert str(MoneyFormField().clean(typed)) == amount


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("1.005", "金额最多两位小数。"),
        ("1e5", "请填写金额，例如 3200 或 3,200.50。"),
        ("NaN", "请填写金额，例如 3200 或 3,200.50。"),
        ("Infinity", "请填写金额，例如 3200 或 3,200.50。"),
        ("32,00", "请填写金额，例如 3200 或 3,200.50。"),
        ("三千", "请填写金额，例如 3200 或 3,200.50。"),
        ("-1", "金额不能是负数。"),
        ("1000000000000", "金额不能超过 999,999,999,999.99 元。"),
        ("9" * 400, "金额不能超过 999,999,999,999.99 元。"),
    ],
)
def test_what_is_no_amount_is_refused_in_words(typed, message):
    with pytest.raises(ValidationError) as refusal:
        MoneyFormField().clean(typed)
    assert refusal.value.messages == [message]


def test_an_empty_answer_is_none_or_missing():
    assert MoneyFormField(required=False).clean(" ") is None
    with pytest.raises(ValidationError):
        MoneyFormField().clean("元")


def test_a_form_shows_a_stored_amount_so_that_it_can_be_edited():
    form_class = forms.modelform_factory(PlannedReceipt, fields=["amount"])
    html = str(form_class(instance=PlannedReceipt(amount="12345.6"))["amount"])
    assert 'value="12345.60"' in html
    assert 'inputmode="decimal"' in html


@pytest.mark.parametrize(
    ("amount", "shown"), [("3200", "3,200.00"), ("-0.5", "-0.50"), (None, ""), (10000, "10,000.00")]
)
def test_yuan_shows_commas_and_two_decimals(amount, shown):
    assert yuan(amount) == shown


@pytest.mark.parametrize(
    ("computed", "rounded"), [("1.005", "1.01"), ("1.0049", "1.00"), ("2", "2.00")]
)
def test_a_computed_amount_is_rounded_half_up(computed, rounded):
    assert str(round_to_fen(Decimal(computed))) == rounded
