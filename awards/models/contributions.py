"""突出贡献: what gives a pilot unit, or one of its youth, a claim to an extra place."""

from django.db import models
from django.utils.text import Truncator
from django_fsm import FSMField, transition

from accounts.models import Act, User
from awards.cycle_rules import may_recognise, may_withdraw_contribution
from mentors.models.visits import OfUnitQuerySet
from mentors.standing import UnitMatter
from pilotwork.files import Attachment
from pilotwork.history import History
from units.models import PilotUnit


class ContributionState(models.TextChoices):
    PROPOSED = "proposed", "待认定"
    RECOGNISED = "recognised", "已认定"
    DECLINED = "declined", "不予认定"
    WITHDRAWN = "withdrawn", "已撤回"


CONTRIBUTION_TONES = {
    ContributionState.PROPOSED: "a",
    ContributionState.RECOGNISED: "g",
    ContributionState.DECLINED: "r",
    ContributionState.WITHDRAWN: "n",
}


class ContributionQuerySet(OfUnitQuerySet):
    def recognised(self):
        """Contributions that can carry an extra place."""
        return self.filter(state=ContributionState.RECOGNISED)


class Contribution(UnitMatter):
    """突出贡献 of a pilot unit, or of one person of its youth."""

    pilot_unit = models.ForeignKey(
        PilotUnit, on_delete=models.PROTECT, related_name="contributions", verbose_name="试点单位"
    )
    person = models.CharField("人员", max_length=60, blank=True)
    deeds = models.TextField("主要事迹", max_length=2000)
    proposed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", verbose_name="提出人"
    )
    state = FSMField(
        "状态",
        choices=ContributionState.choices,
        default=ContributionState.PROPOSED,
        protected=True,
        editable=False,
    )

    objects = ContributionQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = "突出贡献"
        verbose_name_plural = "突出贡献"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["state", "state_since"], name="contribution_waiting"),
            models.Index(fields=["pilot_unit", "state"], name="contribution_of_unit"),
        ]

    def __str__(self):
        who = self.person or self.pilot_unit.organisation.label
        return f"{who}：{Truncator(self.deeds).chars(20)}"

    @property
    def tone(self):
        """The colour in which pages show its state."""
        return CONTRIBUTION_TONES[self.state]

    @property
    def main_verb(self):
        """The verb that is waited for; empty once it is decided."""
        return "recognise" if self.state == ContributionState.PROPOSED else ""

    @transition(
        "state",
        source=ContributionState.PROPOSED,
        target=ContributionState.RECOGNISED,
        permission=may_recognise,
        custom={"label": "认定", "act": Act.APPROVE},
    )
    def recognise(self):
        """It can carry an extra place from now on."""

    @transition(
        "state",
        source=ContributionState.PROPOSED,
        target=ContributionState.DECLINED,
        permission=may_recognise,
        custom={"label": "不予认定", "act": Act.APPROVE},
    )
    def decline(self):
        """It stays readable and carries nothing."""

    @transition(
        "state",
        source=ContributionState.PROPOSED,
        target=ContributionState.WITHDRAWN,
        permission=may_withdraw_contribution,
        custom={"label": "撤回"},
    )
    def withdraw(self):
        """Whoever proposed it takes it back."""


class ContributionFileQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whoever sees the contribution sees its files."""
        return self.filter(contribution__in=Contribution.objects.visible_to(user))


class ContributionFile(Attachment):
    """佐证材料 of a contribution."""

    contribution = models.ForeignKey(
        Contribution, on_delete=models.PROTECT, related_name="files", verbose_name="突出贡献"
    )

    objects = ContributionFileQuerySet.as_manager()

    class Meta:
        verbose_name = "突出贡献佐证"
        verbose_name_plural = "突出贡献佐证"
        ordering = ["contribution", "id"]
