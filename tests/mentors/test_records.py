"""Research, coordinated money and difficulties, through the verbs."""

import pytest
from django.urls import reverse

from accounts.matters import NotPermitted
from mentors import five_ones
from mentors.actions.records import (
    confirm_difficulty,
    coordinate,
    correct_coordination,
    note_research,
    raise_difficulty,
    receive_coordinated,
    reject_difficulty,
    reword_difficulty,
    solve_difficulty,
)
from mentors.models import Coordination, Difficulty, Research
from pilotwork import clock
from pilotwork.money import to_yuan
from pilotwork.refusals import Refused
from tests.factories import days_ago
from units.models import PilotUnit


def coordinated(county, amount="500", **more):
    """Money found for the county's unit by its mentor."""
    arguments = {"source": "县总工会", "on": days_ago(1)} | more
    return coordinate(county.unit, by=county.mentor, amount=to_yuan(amount), **arguments)


def row(county):
    """The matrix row of the county's unit."""
    units = PilotUnit.objects.filter(pk=county.unit.pk).select_related("programme", "organisation")
    return five_ones.matrix(units)[0]


def cell(county, key):
    """(state, words) of one cell of the county's unit."""
    found = next(cell for cell in row(county).cells if cell.key == key)
    return found.state, found.words


def refused_field(function, *args, **arguments):
    """The field that a verb's refusal names."""
    with pytest.raises(Refused) as caught:
        function(*args, **arguments)
    return caught.value.field


# --- Corrections ------------------------------------------------------------------------------


def test_the_mentor_corrects_coordinated_money_and_the_history_keeps_what_stood_there(county):
    money = coordinated(county, received_on=clock.today())
    typed = {"source": "县总工会", "amount": to_yuan("400"), "on": days_ago(1)}
    corrected = correct_coordination(money, by=county.mentor, purpose="器材", **typed)
    assert (corrected.amount, corrected.received_on) == (to_yuan("400"), None)
    newest, before = corrected.history.all()[:2]
    assert (newest.history_user, before.amount) == (county.mentor, to_yuan("500"))
    assert refused_field(
        correct_coordination, money, by=county.mentor, **typed | {"amount": to_yuan("0")}
    ) == ("amount")
    with pytest.raises(NotPermitted):
        correct_coordination(money, by=county.member, **typed)


def test_the_mentor_corrects_research(client, county):
    research = note_research(county.unit, by=county.mentor, summary="团员流动", on=days_ago(2))
    address = reverse("mentors:correct_research", args=[research.pk])
    client.force_login(county.mentor)
    assert address in client.get(reverse("mentors:research")).content.decode()
    assert "团员流动" in client.get(address).content.decode()
    unit_file = reverse("mentors:unit_file", args=[county.unit.pk])
    assert address in client.get(unit_file).content.decode()
    client.post(address, {"summary": "团员外出务工", "on": str(clock.today())})
    research.refresh_from_db()
    assert (research.summary, research.on) == ("团员外出务工", clock.today())
    assert research.history.count() == 2
    client.force_login(county.member)
    assert address not in client.get(reverse("mentors:research")).content.decode()
    assert address not in client.get(unit_file).content.decode()
    assert client.post(address, {"summary": "改", "on": str(clock.today())}).status_code == 403


def test_a_difficulty_is_said_more_exactly_until_it_is_solved(county):
    difficulty = raise_difficulty(county.unit, by=county.member, description="缺灯")
    difficulty = reword_difficulty(difficulty, by=county.mentor, opinion="广场缺灯")
    assert (difficulty.description, difficulty.log[-1].label) == ("广场缺灯", "更正")
    solve_difficulty(difficulty, by=county.mentor, opinion="装灯", on=clock.today())
    with pytest.raises(Refused):
        reword_difficulty(difficulty, by=county.mentor, opinion="缺电")


# --- Coordinated money ------------------------------------------------------------------------


def test_coordinated_money_counts_once_it_was_received(county):
    promised = coordinated(county)
    assert cell(county, "coordination") == ("under_way", "待到位")
    assert row(county).unit.received_amount == to_yuan("0")
    receive_coordinated(promised, by=county.member, received_on=clock.today())
    assert cell(county, "coordination") == ("done", "1 次")
    assert row(county).unit.received_amount == to_yuan("500")
    coordinated(county, "300.50", received_on=clock.today())
    coordinated(county, "4000")
    assert row(county).unit.received_amount == to_yuan("800.50")


