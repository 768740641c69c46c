"""What waits for people in the mentors room, derived from the transitions they may take now.

The reminder of a week without a visit says in SQL, for the present week and the units of one
mentor, what `mentors.weeks.state_of` says; a test holds the two against each other.
"""

import datetime as dt

from django.db.models import (
    Case,
    DateTimeField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse

from accounts.models import Act, Duty
from accounts.todo import Item, Kind
from mentors.models import (
    Difficulty,
    DifficultyState,
    Document,
    DocumentKind,
    DocumentState,
    ExcusedWeek,
    ExcuseState,
    MentorAssignment,
    Visit,
    VisitState,
    units_belonging_to,
    units_guided_by,
    units_served_by,
)
from mentors.ties import ties_of
from pilotwork import clock
from pilotwork.templatetags.pilotwork import cn_date, cn_full_date
from pilotwork.workdays import is_workday, week_of
from units.loading import WithUnit
from units.models import PilotUnit, ProgrammeState, UnitState, WorkingDayOverride

WEDNESDAY = 2
DAY = dt.timedelta(days=1)
# How long before the pilot's end its plan and summary report are asked for.
NOTICE = dt.timedelta(days=30)
# What was never brought to an end does not keep a programme from being archived, and waits no more.
IN_AN_ARCHIVE = Q(pilot_unit__programme__state=ProgrammeState.ARCHIVED)


# --- What waits -----------------------------------------------------------------------------------


def of_own_unit(user):
    """The condition that a row is about a unit that `user` is a member of."""
    return Q(pilot_unit__in=units_belonging_to(user))


def of_guided_unit(user):
    """The condition that a row is about a unit that `user` guides today."""
    return Q(pilot_unit__in=units_guided_by(user))


def documents_to_confirm(user):
    """Uploaded documents that `user` may confirm."""
    if Duty.REVIEWER not in user.duties:
        return Document.objects.none()
    waiting = Document.objects.filter(state=DocumentState.UPLOADED)
    return waiting.without_conflict(user, Act.REVIEW)


def visits_to_confirm(user):
    """Visits entered too late that `user` may confirm: none that he made or entered himself."""
    if Duty.REVIEWER not in user.duties:
        return Visit.objects.none()
    waiting = Visit.objects.filter(state=VisitState.LATE).exclude(Q(visitor=user))
    return waiting.exclude(recorded_by=user).without_conflict(user, Act.REVIEW)


def excuses_to_agree(user):
    """Weeks asked to be excused to which `user` may consent."""
    if user.duties.isdisjoint({Duty.REVIEWER, Duty.APPROVER}):
        return ExcusedWeek.objects.none()
    waiting = ExcusedWeek.objects.filter(state=ExcuseState.ASKED)
    return waiting.without_conflict(user, Act.REVIEW)


def difficulties_to_confirm(user):
    """Difficulties of the own unit that the mentor reports as solved."""
    if not ties_of(user).is_member:
        return Difficulty.objects.none()
    return Difficulty.objects.filter(of_own_unit(user), state=DifficultyState.SOLVED)


def difficulties_to_solve(user):
    """Difficulties of guided units that are not solved yet."""
    if not ties_of(user).is_mentor:
        return Difficulty.objects.none()
    unsolved = Difficulty.objects.filter(of_guided_unit(user), state=DifficultyState.RAISED)
    return unsolved.exclude(IN_AN_ARCHIVE)


def documents_to_correct(user):
    """Documents of the own unit that the reviewer returned."""
    if not ties_of(user).is_member:
        return Document.objects.none()
    returned = Document.objects.filter(of_own_unit(user), state=DocumentState.RETURNED)
    return returned.exclude(IN_AN_ARCHIVE)


def units_to_visit(user):
    """Guided units whose present week is due and has no visit yet; from Wednesday on."""
    monday = week_of(clock.today())
    waits_since = Value(_midnight(monday), output_field=DateTimeField())
    units = PilotUnit.objects.annotate(due_since=waits_since)
    if clock.today().weekday() < WEDNESDAY or not ties_of(user).is_mentor:
        return units.none()
    here = {"pilot_unit": OuterRef("pk")}
    visited = Visit.objects.counting().filter(**here, week=monday)
    excused = ExcusedWeek.objects.agreed().filter(**here, week=monday)
    in_force = sum((_counts_in_force(monday + DAY * n) for n in range(7)), Value(0))
    return (
        units.filter(pk__in=units_guided_by(user))
        .filter(~Exists(visited), ~Exists(excused))
        .annotate(in_force=in_force)
        .filter(in_force__gte=F("programme__min_working_days"))
    )


def _midnight(day):
    """The moment at which `day` begins in Shanghai."""
    return dt.datetime.combine(day, dt.time.min, clock.SHANGHAI)


def _counts_in_force(day):
    """1 for the units for which `day` is a working day inside the pilot and an assignment, else 0."""
    corrected = WorkingDayOverride.objects.filter(day=day).values("is_workday")
    worked = Coalesce(Subquery(corrected), Value(is_workday(day, {})))
    assigned = MentorAssignment.objects.filter(pilot_unit=OuterRef("pk"), starts_on__lte=day)
    still_runs = Q(programme__ended_on=None) | Q(programme__ended_on__gte=day)
    inside = Q(
        Q(left_on=None) | Q(left_on__gte=day),
        still_runs,
        joined_on__lte=day,
        programme__starts_on__lte=day,
        programme__ends_on__gte=day,
    )
    return Case(
        When(inside & Q(worked) & Q(Exists(assigned.exclude(ends_on__lt=day))), then=1),
        default=0,
        output_field=IntegerField(),
    )


def units_without(kind):
    """Units of the person, as member or mentor, that owe a document at the end of the pilot."""

    def waiting(user):
        ties = ties_of(user)
        if not (ties.is_member or ties.is_mentor):
            return PilotUnit.objects.none()
        own = PilotUnit.objects.filter(pk__in=units_served_by(user))
        uploaded = Document.objects.filter(pilot_unit=OuterRef("pk"), kind=kind)
        near_its_end = Q(programme__ends_on__lte=clock.today() + NOTICE) | Q(
            programme__state=ProgrammeState.ENDED
        )
        units = own.filter(near_its_end, state=UnitState.ACTIVE)
        units = units.exclude(programme__state=ProgrammeState.ARCHIVED)
        # One that was ended before its first day ran for nobody.
        units = units.exclude(programme__ended_on__lt=F("programme__starts_on"))
        due = Cast(Coalesce("programme__ended_on", "programme__ends_on"), DateTimeField())
        return units.filter(~Exists(uploaded)).annotate(due_since=due)

    return waiting


# --- How it is shown ------------------------------------------------------------------------------


load_visits, load_excuses = WithUnit(Visit), WithUnit(ExcusedWeek)
load_difficulties, load_documents = WithUnit(Difficulty), WithUnit(Document)


def load_units(ids):
    """Units with what their reminders say, in one query.

    `is_elsewhere` says that the organisation takes part in another programme too.
    """
    others = PilotUnit.objects.not_archived().filter(organisation=OuterRef("organisation"))
    units = PilotUnit.objects.annotate(is_elsewhere=Exists(others.exclude(pk=OuterRef("pk"))))
    return units.filter(pk__in=ids).select_related("organisation", "programme")


def _item(kind, matter, url, action_url, **parts):
    return Item(
        matter=matter,
        verb=kind.verb,
        tone=kind.tone,
        state=kind.state,
        url=url,
        action_label=kind.action,
        action_url=action_url,
        primary=kind.primary,
        **parts,
    )


def shown(noun, title):
    """The function that makes the Item of a matter whose URLs are `noun` and `act_on_<noun>`."""

    def show(kind, matter):
        return _item(
            kind,
            matter,
            reverse(f"mentors:{noun}", args=[matter.pk]),
            reverse(f"mentors:act_on_{noun}", args=[matter.pk, kind.verb]),
            title=title(matter),
            detail=str(matter.pilot_unit),
            since=matter.state_since,
        )

    return show


show_visit = shown("visit", lambda visit: f"{cn_date(visit.visited_on)}走访（补录）")
show_excuse = shown("excuse", lambda excuse: f"{cn_date(excuse.week)}起一周免访")
show_difficulty = shown("difficulty", str)
show_document = shown("document", lambda document: document.get_kind_display())


def show_unvisited(kind, unit):
    """A unit not visited this week; the click opens the visit form."""
    return _item(
        kind,
        unit,
        reverse("reports:unit", args=[unit.pk]),
        reverse("mentors:record_visit", args=[unit.pk]),
        title=str(unit),
        detail=f"本周还没有实地走访{f' · {unit.programme}' if unit.is_elsewhere else ''}",
        since=week_of(clock.today()),
    )


def shown_as_missing(document_kind):
    """The function that makes the Item of a unit that owes a document of this kind."""

    def show(kind, unit):
        last = unit.programme.last_day
        over = last < clock.today()
        return _item(
            kind,
            unit,
            reverse("reports:unit", args=[unit.pk]),
            reverse("mentors:upload_document", args=[unit.pk, document_kind]),
            title=f"{DocumentKind(document_kind).label}尚未上传",
            detail=f"{unit} · {unit.programme if unit.is_elsewhere else '试点'}于 {cn_full_date(last)}结束",
            since=last if over else None,
        )

    return show


KINDS = [
    Kind(
        "confirm",
        "mentors:documents",
        documents_to_confirm,
        load_documents,
        show_document,
        "待确认",
        "确认",
        primary=True,
    ),
    Kind(
        "confirm",
        "mentors:visits",
        visits_to_confirm,
        load_visits,
        show_visit,
        "补录待确认",
        "确认",
        primary=True,
    ),
    Kind(
        "agree",
        "mentors:excuses",
        excuses_to_agree,
        load_excuses,
        show_excuse,
        "免访待同意",
        "同意",
        primary=True,
    ),
    Kind(
        "confirm",
        "mentors:difficulties",
        difficulties_to_confirm,
        load_difficulties,
        show_difficulty,
        "待单位确认",
        "确认",
        primary=True,
    ),
    Kind(
        "solve",
        "mentors:difficulties",
        difficulties_to_solve,
        load_difficulties,
        show_difficulty,
        "待解决",
        "报告已解决",
    ),
    Kind(
        "upload",
        "mentors:documents",
        documents_to_correct,
        load_documents,
        show_document,
        "退回修改",
        "上传新版本",
        tone="a",
    ),
    Kind(
        "",
        "mentors:visits",
        units_to_visit,
        load_units,
        show_unvisited,
        "本周待走访",
        "记录走访",
        tone="a",
        primary=True,
        since="due_since",
    ),
    *(
        Kind(
            "",
            "mentors:documents",
            units_without(document_kind),
            load_units,
            shown_as_missing(document_kind),
            state,
            "上传",
            tone="a",
            since="due_since",
        )
        for document_kind, state in [
            (DocumentKind.PLAN, "缺实施方案"),
            (DocumentKind.SUMMARY, "缺总结报告"),
        ]
    ),
]
