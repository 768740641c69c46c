"""The page of one pair, and what the list of pairs says of each."""

from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from mentors.models import MentorAssignment
from pairings.models import Agreement, Seminar, Side
from pairings.pages import ABSENT, PAIRINGS, STATE_TONES, probe
from pairings.rules import may_enter, may_enter_on_behalf
from pilotwork.templatetags.pilotwork import cn_full_date

PRINCIPLES = "共同探索、资源互补、结对发展"
IN_SHORT = 10


def with_numbers(pairings):
    """Pairs, each with how many counting seminars and agreements it has."""
    return pairings.annotate(seminar_count=_number(Seminar), agreement_count=_number(Agreement))


def _number(kind):
    counting = kind.objects.counting().filter(pairing=OuterRef("pk")).order_by()
    grouped = counting.values("pairing").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(grouped, output_field=IntegerField()), 0)


def page_of_pair(pairing, user):
    """The context of a pair's page for `user`."""
    joint = probe(Seminar, pairing, user)
    ended = [{"label": "结束日期", "value": cn_full_date(pairing.ends_on)}]
    mentors = MentorAssignment.objects.current().filter(pilot_unit=pairing.pilot_unit)
    return {
        "pairing": pairing,
        "sides": [_side(joint, side) for side in Side],
        "facts": [
            {"label": "结对日期", "value": cn_full_date(pairing.starts_on)},
            *(ended if pairing.ends_on else []),
            {"label": "原则", "value": PRINCIPLES},
            *(
                {"label": "指导员", "value": assignment.mentor}
                for assignment in mentors.select_related("mentor")
            ),
        ],
        "seminars": _newest(pairing.seminars.all()),
        "agreements": _newest(pairing.agreements.prefetch_related("topics")),
        "query": f"?pairing={pairing.pk}",
        "actions": actions_for(joint, user),
        "crumbs": [PAIRINGS],
    }


def _side(joint, side):
    """One side's name and who acts for it."""
    members = joint.members_of_side(side)
    words = "、".join(map(str, members)) if members else ABSENT
    return {"label": side.label, "organisation": joint.organisations[side], "members": words}


def _newest(rows):
    rows = list(rows[:IN_SHORT])
    for row in rows:
        row.tone = STATE_TONES[row.state]
    return rows


def actions_for(joint, user):
    """The links beside the pair's name that `user` may follow: [{label, url, icon, kind}]."""
    pairing, actions = joint.pairing, []
    if may_enter(joint, user):
        actions += [
            _action(pairing, "登记活动协议", "enter_agreement"),
            _action(pairing, "登记座谈会", "enter_seminar") | {"kind": "primary"},
        ]
    someone_is_absent = any(not joint.members_of_side(side) for side in Side)
    if someone_is_absent and may_enter_on_behalf(joint, user):
        actions += [
            _action(pairing, "代录活动协议", "enter_agreement_on_behalf"),
            _action(pairing, "代录座谈会", "enter_seminar_on_behalf"),
        ]
    if user.is_administrator and pairing.ends_on is None:
        actions.append(_action(pairing, "结束结对", "end") | {"icon": "x-lg"})
    return actions


def _action(pairing, label, name):
    url = reverse(f"pairings:{name}", args=[pairing.pk])
    return {"label": label, "url": url, "icon": "plus-lg"}
