"""What is typed about a unit's dues; verbs' forms return the arguments of their action."""

import re

from django import forms

from accounts.verbs import VerbForm
from funds.actions.ledger import new_request_key
from funds.forms.verbs import METHODS, MoneyVerbForm, OpinionForm, ReasonForm, ReverseForm
from funds.models import DuesMethod, DuesPayment, DuesUse
from pilotwork import clock
from pilotwork.files import UploadsField
from pilotwork.forms import DateField, PaperNumberField, TextArea
from pilotwork.money import MoneyFormField, yuan

SHOWN = re.compile(r"([1-9]\d{0,17}):(\d{1,9})", re.ASCII)


class FiguresFields(forms.Form):
    """What is payable, and how: an amount, or members × rate."""

    members = forms.IntegerField(label="团员人数", required=False, min_value=0, max_value=1_000_000)
    rate = MoneyFormField(label="团费标准（元/人/年）", required=False)
    payable = MoneyFormField(
        label="应上缴（元）", required=False, help_text="不填则按人数 × 标准计算。"
    )
    method = forms.ChoiceField(label="办法", choices=DuesMethod.choices)
    is_via_parent = forms.BooleanField(label="经上级团组织缴退", required=False)
    no_dues_reason = forms.CharField(
        label="无应缴的理由", required=False, max_length=200, help_text="应上缴为零时填写。"
    )

    def fit(self, unit):
        """Say who the parent is, and ask for it only where it is not the county itself."""
        if unit.has_county_parent:
            del self.fields["is_via_parent"]
        else:
            parent = unit.organisation.parent
            self.fields["is_via_parent"].help_text = f"由{parent}代缴，退返也付给{parent}。"


class RecordForm(FiguresFields):
    """Dues of a year that is not recorded yet."""

    year = forms.TypedChoiceField(label="年度", coerce=int)

    field_order = ["year"]

    def __init__(self, *args, unit, years, **kwargs):
        super().__init__(*args, **kwargs)
        self.fit(unit)
        self.fields["year"].choices = [(year, f"{year} 年") for year in years]
        self.fields["rate"].initial = unit.programme.dues_rate


class AmendForm(FiguresFields, VerbForm):
    """What is payable, anew."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        dues = self.matter
        self.fit(dues.pilot_unit)
        for name in ("members", "rate", "method", "is_via_parent", "no_dues_reason"):
            if name in self.fields:
                self.fields[name].initial = getattr(dues, name)
        if dues.rate is None:
            self.fields["payable"].initial = dues.payable
        self.fields[
            "payable"
        ].help_text = f"现登记 {yuan(dues.payable)} 元。不填则按人数 × 标准计算。"


class CollectForm(MoneyVerbForm):
    """Dues that came in."""

    amount = MoneyFormField(label="缴纳金额（元）")
    occurred_on = DateField(label="到账日期", initial=clock.today)
    receipt_number = PaperNumberField(
        label="票据号", max_length=60, help_text="开给单位的团费票据编号，同一张只登记一次。"
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        unpaid = self.matter.unpaid
        self.fields["amount"].label = f"缴纳金额（元，还应缴 {yuan(unpaid)}）"
        self.fields["amount"].initial = unpaid


def offer(field, rows):
    """Offer `rows`, which the page has read already; what is chosen is still looked up."""
    field.choices = [(row.pk, field.label_from_instance(row)) for row in rows]


def standing_payments(dues):
    """The payments of the record that nothing reverses, newest first."""
    rows = [row for row in dues.payments.all() if not hasattr(row.entry, "reversed_by")]
    return rows[::-1]


class PaymentChoice(forms.ModelChoiceField):
    def label_from_instance(self, payment):
        entry = payment.entry
        return f"{entry.voucher_number} 票据号 {payment.receipt_number} {yuan(entry.amount)} 元"


class ReversePaymentForm(MoneyVerbForm, ReasonForm):
    """Which receipt was wrong, and why."""

    payment = PaymentChoice(
        label="冲销哪一笔缴纳", queryset=DuesPayment.objects.none(), empty_label=None
    )

    field_order = ["seen", "request_key", "payment", "opinion"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["payment"].queryset = self.matter.payments.standing()
        offer(self.fields["payment"], standing_payments(self.matter))


class WaiveForm(OpinionForm):
    """How much the unit need not pay in."""

    amount = MoneyFormField(label="免缴金额（元）")
    minutes_number = forms.CharField(
        label="会议纪要号", required=False, max_length=60, help_text="经会议研究的，填写纪要号。"
    )

    field_order = ["seen", "amount", "opinion", "minutes_number"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        dues = self.matter
        self.fields["amount"].label = f"免缴金额（元，还应缴 {yuan(dues.unpaid)}）"
        if dues.method == DuesMethod.KEEP:
            self.fields["amount"].initial = dues.unpaid


class RefundForm(MoneyVerbForm):
    """When and how all that was paid goes back; the amount is not typed."""

    occurred_on = DateField(label="退返日期", initial=clock.today)
    method = forms.ChoiceField(label="方式", choices=METHODS)
    reference = forms.CharField(
        label="记账凭证号",
        required=False,
        max_length=60,
        help_text="没有可留空；系统自动编凭单号。",
    )
    memo = forms.CharField(label="摘要", required=False, max_length=200)


class ReverseRefundForm(ReverseForm):
    """Which refund was wrong, and why."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        offer(self.fields["entry"], self.fields["entry"].queryset)


