"""What waits for people in the funds room, derived from the transitions they may take now.

Each queryset says in SQL what the transition's permission and conditions say about one matter; a
test holds the two against each other.
"""

import datetime as dt

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.urls import reverse

from accounts.models import Act, Duty, TransitionLog
from accounts.todo import Item, Kind
from funds.carry_over_todo import KINDS as CARRY_OVERS
from funds.dues_todo import DUES_KINDS
from funds.models import Application, Change, ChangeState, Closure, State
from funds.models.states import PENDING
from funds.owed import OWES, with_balance_due
from funds.plaque_todo import KINDS as PLAQUES
from mentors.models import units_belonging_to, units_guided_by, units_served_by
from mentors.ties import ties_of
from pilotwork import clock
from pilotwork.sql import HasRow
from pilotwork.templatetags.pilotwork import cn_date
from units.models import PilotUnit, ProgrammeState, UnitState

# Asked of each matter: of so many units joined, few would be looked at.
IN_ACTIVE_PROGRAMME = Q(
    HasRow(
        PilotUnit.objects.filter(
            pk=OuterRef("pilot_unit"),
            state=UnitState.ACTIVE,
            programme__state=ProgrammeState.ACTIVE,
        )
    )
)


# --- What waits -----------------------------------------------------------------------------------


def to_decide(model, duty, act, *conditions, **waiting):
    """Matters in the state `waiting` on which `user`, who must hold `duty`, may do `act`."""

    def query(user):
        if duty not in user.duties:
            return model.objects.none()
        return model.objects.filter(*conditions, **waiting).without_conflict(user, act)

    return query


def of_own_unit(user):
    """Applications of the units that `user` is a member of."""
    return Application.objects.filter(pilot_unit__in=units_belonging_to(user))


def of_guided_units(user):
    """Applications of the units that `user` guides today."""
    return Application.objects.filter(pilot_unit__in=units_guided_by(user))


def log_of_applications(verb):
    """The log rows of `verb` in the application of the outer query."""
    return TransitionLog.objects.filter(
        content_type=ContentType.objects.get_for_model(Application),
        object_id=OuterRef("pk"),
        verb=verb,
    )


def to_pay(state):
    """Matters in `state`, approved or closing, of which a part is still unpaid.

    One state at a time: those that wait longest are then the first in the index.
    """

    def query(user):
        if Duty.CASHIER not in user.duties:
            return Application.objects.none()
        return Application.objects.unpaid().filter(state=state).without_conflict(user, Act.PAY)

    return query


def to_recover(user):
    """A balance is due back that the cashier takes in."""
    if Duty.CASHIER not in user.duties:
        return Application.objects.none()
    return with_balance_due(Application.objects).filter(OWES).without_conflict(user, Act.PAY)


def to_close(user):
    """The closure passed the first check and nothing is due back."""
    if Duty.APPROVER not in user.duties:
        return Application.objects.none()
    reviewed = with_balance_due(Application.objects).filter(state=State.CLOSURE_REVIEWED, owed=0)
    return reviewed.without_conflict(user, Act.APPROVE)


def to_give_opinion_on(user):
    """Applications of guided units on which the mentor has not said anything yet."""
    if not ties_of(user).is_mentor:
        return Application.objects.none()
    said = log_of_applications("mentor_opinion").filter(by=user)
    return of_guided_units(user).filter(~Exists(said), state__in=PENDING)


def to_submit(user):
    """The unit's own drafts."""
    if not ties_of(user).is_member:
        return Application.objects.none()
    return of_own_unit(user).filter(IN_ACTIVE_PROGRAMME, state=State.DRAFT)


def to_resubmit(user):
    """What came back to the unit for correction."""
    if not ties_of(user).is_member:
        return Application.objects.none()
    return of_own_unit(user).filter(IN_ACTIVE_PROGRAMME, state=State.RETURNED)


def has_open_change():
    """Whether a change of the outer query's application waits for a decision."""
    return Exists(Change.objects.open().filter(application=OuterRef("pk")))


# Of an approved application: its closure was returned and is to be filed anew.
SENT_BACK = Exists(Closure.objects.filter(application=OuterRef("pk"), is_active=False))


def to_file_closure_of(user):
    """Something paid, no change open, and paid in full, the activity over or a closure returned."""
    if not ties_of(user).is_member:
        return Application.objects.none()
    done = Q(disbursed__gte=F("reserved") - F("released")) | Q(ends_on__lt=clock.today())
    paid = of_own_unit(user).with_sums().filter(state=State.APPROVED, disbursed__gt=0)
    return paid.filter(~has_open_change(), done | Q(SENT_BACK))


def overdue_without_closure(user):
    """Reminders that the activity is long over: the mentor's, and the unit's while it cannot file."""
    ties = ties_of(user)
    if not (ties.is_member or ties.is_mentor):
        return Application.objects.none()
    cannot_file = Q(disbursed=None) | Q(disbursed__lte=0) | Q(has_open_change())
    own = Application.objects.filter(pilot_unit__in=units_served_by(user))
    overdue = own.with_sums().overdue_for_closure()
    return overdue.filter(Q(pilot_unit__in=units_guided_by(user)) | cannot_file)


def owed_by_own_unit(user):
    """What the unit is still to give back: the cashier takes it in, the unit brings it."""
    if not ties_of(user).is_member:
        return Application.objects.none()
    return with_balance_due(of_own_unit(user)).filter(OWES)


# --- How it is shown ------------------------------------------------------------------------------


def load_applications(ids):
    """Applications with their unit, programme, sums and the last reviewer's name, in one query."""
    reviews = log_of_applications("review").order_by("-number")
    return (
        with_balance_due(Application.objects.filter(pk__in=ids))
        .annotate(reviewed_by=Subquery(reviews.values("by_name")[:1]), was_sent_back=SENT_BACK)
        .select_related("pilot_unit__organisation", "pilot_unit__programme")
    )


