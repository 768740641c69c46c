"""Pages of award cycles: nominating, deciding, the notice, results, papers, lists, to-do."""

import pytest
from django.urls import reverse

from awards.actions import cycles, nominations
from awards.cycle_table import quota_rows as quota_table
from awards.models import AwardCycle, BaseQuota, Campaign, Contribution, Nomination
from pilotwork import clock
from pilotwork.money import to_yuan
from pilotwork.paper.dates import full_date
from tests.awards.reading import opened, sent
from tests.awards.rounds import (
    DEEDS,
    NAME,
    OPINION,
    after_the_notice,
    approved,
    nominated,
    of_the_office,
    posted,
    recognised,
    reviewed,
)

# --- From the draft to the decision ---------------------------------------------------------------


def test_a_member_writes_hands_in_and_corrects_a_nomination(client, county, cycle):
    content = {"organisation": county.branch.pk, "award_type": "member", "deeds": DEEDS}
    empty = opened(client, county.member, "nominate", cycle.pk)
    assert "（基本名额 1 个）" in empty
    cycle.quotas.filter(award_type="member").update(places=0)
    assert "（无基本名额）" in opened(client, county.member, "nominate", cycle.pk)
    cycle.quotas.filter(award_type="member").update(places=1)
    page = sent(client, county.member, "nominate", cycle.pk, **content)
    assert "请填写被推荐人的姓名和职务。" in page
    assert DEEDS in page
    page = sent(client, county.member, "nominate", cycle.pk, **content, nominee_name=NAME, submit=1)
    assert "已提交，等团县委初审。" in page
    nomination = Nomination.objects.get()
    assert (nomination.state, nomination.entered_by) == ("nominated", county.member)
    address = ("act_on_nomination", nomination.pk, "send_back")
    sent(client, county.reviewer, *address, opinion="事迹太短。")
    assert "退回理由：事迹太短。" in opened(client, county.member, "edit_nomination", nomination.pk)
    content |= {"deeds": "三年护林三千亩。", "nominee_name": NAME, "submit": 1}
    sent(client, county.member, "edit_nomination", nomination.pk, **content)
    nomination.refresh_from_db()
    assert (nomination.state, nomination.deeds) == ("nominated", "三年护林三千亩。")


def test_what_does_not_fit_the_quota_is_kept_and_the_reason_said(client, county, cycle):
    nominated(county, cycle)
    page = sent(
        client,
        county.member,
        "nominate",
        cycle.pk,
        organisation=county.branch.pk,
        award_type="member",
        nominee_name="郑 · 护林员",
        deeds=DEEDS,
        submit=1,
    )
    assert "内容已保存，但还没有提交" in page
    assert "基本名额为 1 个，已用 1 个" in page
    assert Nomination.objects.get(nominee_name="郑 · 护林员").state == "draft"


def test_the_extra_place_is_offered_only_with_a_recognised_contribution(client, county, cycle):
    assert "使用试点加配名额" not in opened(client, county.member, "nominate", cycle.pk)
    recognised(county)
    assert "使用试点加配名额" in opened(client, county.member, "nominate", cycle.pk)


def test_the_approver_is_asked_why_he_passes_over_a_pilot_nominee(client, county, cycle):
    nominated(county, cycle)
    other = reviewed(county, of_the_office(county, cycle))
    assert "越过试点人选的理由" in opened(client, county.approver, "nomination", other.pk)
    address = ("act_on_nomination", other.pk, "approve")
    page = sent(client, county.approver, *address, opinion="同意推荐此人。")
    assert "推荐其他人选须写明越过的理由" in page
    assert "同意推荐此人。" in page
    reason = {"opinion": OPINION, "passed_over_reason": "事迹更突出。"}
    page = sent(client, county.approver, *address, **reason)
    assert "已同意推荐。" in page
    assert "事迹更突出。" in page


def test_the_page_says_why_one_may_not_decide_and_who_can(client, county, cycle):
    nomination = nominated(county, cycle)
    page = opened(client, county.mentor, "nomination", nomination.pk)
    assert "按回避规定只能提出意见" in page
    assert str(county.reviewer) in page
    answer = client.post(
        reverse("awards:act_on_nomination", args=[nomination.pk, "review"]), {"opinion": "好"}
    )
    assert answer.status_code == 403


# --- Quotas, notice, results ----------------------------------------------------------------------


def quota_rows(*rows):
    """The table of quotas as a browser posts it; rows are (organisation, places)."""
    data = {"quotas-TOTAL_FORMS": len(rows), "quotas-INITIAL_FORMS": 0}
    for number, (organisation, places) in enumerate(rows):
        data |= {f"quotas-{number}-organisation": organisation.pk}
        data |= {f"quotas-{number}-member": places}
    return data


