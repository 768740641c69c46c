"""What a unit may write, hand in and correct, and the opinions on it."""

import datetime as dt

import pytest

from accounts.matters import NotPermitted
from accounts.models import TransitionLog
from funds.actions import applications, drafts
from funds.models import Application, ApplicationAttachment, State
from pilotwork import clock
from pilotwork.files import Accepted
from pilotwork.money import to_yuan
from tests.factories import days_ago
from tests.funds.acts import approve, refusal_of
from tests.journeys import (
    OPINION,
    bring,
    content_of,
    draft,
    fresh,
    go_on,
    line,
    lines_for,
)
from units.actions import end_programme, leave, resume

SCAN = Accepted("意见.pdf", "application/pdf", b"%PDF-1.7")


# --- Draft and submission -------------------------------------------------------------------------


def test_the_totals_follow_from_the_lines(county):
    application = drafts.save_draft(
        Application(pilot_unit=county.unit),
        by=county.member,
        content=content_of(county.unit),
        lines=[line("资料", "3", "33.33", "50"), line("讲师", "1.5", "0.33", "0.50")],
    )
    rows = application.budget_lines.all()
    assert [(row.position, row.amount, row.own_share) for row in rows] == [
        (1, to_yuan("99.99"), to_yuan("49.99")),
        (2, to_yuan("0.50"), 0),
    ]
    assert application.total_amount == to_yuan("100.49")
    assert application.requested_amount == to_yuan("50.50")


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (line("讲师", "1", "100", "100.01"), "第 2 行：基金承担的金额不能超过该行金额。"),
        (line("讲师", "0", "100", "0"), "第 2 行：金额必须大于零。"),
    ],
)
def test_a_wrong_budget_line_is_named_by_its_row(county, wrong, message):
    application = draft(county)
    refusal = refusal_of(
        drafts.save_draft,
        application,
        by=county.member,
        content={"name": "改名"},
        lines=[line("展板", "1", "1", "1"), wrong],
    )
    assert (refusal.message, refusal.field) == (message, "lines")
    assert fresh(application).name == "林下经济青年课堂"


@pytest.mark.parametrize(
    ("changed", "message", "field"),
    [
        ({"plan": ""}, "请先填写“活动方案”，再提交。", "plan"),
        ({"payee_account": ""}, "请先填写“收款账号”，再提交。", "payee_account"),
        ({"starts_on": None}, "请先填写“活动开始日期”，再提交。", "starts_on"),
        ({"ends_on": days_ago(9)}, "活动结束日期不能早于开始日期。", "ends_on"),
    ],
)
def test_an_incomplete_draft_is_kept_but_not_submitted(county, changed, message, field):
    application = draft(county, **changed)
    refusal = refusal_of(applications.submit, application, by=county.member)
    assert (refusal.message, refusal.field) == (message, field)
    assert fresh(application).number is None


def test_a_draft_that_asks_the_fund_for_nothing_is_not_submitted(county):
    application = draft(county)
    drafts.save_draft(
        application, by=county.member, content={}, lines=[line("展板", "1", "5", "0")]
    )
    refusal = refusal_of(applications.submit, application, by=county.member)
    assert refusal.message == "请在预算中填写由基金承担的金额。"


def test_numbers_are_serial_by_year_and_a_refused_submission_uses_none(county):
    year = clock.today().year
    first, incomplete, second = draft(county), draft(county, plan=""), draft(county)
    applications.submit(first, by=county.member)
    refusal_of(applications.submit, incomplete, by=county.member)
    applications.submit(second, by=county.member)
    assert [fresh(a).number for a in (first, incomplete, second)] == [
        f"{year}-001",
        None,
        f"{year}-002",
    ]
    with clock.at(dt.datetime(year + 1, 1, 1, 0, 10, tzinfo=clock.SHANGHAI)):
        third = draft(county)
        applications.submit(third, by=county.member)
    assert fresh(third).number == f"{year + 1}-001"


def test_no_unit_applies_after_the_programme_or_its_own_pilot_ended(county):
    application, waiting = draft(county), bring(county, "reviewed")
    county.unit = leave(
        county.unit, by=county.administrator, last_day=clock.today(), opinion="合并"
    )
    message = "本次试点已结束或单位已退出，不能再提交申请。"
    assert refusal_of(applications.submit, application, by=county.member).message == message
    resume(county.unit, by=county.administrator, opinion="恢复")
    end_programme(county.programme, by=county.administrator, opinion=OPINION)
    assert refusal_of(applications.submit, application, by=county.member).message == message
    assert refusal_of(approve, county, waiting, "1").message == message


