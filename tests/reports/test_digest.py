"""每日提醒: who is told what, once a day, and what happens where a channel is dead."""

import datetime as dt
import socket
import time
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from accounts.models import User
from pilotwork import clock
from pilotwork import settings as application
from reports.digest.sending import claim
from reports.models import Digest
from reports.navigation import LABELS
from reports.todo import KINDS
from tests.journeys import bring
from tests.reports.servers import mail_server, robot
from units.actions import suggest

pytestmark = pytest.mark.django_db
AT_WORK = ("approver", "reviewer", "leader", "administrator", "stranger")
SMTP = "django.core.mail.backends.smtp.EmailBackend"


def shanghai(hour, minute=0, day=dt.date(2027, 3, 2)):
    return dt.datetime.combine(day, dt.time(hour, minute), clock.SHANGHAI)


@pytest.fixture(autouse=True)
def _switched_on(settings):
    settings.SITE_URL = "https://gongzuotai.example"
    settings.DIGEST_EMAIL = True
    settings.EMAIL_URL = "smtp://mail.example"
    settings.DEFAULT_FROM_EMAIL = "gongzuotai@county.example"
    settings.DIGEST_GROUPS = []


@pytest.fixture
def county(county):
    """The county with an application to decide and one to check, and addresses for two people."""
    bring(county, "reviewed")
    bring(county, "submitted")
    for username in ("approver", "reviewer"):
        give_address(county.people[username], f"{username}@county.example")
    # A few people say as much as all, sooner.
    User.objects.exclude(username__in=AT_WORK).update(is_active=False)
    return county


def give_address(person, address):
    person.email = address
    person.save(update_fields=["email"])


def send(**options):
    """Run the command; returns what it says."""
    out = StringIO()
    call_command("send_digest", stdout=out, **options)
    return out.getvalue().strip()


def send_in_vain(**options):
    with pytest.raises(CommandError) as error:
        call_command("send_digest", **options)
    return str(error.value)


def told():
    """Who got mail, in order."""
    return sorted(address for message in mail.outbox for address in message.to)


# --- What is said to whom ------------------------------------------------------------------------


def test_a_person_is_told_how_much_waits_at_each_place_and_nothing_else(county):
    suggest(by=county.member, text="密题乙：王三家里困难")
    with clock.at(shanghai(8, 30, clock.today())):
        assert send() == "已发邮件 2 封，群消息 0 条。"
    (message,) = (m for m in mail.outbox if m.to == ["approver@county.example"])
    today = clock.today()
    assert message.subject == "试点工作台：有 2 件事等您办理"
    assert message.body == (
        f"截至{today.month}月{today.day}日 08:30，有 2 件事等您办理：\n\n"
        "　　基金申请　1 件\n　　意见建议　1 件\n\n"
        "登录办理：https://gongzuotai.example/\n\n"
        "每天最多一封，没有待办时不发送。"
        "不需要的，登录后点右上角的姓名，在“我的账户”里关闭每日提醒。\n"
    )
    assert message.from_email == "gongzuotai@county.example"


def test_who_has_nothing_waiting_no_address_or_wants_none_gets_none(county):
    give_address(county.stranger, "stranger@county.example")
    county.reviewer.gets_digest = False
    county.reviewer.save()
    county.approver.is_active = False
    county.approver.save()
    said = "已发邮件 0 封，群消息 0 条（有待办的人中，1 人关闭了每日提醒）。"
    assert send() == said
    assert told() == []
    assert not Digest.objects.exists()


def test_a_group_is_told_one_line_in_which_each_matter_counts_once(county, settings):
    settings.DIGEST_EMAIL = False
    with robot() as server:
        settings.DIGEST_GROUPS = [server.address()]
        assert send() == "已发邮件 0 封，群消息 1 条。"
        assert send() == "已发邮件 0 封，群消息 0 条。"
    (line,) = server.posted
    assert line.startswith("今天共有 ")
    assert "基金申请 2 件" in line
    assert line.endswith("登录办理：https://gongzuotai.example/")
    for secret in ("密题", "王", county.branch.name, county.branch.short_name or "顺丰", "800"):
        assert secret not in line
    assert "\n" not in line
    assert told() == []


def test_every_kind_of_matter_has_a_place_with_a_name():
    assert {kind.place for kind in KINDS} <= LABELS.keys()


# --- Once a day ----------------------------------------------------------------------------------


def test_a_second_run_of_the_day_sends_nothing(county):
    assert send() == "已发邮件 2 封，群消息 0 条。"
    assert send() == "已发邮件 0 封，群消息 0 条。"
    assert send(retry=True) == "已发邮件 0 封，群消息 0 条。"
    assert told() == ["approver@county.example", "reviewer@county.example"]


def test_a_day_is_a_day_in_shanghai(county):
    with clock.at(shanghai(23, 50)):
        send()
    with clock.at(shanghai(0, 10, dt.date(2027, 3, 3))):
        send()
    days = Digest.objects.filter(person=county.approver).values_list("day", flat=True)
    assert sorted(days) == [dt.date(2027, 3, 2), dt.date(2027, 3, 3)]
    assert told().count("approver@county.example") == 2


def test_a_message_that_a_dead_process_left_is_sent_by_a_retry_alone_and_later(county):
    with clock.at(shanghai(8)):
        assert claim(clock.today(), person=county.approver)
        send()
    with clock.at(shanghai(8, 14)):
        assert send(retry=True) == "已发邮件 0 封，群消息 0 条。"
    with clock.at(shanghai(8, 16)):
        assert send() == "已发邮件 0 封，群消息 0 条。"
        assert told() == ["reviewer@county.example"]
        assert send(retry=True) == "已发邮件 1 封，群消息 0 条。"
        assert send(retry=True) == "已发邮件 0 封，群消息 0 条。"
    assert not Digest.objects.filter(sent_at=None).exists()