def test_the_table_of_quotas_is_kept_and_shows_how_much_is_used(client, county, cycle):
    nominated(county, cycle)
    rows = quota_rows((county.branch, 3), (county.office, 2))
    page = sent(client, county.reviewer, "set_quotas", cycle.pk, **rows)
    assert "1／3" in page
    assert "0／2" in page
    assert BaseQuota.objects.filter(places__gt=0).count() == 2


def test_the_quotas_of_many_organisations_are_shown_in_part_until_asked_for(
    client, county, cycle, monkeypatch
):
    monkeypatch.setattr("awards.views.cycles.MOST_QUOTAS", 1)
    rows = quota_rows((county.branch, 3), (county.office, 2))
    sent(client, county.reviewer, "set_quotas", cycle.pk, **rows)
    whole = len(quota_table(cycle, county.reviewer))
    assert whole > 1
    address = reverse("awards:cycle", args=[cycle.pk])
    shown = [client.get(address + query).context["quotas"] for query in ("", "?quotas=all")]
    assert [len(quotas) for quotas in shown] == [1, whole]
    assert shown[0][0] == shown[1][0]


def test_quotas_of_more_organisations_than_a_form_holds_are_imported(
    client, county, cycle, monkeypatch
):
    monkeypatch.setattr("awards.views.cycles.MOST_TYPED", 1)
    rows = quota_rows((county.branch, 3), (county.office, 2))
    before = set(BaseQuota.objects.values_list("pk", "places"))
    page = sent(client, county.reviewer, "set_quotas", cycle.pk, **rows)
    assert reverse("reports:import_upload", args=["quotas"]) in page
    assert set(BaseQuota.objects.values_list("pk", "places")) == before


def test_rows_sent_back_as_they_were_stay_as_they_were(client, county, cycle):
    rows = [(organisation, 1) for organisation in (county.branch, county.other, county.office)]
    before = set(BaseQuota.objects.filter(award_type="member").values_list("pk", "places"))
    sent(client, county.reviewer, "set_quotas", cycle.pk, **quota_rows(*rows))
    assert set(BaseQuota.objects.filter(award_type="member").values_list("pk", "places")) == before
    form = campaign_form(county, (county.office, "1000"), (county.branch, "2000"))
    sent(client, county.reviewer, "new_campaign", **form)
    campaign = Campaign.objects.get()
    sent(client, county.reviewer, "edit_campaign", campaign.pk, **form)
    assert campaign.allocations.count() == 2


@pytest.mark.parametrize("case", ["twice", "too few"])
def test_a_refused_table_of_quotas_keeps_what_was_typed(client, county, cycle, case):
    nominated(county, cycle)
    rows = [(county.branch, 7), (county.branch, 1)] if case == "twice" else [(county.office, 7)]
    page = sent(client, county.reviewer, "set_quotas", cycle.pk, **quota_rows(*rows))
    assert ("填了两行" if case == "twice" else "名额不能少于此数") in page
    assert 'value="7"' in page
    assert BaseQuota.objects.filter(places=1).count() == 12


def test_from_the_notice_over_an_objection_to_the_results(client, county, cycle):
    nomination = approved(county, nominated(county, cycle))
    typed = {"posted_on": clock.today(), "objections_to": "组宣部 000"}
    page = sent(client, county.reviewer, "act_on_cycle", cycle.pk, "post", **typed)
    assert "公示已张贴" in page
    typed = {"text": "事迹不实。", "received_on": clock.today(), "nomination": nomination.pk}
    page = sent(client, county.reviewer, "log_objection", cycle.pk, **typed)
    assert "匿名" in page
    objection = AwardCycle.objects.get().objections.get()
    assert "事迹不实。" not in opened(client, county.member, "cycle", cycle.pk)
    sent(client, county.reviewer, "answer_objection", objection.pk, handling="查无此事。")
    cycle.refresh_from_db()
    with after_the_notice(cycle):
        assert "公布结果" in opened(client, county.approver, "cycle", cycle.pk)
        address = ("act_on_cycle", cycle.pk, "conclude")
        assert NAME in opened(client, county.approver, *address)
        assert "这个字段是必填项" in sent(client, county.approver, *address)
        result = {f"result_{nomination.pk}": "won", f"note_{nomination.pk}": "市级"}
        assert "结果已公布。" in sent(client, county.approver, *address, **result)
    nomination.refresh_from_db()
    assert (nomination.result, nomination.result_note) == ("won", "市级")


# --- Papers ---------------------------------------------------------------------------------------


def test_the_recommendation_form_has_every_opinion_and_room_to_sign_and_seal(client, county, cycle):
    backing = {"is_extra": True, "contribution": recognised(county)}
    nomination = nominated(county, cycle, party_opinion="党组织同意推荐。", **backing)
    nomination = nominations.review(nomination, by=county.reviewer, opinion="材料齐全。")
    nomination = nominations.approve(
        nomination, by=county.approver, opinion="准予推荐。", minutes_number="第3号"
    )
    page = opened(client, county.member, "nomination_form", nomination.pk)
    for words in (
        "2026年度市级评优推荐审批表",
        "优秀共青团员",
        NAME,
        county.branch.name,
        "试点加配名额",
        DEEDS,
        "抗洪抢险。",
        "党组织同意推荐。",
        "材料齐全。",
        "准予推荐。",
        "第3号",
        nomination.log[-1].digest,
    ):
        assert words in page
    assert page.count("签字：") == 4
    assert page.count("（盖章）") == 3
    assert page.count("年　　月　　日") == 4


