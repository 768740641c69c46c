"""People, organisations, the programme, its units, mentors and pairs."""

from accounts.actions import change_own_password, create_person, grant_duty
from accounts.models import Duty, DutyGrant, User
from funds.actions.accounts import COUNTY_ACCOUNTS, county_account
from funds.models import AccountKind, FundAccount, PlannedReceipt, Source
from mentors.actions import assign_mentor, register_activity
from pairings.actions import pair
from pilotwork.demo_accounts import PASSWORD
from pilotwork.money import to_yuan
from units.models import (
    Kind,
    Level,
    Membership,
    Organisation,
    PilotProgramme,
    PilotUnit,
    UnitLevel,
)

# (username, surname, post, duties)
STAFF = [
    ("secretary", "周", "团县委书记", [Duty.APPROVER]),
    ("deputy", "刘", "团县委副书记", [Duty.APPROVER]),
    ("orghead", "李", "组宣部部长", [Duty.REVIEWER]),
    ("clerk", "刘", "秘书", [Duty.CASHIER]),
    ("schoolhead", "牛", "学少部副部长", [Duty.REVIEWER]),
    ("officer", "管", "科员", [Duty.CASHIER]),
    ("leader", "陈", "县委副书记", [Duty.LEADER]),
]
# (username, surname, post, short name of the organisation)
MEMBERS = [
    ("daqiuzhuang", "韩", "大邱庄镇团委书记", "大邱庄镇"),
    ("hengxing", "赵", "恒兴钢业团委书记", "恒兴钢业"),
    ("wangkou", "孙", "王口镇团委书记", "王口镇"),
    ("yinghai", "吴", "瀛海学校团委书记", "瀛海学校"),
    ("shunfeng", "郑", "顺丰合作社团支部书记", "顺丰合作社"),
    ("education", "冯", "县教育局团委书记", "教育局"),
    ("police", "褚", "县公安分局团委书记", "公安分局"),
    ("localtax", "卫", "县地税分局团支部书记", "地税分局"),
    ("statetax", "蒋", "国家税务局县团总支书记", "国税局"),
    ("forestry", "沈", "县林业局团支部书记", "林业局"),
]
# (full name, short name, aliases, level, kind, parent)
ORGANISATIONS = [
    ("共青团县委员会", "团县委", "县团委", Level.COMMITTEE, Kind.ADMINISTRATIVE, None),
    ("大邱庄镇团委", "大邱庄镇", "大邱庄", Level.COMMITTEE, Kind.TOWN, "团县委"),
    ("恒兴钢业有限公司团委", "恒兴钢业", "恒兴\n钢厂", Level.COMMITTEE, Kind.ENTERPRISE, "团县委"),
    ("王口镇团委", "王口镇", "王口", Level.COMMITTEE, Kind.TOWN, "团县委"),
    ("瀛海学校团委", "瀛海学校", "瀛海", Level.COMMITTEE, Kind.SCHOOL, "团县委"),
    ("沿庄镇团委", "沿庄镇", "沿庄", Level.COMMITTEE, Kind.TOWN, "团县委"),
    (
        "顺丰林木种植专业合作社团支部",
        "顺丰合作社",
        "顺丰\n林木合作社",
        Level.BRANCH,
        Kind.COOPERATIVE,
        "沿庄镇",
    ),
    ("县教育局团委", "教育局", "", Level.COMMITTEE, Kind.ADMINISTRATIVE, "团县委"),
    ("县公安分局团委", "公安分局", "", Level.COMMITTEE, Kind.ADMINISTRATIVE, "团县委"),
    ("县地税分局团支部", "地税分局", "地税", Level.BRANCH, Kind.ADMINISTRATIVE, "团县委"),
    ("国家税务局县团总支", "国税局", "国税", Level.GENERAL_BRANCH, Kind.ADMINISTRATIVE, "团县委"),
    ("县林业局团支部", "林业局", "", Level.BRANCH, Kind.ADMINISTRATIVE, "团县委"),
]
# (unit, its level, mentor, partner, signature activity)
UNITS = [
    ("大邱庄镇", UnitLevel.NATIONAL, "deputy", "教育局", "青春助农"),
    ("恒兴钢业", UnitLevel.NATIONAL, "orghead", "公安分局", "青工技能比武"),
    ("王口镇", UnitLevel.CITY, "clerk", "地税分局", "运河青年志愿行"),
    ("瀛海学校", UnitLevel.CITY, "schoolhead", "国税局", "校园法治微课堂"),
    ("顺丰合作社", UnitLevel.CITY, "officer", "林业局", "林下经济青年课堂"),
]
# The units that receive money themselves: (short name, bank, account)
PAYEES = [
    ("大邱庄镇", "县农商银行大邱庄支行", "6210 0001 0001 001"),
    ("恒兴钢业", "县建设银行", "6210 0001 0001 002"),
    ("王口镇", "县农商银行王口支行", "6210 0001 0001 003"),
    ("瀛海学校", "县农商银行城关支行", "6210 0001 0001 004"),
    ("沿庄镇", "县农商银行沿庄支行", "6210 0001 0001 005"),
]