class AcknowledgeForm(VerbForm):
    """The day on which the refund came."""

    received_on = DateField(label="到账日期", initial=clock.today)


class UseForm(VerbForm):
    """One use of the returned dues."""

    spent_on = DateField(label="日期", initial=clock.today)
    purpose = forms.CharField(label="用途", max_length=200, widget=TextArea(rows=2))
    amount = MoneyFormField(label="金额（元）")
    voucher_number = PaperNumberField(
        label="票据号", required=False, max_length=60, help_text="没有号码的收据可以不填。"
    )
    uploads = UploadsField(label="票据照片或扫描件", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        left = self.matter.granted - self.matter.used
        self.fields["amount"].label = f"金额（元，还剩 {yuan(left)}）"


class UseChoice(forms.ModelChoiceField):
    def label_from_instance(self, use):
        number = f" 票据号 {use.voucher_number}" if use.voucher_number else ""
        return f"{use.spent_on:%Y-%m-%d} {use.purpose[:30]} {yuan(use.amount)} 元{number}"


class VoidUseForm(VerbForm):
    """Which use was written down wrongly, and why."""

    use = UseChoice(label="划去哪一笔使用", queryset=DuesUse.objects.none(), empty_label=None)
    opinion = forms.CharField(label="理由", max_length=200, widget=TextArea(rows=2))

    field_order = ["seen", "use", "opinion"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["use"].queryset = self.matter.uses.standing()
        offer(self.fields["use"], [use for use in self.matter.uses.all() if not use.voided_at])


class ShownField(forms.MultipleChoiceField):
    """The ticked records as "id:number", number the last log row that the page showed."""

    default_error_messages = {"required": "请勾选要退返的单位。"}

    def valid_value(self, value):
        return bool(SHOWN.fullmatch(value))

    def clean(self, value):
        """Return {record's id: last log number shown}."""
        return {int(pk): int(seen) for pk, seen in (one.split(":") for one in super().clean(value))}


class RefundAllForm(forms.Form):
    """Which records are refunded at once, when and how."""

    request_key = forms.UUIDField(widget=forms.HiddenInput)
    records = ShownField(label="单位")
    occurred_on = DateField(label="退返日期", initial=clock.today)
    method = forms.ChoiceField(label="方式", choices=METHODS)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["request_key"].initial = new_request_key()

    def clean_occurred_on(self):
        """A date to come is no record's own matter: said before any is paid."""
        if self.cleaned_data["occurred_on"] > clock.today():
            raise forms.ValidationError("日期不能晚于今天。")
        return self.cleaned_data["occurred_on"]
