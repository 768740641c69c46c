"""意见建议: everybody may write; the county answers and files."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.matters import NotPermitted
from accounts.todo import items_for
from pilotwork.refusals import Refused
from reports.happenings import happenings_for
from reports.public.actions import close_page, open_page
from tests.people import County
from units.actions import end_programme, file, reply, suggest, suggest_publicly
from units.exports import SUGGESTIONS
from units.models import PilotProgramme, Suggestion, new_receipt
from units.todo import KINDS

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
    page = post(client, county.stranger, reverse("units:suggest"), kind="opinion", text=TEXT)
    suggestion = Suggestion.objects.get()
    assert (suggestion.author, suggestion.kind) == (county.stranger, "opinion")
    assert suggestion.text == TEXT
    assert "已提交" in page.content.decode()
    answer = post(client, county.reviewer, verb_address(suggestion, "reply"), opinion="可以。")
    assert answer.status_code == 200
    client.force_login(county.stranger)
    page = client.get(reverse("units:suggestion", args=[suggestion.pk]))
    assert "可以。" in page.content.decode()


def test_an_empty_suggestion_is_refused_beside_the_field(client, county):
    page = post(client, county.member, reverse("units:suggest"), kind="opinion", text="  ")
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
    address = reverse("reports:act_on_programme", args=[county.programme.pk, "end"])
    assert post(client, county.approver, address, opinion="到期").status_code == 403
    assert post(client, county.administrator, address, opinion="").context["form"].errors
    assert post(client, county.administrator, address, opinion="到期").status_code == 200
    assert PilotProgramme.objects.get().state == "ended"
    with pytest.raises(Refused):
        end_programme(county.programme, by=county.administrator, opinion="再来")


# --- What visitors of the public page say ---------------------------------------------------------


@pytest.fixture
def complaint(county):
    """A complaint that a visitor left on the page of the county's unit, with his telephone."""
    unit = open_page(county.unit, by=county.approver)
    return suggest_publicly(
        unit,
        address="192.0.2.7",
        kind="complaint",
        text="活动室总锁着门。",
        contact="13812345678",
        receipt=new_receipt(),
    )


def test_the_county_sees_what_visitors_say_of_a_unit_and_its_people_do_not(
    client, county, complaint
):
    address = reverse("units:suggestion", args=[complaint.pk])
    everybody = {"reviewer": 200, "leader": 200, "mentor": 200, "administrator": 200}
    everybody |= dict.fromkeys(("member", "staff_member", "neighbour", "partner"), 404)
    for name, status in everybody.items():
        client.force_login(county.people[name])
        answer = client.get(address)
        assert answer.status_code == status, name
        assert ("13812345678" in answer.content.decode()) == (status == 200), name
        listed = client.get(reverse("units:suggestions")).content.decode()
        assert ("活动室总锁着门。" in listed) == (status == 200), name


def test_who_belongs_to_the_unit_does_not_answer_a_complaint_about_it(county, complaint):
    for act in (reply, file):
        with pytest.raises(NotPermitted, match="您所在单位"):
            act(complaint, by=county.staff_member, opinion="没有的事。")
    assert county.staff_member not in complaint.who_can("reply")
    assert complaint.verbs_for(county.staff_member) == []
    assert items_for(KINDS, county.staff_member) == []


def test_the_ledger_says_of_each_its_kind_and_of_which_units_page_a_visitors_is(county, complaint):
    row = SUGGESTIONS.row(complaint, county.approver)
    assert row[1:4] == ("投诉", f"公开页访客 · {county.branch.label}", "活动室总锁着门。")


def test_a_complaint_waits_for_who_may_answer_it_marked_with_its_page(client, county, complaint):
    for name in ("approver", "reviewer", "administrator"):
        (item,) = items_for(KINDS, county.people[name])
        assert item.detail == f"投诉 · 公开页访客 · {county.branch.label}"
    post(client, county.reviewer, verb_address(complaint, "reply"), opinion="已请单位开门。")
    assert items_for(KINDS, county.approver) == []
    client.force_login(county.leader)
    page = client.get(reverse("units:suggestion", args=[complaint.pk])).content.decode()
    assert "公开页访客" in page
    assert "已请单位开门。" in page


def test_what_was_answered_is_no_news_for_the_people_of_the_unit(county, complaint):
    reply(complaint, by=county.reviewer, opinion="已请单位开门。")
    told = {name: happenings_for(county.people[name], 9) for name in ("leader", "staff_member")}
    assert [row.title for row in told["leader"]] == ["活动室总锁着门。"]
    assert told["staff_member"] == []


def test_the_list_tells_visitors_from_people_and_kinds_apart(client, county, suggestion, complaint):
    client.force_login(county.leader)
    for query, found in [
        ({}, [complaint, suggestion]),
        ({"source": "visitors"}, [complaint]),
        ({"source": "people"}, [suggestion]),
        ({"kind": "complaint"}, [complaint]),
        ({"kind": "proposal"}, [suggestion]),
        ({"q": county.branch.name}, [complaint]),
        ({"source": "elsewhere"}, [complaint, suggestion]),
    ]:
        page = client.get(reverse("units:suggestions"), query)
        assert list(page.context["table"].data) == found, query


@pytest.mark.parametrize(
    "changed",
    [{"author": None}, {"contact": "电话"}, {"receipt": "7KQM4XPA9TRE"}],
    ids=["of nobody", "with a contact", "with a receipt"],
)
def test_the_database_knows_no_suggestion_between_a_person_and_a_visitor(county, changed):
    with pytest.raises(IntegrityError), transaction.atomic():
        Suggestion.objects.create(**{"author": county.member, "text": TEXT} | changed)


def test_a_closed_page_takes_nothing(county, complaint):
    unit = close_page(county.unit, by=county.approver)
    with pytest.raises(Refused, match="已经关闭"):
        suggest_publicly(unit, address="", kind="opinion", text=TEXT, receipt=new_receipt())


def test_a_page_that_claims_to_have_shown_what_never_was_is_refused(county):
    with pytest.raises(Refused, match="页面不是最新的"):
        end_programme(county.programme, by=county.administrator, opinion="到期", seen=2**63)
