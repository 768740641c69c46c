"""What both kinds of joint work share: one side enters it, the other confirms it (DOMAIN, pairing).

Every step is logged with the content as it stood then, so that earlier words stay readable.
"""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django_fsm import FSMField, transition

from accounts.matters import condition
from accounts.models import Act, User
from mentors.standing import UnitMatter, UnitMatterQuerySet
from pairings.models.pairs import pairings_of
from pairings.rules import (
    may_answer,
    may_correct,
    may_speak_for_absent,
    may_take_back,
    may_withdraw,
)
from pilotwork.files import Attachment
from units.models import members_of


class Side(models.TextChoices):
    UNIT = "unit", "试点单位"
    PARTNER = "partner", "结对单位"


class JointState(models.TextChoices):
    RECORDED = "recorded", "待对方确认"
    DISPUTED = "disputed", "有异议"
    CONFIRMED = "confirmed", "已确认"
    WITHDRAWN = "withdrawn", "已作废"


# The log's verbs by which content is written; who did one of them does not confirm it.
WRITING = ("enter", "correct")


class JointQuerySet(UnitMatterQuerySet):
    def visible_to(self, user):
        """Whoever sees the pair sees what it did."""
        if user.is_county:
            return self
        return self.filter(pairing__in=pairings_of(user))

    def counting(self):
        """What counts: confirmed by the other side, or entered or confirmed on behalf (代录)."""
        return self.filter(state=JointState.CONFIRMED)

    def with_pair(self):
        """With all that a page names and its rules ask, in the same query."""
        return self.select_related(
            "pairing__pilot_unit__organisation__parent",
            "pairing__pilot_unit__programme",
            "pairing__partner",
            "entered_by",
        )


class Joint(UnitMatter):
    """Something a pair did together: entered by one side, confirmed by the other."""

    unit_path = "pairing__pilot_unit"
    # The fields that a person writes; a kind says which.
    CONTENT = ()

    title = models.CharField("主题", max_length=80)
    entered_side = models.CharField("登记方", max_length=10, choices=Side.choices)
    entered_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", verbose_name="登记人"
    )
    is_on_behalf = models.BooleanField("代录", default=False)
    state = FSMField(
        "状态",
        choices=JointState.choices,
        default=JointState.RECORDED,
        protected=True,
        editable=False,
    )

    objects = JointQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self):
        return self.title

    # --- The two sides ----------------------------------------------------------------------

    def concerning_unit(self):
        return self.pairing.pilot_unit

    def ties_asked(self):
        return super().ties_asked() | {"partner": self.pairing.partner_id}

    @classmethod
    def concerned(cls, at):
        """The unit's people and the partner's members."""
        of_partner = members_of(at.partner, OuterRef("pk"))
        return super().concerned(at) | User.objects.filter(Exists(of_partner))

    @classmethod
    def ties_of_person(cls, person, at):
        """What ties a person to the unit, and whether he belongs to the partner."""
        of_partner = Exists(members_of(at.partner, person))
        return super().ties_of_person(person, at) | {"is_partner": of_partner}

    def _load_standings(self, person=None):
        """Load the standings and, with them, who belongs to the partner."""
        rows, standings = super()._load_standings(person)
        partners = self.__dict__.setdefault("_partner_members", set())
        partners.update(row.pk for row in rows if row.is_partner)
        return rows, standings

    def sides_of(self, user):
        """The sides that `user` is a member of today: none, one or both."""
        sides = {Side.UNIT} if self.standing_of(user).is_member else set()
        return sides | ({Side.PARTNER} if user.pk in self._partner_members else set())

    def members_of_side(self, side):
        """The people with an account in use who act for `side` today."""
        return [user for user in self.people_concerned() if side in self.sides_of(user)]

    @property
    def other_side(self):
        """The side that has to confirm."""
        return Side.PARTNER if self.entered_side == Side.UNIT else Side.UNIT

    @property
    def organisations(self):
        """{side: organisation}."""
        return {
            Side.UNIT: self.pairing.pilot_unit.organisation,
            Side.PARTNER: self.pairing.partner,
        }

    @property
    def other_side_is_absent(self):
        """Whether nobody with an account acts for the side that has to confirm."""
        return not self.members_of_side(self.other_side)

    def was_written_by(self, user):
        """Whether `user` wrote the content, or a part of it."""
        return any(row.by_id == user.pk and row.verb in WRITING for row in self.log)

    # --- What is written --------------------------------------------------------------------

    def written(self):
        """{field: value} of what is written, as the log keeps it."""
        return {name: getattr(self, name) for name in self.CONTENT}

    @property
    def entered_in_words(self):
        """Who entered it, for which side."""
        side = Side(self.entered_side).label
        if self.is_on_behalf:
            return f"{self.entered_by} 代{side}录入"
        return f"{self.entered_by}（{side}）登记"

    # --- States -----------------------------------------------------------------------------

    @property
    def main_verb(self):
        """The verb that is waited for; empty once it counts or was withdrawn."""
        if self.state == JointState.RECORDED:
            return "confirm_on_behalf" if self.other_side_is_absent else "confirm"
        return "correct" if self.state == JointState.DISPUTED else ""

    @condition("对方有账户，由对方确认。")
    def needs_a_stand_in(self):
        """Whether the side that has to confirm has no account."""
        return self.other_side_is_absent

    @transition(
        "state",
        source=JointState.RECORDED,
        target=JointState.CONFIRMED,
        permission=may_answer,
        custom={"label": "确认"},
    )
    def confirm(self):
        """The other side agrees that it was so: it counts."""

    @transition(
        "state",
        source=JointState.RECORDED,
        target=JointState.DISPUTED,
        permission=may_answer,
        custom={"label": "有异议"},
    )
    def dispute(self):
        """The other side says what is wrong; the entering side corrects it."""

    @transition(
        "state",
        source=[JointState.RECORDED, JointState.DISPUTED],
        target=JointState.RECORDED,
        permission=may_correct,
        custom={"label": "更正"},
    )
    def correct(self):
        """The entering side writes it anew; it waits for the other side again."""

    @transition(
        "state",
        source=JointState.RECORDED,
        target=JointState.CONFIRMED,
        permission=may_speak_for_absent,
        conditions=[needs_a_stand_in],
        custom={"label": "代对方确认", "act": Act.REVIEW},
    )
    def confirm_on_behalf(self):
        """代录: the county's reviewer confirms for a side without account."""

    @transition(
        "state",
        source=[JointState.RECORDED, JointState.DISPUTED],
        target=JointState.WITHDRAWN,
        permission=may_take_back,
        custom={"label": "撤回"},
    )
    def take_back(self):
        """The entering side takes back what nobody has confirmed: kept, and never counted."""

    @transition(
        "state",
        source=[JointState.RECORDED, JointState.DISPUTED, JointState.CONFIRMED],
        target=JointState.WITHDRAWN,
        permission=may_withdraw,
        custom={"label": "作废", "act": Act.REVIEW},
    )
    def withdraw(self):
        """It was wrong or entered twice: kept, and counts no more."""


class JointAttachment(Attachment):
    """A file of something joint; taken off, it is kept but shown to nobody."""

    removed_at = models.DateTimeField("移除时间", null=True)

    class Meta:
        abstract = True


def not_withdrawn():
    """The condition of the constraints against entering one and the same thing twice."""
    return ~Q(state=JointState.WITHDRAWN)
