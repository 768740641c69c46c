"""试点单位: the list of units and their overview, gathered from all rooms."""

from django.db.models import Count, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from funds.models import Application, State
from funds.models.states import GRANTED
from funds.presenters import state_words, tone_of
from mentors.five_ones import with_facts
from mentors.models import MentorAssignment, SignatureActivity, Stage
from pairings.models import Pairing
from pilotwork.lists import page_of
from pilotwork.money import MoneyField, total
from pilotwork.prepared import PreparedRows
from pilotwork.sql import HasRow
from units.models import Organisation, PilotUnit

UNIT_TONES = {"active": "g", "ended": "n", "left": "n"}
LEVEL_TONES = {"national": "g", "city": "a", "pending": "n"}
STAGE_TONES = {Stage.DESIGNED: "n", Stage.HELD: "a", Stage.BRAND: "g"}
NOT_COUNTED = [State.DRAFT, State.WITHDRAWN]
ON_HOME = 10


def with_people(units):
    """Prefetch current mentors and partners and count applications and activities (3 queries)."""
    mentors = MentorAssignment.objects.current_or_ahead().select_related("mentor")
    pairs = Pairing.objects.current_or_ahead().select_related("partner")
    return (
        units.select_related("organisation", "programme")
        .prefetch_related(
            Prefetch("mentor_assignments", mentors, to_attr="current_mentors"),
            Prefetch("pairings", pairs, to_attr="current_pairs"),
        )
        .annotate(
            application_count=_number_of(Application.objects.exclude(state__in=NOT_COUNTED)),
            activity_count=_number_of(SignatureActivity.objects.all()),
        )
        .order_by("organisation__name_key", "pk")
    )


def _number_of(rows):
    """How many of `rows` a unit has, looked up for the units of the page alone."""
    of_unit = rows.filter(pilot_unit=OuterRef("pk")).order_by().values("pilot_unit")
    return Coalesce(Subquery(of_unit.annotate(number=Count("pk")).values("number")), 0)


def overview(programme, user):
    """The programme's first units at a glance for the county's home page, in one query.

    Each with its mentor's name, whether `user` guides it, how many applications it made, what was
    approved in yuan, and the facts of its five ones.
    """
    if programme is None:
        return []
    units = OVERVIEW.fetch(None, {"programme": programme.pk, "user": user.pk})
    for unit in units:
        unit.programme = programme
    return units


def _overview(_, at):
    """The units of `overview`, a queryset."""
    made = Application.objects.filter(pilot_unit=OuterRef("pk")).order_by().values("pilot_unit")
    counted = made.exclude(state__in=NOT_COUNTED).annotate(number=Count("pk"))
    approved = made.annotate(amount=total("approved_amount", filter=Q(state__in=GRANTED)))
    guiding = MentorAssignment.objects.current_or_ahead().filter(pilot_unit=OuterRef("pk"))
    return with_facts(PilotUnit.objects.filter(programme=at.programme)).annotate(
        mentor_name=Subquery(guiding.values("mentor__name")[:1]),
        mentor_post=Subquery(guiding.values("mentor__post")[:1]),
        is_mine=HasRow(guiding.filter(mentor=at.user)),
        application_count=Coalesce(Subquery(counted.values("number")), 0),
        approved=Subquery(approved.values("amount"), output_field=MoneyField()),
    )[:ON_HOME]


OVERVIEW = PreparedRows(_overview, along=("organisation",))


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


def list_actions(programme, user):
    """The links above the list of units that `user` may follow: [{label, url, icon}]."""
    if programme is None or not user.is_county:
        return []
    return [{"label": "试点工作与档案", "url": reverse("reports:archives"), "icon": "download"}]
