"""What the desk pages of the five ones share: the page of one matter, and whose units one writes."""

from django.db.models import Exists, OuterRef
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse

from accounts.matters import NotPermitted
from accounts.verbs import panel_for, run_verb
from mentors.models import guides
from units.models import PilotUnit, members_of


def with_organisation(units):
    """The units with what the head of a page names."""
    return units.select_related("organisation", "programme")


def own_units(user):
    """The pilot units whose records `user` may write: as member or as mentor of today."""
    return PilotUnit.objects.filter(
        Exists(members_of(OuterRef("organisation"), user)) | Exists(guides(OuterRef("pk"), user))
    ).select_related("organisation")


def guided_units(user):
    """The pilot units that `user` guides today."""
    return PilotUnit.objects.filter(Exists(guides(OuterRef("pk"), user)))


def of_unit(rows):
    """Rows with the unit that their page names and their rules ask."""
    return rows.select_related("pilot_unit__organisation__parent", "pilot_unit__programme")


def require_guide(unit, user, reason):
    """Raises NotPermitted with `reason` unless `user` guides the unit today."""
    if not guides(unit, user).exists():
        raise NotPermitted(reason)


def unit_url(unit):
    """The address of the unit's five ones."""
    return reverse("mentors:unit_file", args=[unit.pk])


def crumbs(unit=None, *further):
    """The way to a page below the five ones, over the unit's where there is one."""
    way = [{"label": "“五个一”", "url": reverse("mentors:five_ones")}]
    if unit is not None:
        way.append({"label": unit.organisation.label, "url": unit_url(unit)})
    return [*way, *further]


def timeline_of(matter):
    """The matter's log, newest first, as components/timeline.html shows it."""
    return [
        {"title": row.label, "text": words_of(row), "who": row.by_name, "when": row.at}
        for row in reversed(matter.log)
    ]


def words_of(row):
    """What a row of the log says besides its label: the opinion, and by which meeting."""
    minutes = f"会议纪要号：{row.minutes_number}" if row.minutes_number else ""
    return "；".join(filter(None, [row.opinion, minutes]))


def matter_page(request, matter, verbs, *, noun, chosen=None, form=None, **context):
    """The page of one matter with what this person may do on it.

    `noun` names its addresses (mentors:<noun>, mentors:act_on_<noun>); `context` brings title, tone
    and facts, and what `template` needs.
    """
    matter.viewer_id = request.user.pk
    panel = panel_for(matter, request.user, verbs, chosen=chosen, form=form)
    context = {
        "matter": matter,
        "unit": matter.pilot_unit,
        "panel": panel,
        "is_chosen": chosen is not None,
        "page_url": reverse(f"mentors:{noun}", args=[matter.pk]),
        "verb_url": f"mentors:act_on_{noun}",
        "timeline": timeline_of(matter),
        **context,
    }
    return render(request, "mentors/matter.html", context)


def act_on(request, matter, verbs, name, *, noun, page):
    """The view of a verb: GET shows the matter's page with its form, POST performs it."""
    if name not in verbs:
        raise Http404("没有这个办理事项。")
    return run_verb(
        request,
        matter,
        verbs[name],
        render=lambda chosen, form: page(request, matter, chosen=chosen, form=form),
        done=lambda result: reverse(f"mentors:{noun}", args=[matter.pk]),
    )
