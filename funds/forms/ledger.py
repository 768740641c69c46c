"""The cashier's forms: receipts, plans, reversals and the bank's balance."""

from django import forms

from funds.actions.ledger import new_request_key
from funds.models import Source
from pilotwork import clock
from pilotwork.forms import DateField, PaperNumberField, TextArea
from pilotwork.money import MoneyFormField


class BookForm(forms.Form):
    """Base of the forms about an account; shows a verb's refusal where it belongs."""

    def refuse(self, refusal):
        """Show a Refused beside its field, or on top."""
        self.add_error(refusal.field if refusal.field in self.fields else None, refusal.message)


class KeyedForm(BookForm):
    """A form that makes an entry: carries the key by which a second sending is recognised."""

    request_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["request_key"].initial = new_request_key()


# Dues come in at the unit's own record, and what is carried over by its own verb: they book it.
BOOKED_ELSEWHERE = (Source.DUES, Source.CARRY_OVER)
RECEIVED_HERE = [choice for choice in Source.choices if choice[0] not in BOOKED_ELSEWHERE]


class ReceiptForm(KeyedForm):
    """Money that came in."""

    amount = MoneyFormField(label="入账金额（元）")
    source = forms.ChoiceField(label="来源", choices=RECEIVED_HERE)
    occurred_on = DateField(label="到账日期", initial=clock.today)
    counterparty = forms.CharField(label="付款人", max_length=80)
    reference = PaperNumberField(
        label="收据号", max_length=60, help_text="收据或银行回单的编号，打印在凭单上。"
    )
    memo = forms.CharField(label="摘要", max_length=200, required=False)


class ReverseReceiptForm(KeyedForm):
    """Why a receipt was wrong."""

    reason = forms.CharField(label="冲销理由", max_length=200, widget=TextArea(rows=3))


class PlanForm(BookForm):
    """What the account is meant to receive from one source."""

    source = forms.ChoiceField(label="来源", choices=Source.choices)
    amount = MoneyFormField(label="计划金额（元）", help_text="填 0 表示取消这一来源的计划。")
    note = forms.CharField(label="说明", max_length=200, required=False)


class BankBalanceForm(BookForm):
    """The bank's balance at the end of a day."""

    on = DateField(label="对账日期", initial=clock.today)
    balance = MoneyFormField(label="银行余额（元）", help_text="银行对账单上当日日终余额。")
    note = forms.CharField(label="说明", max_length=200, required=False)
