"""The printed forms of award cycles: 推荐审批表 and 公示."""

from django.urls import reverse

from accounts.models import Act
from awards.models import Nomination, NominationState
from pilotwork.paper.prints import Paper
from units.models import Organisation


def nomination_form(nomination):
    """推荐审批表 with every opinion in its cell and room to sign, seal and date.

    None for a nomination that was taken back: it is not signed.
    """
    if nomination.state == NominationState.WITHDRAWN:
        return None
    decided = {row.act: row for row in nomination.log if row.verb in {"review", "approve"}}
    reason = nomination.passed_over_reason
    context = {
        "nomination": nomination,
        "passed_over": f"越过试点人选的理由：{reason}" if reason else "",
        "review": decided.get(Act.REVIEW),
        "approval": decided.get(Act.APPROVE),
        "is_draft": nomination.state == NominationState.DRAFT,
        "chain_head": nomination.log[-1].digest if nomination.log else "",
        "back_url": reverse("awards:nomination", args=[nomination.pk]),
    }
    return Paper("awards/nomination_print.html", context)


def notice(cycle):
    """公示: who is recommended for what, how long, where to object; None before its posting."""
    if cycle.posted_on is None:
        return None
    nominations = Nomination.objects.recommended().listed_for(cycle)
    county = Organisation.objects.filter(is_county=True).first()
    context = {
        "issuer": county.name if county else "",
        "cycle": cycle,
        "first_day": cycle.first_notice_day,
        "nominations": list(nominations.select_related("organisation")),
        "back_url": reverse("awards:cycle", args=[cycle.pk]),
    }
    return Paper("awards/cycle_print_notice.html", context)
