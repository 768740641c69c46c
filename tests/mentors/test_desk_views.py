"""The five ones at the desk: matrix and grid, a unit's file, documents, difficulties, the calendar."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mentors.actions import advance_activity, records, register_activity
from mentors.actions.visits import ask_excuse
from mentors.models import Coordination, Difficulty, Document, ExcusedWeek, SignatureActivity
from pilotwork import clock
from pilotwork.money import to_yuan
from pilotwork.refusals import Refused
from tests.factories import MentorAssignmentFactory, PilotUnitFactory, days_ago
from tests.mentors import five_ones
from tests.people import County
from units.models import WorkingDayOverride

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def county():
    return County()


def client_of(person):
    """A client in which the person is signed in."""
    client = Client()
    client.force_login(person, backend=BACKEND)
    return client


def text(person, address):
    """The page's HTML as the person sees it; it must be a page."""
    response = client_of(person).get(address)
    assert response.status_code == 200
    return response.content.decode()


def page_of(unit):
    return reverse("mentors:unit_file", args=[unit.pk])


def pdf(name="方案.pdf"):
    """A small file as a browser uploads it."""
    return SimpleUploadedFile(name, b"%PDF-1.4\n%%EOF\n", "application/pdf")


def post(person, name, *args, **typed):
    """What the person's POST to the address is answered with, redirects followed."""
    return client_of(person).post(reverse(f"mentors:{name}", args=args), typed, follow=True)


# --- Matrix and grid --------------------------------------------------------------------------


def test_every_cell_of_the_matrix_leads_to_its_records(county):
    page = text(county.leader, reverse("mentors:five_ones"))
    for place in ("documents", "activities", "coordinations", "visits", "difficulties"):
        assert f'href="{reverse(f"mentors:{place}")}?unit={county.unit.pk}"' in page


def test_units_stand_by_name_and_only_the_own_ones(county):
    response = client_of(county.leader).get(reverse("mentors:five_ones"))
    assert [unit.pk for unit, _ in response.context["rows"]] == [
        unit.pk
        for unit in sorted(
            [county.unit, county.other_unit], key=lambda unit: unit.organisation.name_key
        )
    ]
    own = client_of(county.neighbour).get(reverse("mentors:five_ones"))
    assert [unit for unit, _ in own.context["rows"]] == [county.other_unit]


def test_the_grid_says_each_week_in_words_and_leads_to_its_visits():
    with five_ones.living_on(five_ones.day(4, 22)):
        unit = five_ones.guided_unit(five_ones.day(3, 30))
        five_ones.visit(unit, five_ones.day(4, 14))
        county = County()
        address = f"{reverse('mentors:five_ones')}?programme={unit.programme_id}"
        page = text(county.leader, address)
    assert "4月13日当周：已走访，1 次" in page
    assert "3月30日当周：逾期" in page
    assert "4月20日当周：本周待走访" in page
    visits = f"{reverse('mentors:visits')}?unit={unit.pk}&amp;since=2026-04-13&amp;until=2026-04-19"
    assert f'<td><a class="week week-visited" href="{visits}"' in page


def test_the_grid_leafs_to_earlier_weeks():
    with five_ones.living_on(five_ones.day(12, 28)):
        unit = five_ones.guided_unit()
        county = County()
        address = f"{reverse('mentors:five_ones')}?programme={unit.programme_id}"
        client = client_of(county.leader)
        latest = client.get(address).context["grid"]
        assert (len(latest.columns), latest.later) == (20, None)
        earlier = client.get(f"{address}&until={latest.earlier}").context["grid"]
    assert earlier.columns[-1].monday == latest.columns[0].monday - dt.timedelta(days=7)
    assert earlier.later == latest.columns[-1].monday


def test_the_matrix_takes_the_same_queries_for_one_unit_as_for_thirty(county):
    client, address = client_of(county.leader), reverse("mentors:five_ones")

    def queries():
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        return len(captured)

    before = queries()
    for _ in range(30):
        MentorAssignmentFactory(
            pilot_unit=PilotUnitFactory(programme=county.programme), mentor=county.other_mentor
        )
    assert queries() == before <= 12


# --- One unit's file --------------------------------------------------------------------------


def test_what_is_missing_is_said_with_its_last_day_and_offered_to_who_may_do_it(county):
    last = county.programme.last_day
    for name in ("mentor", "member", "leader"):
        response = client_of(getattr(county, name)).get(page_of(county.unit))
        missing = {item.words: item for item in response.context["missing"]}
        summary = missing["总结报告应在试点结束前上传"]
        assert summary.by == last
        assert missing["实施方案未上传"].action == ("" if name == "leader" else "上传实施方案")
        assert missing["还没有调研记录"].action == ("登记调研" if name == "mentor" else "")


