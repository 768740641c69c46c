"""Forms of plaques: proposing one, hanging it, finding it in the list."""

from django import forms

from accounts.verbs import VerbForm
from funds.forms.outright import UnitChoice
from funds.models import Plaque, PlaqueState
from mentors.forms.visits import PhotosField
from mentors.record_lists import OfUnitFilter, choice
from pilotwork import clock
from pilotwork.forms import ACCOUNT_NUMBER, DateField
from pilotwork.money import MoneyFormField


class RenewForm(forms.Form):
    """What a plaque says, what it costs and who makes it."""

    text = forms.CharField(label="牌面文字", max_length=40, initial="试点单位")
    cost = MoneyFormField(label="制作费（元）")
    maker_name = forms.CharField(label="制作单位", max_length=80, help_text="收款户名。")
    maker_bank = forms.CharField(label="开户银行", max_length=80)
    maker_account = forms.CharField(label="收款账号", max_length=40, validators=[ACCOUNT_NUMBER])
    made_on = DateField(
        label="制作日期", required=False, help_text="还没有做好就不填，挂牌时再登记。"
    )


class ProposeForm(RenewForm):
    """The same, and for which unit."""

    pilot_unit = UnitChoice()

    field_order = ["pilot_unit"]

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["pilot_unit"].leave_out_own(by)


class HangForm(VerbForm):
    """Since when and where it hangs, with pictures if there are any."""

    made_on = DateField(label="制作日期")
    hung_on = DateField(label="挂牌日期", initial=clock.today)
    place = forms.CharField(label="挂牌地点", max_length=120)
    photos = PhotosField(label="照片（可不传）")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        hangs = self.plaque_to_hang()
        self.fields["made_on"].initial = hangs and hangs.made_on

    def plaque_to_hang(self):
        """The plaque that the form is about."""
        return self.matter


class ReplaceForm(HangForm):
    """The same, of the approved plaque that takes this one's place."""

    def plaque_to_hang(self):
        """The one that waits to be hung; None when there is none."""
        return self.matter.successor_to_hang


class PlaqueFilter(OfUnitFilter):
    state = choice("状态", PlaqueState.choices)

    class Meta:
        model = Plaque
        fields = ["q", "state", "unit"]
