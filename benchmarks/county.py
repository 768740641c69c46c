"""A county of any size: the world of the page tests, and as many units, people and records as asked."""

import datetime as dt
import itertools
import uuid

from django.contrib.auth.hashers import make_password
from django.db import connection

from accounts.models import User
from awards.models import BaseQuota, Contribution, Nomination, Reward
from benchmarks.copying import insert, like, numbered
from benchmarks.money import Money
from benchmarks.visits import copy_visits, log_visits, pattern_visits
from funds.models import DuesRecord, Plaque
from mentors.models import (
    Coordination,
    Difficulty,
    Document,
    DocumentKind,
    ExcusedWeek,
    MentorAssignment,
    Research,
    SignatureActivity,
)
from pairings.models import Agreement, Pairing, Seminar
from pilotwork import clock
from pilotwork.money import ZERO
from pilotwork.workdays import week_of
from reports.models import ImportUpload
from tests.pages.world import World
from units.models import (
    Kind,
    Level,
    Membership,
    Organisation,
    PilotProgramme,
    PilotUnit,
    Suggestion,
    new_receipt,
)

# The pilot began so many days ago.
BEGAN = 357
UNITS_OF_A_MENTOR = 10
IMPORTED_ROWS = 2_000


class County:
    """The world of tests/pages with one of everything, to be grown."""

    def __init__(self):
        self.world = World()
        self.story, self.people = self.world.story, self.world.people
        programme = PilotProgramme.objects.filter(pk=self.story.programme.pk)
        programme.update(starts_on=self.story.day(BEGAN))
        self.money = Money(self)
        self.serial, self.titles = 0, itertools.count(1000)
        names = ("王口镇", "顺丰合作社", "大邱庄镇", "恒兴钢业")
        self.own_units, self.units = [self.story.units[name] for name in names], []
        self.patterns = self._patterns()

    def _patterns(self):
        """The matters that are copied; none of them has moved money."""
        unit = self.world.unit
        no_money = {"commitment": None}
        return {
            Seminar: self.world.joint[Seminar],
            Agreement: self.world.joint[Agreement],
            Contribution: self.world.honours.rows[Contribution],
            Nomination: Nomination.objects.filter(cycle=self.world.honours.open, is_extra=False),
            Reward: Reward.objects.filter(state="proposed", **no_money),
            Plaque: Plaque.objects.filter(state__in=["proposed", "declined"], **no_money),
            DuesRecord: DuesRecord.objects.filter(state="recorded", **no_money),
            Document: Document.objects.filter(pilot_unit=unit).order_by("kind", "pk"),
            Difficulty: Difficulty.objects.filter(visit=None),
            ExcusedWeek: ExcusedWeek.objects.filter(pilot_unit=unit),
            Suggestion: Suggestion.objects.from_visitors(),
        }

    def grow(self, *, units, visits, applications, entries):
        """Grow until there are so many in all."""
        added = self._add_units(units - PilotUnit.objects.count())
        self.units += added
        everywhere = [*self.own_units, *self.units]
        self._add_records(added)
        self._add_honours(added)
        self._add_upload(added)
        pattern = pattern_visits(self.story, everywhere[0], visits // len(everywhere) + 1)
        copy_visits(pattern, everywhere[0], [unit.pk for unit in everywhere[1:]])
        log_visits()
        self.money.grow(everywhere, applications, entries)
        with connection.cursor() as cursor:
            # As autovacuum does on a server: statistics, and what is visible to all.
            cursor.execute("VACUUM ANALYZE")

    def _add_units(self, number):
        """New units with a member each, and a mentor for every ten of them."""
        numbers = range(self.serial, self.serial + number)
        self.serial += number
        unusable, joined_on = make_password(None), self.story.day(BEGAN)
        began_at = clock.now() - dt.timedelta(days=BEGAN)
        organisations = insert(numbered(self._organisation(n, "试点") for n in numbers))
        mentors = insert(numbered(self._mentor(n, unusable) for n in numbers[::UNITS_OF_A_MENTOR]))
        members = insert(
            numbered(
                User(username=f"member{n}", name="孙", post=f"第 {n} 团委书记", password=unusable)
                for n in numbers
            )
        )
        insert(
            numbered(
                Membership(user=member, organisation=organisation, starts_on=joined_on)
                for member, organisation in zip(members, organisations, strict=True)
            )
        )
        added = insert(
            numbered(
                PilotUnit(
                    programme=self.story.programme,
                    organisation=organisation,
                    joined_on=joined_on,
                    is_public=n % 2 == 0,
                    state_since=began_at,
                )
                for n, organisation in zip(numbers, organisations, strict=True)
            )
        )
        insert(
            numbered(
                MentorAssignment(
                    pilot_unit=unit, mentor=mentors[n // UNITS_OF_A_MENTOR], starts_on=joined_on
                )
                for n, unit in enumerate(added)
            )
        )
        self._pair(added, numbers)
        return added

    def _mentor(self, n, password):
        return User(username=f"mentor{n}", name="林", post=f"第 {n} 指导员", password=password)

    def _organisation(self, n, word, kind=Kind.TOWN):
        return Organisation(
            name=f"第 {n:04d} {word}团委",
            # Those added later come first on a page, so that much data is what it shows.
            name_key=f"di {9999 - n:04d} {word}",
            level=Level.COMMITTEE,
            kind=kind,
            parent=self.story.organisations["团县委"],
        )

    def _pair(self, units, numbers):
        partners = insert(
            numbered(self._organisation(n, "机关", Kind.ADMINISTRATIVE) for n in numbers)
        )
        pairs = insert(
            numbered(
                Pairing(
                    programme=unit.programme,
                    pilot_unit=unit,
                    partner=partner,
                    starts_on=self.story.day(100),
                )
                for unit, partner in zip(units, partners, strict=True)
            )
        )
        for kind in (Seminar, Agreement):
            like(list(self.patterns[kind]), [*pairs, *pairs], self._joint)

    def _joint(self, pair):
        return {"pairing": pair, "title": f"共建 {next(self.titles)}"}

    def _add_records(self, units):
        """What every unit has, and what the cells of the matrix count."""
        twice = [*units, *units]

        def of_unit(unit):
            return {"pilot_unit": unit}

        for kind, owners in (
            (Document, [unit for unit in units for _ in DocumentKind.values]),
            (Difficulty, twice),
            (Contribution, units),
            (Reward, units[::3]),
        ):
            like(list(self.patterns[kind]), owners, of_unit)
        year = clock.today().year
        like(list(self.patterns[Plaque]), units, of_unit)
        like(
            list(self.patterns[DuesRecord]),
            units,
            lambda unit: {"pilot_unit": unit, "paid": ZERO, "year": year},
        )
        week = week_of(self.story.day(30))
        like(
            list(self.patterns[ExcusedWeek]),
            units,
            lambda unit: {"pilot_unit": unit, "week": week},
        )
        like(
            list(self.patterns[Suggestion]),
            units,
            lambda unit: {"pilot_unit": unit, "receipt": new_receipt()},
        )
        for model in (Research, Coordination, SignatureActivity):
            pattern = model.objects.filter(visit=None).first()
            like_rows = [_of(pattern, unit) for unit in twice]
            insert(numbered(like_rows))

    def _add_honours(self, units):
        """Nominations and quotas in the open cycle, from every unit."""
        cycle = self.world.honours.open
        like(
            list(self.patterns[Nomination]),
            [*units, *units],
            lambda unit: {
                "pilot_unit": unit,
                "organisation": unit.organisation,
                "nominee_name": f"青年 {uuid.uuid4().hex[:8]}",
            },
        )
        insert(
            numbered(
                BaseQuota(cycle=cycle, organisation=unit.organisation, award_type=award, places=3)
                for unit in units
                for award in cycle.types
            )
        )

    def _add_upload(self, units):
        """An upload of dues with a row for each unit, up to 2,000."""
        upload = ImportUpload.objects.filter(kind="dues").order_by("pk").first()
        year = self.story.programme.year
        upload.rows = [
            [number, {"单位": unit.organisation.name, "年度": year - 1, "应上缴（元）": 7}, {}]
            for number, unit in enumerate(units[:IMPORTED_ROWS], start=2)
        ]
        upload.save()


def _of(pattern, unit):
    row = type(pattern).objects.get(pk=pattern.pk)
    row.pk, row.pilot_unit = None, unit
    return row
