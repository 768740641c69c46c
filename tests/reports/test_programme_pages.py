"""The pages of a programme: opening a new one, ending it, carrying over, what goes on beside it."""

import uuid

import pytest
from django.urls import reverse

from funds.actions.carry_over import book_carry_over, decide_carry_over
from funds.dues_list import units_of_year
from mentors.actions import hand_over
from mentors.models import MentorAssignment
from pairings.actions import pair
from pairings.models import Pairing
from pilotwork import clock
from pilotwork.money import to_yuan
from reports.programmes.opening import Continuing, open_programme
from tests import journeys
from tests.factories import days_ago
from tests.funds import dues
from tests.funds.desk import leads_back
from tests.mentors.five_ones import guided_unit
from tests.reports.programmes import read
from units.actions import end_programme
from units.models import PilotProgramme


def next_programme(*ticked):
    """What is typed to open a second programme, with these tick marks."""
    return {
        "request_key": str(uuid.uuid4()),
        "name": "第二次试点",
        "year": clock.today().year + 1,
        "starts_on": days_ago(-30).isoformat(),
        "ends_on": days_ago(-300).isoformat(),
        **dict.fromkeys(ticked, "on"),
    }


@pytest.mark.django_db
def test_an_office_paired_in_one_programme_is_offered_for_the_other(client, county, next_one):
    office, unit = county.office, next_one.units.get()
    pair(county.unit, office, by=county.administrator, starts_on=clock.today())
    client.force_login(county.administrator)
    address = reverse("pairings:pair")
    typed = {"partner": office.pk, "starts_on": clock.today().isoformat()}
    taken = client.post(address, typed | {"pilot_unit": county.other_unit.pk})
    reason = taken.context["form"].errors["partner"][0]
    assert str(county.programme) in reason
    assert str(county.unit) in reason
    assert client.post(address, typed | {"pilot_unit": unit.pk}).status_code == 302
    assert office not in client.get(address).context["form"].fields["partner"].queryset


@pytest.mark.django_db
def test_a_programme_that_has_not_begun_takes_no_place_but_says_who_will_guide(client, county):
    first = days_ago(-7)
    ahead = open_programme(
        by=county.administrator,
        name="再下一次",
        year=first.year,
        starts_on=first,
        ends_on=days_ago(-300),
        like=county.programme,
        continuing=[Continuing(county.unit)],
    )
    assert read(client, county.leader, "home").context["programme"] == county.programme
    page = read(client, county.administrator, "reports:programme", ahead.pk).content.decode()
    assert "未开始" in page
    assert "试点正在进行" not in page
    listed = read(client, county.leader, "reports:units", programme=ahead.pk)
    (unit,) = listed.context["page"].object_list
    assert [one.mentor for one in unit.current_mentors] == [county.mentor]
    hand_over(
        county.mentor, county.leader, by=county.administrator, on=clock.today(), reason="调动"
    )
    assert MentorAssignment.objects.get(pilot_unit=unit).mentor == county.leader
    end_programme(county.programme, by=county.administrator, opinion="到期。")
    assert read(client, county.leader, "home").context["programme"] == county.programme


@pytest.mark.django_db
def test_what_is_late_since_the_programme_ended_waits_since_that_day(client, county):
    end_programme(county.programme, by=county.administrator, opinion="到期。")
    sentence = read(client, county.member, "home").context["sentence"]
    assert "件事等您处理" in sentence
    assert "已等" not in sentence


@pytest.mark.django_db
def test_where_no_application_is_taken_any_more_none_is_offered(client, county):
    draft = journeys.draft(county)
    assert read(client, county.member, "home").context["may_apply"]
    end_programme(county.programme, by=county.administrator, opinion="到期。")
    assert not read(client, county.member, "home").context["may_apply"]
    page = read(client, county.member, "funds:edit_application", draft.pk)
    assert "本次试点已结束或单位已退出" in page.content.decode()


@pytest.mark.django_db
def test_an_organisation_owes_the_dues_of_a_year_in_one_programme(county, next_one):
    year, unit = clock.today().year, next_one.units.get()
    assert set(units_of_year(county.cashier, year)) == {unit, county.other_unit}
    dues.begin(county, unit=county.unit)
    assert set(units_of_year(county.cashier, year)) == {county.unit, county.other_unit}


@pytest.mark.django_db
def test_no_dues_are_missing_of_a_year_after_the_pilot_was_ended(county):
    this_year, programme = clock.today().year, county.programme
    programme.ends_on = programme.ends_on.replace(year=this_year + 2)
    programme.save()
    both = {county.unit, county.other_unit}
    assert set(units_of_year(county.cashier, this_year + 1)) == both
    end_programme(programme, by=county.administrator, opinion="提前完成。")
    assert set(units_of_year(county.cashier, this_year)) == both
    assert set(units_of_year(county.cashier, this_year + 1)) == set()


@pytest.mark.django_db
def test_where_no_application_is_taken_a_unit_is_told_so_and_a_mentor_is_not(client, county):
    end_programme(county.programme, by=county.administrator, opinion="到期。")
    assert "试点结束以后不再受理" in read(client, county.member, "home").content.decode()
    guide = guided_unit(days_ago(60), days_ago(-60)).mentor_assignments.get().mentor
    assert "您指导的单位提交申请后" in read(client, guide, "home").content.decode()


