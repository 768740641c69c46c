"""希望工程资助 and 支教: what each unit got, base and extra; only recorded and summed, no names."""

from django.db import models
from django.db.models import Exists, F, OuterRef, Sum

from awards.models.cycles import OfOwnOrganisationQuerySet
from pilotwork.history import History
from pilotwork.money import ZERO, MoneyField, total
from units.models import Organisation, PilotProgramme, PilotUnit

NO_MINORS = "不得填写未成年人姓名及其他个人信息。"


class CampaignKind(models.TextChoices):
    HOPE = "hope", "希望工程资助"
    TEACHING = "teaching", "支教"


class CampaignQuerySet(models.QuerySet):
    def visible_to(self, user):
        """County staff see all, members and mentors those in which their pilot units have a part."""
        if user.is_county:
            return self
        own = Allocation.objects.visible_to(user).filter(campaign=OuterRef("pk"))
        return self.filter(Exists(own))

    def with_sums(self):
        """Annotate the number of units, all places and amounts (yuan), and the extra part of each."""
        return self.annotate(
            units=models.Count("allocations"),
            places=Sum(F("allocations__base_places") + F("allocations__extra_places"), default=0),
            extra_places=Sum("allocations__extra_places", default=0),
            amount=total(F("allocations__base_amount") + F("allocations__extra_amount")),
            extra_amount=total("allocations__extra_amount"),
        )


class Campaign(models.Model):
    """One round of 希望工程资助 or 支教 in a programme and year."""

    programme = models.ForeignKey(
        PilotProgramme, on_delete=models.PROTECT, related_name="campaigns", verbose_name="试点工作"
    )
    kind = models.CharField("类别", max_length=10, choices=CampaignKind.choices)
    year = models.PositiveSmallIntegerField("年度")
    name = models.CharField("名称", max_length=80)
    note = models.TextField("说明", max_length=500, blank=True)

    objects = CampaignQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = "希望工程和支教"
        verbose_name_plural = "希望工程和支教"
        ordering = ["-year", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "kind", "year", "name"], name="campaign_names_are_unique"
            )
        ]

    def __str__(self):
        return self.name


class AllocationQuerySet(OfOwnOrganisationQuerySet):
    def pilot_first(self, programme):
        """With the organisation and `is_pilot`, the programme's units first, then by name."""
        units = PilotUnit.objects.filter(programme=programme, organisation=OuterRef("organisation"))
        return (
            self.select_related("organisation")
            .annotate(is_pilot=Exists(units))
            .order_by("-is_pilot", F("organisation__name_key"), "pk")
        )


class Allocation(models.Model):
    """What one organisation got in a campaign: places and yuan, base and extra."""

    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, related_name="allocations", verbose_name="活动"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="团组织"
    )
    base_places = models.PositiveSmallIntegerField("基本名额", default=0)
    extra_places = models.PositiveSmallIntegerField("加配名额", default=0)
    base_amount = MoneyField("基本金额（元）", default=ZERO)
    extra_amount = MoneyField("加配金额（元）", default=ZERO)

    objects = AllocationQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = "资助和支教分配"
        verbose_name_plural = "资助和支教分配"
        ordering = ["campaign", "organisation__name_key"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "organisation"], name="one_allocation_per_organisation"
            ),
            models.CheckConstraint(
                condition=models.Q(base_amount__gte=ZERO, extra_amount__gte=ZERO),
                name="allocated_amounts_are_not_negative",
            ),
        ]

    def __str__(self):
        return f"{self.campaign} {self.organisation}"
