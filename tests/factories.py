"""Rows that tests need around the matter they are about; the matter itself comes from verbs."""

import datetime as dt

import factory
from factory.django import DjangoModelFactory

from accounts.models import DutyGrant, User
from funds.models import AccountKind, FundAccount
from mentors.models import MentorAssignment
from pilotwork import clock
from units.models import Kind, Level, Membership, Organisation, PilotProgramme, PilotUnit

PASSWORD = "an-honest-password-2026"
LONG_AGO = 60  # days; before anything that a test does


def days_ago(days):
    """The date so many days before today."""
    return clock.today() - dt.timedelta(days=days)


class UserFactory(DjangoModelFactory):
    """A person; `duties` gives duties that began long ago and have no end."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"person{n}")
    name = factory.Sequence(lambda n: f"张{n}")
    password = factory.django.Password(PASSWORD)

    @factory.post_generation
    def duties(self, create, extracted, **kwargs):
        for duty in extracted or ():
            DutyGrant.objects.create(user=self, duty=duty, starts_on=days_ago(LONG_AGO))


class OrganisationFactory(DjangoModelFactory):
    class Meta:
        model = Organisation

    name = factory.Sequence(lambda n: f"第{n}团委")
    level = Level.COMMITTEE
    kind = Kind.TOWN
    payee_name = factory.SelfAttribute("name")
    payee_bank = "县农商银行"
    payee_account = factory.Sequence(lambda n: f"6210 {n:04d}")


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    starts_on = factory.LazyFunction(lambda: days_ago(LONG_AGO))


class PilotProgrammeFactory(DjangoModelFactory):
    class Meta:
        model = PilotProgramme

    name = factory.Sequence(lambda n: f"第{n}次基层团建试点")
    starts_on = factory.LazyFunction(lambda: days_ago(LONG_AGO))
    ends_on = factory.LazyFunction(lambda: days_ago(-300))
    year = factory.LazyAttribute(lambda programme: programme.starts_on.year)


class PilotUnitFactory(DjangoModelFactory):
    class Meta:
        model = PilotUnit

    programme = factory.SubFactory(PilotProgrammeFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    joined_on = factory.SelfAttribute("programme.starts_on")


class MentorAssignmentFactory(DjangoModelFactory):
    class Meta:
        model = MentorAssignment

    pilot_unit = factory.SubFactory(PilotUnitFactory)
    mentor = factory.SubFactory(UserFactory)
    starts_on = factory.LazyFunction(lambda: days_ago(LONG_AGO))


class FundAccountFactory(DjangoModelFactory):
    """The pilot fund of a programme."""

    class Meta:
        model = FundAccount

    kind = AccountKind.PILOT_FUND
    programme = factory.SubFactory(PilotProgrammeFactory)
    name = factory.Sequence(lambda n: f"试点工作基金{n}")
    code = factory.Sequence(lambda n: f"JJ{n}")