def test_the_same_money_of_the_same_day_is_not_noted_twice(county):
    coordinated(county)
    assert refused_field(coordinated, county) == "source"
    assert Coordination.objects.count() == 1
    other = coordinated(county, source="县农委（第二笔）")
    assert Coordination.objects.count() == 2
    of_the_first = {"source": "县总工会", "amount": to_yuan("500"), "on": other.on}
    assert refused_field(correct_coordination, other, by=county.mentor, **of_the_first) == "source"
    correct_coordination(
        other, by=county.mentor, source=other.source, amount=other.amount, on=other.on
    )


def test_money_is_received_once(county):
    money = coordinated(county, received_on=clock.today())
    with pytest.raises(Refused) as caught:
        receive_coordinated(money, by=county.mentor, received_on=clock.today())
    assert caught.value.stale


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"source": ""}, "source"),
        ({"amount": "0"}, "amount"),
        ({"amount": "-1"}, "amount"),
        ({"on": days_ago(-1)}, "on"),
        ({"received_on": days_ago(-1)}, "received_on"),
        ({"received_on": days_ago(2)}, "received_on"),
    ],
)
def test_incomplete_or_impossible_coordination_is_refused_at_its_field(county, changed, field):
    assert refused_field(coordinated, county, **changed) == field
    assert not Coordination.objects.exists()


def test_only_the_mentor_of_today_coordinates_and_notes_research(county):
    for name in ("former_mentor", "other_mentor", "member", "approver", "superuser"):
        by = county.people[name]
        with pytest.raises(NotPermitted):
            coordinate(county.unit, by=by, source="总工会", amount=to_yuan("1"), on=clock.today())
        with pytest.raises(NotPermitted):
            note_research(county.unit, by=by, summary="调研。", on=clock.today())
    assert not Coordination.objects.exists()
    assert not Research.objects.exists()


def test_money_that_came_in_is_noted_by_the_unit_or_its_mentor_only(county):
    money = coordinated(county)
    for name in ("neighbour", "former_mentor", "cashier"):
        with pytest.raises(NotPermitted):
            receive_coordinated(money, by=county.people[name], received_on=clock.today())


def test_research_is_not_of_the_future(county):
    assert (
        refused_field(
            note_research, county.unit, by=county.mentor, summary="调研。", on=days_ago(-1)
        )
        == "on"
    )
    note_research(county.unit, by=county.mentor, summary="调研。", on=clock.today())
    assert cell(county, "plan") == ("under_way", "调研中")


# --- Difficulties -----------------------------------------------------------------------------


def raised(county, by=None):
    """A difficulty of the county's unit, raised two days ago."""
    return raise_difficulty(
        county.unit, by=by or county.member, description="缺苗。", on=days_ago(2)
    )


def solved(county, difficulty):
    """The mentor reports it as solved today."""
    return solve_difficulty(
        difficulty, by=county.mentor, opinion="联系苗圃，送来 200 株。", on=clock.today()
    )


def test_the_unit_has_the_last_word_on_whether_a_difficulty_is_solved(county):
    difficulty = solved(county, raised(county))
    assert cell(county, "difficulty") == ("under_way", "解决中")
    difficulty = reject_difficulty(difficulty, by=county.member, opinion="只到了一半。")
    assert (difficulty.state, difficulty.solved_on) == ("raised", None)
    assert cell(county, "difficulty") == ("under_way", "解决中")
    difficulty = confirm_difficulty(solved(county, difficulty), by=county.member)
    assert (difficulty.state, difficulty.confirmed_on) == ("confirmed", clock.today())
    assert cell(county, "difficulty") == ("done", "1 件")
    assert [log.verb for log in difficulty.log] == ["raise", "solve", "reject", "solve", "confirm"]
    assert difficulty.log[2].opinion == "只到了一半。"


def test_a_mentor_may_raise_a_difficulty_and_cannot_confirm_it_himself(county):
    difficulty = solved(county, raised(county, by=county.mentor))
    for verb in (confirm_difficulty, reject_difficulty):
        with pytest.raises(NotPermitted):
            verb(difficulty, by=county.mentor, opinion="好。")


def test_nobody_else_raises_a_difficulty_of_the_unit(county):
    for name in ("neighbour", "former_mentor", "other_mentor", "parent_member", "approver"):
        with pytest.raises(NotPermitted):
            raised(county, by=county.people[name])
    assert not Difficulty.objects.exists()


@pytest.mark.parametrize("on", [days_ago(3), days_ago(-1)])
def test_a_difficulty_is_solved_neither_before_it_was_raised_nor_in_the_future(county, on):
    difficulty = raised(county)
    assert (
        refused_field(solve_difficulty, difficulty, by=county.mentor, opinion="送苗。", on=on)
        == "on"
    )
