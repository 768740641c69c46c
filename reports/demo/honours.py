"""The units' plaques and the one reward, paid from 工作经费."""

from awards.actions import rewards
from awards.models import RewardLevel
from funds.actions import ledger, outright, plaques
from funds.actions.accounts import county_account
from funds.models import AccountKind, Source
from pilotwork.files import PDF, Accepted
from pilotwork.money import to_yuan
from reports.demo.placeholder import placeholder_pdf

MAKER = {
    "maker_name": "县城标牌制作部",
    "maker_bank": "县农商银行城关支行",
    "maker_account": "6210 0009 0001 001",
}
# (unit, cost, who reviews and pays: not its mentor, its mentor, hung so many days ago, where)
PLAQUES = [
    ("大邱庄镇", "180", "orghead", "clerk", "deputy", 26, "镇政府一楼大厅"),
    ("恒兴钢业", "180", "schoolhead", "clerk", "orghead", 25, "厂区青年之家门口"),
    ("王口镇", "180", "orghead", "officer", "clerk", 24, "镇团委办公室门口"),
    ("瀛海学校", "165.50", "orghead", "clerk", "schoolhead", 21, "教学楼一楼大厅"),
    ("顺丰合作社", "180", "schoolhead", "clerk", "officer", 20, "合作社活动室门口"),
]


def mark_the_units(story):
    """Money into 工作经费, a plaque for every unit, a reward for one."""
    _receipt(story)
    made = _plaques_are_proposed(story)
    _plaques_are_approved_and_paid(story, made)
    _plaques_are_hung(story, made)
    _a_model_is_rewarded(story)


def _receipt(story):
    with story.at(33, "11:30"):
        ledger.receive(
            county_account(AccountKind.WORKING),
            by=story.people["clerk"],
            amount=to_yuan("3000"),
            source=Source.SUPERIOR,
            occurred_on=story.day(33),
            counterparty="县财政局",
            reference="GZ-001",
            memo="试点铜牌和典型奖励经费",
        )


def _plaques_are_proposed(story):
    made = {}
    for minute, (name, cost, reviewer, *_) in enumerate(PLAQUES):
        with story.at(story.worked(32), f"09:1{minute}"):
            made[name] = plaques.propose_plaque(
                story.units[name], by=story.people[reviewer], cost=to_yuan(cost), **MAKER
            )
    return made


def _plaques_are_approved_and_paid(story, made):
    for minute, plaque in enumerate(made.values()):
        with story.at(story.worked(31), f"10:2{minute}"):
            plaques.approve_plaque(
                plaque, by=story.people["secretary"], opinion="同意制作，统一样式。"
            )
    paid = story.worked(29)
    for minute, (name, _, _, cashier, *_) in enumerate(PLAQUES):
        with story.at(paid, f"14:3{minute}"):
            outright.pay_price(
                made[name],
                by=story.people[cashier],
                occurred_on=story.day(paid),
                method="银行转账",
            )


def _plaques_are_hung(story, made):
    for name, _, _, _, mentor, days_ago, place in PLAQUES:
        hung = story.worked(days_ago)
        with story.at(hung, "16:10"):
            plaques.hang_plaque(
                made[name],
                by=story.people[mentor],
                made_on=story.day(max(hung, 28)),
                hung_on=story.day(hung),
                place=place,
            )


def _a_model_is_rewarded(story):
    people = story.people
    title = "关于命名全市基层团建先进典型的通知"
    content = placeholder_pdf(title, "演示数据：本页为占位文件，内容从略。")
    with story.at(12, "09:40"):
        reward = rewards.propose_reward(
            story.units["大邱庄镇"],
            by=people["orghead"],
            level=RewardLevel.CITY,
            basis_title=title,
            basis_number="团市发〔第7号〕",
            files=[Accepted(f"{title}.pdf", PDF, content)],
        )
    with story.at(11, "15:20"):
        rewards.approve_reward(reward, by=people["secretary"], opinion="同意，一次性奖励 500 元。")
    with story.at(8, "10:05"):
        outright.pay_price(reward, by=people["clerk"], occurred_on=story.day(8), method="银行转账")
