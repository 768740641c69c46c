"""评优: opening, quotas, the notice with its working days, objections and results."""

import datetime as dt

import pytest

from accounts.matters import NotPermitted
from awards.actions import cycles, nominations
from awards.models import AwardCycle, BaseQuota, Nomination, Objection
from pilotwork import clock
from pilotwork.refusals import Refused
from tests.awards.rounds import (
    FRIDAY_BEFORE_NATIONAL_DAY,
    OPINION,
    after_the_notice,
    approved,
    nominated,
    of_the_office,
    open_cycle,
    posted,
)
from tests.people import County
from units.actions import set_working_day

TYPES = ["branch", "member"]


@pytest.fixture
def cycle(county):
    return open_cycle(county)


@pytest.fixture
def notice(county, cycle):
    """The cycle with one recommended nomination of each kind and its notice posted today."""
    approved(county, nominated(county, cycle))
    approved(county, of_the_office(county, cycle))
    return posted(county, cycle)


def results(cycle, result="won"):
    return {row.pk: (result, "") for row in cycle.nominations.recommended()}


def objection(county, cycle, **typed):
    filled = {"text": "事迹不实。", "received_on": clock.today()} | typed
    return cycles.log_objection(cycle, by=county.reviewer, **filled)


# --- Opening and quotas ---------------------------------------------------------------------------


def test_a_cycle_keeps_the_settings_with_which_it_was_opened(county, cycle):
    county.programme.extra_unit_places = county.programme.extra_youth_places = 7
    county.programme.notice_days = 9
    county.programme.save()
    cycle = AwardCycle.objects.get()
    assert (cycle.extra_unit_places, cycle.extra_youth_places, cycle.notice_days) == (1, 1, 5)
    assert cycle.log[0].by == county.reviewer


def test_there_is_one_cycle_a_year_and_level(county, cycle):
    def open_again(year=2026, level="city"):
        return cycles.open_cycle(
            county.programme, by=county.reviewer, year=year, level=level, types=TYPES
        )

    with pytest.raises(Refused) as caught:
        open_again()
    assert (caught.value.message, caught.value.field) == ("2026年度市级评优已经开始。", "level")
    open_again(level="county")
    open_again(year=2027)
    cycles.cancel(cycle, by=county.reviewer, opinion="开错了。")
    open_again()


@pytest.mark.parametrize("name", ["approver", "cashier", "leader", "member", "superuser", "mentor"])
def test_cycles_and_quotas_are_the_reviewers(county, cycle, name):
    person = county.people[name]
    may = name == "mentor"  # holds the reviewer's duty
    for call in (
        lambda: cycles.open_cycle(
            county.programme, by=person, year=2030, level="city", types=TYPES
        ),
        lambda: cycles.set_quotas(cycle, by=person, rows={}),
        lambda: cycles.cancel(cycle, by=person, opinion=OPINION),
    ):
        if may:
            call()
        else:
            with pytest.raises(NotPermitted):
                call()


def test_the_table_of_quotas_is_set_as_a_whole_and_its_history_kept(county, cycle):
    rows = {county.branch: {"branch": 2, "member": 0}, county.town: {"member": 3}}
    cycles.set_quotas(cycle, by=county.reviewer, rows=rows)
    places = BaseQuota.objects.filter(places__gt=0)
    found = set(places.values_list("organisation__name", "award_type", "places"))
    assert found == {(county.branch.name, "branch", 2), (county.town.name, "member", 3)}
    assert BaseQuota.history.filter(history_type="-").count() == 8
    changed = BaseQuota.history.get(history_type="~", award_type="branch")
    assert (changed.places, changed.history_user) == (2, county.reviewer)


def test_a_quota_is_never_less_than_what_was_handed_in(county, cycle):
    nominated(county, cycle)
    with pytest.raises(Refused, match="已报送 1 个，名额不能少于此数"):
        cycles.set_quotas(cycle, by=county.reviewer, rows={county.branch: {"branch": 1}})
    assert BaseQuota.objects.count() == 12


def test_a_cycle_is_cancelled_only_while_nobody_is_nominated(county, cycle):
    nomination = nominated(county, cycle)
    with pytest.raises(Refused, match="不能取消"):
        cycles.cancel(cycle, by=county.reviewer, opinion="不办了。")
    nominations.withdraw(nomination, by=county.member)
    assert cycles.cancel(cycle, by=county.reviewer, opinion="不办了。").state == "cancelled"


# --- The notice -----------------------------------------------------------------------------------


def test_the_notice_runs_five_working_days_from_the_day_after_posting(db):
    # Mid-Autumn is from the 25th to the 27th, National Day from 1 to 7 October.
    with clock.at(FRIDAY_BEFORE_NATIONAL_DAY):
        county = County()
        cycle = open_cycle(county)
        approved(county, nominated(county, cycle))
        cycle = posted(county, cycle)
    assert (cycle.posted_on, cycle.notice_ends_on) == (dt.date(2026, 9, 25), dt.date(2026, 10, 9))
    for day, is_over in [(dt.date(2026, 10, 9), False), (dt.date(2026, 10, 10), True)]:
        with clock.at(dt.datetime.combine(day, dt.time(12), clock.SHANGHAI)):
            assert AwardCycle.objects.get().is_notice_over == is_over


def test_the_countys_own_calendar_lengthens_the_notice(db):
    with clock.at(FRIDAY_BEFORE_NATIONAL_DAY):
        county = County()
        set_working_day(by=county.administrator, day=dt.date(2026, 10, 8), is_workday=False)
        cycle = open_cycle(county)
        approved(county, nominated(county, cycle))
        assert posted(county, cycle).notice_ends_on == dt.date(2026, 10, 10)


