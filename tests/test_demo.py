"""What the demo shows, loaded once for all of these tests, and only into an empty database."""

from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command

from accounts.models import Duty, TransitionLog, User
from awards.models import AwardCycle, Campaign, Reward
from funds.models import Application, DuesRecord, Entry, FundAccount, PlannedReceipt, Plaque, State
from mentors.models import (
    Coordination,
    Difficulty,
    Document,
    MentorAssignment,
    Mode,
    Research,
    SignatureActivity,
    Visit,
)
from pairings.models import Agreement, Pairing, Seminar, Topic
from pilotwork import clock
from pilotwork.demo_accounts import ACCOUNTS, PASSWORD
from pilotwork.files import PDF
from pilotwork.money import to_yuan
from reports.public.actions import switchings
from units.models import Organisation, PilotUnit, PublicPosting, Suggestion

SHANGHAI = clock.SHANGHAI
pytestmark = pytest.mark.xdist_group("demo")
DUTIES = {
    "secretary": {Duty.APPROVER},
    "deputy": {Duty.APPROVER},
    "orghead": {Duty.REVIEWER},
    "clerk": {Duty.CASHIER},
    "schoolhead": {Duty.REVIEWER},
    "officer": {Duty.CASHIER},
    "leader": {Duty.LEADER},
    "admin": {Duty.ADMINISTRATOR},
}
# unit: (mentor, partner)
UNITS = {
    "大邱庄镇团委": ("deputy", "县教育局团委"),
    "恒兴钢业有限公司团委": ("orghead", "县公安分局团委"),
    "王口镇团委": ("clerk", "县地税分局团支部"),
    "瀛海学校团委": ("schoolhead", "国家税务局县团总支"),
    "顺丰林木种植专业合作社团支部": ("officer", "县林业局团支部"),
}


def load():
    """Run the command; returns what it printed."""
    printed = StringIO()
    call_command("load_demo", stdout=printed)
    return printed.getvalue()


@pytest.mark.long
def test_a_database_with_people_is_refused_and_left_as_it_is(story):
    people = User.objects.count()
    with pytest.raises(CommandError, match="演示数据只能载入空数据库"):
        load()
    printed = StringIO()
    call_command("load_demo", "--if-empty", stdout=printed)
    assert "保留原样" in printed.getvalue()
    assert User.objects.count() == people


def test_the_accounts_are_those_on_the_sign_in_page_with_one_password(story, rf):
    assert [name for name, _ in ACCOUNTS] == [
        *DUTIES,
        *("daqiuzhuang", "hengxing", "wangkou", "yinghai", "shunfeng"),
        *("education", "police", "localtax", "statetax", "forestry"),
    ]
    assert set(User.objects.values_list("username", flat=True)) == {name for name, _ in ACCOUNTS}
    for user in User.objects.all():
        assert authenticate(rf.post("/"), username=user.username, password=PASSWORD) == user
        assert user.duties == DUTIES.get(user.username, set())
        assert not user.is_superuser
        assert not user.must_change_password


def test_names_are_surname_and_post_only(story):
    people = User.objects.exclude(username="admin")
    assert [user.username for user in people if len(user.name) != 1 or not user.post] == []


def test_units_mentors_and_pairs_are_those_of_the_office(story):
    assert {
        unit.organisation.name: (
            MentorAssignment.objects.current().get(pilot_unit=unit).mentor.username,
            Pairing.objects.current().get(pilot_unit=unit).partner.name,
        )
        for unit in PilotUnit.objects.all()
    } == UNITS
    cooperative = Organisation.objects.get(short_name="顺丰合作社")
    assert cooperative.parent.name == "沿庄镇团委"


def test_the_fund_is_ten_thousand_of_three_and_seven(story):
    fund = FundAccount.objects.get(kind="pilot_fund")
    received = {}
    for entry in Entry.objects.filter(account=fund, kind="receipt"):
        received[entry.source] = received.get(entry.source, 0) + entry.amount
    assert received == {"working": 3000, "donation": 7000}
    planned = PlannedReceipt.objects.filter(account=fund).values_list("source", "amount")
    assert dict(planned) == received


def test_two_units_have_applied_one_waits_for_the_approver_one_is_partly_paid(story):
    applied = Application.objects.exclude(state=State.DRAFT).order_by("number")
    assert [(a.pilot_unit.organisation.short_name, a.state, a.payment_state) for a in applied] == [
        ("瀛海学校", State.APPROVED, "部分拨付"),
        ("大邱庄镇", State.REVIEWED, ""),
    ]
    assert {a.main_verb for a in applied} == {"pay", "approve"}
    waiting = applied.last()
    assert [user.username for user in waiting.who_can("approve")] == ["secretary"]
    assert TransitionLog.objects.of(waiting).count() == 3


def test_the_first_weeks_of_the_five_ones_show_every_case_of_a_visit(story):
    counting = Visit.objects.counting()
    assert counting.count() == 15
    assert [visit.is_stand_in for visit in counting].count(True) == 1
    assert counting.filter(is_backfilled=True).count() == 1
    assert Visit.objects.filter(mode=Mode.REMOTE).count() == 1
    assert Visit.objects.count() == 16
    assert {visit.state for visit in Visit.objects.all()} == {"recorded"}


