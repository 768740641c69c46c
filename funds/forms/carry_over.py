"""Forms of 结转: deciding it, booking it, reversing it."""

from django import forms

from funds.actions.carry_over import programmes_after
from funds.forms.verbs import MoneyVerbForm, ReasonForm
from pilotwork import clock
from pilotwork.forms import DateField, TextArea
from pilotwork.money import MoneyFormField, yuan

KEEP = "留存，不转出"


class DecideForm(forms.Form):
    """Where what is left of a fund goes, how much of it, and why."""

    to_programme = forms.ModelChoiceField(
        label="转入", queryset=None, required=False, empty_label=KEEP
    )
    amount = MoneyFormField(label="金额（元）")
    opinion = forms.CharField(label="理由", max_length=1000, widget=TextArea(rows=3))

    def __init__(self, *args, programme, available, **kwargs):
        super().__init__(*args, **kwargs)
        choices = programmes_after(programme)
        self.fields["to_programme"].queryset = choices
        self.fields["to_programme"].initial = choices.first()
        self.fields["amount"].initial = available
        self.fields["amount"].label = f"金额（元，可用 {yuan(available)}）"
        self.fields[
            "to_programme"
        ].help_text = "转入之后开始的试点工作的基金；没有下一次试点的，选择留存并说明理由。"


class BookForm(MoneyVerbForm):
    """When it was booked and under which paper; the amount is not for typing."""

    occurred_on = DateField(label="结转日期", initial=clock.today)
    reference = forms.CharField(
        label="记账凭证号",
        required=False,
        max_length=60,
        help_text="没有可留空；系统自动编凭单号。",
    )
    memo = forms.CharField(label="摘要", required=False, max_length=200)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        amount, target = yuan(self.matter.amount), self.matter.to_programme
        self.fields["occurred_on"].help_text = f"{amount} 元转入“{target}”的基金。"


class ReverseForm(MoneyVerbForm, ReasonForm):
    """Why what was carried over was wrong."""

    field_order = ["seen", "request_key", "opinion"]
