"""The pages of a programme, opening a new one, and which programme the lists are of."""

import io
import uuid

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from funds.actions.carry_over import book_carry_over, decide_carry_over
from funds.dues_list import units_of_year
from mentors.actions import hand_over
from mentors.actions.visits import record_visit
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
from tests.reports.briefing import freeze_report
from tests.reports.test_exports import records_of
from units.actions import end_programme
from units.models import PilotProgramme

LISTS = [
    "funds:applications",
    "mentors:visits",
    "mentors:activities",
    "mentors:documents",
    "mentors:difficulties",
    "mentors:coordinations",
    "mentors:research",
    "mentors:excuses",
    "mentors:assignments",
    "funds:plaques",
    "awards:rewards",
    "awards:cycles",
    "awards:campaigns",
    "awards:contributions",
    "pairings:pairings",
    "pairings:seminars",
    "pairings:agreements",
    "reports:frozen_briefings",
    "reports:units",
]


@pytest.fixture
def next_one(county):
    """A programme that began today beside the county's, with its unit and its mentor."""
    return open_programme(
        by=county.administrator,
        name="下一次试点",
        year=clock.today().year,
        starts_on=clock.today(),
        ends_on=days_ago(-300),
        like=county.programme,
        continuing=[Continuing(county.unit)],
    )


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


def read(client, person, name, *args, **query):
    client.force_login(person)
    response = client.get(reverse(name, args=args), query)
    assert response.status_code == 200
    return response


def shown_applications(response):
    return [row.record.pk for row in response.context["table"].rows]


@pytest.mark.django_db
def test_a_list_is_of_the_programme_at_the_top_of_the_page(client, county, next_one):
    old = journeys.bring(county, "submitted")
    unit = next_one.units.get()
    with clock.at(clock.now()):
        new = journeys.draft(county, unit=unit, starts_on=clock.today())
    new = journeys.go_on(county, new, "submit")
    page = read(client, county.approver, "funds:applications")
    assert str(page.context["programme"]) == "下一次试点"
    assert shown_applications(page) == [new.pk]
    assert shown_applications(
        read(client, county.approver, "funds:applications", programme=county.programme.pk)
    ) == [old.pk]
    assert shown_applications(
        read(client, county.approver, "funds:applications", programme="all")
    ) == [new.pk, old.pk]
    assert shown_applications(
        read(client, county.approver, "funds:applications", unit=county.unit.pk)
    ) == [old.pk]


@pytest.mark.django_db
def test_the_units_a_list_can_be_narrowed_to_are_those_of_its_programme(client, county, next_one):
    def offered(**query):
        form = read(client, county.approver, "funds:applications", **query).context["filter"].form
        return [str(words) for value, words in form.fields["unit"].widget.choices if value]

    assert offered() == [str(next_one.units.get())]
    everywhere = offered(programme="all")
    assert len(everywhere) == len(set(everywhere)) == 3


@pytest.mark.django_db
def test_the_home_of_a_unit_shows_the_applications_of_one_programme(client, county, next_one):
    old = journeys.bring(county, "submitted")
    shown = {
        programme: read(client, county.member, "home", programme=programme).context[
            "own_applications"
        ]
        for programme in (county.programme.pk, next_one.pk)
    }
    assert [row.pk for row in shown[county.programme.pk]] == [old.pk]
    assert shown[next_one.pk] == []


@pytest.mark.long
@pytest.mark.django_db
def test_the_counts_of_all_ledgers_are_the_rows_of_what_is_exported(client, county, next_one):
    record_visit(
        county.unit, by=county.mentor, key=uuid.uuid4(), visited_on=days_ago(1), progress="看了。"
    )
    journeys.bring(county, "paid")
    dues.begin(county, unit=county.unit)
    freeze_report(county.programme, county.reviewer)
    for programme in (county.programme, next_one):
        client.force_login(county.leader)
        client.post(reverse("reports:show_programme"), {"programme": programme.pk})
        groups = client.get(reverse("reports:ledgers")).context["groups"]
        for line in [line for _, lines in groups for line in lines]:
            book = load_workbook(io.BytesIO(client.get(line.export_url).content))
            rows = records_of([list(row) for row in book.worksheets[0].values])
            if line.label == "团费返还":
                rows = [row for row in rows if row["状态"] != "未登记"]
            assert (line.label, line.count) == (line.label, len(rows)), programme


