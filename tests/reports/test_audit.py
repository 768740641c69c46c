"""审计 as a page: who reads it, what stands in it, how it is searched, and that it is quick."""

import datetime as dt
import uuid

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.audit import record
from accounts.matters import Matter
from accounts.models import AuditEvent, AuditKind, User
from funds.actions import applications
from funds.models import Application
from mentors.actions import hand_over
from mentors.actions.visits import record_visit
from pilotwork import clock
from pilotwork.templatetags.pilotwork import cn_full_date
from reports.audit.changes import UNSAID
from reports.audit.forms import AuditFilter
from reports.audit.lines import lines_of
from reports.audit.objects import page_of
from reports.audit.timeline import Timeline, histories
from tests.factories import UserFactory, days_ago
from tests.journeys import bring, draft
from tests.reports.test_exports import records_of, sheets_of
from units.actions import reply, suggest
from units.models import Membership

pytestmark = pytest.mark.long


def lines(user, **asked):
    """The first hundred lines that the page shows `user` for these conditions."""
    form = AuditFilter(asked)
    assert form.is_valid(), form.errors
    return lines_of(Timeline(form.asked(user))[:100], user)


def whats(user, **asked):
    return [line.what for line in lines(user, **asked)]


@pytest.fixture
def application(county):
    return bring(county, "approved")


def test_one_line_of_time_holds_sign_ins_steps_and_changes_newest_first(
    client, county, application
):
    client.force_login(county.leader, backend="django.contrib.auth.backends.ModelBackend")
    client.get(f"/funds/applications/{application.pk}/approval-form/")
    found = lines(county.leader)
    assert [line.at for line in found] == sorted((line.at for line in found), reverse=True)
    assert {"登录", "打开打印件", "提交", "新建", "修改"} <= {line.what for line in found}
    assert str(county.member) in {line.who for line in found if line.what == "修改"}
    printed = next(line for line in found if line.what == "打开打印件")
    assert printed.who == str(county.leader)
    assert printed.title.startswith("立项审批表")
    assert printed.unit == county.unit.organisation.name
    assert printed.about == f"立项申请-{application.pk} {application.name}"


def test_what_a_command_has_changed_nobody_is_said_to_have_changed(county):
    county.unit.save()
    assert [line.who for line in lines(county.leader, kind="change")][:1] == ["系统"]


SEARCHES = (
    ({"kind": "sign_in"}, {"登录"}),
    ({"kind": "step", "q": "同意立"}, {"同意立项"}),
    ({"kind": "change"}, {"新建", "修改"}),
    ({"kind": "print"}, set()),
    ({"person": "审批", "kind": "step"}, {"同意立项"}),
    ({"person": "没有这个人"}, set()),
    ({"since": "2090-01-01"}, set()),
    ({"until": "2001-01-01"}, set()),
    ({"unit": "没有这个单位"}, set()),
)


def test_it_is_searched_by_person_kind_period_unit_and_words(client, county, application):
    client.force_login(county.leader, backend="django.contrib.auth.backends.ModelBackend")
    assert len(lines(county.leader)) > 5
    for asked, expected in SEARCHES:
        assert set(whats(county.leader, **asked)) == expected, asked


def test_a_unit_and_a_matter_find_all_that_is_about_them_and_nothing_else(
    client, county, application
):
    other = draft(county, unit=county.other_unit, by=county.neighbour)
    applications.submit(other, by=county.neighbour)
    name = county.unit.organisation.name
    mine = lines(county.leader, unit=name)
    assert mine
    assert {line.unit for line in mine} == {name}
    matter = lines(county.leader, q=f"立项申请-{other.pk}")
    assert matter
    assert {line.about.split()[0] for line in matter} == {f"立项申请-{other.pk}"}


def test_what_nobody_has_handed_in_is_not_shown_to_those_who_may_not_see_it(client, county):
    secret = draft(county, name="还没有交的草稿")
    client.force_login(county.leader, backend="django.contrib.auth.backends.ModelBackend")
    text = client.get("/reports/audit/", {"q": f"立项申请-{secret.pk}"}).content.decode()
    assert f"立项申请-{secret.pk}" in text
    assert secret.name not in text
    assert whats(county.leader, q="还没有交的") == []
    assert {line.url for line in lines(county.leader, q=f"立项申请-{secret.pk}")} == {""}
    row = Application.history.filter(id=secret.pk).first()
    address = f"/reports/audit/changes/funds-application-{row.pk}/"
    assert client.get(address).status_code == 404


def test_what_stands_in_a_line_finds_it_again(client, county, application):
    about = {line.about for line in lines(county.leader, q=application.name)}
    assert about == {f"立项申请-{application.pk} {application.name}"}
    assert {"新建", "提交"} <= set(whats(county.leader, q=application.name[:2]))
    for sign in "·・":
        found = lines(county.leader, person=str(county.member).replace("·", sign))
        assert {line.who for line in found} == {str(county.member)}


def test_the_name_of_a_kind_or_an_act_finds_every_row_that_shows_it(client, county, application):
    client.force_login(county.leader, backend="django.contrib.auth.backends.ModelBackend")
    assert {"新建", "提交", "初审同意", "同意立项"} <= set(whats(county.leader, q="立项申请"))
    for act in ("登录", "新建"):
        assert set(whats(county.leader, q=act)) == {act}


def test_a_printed_number_finds_the_matter_and_its_voucher_the_payment(county):
    paid = bring(county, "partly_paid")
    entry = paid.commitment.entries.latest("number")
    assert {"提交", "同意立项"} <= set(whats(county.leader, q=paid.number))
    found = lines(county.leader, q=entry.voucher_number.lower())
    assert "拨付" in {line.what for line in found}
    assert {line.about for line in found} == {f"立项申请-{paid.pk} {paid.name}"}