def test_nothing_is_posted_while_something_is_undecided_or_nobody_recommended(county, cycle):
    with pytest.raises(Refused, match="没有可以公示的内容"):
        posted(county, cycle)
    approved(county, nominated(county, cycle))
    undecided = nominated(county, cycle, award_type="official")
    with pytest.raises(Refused, match="还有推荐没有初审或审批完"):
        posted(county, cycle)
    nominations.decline(undecided, by=county.reviewer, opinion=OPINION)
    assert posted(county, cycle).state == "notice"


@pytest.mark.parametrize("days", [-1, 1])
def test_the_day_of_posting_is_not_in_the_future_nor_before_the_decisions(county, cycle, days):
    approved(county, nominated(county, cycle))
    with pytest.raises(Refused) as caught:
        posted(county, cycle, on=clock.today() + dt.timedelta(days=days))
    assert caught.value.field == "posted_on"


def test_a_wrong_notice_is_taken_down_and_posted_anew_for_the_whole_time(county, notice):
    objection(county, notice)
    cycle = cycles.take_down(notice, by=county.reviewer, opinion="名单漏了一人。")
    assert (cycle.state, cycle.posted_on, cycle.notice_ends_on) == ("open", None, None)
    approved(county, nominated(county, cycle, award_type="official"))
    tomorrow = clock.now() + dt.timedelta(days=1)
    with clock.at(tomorrow):
        again = posted(county, cycle)
    assert again.posted_on == clock.local(tomorrow).date()
    assert again.objections.count() == 1


# --- Objections -----------------------------------------------------------------------------------


def test_objections_are_recorded_only_for_days_on_which_the_notice_ran(county, notice):
    assert objection(county, notice).from_whom == ""
    for days in (-1, 1):
        with pytest.raises(Refused) as caught:
            objection(county, notice, received_on=clock.today() + dt.timedelta(days=days))
        assert caught.value.field == "received_on"
    with after_the_notice(notice):
        objection(county, notice, received_on=notice.notice_ends_on)
        with pytest.raises(Refused, match="这一天不在其中"):
            objection(county, notice)


def test_no_objection_is_recorded_before_the_notice(county, cycle):
    with pytest.raises(Refused, match="只有公示期间可以登记异议"):
        objection(county, cycle)


def test_an_objection_is_answered_once_and_by_nobody_tied_to_the_nominee(county, notice):
    about = notice.nominations.get(organisation=county.branch)
    logged = objection(county, notice, nomination=about)
    for person, why in [
        (county.mentor, "回避"),
        (county.parent_member, "回避"),
        (county.approver, "有初审职责"),
        (county.superuser, "有初审职责"),
    ]:
        with pytest.raises(NotPermitted, match=why):
            cycles.answer_objection(logged, by=person, handling="查无此事。")
    cycles.answer_objection(logged, by=county.reviewer, handling="查无此事。")
    kept = Objection.objects.get()
    assert (kept.handling, kept.handled_by) == ("查无此事。", county.reviewer)
    with pytest.raises(Refused, match="已经答复"):
        cycles.answer_objection(logged, by=county.reviewer, handling="再答。")


def test_who_objects_is_nobody_elses_business(county, notice):
    objection(county, notice, from_whom="某")
    visible = [
        Objection.objects.visible_to(county.people[name]).exists()
        for name in ("leader", "member", "stranger", "partner")
    ]
    assert visible == [True, False, False, False]


# --- Results --------------------------------------------------------------------------------------


def test_results_are_announced_only_after_the_last_day_with_every_objection_answered(
    county, notice
):
    logged = objection(county, notice)
    with pytest.raises(Refused, match="公示期还没有结束"):
        cycles.conclude(notice, by=county.approver, results=results(notice))
    with after_the_notice(notice):
        with pytest.raises(Refused, match="还有异议没有答复"):
            cycles.conclude(notice, by=county.approver, results=results(notice))
        cycles.answer_objection(logged, by=county.reviewer, handling="查无此事。")
        cycle = cycles.conclude(notice, by=county.approver, results=results(notice))
        assert (cycle.state, cycle.concluded_on) == ("concluded", clock.today())


def test_everybody_who_was_recommended_gets_a_result(county, notice):
    first, second = notice.nominations.recommended().order_by("pk")
    with after_the_notice(notice):
        with pytest.raises(Refused, match="请填写"):
            cycles.conclude(notice, by=county.approver, results={first.pk: ("won", "")})
        typed = {first.pk: ("won", ""), second.pk: ("not_won", "名额所限")}
        cycles.conclude(notice, by=county.approver, results=typed)
    kept = Nomination.objects.order_by("pk").values_list("result", "result_note", "state")
    assert list(kept) == [("won", "", "approved"), ("not_won", "名额所限", "approved")]
    assert [nomination.log[-1].label for nomination in (first, second)] == ["获评", "未获评"]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("mentor", "回避"),
        ("staff_member", "回避"),
        ("parent_member", "回避"),
        ("reviewer", "没有审批职责"),
        ("superuser", "没有审批职责"),
    ],
)
def test_nobody_announces_the_results_of_his_own_unit(county, notice, name, why):
    person = county.people[name]
    person.is_superuser = True
    person.save()
    with after_the_notice(notice), pytest.raises(NotPermitted) as caught:
        cycles.conclude(notice, by=person, results=results(notice))
    assert why in caught.value.reason
    assert county.approver in caught.value.who_can
    assert county.mentor not in caught.value.who_can


def test_members_and_mentors_see_the_cycles_of_their_programme_partners_none(county, cycle):
    people = ("leader", "administrator", "member", "neighbour", "mentor", "partner", "stranger")
    seen = [AwardCycle.objects.visible_to(county.people[name]).exists() for name in people]
    assert seen == [True] * 5 + [False] * 2
