"""The shape of what is typed when mentors and members change."""

from django import forms
from django.db.models import Exists, OuterRef

from accounts.models import Duty, DutyGrant, User
from pilotwork import clock
from pilotwork.forms import DateField, LongSelect
from units.models import Membership, Organisation


def county_people():
    """Active people who act for no organisation but the county."""
    outside = Membership.objects.current().filter(
        user=OuterRef("pk"), organisation__is_county=False
    )
    return User.objects.active().exclude(Exists(outside))


def possible_mentors():
    """Those of the county who may guide a unit: not who only reads or only keeps the accounts."""
    held = DutyGrant.objects.current().filter(user=OuterRef("pk"))
    passive = held.filter(duty__in=[Duty.LEADER, Duty.ADMINISTRATOR])
    active = held.exclude(duty__in=[Duty.LEADER, Duty.ADMINISTRATOR])
    return county_people().exclude(Exists(passive) & ~Exists(active))


class ChangeMentorForm(forms.Form):
    """Who guides the unit from a day on; the reason is asked when he replaces another."""

    mentor = forms.ModelChoiceField(label="指导员", queryset=User.objects.none(), widget=LongSelect)
    starts_on = DateField(label="开始日期", initial=clock.today)
    reason = forms.CharField(label="更换原因", max_length=200, required=False)

    def __init__(self, *args, is_change, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["mentor"].queryset = possible_mentors()
        self.fields["reason"].required = is_change
        if not is_change:
            self.fields["reason"].widget = forms.HiddenInput()


class HandoverForm(forms.Form):
    """离任交接: who leaves, who takes over, from which day, why."""

    leaver = forms.ModelChoiceField(label="离任人", queryset=User.objects.none(), widget=LongSelect)
    successor = forms.ModelChoiceField(
        label="接任人", queryset=User.objects.none(), widget=LongSelect
    )
    on = DateField(
        label="交接日期", initial=clock.today, help_text="接任人当天起履职，离任人到前一天为止。"
    )
    reason = forms.CharField(label="交接原因", max_length=200)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["leaver"].queryset = User.objects.all()
        self.fields["successor"].queryset = county_people()

    def clean_successor(self):
        """Said before the preview, not only when it is confirmed."""
        successor = self.cleaned_data["successor"]
        if successor == self.cleaned_data.get("leaver"):
            raise forms.ValidationError("接任人不能是本人。")
        return successor


class JoinForm(forms.Form):
    """Which organisation a person acts for, from which day."""

    organisation = forms.ModelChoiceField(
        label="团组织", queryset=Organisation.objects.none(), widget=LongSelect
    )
    starts_on = DateField(label="开始日期", initial=clock.today)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = Organisation.objects.all()
