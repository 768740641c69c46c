"""What is typed about research, money, difficulties, excused weeks, documents and activities."""

from django import forms

from mentors.models import Stage
from pilotwork import clock
from pilotwork.files import UploadsField
from pilotwork.forms import DateField, TextArea
from pilotwork.money import MoneyFormField


class ResearchForm(forms.Form):
    """What a mentor looked into on a day."""

    summary = forms.CharField(label="调研内容", max_length=2000, widget=TextArea(rows=4))
    on = DateField(label="日期", initial=clock.today)


class CoordinationForm(forms.Form):
    """Money found for the unit elsewhere."""

    source = forms.CharField(label="来源", max_length=80)
    amount = MoneyFormField(label="金额（元）")
    on = DateField(label="协调日期", initial=clock.today)
    purpose = forms.CharField(label="用途", required=False, max_length=200)
    received_on = DateField(
        label="到位日期", required=False, help_text="还没有到位就不填，到位后再登记。"
    )


class ReceivedForm(forms.Form):
    """The day on which the money came in."""

    received_on = DateField(label="到位日期", initial=clock.today)


class DifficultyForm(forms.Form):
    """What stands in the unit's way."""

    description = forms.CharField(
        label="困难",
        max_length=1000,
        widget=TextArea(rows=4),
        help_text="写清楚是什么事、希望怎样解决。",
    )
    on = DateField(label="提出日期", initial=clock.today)


class ExcuseForm(forms.Form):
    """A week in which the unit need not be visited."""

    week = DateField(
        label="免访的周", initial=clock.today, help_text="选这一周的任意一天，周一至周日为一周。"
    )
    reason = forms.CharField(label="理由", max_length=300, widget=TextArea(rows=3))


class ActivityForm(forms.Form):
    """A signature activity as it is registered."""

    name = forms.CharField(label="活动名称", max_length=80)
    note = forms.CharField(label="说明", required=False, max_length=1000, widget=TextArea(rows=3))
    designed_on = DateField(label="设计日期", initial=clock.today)


class AdvanceForm(forms.Form):
    """When an activity reached its next stage; a brand has a name and a note."""

    stage = forms.CharField(widget=forms.HiddenInput)
    on = DateField(label="日期", initial=clock.today, required=False, help_text="不填为今天。")
    brand_name = forms.CharField(
        label="品牌名称", required=False, max_length=80, help_text="不填则用活动名称。"
    )
    brand_note = forms.CharField(
        label="品牌说明", required=False, max_length=1000, widget=TextArea(rows=3)
    )

    def __init__(self, *args, activity, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["stage"].initial = activity.stage
        if activity.next_stage == Stage.BRAND:
            self.fields["on"].label = "成牌日期"
        else:
            self.fields["on"].label = "开展日期"
            del self.fields["brand_name"], self.fields["brand_note"]


class DocumentForm(forms.Form):
    """One file: a plan or summary report."""

    upload = UploadsField(label="文件", max_files=1)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["upload"].widget.attrs.pop("multiple", None)
