"""意见建议: everybody may write; the county answers and files."""

import pytest
from django.urls import reverse

from accounts.matters import NotPermitted
from pilotwork.refusals import Refused
from tests.people import County
from units.actions import end_programme, file, reply, suggest
from units.models import PilotProgramme, Suggestion

pytestmark = pytest.mark.django_db
TEXT = "能否晚上开会？"


@pytest.fixture
def county():
    return County()


@pytest.fixture
def suggestion(county):
    return suggest(by=county.member, text=TEXT)


def post(client, person, address, **data):
    """Post `data` as `person` and follow the redirect."""
    client.force_login(person)
    return client.post(address, data, follow=True)


def verb_address(suggestion, verb):
    return reverse("units:act_on_suggestion", args=[suggestion.pk, verb])


def test_anybody_signed_in_may_write_and_reads_the_answer(client, county):
    page = post(client, county.stranger, reverse("units:suggest"), text=TEXT)
    suggestion = Suggestion.objects.get()
    assert (suggestion.author, suggestion.text) == (county.stranger, TEXT)
    assert "已提交" in page.content.decode()
    answer = post(client, county.reviewer, verb_address(suggestion, "reply"), opinion="可以。")
    assert answer.status_code == 200
    client.force_login(county.stranger)
    page = client.get(reverse("units:suggestion", args=[suggestion.pk]))
    assert "可以。" in page.content.decode()


def test_an_empty_suggestion_is_refused_beside_the_field(client, county):
    page = post(client, county.member, reverse("units:suggest"), text="  ")
    assert page.context["form"].errors["text"]
    assert not Suggestion.objects.exists()


def test_everybody_sees_his_own_and_the_county_all(client, county, suggestion):
    for person, seen in [
        (county.member, True),
        (county.leader, True),
        (county.administrator, True),
        (county.neighbour, False),
    ]:
        client.force_login(person)
        page = client.get(reverse("units:suggestions"))
        assert (TEXT in page.content.decode()) == seen, person
        address = reverse("units:suggestion", args=[suggestion.pk])
        assert client.get(address).status_code == (200 if seen else 404)


@pytest.mark.parametrize("name", ["cashier", "leader", "member"])
def test_only_approvers_reviewers_and_administrators_answer(client, county, suggestion, name):
    person = getattr(county, name)
    assert post(client, person, verb_address(suggestion, "reply"), opinion="好").status_code == 403
    with pytest.raises(NotPermitted):
        reply(suggestion, by=person, opinion="好")
    assert Suggestion.objects.get().state == "open"


def test_what_was_filed_cannot_be_answered(client, county, suggestion):
    file(suggestion, by=county.administrator)
    with pytest.raises(Refused):
        reply(suggestion, by=county.approver, opinion="好")
    page = post(client, county.approver, verb_address(suggestion, "reply"), opinion="好")
    assert "不能再“答复”" in page.content.decode()


def test_what_was_typed_stays_when_somebody_was_quicker(client, county, suggestion):
    client.force_login(county.approver)
    page = client.post(verb_address(suggestion, "file"), {"opinion": "已知悉", "seen": "0"})
    assert page.status_code == 200
    assert "已知悉" in page.content.decode()
    assert Suggestion.objects.get().state == "open"


def test_an_unknown_verb_is_not_found(client, county, suggestion):
    client.force_login(county.approver)
    assert client.get(verb_address(suggestion, "erase")).status_code == 404


def test_suggestions_are_found_by_words_and_state(client, county, suggestion):
    suggest(by=county.member, text="希望多办培训。")
    client.force_login(county.leader)
    found = client.get(reverse("units:suggestions"), {"q": "培训", "state": "open"})
    assert [row.text for row in found.context["table"].data] == ["希望多办培训。"]
    none = client.get(reverse("units:suggestions"), {"state": "filed"})
    assert "没有符合条件的意见建议" in none.content.decode()


def test_only_the_administrator_ends_the_programme(client, county):
    address = reverse("units:act_on_programme", args=[county.programme.pk, "end"])
    assert post(client, county.approver, address, opinion="到期").status_code == 403
    assert post(client, county.administrator, address, opinion="").context["form"].errors
    assert post(client, county.administrator, address, opinion="到期").status_code == 200
    assert PilotProgramme.objects.get().state == "ended"
    with pytest.raises(Refused):
        end_programme(county.programme, by=county.administrator, opinion="再来")
