"""封存: a day of the audit that is over cannot be changed, thinned out or added to unnoticed."""

import datetime as dt
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.audit_seals import check_seals, seal_days
from accounts.models import AuditEvent, AuditKind, AuditSeal
from funds.heads import ledger_heads
from pilotwork import clock
from tests.funds.tampering import change, delete

pytestmark = pytest.mark.long

NOON = dt.datetime(2026, 11, 20, 4, tzinfo=dt.UTC)  # in Shanghai


def happens(county, days=0, title="台账"):
    """Keep an event at noon, so many days after the first one."""
    with clock.at(NOON + dt.timedelta(days=days)):
        return AuditEvent.objects.create(kind=AuditKind.EXPORT, by=county.leader, title=title)


@pytest.fixture
def sealed(county):
    """Two events of the 20th, one of the 22nd, both days sealed; returns the events."""
    events = [happens(county), happens(county), happens(county, days=2)]
    with clock.at(NOON + dt.timedelta(days=3)):
        seal_days()
    return events


def test_each_day_that_is_over_is_sealed_once(county, sealed):
    happens(county, days=3)
    with clock.at(NOON + dt.timedelta(days=3)):
        assert seal_days() == []
    assert [(str(seal), seal.events) for seal in AuditSeal.objects.all()] == [
        ("2026-11-20", 2),
        ("2026-11-22", 1),
    ]
    assert list(check_seals()) == []
    # Half an hour after midnight the day before may still grow.
    with clock.at(dt.datetime(2026, 11, 23, 16, 30, tzinfo=dt.UTC)):
        assert seal_days() == []
    with clock.at(dt.datetime(2026, 11, 23, 17, 0, tzinfo=dt.UTC)):
        assert [str(seal) for seal in seal_days()] == ["2026-11-23"]


def test_an_event_changed_or_deleted_is_missed_in_its_day_and_no_other(county, sealed):
    change(sealed[0], title="别的")
    first = "审计 2026-11-20：封存时 2 条，现有 2 条，内容与封存不符。"
    assert list(check_seals()) == [first]
    delete(sealed[0])
    assert list(check_seals()) == [first.replace("现有 2 条", "现有 1 条")]


def test_an_event_put_into_the_past_is_found(county, sealed):
    happens(county, days=1)
    assert list(check_seals()) == ["审计 2026-11-22 之前有封存时没有的记录。"]


def test_seals_made_anew_or_deleted_are_held_against_the_kept_head(county, sealed, tmp_path):
    head = ledger_heads()["audit"][0]
    assert head["number"] == 2
    delete(*AuditSeal.objects.all())
    delete(sealed[0])
    with clock.at(NOON + dt.timedelta(days=3)):
        seal_days()
    assert list(check_seals()) == []
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("check_ledger", "--head", f"审计:2:{head['digest']}", stdout=out)
    assert out.getvalue().startswith("审计 第 2 号封存与“审计:2:")


def test_the_command_prints_what_it_sealed(county):
    happens(county)
    out = StringIO()
    with clock.at(NOON + dt.timedelta(days=3)):
        call_command("seal_audit", stdout=out)
    seal = AuditSeal.objects.get()
    assert out.getvalue() == f"审计 2026-11-20：1 条，封存第 1 号 {seal.digest}\n"