@pytest.mark.django_db
def test_a_programme_tells_what_is_open_with_links(client, county):
    application = journeys.bring(county, "closing")
    end_programme(county.programme, by=county.administrator, opinion="到期。")
    page = read(client, county.administrator, "reports:programme", county.programme.pk)
    text = page.content.decode()
    assert "基金申请没有办结或结余没有收回：1 项" in text
    address = reverse("funds:application", args=[application.pk])
    assert f'href="{address}">{county.unit}“{application.name}”<' in text
    assert "占用 500.00 元" in text
    address = reverse("reports:act_on_programme", args=[county.programme.pk, "archive"])
    refused = client.post(address, {"opinion": ""}).content.decode()
    assert "占用 500.00 元" in refused
    assert "基金申请没有办结或结余没有收回 1 项" in refused
    assert PilotProgramme.objects.get().state == "ended"


@pytest.mark.django_db
def test_the_approver_decides_and_the_cashier_books_on_their_pages(client, county, next_one):
    end_programme(county.programme, by=county.administrator, opinion="到期。")
    client.force_login(county.approver)
    address = reverse("funds:decide_carry_over", args=[county.programme.pk])
    assert client.get(address).context["form"]["to_programme"].initial == next_one
    typed = {"to_programme": next_one.pk, "amount": "9000", "opinion": "转入下一次。"}
    page = read(client, county.approver, "reports:programme", county.programme.pk)
    assert f'href="{address}"' in page.content.decode()
    decided = client.post(address, typed)
    carry_over = county.programme.carry_overs.get()
    assert leads_back(
        client, decided, reverse("funds:act_on_carry_over", args=[carry_over.pk, "revoke"])
    )
    page = read(client, county.approver, "reports:programme", county.programme.pk)
    assert f'href="{address}"' not in page.content.decode()
    client.force_login(county.cashier)
    book = reverse("funds:act_on_carry_over", args=[carry_over.pk, "book"])
    assert "9,000.00 元转入" in client.get(book).content.decode()
    key = uuid.uuid4()
    for _ in range(2):
        client.post(book, {"occurred_on": clock.today().isoformat(), "request_key": key})
    assert next_one.fund_account.balances.available == to_yuan("9000")
    page = client.get(reverse("reports:programme", args=[next_one.pk])).content.decode()
    assert "其中上次试点结转" in page
    assert "9,000.00 元" in page


@pytest.mark.django_db
def test_a_receipt_that_was_carried_over_is_reversed_with_its_other_side(client, county, next_one):
    end_programme(county.programme, by=county.administrator, opinion="到期。")
    decided = decide_carry_over(
        county.programme,
        by=county.approver,
        to_programme=next_one,
        amount=to_yuan("1"),
        opinion="转入。",
    )
    payment = book_carry_over(decided, by=county.cashier, occurred_on=clock.today())
    receipt = payment.carried_out.receipt
    client.force_login(county.cashier)
    answer = client.get(reverse("funds:reverse_receipt", args=[receipt.pk]))
    assert answer["Location"] == reverse("funds:carry_over", args=[decided.pk])


@pytest.mark.django_db
def test_a_new_programme_is_opened_from_a_form_with_tick_marks(client, county):
    client.force_login(county.administrator)
    address = reverse("reports:new_programme")
    form = client.get(address).context["form"]
    assert [choice.unit for choice in form.choices] == [county.unit, county.other_unit]
    ticked = ("unit", county.unit), ("unit", county.other_unit), ("mentor", county.other_unit)
    typed = next_programme(*(f"{name}-{unit.pk}" for name, unit in ticked))
    typed |= {"planned_donation": "7000"}
    same_name = client.post(address, typed | {"name": county.programme.name})
    assert "同名" in str(same_name.context["form"].errors["name"])
    backwards = client.post(address, typed | {"ends_on": clock.today().isoformat()})
    assert "ends_on" in backwards.context["form"].errors
    for _ in range(2):
        assert client.post(address, typed).status_code == 302
    opened = PilotProgramme.objects.get(name="第二次试点")
    assert opened.units.count() == 2
    guided = MentorAssignment.objects.filter(pilot_unit__programme=opened)
    assert [one.mentor for one in guided] == [county.other_mentor]
    assert opened.fund_account.planned_receipts.get().amount == to_yuan("7000")


@pytest.mark.django_db
def test_units_that_nobody_ticks_one_by_one_go_on_all_together(client, county, monkeypatch):
    monkeypatch.setattr("reports.programmes.forms.MOST_TICKED", 1)
    client.force_login(county.administrator)
    address = reverse("reports:new_programme")
    assert "全部 2 个单位" in client.get(address).content.decode()
    typed = next_programme("unit-all", "mentor-all")
    assert client.post(address, typed).status_code == 302
    opened = PilotProgramme.objects.get(name="第二次试点")
    assert opened.units.count() == 2
    assert MentorAssignment.objects.filter(pilot_unit__programme=opened).count() == 2
    assert not Pairing.objects.filter(pilot_unit__programme=opened).exists()


@pytest.mark.django_db
def test_who_ends_a_programme_before_its_time_is_told_so(client, county):
    def form():
        ending = "reports:act_on_programme", county.programme.pk, "end"
        return read(client, county.administrator, *ending).content.decode()

    days = (county.programme.ends_on - clock.today()).days
    assert f"提前 {days} 天" in form()
    PilotProgramme.objects.update(ends_on=clock.today())
    assert "提前" not in form()
