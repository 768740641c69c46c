"""周报: one week of the units of the programme shown, on A4."""

from types import SimpleNamespace

import pytest
from django.urls import reverse

from mentors.actions import records
from tests.factories import PilotUnitFactory
from tests.mentors import five_ones
from tests.mentors.phone import client_of
from tests.people import County
from units.actions import end_programme

pytestmark = pytest.mark.django_db
WEEKLY = reverse("mentors:weekly_sheet")


def april(number):
    """A day of April."""
    return five_ones.day(4, number)


def text(person, address):
    """The page's HTML as the person sees it; it must be a page."""
    response = client_of(person).get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_the_weekly_sheet_holds_the_weeks_visits_and_records_of_what_one_may_see():
    with five_ones.living_on(april(22)):
        unit = five_ones.guided_unit(five_ones.day(3, 30))
        mentor = unit.mentor_assignments.get().mentor
        five_ones.visit(unit, april(14))
        records.note_research(unit, by=mentor, summary="流动青年", on=april(15))
        county = County()
        address = f"{WEEKLY}?programme=all&week=2026-04-16"
        sheet = text(county.leader, address)
        assert "看了林地。" in sheet
        assert "调研：流动青年" in sheet
        assert "2026年4月13日至2026年4月19日" in sheet
        assert "看了林地。" not in text(county.neighbour, address)
        assert client_of(county.neighbour).get(f"{address}&unit={unit.pk}").status_code == 404


def test_the_weekly_sheet_names_a_unit_without_records_and_says_how_its_week_stands():
    with five_ones.living_on(april(22)):
        unit = five_ones.guided_unit(five_ones.day(3, 30))
        address = f"{WEEKLY}?unit={unit.pk}&week="
        leader = County().leader
        assert f"{unit}（逾期）" in text(leader, f"{address}2026-04-16")
        assert "本周没有走访和其他记录。" in text(leader, f"{address}2026-04-16")
        five_ones.visit(unit, april(21))
        assert f"{unit}（已走访）" in text(leader, f"{address}2026-04-21")


def test_the_weekly_sheet_says_of_which_programme_a_unit_is_where_it_is_of_several():
    with five_ones.living_on(april(22)):
        first = five_ones.guided_unit(five_ones.day(3, 30))
        leader, address = County().leader, f"{WEEKLY}?programme=all&week=2026-04-16"
        assert f"{first} · {first.programme}" not in text(leader, f"{address}&unit={first.pk}")
        five_ones.guided_unit(april(13))
        assert f"{first} · {first.programme}（逾期）" in text(leader, address)


def test_a_week_of_many_units_is_printed_in_parts_and_nothing_twice(monkeypatch):
    monkeypatch.setattr("mentors.weekly.MOST_UNITS", 2)
    with five_ones.living_on(april(22)):
        units = [five_ones.guided_unit(five_ones.day(3, 30)) for _ in range(3)]
        for unit in units:
            five_ones.visit(unit, april(14))
        client = client_of(County().leader)
        address = f"{WEEKLY}?programme=all&week=2026-04-16"
        numbers = client.get(address).context["parts"]
        parts = [client.get(f"{address}&part={part}").context["entries"] for part in numbers]
        assert {len(entries) for entries in parts[:-1]} == {2}
        shown = [entry for entries in parts for entry in entries]
        assert len({entry.unit for entry in shown}) == len(shown)
        assert [entry.unit for entry in shown if entry.visits] == units
        assert sum(len(entry.visits) for entry in shown) == 3


# --- Programmes -----------------------------------------------------------------------------------


@pytest.fixture
def two():
    """Two programmes in April, the organisation of the first one's unit in both; a leader reads."""
    with five_ones.living_on(april(22)):
        old = five_ones.guided_unit(five_ones.day(3, 2))
        new = five_ones.guided_unit(april(13))
        again = PilotUnitFactory(
            programme=new.programme, organisation=old.organisation, joined_on=april(13)
        )
        yield SimpleNamespace(county=County(), old=old, new=new, again=again)


def sheet(two, week, **query):
    """The context of the leader's sheet of the week of a day."""
    return client_of(two.county.leader).get(WEEKLY, {"week": week.isoformat(), **query}).context


def units_on(context):
    return {entry.unit for entry in context["entries"]}


def test_the_weekly_sheet_is_of_the_programme_at_the_top_of_the_page(two):
    week = april(14)
    five_ones.visit(two.old, week)
    for programme, units in [
        (two.old.programme, {two.old}),
        (two.new.programme, {two.new, two.again}),
    ]:
        assert units_on(sheet(two, week, programme=programme.pk)) == units
    assert units_on(sheet(two, week, programme="all")) >= {two.old, two.new, two.again}


def test_the_units_to_choose_from_are_those_of_the_programme_and_none_stands_twice(two):
    def offered(**query):
        return [words for _, words in sheet(two, april(14), **query)["choices"]]

    new = two.new.programme
    labels = sorted([two.new.organisation.label, two.again.organisation.label])
    assert sorted(offered(programme=new.pk)) == labels
    assert sorted(offered(unit=two.new.pk)) == labels
    everywhere = offered(programme="all")
    assert len(everywhere) == len(set(everywhere))
    assert f"{two.old.organisation.label} · {two.old.programme}" in everywhere


def test_choosing_another_week_stays_with_the_programme_that_was_asked_for(two):
    page = text(two.county.leader, f"{WEEKLY}?programme=all")
    assert '<input type="hidden" name="programme" value="all">' in page
    page = text(
        two.county.leader, f"{reverse('mentors:five_ones')}?programme={two.old.programme.pk}"
    )
    assert f'href="{WEEKLY}?programme={two.old.programme.pk}"' in page


def test_an_ended_programme_has_no_weeks_after_its_last_day(two):
    programme = two.old.programme
    with five_ones.living_on(april(15)):
        records.raise_difficulty(
            two.old, by=two.old.mentor_assignments.get().mentor, description="缺灯光"
        )
        end_programme(programme, by=two.county.administrator, opinion="试点结束。")
    with five_ones.living_on(april(29)):
        # What stays open after the end is no week's any more.
        records.raise_difficulty(
            two.old, by=two.old.mentor_assignments.get().mentor, description="总结报告缺数"
        )
        for day, units in [(april(13), {two.old}), (april(20), set()), (april(27), set())]:
            assert units_on(sheet(two, day, programme=programme.pk)) == units
            assert units_on(sheet(two, day, unit=two.old.pk)) == units
