"""突出贡献: proposed by the mentor or a reviewer, decided by an approver who is not tied to it."""

import pytest

from accounts.matters import NotPermitted
from awards.actions import contributions
from awards.models import Contribution, ContributionFile
from pilotwork.files import Accepted
from pilotwork.refusals import Refused
from tests.awards.rounds import DEEDS, OPINION
from tests.factories import days_ago

PAPER = Accepted("证书.pdf", "application/pdf", b"%PDF-1.7")


def proposed(county, by=None, **typed):
    return contributions.propose(county.unit, by=by or county.mentor, deeds=DEEDS, **typed)


def test_the_mentor_or_a_reviewer_proposes(county):
    for person in (county.mentor, county.reviewer):
        assert proposed(county, person).state == "proposed"
    for name in ("member", "approver", "former_member", "neighbour", "superuser", "leader"):
        with pytest.raises(NotPermitted):
            proposed(county, county.people[name])
    assert Contribution.objects.count() == 2


def test_the_approver_recognises_or_declines(county):
    first, second = proposed(county), proposed(county, person=" 郑 ·  队长 ")
    assert second.person == "郑 · 队长"
    contributions.recognise(first, by=county.approver, opinion=OPINION, minutes_number="第4号")
    contributions.decline(second, by=county.approver, opinion="依据不足。")
    assert Contribution.objects.recognised().get() == first
    assert [row.verb for row in second.log] == ["propose", "decline"]
    with pytest.raises(Refused, match="已认定"):
        contributions.decline(first, by=county.approver, opinion="依据不足。")


@pytest.mark.parametrize("name", ["mentor", "former_mentor", "staff_member", "parent_member"])
def test_whoever_is_tied_to_the_unit_decides_nothing(county, name):
    contribution = proposed(county, county.reviewer)
    Contribution.objects.update(began_on=days_ago(5))
    person = county.people[name]
    person.is_superuser = True
    person.save()
    for verb in (contributions.recognise, contributions.decline):
        with pytest.raises(NotPermitted, match="回避"):
            verb(contribution, by=person, opinion=OPINION)


def test_whoever_proposed_it_does_not_decide_but_may_take_it_back(county):
    contribution = proposed(county, county.allrounder)
    with pytest.raises(NotPermitted, match="是您提出的"):
        contributions.recognise(contribution, by=county.allrounder, opinion=OPINION)
    with pytest.raises(NotPermitted):
        contributions.withdraw(contribution, by=county.reviewer)
    assert contributions.withdraw(contribution, by=county.allrounder).state == "withdrawn"


@pytest.mark.parametrize("name", ["reviewer", "cashier", "member", "superuser", "retired"])
def test_only_an_approver_decides(county, name):
    with pytest.raises(NotPermitted):
        contributions.recognise(proposed(county), by=county.people[name], opinion=OPINION)


def test_who_sees_a_contribution_sees_its_evidence(county):
    proposed(county, uploads=[PAPER])
    for name, may in [
        ("member", True),
        ("mentor", True),
        ("leader", True),
        ("neighbour", False),
        ("partner", False),
        ("stranger", False),
    ]:
        person = county.people[name]
        assert Contribution.objects.visible_to(person).exists() == may, name
        assert ContributionFile.objects.visible_to(person).exists() == may, name
