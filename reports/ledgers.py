"""台账导出: every ledger a person may take, grouped by the five mechanisms, with how much is in it."""

import dataclasses
from collections.abc import Callable
from urllib.parse import urlencode

from django.db.models import F, Func, IntegerField, Subquery
from django.urls import reverse

from accounts.models import User
from accounts.rules import is_county, may_read_people
from awards.models import AwardCycle, Campaign, Contribution, Nomination
from awards.models.campaigns import Allocation
from awards.models.rewards import Reward
from funds.models import Application, DuesRecord, Entry, FundAccount
from funds.models.plaque import Plaque
from mentors.coverage import units_decided_on
from mentors.models import (
    Coordination,
    Difficulty,
    Document,
    ExcusedWeek,
    Research,
    SignatureActivity,
    Visit,
    units_visible_to,
)
from pairings.models import Agreement, Pairing, Seminar
from pilotwork.exports import FORMAT
from pilotwork.forms import DateField, OrderedDaysForm
from reports.models import FrozenBriefing
from units.models import Suggestion

# Of things that come every year, only so many have a line of their own; the rest is one click on.
NEWEST = 5


class PeriodForm(OrderedDaysForm):
    """From when until when."""

    since = DateField(label="从", required=False)
    until = DateField(label="到", required=False)


def everybody(frame):
    """Whoever is signed in."""
    return True


def with_units(frame):
    """Whoever may look at any pilot unit."""
    return frame.has_units


def county(frame):
    """The county's staff."""
    return is_county(frame.user)


def people_readers(frame):
    """Who may read the list of people."""
    return may_read_people(frame.user)


@dataclasses.dataclass(frozen=True)
class Shelf:
    """Where ledgers of one kind lie: the list (a URL name), its rows, who finds it here.

    `day` is the field by which its list filters a period, `note` what its rows are. `each` returns
    the objects of which every one has a ledger of its own; `rows` then takes one of them too. `path`
    leads to the programme, "" where the list is of all programmes.
    """

    label: str
    name: str
    rows: Callable
    may: Callable = with_units
    day: str = ""
    note: str = ""
    each: Callable | None = None
    path: str = "pilot_unit__programme"


@dataclasses.dataclass
class Line:
    """One ledger on the page; `count` is how many records it has."""

    label: str
    note: str
    list_url: str
    export_url: str
    rows: object
    count: int = 0


def of(model):
    """The rows of `model` that a person may see."""
    return lambda user: model.objects.visible_to(user)


def newest(model):
    """The newest of them, of the programme shown."""
    return lambda frame: of_programme(
        frame, model.objects.visible_to(frame.user), "programme"
    ).order_by("-year", "-id")[:NEWEST]


def accounts(frame):
    """Every account of the county."""
    return FundAccount.objects.visible_to(frame.user).order_by("pk")


def dues_of_newest_year(user):
    """The dues that their list shows unasked."""
    records = DuesRecord.objects.visible_to(user)
    newest_year = DuesRecord.objects.order_by("-year").values("year")[:1]
    return records.filter(year=Subquery(newest_year))


def of_programme(frame, rows, path):
    """The rows of the programme shown, where there are several and the list is of one of them."""
    if path and frame.programme and frame.programme.has_others:
        return rows.filter(**{path: frame.programme.pk})
    return rows