def test_what_was_done_is_no_longer_missing(county):
    records.note_research(county.unit, by=county.mentor, summary="流动", on=clock.today())
    words = [item.words for item in _missing(county)]
    assert "还没有调研记录" not in words
    records.raise_difficulty(county.unit, by=county.member, description="缺灯光")
    assert "困难待解决：缺灯光" in [item.words for item in _missing(county)]


def _missing(county):
    return client_of(county.mentor).get(page_of(county.unit)).context["missing"]


def test_a_past_mentor_reads_the_file_and_is_offered_nothing(county):
    page = text(county.early_mentor, page_of(county.unit))
    assert "还缺什么" in page
    assert "登记调研" not in page
    assert "记录走访" not in page


# --- Documents --------------------------------------------------------------------------------


def test_a_plan_is_uploaded_returned_uploaded_again_and_confirmed(county):
    post(county.member, "upload_document", county.unit.pk, "plan", upload=pdf())
    document = Document.objects.get()
    post(county.reviewer, "act_on_document", document.pk, "send_back", opinion="缺步骤。")
    assert Document.objects.get().state == "returned"
    assert "方案退回修改" in text(county.leader, reverse("mentors:five_ones"))
    post(county.member, "act_on_document", document.pk, "upload", upload=pdf("方案二.pdf"))
    post(county.reviewer, "act_on_document", document.pk, "confirm", opinion="")
    document = Document.objects.get()
    assert (document.state, document.versions.count()) == ("confirmed", 2)
    page = text(county.member, reverse("mentors:document", args=[document.pk]))
    assert "第 1 版" in page
    assert "第 2 版" in page
    assert "缺步骤。" in page


def test_a_returned_document_needs_a_reason(county):
    post(county.member, "upload_document", county.unit.pk, "plan", upload=pdf())
    document = Document.objects.get()
    page = post(county.reviewer, "act_on_document", document.pk, "send_back", opinion="")
    assert "没有办成" in page.content.decode()
    assert Document.objects.get().state == "uploaded"


def test_a_second_upload_form_leads_to_the_next_version(county):
    post(county.member, "upload_document", county.unit.pk, "plan", upload=pdf())
    address = reverse("mentors:upload_document", args=[county.unit.pk, "plan"])
    response = client_of(county.member).get(address)
    assert response["Location"] == reverse(
        "mentors:act_on_document", args=[Document.objects.get().pk, "upload"]
    )
    strange = reverse("mentors:upload_document", args=[county.unit.pk, "poem"])
    assert client_of(county.member).get(strange).status_code == 404


# --- Difficulties, excuses, money -------------------------------------------------------------


def test_a_difficulty_is_raised_solved_rejected_solved_and_confirmed(county):
    post(county.member, "raise_difficulty", county.unit.pk, description="缺灯", on=clock.today())
    pk = Difficulty.objects.get().pk
    solved = {"opinion": "借到。", "on": clock.today()}
    post(county.mentor, "act_on_difficulty", pk, "solve", **solved)
    post(county.member, "act_on_difficulty", pk, "reject", opinion="还不亮。")
    assert Difficulty.objects.get().state == "raised"
    post(county.mentor, "act_on_difficulty", pk, "solve", **solved)
    post(county.member, "act_on_difficulty", pk, "confirm", opinion="")
    assert Difficulty.objects.get().state == "confirmed"
    assert "还不亮。" in text(county.leader, reverse("mentors:difficulty", args=[pk]))


def test_nothing_typed_is_lost_when_a_difficulty_is_refused(county):
    tomorrow = clock.today() + dt.timedelta(days=1)
    page = post(county.member, "raise_difficulty", county.unit.pk, description="缺灯", on=tomorrow)
    assert page.context["form"].errors["on"]
    assert "缺灯" in page.content.decode()


def test_an_excused_week_is_asked_and_agreed_by_another_officer(county):
    post(county.mentor, "ask_excuse", county.unit.pk, week=clock.today(), reason="防汛。")
    excuse = ExcusedWeek.objects.get()
    assert post(county.mentor, "act_on_excuse", excuse.pk, "agree", opinion="").status_code == 403
    post(county.reviewer, "act_on_excuse", excuse.pk, "agree", opinion="")
    assert ExcusedWeek.objects.get().state == "agreed"


def test_the_page_of_an_excuse_says_who_can_agree(county):
    excuse = ask_excuse(county.unit, by=county.mentor, week=clock.today(), reason="防汛。")
    page = text(county.mentor, reverse("mentors:excuse", args=[excuse.pk]))
    assert "按回避规定只能提出意见" in page
    assert "没有走访" in page
    assert str(county.reviewer) in page


