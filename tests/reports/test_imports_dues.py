"""Importing 应上缴团费: recorded and amended as a cashier does it one by one."""

import pytest

from accounts.matters import NotPermitted
from funds.actions import dues as verbs
from funds.models import DuesMethod, DuesRecord, DuesState
from pilotwork import clock
from pilotwork.money import to_yuan
from pilotwork.refusals import Refused
from reports.imports.kinds import KINDS
from tests.funds.dues import bring
from tests.reports.importing import bring_in, confirm, errors, keep, outcomes, plan
from units.actions import leave
from units.models import Organisation

pytestmark = pytest.mark.django_db
HEAD = [
    "单位",
    "年度",
    "应上缴（元）",
    "团员人数",
    "团费标准（元/人/年）",
    "办法",
    "经上级缴退",
    "无应缴的理由",
]
UNIT, OTHER = "顺丰林木种植专业合作社团支部", "王口镇团委"


def table(*rows):
    return [HEAD, *rows]


@pytest.fixture
def year(county):
    return county.programme.starts_on.year


def record_of(unit):
    return DuesRecord.objects.get(pilot_unit=unit)


def test_dues_are_recorded_for_the_reviewer_to_confirm(county, year):
    Organisation.objects.filter(pk=county.branch.pk).update(aliases="顺丰\n林木社")
    rows = table(
        ["林木社", f"{year}年", "１，２３６元", "", "", "免缴留用", "是"], [OTHER, year, "", 30, 12]
    )
    assert bring_in("dues", rows, county.cashier) == {"new": 2}
    first, second = record_of(county.unit), record_of(county.other_unit)
    assert (first.payable, first.method, first.is_via_parent) == (to_yuan("1236"), "keep", True)
    assert (second.payable, second.members, second.rate) == (to_yuan("360"), 30, to_yuan("12"))
    assert {dues.state for dues in (first, second)} == {DuesState.RECORDED}
    assert [(row.label, row.by) for row in first.log] == [("登记", county.cashier)]
    assert outcomes("dues", rows, county.cashier) == {"same": 2}


def test_members_alone_are_counted_at_the_programmes_rate(county, year):
    county.programme.dues_rate = to_yuan("2.40")
    county.programme.save()
    assert bring_in("dues", table([OTHER, year, "", 10]), county.cashier) == {"new": 1}
    assert record_of(county.other_unit).payable == to_yuan("24")


def test_a_change_is_an_amendment_that_is_confirmed_anew(county, year):
    dues = verbs.record_dues(
        county.other_unit, by=county.cashier, year=year, payable=to_yuan("100"), members=5
    )
    verbs.confirm(dues, by=county.reviewer)
    upload = keep("dues", table([OTHER, year, 120]), county.cashier)
    (row,) = plan(upload)
    assert row.changes == [("应上缴（元）", "100.00", "120.00"), ("团员人数", "5", "")]
    assert confirm(upload).result["changed"] == 1
    dues.refresh_from_db()
    assert (dues.payable, dues.state) == (to_yuan("120"), DuesState.RECORDED)
    assert [row.label for row in dues.log] == ["登记", "核实", "更正登记"]


def test_what_a_row_leaves_empty_stays_as_it_was_recorded(county, year):
    verbs.record_dues(
        county.unit, by=county.cashier, year=year, members=5, rate=to_yuan("12"), is_via_parent=True
    )
    rows = table([UNIT, year, "", "", "", "免缴留用"])
    assert bring_in("dues", rows, county.cashier) == {"changed": 1}
    dues = record_of(county.unit)
    assert (dues.method, dues.members, dues.payable) == (DuesMethod.KEEP, 5, to_yuan("60"))
    assert dues.is_via_parent


def test_nothing_payable_needs_its_reason(county, year):
    sentence = "应上缴为零的，请写明理由。"
    assert errors("dues", table([OTHER, year, 0]), county.cashier) == [
        (2, "无应缴的理由", sentence)
    ]
    rows = table([OTHER, year, 0, "", "", "", "", "没有团员"])
    assert bring_in("dues", rows, county.cashier) == {"new": 1}
    assert outcomes("dues", table([OTHER, year, 0]), county.cashier) == {"same": 1}


