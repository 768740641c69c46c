"""One named person per duty and tie, and the county they stand in. The relations are fixed:

The pilot unit `unit` is a branch under a town (not under the county); `other_unit` is directly under
the county. A matter of `unit` that `tests.journeys` drafts began five days ago, so that who guided
the unit until three days ago is bound to recuse himself, and who left twenty days ago is not.
"""

import datetime as dt
import uuid

from django.test import override_settings

from accounts.models import Duty, DutyGrant, User
from funds.actions import ledger
from funds.models import Source
from pilotwork import clock
from pilotwork.money import to_yuan
from tests.factories import (
    LONG_AGO,
    FundAccountFactory,
    MembershipFactory,
    MentorAssignmentFactory,
    OrganisationFactory,
    PilotProgrammeFactory,
    PilotUnitFactory,
    UserFactory,
    days_ago,
)
from units.models import Kind, Level, Membership

DECIDING = (Duty.APPROVER, Duty.REVIEWER, Duty.CASHIER)
FUND = to_yuan("10000")
BEGAN = 5  # days ago

# username: what is special about the person; duties besides. No other ties than those written here.
COUNTY_STAFF = {
    "approver": ("审批", [Duty.APPROVER]),
    "second_approver": ("审批", [Duty.APPROVER]),
    "reviewer": ("初审", [Duty.REVIEWER]),
    "cashier": ("财务", [Duty.CASHIER]),
    "allrounder": ("身兼三职", DECIDING),
    "leader": ("领导", [Duty.LEADER]),
    "administrator": ("系统管理", [Duty.ADMINISTRATOR]),
    # Guides `unit` today, with every duty all the same.
    "mentor": ("本单位指导员", DECIDING),
    # Guided `unit` until three days ago, when the matter had begun.
    "former_mentor": ("本单位前任指导员", DECIDING),
    # Guided `unit` until twenty days ago, before the matter began: free to decide.
    "early_mentor": ("更早的指导员", DECIDING),
    # Guides `other_unit`.
    "other_mentor": ("其他单位指导员", DECIDING),
    # Belongs to the town above `unit`.
    "parent_member": ("上级成员", DECIDING),
    # Belongs to `unit` itself, as well as to the county's staff.
    "staff_member": ("本单位成员兼县里职责", DECIDING),
    # Belongs to the county committee: that binds nobody.
    "county_member": ("团县委成员", DECIDING),
}
WITHOUT_DUTY = {
    "member": "本单位成员",
    "neighbour": "其他单位成员",
    "partner": "结对单位成员",
    "stranger": "与此无关",
    "superuser": "超级用户",
    "retired": "职责昨天已结束",
    "coming": "职责明天才开始",
    "switched_off": "账户已停用",
    "former_member": "昨天已不是成员",
}
EVERYBODY = [*COUNTY_STAFF, *WITHOUT_DUTY]


class County:
    """The county of the tests: `county.approver` is a person, `county.unit` a pilot unit."""

    def __init__(self):
        self.people = {}
        # Nobody asks how the county came to be, and its history would take most of the time.
        with override_settings(SIMPLE_HISTORY_ENABLED=False):
            self._staff()
            self._duties()
            self._units()
            self._mentors()
            self._members()
        with clock.at(clock.now() - dt.timedelta(days=30)):
            receive(self, FUND)

    def __getattr__(self, name):
        try:
            return self.__dict__["people"][name]
        except KeyError as error:
            raise AttributeError(name) from error

    def everybody(self):
        """(username, person) of all."""
        return self.people.items()

    def add(self, username, post):
        """One more person, with neither duty nor tie."""
        self.people[username] = UserFactory(
            username=username, name=f"王{len(self.people)}", post=post
        )

    def _staff(self):
        posts = {username: post for username, (post, _) in COUNTY_STAFF.items()} | WITHOUT_DUTY
        for number, (username, post) in enumerate(posts.items()):
            person = UserFactory.build(username=username, name=f"王{number}", post=post)
            person.is_superuser = username == "superuser"
            person.is_active = username != "switched_off"
            self.people[username] = person
        User.objects.bulk_create(self.people.values())

    def _duties(self):
        since_long = {"starts_on": days_ago(LONG_AGO)}
        held = [(username, duties, since_long) for username, (_, duties) in COUNTY_STAFF.items()]
        # People who may not act, for one small reason each.
        held += [
            ("retired", DECIDING, since_long | {"ends_on": days_ago(1)}),
            ("coming", DECIDING, {"starts_on": days_ago(-1)}),
            ("switched_off", DECIDING, {"starts_on": days_ago(9)}),
        ]
        DutyGrant.objects.bulk_create(
            DutyGrant(user=self.people[username], duty=duty, **period)
            for username, duties, period in held
            for duty in duties
        )

    def _units(self):
        self.county_committee = OrganisationFactory(
            name="共青团县委员会", is_county=True, kind=Kind.ADMINISTRATIVE
        )
        self.town = OrganisationFactory(name="沿庄镇团委", parent=self.county_committee)
        self.branch = OrganisationFactory(
            name="顺丰林木种植专业合作社团支部",
            parent=self.town,
            level=Level.BRANCH,
            kind=Kind.COOPERATIVE,
        )
        self.other = OrganisationFactory(name="王口镇团委", parent=self.county_committee)
        self.office = OrganisationFactory(
            name="县林业局团支部", parent=self.county_committee, kind=Kind.ADMINISTRATIVE
        )
        self.programme = PilotProgrammeFactory()
        self.unit = PilotUnitFactory(programme=self.programme, organisation=self.branch)
        self.other_unit = PilotUnitFactory(programme=self.programme, organisation=self.other)
        self.fund = FundAccountFactory(programme=self.programme)

    def _mentors(self):
        for mentor, start, end in [
            (self.early_mentor, LONG_AGO, 20),
            (self.former_mentor, 19, 3),
            (self.mentor, 2, None),
        ]:
            MentorAssignmentFactory(
                pilot_unit=self.unit,
                mentor=mentor,
                starts_on=days_ago(start),
                ends_on=None if end is None else days_ago(end),
            )
        MentorAssignmentFactory(pilot_unit=self.other_unit, mentor=self.other_mentor)

    def _members(self):
        belong = [
            ("member", self.branch, None),
            ("staff_member", self.branch, None),
            ("parent_member", self.town, None),
            ("county_member", self.county_committee, None),
            ("neighbour", self.other, None),
            ("partner", self.office, None),
            ("former_member", self.branch, days_ago(1)),
        ]
        Membership.objects.bulk_create(
            MembershipFactory.build(
                user=self.people[username], organisation=organisation, ends_on=last_day
            )
            for username, organisation, last_day in belong
        )


def receive(county, amount, account=None):
    """Let the cashier book a receipt (yuan) into the fund or `account`; returns the entry."""
    return ledger.receive(
        account or county.fund,
        by=county.cashier,
        amount=to_yuan(amount),
        source=Source.DONATION,
        occurred_on=clock.today(),
        counterparty="县青年企业家协会",
        reference=f"SJ-{uuid.uuid4().hex[:12]}",
    )