def test_coordinated_money_is_noted_and_received_later(county):
    post(county.mentor, "coordinate", county.unit.pk, source="镇里", amount="1,500", on=days_ago(1))
    money = Coordination.objects.get()
    assert money.amount == to_yuan("1500")
    assert "登记到位" in text(county.mentor, reverse("mentors:coordinations"))
    assert "登记到位" not in text(county.leader, reverse("mentors:coordinations"))
    post(county.member, "receive_coordinated", money.pk, received_on=clock.today())
    assert Coordination.objects.get().received_on == clock.today()


def test_a_list_can_be_narrowed_to_one_unit(county):
    records.raise_difficulty(county.unit, by=county.member, description="缺灯光")
    address = reverse("mentors:difficulties")
    assert "缺灯光" in text(county.leader, f"{address}?unit={county.unit.pk}")
    assert "没有符合条件的记录" in text(county.leader, f"{address}?unit={county.other_unit.pk}")
    assert "缺灯光" in text(county.leader, f"{address}?unit=x")


# --- Activities -------------------------------------------------------------------------------


def test_each_stage_of_an_activity_has_its_day_and_a_brand_its_name(county):
    activity = register_activity(
        county.unit, by=county.member, name="林下课堂", designed_on=days_ago(9)
    )
    post(county.member, "advance_activity", activity.pk, stage="designed", on=days_ago(5))
    brand = {"stage": "held", "on": days_ago(1), "brand_name": "青林", "brand_note": "每月一课"}
    post(county.member, "advance_activity", activity.pk, **brand)
    activity = SignatureActivity.objects.get()
    assert (activity.held_on, activity.branded_on) == (days_ago(5), days_ago(1))
    assert (activity.brand_name, activity.brand_note) == ("青林", "每月一课")
    assert "青林" in text(county.leader, reverse("mentors:activities"))


@pytest.mark.parametrize(("day", "words"), [(10, "不能早于上一阶段"), (-1, "不能晚于今天")])
def test_a_stage_is_not_reached_before_the_one_before_nor_tomorrow(county, day, words):
    activity = register_activity(
        county.unit, by=county.member, name="林下课堂", designed_on=days_ago(9)
    )
    with pytest.raises(Refused, match=words):
        advance_activity(activity, by=county.member, on=days_ago(day))


# --- Working calendar -------------------------------------------------------------------------


def test_the_calendar_lists_what_was_published_and_says_when_a_year_is_not(county):
    address = reverse("units:calendar")
    page = text(county.administrator, f"{address}?year=2026")
    assert "2026年2月17日" in page
    assert "调休上班" in page
    assert "尚未公布" not in page
    assert "国务院尚未公布 2027 年" in text(county.administrator, f"{address}?year=2027")


def test_the_administrator_corrects_a_day_and_takes_it_back_with_history(county):
    client = client_of(county.administrator)
    day = dt.date(2026, 12, 31)
    typed = {"day": day, "is_workday": "0", "note": "县庆"}
    client.post(reverse("units:set_working_day"), typed)
    client.post(reverse("units:set_working_day"), typed | {"is_workday": "1"})
    override = WorkingDayOverride.objects.get()
    assert override.is_workday
    undone = client.post(reverse("units:unset_working_day", args=[override.pk]))
    again = f"{reverse('units:set_working_day')}?day=2026-12-31"
    assert f'<a class="undo" href="{again}">' in client.get(undone.url).content.decode()
    assert not WorkingDayOverride.objects.exists()
    page = text(county.administrator, f"{reverse('units:calendar')}?year=2026")
    for words in ("设为休息", "改为上班", "撤销上班"):
        assert f"2026年12月31日{words}" in page


def test_a_corrected_day_changes_which_weeks_are_due():
    with five_ones.living_on(five_ones.day(4, 22)):
        unit = five_ones.guided_unit(five_ones.day(3, 30))
        before = five_ones.week(unit, five_ones.day(4, 14), today=five_ones.day(4, 22))
        for number in (13, 14, 15):
            WorkingDayOverride.objects.create(day=five_ones.day(4, number), is_workday=False)
        after = five_ones.week(unit, five_ones.day(4, 14), today=five_ones.day(4, 22))
    assert (before.state, after.state) == ("overdue", "holiday")


# --- Home -------------------------------------------------------------------------------------


def test_home_offers_the_mentor_to_record_a_visit_with_one_tap(county):
    assert f'href="{reverse("mentors:new_visit")}"' in text(county.mentor, "/")
    assert f'href="{reverse("mentors:new_visit")}"' not in text(county.leader, "/")


@pytest.mark.parametrize("name", ["leader", "mentor", "member", "neighbour"])
def test_home_shows_the_five_ones_of_the_units_one_works_for(county, name):
    page = text(getattr(county, name), "/")
    assert "“五个一”进度" in page
    assert "每周走访（单位 × 周）" in page


def test_home_shows_a_member_only_the_own_unit(county):
    rows = client_of(county.member).get("/").context["five_ones"]
    assert [unit for unit, _ in rows] == [county.unit]
