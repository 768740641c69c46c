"""The county that the growth benchmark measures is one that the application could have made."""

import pytest

from benchmarks.build import ONE_PAGE
from benchmarks.county import County
from funds.models import Application, Entry
from funds.verify import differences
from mentors.models import Visit
from units.models import PilotUnit

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long, pytest.mark.postgres]


def test_a_county_grows_to_what_is_asked_and_its_books_are_right():
    county = County()
    before = list(differences())
    county.grow(**ONE_PAGE)
    more = {name: number * 2 for name, number in ONE_PAGE.items()}
    county.grow(**more)
    assert PilotUnit.objects.count() == more["units"]
    assert Application.objects.count() >= more["applications"]
    assert Entry.objects.count() >= more["entries"]
    assert Visit.objects.count() >= more["visits"]
    assert list(differences()) == before