def set_up(story):
    """Everything an administrator prepares before the first application can be written."""
    with story.at(36, "09:00"):
        admin = _first_administrator(story)
        for username, name, post, duties in STAFF:
            _person(story, username, name, post)
            for duty in duties:
                grant_duty(story.people[username], by=admin, duty=duty, starts_on=story.day(36))
    with story.at(36, "10:00"):
        _organisations(story)
        for username, name, post, organisation in MEMBERS:
            _person(story, username, name, post)
            Membership.objects.create(
                user=story.people[username],
                organisation=story.organisations[organisation],
                starts_on=story.day(36),
            )
    with story.at(35, "09:30"):
        _programme(story)
    with story.at(34, "10:00"):
        _units(story)


def _first_administrator(story):
    admin = User(username="admin", name="系统管理员")
    admin.set_password(PASSWORD)
    admin.full_clean()
    admin.save()
    DutyGrant.objects.create(user=admin, duty=Duty.ADMINISTRATOR, starts_on=story.day(36))
    story.people["admin"] = admin
    return admin


def _person(story, username, name, post):
    person = create_person(by=story.people["admin"], username=username, name=name, post=post)
    story.people[username] = change_own_password(person, password=PASSWORD)


def _organisations(story):
    payees = {name: (bank, account) for name, bank, account in PAYEES}
    for name, short_name, aliases, level, kind, parent in ORGANISATIONS:
        bank, account = payees.get(short_name, ("", ""))
        organisation = Organisation(
            name=name,
            short_name=short_name,
            aliases=aliases,
            level=level,
            kind=kind,
            parent=story.organisations.get(parent),
            is_county=parent is None,
            payee_name=name if bank else "",
            payee_bank=bank,
            payee_account=account,
        )
        organisation._history_user = story.people["admin"]
        organisation.full_clean()
        organisation.save()
        story.organisations[short_name] = organisation


def _programme(story):
    start = story.day(35)
    story.programme = PilotProgramme.objects.create(
        name=f"{start.year}年度基层团建试点",
        basis_document="《关于开展基层团建试点工作的通知》",
        year=start.year,
        starts_on=start,
        ends_on=start.replace(year=start.year + 1, day=min(start.day, 28)),
    )
    story.fund = FundAccount.objects.create(
        kind=AccountKind.PILOT_FUND,
        programme=story.programme,
        name=f"{start.year}年度试点工作基金",
        code=f"JJ{start.year}",
    )
    for kind in COUNTY_ACCOUNTS:
        county_account(kind)
    for source, amount in [(Source.WORKING, "3000"), (Source.DONATION, "7000")]:
        PlannedReceipt.objects.create(account=story.fund, source=source, amount=to_yuan(amount))


def _units(story):
    admin = story.people["admin"]
    for name, level, mentor, partner, activity in UNITS:
        unit = PilotUnit.objects.create(
            programme=story.programme,
            organisation=story.organisations[name],
            level=level,
            joined_on=story.day(35),
        )
        story.units[name] = unit
        assign_mentor(unit, by=admin, mentor=story.people[mentor], starts_on=story.day(34))
        pair(unit, story.organisations[partner], by=admin, starts_on=story.day(34))
        register_activity(unit, by=story.people[mentor], name=activity)
