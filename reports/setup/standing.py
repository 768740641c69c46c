"""How far an installation is set up: computed each time from what is there, nothing is stored."""

import dataclasses

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX as UNUSABLE
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.functional import cached_property

from accounts.models import Duty, DutyGrant, RegistrationCode, User
from funds.models import FundAccount, PlannedReceipt
from mentors.coverage import Deciders, coverage
from mentors.models import MentorAssignment
from pairings.models import Pairing
from pilotwork import clock
from units.models import (
    Membership,
    Organisation,
    PilotProgramme,
    PilotUnit,
    ProgrammeState,
    UnitState,
)

# As many rows as somebody fills in at one go; those that follow come when these are done.
SHOWN = 50
DECIDING = {Duty.REVIEWER: "初审", Duty.APPROVER: "审批", Duty.CASHIER: "财务"}


@dataclasses.dataclass(frozen=True)
class Check:
    """One thing a step asks for; what is not `needed` may wait, and says so."""

    words: str
    is_done: bool
    is_needed: bool = True
    missing: str = ""


@dataclasses.dataclass(frozen=True)
class Step:
    """One of the four steps with its checks."""

    name: str
    title: str
    purpose: str
    checks: tuple

    @property
    def url(self):
        return reverse(f"reports:setup_{self.name}")

    @property
    def is_done(self):
        """Whether nothing that is needed is missing."""
        return all(check.is_done for check in self.checks if check.is_needed)

    @property
    def is_begun(self):
        return any(check.is_done for check in self.checks)


def is_incomplete():
    """Whether something is missing without which no application can go all the way (one query).

    Coarser than the steps: a single unit without mentor is said where units are shown.
    """
    active = PilotUnit.objects.filter(
        programme__state=ProgrammeState.ACTIVE, state=UnitState.ACTIVE
    )
    codes = RegistrationCode.objects.usable().filter(user=OuterRef("user"))
    comes_in = Q(user__is_active=True) & (~Q(user__password__startswith=UNUSABLE) | Exists(codes))
    members = Membership.objects.current().filter(comes_in, organisation=OuterRef("organisation"))
    held = DutyGrant.objects.current().filter(comes_in)
    needed = (
        Organisation.objects.filter(is_county=True),
        active.filter(Exists(members)),
        MentorAssignment.objects.all(),
        *(held.filter(duty=duty) for duty in DECIDING),
    )
    flags = {f"has_{number}": Exists(rows) for number, rows in enumerate(needed)}
    under_way = PilotProgramme.objects.filter(state=ProgrammeState.ACTIVE)
    there = PilotProgramme.objects.annotate(is_under_way=Exists(under_way), **flags)
    found = there.order_by().values("is_under_way", *flags).first()
    # Where every pilot has ended, the office knows its way.
    return found is None or (found.pop("is_under_way") and not all(found.values()))