def test_only_the_unit_writes_and_only_while_it_has_the_application(county):
    application = bring(county, "submitted")
    saving = {"content": {"name": "改名"}, "lines": lines_for(5)}
    assert refusal_of(drafts.save_draft, application, by=county.member, **saving).stale
    own = draft(county)
    for name, person in county.everybody():
        if name not in {"member", "staff_member"}:
            with pytest.raises(NotPermitted):
                drafts.save_draft(own, by=person, **saving)
            with pytest.raises(NotPermitted):
                drafts.discard_draft(own, by=person)
    assert refusal_of(drafts.discard_draft, application, by=county.member).stale
    drafts.discard_draft(own, by=county.member)
    assert not Application.objects.filter(pk=own.pk).exists()


# --- Return and resubmission ----------------------------------------------------------------------


def retype(county, application, lines=None, **changed):
    """Save the returned application with other content or lines."""
    keys = ("item", "note", "quantity", "unit_price", "from_fund")
    typed = lines or list(application.budget_lines.values(*keys))
    return drafts.save_draft(application, by=county.member, content=changed, lines=typed)


@pytest.mark.parametrize(
    ("returned_by", "changed", "target"),
    [
        ("send_back", {"plan": "改期。"}, State.SUBMITTED),
        ("return", {"plan": "改期。"}, State.REVIEWED),
        ("return", {}, State.REVIEWED),
        ("return", {"payee_bank": "县建设银行"}, State.SUBMITTED),
        ("return", {"payee_account": "6210"}, State.SUBMITTED),
        ("return", {"payee_name": "沿庄镇团委"}, State.SUBMITTED),
        ("return", {"lines": lines_for(799)}, State.SUBMITTED),
    ],
)
def test_a_corrected_application_goes_back_to_where_it_came_from(
    county, returned_by, changed, target
):
    steps = ["submit"] if returned_by == "send_back" else ["submit", "review"]
    application = go_on(county, draft(county), *steps, returned_by)
    number = application.number
    retype(county, application, **changed)
    applications.resubmit(application, by=county.member)
    after = fresh(application)
    assert (after.state, after.number) == (target, number)
    assert [version.number for version in after.versions.all()] == [1, 2]


def test_earlier_versions_stay_as_they_were_handed_in(county):
    application = bring(county, "returned")
    retype(county, application, lines_for(500), place="镇文化站")
    applications.resubmit(application, by=county.member)
    first, second = application.versions.all()
    assert (first.content["place"], second.content["place"]) == ("合作社林地", "镇文化站")
    assert first.content["requested_amount"] == "800.00"
    assert second.content["requested_amount"] == "500.00"
    assert [row["item"] for row in first.content["lines"]] == ["展板", "讲师"]


# --- Opinions -------------------------------------------------------------------------------------


def test_the_superiors_opinion_needs_its_scan_and_another_superior(county):
    application = bring(county, "submitted")
    entering = {"by": county.reviewer, "opinion": "同意。"}
    refusal = refusal_of(applications.superior_opinion, application, uploads=[], **entering)
    assert (refusal.message, refusal.field) == ("请上传上级团组织意见的扫描件。", "uploads")
    applications.superior_opinion(application, uploads=[SCAN], **entering)
    assert ApplicationAttachment.objects.get().purpose == "superior"
    own = draft(county, unit=county.other_unit, by=county.neighbour)
    applications.submit(own, by=county.neighbour)
    refusal = refusal_of(applications.superior_opinion, own, uploads=[SCAN], **entering)
    assert refusal.message == "上级团组织就是团县委，无须另行提出上级意见。"


def test_at_most_twenty_files(county):
    application = draft(county)
    refusal = refusal_of(
        drafts.save_draft,
        application,
        by=county.member,
        content={},
        lines=lines_for(5),
        uploads=[SCAN] * 21,
    )
    assert (refusal.message, refusal.field) == ("附件最多 20 个。", "uploads")
    assert not ApplicationAttachment.objects.exists()


def test_opinions_are_chained_and_the_chain_holds_after_reading_them_again(county):
    application = bring(county, "closed")
    previous = ""
    for row in TransitionLog.objects.of(application):
        assert row.digest == row.computed_digest(previous)
        previous = row.digest
    assert len(application.log) == 8
