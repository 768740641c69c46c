"""What waits for people in the pairings room, derived from the transitions they may take now."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from accounts.models import Act, Duty, TransitionLog
from accounts.todo import Item, Kind
from pairings.models import Agreement, JointState, Pairing, Seminar, Side
from pairings.models.joint import WRITING
from pilotwork.sql import HasRow
from units.models import Membership, organisations_of

UNIT, PARTNER = "pairing__pilot_unit__organisation", "pairing__partner"


# --- What waits -----------------------------------------------------------------------------------


def acts_for(side):
    """The condition that anybody with an account in use acts for the side."""
    acting = Membership.objects.current().filter(user__is_active=True)
    organisation = OuterRef(UNIT if side == Side.UNIT else PARTNER)
    return Q(HasRow(acting.filter(organisation=organisation)))


def is_of(side, user):
    """The condition that `user` acts for the side."""
    organisation = "pilot_unit__organisation" if side == Side.UNIT else "partner"
    own = Pairing.objects.filter(**{f"{organisation}__in": organisations_of(user)})
    return Q(pairing__in=own.order_by().values("pk"))


def of_pairs_of(user):
    """The condition that a row is of a pair on either side of which `user` acts."""
    own = organisations_of(user)
    pairs = Pairing.objects.order_by().values("pk")
    of_units = pairs.filter(pilot_unit__organisation__in=own)
    return Q(pairing__in=of_units.union(pairs.filter(partner__in=own)))


def entered_by_side(condition):
    """`condition(side)` for the side that entered a row."""
    return Q(entered_side=Side.UNIT) & condition(Side.UNIT) | Q(
        entered_side=Side.PARTNER
    ) & condition(Side.PARTNER)


def awaits_side(condition):
    """`condition(side)` for the side that has to confirm a row."""
    return Q(entered_side=Side.UNIT) & condition(Side.PARTNER) | Q(
        entered_side=Side.PARTNER
    ) & condition(Side.UNIT)


def to_confirm(kind):
    """Rows that the person's side has to confirm: none that he wrote, none of a pair of his own."""

    def waiting(user):
        written = TransitionLog.objects.filter(
            content_type=ContentType.objects.get_for_model(kind),
            object_id=OuterRef("pk"),
            by=user,
            verb__in=WRITING,
        )
        return kind.objects.filter(
            of_pairs_of(user),
            awaits_side(lambda side: is_of(side, user)),
            ~entered_by_side(lambda side: is_of(side, user)),
            ~Exists(written),
            state=JointState.RECORDED,
        )

    return waiting


def to_correct(kind):
    """Rows of the person's side to which the other side objects."""

    def waiting(user):
        own = entered_by_side(lambda side: is_of(side, user))
        return kind.objects.filter(of_pairs_of(user), own, state=JointState.DISPUTED)

    return waiting


def to_confirm_on_behalf(kind):
    """Rows whose other side has no account, which `user` may confirm for it."""

    def waiting(user):
        if Duty.REVIEWER not in user.duties:
            return kind.objects.none()
        rows = kind.objects.filter(~awaits_side(acts_for), pk=OuterRef("pk"))
        free = rows.without_conflict(user, Act.REVIEW).exclude(is_of(Side.PARTNER, user))
        # Row by row, so that those that wait longest are looked at first and no more than are shown.
        return kind.objects.filter(HasRow(free), state=JointState.RECORDED)

    return waiting


# --- How it is shown ------------------------------------------------------------------------------


def load_seminars(ids):
    """Seminars with both sides, in one query."""
    return Seminar.objects.filter(pk__in=ids).select_related(UNIT, PARTNER)


def load_agreements(ids):
    """Agreements with both sides, in one query."""
    return Agreement.objects.filter(pk__in=ids).select_related(UNIT, PARTNER)


def show(kind, joint):
    """The Item of a seminar or an agreement."""
    noun = joint._meta.model_name
    return Item(
        matter=joint,
        verb=kind.verb,
        tone=kind.tone,
        state=kind.state,
        title=f"{joint._meta.verbose_name}：{joint.title}",
        url=reverse(f"pairings:{noun}", args=[joint.pk]),
        action_label=kind.action,
        action_url=reverse(f"pairings:act_on_{noun}", args=[joint.pk, kind.verb]),
        detail=str(joint.pairing),
        since=joint.state_since,
        primary=kind.primary,
    )


KINDS = [
    kind
    for model, place, load in (
        (Seminar, "pairings:seminars", load_seminars),
        (Agreement, "pairings:agreements", load_agreements),
    )
    for kind in (
        Kind("confirm", place, to_confirm(model), load, show, "待确认", "确认", primary=True),
        Kind("correct", place, to_correct(model), load, show, "对方有异议", "更正", tone="a"),
        Kind(
            "confirm_on_behalf",
            place,
            to_confirm_on_behalf(model),
            load,
            show,
            "待代对方确认",
            "代确认",
        ),
    )
]
