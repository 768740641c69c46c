"""Past visits that a reviewer enters from a list (DOMAIN, Ledgers: 导入).

Who was there and who enters it are two people: a reviewer who is not tied to the unit and was not
there himself. His entering is the confirmation that a late entry needs, so the visits count at once.
"""

import dataclasses
import datetime as dt

from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts.matters import NotPermitted, record_all
from accounts.models import Act, DutyGrant, User
from mentors.actions.visits import STAND_IN_DUTIES, new_visit_key, require_date
from mentors.models import MentorAssignment, Mode, Visit, VisitState
from mentors.rules import may_import_visit
from mentors.standing import Standing, belongs
from pilotwork import clock
from pilotwork.history import create_all, update_all
from pilotwork.refusals import Refused
from pilotwork.workdays import week_of
from units.models import PilotUnit
from units.models.archiving import require_open

WORDS = ("progress", "problems", "next_step", "companions")
CHANGEABLE = ("mode", *WORDS)


@dataclasses.dataclass
class PastVisit:
    """One visit as the list says it; without a visitor the mentor in force that day was there."""

    pilot_unit: PilotUnit
    visited_on: dt.date
    visitor: User | None = None
    mode: str = Mode.ON_SITE
    progress: str = ""
    problems: str = ""
    next_step: str = ""
    companions: str = ""


@dataclasses.dataclass(frozen=True)
class Position:
    """Where the importing person stands to one visit, as the permission asks it of a matter."""

    standing: Standing
    visitor_id: int

    def standing_of(self, user):
        return self.standing


class PastVisits:
    """What decides on past visits to some units, read once for all of them (three queries)."""

    def __init__(self, units, by):
        self.by = by
        keys = [unit.pk for unit in units]
        tied = PilotUnit.objects.filter(
            Exists(belongs(OuterRef("organisation"), OuterRef("organisation__parent"), by))
        )
        self.tied = set(tied.filter(pk__in=keys).values_list("pk", flat=True))
        self.by_unit, self.by_mentor = {}, {}
        for row in MentorAssignment.objects.select_related("mentor").order_by("-starts_on"):
            self.by_unit.setdefault(row.pilot_unit_id, []).append(row)
            self.by_mentor.setdefault(row.mentor_id, []).append(row)
        self.grants = {}
        for grant in DutyGrant.objects.filter(duty__in=STAND_IN_DUTIES):
            self.grants.setdefault(grant.user_id, []).append(grant)
        own = self.grants.get(by.pk, [])
        self.duties = frozenset(grant.duty for grant in own if _covers(grant, clock.today()))

    def assignment(self, visit):
        """The assignment in force on the day of the visit, or None."""
        rows = self.by_unit.get(visit.pilot_unit.pk, [])
        return next((row for row in rows if _covers(row, visit.visited_on)), None)

    def visitor(self, visit):
        """Who was there: the visitor named, else the mentor of that day; None without either."""
        assignment = self.assignment(visit)
        return visit.visitor or (assignment and assignment.mentor)

    def why_not(self, visit):
        """Why the visit cannot be imported, as (sentence, field), or None.

        A field "" is about the whole row: who enters it.
        """
        try:
            require_date(visit.pilot_unit, visit.visited_on)
        except Refused as refusal:
            return refusal.message, refusal.field
        if self.assignment(visit) is None:
            return "当日该单位没有在任指导员，不能记录走访。", "visited_on"
        if not self._may_have_been_there(visit):
            return "走访人在那一天不是指导员，也没有团县委的审批、初审、财务职责。", "visitor"
        reason = may_import_visit.why_not(self._position(visit), self.by)
        return (reason, "") if reason else None

    def _may_have_been_there(self, visit):
        visitor = self.visitor(visit)
        held = [*self.by_mentor.get(visitor.pk, []), *self.grants.get(visitor.pk, [])]
        return any(_covers(row, visit.visited_on) for row in held)

    def _position(self, visit):
        own = [
            row
            for row in self.by_mentor.get(self.by.pk, [])
            if row.pilot_unit_id == visit.pilot_unit.pk
        ]
        standing = Standing(
            duties=self.duties,
            is_mentor=any(_covers(row, clock.today()) for row in own),
            was_mentor=any(row.binds_since(visit.visited_on) for row in own),
            is_member=visit.pilot_unit.pk in self.tied,
            belongs=visit.pilot_unit.pk in self.tied,
            acts=frozenset(),
        )
        return Position(standing, self.visitor(visit).pk)


def _covers(period, day):
    return period.starts_on <= day and (period.ends_on is None or day <= period.ends_on)


def lock_units(keys):
    """Lock pilot units, in order, so that nobody logs a visit to them until the transaction ends."""
    return list(
        PilotUnit.objects.select_for_update(of=("self",))
        .filter(pk__in=keys)
        .select_related("organisation__parent", "programme")
        .order_by("pk")
    )


@transaction.atomic
def import_visits(visits, *, by):
    """Enter PastVisits; returns the Visits, marked 导入, which count at once.

    For reviewers not tied to the unit who were not there themselves (NotPermitted). Refused for any
    visit as `PastVisits.why_not` says; nothing is entered then.
    """
    lock_units({visit.pilot_unit.pk for visit in visits})
    facts = _checked(visits, by)
    made = create_all([_row(visit, facts, by) for visit in visits], by=by)
    record_all(made, "import", label="导入", act=Act.REVIEW, by=by, is_new=True)
    return made


@transaction.atomic
def correct_imported(corrections, *, by):
    """Say anew what imported visits were like: [(Visit, PastVisit)] of the same unit, day, visitor.

    As `import_visits`; refused too for a visit that was not imported. The history keeps what it
    said before.
    """
    lock_units({visit.pilot_unit.pk for _, visit in corrections})
    _checked([visit for _, visit in corrections], by)
    for row, visit in corrections:
        if not row.is_imported:
            raise Refused("该走访不是导入的，由指导员更正。", stale=True)
        for name in CHANGEABLE:
            setattr(row, name, getattr(visit, name))
    rows = [row for row, _ in corrections]
    update_all(rows, CHANGEABLE, by=by)
    record_all(rows, "import", label="重新导入", act=Act.REVIEW, by=by)
    return rows


def _checked(visits, by):
    facts = PastVisits({visit.pilot_unit for visit in visits}, by)
    require_open(*(visit.pilot_unit.programme for visit in visits))
    for visit in visits:
        reason = facts.why_not(visit)
        if reason and not reason[1]:
            raise NotPermitted(f"{visit.pilot_unit} {visit.visited_on}：{reason[0]}")
        if reason:
            raise Refused(f"{visit.pilot_unit} {visit.visited_on}：{reason[0]}", reason[1])
    return facts


def _row(visit, facts, by):
    days = (clock.today() - visit.visited_on).days
    is_late = days > visit.pilot_unit.programme.backdating_days
    return Visit(
        pilot_unit=visit.pilot_unit,
        assignment=facts.assignment(visit),
        visitor=facts.visitor(visit),
        visited_on=visit.visited_on,
        week=week_of(visit.visited_on),
        key=new_visit_key(),
        recorded_by=by,
        recorded_at=clock.now(),
        state_since=clock.now(),
        began_on=visit.visited_on,
        is_backfilled=days > 0,
        is_imported=True,
        state=VisitState.CONFIRMED if is_late else VisitState.RECORDED,
        **{name: getattr(visit, name) for name in CHANGEABLE},
    )
