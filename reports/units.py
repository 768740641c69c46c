"""试点单位: the list of units and one unit's file, gathered from all rooms."""

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from accounts.matters import label_of
from funds.models import Application, State
from funds.presenters import state_words, tone_of
from mentors.actions import may_register_activity
from mentors.five_ones import with_facts
from mentors.models import MentorAssignment, Stage
from pairings.models import Pairing
from pilotwork.lists import page_of
from pilotwork.money import ZERO, MoneyField, total
from pilotwork.templatetags.pilotwork import cn_full_date
from units.models import Organisation, PilotProgramme, PilotUnit

UNIT_TONES = {"active": "g", "ended": "n", "left": "n"}
UNIT_ICONS = {"leave": "x-lg", "finish": "check2-circle", "resume": "arrow-right"}
LEVEL_TONES = {"national": "g", "city": "a", "pending": "n"}
STAGE_TONES = {Stage.DESIGNED: "n", Stage.HELD: "a", Stage.BRAND: "g"}
NOT_COUNTED = [State.DRAFT, State.WITHDRAWN]
COUNTED = ~Q(applications__state__in=NOT_COUNTED)
ON_HOME = 10


def with_people(units):
    """Prefetch current mentors and partners and count applications and activities (3 queries)."""
    mentors = MentorAssignment.objects.current().select_related("mentor")
    pairs = Pairing.objects.current().select_related("partner")
    return (
        units.select_related("organisation", "programme")
        .prefetch_related(
            Prefetch("mentor_assignments", mentors, to_attr="current_mentors"),
            Prefetch("pairings", pairs, to_attr="current_pairs"),
        )
        .annotate(
            application_count=Count("applications", filter=COUNTED, distinct=True),
            activity_count=Count("signature_activities", distinct=True),
        )
        .order_by("organisation__name_key", "pk")
    )


def overview(programme, user):
    """The programme's first units at a glance for the county's home page, in one query.

    Each with its mentor's name, whether `user` guides it, how many applications it made, what was
    approved in yuan, and the facts of its five ones.
    """
    made = Application.objects.filter(pilot_unit=OuterRef("pk")).order_by().values("pilot_unit")
    counted = made.exclude(state__in=NOT_COUNTED).annotate(number=Count("pk"))
    approved = made.annotate(amount=total("approved_amount"))
    guiding = MentorAssignment.objects.current().filter(pilot_unit=OuterRef("pk"))
    return list(
        with_facts(PilotUnit.objects.filter(programme=programme))
        .select_related("organisation", "programme")
        .annotate(
            mentor_name=Subquery(guiding.values("mentor__name")[:1]),
            mentor_post=Subquery(guiding.values("mentor__post")[:1]),
            is_mine=Exists(guiding.filter(mentor=user)),
            application_count=Coalesce(Subquery(counted.values("number")), 0),
            approved=Subquery(approved.values("amount"), output_field=MoneyField()),
        )[:ON_HOME]
    )


def unit_page(units, query, request):
    """One page of the list: units that match `query`, by name; each with its tags' tones."""
    if query:
        units = units.filter(organisation__in=Organisation.objects.matching(query))
    page = page_of(request, with_people(units))
    page.object_list = list(page.object_list)
    for row in page.object_list:
        row.tone, row.level_tone = UNIT_TONES[row.state], LEVEL_TONES[row.level]
    return page


def with_looks(applications, user):
    """A list of the applications, each with the `words` and `tone` of its tag as `user` sees it."""
    rows = list(applications)
    for row in rows:
        row.words, row.tone = state_words(row, user), tone_of(row)
    return rows


def with_organisation(units):
    """The units with what the head of a unit's page names."""
    return units.select_related("organisation__parent", "programme")


def unit_file(unit, user):
    """The context of one unit's page for `user`."""
    own = Application.objects.visible_to(user).filter(pilot_unit=unit)
    applications = with_looks(own.with_sums().order_by("-id"), user)
    activities = list(unit.signature_activities.all())
    for activity in activities:
        activity.tone = STAGE_TONES[activity.stage]
    return {
        "unit": unit,
        "tone": UNIT_TONES[unit.state],
        "facts": organisation_facts(unit),
        "mentors": list(unit.mentor_assignments.select_related("mentor")),
        "pairs": list(unit.pairings.select_related("partner")),
        "applications": applications,
        "approved": sum((a.approved_amount or ZERO for a in applications), ZERO),
        "disbursed": sum((a.disbursed or ZERO for a in applications), ZERO),
        "activities": activities,
        "crumbs": [{"label": "试点单位", "url": reverse("reports:units")}],
        "actions": unit_actions(unit, user),
    }


def list_actions(programme, user):
    """The links above the list of units that `user` may follow: [{label, url, icon}]."""
    if programme is None or "end" not in programme.verbs_for(user):
        return []
    url = reverse("units:act_on_programme", args=[programme.pk, "end"])
    return [{"label": label_of(PilotProgramme, "end"), "url": url, "icon": "check2-circle"}]


def unit_actions(unit, user):
    """The links beside the unit's name that `user` may follow: [{label, url, icon}]."""
    url = reverse("mentors:unit_file", args=[unit.pk])
    actions = [{"label": "“五个一”", "url": url, "icon": "check2-circle"}]
    if may_register_activity(unit, user):
        url = reverse("mentors:register_activity", args=[unit.pk])
        actions.append({"label": "登记特色活动", "url": url, "icon": "plus-lg"})
    if user.is_administrator:
        url = reverse("mentors:change_mentor", args=[unit.pk])
        actions.append({"label": "更换指导员", "url": url, "icon": "person-badge"})
    for name in unit.verbs_for(user):
        url = reverse("units:act_on_unit", args=[unit.pk, name])
        actions.append({"label": label_of(PilotUnit, name), "url": url, "icon": UNIT_ICONS[name]})
    return actions


def organisation_facts(unit):
    """What is known of the organisation: [{label, value}]."""
    organisation = unit.organisation
    payee = [organisation.payee_name, organisation.payee_bank, organisation.payee_account]
    left = [{"label": "最后一天", "value": cn_full_date(unit.left_on)}] if unit.left_on else []
    return [
        {"label": "类别", "value": organisation.get_kind_display()},
        {"label": "层级", "value": organisation.get_level_display()},
        {"label": "隶属", "value": organisation.parent},
        {"label": "试点级别", "value": unit.get_level_display()},
        {"label": "试点工作", "value": unit.programme},
        {"label": "加入日期", "value": cn_full_date(unit.joined_on)},
        *left,
        {"label": "收款账户", "value": "\n".join(filter(None, payee))},
    ]
