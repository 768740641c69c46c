"""Matters of several models are read together as each would be read by itself."""

import pytest
from django.forms import model_to_dict

from funds.models import DuesRecord
from mentors.models import ExcusedWeek, Visit
from tests.mentors.five_ones import FIRST, day, excuse, guided_unit, visit
from units.loading import WithUnit

pytestmark = pytest.mark.django_db


def test_matters_read_together_are_those_that_querysets_read(django_assert_num_queries):
    unit, other = guided_unit(), guided_unit()
    visits = [visit(unit, day(3, 2)), visit(other, day(3, 3)), visit(other, day(3, 4))]
    weeks = [excuse(unit, FIRST)]
    record = {"began_on": FIRST, "payable": "1234.50", "recorded_by": visits[0].visitor}
    dues = [DuesRecord.objects.create(pilot_unit=other, year=2026, **record)]
    wanted = {
        WithUnit(Visit): {visits[0].pk, visits[2].pk},
        WithUnit(ExcusedWeek): {weeks[0].pk},
        WithUnit(DuesRecord): {dues[0].pk, 0},
    }
    with django_assert_num_queries(1):
        found = WithUnit.together(wanted)
        names = {m.pilot_unit.organisation.name for rows in found.values() for m in rows.values()}
    assert names == {unit.organisation.name, other.organisation.name}
    for load, ids in wanted.items():
        asked = load.model.objects.select_related("pilot_unit__organisation").in_bulk(ids)
        assert found[load] == asked
        for pk, matter in asked.items():
            same = found[load][pk]
            assert model_to_dict(same) == model_to_dict(matter)
            assert vars(same).keys() == vars(matter).keys()
            assert same.state_since == matter.state_since
            assert model_to_dict(same.pilot_unit) == model_to_dict(matter.pilot_unit)
