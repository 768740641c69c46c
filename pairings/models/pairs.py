"""结对: which pilot unit is paired with which office, and from when to when."""

from django.db import models
from django.db.models import Case, F, Q, When

from mentors.models import units_tied_to
from pilotwork import clock
from pilotwork.history import History
from units.models import (
    Organisation,
    PilotProgramme,
    PilotUnit,
    in_force_or_ahead,
    organisations_of,
)


class PairingQuerySet(models.QuerySet):
    def current(self, on=None):
        """Pairings in force on the day `on` (default today)."""
        on = on or clock.today()
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on), starts_on__lte=on)

    def current_or_ahead(self):
        """Those in force today, and of a pilot that has not begun those from its first day."""
        return self.filter(in_force_or_ahead())

    def ended_last(self):
        """With both sides, the pairs in force first, by the unit's name."""
        is_over = Case(When(ends_on__lt=clock.today(), then=True), default=False)
        return (
            self.select_related("pilot_unit__organisation", "partner")
            .annotate(is_over=is_over)
            .order_by("is_over", "pilot_unit__organisation__name_key", "-starts_on", "-id")
        )

    def visible_to(self, user):
        """County staff see all pairings, members of either side and the unit's mentors their own."""
        if user.is_county:
            return self
        return self.filter(pk__in=pairings_of(user))


def pairings_of(user):
    """The keys of the pairings of which `user` is a member on either side or the unit's mentor, once
    too; each way has an index of its own."""
    pairings = Pairing.objects.order_by()
    of_unit = pairings.filter(pilot_unit__in=units_tied_to(user)).values("pk")
    return of_unit.union(pairings.filter(partner__in=organisations_of(user)).values("pk"))


class Pairing(models.Model):
    """One pilot unit with one administrative unit's organisation."""

    pilot_unit = models.ForeignKey(
        PilotUnit, on_delete=models.PROTECT, related_name="pairings", verbose_name="试点单位"
    )
    partner = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="pairings", verbose_name="结对单位"
    )
    # The unit's, kept here so that the database sees that a partner has one unit in each programme.
    programme = models.ForeignKey(
        PilotProgramme,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name="试点工作",
    )
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期", null=True, blank=True)

    objects = PairingQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = "结对"
        verbose_name_plural = "结对"
        ordering = ["pilot_unit__organisation__name_key", "-starts_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["pilot_unit"],
                condition=Q(ends_on__isnull=True),
                name="one_current_partner_of_a_unit",
                violation_error_message="该试点单位已有结对单位。",
            ),
            models.UniqueConstraint(
                fields=["programme", "partner"],
                condition=Q(ends_on__isnull=True),
                name="one_current_unit_of_a_partner",
                violation_error_message="该单位已与其他试点单位结对。",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="pairing_ends_after_it_starts",
                violation_error_message="结束日期不能早于开始日期。",
            ),
        ]

    def __str__(self):
        return f"{self.pilot_unit} — {self.partner}"

    def covers(self, day):
        """Whether the pair was in force on the day."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)

    @property
    def has_ended(self):
        """Whether its last day has passed."""
        return self.ends_on is not None and self.ends_on < clock.today()
