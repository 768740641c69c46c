"""What waits for people in award cycles, derived from the transitions they may take now."""

from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse

from accounts.models import Act, Duty
from accounts.todo import Item, Kind
from awards.models import (
    AwardCycle,
    Contribution,
    ContributionState,
    CycleState,
    Nomination,
    NominationState,
    Objection,
)
from mentors.ties import ties_of
from pilotwork import clock
from pilotwork.templatetags.pilotwork import cn_date
from units.loading import WithUnit
from units.models import members_of


def nominations_in(state):
    """Nominations in a state of cycles that still take them."""
    return Nomination.objects.filter(state=state, cycle__state=CycleState.OPEN)


def nominations_to_review(user):
    """Nominations that `user` may review."""
    if Duty.REVIEWER not in user.duties:
        return Nomination.objects.none()
    return nominations_in(NominationState.NOMINATED).without_conflict(user, Act.REVIEW)


def nominations_to_approve(user):
    """Nominations that `user` may approve."""
    if Duty.APPROVER not in user.duties:
        return Nomination.objects.none()
    return nominations_in(NominationState.REVIEWED).without_conflict(user, Act.APPROVE)


def nominations_to_correct(user):
    """Returned nominations of the own unit, and those that a reviewer entered for others."""
    returned = nominations_in(NominationState.RETURNED)
    own = Q(Exists(members_of(OuterRef("organisation"), user)), is_on_behalf=False)
    if Duty.REVIEWER in user.duties:
        return returned.filter(own | Q(is_on_behalf=True))
    return returned.filter(own) if ties_of(user).is_member else returned.none()


def contributions_to_decide(user):
    """Proposed contributions that `user` may recognise or decline."""
    if Duty.APPROVER not in user.duties:
        return Contribution.objects.none()
    proposed = Contribution.objects.filter(state=ContributionState.PROPOSED)
    return proposed.exclude(proposed_by=user).without_conflict(user, Act.APPROVE)


def objections_to_answer(user):
    """Objections without an answer that `user` may answer: none about organisations he is tied to."""
    objections = Objection.objects.annotate(state_since=F("logged_at"))
    if Duty.REVIEWER not in user.duties:
        return objections.none()
    tied = Nomination.objects.filter(pk=OuterRef("nomination")).tied_to(user)
    return objections.filter(~Exists(tied), handled_at=None)


def cycles_to_conclude(user):
    """Cycles whose notice is over and whose objections are answered, for `user` to announce."""
    if Duty.APPROVER not in user.duties:
        return AwardCycle.objects.none()
    unanswered = Objection.objects.filter(cycle=OuterRef("pk"), handled_at=None)
    tied = Nomination.objects.recommended().filter(cycle=OuterRef("pk")).tied_to(user)
    return AwardCycle.objects.filter(
        ~Exists(unanswered),
        ~Exists(tied),
        state=CycleState.NOTICE,
        notice_ends_on__lt=clock.today(),
    )


# --- How it is shown ------------------------------------------------------------------------------


def load_nominations(ids):
    """Nominations with what their lines say."""
    return Nomination.objects.filter(pk__in=ids).select_related("cycle", "organisation")


load_contributions = WithUnit(Contribution)


def load_objections(ids):
    """Objections with their cycles."""
    return Objection.objects.filter(pk__in=ids).select_related("cycle")


def load_cycles(ids):
    """Cycles, which say everything themselves."""
    return AwardCycle.objects.filter(pk__in=ids)


def _item(kind, matter, *, url, action_url, title, detail, since):
    return Item(
        matter=matter,
        verb=kind.verb,
        tone=kind.tone,
        state=kind.state,
        url=url,
        action_label=kind.action,
        action_url=action_url,
        primary=kind.primary,
        title=title,
        detail=detail,
        since=since,
    )


def show_nomination(kind, nomination):
    """A nomination's line."""
    page = reverse("awards:nomination", args=[nomination.pk])
    return _item(
        kind,
        nomination,
        url=page,
        action_url=reverse("awards:edit_nomination", args=[nomination.pk])
        if kind.verb == "submit"
        else reverse("awards:act_on_nomination", args=[nomination.pk, kind.verb]),
        title=str(nomination),
        detail=f"{nomination.cycle} · {nomination.organisation.label}",
        since=nomination.state_since,
    )


def show_contribution(kind, contribution):
    """A contribution's line."""
    return _item(
        kind,
        contribution,
        url=reverse("awards:contribution", args=[contribution.pk]),
        action_url=reverse("awards:act_on_contribution", args=[contribution.pk, kind.verb]),
        title=str(contribution),
        detail=f"突出贡献 · {contribution.pilot_unit.organisation.label}",
        since=contribution.state_since,
    )


def show_objection(kind, objection):
    """An objection's line."""
    return _item(
        kind,
        objection,
        url=reverse("awards:cycle", args=[objection.cycle_id]),
        action_url=reverse("awards:answer_objection", args=[objection.pk]),
        title=f"异议：{objection}",
        detail=str(objection.cycle),
        since=objection.logged_at,
    )


def show_cycle(kind, cycle):
    """The line of a cycle whose notice is over."""
    return _item(
        kind,
        cycle,
        url=reverse("awards:cycle", args=[cycle.pk]),
        action_url=reverse("awards:act_on_cycle", args=[cycle.pk, kind.verb]),
        title=str(cycle),
        detail=f"公示于{cn_date(cycle.notice_ends_on)}期满",
        since=cycle.notice_ends_on,
    )


NOMINATION = {"place": "awards:cycles", "load": load_nominations, "show": show_nomination}
KINDS = [
    Kind(
        verb="review",
        waiting=nominations_to_review,
        state="推荐待初审",
        action="初审",
        primary=True,
        **NOMINATION,
    ),
    Kind(
        verb="approve",
        waiting=nominations_to_approve,
        state="推荐待审批",
        action="审批",
        primary=True,
        **NOMINATION,
    ),
    Kind(
        verb="submit",
        waiting=nominations_to_correct,
        state="退回修改",
        action="修改",
        tone="a",
        **NOMINATION,
    ),
    Kind(
        verb="recognise",
        place="awards:contributions",
        waiting=contributions_to_decide,
        load=load_contributions,
        show=show_contribution,
        state="突出贡献待认定",
        action="认定",
        primary=True,
    ),
    Kind(
        verb="answer",
        place="awards:cycles",
        waiting=objections_to_answer,
        load=load_objections,
        show=show_objection,
        state="异议待答复",
        action="答复",
        tone="r",
    ),
    Kind(
        verb="conclude",
        place="awards:cycles",
        waiting=cycles_to_conclude,
        load=load_cycles,
        show=show_cycle,
        state="公示期满",
        action="公布结果",
        primary=True,
    ),
]