def test_what_is_wrong_is_said_in_the_words_of_the_verbs(county, year):
    next_year = clock.today().year + 1
    rows = table(
        ["没有的单位", year, 1],
        ["沿庄镇团委", year, 1],
        [OTHER, next_year, 1],
        [OTHER, year],
        [OTHER, year - 1, 100, 5, 12],
        [UNIT, year, "一百"],
        [OTHER, "", 1],
    )
    assert errors("dues", rows, county.cashier) == [
        (2, "单位", "没有叫“没有的单位”的试点单位。"),
        (3, "单位", "没有叫“沿庄镇团委”的试点单位。"),
        (4, "年度", "只能登记试点期间的年度，不能登记以后的年度。"),
        (5, "应上缴（元）", "请填写应上缴金额，或填写团员人数和团费标准。"),
        (6, "年度", "只能登记试点期间的年度，不能登记以后的年度。"),
        (7, "应上缴（元）", "请填写金额，例如 3200 或 3,200.50。"),
        (8, "年度", "没有填写。"),
    ]


def test_a_unit_that_has_left_gets_no_new_record(county, year):
    leave(county.other_unit, by=county.administrator, last_day=clock.today(), opinion="退出。")
    found = errors("dues", table([OTHER, year, 1]), county.cashier)
    assert found == [(2, "", "该单位已退出试点，不再登记团费。")]


def test_what_is_settled_or_paid_is_not_changed(county):
    settled = bring(county, "refunded")
    found = errors("dues", table([UNIT, settled.year, 7]), county.cashier)
    last = settled.log[-1]
    assert found == [
        (2, "", f"{last.by_name}已于{clock.local(last.at):%m月%d日 %H:%M}“{last.label}”，"
         "本事项现为“已结清”，不能再“更正登记”。")
    ]  # fmt: skip
    assert outcomes("dues", table([UNIT, settled.year, settled.payable]), county.cashier) == {
        "same": 1
    }


def test_less_than_was_paid_is_refused(county):
    dues = bring(county, "paid_in_part")
    ((_, heading, sentence),) = errors("dues", table([UNIT, dues.year, "0.01"]), county.cashier)
    assert heading == "应上缴（元）"
    assert sentence.startswith("已缴和免缴共")


def test_one_year_of_one_unit_stands_in_one_row_however_it_is_called(county, year):
    Organisation.objects.filter(pk=county.other.pk).update(short_name="王口镇")
    rows = table([OTHER, year, 1], ["王口镇", year, 2])
    sentence = "与第 2 行重复：同一单位、同一年度只能有一行，请删去一行。"
    assert errors("dues", rows, county.cashier) == [(3, "", sentence)]


def test_a_row_that_a_verb_refuses_takes_all_the_others_back(county, year):
    upload = keep("dues", table([UNIT, year, 1], [OTHER, year, 2]), county.cashier)
    rows = plan(upload)
    verbs.record_dues(county.other_unit, by=county.cashier, year=year, payable=to_yuan("9"))
    with pytest.raises(Refused, match=f"{OTHER}：该单位 {year} 年度的团费已经登记。"):
        KINDS["dues"].write(rows, county.cashier)
    assert [dues.pilot_unit for dues in DuesRecord.objects.all()] == [county.other_unit]


def test_only_cashiers_import_dues_whatever_their_page_had_shown(county, year):
    upload = keep("dues", table([OTHER, year, 1]), county.cashier)
    rows = plan(upload)
    with pytest.raises(NotPermitted, match="团费由财务人员登记。"):
        KINDS["dues"].write(rows, county.reviewer)
    assert not DuesRecord.objects.exists()


def test_an_amendment_that_a_verb_refuses_names_its_row_and_takes_all_back(county, year):
    for unit in (county.unit, county.other_unit):
        verbs.record_dues(unit, by=county.cashier, year=year, payable=to_yuan("1"))
    rows = plan(keep("dues", table([UNIT, year, 5], [OTHER, year, 5]), county.cashier))
    begin_to_pay = record_of(county.other_unit)
    verbs.collect(
        begin_to_pay,
        by=county.cashier,
        amount=to_yuan("1"),
        occurred_on=clock.today(),
        receipt_number="TF-1",
    )
    verbs.amend(
        record_of(county.other_unit), by=county.cashier, payable=to_yuan("9"), method="keep"
    )
    verbs.collect(
        record_of(county.other_unit),
        by=county.cashier,
        amount=to_yuan("8"),
        occurred_on=clock.today(),
        receipt_number="TF-2",
    )
    with pytest.raises(Refused, match=f"第 3 行 {OTHER} {year}年度：已缴和免缴共 9.00 元"):
        KINDS["dues"].write(rows, county.cashier)
    assert record_of(county.unit).payable == to_yuan("1")


def test_the_log_of_imported_dues_says_what_was_written(county, year):
    bring_in("dues", table([OTHER, year, 7]), county.cashier)
    (row,) = record_of(county.other_unit).log
    assert row.details["payable"] == "7.00"
    assert row.digest == row.computed_digest("")