@pytest.mark.django_db
def test_one_organisation_in_two_programmes_is_told_apart(client, county, next_one):
    unit = next_one.units.get()
    page = read(client, county.administrator, "mentors:person", county.mentor.pk).content.decode()
    assert f"{unit}（{next_one}）" in page
    assert f"{unit}（{county.programme}）" in page
    page = read(client, county.administrator, "mentors:coverage").content.decode()
    assert page.count(str(next_one)) > page.count("下一次试点 · 第")
    own = read(client, county.member, "mentors:activities").context["actions"]
    assert [action["label"] for action in own] == ["登记特色活动"]


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
def test_the_programme_chosen_stays_and_leads_back(client, county, next_one):
    client.force_login(county.leader)
    back = reverse("funds:plaques")
    answer = client.post(
        reverse("reports:show_programme"), {"programme": county.programme.pk, "next": back}
    )
    assert answer["Location"] == back
    for name in ("home", "mentors:five_ones", "reports:trends", "reports:units"):
        assert client.get(reverse(name)).context["programme"] == county.programme, name
    strange = client.post(reverse("reports:show_programme"), {"next": "https://elsewhere.example/"})
    assert strange["Location"] == reverse("home")


@pytest.mark.django_db
def test_who_is_in_an_earlier_programme_alone_is_shown_that_one(client, county, next_one):
    assert read(client, county.neighbour, "home").context["programme"] == county.programme
    home = read(client, county.member, "home")
    assert home.context["programme"] == next_one
    # Its own unit, and not the one of the same name that it is in the earlier programme.
    assert [unit for unit, _ in home.context["five_ones"]] == [next_one.units.get()]


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
def test_a_partner_is_shown_the_programme_of_its_pair(client, county, next_one):
    pair(county.unit, county.office, by=county.administrator, starts_on=days_ago(1))
    home = read(client, county.partner, "home")
    assert home.context["programme"] == county.programme
    pairs = read(client, county.partner, "pairings:pairings")
    assert pairs.context["page"].paginator.count == 1


@pytest.mark.django_db
def test_where_no_application_is_taken_any_more_none_is_offered(client, county):
    draft = journeys.draft(county)
    assert read(client, county.member, "home").context["may_apply"]
    end_programme(county.programme, by=county.administrator, opinion="到期。")
    home = read(client, county.member, "home")
    assert not home.context["may_apply"]
    page = read(client, county.member, "funds:edit_application", draft.pk)
    assert "本次试点已结束或单位已退出" in page.content.decode()


@pytest.mark.django_db
def test_with_one_programme_there_is_nothing_to_choose(client, county):
    assert "切换" not in read(client, county.leader, "home").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("name", LISTS)
def test_every_list_keeps_the_other_programme_apart(client, county, next_one, name):
    """In the programme that has just begun there is nothing yet but its unit and its mentor."""
    record_visit(
        county.unit, by=county.mentor, key=uuid.uuid4(), visited_on=days_ago(1), progress="看了。"
    )
    journeys.bring(county, "submitted")
    freeze_report(county.programme, county.reviewer)
    response = read(client, county.leader, name)
    table, page = response.context.get("table"), response.context.get("page")
    number = len(table.rows) if table is not None else page.paginator.count
    assert number == (1 if name in {"reports:units", "mentors:assignments"} else 0)


@pytest.mark.django_db
def test_from_a_frozen_report_and_its_kind_s_page_one_comes_to_those_of_its_programme(
    client, county, next_one
):
    frozen = freeze_report(county.programme, county.reviewer)
    address = f"{reverse('reports:frozen_briefings')}?programme={county.programme.pk}"
    for name, *of in (
        ("reports:frozen_briefing", frozen.pk),
        ("reports:compare_briefing", frozen.pk),
        ("reports:briefing_page", county.programme.pk, "report"),
    ):
        assert f'href="{address}"' in read(client, county.leader, name, *of).content.decode()
    assert list(client.get(address).context["page"]) == [frozen]


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
