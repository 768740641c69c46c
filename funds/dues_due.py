"""The refunds that are due: which of them a cashier may pay, and who pays the others."""

import dataclasses

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Subquery

from accounts.models import Act, Duty, TransitionLog, User
from funds.actions.dues_refunds import payee_gap
from funds.models import DuesRecord
from mentors.rules import may_pay
from mentors.standing import ADJOINING, Standing, acted, belongs, mentored_since


@dataclasses.dataclass(frozen=True)
class Due:
    """One record that is to be refunded; with a `reason` it is not for this cashier to do."""

    dues: DuesRecord
    reason: str
    who_can: list

    @property
    def value(self):
        """What the form sends when it is ticked: the record and what the page showed of it."""
        return f"{self.dues.pk}:{self.dues.log_number}"


@dataclasses.dataclass(frozen=True)
class Position:
    """Where one cashier stands in one record, as the permission asks it of a matter."""

    standing: Standing

    def standing_of(self, user):
        return self.standing


def refunds_due(records, user):
    """The Dues of `records` for the cashier `user`, in two queries however many there are."""
    cashiers = list(User.objects.active().with_duty(Duty.CASHIER).order_by("name_key", "pk"))
    log = TransitionLog.objects.filter(
        content_type=ContentType.objects.get_for_model(DuesRecord), object_id=OuterRef("pk")
    )
    unit, organisation = OuterRef("pilot_unit"), OuterRef("pilot_unit__organisation")
    parent = OuterRef("pilot_unit__organisation__parent")
    rows = records.with_unit().annotate(
        log_number=Subquery(log.order_by("-number").values("number")[:1]),
        was_mentor=Exists(mentored_since(unit, user, OuterRef("began_on"))),
        is_tied=Exists(belongs(organisation, parent, user)),
        did_adjoining=Exists(acted(DuesRecord, OuterRef("pk"), user, ADJOINING[Act.PAY])),
        **{f"free_{person.pk}": Exists(free_for(person)) for person in cashiers},
    )
    return [_due(dues, user, cashiers) for dues in rows]


def free_for(person):
    """The record of the outer query, if nothing keeps `person` from paying it."""
    return DuesRecord.objects.filter(pk=OuterRef("pk")).without_conflict(person, Act.PAY)


def _due(dues, user, cashiers):
    position = Position(
        Standing(
            duties=frozenset(user.duties),
            is_mentor=dues.was_mentor,
            was_mentor=dues.was_mentor,
            is_member=dues.is_tied,
            belongs=dues.is_tied,
            acts=frozenset(ADJOINING[Act.PAY] if dues.did_adjoining else ()),
        )
    )
    return Due(
        dues=dues,
        reason=may_pay.why_not(position, user) or payee_gap(dues),
        who_can=[person for person in cashiers if getattr(dues, f"free_{person.pk}")],
    )