def test_an_organisation_that_is_no_pilot_unit_is_found_by_name_too(county):
    county.office.save()
    Membership.objects.get(user=county.partner).save()
    found = lines(county.leader, unit=county.office.name)
    kinds = {line.about.partition("-")[0] for line in found}
    assert {"团组织", str(Membership._meta.verbose_name)} <= kinds
    assert {line.unit for line in found if line.about.startswith("单位成员")} == {
        county.office.name
    }


def test_a_handover_is_found_by_its_reason_and_says_who(county):
    successor = UserFactory(name="接任人", post="科员")
    typed = {"by": county.administrator, "on": clock.today(), "reason": "挂职期满"}
    hand_over(county.mentor, successor, **typed)
    found = lines(county.leader, q="挂职期满")
    assert {line.title for line in found} == {"挂职期满"}
    assert any(line.about.endswith("接任人 科员") for line in found)


def test_a_suggestion_is_called_by_how_it_begins(county):
    said = suggest(by=county.member, text="盼着每月能有一次线上答疑，" * 20)
    reply(said, by=county.reviewer, opinion="已安排。")
    found = lines(county.leader, q="线上答疑")
    assert {line.about for line in found} == {f"意见建议-{said.pk} {said.text[:30]}"}
    step = next(line for line in found if line.what == "答复")
    assert step.url == reverse("units:suggestion", args=[said.pk])


def test_a_step_leads_to_the_page_of_whatever_it_was_a_step_of():
    steps = {model for model in apps.get_models() if issubclass(model, Matter)}
    assert {model._meta.label for model in steps if not page_of(model, 1)} == set()


def test_a_change_speaks_of_every_field_in_chinese_and_in_local_time(client, county):
    visit = record_visit(
        county.unit, by=county.mentor, key=uuid.uuid4(), visited_on=days_ago(1), progress="看了。"
    )
    client.force_login(county.leader, backend="django.contrib.auth.backends.ModelBackend")
    row = visit.history.latest("history_id")
    page = client.get(f"/reports/audit/changes/mentors-visit-{row.pk}/").content.decode()
    assert f"{cn_full_date(visit.recorded_at)} {clock.local(visit.recorded_at):%H:%M}" in page
    assert str(visit.key) not in page
    shown = [
        field.verbose_name
        for history in histories().values()
        for field in history.instance_type._meta.concrete_fields
        if field.name not in UNSAID
    ]
    assert [name for name in shown if str(name).isascii()] == []


def test_a_change_is_shown_field_by_field_and_what_opens_a_door_never(client, county):
    person = county.stranger
    person.name, person.password = "另一个名字", "md5$other$hash"
    person._history_user = county.administrator
    person.save()
    row = User.history.filter(id=person.pk).latest("history_id")
    client.force_login(county.leader, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(f"/reports/audit/changes/accounts-user-{row.pk}/").content.decode()
    assert "另一个名字" in page
    assert "md5$other" not in page
    assert str(county.administrator) in page
    county.unit.public_token = uuid.uuid4()
    county.unit.save()
    row = county.unit.history.latest("history_id")
    page = client.get(f"/reports/audit/changes/units-pilotunit-{row.pk}/").content.decode()
    assert "（不显示）" in page
    assert str(county.unit.public_token) not in page


def test_there_is_no_page_of_a_change_that_was_not_made(client, county):
    client.force_login(county.leader, backend="django.contrib.auth.backends.ModelBackend")
    for address in ("funds-application-9999999", "funds-nothing-1", "x", "-", "9"):
        assert client.get(f"/reports/audit/changes/{address}/").status_code == 404, address


def test_its_export_has_the_rows_of_the_filter_and_is_recorded_itself(client, county, application):
    client.force_login(county.leader, backend="django.contrib.auth.backends.ModelBackend")
    (sheet,) = sheets_of(county.leader, "reports:audit", kind="step")
    client.get("/reports/audit/?format=xlsx&kind=step")
    rows = records_of(sheet)
    assert [row["动作"] for row in rows] == whats(county.leader, kind="step")
    event = AuditEvent.objects.filter(kind=AuditKind.EXPORT).first()
    assert event.title.startswith("审计记录_")
    assert event.path == "/reports/audit/?format=xlsx&kind=step"


def test_the_page_takes_the_same_queries_with_few_rows_and_with_many(client, county):
    client.force_login(county.leader, backend="django.contrib.auth.backends.ModelBackend")
    bring(county, "approved")

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/reports/audit/?per_page=100").status_code == 200
        return len(captured)

    queries()  # the first look of a process remembers the content types
    few = queries()
    for _ in range(100):
        record(AuditKind.EXPORT, None, county.leader, title="台账.xlsx", about=county.unit)
    assert queries() == few <= 9


@pytest.mark.long
def test_the_newest_page_of_hundreds_of_thousands_comes_from_the_indexes(county):
    """Not a stopwatch: the plan must not sort or scan a whole table."""
    now = clock.now()
    AuditEvent.objects.bulk_create(
        [
            AuditEvent(at=now - dt.timedelta(seconds=n), kind="export", by=county.leader, title="x")
            for n in range(20_000)
        ],
        batch_size=2000,
    )
    ContentType.objects.get_for_models(Application)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    newest = AuditEvent.objects.order_by("-at", "-pk").values("pk")[:50]
    assert "audit_recent" in newest.explain()
    person = AuditEvent.objects.filter(by=county.approver).order_by("-at", "-pk").values("pk")[:50]
    assert "audit_of_person" in person.explain()
