"""What 合计 adds up in the ledgers of money: what was paid, not what was turned down or taken back."""

import pytest

from awards.actions import rewards
from funds.actions import dues_uses, plaques
from pilotwork.money import to_yuan
from tests.funds import dues as of_dues
from tests.honours import pay, plaque_in, propose_plaque, reward_in, working_money
from tests.journeys import bring
from tests.reports.workbooks import records_of, sheets_of

pytestmark = pytest.mark.django_db


def total_of(person, heading, name, **query):
    """What the first sheet of a list's workbook says under `heading` in 合计."""
    sheet = sheets_of(person, name, **query)[0]
    head = next(row for row in sheet if row[0] == "序号")
    last = next(row for row in sheet if row[0] == "合计")
    return last[head.index(heading)]


def test_only_rewards_that_were_paid_are_summed(county):
    working_money(county)
    pay(county, reward_in(county, "approved"))
    other = reward_in(county, "approved", county.other_unit)
    rewards.cancel_reward(other, by=county.approver, opinion="不再发放。")
    assert total_of(county.leader, "已发放（元）", "awards:rewards") == 500
    assert total_of(county.leader, "奖励金额（元）", "awards:rewards") is None
    rows = records_of(sheets_of(county.leader, "awards:rewards")[0])
    assert [(row["状态"], row["已发放（元）"]) for row in rows] == [
        ("已撤销", None),
        ("已发放", 500),
    ]


def test_only_plaques_that_were_paid_are_summed(county):
    working_money(county)
    plaque_in(county, "paid")
    plaques.decline_plaque(
        propose_plaque(county, county.other_unit), by=county.approver, opinion="太贵。"
    )
    assert total_of(county.leader, "已付（元）", "funds:plaques") == 180
    assert total_of(county.leader, "制作费（元）", "funds:plaques") is None


def test_what_came_back_of_the_projects_stands_beside_what_was_paid(county):
    bring(county, "closing_settled")
    for heading, amount in (("已拨付（元）", 300), ("已收回（元）", 100)):
        assert total_of(county.leader, heading, "funds:applications") == amount


def test_the_uses_of_dues_have_a_sheet_and_one_struck_out_is_not_summed(county):
    record = of_dues.used(county)
    wrong = of_dues.use(county, of_dues.fresh(record), "60", purpose="记错的")
    dues_uses.void_use(of_dues.fresh(record), by=county.member, use=wrong, opinion="没有买。")
    uses = records_of(sheets_of(county.leader, "funds:dues", year=record.year)[2])
    standing, struck = uses
    assert to_yuan(str(standing["使用金额（元）"])) == of_dues.fresh(record).used
    assert (struck["用途"], struck["使用金额（元）"]) == ("记错的", None)
    assert struck["划去"] == "已划去 60.00 元：没有买。"
    assert records_of(sheets_of(county.neighbour, "funds:dues", year=record.year)[2]) == []
