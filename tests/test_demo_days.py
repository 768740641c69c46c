"""The demo loads on any day, and then says what the office's report says."""

import datetime as dt
from io import StringIO

import pytest
import time_machine
from django.apps import apps
from django.core.management import call_command
from django.db import models

from funds.models import Application, Entry, FundAccount
from mentors import five_ones
from mentors.models import Coordination, Difficulty, ExcusedWeek, SignatureActivity, Visit
from pairings.models import Agreement, Seminar
from pilotwork import clock
from reports.briefing.compose import document_of
from reports.briefing.drafts import draft_of
from reports.briefing.material import gather
from reports.models import BriefingKind
from units.models import PilotProgramme, PilotUnit

SHANGHAI = clock.SHANGHAI
DAYS = {
    "New Year's Day": dt.datetime(2027, 1, 1, 9, 30, tzinfo=SHANGHAI),
    "Spring Festival week": dt.datetime(2027, 2, 8, 15, 0, tzinfo=SHANGHAI),
    "Monday, ten past midnight": dt.datetime(2026, 11, 23, 0, 10, tzinfo=SHANGHAI),
    "a leap day": dt.datetime(2028, 2, 29, 12, 0, tzinfo=SHANGHAI),
    "five weeks after a leap day": dt.datetime(2028, 4, 4, 12, 0, tzinfo=SHANGHAI),
}
# Looked at in the long runs.
LONG = {"New Year's Day", "Spring Festival week", "a leap day", "five weeks after a leap day"}


def load():
    """Run the command; returns what it printed."""
    printed = StringIO()
    call_command("load_demo", stdout=printed)
    return printed.getvalue()


def moments():
    """Every moment of every row, histories included: [(what, moment)]."""
    for model in apps.get_models():
        if model._meta.app_label not in {
            "accounts",
            "units",
            "mentors",
            "funds",
            "pairings",
            "awards",
        }:
            continue
        names = [f.name for f in model._meta.fields if isinstance(f, models.DateTimeField)]
        names = [name for name in names if name not in {"expires_at", "last_login"}]
        for row in model.objects.values(*names) if names else ():
            yield from ((f"{model._meta.label}.{name}", row[name]) for name in names if row[name])


@pytest.mark.parametrize(
    "now",
    [
        pytest.param(now, id=day, marks=[pytest.mark.long] if day in LONG else [])
        for day, now in DAYS.items()
    ],
)
def test_the_demo_loads_on_any_day_with_every_moment_in_the_past_weeks(db, now):
    with time_machine.travel(now, tick=False):
        assert "演示数据已载入。" in load()
        first = now - dt.timedelta(days=37)
        found = list(moments())
        assert len(found) > 100
        assert [(what, at) for what, at in found if not first <= at < now] == []
        for account in FundAccount.objects.all():
            entries = list(Entry.objects.of_account(account))
            assert [e.booked_at for e in entries] == sorted(e.booked_at for e in entries)
            assert all(clock.local(e.booked_at).date() == e.occurred_on for e in entries)
        for application in Application.objects.all():
            at = [application.created_at, *[row.at for row in application.log]]
            assert at == sorted(at)
        assert call_command("check_ledger", stdout=StringIO()) in (None, 0)
        check_figures_of_the_office()
        check_report_of_the_office()


def check_figures_of_the_office():
    """What the office's report says of the mentors' first months, on whatever day it is loaded."""
    visits = Visit.objects.counting()
    assert visits.values("pilot_unit", "visited_on").distinct().count() == 15
    assert visits.values("visitor").distinct().count() == 5
    assert SignatureActivity.objects.count() == 5
    assert Difficulty.objects.filter(state="confirmed").count() == 7
    received = Coordination.objects.exclude(received_on=None)
    assert sum(row.amount for row in received) == 4000
    assert Seminar.objects.counting().count() == 6
    assert Agreement.objects.counting().count() == 7


# The sentences of the office's own report, as DOMAIN.md gives its figures.
SENTENCES = (
    "支持5个试点单位开展工作",
    "基金总额10000元，其中工作经费3000元、社会筹集7000元",
    "截至目前，2个试点单位提出立项申请2项",
    "一次性奖励500元",
    "选派5名机关干部担任试点单位指导员",
    "大邱庄镇团委—刘（团县委副书记）；恒兴钢业有限公司团委—李（组宣部部长）；",
    "5名指导员深入试点单位15次",
    "指导设计活动5个，解决困难和问题7件，协调活动经费4000元",
    "增加集体名额1个、个人名额1个",
    "结成5对",
    "王口镇团委—县地税分局团支部；瀛海学校团委—国家税务局县团总支",
    "召开座谈会6次，签订活动协议7份",
)


def check_report_of_the_office():
    """The report that nobody has edited says what the office's own report says."""
    programme = PilotProgramme.objects.get()
    draft = draft_of(programme, BriefingKind.REPORT)
    blocks = document_of(draft, gather(programme, clock.today())).blocks
    text = "\n".join("".join(run.text for run in block.runs) for block in blocks)
    assert [words for words in SENTENCES if words not in text] == []


@pytest.mark.long
def test_some_weeks_are_overdue_and_one_is_excused_with_anothers_consent(db):
    with time_machine.travel(DAYS["Monday, ten past midnight"], tick=False):
        load()
        rows = five_ones.matrix(PilotUnit.objects.select_related("programme", "organisation"))
        found = [week.state for row in rows for week in row.weeks]
        assert (found.count("overdue"), found.count("excused"), found.count("pending")) == (9, 1, 5)
        excuse = ExcusedWeek.objects.get()
        assert excuse.state == "agreed"
        assert excuse.log[-1].by != excuse.asked_by
