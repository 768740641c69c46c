"""How the list of applications is narrowed; every choice stands in the address."""

import django_filters
from django import forms
from django.db.models import F, Q

from funds.models import Application, Serial, State
from funds.models.states import PENDING, UNDER_WAY
from funds.presenters import IN_REVIEW
from mentors.models import units_visible_to
from pilotwork.sql import NumberOf
from units.chosen import of_the_programme

PAID = {
    "none": "未拨付",
    "part": "部分拨付",
    "all": "已拨付",
}

# So many units a person can choose from; beyond, a name in 查找 is found sooner than in a list.
MOST_UNITS = 50

# How an address asks for what waits at the county, whoever has it on the table.
UNDER_REVIEW = "review"


def years():
    """The years that have a number, newest first, as choices."""
    return [
        (year, f"{year} 年")
        for year in Serial.objects.order_by("-year").values_list("year", flat=True)
    ]


def visible_units(request):
    """The units whose applications the person may look for."""
    return units_visible_to(request.user).select_related("organisation")


def names_of_a_few(units, most):
    """[(key, name, programme's name)] of the units; none of them where they are more than `most`.

    The database counts first: it would sort all of many units only to show that they are many.
    """
    number = NumberOf(units.order_by().values("pk")[: most + 1])
    few = units.annotate(number=number).filter(number__lte=most)
    return list(few.values_list("pk", "organisation__name", "programme__name"))


def states_for(user):
    """The states as `user` sees them: for a unit one 审核中 instead of the county's two."""
    if user.is_county:
        return State.choices
    draft, *others = [choice for choice in State.choices if choice[0] not in PENDING]
    return [draft, (UNDER_REVIEW, IN_REVIEW), *others]


class ApplicationFilter(django_filters.FilterSet):
    """Search by number, name, unit or alias; state, unit, payment and year."""

    q = django_filters.CharFilter(
        label="查找",
        method="matching",
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "编号、活动、单位或别名"}),
    )
    state = django_filters.ChoiceFilter(
        label="状态", choices=State.choices, method="in_state", empty_label="全部"
    )
    unit = django_filters.ModelChoiceFilter(
        label="单位", field_name="pilot_unit", queryset=visible_units, empty_label="全部"
    )
    paid = django_filters.ChoiceFilter(
        label="拨付", choices=list(PAID.items()), method="with_payment", empty_label="全部"
    )
    year = django_filters.ChoiceFilter(
        label="年度", choices=years, method="of_year", empty_label="全部"
    )

    class Meta:
        model = Application
        fields = ["q", "state", "unit", "paid", "year"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["state"].extra["choices"] = states_for(self.request.user)
        listed = of_the_programme(self.request, visible_units(self.request), "programme")
        self.units = names_of_a_few(listed, MOST_UNITS)
        if not self.units:
            self.filters["unit"].extra["widget"] = forms.HiddenInput

    @property
    def form(self):
        """The form, with the units that were read as choices: they need not be read again."""
        form = super().form
        if self.units:
            has_several = len({programme for *_, programme in self.units}) > 1
            choices = [
                (pk, f"{name} · {programme}" if has_several else name)
                for pk, name, programme in self.units
            ]
            choices.insert(0, ("", "全部"))
            form.fields["unit"].widget.choices = choices
        return form

    @property
    def narrowed_to(self):
        """The unit that a link has brought where none can be chosen from a list, else None."""
        field = self.form.fields["unit"]
        if not field.widget.is_hidden or not self.form.is_valid():
            return None
        return self.form.cleaned_data["unit"]

    def in_state(self, rows, name, value):
        """Rows in the state, or in any of those that a unit sees as 审核中."""
        return rows.filter(state__in=PENDING if value == UNDER_REVIEW else [value])

    def matching(self, rows, name, text):
        """Rows that match the text in number, name, unit or alias."""
        return rows.matching(text.strip())

    def with_payment(self, rows, name, value):
        """Rows under way whose payments stand so."""
        nothing = Q(disbursed__isnull=True) | Q(disbursed__lte=0)
        whole = Q(disbursed__gte=F("approved_amount"))
        wanted = {"none": nothing, "all": whole, "part": ~nothing & ~whole}[value]
        return rows.filter(wanted, state__in=UNDER_WAY)

    def of_year(self, rows, name, value):
        """Rows numbered in the year."""
        return rows.filter(number__startswith=f"{value}-")
