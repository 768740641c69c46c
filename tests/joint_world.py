"""What pairs do together, for the world of the access table."""

from functools import cached_property

from pairings.actions import pair
from pairings.actions.agreements import enter_agreement
from pairings.actions.joint import confirm, dispute
from pairings.actions.seminars import enter_seminar
from pairings.models import AgreementFile, SeminarPhoto
from pilotwork import clock
from pilotwork.files import Accepted
from tests.factories import (
    MembershipFactory,
    OrganisationFactory,
    PilotUnitFactory,
    UserFactory,
    days_ago,
)
from units.models import Kind

PDF = Accepted("证明.pdf", "application/pdf", b"%PDF-1.7")


class JointWorld:
    """The part of `AccessWorld` that pairs play: seminars, agreements, a pair nobody acts for."""

    def seminar_form(self):
        """A seminar as a browser posts it."""
        today = clock.today()
        return {
            "title": "座谈会",
            "held_on": today,
            "place": "镇",
            "attendees": "双方",
            "minutes": "谈。",
        }

    def agreement_form(self):
        """An agreement as a browser posts it."""
        term = {"signed_on": clock.today(), "starts_on": clock.today(), "ends_on": days_ago(-90)}
        return {"title": "协议", "terms": "护林。", "topics": ["forestry"], **term}

    def _agreement(self, title):
        content = self.agreement_form() | {"title": title, "steps": "", "results": ""}
        return enter_agreement(self.pairing, by=self.partner, **content)

    @cached_property
    def seminar(self):
        content = self.seminar_form() | {"title": "第一次"}
        return enter_seminar(self.pairing, by=self.member, **content)

    @cached_property
    def disputed_seminar(self):
        content = self.seminar_form() | {"title": "第二次"}
        seminar = enter_seminar(self.pairing, by=self.member, **content)
        return dispute(seminar, by=self.partner, opinion="地点有误。")

    @cached_property
    def seminar_photo(self):
        return SeminarPhoto.keep(PDF, by=self.member, seminar=self.seminar)

    @cached_property
    def lonely_pairing(self):
        """A pair whose partner has no account."""
        organisation = OrganisationFactory(parent=self.county_committee)
        office = OrganisationFactory(parent=self.county_committee, kind=Kind.ADMINISTRATIVE)
        unit = PilotUnitFactory(programme=self.programme, organisation=organisation)
        return pair(unit, office, by=self.administrator, starts_on=clock.today())

    @cached_property
    def lonely_seminar(self):
        member = UserFactory(username="lonely", name="孤")
        organisation = self.lonely_pairing.pilot_unit.organisation
        MembershipFactory(user=member, organisation=organisation)
        content = self.seminar_form() | {"title": "独自登记"}
        return enter_seminar(self.lonely_pairing, by=member, **content)

    @cached_property
    def agreement(self):
        return self._agreement("第一份")

    @cached_property
    def agreement_file(self):
        return AgreementFile.keep(PDF, by=self.partner, agreement=self.agreement)

    @cached_property
    def counting_agreement(self):
        return confirm(self._agreement("第二份"), by=self.member)
