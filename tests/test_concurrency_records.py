"""The same record sent twice in one instant is kept once, on both databases."""

import pytest

from accounts.models import User
from mentors.actions.records import coordinate
from mentors.models import Coordination
from pilotwork import clock
from pilotwork.money import to_yuan
from reports.setup.actions import enter_contacts, hand_out
from tests.people import County
from tests.test_concurrency import all_at_once, refusals

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def county(transactional_db):
    return County()


def test_the_same_coordinated_money_sent_by_two_browsers_at_once_is_noted_once(county, race_rounds):
    for number in range(race_rounds):
        typed = {"source": f"县总工会 {number}", "amount": to_yuan("500"), "on": clock.today()}
        calls = [lambda typed=typed: coordinate(county.unit, by=county.mentor, **typed)] * 4
        assert len(refusals(all_at_once(*calls))) == 3
        assert Coordination.objects.filter(source=typed["source"]).count() == 1


def test_the_same_contact_sent_by_two_browsers_at_once_is_made_once(county, race_rounds):
    for number in range(race_rounds):
        row = {"organisation": county.branch, "name": f"填报人{number}", "post": "团支部书记"}
        calls = [lambda row=row: enter_contacts([row], by=county.administrator)] * 4
        assert len(refusals(all_at_once(*calls))) == 3
        assert User.objects.filter(name=row["name"]).count() == 1


@pytest.mark.parametrize("with_codes", [True, False])
def test_slips_handed_out_in_four_windows_at_once_are_of_one_window(
    county, race_rounds, with_codes
):
    for _ in range(race_rounds):
        opened, people = clock.now(), [county.stranger, county.neighbour]
        given = {"by": county.administrator, "with_codes": with_codes, "opened": opened}
        calls = [lambda given=given, people=people: hand_out(people, **given)] * 4
        assert len(refusals(all_at_once(*calls))) == 3
