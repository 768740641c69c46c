"""What waits about 结转, derived from the transitions that people may take now."""

from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse

from accounts.models import Act, Duty
from accounts.todo import Item, Kind
from funds.models import Application, CarryOver, CarryOverState, Entry
from funds.models.states import PENDING, UNDER_WAY
from mentors.standing import acted
from pilotwork.money import MoneyField
from pilotwork.sql import HasRow
from units.models import PilotProgramme, PilotUnit, ProgrammeState


def for_the_cashier(state):
    """The function that gives the carry-overs in `state` on which `user` may book."""

    def waiting(user):
        if Duty.CASHIER not in user.duties:
            return CarryOver.objects.none()
        decided = acted(CarryOver, OuterRef("pk"), user, [Act.APPROVE])
        return CarryOver.objects.filter(~Exists(decided), state=state)

    return waiting


def with_left_over(programmes):
    """Annotate `left_over`: what the programme's fund has available, in yuan; None before any."""
    last = Entry.objects.filter(account__programme=OuterRef("pk")).order_by("-number")
    left = Subquery(last.values("available_after")[:1], output_field=MoneyField())
    return programmes.annotate(left_over=left)


def to_decide(user):
    """Ended programmes with money left over about which nothing is decided.

    Not while an application is under way: what is left is known once all are at their end.
    """
    if Duty.APPROVER not in user.duties:
        return PilotProgramme.objects.none()
    undecided = (CarryOverState.DECIDED, CarryOverState.REOPENED, CarryOverState.KEPT)
    decided = CarryOver.objects.filter(programme=OuterRef("pk"), state__in=undecided)
    # Unit by unit: asked for all at once, every application there is may be read for each programme.
    under_way = Application.objects.filter(
        pilot_unit=OuterRef("pk"), state__in=[*PENDING, *UNDER_WAY]
    )
    busy = PilotUnit.objects.filter(HasRow(under_way), programme=OuterRef("pk"))
    ended = with_left_over(PilotProgramme.objects.filter(state=ProgrammeState.ENDED))
    return ended.filter(~Exists(decided), ~Q(HasRow(busy)), left_over__gt=0)


def load_carry_overs(ids):
    """Carry-overs with both programmes, in one query."""
    return CarryOver.objects.filter(pk__in=ids).select_related("programme", "to_programme")


def load_programmes(ids):
    """Programmes with what is left of their funds, in one query."""
    return with_left_over(PilotProgramme.objects.filter(pk__in=ids))


def show_carry_over(kind, carry_over):
    """A carry-over's line."""
    return Item(
        matter=carry_over,
        verb=kind.verb,
        tone=kind.tone,
        state=kind.state,
        title="基金结转",
        url=reverse("funds:carry_over", args=[carry_over.pk]),
        action_label=kind.action,
        action_url=reverse("funds:act_on_carry_over", args=[carry_over.pk, kind.verb]),
        detail=str(carry_over),
        amount=carry_over.amount,
        since=carry_over.state_since,
        primary=kind.primary,
    )


def show_programme(kind, programme):
    """The line of an ended programme with money left over."""
    url = reverse("funds:decide_carry_over", args=[programme.pk])
    return Item(
        matter=programme,
        verb=kind.verb,
        tone=kind.tone,
        state=kind.state,
        title="基金结余",
        url=url,
        action_label=kind.action,
        action_url=url,
        detail=str(programme),
        amount=programme.left_over,
        since=programme.state_since,
        primary=kind.primary,
    )


def booking(verb, state, words, action):
    """A Kind of what waits for the cashier."""
    return Kind(
        verb,
        "funds:accounts",
        for_the_cashier(state),
        load_carry_overs,
        show_carry_over,
        words,
        action,
        primary=True,
    )


KINDS = [
    booking("book", CarryOverState.DECIDED, "待记账", "记账"),
    booking("reverse", CarryOverState.REOPENED, "待冲销", "冲销"),
    Kind(
        "decide_carry_over",
        "funds:accounts",
        to_decide,
        load_programmes,
        show_programme,
        "待结转",
        "决定",
    ),
]
