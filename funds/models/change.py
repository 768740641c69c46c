"""变更: the unit asks for other dates, content or a shift between budget lines."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django_fsm import FSMField, transition

from accounts.matters import condition
from accounts.models import Act
from funds.models.application import Application
from funds.models.states import State
from mentors.models import units_tied_to
from mentors.rules import may_act_for_unit, may_approve, may_review
from mentors.standing import UnitMatter, UnitMatterQuerySet
from pilotwork import clock


class ChangeState(models.TextChoices):
    FILED = "filed", "变更待初审"
    REVIEWED = "reviewed", "变更待审批"
    APPROVED = "approved", "同意变更"
    DECLINED = "declined", "不同意变更"
    WITHDRAWN = "withdrawn", "已撤回"


OPEN = (ChangeState.FILED, ChangeState.REVIEWED)


class ChangeQuerySet(UnitMatterQuerySet):
    def open(self):
        """Changes that wait for a decision."""
        return self.filter(state__in=OPEN)

    def visible_to(self, user):
        """Whoever sees the application sees its changes, which come with application and unit."""
        unit = "application__pilot_unit"
        rows = self.select_related(f"{unit}__organisation__parent", f"{unit}__programme")
        if user.is_county:
            return rows
        return rows.filter(**{f"{unit}__in": units_tied_to(user)})


class Change(UnitMatter):
    """One request to change an approved application; `content` is the proposed new version."""

    unit_path = "application__pilot_unit"

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="changes", verbose_name="立项申请"
    )
    reason = models.TextField("变更理由", max_length=1000)
    content = models.JSONField("变更后的内容", encoder=DjangoJSONEncoder)
    created_at = models.DateTimeField("提出时间", default=clock.now)
    state = FSMField(
        "状态",
        choices=ChangeState.choices,
        default=ChangeState.FILED,
        protected=True,
        editable=False,
    )

    objects = ChangeQuerySet.as_manager()

    class Meta:
        verbose_name = "变更申请"
        verbose_name_plural = "变更申请"
        ordering = ["application", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(state__in=OPEN),
                name="one_open_change_per_application",
            )
        ]
        indexes = [models.Index(fields=["state", "state_since"], name="change_waiting")]

    def __str__(self):
        return f"{self.application} 变更"

    def concerning_unit(self):
        return self.application.pilot_unit

    @property
    def main_verb(self):
        """The verb everybody is waiting for in this state; empty when nobody is."""
        waited_for = {ChangeState.FILED: "review", ChangeState.REVIEWED: "approve"}
        return waited_for.get(self.state, "")

    @condition("项目已不在实施中，不能再变更。")
    def application_is_approved(self):
        return self.application.state == State.APPROVED

    @transition(
        "state",
        source=ChangeState.FILED,
        target=ChangeState.REVIEWED,
        permission=may_review,
        conditions=[application_is_approved],
        custom={"label": "变更初审同意", "act": Act.REVIEW},
    )
    def review(self):
        """The first check is passed."""

    @transition(
        "state",
        source=ChangeState.REVIEWED,
        target=ChangeState.APPROVED,
        permission=may_approve,
        conditions=[application_is_approved],
        custom={"label": "同意变更", "act": Act.APPROVE},
    )
    def approve(self):
        """The new version takes effect."""

    @transition(
        "state",
        source=ChangeState.FILED,
        target=ChangeState.DECLINED,
        permission=may_review,
        custom={"label": "不同意变更", "act": Act.REVIEW},
    )
    @transition(
        "state",
        source=ChangeState.REVIEWED,
        target=ChangeState.DECLINED,
        permission=may_approve,
        custom={"label": "不同意变更", "act": Act.APPROVE},
    )
    def decline(self):
        """The application stays as it was."""

    @transition(
        "state",
        source=list(OPEN),
        target=ChangeState.WITHDRAWN,
        permission=may_act_for_unit,
        custom={"label": "撤回变更"},
    )
    def withdraw(self):
        """The unit takes the request back."""
