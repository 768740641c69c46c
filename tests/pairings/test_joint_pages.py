"""Pages of pairs: what is shown to whom, entering on the page, lists with sums, paper, to-do."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.todo import items_for
from pairings.actions.agreements import add_results
from pairings.actions.joint import confirm
from pairings.actions.seminars import correct_seminar
from pairings.models import Agreement, Seminar, Topic
from pairings.todo import KINDS
from tests.factories import MembershipFactory, UserFactory, days_ago
from tests.pairings.together import ENTER, OBJECTION, agreement, bring, deal, seminar, talk

STATES = ("recorded", "disputed", "confirmed", "withdrawn")


def opened(client, person, name, *args, **query):
    """The text of a page as `person` reads it."""
    client.force_login(person)
    answer = client.get(reverse(f"pairings:{name}", args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def posted(client, person, name, *args, **data):
    """The answer to a form posted by `person`, after its redirect."""
    client.force_login(person)
    return client.post(reverse(f"pairings:{name}", args=args), data, follow=True)


# --- One pair -------------------------------------------------------------------------------


def test_a_pairs_page_shows_both_sides_the_mentor_and_what_they_did(client, county, pairing):
    bring(county, pairing, Seminar, "confirmed")
    bring(county, pairing, Agreement, "disputed")
    page = opened(client, county.partner, "pairing", pairing.pk)
    for words in (
        county.branch.name,
        county.office.name,
        str(county.mentor),
        str(county.member),
        "养护座谈会",
        "养护课堂协议",
        "有异议",
        "共同探索、资源互补、结对发展",
    ):
        assert words in page


def test_the_buttons_of_a_pair_are_those_of_the_person(client, county, pairing):
    enter, on_behalf, end = "登记座谈会", "代录座谈会", "结束结对"
    for name, shown in {
        "member": {enter},
        "partner": {enter},
        "mentor": set(),
        "reviewer": set(),
        "administrator": {end},
        "leader": set(),
    }.items():
        page = opened(client, county.people[name], "pairing", pairing.pk)
        assert {words for words in (enter, on_behalf, end) if words in page} == shown, name


def test_where_the_partner_has_no_account_the_page_says_so_and_the_reviewer_can_help(
    client, county, lonely
):
    joint = seminar(county, lonely)
    said = "没有账户，可由团县委代录"
    assert said in opened(client, county.member, "pairing", lonely.pk)
    assert said in opened(client, county.member, "seminar", joint.pk)
    assert "代录座谈会" in opened(client, county.reviewer, "pairing", lonely.pk)
    answer = posted(client, county.reviewer, "act_on_seminar", joint.pk, "confirm_on_behalf")
    assert "已代对方确认" in answer.content.decode()
    assert said not in opened(client, county.member, "seminar", joint.pk)


def test_the_list_counts_what_each_pair_did(client, county, pairing):
    bring(county, pairing, Seminar, "confirmed")
    bring(county, pairing, Seminar, "recorded", title="第二次")
    client.force_login(county.leader)
    (row,) = client.get(reverse("pairings:pairings")).context["page"]
    assert (row.seminar_count, row.agreement_count) == (1, 0)


# --- Entering, confirming, correcting --------------------------------------------------------


def test_a_seminar_goes_from_the_form_to_the_other_sides_confirmation(client, county, pairing):
    answer = posted(client, county.member, "enter_seminar", pairing.pk, **talk())
    assert "座谈会已登记，等对方确认。" in answer.content.decode()
    joint = Seminar.objects.get()
    shown = opened(client, county.member, "seminar", joint.pk)
    assert "由登记方的对方确认" in shown
    assert str(county.partner) in shown
    answer = posted(client, county.partner, "act_on_seminar", joint.pk, "confirm")
    assert "已确认，计入联试共建。" in answer.content.decode()
    assert Seminar.objects.counting().exists()


def test_an_agreement_that_is_refused_keeps_what_was_typed(client, county, pairing):
    data = deal(signed_on=days_ago(-1))
    answer = posted(client, county.partner, "enter_agreement", pairing.pk, **data)
    form = answer.context["form"]
    assert form.errors["signed_on"] == ["日期不能晚于今天。"]
    assert form["terms"].value() == data["terms"]
    answer = posted(client, county.partner, "enter_agreement", pairing.pk, **deal())
    assert Agreement.objects.get().topic_labels == ["林木养护技能"]


def test_an_objection_needs_a_reason_and_stands_above_the_correction(client, county, pairing):
    joint = seminar(county, pairing)
    answer = posted(client, county.partner, "act_on_seminar", joint.pk, "dispute")
    assert answer.context["panel"].form.errors["opinion"]
    posted(client, county.partner, "act_on_seminar", joint.pk, "dispute", opinion=OBJECTION)
    page = opened(client, county.member, "act_on_seminar", joint.pk, "correct")
    assert OBJECTION in page
    assert 'value="活动室"' in page
    data = talk(place="镇政府")
    answer = posted(client, county.member, "act_on_seminar", joint.pk, "correct", **data)
    page = answer.content.decode()
    assert "已更正，等对方确认。" in page
    assert '<del class="prewrap">活动室</del>' in page


def test_a_refused_correction_keeps_what_was_typed(client, county, pairing):
    joint = bring(county, pairing, Agreement, "disputed")
    data = deal(ends_on=days_ago(5), terms="改过的内容")
    answer = posted(client, county.member, "act_on_agreement", joint.pk, "correct", **data)
    form = answer.context["form"]
    assert form.errors["ends_on"]
    assert form["terms"].value() == "改过的内容"
    assert Agreement.objects.get().state == "disputed"


def test_photos_and_files_are_for_those_who_see_the_row(client, county, pairing):
    client.force_login(county.member)
    joint = agreement(county, pairing)
    files = {"files": open_pdf()}
    posted(client, county.member, "act_on_agreement", joint.pk, "correct", **deal(), **files)
    address = reverse("pairings:agreement_file", args=[joint.files.get().pk])
    for name, status in {"partner": 200, "mentor": 200, "leader": 200, "neighbour": 404}.items():
        client.force_login(county.people[name])
        assert client.get(address).status_code == status, name


def open_pdf():
    """A scan as a browser uploads it."""
    return SimpleUploadedFile("协议.pdf", b"%PDF-1.7", "application/pdf")


# --- Lists ----------------------------------------------------------------------------------


def test_the_list_of_agreements_sums_what_counts_by_topic(client, county, pairing):
    topics = [Topic.TAX_LAW, Topic.FORESTRY]
    bring(county, pairing, Agreement, "confirmed", topics=topics)
    bring(county, pairing, Agreement, "confirmed", title="第二份")
    bring(county, pairing, Agreement, "withdrawn", title="第三份")
    page = opened(client, county.leader, "agreements")
    assert "共 3 份，计入 <strong>2</strong> 份，1 对结对单位" in page
    assert "税法知识讲解 1 份，林木养护技能 2 份" in page
    page = opened(client, county.leader, "agreements", topic="tax_law")
    assert "共 1 份，计入 <strong>1</strong> 份" in page
    assert "第二份" not in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["第三次", "第二次", "第一次"]),
        ({"state": "confirmed"}, ["第二次"]),
        ({"since": days_ago(2).isoformat()}, ["第三次", "第二次"]),
        ({"until": days_ago(2).isoformat()}, ["第二次", "第一次"]),
        ({"q": "林业"}, ["第三次", "第二次", "第一次"]),
        ({"q": "王口"}, []),
        ({"title": "第一"}, ["第一次"]),
    ],
)
def test_the_list_of_seminars_is_narrowed(client, county, pairing, query, found):
    bring(county, pairing, Seminar, "recorded", title="第一次", held_on=days_ago(4))
    bring(county, pairing, Seminar, "confirmed", title="第二次", held_on=days_ago(2))
    bring(county, pairing, Seminar, "disputed", title="第三次", held_on=days_ago(1))
    client.force_login(county.member)
    table = client.get(reverse("pairings:seminars"), query).context["table"]
    assert [row.record.title for row in table.paginated_rows] == found


# --- Paper ----------------------------------------------------------------------------------


def test_the_minutes_print_with_room_for_both_sides(client, county, pairing):
    joint = bring(county, pairing, Seminar, "confirmed")
    page = opened(client, county.partner, "print_seminar", joint.pk)
    for words in ("联试共建座谈会纪要", joint.minutes, county.branch.name, county.office.name):
        assert words in page
    assert page.count("签字：") == page.count("（盖章）") == page.count("年　　月　　日") == 2
    assert joint.log[-1].digest[:12] in page


def test_the_agreement_prints_its_topics_term_and_results(client, county, pairing):
    joint = bring(county, pairing, Agreement, "confirmed")
    add_results(joint, by=county.member, opinion="学会修剪。")
    page = opened(client, county.member, "print_agreement", joint.pk)
    for words in ("联试共建活动协议", "林木养护技能", "学会修剪。", "先讲修剪。", "系统记录"):
        assert words in page
    assert page.count("（盖章）") == 2


def test_paper_says_when_it_does_not_count(client, county, pairing):
    joint = bring(county, pairing, Seminar, "withdrawn")
    assert "已作废" in opened(client, county.member, "print_seminar", joint.pk)
    joint = seminar(county, pairing)
    assert "对方尚未确认" in opened(client, county.member, "print_seminar", joint.pk)


# --- To-do ----------------------------------------------------------------------------------


def waiting(person):
    """{(kind of matter, id, verb)} of what waits for a person in this room."""
    return {(type(i.matter), i.matter.pk, i.verb) for i in items_for(KINDS, person)}


def test_what_waits_for_a_person_is_what_everybody_waits_for_and_he_may_do(county, pairing):
    both = UserFactory(username="both")
    for organisation in (county.branch, county.office):
        MembershipFactory(user=both, organisation=organisation)
    rows = [bring(county, pairing, kind, s, title=s) for kind in ENTER for s in STATES]
    rows.append(seminar(county, pairing, by=county.partner, title="对方登记"))
    fresh = [type(row).objects.get(pk=row.pk) for row in rows]
    for person in [*county.people.values(), both]:
        expected = {
            (type(row), row.pk, row.main_verb)
            for row in fresh
            if person.is_active and row.main_verb in row.verbs_for(person)
        }
        assert waiting(person) == expected, person.username


def test_what_waits_for_a_side_without_account_waits_for_the_reviewers(county, lonely):
    joint = seminar(county, lonely, held_on=days_ago(8))
    for person in (one for one in county.people.values() if one.is_active):
        may = "confirm_on_behalf" in Seminar.objects.get().verbs_for(person)
        assert waiting(person) == ({(Seminar, joint.pk, "confirm_on_behalf")} if may else set())


def test_who_changed_sides_is_not_asked_to_confirm_his_own_words(county, pairing):
    joint = bring(county, pairing, Seminar, "disputed")
    correct_seminar(joint, by=county.staff_member, **talk(place="镇政府"))
    MembershipFactory(user=county.staff_member, organisation=county.office)
    assert waiting(county.staff_member) == set()
    assert waiting(county.partner) == {(Seminar, joint.pk, "confirm")}
    confirm(joint, by=county.partner)
    assert waiting(county.partner) == set()