class Standing:
    """Everything the guide says about the installation; each part is read when first asked for."""

    @cached_property
    def county(self):
        """The county committee's own organisation, None before it is recorded."""
        return Organisation.objects.filter(is_county=True).first()

    @cached_property
    def programme(self):
        """The newest programme under way, None without one."""
        active = PilotProgramme.objects.filter(state=ProgrammeState.ACTIVE)
        return active.select_related("fund_account").first()

    @cached_property
    def plans(self):
        """The planned receipts of its fund."""
        return list(PlannedReceipt.objects.filter(account__programme=self.programme))

    @property
    def has_fund(self):
        return self.programme is not None and isinstance(
            getattr(self.programme, "fund_account", None), FundAccount
        )

    @cached_property
    def people(self):
        """Active people with the duties of today and `is_shut_out`: no password, no open code."""
        codes = RegistrationCode.objects.usable().filter(user=OuterRef("pk"))
        member = Membership.objects.current().filter(
            user=OuterRef("pk"), organisation__is_county=False
        )
        people = User.objects.active().annotate(has_code=Exists(codes), is_member=Exists(member))
        people = list(people.with_grants())
        for person in people:
            person.is_shut_out = not person.has_usable_password() and not person.has_code
        return people

    @property
    def county_people(self):
        """Those who act for no other organisation."""
        return [person for person in self.people if not person.is_member]

    def holders(self, duty):
        """Active people who hold the duty today."""
        return [person for person in self.people if duty in person.duties]

    @property
    def can_be_shared_out(self):
        """Whether one reviews, another approves and another than the approver pays."""
        reviewers, approvers, cashiers = (set(self.holders(duty)) for duty in DECIDING)
        return any(reviewers - {one} and cashiers - {one} for one in approvers)

    @cached_property
    def units(self):
        """The units under way with `guide`, `partner` and `has_member`."""
        if self.programme is None:
            return []
        member = Membership.objects.current().filter(organisation=OuterRef("organisation"))
        units = PilotUnit.objects.filter(programme=self.programme, state=UnitState.ACTIVE)
        units = units.annotate(has_member=Exists(member))
        units = list(units.select_related("organisation__parent"))
        open_ones = {"pilot_unit__in": units, "ends_on": None}
        guides = MentorAssignment.objects.filter(**open_ones).select_related("mentor")
        pairs = Pairing.objects.filter(**open_ones).select_related("partner")
        guiding = {row.pilot_unit_id: row for row in guides}
        partners = {row.pilot_unit_id: row.partner for row in pairs}
        for unit in units:
            unit.guided_by = [guiding[unit.pk]] if unit.pk in guiding else []
            unit.guide = guiding[unit.pk].mentor if unit.guided_by else None
            unit.partner = partners.get(unit.pk)
        return units

    @cached_property
    def covers(self):
        """Who can review, approve and pay, unit by unit (mentors.coverage)."""
        deciders = Deciders.of({duty: self.holders(duty) for duty in DECIDING})
        return coverage(self.units, deciders)

    @property
    def gaps(self):
        """The units on which nobody can decide."""
        return [cover for cover in self.covers if cover.gaps]

    @cached_property
    def organisations_without_member(self):
        """Pilot units and their partners nobody acts for yet, in that order."""
        units = [unit.organisation for unit in self.units if not unit.has_member]
        partners = {unit.partner.pk: unit.partner for unit in self.units if unit.partner}
        spoken_for = set(
            Membership.objects.current()
            .filter(organisation__in=partners)
            .values_list("organisation_id", flat=True)
        )
        return units + [one for pk, one in partners.items() if pk not in spoken_for]

    @cached_property
    def shut_out(self):
        """Active people who have neither a password nor an open code."""
        return [one for one in self.people if one.is_shut_out]

    @cached_property
    def never_came(self):
        """Those who can come in by a temporary password or code and have not yet."""
        waiting = (one for one in self.people if one.has_code or one.must_change_password)
        return [one for one in waiting if not one.is_shut_out]

    def offered_to(self, user):
        """Whom `user` may give a password or a code: first the shut out, then who never came."""
        return [one for one in (*self.shut_out, *self.never_came) if one != user]

    @cached_property
    def steps(self):
        """The four Steps in their order."""
        return [self._programme(), self._people(), self._units(), self._accounts()]

    def step(self, name):
        """The Step of that name."""
        return next(step for step in self.steps if step.name == name)

    @property
    def done_count(self):
        return sum(step.is_done for step in self.steps)

    @property
    def is_ready(self):
        """Whether all four steps are done."""
        return self.done_count == len(self.steps)

    @property
    def next_step(self):
        """The first Step that is not done, None when all are."""
        return next((step for step in self.steps if not step.is_done), None)

    def _programme(self):
        checks = (
            Check("本县团委已登记", self.county is not None),
            Check("试点工作已建立", self.programme is not None),
            Check("基金账户已开立", self.has_fund),
            Check("计划入账已填写", bool(self.plans), False, "可以以后在“资金账户”里填"),
        )
        return Step("programme", "试点工作", "名称、依据、起止日期、计划资金和本县团委。", checks)

    def _people(self):
        checks = [
            Check(f"有人{label}", bool(self.holders(duty))) for duty, label in DECIDING.items()
        ]
        shared = Check(
            "相邻环节可由不同的人办理",
            self.can_be_shared_out,
            missing="初审、拨付不能都和审批是同一个人",
        )
        manager = Check(
            "有人担任系统管理", bool(self.holders(Duty.ADMINISTRATOR)), False, "建议两位以上"
        )
        return Step(
            "people", "人员和职责", "团县委谁初审、谁审批、谁管钱。", (*checks, shared, manager)
        )

    def _units(self):
        units = self.units
        without_mentor = sum(unit.guide is None for unit in units)
        without_pair = sum(unit.partner is None for unit in units)
        checks = (
            Check(f"试点单位已登记（{len(units)} 个）", bool(units)),
            Check(
                "每个单位都有指导员",
                bool(units) and not without_mentor,
                missing=f"还有 {without_mentor} 个单位没有" if without_mentor else "",
            ),
            Check(
                "每个单位都有结对单位",
                bool(units) and not without_pair,
                False,
                f"还有 {without_pair} 个单位没有，可以以后再结对" if without_pair else "",
            ),
        )
        return Step("units", "试点单位", "哪些单位参加，隶属于谁，谁指导，和谁结对。", checks)

    def _accounts(self):
        missing = [unit for unit in self.units if not unit.has_member]
        shut_out = self.shut_out
        checks = (
            Check(
                "每个试点单位都有填报人",
                bool(self.units) and not missing,
                missing=f"还有 {len(missing)} 个单位没有" if missing else "",
            ),
            Check(
                "人人都能登录",
                not shut_out and len(self.people) > 1,
                missing=f"还有 {len(shut_out)} 人没有密码或注册码" if shut_out else "",
            ),
        )
        return Step("accounts", "账户发放", "单位填报人，临时密码或注册码，一人一张纸条。", checks)


def first_day(programme):
    """The day from which units entered now take part: the pilot's first."""
    return programme.starts_on if programme else clock.today()
