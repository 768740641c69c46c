"""One person: account, duties, memberships and mentorships; and the verbs on memberships."""

from django.conf import settings
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import access
from accounts.forms import EndForm
from accounts.freshness import WHEN_POSTED
from accounts.lockouts import is_locked_out
from accounts.models import User
from accounts.pages import form_page, undoable
from accounts.rules import is_administrator, may_read_people
from accounts.views.people import crumbs
from mentors.forms.people import JoinForm
from units import actions
from units.models import Membership


@access(of=User)
@require_safe
def person(request, person):
    """What a person holds and held; administrators find the verbs here."""
    may_write = request.user.is_administrator
    context = {
        "person": person,
        "crumbs": crumbs() if may_read_people(request.user) else [],
        "grants": person.duty_grants.select_related("granted_by"),
        "memberships": person.memberships.select_related("organisation").order_by("-starts_on"),
        "assignments": person.mentor_assignments.select_related(
            "pilot_unit__organisation", "pilot_unit__programme"
        ).order_by("-starts_on", "-id"),
        "open_code": may_write and person.registration_codes.usable().last(),
        "is_locked": may_write and is_locked_out(person),
        "factor_resets": person.factor_resets.all()[:3],
        "may_write": may_write,
        "is_self": person.pk == request.user.pk,
        "sends_mail": settings.DIGEST_EMAIL,
    }
    return render(request, "mentors/person.html", context)


@access(is_administrator, of=User, fresh=WHEN_POSTED)
@require_http_methods(["GET", "HEAD", "POST"])
def join(request, person):
    """Let a person act for an organisation."""

    def act(organisation, starts_on):
        joined = actions.join(organisation, by=request.user, user=person, starts_on=starts_on)
        back = reverse("mentors:end_membership", args=[joined.pk])
        return undoable(f"{person} 已成为 {organisation} 的成员。", "结束单位成员", back)

    return form_page(
        request,
        JoinForm(request.POST or None),
        act,
        back=person.get_absolute_url(),
        title="加入单位",
        button="登记",
        sub=f"{person} 将代表所选单位填报。",
        crumbs=crumbs(person),
    )


@access(is_administrator, of=Membership)
@require_http_methods(["GET", "HEAD", "POST"])
def end_membership(request, membership):
    """End a membership after a day."""

    def act(ends_on):
        actions.end_membership(membership, by=request.user, ends_on=ends_on)
        return f"{membership.organisation} 成员的结束日期已登记。"

    return form_page(
        request,
        EndForm(request.POST or None),
        act,
        back=membership.user.get_absolute_url(),
        title="结束单位成员",
        button="登记结束",
        tone="danger",
        sub=f"{membership}，此前填报的事项保留原样。",
        crumbs=crumbs(membership.user),
    )
