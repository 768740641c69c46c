"""The year's dues of the five units, each at another stage; the amounts are invented."""

from funds.actions import dues, dues_refunds, dues_uses
from funds.models import DuesMethod
from pilotwork.money import to_yuan

# Yuan a member and year.
RATE = to_yuan("6")


def collect_the_dues(story):
    """Recorded, confirmed and waiting, given back and used, waived, paid in part by the parent."""
    with story.at(30, "09:10"):
        story.programme.dues_rate = RATE
        story.programme._history_user = story.people["admin"]
        story.programme.save(update_fields=["dues_rate"])
    _school_has_it_back_and_uses_it(story)
    _town_waits_for_its_refund(story)
    _works_may_keep_it(story)
    _cooperative_pays_by_way_of_its_town(story)
    _last_town_is_only_recorded(story)


def _record(story, unit, days_ago, time, by="clerk", **figures):
    with story.at(days_ago, time):
        return dues.record_dues(
            story.units[unit],
            by=story.people[by],
            year=story.programme.starts_on.year,
            rate=RATE,
            **figures,
        )


def _collect(story, record, days_ago, time, amount, number, by="clerk"):
    with story.at(days_ago, time):
        dues.collect(
            record,
            by=story.people[by],
            amount=to_yuan(amount),
            occurred_on=story.day(days_ago),
            receipt_number=number,
        )


def _confirm(story, record, days_ago, time, by):
    with story.at(days_ago, time):
        dues.confirm(record, by=story.people[by], opinion="人数与名册相符，票据已核对。")


def _school_has_it_back_and_uses_it(story):
    people = story.people
    record = _record(story, "瀛海学校", 29, "09:30", members=240)
    _collect(story, record, 27, "10:15", "1440", "PJ-0201")
    _confirm(story, record, 25, "16:20", "orghead")
    with story.at(21, "11:10"):
        dues_refunds.refund(
            record,
            by=people["clerk"],
            occurred_on=story.day(21),
            method="银行转账",
        )
    with story.at(20, "10:05"):
        dues_refunds.acknowledge(record, by=people["yinghai"], received_on=story.day(20))
    for days_ago, time, purpose, amount, voucher in [
        (17, "17:30", "团课资料印刷", "360", "00123401"),
        (9, "16:45", "志愿服务马甲 20 件", "500", "00123457"),
    ]:
        with story.at(days_ago, time):
            dues_uses.log_use(
                record,
                by=people["yinghai"],
                spent_on=story.day(days_ago),
                purpose=purpose,
                amount=to_yuan(amount),
                voucher_number=voucher,
            )


def _town_waits_for_its_refund(story):
    record = _record(story, "大邱庄镇", 28, "10:40", members=180)
    _collect(story, record, 19, "14:30", "1080", "PJ-0202", by="officer")
    _confirm(story, record, 16, "09:25", "schoolhead")


def _works_may_keep_it(story):
    record = _record(story, "恒兴钢业", 28, "10:55", members=95, method=DuesMethod.KEEP)
    _confirm(story, record, 16, "09:40", "schoolhead")
    with story.at(12, "15:30"):
        dues.waive(
            record,
            by=story.people["deputy"],
            amount=record.payable,
            opinion="同意免缴，留作青工活动经费，年底报使用情况。",
        )


def _cooperative_pays_by_way_of_its_town(story):
    record = _record(story, "顺丰合作社", 27, "15:20", members=46, is_via_parent=True)
    _collect(story, record, 10, "10:50", "200", "PJ-0203")
    _confirm(story, record, 8, "11:15", "orghead")


def _last_town_is_only_recorded(story):
    record = _record(story, "王口镇", 6, "09:50", by="officer", members=120)
    _collect(story, record, 5, "14:10", "720", "PJ-0204", by="officer")
