"""How the lists of award cycles, 突出贡献 and campaigns are narrowed; the choices stand in the address."""

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q

from awards.models import (
    Allocation,
    AwardCycle,
    AwardLevel,
    Campaign,
    CampaignKind,
    Contribution,
    ContributionState,
    CycleState,
    Nomination,
)
from mentors.models import units_visible_to
from mentors.record_lists import OfUnitFilter, choice
from pilotwork.forms import KeyFilter
from units.models import Organisation


def years_of(rows):
    """The years that occur in `rows`, newest first, as choices."""
    years = rows.order_by("-year").values_list("year", flat=True).distinct()
    return [(year, f"{year} 年") for year in years]


class OfYearFilter(django_filters.FilterSet):
    """Rows of a year; `unit` is set by the links of a unit's file."""

    q = django_filters.CharFilter(
        label="单位",
        method="of_matching_unit",
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "单位全称、简称或别名"}),
    )
    year = choice("年度", [])
    unit = KeyFilter(method="of_unit")

    def __init__(self, data, rows, *, user):
        super().__init__(data, rows)
        self.user = user
        self.filters["year"].extra["choices"] = years_of(rows)

    def of_matching_unit(self, rows, name, text):
        """Rows in which an organisation of that name has a part that the person may see."""
        named = Organisation.objects.matching(text.strip()).order_by()
        return self.having(rows, organisation__in=named)

    def of_unit(self, rows, name, unit):
        """Rows in which the pilot unit has a part."""
        found = units_visible_to(self.user).filter(pk=unit).first()
        return self.having(rows, **self.part_of(found)) if found else rows.none()

    def having(self, rows, **part):
        """Rows with at least one visible part of `part`."""
        parts = self.parts.objects.visible_to(self.user)
        return rows.filter(Exists(parts.filter(**{self.whole: OuterRef("pk")}, **part)))


class CycleFilter(OfYearFilter):
    """Cycles, found by who was nominated in them."""

    level = choice("级别", AwardLevel.choices)
    state = choice("状态", CycleState.choices)

    parts, whole = Nomination, "cycle"

    class Meta:
        model = AwardCycle
        fields = ["q", "year", "level", "state", "unit"]

    def part_of(self, unit):
        """What makes a nomination the unit's."""
        return {"pilot_unit": unit}


class CampaignFilter(OfYearFilter):
    """Campaigns, found by their name and by who got something."""

    name = django_filters.CharFilter(label="名称", lookup_expr="icontains")
    kind = choice("类别", CampaignKind.choices)

    parts, whole = Allocation, "campaign"

    class Meta:
        model = Campaign
        fields = ["q", "name", "kind", "year", "unit"]

    def part_of(self, unit):
        """What makes an allocation the unit's: its organisation's, in its programme."""
        return {"organisation": unit.organisation_id, "campaign__programme": unit.programme_id}


class ContributionFilter(OfUnitFilter):
    """Contributions, also by who made them and how."""

    text = django_filters.CharFilter(label="人员或事迹", method="that_say")
    state = choice("状态", ContributionState.choices)

    class Meta:
        model = Contribution
        fields = ["q", "text", "state", "unit"]

    def that_say(self, rows, name, text):
        """Rows with the text in the person's name or in the deeds."""
        return rows.filter(Q(person__icontains=text) | Q(deeds__icontains=text))


def narrowed_to(request):
    """The pilot unit to which a link has narrowed the list; None without one, or for a stranger."""
    chosen = request.GET.get("unit", "")
    if not (chosen.isascii() and chosen.isdigit() and len(chosen) < 10):
        return None
    units = units_visible_to(request.user).select_related("organisation")
    return units.filter(pk=int(chosen)).first()