# --- Dead channels --------------------------------------------------------------------------------


@pytest.fixture
def by_smtp(settings):
    """Real SMTP to the port it is called with."""

    def use(port):
        settings.EMAIL_BACKEND = SMTP
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 2

    return use


def closed_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def test_a_dead_mail_server_is_logged_and_groups_are_told_and_mail_goes_once_it_is_back(
    county, settings, by_smtp, caplog
):
    by_smtp(closed_port())
    with robot() as server:
        settings.DIGEST_GROUPS = [server.address()]
        assert "群消息 1 条；1 次没有成功" in send_in_vain()
    assert len(server.posted) == 1
    assert "The mail server does not take the digest: ConnectionRefusedError" in caplog.text
    with mail_server() as server:
        by_smtp(server.server_address[1])
        assert send() == "已发邮件 2 封，群消息 0 条。"
    assert len(server.taken) == 2


def test_one_refused_address_is_logged_without_it_and_the_others_get_theirs(
    county, by_smtp, caplog
):
    give_address(county.approver, "refused@county.example")
    with mail_server() as server:
        by_smtp(server.server_address[1])
        assert "已发邮件 1 封，群消息 0 条；1 次没有成功" in send_in_vain()
        assert [a.lower() for a in server.taken] == ["to:<reviewer@county.example>"]
        assert send() == "已发邮件 0 封，群消息 0 条。"
        give_address(county.approver, "approver@county.example")
        assert send(retry=True) == "已发邮件 1 封，群消息 0 条。"
    assert "A digest by e-mail failed: SMTPRecipientsRefused" in caplog.text
    assert "county.example" not in caplog.text


def test_a_group_that_does_not_answer_in_time_holds_up_nobody(county, settings, caplog):
    with robot() as server:
        slow = server.address("slow?rto=0.3")
        settings.DIGEST_GROUPS = [slow, server.address()]
        began = time.monotonic()
        assert "已发邮件 2 封，群消息 1 条；1 次没有成功" in send_in_vain()
        assert time.monotonic() - began < 10
        assert len(server.posted) == 1
        assert "did not take the digest" in caplog.text
        assert str(server.server_port) not in "".join(
            record.getMessage() for record in caplog.records if record.name.startswith("reports")
        )


# --- Switched off, badly configured --------------------------------------------------------------


def test_as_installed_nothing_is_sent_and_it_says_so(county, settings):
    settings.DIGEST_EMAIL = False
    assert send() == "每日提醒没有开启（DIGEST_EMAIL、DIGEST_GROUPS），没有发送。"
    assert told() == []


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("SITE_URL", "", "没有设置 SITE_URL"),
        ("SITE_URL", "gongzuotai", "SITE_URL 须以 https:// 开头"),
        ("EMAIL_URL", "", "没有设置 EMAIL_URL"),
        ("DEFAULT_FROM_EMAIL", "", "没有设置 EMAIL_FROM"),
        ("DIGEST_GROUPS", ["json://127.0.0.1:9", "unknown://secret"], "DIGEST_GROUPS 第 2 个地址"),
    ],
)
def test_half_configured_it_refuses_and_names_what_is_missing(county, settings, name, value, words):
    setattr(settings, name, value)
    said = send_in_vain()
    assert words in said
    assert "secret" not in said
    assert told() == []
    assert not Digest.objects.exists()


def test_it_is_off_in_an_installation_without_variables():
    from_file = {name: getattr(application, name) for name in ("DIGEST_EMAIL", "DIGEST_GROUPS")}
    assert from_file == {"DIGEST_EMAIL": False, "DIGEST_GROUPS": []}


# --- One's own switch ------------------------------------------------------------------------------


def test_a_person_switches_his_own_mail_off_and_on_again(client, county):
    client.force_login(county.approver)
    page = county.approver.get_absolute_url()
    assert "关闭每日提醒" in client.get(page).content.decode()
    client.post(f"/accounts/people/{county.approver.pk}/digest/", {"wanted": "0"})
    assert User.objects.get(pk=county.approver.pk).gets_digest is False
    assert county.approver.history.first().history_user == county.approver
    assert "打开每日提醒" in client.get(page).content.decode()
    client.post(f"/accounts/people/{county.approver.pk}/digest/", {"wanted": "1"})
    assert User.objects.get(pk=county.approver.pk).gets_digest is True


@pytest.mark.parametrize(
    ("sends_mail", "said"), [(True, "开"), (False, "开，但系统没有开启邮件，暂不发送")]
)
def test_a_person_reads_whether_the_server_sends_mail_at_all(
    client, county, settings, sends_mail, said
):
    settings.DIGEST_EMAIL = sends_mail
    client.force_login(county.approver)
    page = client.get(county.approver.get_absolute_url()).content.decode()
    fact = page.partition("<dt>每日提醒</dt>")[2].partition("</dd>")[0]
    assert fact.partition("<dd>")[2].strip() == said


def test_an_address_is_the_administrators_and_the_persons_own_to_see(client, county):
    page = county.approver.get_absolute_url()
    for person, sees in [("administrator", True), ("approver", True), ("leader", False)]:
        client.force_login(county.people[person])
        assert ("approver@county.example" in client.get(page).content.decode()) is sees