MECHANISMS = (
    (
        "一、经费",
        (
            Shelf("基金申请", "funds:applications", of(Application)),
            Shelf("资金账户", "funds:accounts", of(FundAccount), county, path=""),
            Shelf(
                "{}收支",
                "funds:account",
                lambda user, account: Entry.objects.filter(account=account),
                county,
                day="occurred_on",
                note="按发生日期",
                each=accounts,
                path="",
            ),
            Shelf("团费返还", "funds:dues", dues_of_newest_year, note="最近有登记的年度", path=""),
            Shelf("典型奖励", "awards:rewards", of(Reward)),
            Shelf("铜牌", "funds:plaques", of(Plaque)),
        ),
    ),
    (
        "二、人员",
        (
            Shelf("试点单位", "reports:units", units_visible_to, path="programme"),
            Shelf("指导员", "mentors:assignments", units_visible_to, path="programme"),
            Shelf("账户与岗位", "accounts:people", of(User), people_readers, path=""),
            Shelf(
                "谁能办理",
                "mentors:coverage",
                lambda user: units_decided_on(),
                people_readers,
                path="",
            ),
        ),
    ),
    (
        "三、方法",
        (
            Shelf(
                "“五个一”进度和每周走访", "mentors:five_ones", units_visible_to, path="programme"
            ),
            Shelf(
                "指导走访",
                "mentors:visits",
                of(Visit),
                day="visited_on",
                note="按走访日期",
            ),
            Shelf("免访", "mentors:excuses", of(ExcusedWeek)),
            Shelf("方案与总结", "mentors:documents", of(Document)),
            Shelf("特色活动", "mentors:activities", of(SignatureActivity)),
            Shelf("经费协调", "mentors:coordinations", of(Coordination)),
            Shelf("调研", "mentors:research", of(Research)),
            Shelf("实际困难", "mentors:difficulties", of(Difficulty)),
        ),
    ),
    (
        "四、政策",
        (
            Shelf("评优", "awards:cycles", of(AwardCycle), path="programme"),
            Shelf(
                "推荐：{}",
                "awards:cycle",
                lambda user, cycle: Nomination.objects.visible_to(user).filter(cycle=cycle),
                each=newest(AwardCycle),
                path="",
            ),
            Shelf("突出贡献", "awards:contributions", of(Contribution)),
            Shelf("希望工程和支教", "awards:campaigns", of(Campaign), path="programme"),
            Shelf(
                "分配：{}",
                "awards:campaign",
                lambda user, one: Allocation.objects.visible_to(user).filter(campaign=one),
                each=newest(Campaign),
                path="",
            ),
        ),
    ),
    (
        "五、机制",
        (
            Shelf("联试共建结对", "pairings:pairings", of(Pairing), everybody, path="programme"),
            Shelf(
                "座谈会",
                "pairings:seminars",
                of(Seminar),
                everybody,
                day="held_on",
                note="按召开日期",
                path="pairing__programme",
            ),
            Shelf(
                "活动协议",
                "pairings:agreements",
                of(Agreement),
                everybody,
                day="signed_on",
                note="按签订日期",
                path="pairing__programme",
            ),
        ),
    ),
    (
        "情况汇报",
        (Shelf("定稿", "reports:frozen_briefings", of(FrozenBriefing), county, path="programme"),),
    ),
    ("意见建议", (Shelf("意见建议", "units:suggestions", of(Suggestion), everybody, path=""),)),
)


def ledgers_of(frame, since=None, until=None):
    """[(mechanism, [Line])] of every ledger that the frame's person may take.

    `since` and `until` (days, inclusive) narrow those whose lists know a period. One query counts
    all, and one more reads each kind of which every object has a ledger of its own.
    """
    period = {name: day for name, day in (("since", since), ("until", until)) if day}
    groups = [
        (words, [line for shelf in shelves for line in lines_of(shelf, frame, period)])
        for words, shelves in MECHANISMS
    ]
    groups = [(words, lines) for words, lines in groups if lines]
    count([line for _, lines in groups for line in lines], frame.user)
    return groups


def lines_of(shelf, frame, period):
    """The Lines of one Shelf; none where it is not for this person."""
    if not shelf.may(frame):
        return []
    if shelf.each is None:
        rows = of_programme(frame, shelf.rows(frame.user), shelf.path)
        return [line_of(shelf, shelf.label, [], rows, period)]
    return [
        line_of(shelf, shelf.label.format(one), [one.pk], shelf.rows(frame.user, one), period)
        for one in shelf.each(frame)
    ]


def line_of(shelf, label, args, rows, period):
    """The Line of one list, narrowed to the period where the list knows one."""
    query = {}
    if shelf.day:
        query = {name: day.isoformat() for name, day in period.items()}
        bounds = {"since": f"{shelf.day}__gte", "until": f"{shelf.day}__lte"}
        rows = rows.filter(**{bounds[name]: day for name, day in period.items()})
    url = reverse(shelf.name, args=args)
    return Line(
        label=label,
        note=shelf.note,
        list_url=f"{url}?{urlencode(query)}" if query else url,
        export_url=f"{url}?{urlencode(query | {'format': FORMAT})}",
        rows=rows,
    )


def count(lines, user):
    """Set the `count` of every Line, all in one query."""
    numbers = {f"n{place}": number_of(line.rows) for place, line in enumerate(lines)}
    found = User.objects.filter(pk=user.pk).values(**numbers).get()
    for place, line in enumerate(lines):
        line.count = found[f"n{place}"]


def number_of(rows):
    """How many rows a queryset has, as a subquery."""
    counted = rows.order_by().annotate(how_many=Func(F("pk"), function="COUNT"))
    return Subquery(counted.values("how_many"), output_field=IntegerField())
