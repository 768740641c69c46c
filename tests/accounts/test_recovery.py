"""Recovery codes, and who has lost the phone."""

import datetime as dt

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts import actions, factor_actions
from accounts.matters import NotPermitted
from accounts.models import FactorReset, RecoveryCode, SecondFactor
from pilotwork import clock
from pilotwork.refusals import Refused
from tests.accounts.phone import (
    CODE,
    GIVE_UP,
    LISTED,
    RENEW,
    SET_UP,
    SIGN_IN,
    set_up,
    signed_in,
    with_phone,
)

pytestmark = pytest.mark.django_db


# --- Recovery codes -------------------------------------------------------------------------------


def test_a_recovery_code_is_good_once_and_the_page_says_how_many_are_left(cashier):
    _, codes = with_phone(cashier)
    client = signed_in(cashier)
    answer = client.post(CODE, {"code": codes[3].upper().replace("-", " ")}, follow=True)
    assert "还剩 9 个" in answer.content.decode()
    assert "已经用过" in signed_in(cashier).post(CODE, {"code": codes[3]}).content.decode()


def test_a_recovery_code_is_nobody_elses(cashier, person):
    with_phone(person)
    _, codes = with_phone(cashier)
    with pytest.raises(Refused):
        factor_actions.accept_code(person, code=codes[0])


def test_new_recovery_codes_end_the_old_ones(cashier):
    phone, codes = with_phone(cashier)
    client = signed_in(cashier)
    client.post(CODE, {"code": phone.code()})
    new = LISTED.findall(client.post(RENEW).content.decode())
    assert len(new) == 10
    assert signed_in(cashier).post(CODE, {"code": codes[0]}).status_code == 200
    assert signed_in(cashier).post(CODE, {"code": new[0]}).status_code == 302


# --- Another phone, none, or lost -----------------------------------------------------------------


def test_a_new_phone_is_set_up_after_the_old_one_is_given_up(required, cashier):
    phone, codes = with_phone(cashier)
    client = signed_in(cashier)
    client.post(CODE, {"code": phone.code()})
    assert client.post(GIVE_UP, {"then": "set-up"}).url == SET_UP
    assert client.get("/").url.startswith(SET_UP)
    new, _ = set_up(client)
    again = signed_in(cashier)
    with time_machine.travel(clock.now() + dt.timedelta(minutes=2)):
        assert again.post(CODE, {"code": phone.code()}).status_code == 200
        assert again.post(CODE, {"code": codes[0]}).status_code == 200
        assert again.post(CODE, {"code": new.code()}).status_code == 302


def test_who_set_it_up_of_his_own_will_may_do_without_again(person):
    phone, _ = with_phone(person)
    client = signed_in(person)
    client.post(CODE, {"code": phone.code()})
    assert client.post(GIVE_UP).url == person.get_absolute_url()
    assert signed_in(person).get("/").status_code == 200


def test_an_administrator_resets_it_with_a_reason_and_the_person_is_told(
    required, cashier, administrator
):
    phone, codes = with_phone(cashier)
    at_work = signed_in(cashier)
    at_work.post(CODE, {"code": phone.code()})
    given = with_phone(administrator)[0]
    desk = signed_in(administrator)
    desk.post(CODE, {"code": given.code()})
    address = reverse("accounts:reset_factor", args=[cashier.pk])
    assert desk.post(address, {"reason": ""}).status_code == 200
    assert desk.post(address, {"reason": "手机遗失"}).url == cashier.get_absolute_url()
    assert at_work.get("/").url.startswith(SIGN_IN)
    told = signed_in(cashier).get(SET_UP).content.decode()
    assert "由 管 重置，原因：手机遗失" in told
    reset = FactorReset.objects.get()
    assert (reset.user, reset.by, reset.by_name) == (cashier, administrator, "管")
    logged = cashier.history.get(history_change_reason="重置手机验证码")
    assert (logged.history_user, logged.second_factor_at) == (administrator, None)
    assert "手机遗失" in desk.get(cashier.get_absolute_url()).content.decode()
    assert "手机遗失" not in signed_in(cashier).get(SET_UP).content.decode()


def test_nobody_but_an_administrator_resets_anothers(cashier, administrator, person):
    with_phone(cashier)
    with_phone(administrator)
    with pytest.raises(NotPermitted):
        factor_actions.reset_factor(cashier, by=person, reason="手机遗失")
    with pytest.raises(Refused, match="自己的"):
        factor_actions.reset_factor(administrator, by=administrator, reason="手机遗失")
    with pytest.raises(Refused, match="没有开通"):
        factor_actions.reset_factor(person, by=administrator, reason="手机遗失")
    assert SecondFactor.objects.count() == 2


def test_the_server_resets_that_of_the_last_administrator(administrator, capsys):
    with_phone(administrator)
    call_command("reset_second_factor", "administrator", "--reason", "手机和恢复码都遗失")
    assert "已重置" in capsys.readouterr().out
    administrator.refresh_from_db()
    assert administrator.second_factor_at is None
    assert FactorReset.objects.get().told.endswith("如果不是您申请的，请立即联系县团委。")
    with pytest.raises(CommandError, match="没有开通"):
        call_command("reset_second_factor", "administrator", "--reason", "再来")
    with pytest.raises(CommandError, match="没有登录名"):
        call_command("reset_second_factor", "nobody", "--reason", "再来")


def test_a_closed_account_keeps_no_second_factor(person, administrator):
    _, codes = with_phone(person)
    actions.switch_off(person, by=administrator)
    actions.switch_on(person, by=administrator)
    assert not SecondFactor.objects.exists()
    assert not RecoveryCode.objects.exists()
    assert signed_in(person).get("/").status_code == 200


def test_under_another_secret_key_only_recovery_codes_are_taken_and_the_page_says_why(
    cashier, settings
):
    phone, codes = with_phone(cashier)
    settings.SECRET_KEY = "another" * 9
    client = signed_in(cashier)
    assert "服务器密钥已更换" in client.post(CODE, {"code": phone.code()}).content.decode()
    assert client.post(CODE, {"code": codes[0]}).status_code == 302