def load_changes(ids):
    """Changes with their application and its unit, in one query."""
    return Change.objects.filter(pk__in=ids).select_related("application__pilot_unit__organisation")


def _item(kind, matter, url, action_url, **parts):
    return Item(
        matter=matter,
        verb=kind.verb,
        url=url,
        action_label=kind.action,
        action_url=action_url,
        primary=kind.primary,
        **{"tone": kind.tone, "state": kind.state, "since": matter.state_since, **parts},
    )


def show_application(kind, application, *, amount=None, note="", **parts):
    """An application's line; `amount` in yuan, by default what was approved or asked for."""
    url = reverse("funds:application", args=[application.pk])
    action_url = reverse("funds:act", args=[application.pk, kind.verb]) if kind.verb else url
    if amount is None:
        amount = application.approved_amount or application.requested_amount
    parts = {"action_url": action_url, **parts}
    return _item(
        kind,
        application,
        url,
        title=f"“{application.name}”立项申请",
        amount=amount,
        detail=" · ".join(filter(None, [str(application.pilot_unit), note])),
        **parts,
    )


def show_for_approval(kind, application):
    """With the name of who reviewed it."""
    by = application.reviewed_by
    return show_application(kind, application, note=f"初审：{by} 同意" if by else "")


def show_for_editing(kind, application):
    """The unit's click leads to the form, where it is submitted from."""
    url = reverse("funds:edit_application", args=[application.pk])
    return show_application(kind, application, action_url=url)


def show_unpaid(kind, application):
    """With the amount that is still to be paid."""
    unpaid = application.reserved - application.released - application.disbursed
    note = f"收款：{application.payee_name}"
    return show_application(kind, application, amount=unpaid, note=note)


def show_owed(kind, application):
    """With the balance that is to be recovered."""
    at_end = application.state == State.TERMINATED
    owed = application.owed_at_end if at_end else application.owed
    return show_application(kind, application, amount=owed, note="应退结余")


def show_for_closure(kind, application):
    """Red when the closure is overdue; it waits since the activity ended, not since the approval."""
    grace = dt.timedelta(days=application.programme.closure_grace_days)
    is_overdue = application.ends_on and application.ends_on + grace < clock.today()
    parts = {"tone": "r", "state": "逾期未结项"} if is_overdue else {}
    if application.was_sent_back:
        parts = {"tone": "r" if is_overdue else "a", "state": "结项退回修改"}
    over = application.ends_on and application.ends_on < clock.today()
    note = f"活动于{cn_date(application.ends_on)}结束" if over else "款项已拨付"
    since = application.ends_on if over else application.state_since
    return show_application(kind, application, note=note, since=since, **parts)


def show_change(kind, change):
    """A change's line."""
    application = change.application
    return _item(
        kind,
        change,
        reverse("funds:change", args=[change.pk]),
        reverse("funds:act_on_change", args=[change.pk, kind.verb]),
        title=f"“{application.name}”变更申请",
        detail=str(application.pilot_unit),
    )


def application_kind(verb, waiting, state, action, show=show_application, **look):
    """A Kind of the applications' list."""
    return Kind(verb, "funds:applications", waiting, load_applications, show, state, action, **look)


def change_kind(verb, waiting, state, action, **look):
    """A Kind of changes, counted beside the applications."""
    return Kind(
        verb, "funds:applications", waiting, load_changes, show_change, state, action, **look
    )


REVIEW, APPROVE = (Duty.REVIEWER, Act.REVIEW), (Duty.APPROVER, Act.APPROVE)
KINDS = [
    application_kind(
        "approve",
        to_decide(Application, *APPROVE, IN_ACTIVE_PROGRAMME, state=State.REVIEWED),
        "待审批",
        "审批",
        show_for_approval,
        primary=True,
    ),
    application_kind(
        "review",
        to_decide(Application, *REVIEW, state=State.SUBMITTED),
        "待初审",
        "初审",
        primary=True,
    ),
    application_kind(
        "review_closure",
        to_decide(Application, *REVIEW, state=State.CLOSING),
        "结项待审",
        "结项初审",
        primary=True,
    ),
    application_kind("close", to_close, "结项待批", "结项审批", primary=True),
    *(
        application_kind("pay", to_pay(state), "待拨付", "拨付", show_unpaid, primary=True)
        for state in (State.APPROVED, State.CLOSING)
    ),
    application_kind("recover", to_recover, "待收回", "收回", show_owed, tone="a"),
    application_kind("", owed_by_own_unit, "结余待退", "查看", show_owed, tone="a"),
    application_kind("mentor_opinion", to_give_opinion_on, "待提意见", "提意见"),
    application_kind("submit", to_submit, "草稿", "继续填写", show_for_editing, tone="n"),
    application_kind("resubmit", to_resubmit, "退回修改", "修改", show_for_editing, tone="a"),
    application_kind("file_closure", to_file_closure_of, "待结项", "报送结项", show_for_closure),
    application_kind("", overdue_without_closure, "逾期未结项", "查看", show_for_closure, tone="r"),
    change_kind(
        "approve",
        to_decide(Change, *APPROVE, state=ChangeState.REVIEWED, application__state=State.APPROVED),
        "变更待批",
        "审批",
        primary=True,
    ),
    change_kind(
        "review",
        to_decide(Change, *REVIEW, state=ChangeState.FILED, application__state=State.APPROVED),
        "变更待审",
        "初审",
        primary=True,
    ),
    *PLAQUES,
    *DUES_KINDS,
    *CARRY_OVERS,
]
