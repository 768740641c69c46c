"""Builds a large county's visits: one unit's in Python, every other unit's copied from it in SQL."""

import datetime as dt
import uuid

from django.contrib.auth.hashers import make_password
from django.contrib.contenttypes.models import ContentType
from django.db import connection

from accounts.models import TransitionLog, User
from mentors.models import (
    Coordination,
    Difficulty,
    MentorAssignment,
    Research,
    SignatureActivity,
    Visit,
)
from pilotwork import clock
from pilotwork.money import to_yuan
from pilotwork.workdays import week_of
from units.models import Kind, Level, Organisation, PilotProgramme, PilotUnit

# The pilot began so many days ago; with 500 visits a unit that is nearly every day, some days twice.
BEGAN = 357
KEYS = {"postgresql": "gen_random_uuid()", "sqlite": "lower(hex(randomblob(16)))"}


class VisitBuilder:
    """Adds units with a mentor each, and their visits, to the demo's programme."""

    def __init__(self, story):
        self.story = story
        self.parent = story.organisations["团县委"]
        PilotProgramme.objects.filter(pk=story.programme.pk).update(starts_on=story.day(BEGAN))
        self.units = []

    def add_units(self, number, visits_each):
        """Add `number` units that have `visits_each` visits each."""
        added = self._add_units(number)
        self._add_records(added)
        self._visit(added[0], visits_each)
        self._copy(added[0], added[1:])
        self._log(Visit, added, ("record", "记录走访", "recorded"), by="recorded_by_id")
        self._log(Difficulty, added, ("confirm", "确认已解决", "confirmed"), by="raised_by_id")
        with connection.cursor() as cursor:
            # As autovacuum does on a server: statistics for the planner, and what is visible to all.
            cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")

    def _add_units(self, number):
        first = len(self.units)
        numbers = range(first, first + number)
        unusable = make_password(None)
        mentors = User.objects.bulk_create(
            User(username=f"mentor{n}", name="林", post=f"第 {n} 指导员", password=unusable)
            for n in numbers
        )
        organisations = Organisation.objects.bulk_create(
            Organisation(
                name=f"第 {n:04d} 试点团委",
                # Units added later come first on a page, so that much data is what it shows.
                name_key=f"di {9999 - n:04d}",
                level=Level.COMMITTEE,
                kind=Kind.TOWN,
                parent=self.parent,
            )
            for n in numbers
        )
        joined_on = self.story.day(BEGAN)
        added = PilotUnit.objects.bulk_create(
            PilotUnit(
                programme=self.story.programme, organisation=organisation, joined_on=joined_on
            )
            for organisation in organisations
        )
        MentorAssignment.objects.bulk_create(
            MentorAssignment(pilot_unit=unit, mentor=mentor, starts_on=joined_on)
            for unit, mentor in zip(added, mentors, strict=True)
        )
        self.units += added
        return added

    def _add_records(self, units):
        """What the other cells of the matrix count."""
        by, on = self.story.people["deputy"], self.story.day(20)
        SignatureActivity.objects.bulk_create(
            SignatureActivity(pilot_unit=unit, name="志愿服务", designed_on=on) for unit in units
        )
        Research.objects.bulk_create(
            Research(pilot_unit=unit, on=on, summary="团员多在外地。", by=by) for unit in units
        )
        Coordination.objects.bulk_create(
            Coordination(
                pilot_unit=unit,
                source="镇政府",
                amount=to_yuan("500"),
                on=on,
                received_on=on,
                by=by,
            )
            for unit in units
        )
        Difficulty.objects.bulk_create(
            Difficulty(
                pilot_unit=unit,
                description="没有活动场地。",
                raised_on=on,
                raised_by=by,
                began_on=on,
                state="confirmed",
            )
            for unit in units
        )

    def _visit(self, unit, number):
        """The pattern: visits of one unit, from yesterday back, then some days a second time."""
        assignment = unit.mentor_assignments.get()
        moment = clock.now() - dt.timedelta(days=1)
        visits = []
        for n in range(number):
            visited_on = self.story.day(1 + n % (BEGAN - 2))
            visits.append(
                Visit(
                    pilot_unit=unit,
                    assignment=assignment,
                    visitor_id=assignment.mentor_id,
                    visited_on=visited_on,
                    week=week_of(visited_on),
                    progress="看了活动场地，和团员座谈，方案正在修改。",
                    next_step="下周再看进度。",
                    key=uuid.uuid4(),
                    recorded_by_id=assignment.mentor_id,
                    recorded_at=moment,
                    state_since=moment,
                    began_on=visited_on,
                )
            )
        Visit.objects.bulk_create(visits)

    def _copy(self, pattern, units):
        """Every visit of the pattern's unit for each of `units`, by its own mentor."""
        if not units:
            return
        own = {
            "key": KEYS[connection.vendor],
            "pilot_unit_id": "a.pilot_unit_id",
            "assignment_id": "a.id",
            "visitor_id": "a.mentor_id",
            "recorded_by_id": "a.mentor_id",
        }
        columns = [f.column for f in Visit._meta.concrete_fields if not f.primary_key]
        names = ", ".join(f'"{column}"' for column in columns)
        values = ", ".join(own.get(column, f'v."{column}"') for column in columns)
        with connection.cursor() as cursor:
            # Day by day over all units, as visits come in.
            cursor.execute(
                f"INSERT INTO mentors_visit ({names}) SELECT {values}"
                " FROM mentors_visit v CROSS JOIN mentors_mentorassignment a"
                " WHERE v.pilot_unit_id = %s AND a.pilot_unit_id BETWEEN %s AND %s"
                " ORDER BY v.visited_on, a.id",
                [pattern.pk, units[0].pk, units[-1].pk],
            )

    def _log(self, model, units, step, *, by):
        """A row of the log for each matter; no page measured here follows the chain of digests."""
        content_type = ContentType.objects.get_for_model(model)
        verb, label, target = step
        same = {
            "content_type_id": content_type.pk,
            "number": 1,
            "verb": verb,
            "label": label,
            "act": "",
            "source": "",
            "target": target,
            "by_name": "林（指导员）",
            "opinion": "",
            "minutes_number": "",
            "details": "{}",
            "digest": "",
        }
        own = {"object_id": "id", "by_id": by, "at": "state_since"}
        names = ", ".join(f'"{column}"' for column in [*same, *own])
        values = ", ".join([*["%s"] * len(same), *own.values()])
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {TransitionLog._meta.db_table} ({names}) SELECT {values}"
                f" FROM {model._meta.db_table} WHERE pilot_unit_id BETWEEN %s AND %s",
                [*same.values(), units[0].pk, units[-1].pk],
            )
