"""The fund's first weeks: money in, one project paid in part, one waiting for the approver."""

from funds.actions import applications, drafts, ledger, payments
from funds.models import Application, Source
from mentors.models import SignatureActivity
from pilotwork.money import to_yuan
from units.actions import reply, suggest


def run_the_fund(story):
    """Receipts, applications, decisions, a payment and two suggestions."""
    _receipts(story)
    _school_is_paid_in_part(story)
    _suggestions(story)
    _town_waits_for_the_approver(story)
    _works_writes_a_draft(story)


def _receipts(story):
    receipts = [
        (33, "10:20", Source.WORKING, "3000", "团县委工作经费", "SJ-001"),
        (31, "15:10", Source.DONATION, "5000", "恒兴钢业有限公司", "SJ-002"),
        (28, "11:05", Source.DONATION, "2000", "县青年企业家协会", "SJ-003"),
    ]
    for days_ago, time, source, amount, payer, number in receipts:
        with story.at(days_ago, time):
            ledger.receive(
                story.fund,
                by=story.people["clerk"],
                amount=to_yuan(amount),
                source=source,
                occurred_on=story.day(days_ago),
                counterparty=payer,
                reference=number,
            )


def _draft(story, unit, by, lines, starts_in, lasts, **content):
    """Save a draft of `unit`; `lines` are (item, note, quantity, price, from the fund)."""
    organisation = unit.organisation
    keys = ("item", "note", "quantity", "unit_price", "from_fund")
    rows = [
        dict(zip(keys, [item, note, *map(to_yuan, amounts)], strict=True))
        for item, note, *amounts in lines
    ]
    content |= {
        "starts_on": story.day(-starts_in),
        "ends_on": story.day(-starts_in - lasts),
        "signature_activity": SignatureActivity.objects.filter(pilot_unit=unit).first(),
        "contact": by.name,
        "phone": "022-0000 0000",
        "payee_name": organisation.payee_name,
        "payee_bank": organisation.payee_bank,
        "payee_account": organisation.payee_account,
    }
    return drafts.save_draft(Application(pilot_unit=unit), by=by, content=content, lines=rows)


def _school_is_paid_in_part(story):
    people, unit = story.people, story.units["瀛海学校"]
    with story.at(26, "16:40"):
        application = _draft(
            story,
            unit,
            people["yinghai"],
            [
                ("普法展板", "8 块", "8", "100", "800"),
                ("微课录制", "拍摄与剪辑", "4", "200", "800"),
                ("宣传资料", "法治手册", "200", "2.50", "200"),
            ],
            starts_in=-14,
            lasts=28,
            name="校园法治微课堂",
            purpose="用学生听得懂的案例讲法治，形成可以反复使用的微课。",
            plan="每周一课，共四课；由结对单位团员青年主讲，学校团委组织观看和讨论，录制后在班级循环播放。",
            place="瀛海学校报告厅",
            participants="学生团员 240 人",
        )
    with story.at(25, "09:05"):
        applications.submit(application, by=people["yinghai"])
    with story.at(24, "14:30"):
        applications.mentor_opinion(
            application,
            by=people["schoolhead"],
            opinion="活动与学校实际结合紧密，进度安排可行，支持立项。",
        )
    with story.at(22, "10:12"):
        applications.review(
            application, by=people["orghead"], opinion="材料齐全，预算合理，建议足额立项。"
        )
    with story.at(20, "15:25"):
        applications.approve(
            application,
            by=people["secretary"],
            amount=to_yuan("1800"),
            opinion="同意立项，注意节约，活动后及时结项。",
            minutes_number="团县委办公会纪要〔第3号〕",
        )
    with story.at(15, "11:00"):
        payments.pay(
            application,
            by=people["clerk"],
            amount=to_yuan("1000"),
            occurred_on=story.day(15),
            method="银行转账",
            memo="首期拨付",
        )


def _town_waits_for_the_approver(story):
    people, unit = story.people, story.units["大邱庄镇"]
    with story.at(9, "17:20"):
        application = _draft(
            story,
            unit,
            people["daqiuzhuang"],
            [
                ("培训讲师", "2 场", "2", "600", "1200"),
                ("直播设备租赁", "补光灯、支架", "7", "200", "1400"),
                ("宣传材料", "展板、折页", "1", "800", "600"),
            ],
            starts_in=8,
            lasts=6,
            name="青春助农直播周",
            purpose="帮助青年农户学会直播带货，形成“青春助农”品牌。",
            plan="先办两场直播技能培训，再用一周时间由青年农户轮流直播，镇团委组织志愿者协助打包发货。",
            place="大邱庄镇青年之家",
            participants="团员青年 60 人",
        )
    with story.at(7, "09:05"):
        applications.submit(application, by=people["daqiuzhuang"])
    with story.at(6, "16:40"):
        applications.mentor_opinion(
            application, by=people["deputy"], opinion="活动与实施方案一致，支持。"
        )
    with story.at(3, "10:12"):
        applications.review(application, by=people["orghead"], opinion="预算合理，建议足额立项。")


def _works_writes_a_draft(story):
    with story.at(2, "19:45"):
        _draft(
            story,
            story.units["恒兴钢业"],
            story.people["hengxing"],
            [("奖品", "前三名", "6", "150", "600")],
            starts_in=20,
            lasts=1,
            name="青工技能比武",
            purpose="以赛促学，让青年工人比技术、长本领。",
            plan="",
            place="恒兴钢业一号车间",
            participants="青年工人 46 人",
        )


def _suggestions(story):
    people = story.people
    with story.at(13, "08:50"):
        answered = suggest(
            by=people["shunfeng"], text="合作社团员白天在林地干活，座谈会能否安排在晚上？"
        )
    with story.at(12, "16:00"):
        reply(
            answered,
            by=people["secretary"],
            opinion="可以。今后涉及合作社的活动一律先与你们商定时间。",
        )
    with story.at(4, "20:15"):
        suggest(by=people["wangkou"], text="立项申请里希望能直接选用上次填过的收款账户。")