def test_difficulties_money_activities_and_plans_are_at_every_stage(story):
    def states(rows, field="state"):
        values = [getattr(row, field) for row in rows]
        return {value: values.count(value) for value in set(values)}

    assert states(Difficulty.objects.all()) == {"confirmed": 7, "solved": 1, "raised": 1}
    assert Coordination.objects.filter(received_on=None).count() == 1
    stages = states(SignatureActivity.objects.all(), "stage")
    assert stages == {"designed": 3, "held": 1, "brand": 1}
    plans = Document.objects.filter(kind="plan")
    assert states(plans) == {"confirmed": 4, "uploaded": 1}
    assert Document.objects.count() == 5
    returned = Document.objects.get(pilot_unit__organisation__short_name="王口镇")
    assert returned.versions.count() == 2
    assert set(Research.objects.values_list("pilot_unit", flat=True)) == set(
        PilotUnit.objects.values_list("pk", flat=True)
    )


def test_every_pair_works_together_on_every_topic_and_one_seminar_waits(story):
    counting = Agreement.objects.counting()
    assert set(counting.values_list("topics__topic", flat=True)) == set(Topic.values)
    for kind in (Seminar, Agreement):
        pairs = kind.objects.counting().values_list("pairing", flat=True)
        assert set(pairs) == set(Pairing.objects.values_list("pk", flat=True))
        assert not kind.objects.filter(is_on_behalf=True).exists()
    waiting = Seminar.objects.get(state="recorded")
    assert [user.username for user in waiting.who_can("confirm")] == ["statetax"]
    assert Agreement.objects.exclude(state="confirmed").count() == 0


def test_the_dues_of_the_five_units_are_each_at_another_stage(story):
    records = DuesRecord.objects.with_unit()
    found = {
        r.pilot_unit.organisation.label: (r.state, r.paid, r.waived, r.granted) for r in records
    }
    assert found == {
        "瀛海学校": ("settled", 1440, 0, 1440),
        "大邱庄镇": ("confirmed", 1080, 0, 0),
        "恒兴钢业": ("settled", 0, 570, 570),
        "顺丰合作社": ("confirmed", 200, 0, 0),
        "王口镇": ("recorded", 720, 0, 0),
    }
    assert [str(record.payer) for record in records if record.is_via_parent] == ["沿庄镇团委"]
    assert sum(record.used for record in records) == 860


def test_documents_are_small_readable_files(story):
    for version in Document.objects.get(
        pilot_unit__organisation__short_name="大邱庄镇"
    ).versions.all():
        assert version.content_type == PDF
        assert version.size < 4096
        assert version.is_intact


def test_the_demo_says_that_the_split_over_the_units_is_invented(story, client, settings):
    words = "走访次数、困难件数、协调金额、座谈会和活动协议在各单位间的分配为虚构"
    people = [None, User.objects.get(username="secretary")]
    for settings.DEMO_MODE in (True, False):
        for user in people:
            client.logout()
            if user:
                client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
            page = client.get("/" if user else "/accounts/sign-in/", follow=True)
            assert page.status_code == 200
            assert (words in page.content.decode()) == settings.DEMO_MODE


def test_the_pilots_extra_places_are_claimed_one_by_a_unit_and_one_by_its_youth(story):
    cycle = AwardCycle.objects.get()
    assert (cycle.level, cycle.extra_unit_places, cycle.extra_youth_places) == ("city", 1, 1)
    extra = cycle.nominations.filter(is_extra=True).order_by("pk")
    assert [(row.award_type, row.state, row.contribution.state) for row in extra] == [
        ("committee", "approved", "recognised"),
        ("official", "reviewed", "recognised"),
    ]
    assert cycle.nominations.get(is_extra=False).state == "nominated"
    sums = Campaign.objects.with_sums().order_by("pk")
    assert [(row.kind, row.places, row.extra_places) for row in sums] == [
        ("hope", 23, 6),
        ("teaching", 6, 2),
    ]


def test_every_unit_has_its_plaque_and_one_its_reward_from_the_working_money(story):
    hung = Plaque.objects.filter(state="hung")
    assert len({plaque.pilot_unit_id for plaque in hung}) == 5
    assert {plaque.main_verb for plaque in hung} == {""}
    reward = Reward.objects.get()
    assert (reward.state, reward.amount) == ("paid", 500)
    account = FundAccount.objects.get(kind="working")
    assert account.balances.available == account.balances.cash == to_yuan("1614.50")


def test_two_units_are_open_to_the_public_and_one_visitor_waits_for_an_answer(story, client):
    open_ones = PilotUnit.objects.filter(is_public=True)
    assert {unit.organisation.label for unit in open_ones} == {"大邱庄镇", "王口镇"}
    for unit in open_ones:
        (row,) = switchings(unit)
        assert row.by.username == "secretary"
        page = client.get(f"/p/{unit.public_token}/").content.decode()
        assert unit.organisation.name in page
    said = Suggestion.objects.from_visitors().order_by("state")
    assert [row.state for row in said] == ["answered", "open"]
    assert not PublicPosting.objects.exists()
