"""单位档案: everything about one pilot unit, in the order of the five mechanisms.

The page takes at most fifteen queries whatever the number of rows: each section shows the newest
few and leads to all.
"""

import dataclasses
from decimal import Decimal

from django.db.models import Count, Q
from django.urls import reverse

from accounts.matters import label_of
from funds.dues_presenters import TONES as DUES_TONES
from funds.models import Application, DuesRecord, State
from funds.models.states import GRANTED
from funds.owed import STILL_OWED, with_balance_due
from mentors.five_ones import rows_of, with_facts
from mentors.grid import LEGEND, MARKS, cells_shown, grid
from mentors.pages import own_units
from pilotwork.money import total
from pilotwork.templatetags.pilotwork import cn_full_date
from reports.public.rules import SWITCHING_DUTIES
from reports.unit_lines import NEWEST, sections_of
from reports.units import UNIT_TONES, with_looks
from units.models import Membership, PilotUnit

WEEKS_SHOWN = 20
ICONS = {"leave": "x-lg", "finish": "check2-circle", "resume": "arrow-right"}


def with_all(units):
    """The units with their organisation, programme and the facts of their five ones."""
    return with_facts(units.select_related("organisation__parent", "programme"))


@dataclasses.dataclass(frozen=True)
class Sums:
    """A unit's applications in figures: how many, and yuan approved, paid, given back and owed."""

    number: int
    closed: int
    approved: Decimal
    paid: Decimal
    given_back: Decimal
    owed: Decimal


def sums_of(applications):
    """The Sums of applications (a queryset), in one query."""
    rows = with_balance_due(applications).annotate(still_owed=STILL_OWED).order_by()
    return Sums(
        **rows.aggregate(
            number=Count("pk"),
            closed=Count("pk", filter=Q(state=State.CLOSED)),
            approved=total("approved_amount", filter=Q(state__in=GRANTED)),
            paid=total("disbursed"),
            given_back=total("recovered"),
            owed=total("still_owed"),
        )
    )


def unit_file(unit, user):
    """The context of one unit's page for `user`; the unit comes from `with_all`."""
    own = Application.objects.visible_to(user).filter(pilot_unit=unit)
    (row,) = rows_of([unit])
    return {
        "unit": unit,
        "tone": UNIT_TONES[unit.state],
        "facts": organisation_facts(unit),
        "sums": sums_of(own),
        "applications": with_looks(own.with_sums().order_by("-id")[:NEWEST], user),
        "applications_url": f"{reverse('funds:applications')}?unit={unit.pk}",
        "dues": dues_of(unit, user),
        "mentors": list(unit.mentor_assignments.select_related("mentor")[:NEWEST]),
        "members": list(members_of_unit(unit)[:NEWEST]),
        "cells": cells_shown(row),
        "grid": grid([row], WEEKS_SHOWN),
        "tally": row.tally,
        "legend": [(state, MARKS[state]) for state in LEGEND],
        "sections": sections_of(unit, user),
        "pairs": list(unit.pairings.select_related("partner").order_by("-starts_on")[:NEWEST]),
        "crumbs": [{"label": "试点单位", "url": reverse("reports:units")}],
        "actions": unit_actions(unit, user),
    }


def dues_of(unit, user):
    """The dues of the newest years, each with the tone of its state."""
    records = DuesRecord.objects.visible_to(user).filter(pilot_unit=unit).order_by("-year")
    rows = list(records[:NEWEST])
    for row in rows:
        row.tone = DUES_TONES.get(row.state, "a")
    return rows


def members_of_unit(unit):
    """The unit's members, those of today first."""
    memberships = Membership.objects.filter(organisation=unit.organisation_id)
    return memberships.select_related("user").order_by("-starts_on", "-id")


def unit_actions(unit, user):
    """The links beside the unit's name that `user` may follow: [{label, url, icon}]."""
    url = reverse("mentors:unit_file", args=[unit.pk])
    archive = reverse("reports:unit_archive", args=[unit.pk])
    actions = [
        {"label": "“五个一”", "url": url, "icon": "check2-circle"},
        {"label": "下载档案", "url": archive, "icon": "download"},
    ]
    if own_units(user).filter(pk=unit.pk).exists():
        url = reverse("mentors:register_activity", args=[unit.pk])
        actions.append({"label": "登记特色活动", "url": url, "icon": "plus-lg"})
    if not user.duties.isdisjoint(SWITCHING_DUTIES):
        url = reverse("reports:public_page", args=[unit.pk])
        actions.append({"label": "公开页", "url": url, "icon": "eye"})
    if user.is_administrator:
        url = reverse("mentors:change_mentor", args=[unit.pk])
        actions.append({"label": "更换指导员", "url": url, "icon": "person-badge"})
    for name in unit.verbs_for(user):
        url = reverse("units:act_on_unit", args=[unit.pk, name])
        actions.append({"label": label_of(PilotUnit, name), "url": url, "icon": ICONS[name]})
    return actions


def organisation_facts(unit):
    """What is known of the organisation: [{label, value}]."""
    organisation = unit.organisation
    left = [{"label": "最后一天", "value": cn_full_date(unit.left_on)}] if unit.left_on else []
    payee = [organisation.payee_name, organisation.payee_bank, organisation.payee_account]
    return [
        {"label": "类别", "value": organisation.get_kind_display()},
        {"label": "层级", "value": organisation.get_level_display()},
        {"label": "隶属", "value": organisation.parent},
        {"label": "试点级别", "value": unit.get_level_display()},
        {"label": "试点工作", "value": unit.programme},
        {"label": "加入日期", "value": cn_full_date(unit.joined_on)},
        *left,
        {"label": "收款账户", "value": "\n".join(filter(None, payee))},
        {
            "label": "公开页",
            "value": "已开放" if unit.is_public else "未开放",
            "url": reverse("reports:public_page", args=[unit.pk]),
        },
    ]
