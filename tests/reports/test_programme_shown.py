"""Which of several programmes the lists, ledgers and home pages are of."""

import io
import uuid

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from funds.models import FundAccount
from mentors.actions.visits import record_visit
from pairings.actions import pair
from pilotwork import clock
from reports.navigation import Frame
from tests import journeys
from tests.factories import PilotProgrammeFactory, days_ago
from tests.funds import dues
from tests.reports.briefing import freeze_report
from tests.reports.programmes import read
from tests.reports.test_exports import records_of

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


@pytest.mark.django_db
def test_the_home_of_a_partner_shows_the_pairs_of_one_programme(client, county, next_one):
    unit = next_one.units.get()
    for one in (county.unit, unit):
        pair(one, county.office, by=county.administrator, starts_on=clock.today())
    for programme in (county.programme, next_one):
        page = read(client, county.partner, "home", programme=programme.pk)
        assert [one.pilot_unit.programme for one in page.context["pairings"]] == [programme]


@pytest.mark.django_db
def test_what_begins_with_a_programme_begins_with_the_one_shown(client, county, next_one):
    for name in ("awards:open_cycle", "awards:new_campaign"):
        for programme in (county.programme, next_one):
            form = read(client, county.reviewer, name, programme=programme.pk).context["form"]
            assert form["programme"].value() == programme.pk


@pytest.mark.django_db
def test_a_button_names_the_programme_where_a_page_shows_several(client, county, next_one):
    page = read(client, county.member, "mentors:activities", programme="all")
    labels = {action["label"] for action in page.context["actions"]}
    assert f"登记特色活动（{county.unit.organisation.label}，{next_one}）" in labels
    assert len(labels) == 2


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
def test_a_partner_is_shown_the_programme_of_its_pair(client, county, next_one):
    pair(county.unit, county.office, by=county.administrator, starts_on=days_ago(1))
    home = read(client, county.partner, "home")
    assert home.context["programme"] == county.programme
    pairs = read(client, county.partner, "pairings:pairings")
    assert pairs.context["page"].paginator.count == 1


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
def test_the_programme_at_the_top_comes_with_its_fund_account_or_without_one(
    rf, county, django_assert_num_queries
):
    approver, other = county.approver, PilotProgrammeFactory(starts_on=clock.today())
    assert approver.is_county
    FundAccount.objects.filter(programme=county.programme).update(name="试点基金", code="SD")
    request = rf.get("/")
    request.user = approver
    with django_assert_num_queries(1):
        shown = Frame(request).programme
        assert shown == other
        assert getattr(shown, "fund_account", None) is None
    request = rf.get("/", {"programme": county.programme.pk})
    request.user = approver
    with django_assert_num_queries(1):
        account = Frame(request).fund_account
        assert (account.name, account.code, account.programme) == (
            "试点基金",
            "SD",
            county.programme,
        )
    assert account == FundAccount.objects.get(programme=county.programme)
