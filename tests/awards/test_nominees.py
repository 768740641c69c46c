"""Who is nominated: one name is written one way, an organisation has none, and for whom one enters."""

import pytest

from awards.actions import nominations
from awards.models import Contribution, Nomination
from awards.names import tidy_name
from pilotwork.refusals import Refused
from tests.awards.rounds import draft, nominated, open_cycle, recognised

# --- One name, however it is typed ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" 丁 ·  学生会干部 ", "丁·学生会干部"),
        ("丁・学生会干部", "丁·学生会干部"),
        ("丁･学生会干部", "丁·学生会干部"),
        ("丁 • 学生会干部", "丁·学生会干部"),
        ("丁　学生会干部", "丁 学生会干部"),
        ("丁(学生会干部)", "丁（学生会干部）"),
        ("丁（学生会干部，２班）", "丁（学生会干部，2班）"),
    ],
)
def test_a_name_is_kept_in_one_writing(typed, kept):
    assert tidy_name(typed) == kept


@pytest.mark.parametrize("again", ["丁 · 学生会干部", "丁·学生会干部", "丁・学生会干部"])
def test_the_same_person_is_not_nominated_twice_in_another_writing(county, again):
    cycle = open_cycle(county, places=2)
    nominated(county, cycle, nominee_name="丁 · 学生会干部")
    second = draft(county, cycle, nominee_name=again)
    assert second.nominee_name == "丁·学生会干部"
    with pytest.raises(Refused, match="已被推荐为这个奖项") as caught:
        nominations.submit(second, by=county.member)
    assert caught.value.field == "nominee_name"


def test_a_name_that_was_kept_before_in_another_writing_counts_too(county):
    cycle = open_cycle(county, places=2)
    nominated(county, cycle, nominee_name="丁·学生会干部")
    Nomination.objects.update(nominee_name="丁 · 学生会干部")
    second = draft(county, cycle, nominee_name="丁·学生会干部")
    with pytest.raises(Refused, match="已被推荐为这个奖项"):
        nominations.submit(second, by=county.member)


def test_a_persons_contribution_is_found_in_whatever_writing(county, cycle):
    contribution = recognised(county, person="丁 • 学生会干部")
    assert contribution.person == "丁·学生会干部"
    Contribution.objects.filter(pk=contribution.pk).update(person="丁 · 学生会干部")
    backing = {"is_extra": True, "contribution": contribution}
    assert nominated(county, cycle, nominee_name="丁·学生会干部", **backing).is_extra


@pytest.mark.parametrize("letter", ["㍿", "ﷺ"])
def test_a_name_does_not_grow_by_being_tidied(letter):
    assert tidy_name(letter * 60) == letter * 60