def test_the_notice_names_who_for_what_how_long_and_where_to_object(client, county, cycle):
    approved(county, nominated(county, cycle))
    declined = nominated(county, cycle, award_type="official", nominee_name="郑 · 未推荐")
    nominations.decline(declined, by=county.reviewer, opinion=OPINION)
    client.force_login(county.reviewer)
    address = reverse("awards:print_notice", args=[cycle.pk])
    assert client.get(address).status_code == 404
    cycle = posted(county, cycle)
    page = opened(client, county.reviewer, "print_notice", cycle.pk)
    last = cycle.notice_ends_on
    for words in (
        NAME,
        "优秀共青团员",
        "公示期 5 个工作日",
        f"{last.year}年{last.month}月{last.day}日止",
        "团县委组宣部 000",
        "共青团县委员会（盖章）",
    ):
        assert words in page
    assert "未推荐" not in page


def test_a_nominations_page_says_how_many_places_there_are_and_are_taken(client, county, cycle):
    nomination = nominated(county, cycle)
    words = "该单位该奖项 1 个，已占用 1 个，含本项"
    for person in (county.member, county.reviewer, county.approver):
        assert words in opened(client, person, "nomination", nomination.pk)
    extra = nominated(
        county,
        cycle,
        award_type="official",
        is_extra=True,
        contribution=recognised(county, person=NAME),
    )
    assert "个人 1 个，已占用 1 个，含本项" in opened(
        client, county.approver, "nomination", extra.pk
    )


def test_the_log_names_the_meeting_that_decided(client, county, cycle):
    nomination = approved(county, nominated(county, cycle), minutes_number="团纪要〔3〕")
    page = opened(client, county.member, "nomination", nomination.pk)
    assert f"{OPINION}；会议纪要号：团纪要〔3〕" in page


def test_the_county_reads_what_a_cycle_waits_for(client, county, cycle):
    def says(words, person=county.reviewer):
        return words in opened(client, person, "cycle", cycle.pk)

    assert says("还没有单位报送推荐。")
    nomination = nominated(county, cycle)
    assert says("还有 1 项推荐没有办完", county.approver)
    approved(county, nomination)
    assert says("都报齐后，由初审人员张贴公示")
    notice = posted(county, cycle)
    assert says(f"公示到{full_date(notice.notice_ends_on)}；", county.leader)
    cycles.log_objection(notice, by=county.reviewer, text="不实。", received_on=clock.today())
    assert says("还有 1 条异议没有答复")
    assert not says("异议没有答复", county.member)


# --- Contributions and campaigns ------------------------------------------------------------------


def test_a_mentor_proposes_on_the_page_and_the_approver_recognises(client, county):
    typed = {"pilot_unit": county.unit.pk, "deeds": DEEDS}
    page = sent(client, county.mentor, "propose", **typed)
    assert "突出贡献已提出，等审批人认定。" in page
    contribution = Contribution.objects.get()
    address = ("act_on_contribution", contribution.pk, "recognise")
    assert "已认定" in sent(client, county.approver, *address, opinion=OPINION)


def campaign_form(county, *rows, **changed):
    """A campaign as a browser posts it; rows are (organisation, base amount)."""
    data = {"allocations-TOTAL_FORMS": len(rows), "allocations-INITIAL_FORMS": 0}
    for number, (organisation, amount) in enumerate(rows):
        data |= {f"allocations-{number}-organisation": organisation.pk}
        data |= {f"allocations-{number}-base_amount": amount}
    head = {"programme": county.programme.pk, "kind": "hope", "year": 2026, "name": "圆梦行动"}
    return head | data | changed


def test_a_campaign_is_entered_as_a_table_changed_and_summed(client, county):
    form = campaign_form(county, (county.office, "1,000"), (county.branch, "2000.50"))
    page = sent(client, county.reviewer, "new_campaign", **form)
    assert "3,000.50" in page
    assert page.index(county.branch.label) < page.index(county.office.label)
    assert "不得填写未成年人姓名" in page
    campaign = Campaign.objects.get()
    stored = opened(client, county.reviewer, "edit_campaign", campaign.pk)
    assert 'value="2000.50"' in stored
    form = campaign_form(county, (county.branch, "5"))
    sent(client, county.reviewer, "edit_campaign", campaign.pk, **form)
    assert campaign.allocations.get().base_amount == to_yuan("5")
    page = sent(client, county.reviewer, "new_campaign", **campaign_form(county))
    assert "请至少填写一个单位。" in page
