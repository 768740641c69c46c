"""The forms of an application's verbs; each returns the arguments of its action."""

from django import forms

from accounts.verbs import VerbForm
from funds.actions.ledger import new_request_key
from funds.models import Entry, EntryKind
from pilotwork import clock
from pilotwork.files import UploadsField
from pilotwork.forms import DateField, TextArea
from pilotwork.money import MoneyFormField, yuan

METHODS = [("银行转账", "银行转账"), ("现金", "现金"), ("支票", "支票"), ("其他", "其他")]


class ConfirmForm(VerbForm):
    """Nothing to type: the button is the whole decision."""


class NoteForm(VerbForm):
    """An optional word."""

    opinion = forms.CharField(
        label="说明", required=False, max_length=1000, widget=TextArea(rows=2)
    )


class OpinionForm(VerbForm):
    """An opinion or reason that stays for ever."""

    opinion = forms.CharField(label="意见", max_length=1000, widget=TextArea(rows=3))


class ReasonForm(VerbForm):
    """A reason that stays for ever."""

    opinion = forms.CharField(label="理由", max_length=1000, widget=TextArea(rows=3))


class MeetingOpinionForm(OpinionForm):
    """An opinion, with the minutes' number where a meeting decided."""

    minutes_number = forms.CharField(
        label="会议纪要号", required=False, max_length=60, help_text="经会议研究的，填写纪要号。"
    )


class SuperiorOpinionForm(OpinionForm):
    """The parent organisation's opinion, copied from its signed sheet, with the scan."""

    uploads = UploadsField(label="扫描件", help_text="PDF 或图片。")


class ApproveForm(MeetingOpinionForm):
    """The decision: how much, why, by which meeting."""

    amount = MoneyFormField(label="核定金额（元）")

    field_order = ["seen", "amount", "opinion", "minutes_number"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        requested = self.matter.requested_amount
        self.fields["amount"].label = f"核定金额（元，不超过申请 {yuan(requested)}）"
        self.fields["amount"].initial = requested


class ReduceForm(ReasonForm):
    """The new, lower approved amount."""

    amount = MoneyFormField(label="核减后的核定金额（元）")

    field_order = ["seen", "amount", "opinion"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["amount"].help_text = (
            f"现核定 {yuan(self.matter.approved_amount)} 元，"
            f"已拨付 {yuan(self.matter.sums.disbursed)} 元。"
        )


class TerminateForm(ReasonForm):
    """What the unit has to give back."""

    due_back = MoneyFormField(label="应退金额（元）", min_value=0)

    field_order = ["seen", "due_back", "opinion"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["due_back"].initial = self.matter.sums.disbursed
        self.fields[
            "due_back"
        ].help_text = f"已拨付 {yuan(self.matter.sums.disbursed)} 元；已合理支出的部分可以不退。"


class MoneyVerbForm(VerbForm):
    """A form that moves money: carries the key by which a second sending is recognised."""

    request_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["request_key"].initial = new_request_key()


class TransferForm(MoneyVerbForm):
    """Amount, date, method and papers of a payment or a recovery.

    The box is shown once the same one seems to be booked again.
    """

    amount = MoneyFormField(label="金额（元）")
    occurred_on = DateField(label="日期", initial=clock.today)
    method = forms.ChoiceField(label="方式", choices=METHODS)
    reference = forms.CharField(
        label="记账凭证号",
        required=False,
        max_length=60,
        help_text="没有可留空；系统自动编凭单号。",
    )
    memo = forms.CharField(label="摘要", required=False, max_length=200)
    is_another = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def place(self, refusal):
        """Show the box beside the refusal that asks for it."""
        if refusal.field == "is_another":
            self.fields["is_another"].widget = forms.CheckboxInput()
        super().place(refusal)


class PayForm(TransferForm):
    """One instalment."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["is_another"].label = "这是另一笔拨付"
        unpaid = self.matter.sums.unpaid
        self.fields["amount"].label = f"拨付金额（元，未拨付 {yuan(unpaid)}）"
        self.fields["amount"].initial = unpaid
        self.fields["occurred_on"].label = "拨付日期"


class RecoverForm(TransferForm):
    """Money that came back."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["is_another"].label = "这是另一笔收回"
        due = self.matter.balance_due
        self.fields["amount"].label = f"收回金额（元，应退 {yuan(due)}）"
        self.fields["amount"].initial = due
        self.fields["occurred_on"].label = "收回日期"


class EntryChoice(forms.ModelChoiceField):
    def label_from_instance(self, entry):
        return f"{entry.voucher_number} {entry.get_kind_display()} {yuan(entry.amount)} 元"


class ReverseForm(MoneyVerbForm, ReasonForm):
    """Which entry was wrong, and why."""

    entry = EntryChoice(label="冲销哪一笔", queryset=Entry.objects.none(), empty_label=None)

    field_order = ["seen", "request_key", "entry", "opinion"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["entry"].queryset = (
            Entry.objects.reversible()
            .filter(
                commitment=self.matter.commitment, kind__in=[EntryKind.DISBURSE, EntryKind.RECOVER]
            )
            .select_related("account")
            .order_by("-number")
        )
