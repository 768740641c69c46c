"""Forms of what is paid once and in full: plaques, and in the room above rewards."""

from django import forms
from django.db.models import Exists, OuterRef

from funds.forms.verbs import METHODS, MoneyVerbForm, ReasonForm
from mentors.standing import belongs, mentored_since
from pilotwork import clock
from pilotwork.forms import DateField
from pilotwork.money import yuan
from units.forms import UnitField
from units.models import PilotUnit, UnitState


class PayPriceForm(MoneyVerbForm):
    """When and how the whole price is paid; the amount is not for typing."""

    occurred_on = DateField(label="付款日期", initial=clock.today)
    method = forms.ChoiceField(label="方式", choices=METHODS)
    reference = forms.CharField(
        label="记账凭证号",
        required=False,
        max_length=60,
        help_text="没有可留空；系统自动编凭单号。",
    )
    memo = forms.CharField(label="摘要", required=False, max_length=200)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        payee = self.matter.payee
        paid_to = "，".join(filter(None, payee.values())) or "没有登记收款账户"
        self.fields[
            "occurred_on"
        ].help_text = f"从工作经费支付 {yuan(self.matter.amount_due)} 元；收款：{paid_to}。"


class ReversePriceForm(MoneyVerbForm, ReasonForm):
    """Why the one payment that stands was wrong."""

    field_order = ["seen", "request_key", "opinion"]


RECUSED = "您指导或所属的单位没有列出，按回避规定由其他初审人员办理："


class UnitChoice(UnitField):
    """A pilot unit of any programme but the archived ones that has not left it."""

    def __init__(self, **kwargs):
        units = PilotUnit.objects.not_archived().exclude(state=UnitState.LEFT)
        super().__init__(
            label="试点单位",
            empty_label="请选择",
            queryset=units.select_related("organisation", "programme"),
            error_messages={"invalid_choice": "请从列表中选择；您须回避的单位由其他初审人员办理。"},
            **kwargs,
        )

    def leave_out_own(self, user):
        """Offer no unit from which `user` would have to recuse himself, and name those left out."""
        today = clock.today()
        own = self.queryset.filter(
            Exists(mentored_since(OuterRef("pk"), user, today))
            | Exists(belongs(OuterRef("organisation"), OuterRef("organisation__parent"), user))
        )
        left_out = list(own)
        self.queryset = self.queryset.exclude(pk__in=[unit.pk for unit in left_out])
        if left_out:
            names = "、".join(unit.organisation.label for unit in left_out)
            self.help_text = f"{RECUSED}{names}。"
