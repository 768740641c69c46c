"""典型奖励: a model unit's one-off money from 工作经费, a second one only with a reason (DOMAIN)."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.matters import NotPermitted
from accounts.models import Act
from accounts.todo import items_for
from awards.actions import rewards
from awards.forms.rewards import ApproveForm
from awards.models import Reward
from awards.reward_todo import KINDS
from funds.models import Entry
from funds.verify import differences
from pilotwork.money import to_yuan
from pilotwork.refusals import Refused
from tests import honours
from tests.factories import PilotProgrammeFactory, PilotUnitFactory, days_ago
from tests.honours import (
    OPINION,
    PDF,
    approve_reward,
    fresh_reward,
    pay,
    plaque_in,
    propose_reward,
    reward_in,
    working_money,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(county):
    return working_money(county)


def test_a_reward_goes_from_the_proposal_to_the_units_account(county, account):
    reward = propose_reward(county)
    assert (reward.state, reward.main_verb, reward.amount) == ("proposed", "approve", 500)
    reward = approve_reward(county, reward)
    assert (reward.state, reward.main_verb, reward.is_paid) == ("approved", "pay", False)
    with pytest.raises(Refused) as early:
        pay(county, reward, occurred_on=days_ago(1))
    assert early.value.field == "occurred_on"
    entry = pay(county, reward)
    reward = fresh_reward(reward)
    assert (reward.state, reward.main_verb, reward.is_paid) == ("paid", "", True)
    branch = county.branch
    assert (entry.account, entry.amount, entry.counterparty_account) == (
        account,
        500,
        branch.payee_account,
    )
    assert account.balances.available == account.balances.cash == 2500
    assert county.fund.balances.cash == 10000
    assert [(row.verb, row.act) for row in reward.log] == [
        ("propose", Act.REVIEW),
        ("approve", Act.APPROVE),
        ("pay", Act.PAY),
    ]
    assert list(differences()) == []


def test_the_amount_is_the_programmes_setting_on_the_day_of_the_proposal(county, account):
    county.programme.reward_amount = to_yuan("800")
    county.programme.save()
    reward = propose_reward(county)
    county.programme.reward_amount = to_yuan("900")
    county.programme.save()
    approve_reward(county, reward)
    assert pay(county, reward).amount == 800


def test_whoever_decides_or_pays_sees_what_the_account_has_before_and_after(client, county):
    account = working_money(county, "700")
    reward = reward_in(county, "proposed")
    address = reverse("awards:reward", args=[reward.pk])
    for person in (county.approver, county.cashier):
        client.force_login(person)
        page = " ".join(client.get(address).content.decode().split())
        assert ("¥700.00" in page, "¥200.00" in page) == (True, True)
        assert "人民币伍佰元整" in page
        approve_reward(county, reward) if reward.state == "proposed" else None
        reward = fresh_reward(reward)
    pay(county, reward)
    poor = reward_in(county, "proposed", county.other_unit)
    client.force_login(county.approver)
    page = client.get(reverse("awards:reward", args=[poor.pk])).content.decode()
    assert account.balances.available == 200
    assert "不足，差 ¥300.00" in page
    client.force_login(county.leader)
    assert "工作经费可用" not in client.get(address).content.decode()


def test_who_agrees_sees_what_was_agreed_before_and_is_not_paid_yet(client, county):
    working_money(county, "1100")
    reward = reward_in(county, "proposed")
    address = reverse("awards:reward", args=[reward.pk])
    client.force_login(county.approver)
    assert "已同意未付" not in client.get(address).content.decode()
    reward_in(county, "approved", county.other_unit)
    plaque_in(county, "approved")
    figures = client.get(address).context
    assert (figures["available"], figures["promised"]) == (1100, 680)
    assert (figures["available_after"], figures["shortfall"]) == (-80, 80)
    assert "不足，差 ¥80.00" in client.get(address).content.decode()
    # Who pays this one pays it from what there is.
    approve_reward(county, reward)
    client.force_login(county.cashier)
    assert client.get(address).context["available_after"] == 600


def test_without_its_document_there_is_no_reward(county):
    with pytest.raises(Refused) as refusal:
        propose_reward(county, files=[])
    assert refusal.value.field == "files"
    assert not Reward.objects.exists()


# --- Who may ------------------------------------------------------------------------------------


@pytest.mark.parametrize("username", ["mentor", "parent_member", "staff_member", "former_mentor"])
def test_nobody_decides_on_the_reward_of_his_own_unit(county, account, username):
    person = county.people[username]
    guided_until = 3 if username == "former_mentor" else 0
    with honours.days_before(guided_until), pytest.raises(NotPermitted):
        propose_reward(county, by=person)
    reward = reward_in(county, "proposed")
    with pytest.raises(NotPermitted):
        approve_reward(county, reward, by=person)
    approve_reward(county, reward)
    with pytest.raises(NotPermitted):
        pay(county, reward, by=person)


def test_a_superuser_is_held_to_it_by_a_direct_post_too(client, county, account):
    reward = reward_in(county, "proposed")
    county.mentor.is_superuser = True
    county.mentor.save(update_fields=["is_superuser"])
    url = reverse("awards:act_on_reward", args=[reward.pk, "approve"])
    for person in (county.mentor, county.superuser):
        answer = sign_in(client, person).post(url, {"opinion": OPINION})
        assert answer.status_code in {403, 404}, person
    assert fresh_reward(reward).state == "proposed"


def test_neighbouring_steps_are_two_peoples(county, account):
    reward = propose_reward(county, by=county.allrounder)
    with pytest.raises(NotPermitted, match="相邻环节"):
        approve_reward(county, reward, by=county.allrounder)
    approve_reward(county, reward, by=county.early_mentor)
    with pytest.raises(NotPermitted, match="审批与拨付"):
        pay(county, reward, by=county.early_mentor)
    pay(county, reward, by=county.allrounder)


# --- A second one ---------------------------------------------------------------------------------


def test_a_second_reward_needs_the_approvers_written_reason(county, account):
    reward_in(county, "paid")
    second = reward_in(county, "proposed", level="national")
    with pytest.raises(Refused, match="已有奖励（全市，已发放）") as refusal:
        approve_reward(county, second, second_reason="  ")
    assert refusal.value.field == "second_reason"
    second = approve_reward(county, second, second_reason="又被评为全国典型。")
    assert (second.state, second.second_reason) == ("approved", "又被评为全国典型。")
    assert second.log[-1].details["second_reason"] == "又被评为全国典型。"


def test_the_reason_is_asked_only_of_a_unit_that_has_another_reward(client, county, account):
    reward = reward_in(county, "proposed")
    page = reverse("awards:reward", args=[reward.pk])
    sign_in(client, county.approver)
    assert "再次奖励的理由" not in client.get(page).content.decode()
    reward_in(county, "approved", level="national")
    assert "再次奖励的理由" in client.get(page).content.decode()
    assert ApproveForm(matter=reward, user=county.approver).fields["second_reason"].required


def test_who_opened_the_form_before_the_other_reward_was_granted_is_asked_too(county, account):
    reward = reward_in(county, "proposed")
    form = ApproveForm({"opinion": OPINION}, matter=reward, user=county.approver)
    assert form.is_valid()
    reward_in(county, "approved", level="national")
    with pytest.raises(Refused) as refusal:
        rewards.approve_reward(reward, by=county.approver, **form.arguments())
    form.refuse(refusal.value)
    assert "再次奖励须写明理由" in form.errors["second_reason"][0]
    assert "全国 500.00 元" in form["second_reason"].help_text


def test_it_is_the_second_one_in_a_later_programme_too(county, account):
    reward_in(county, "approved")
    later = PilotUnitFactory(programme=PilotProgrammeFactory(), organisation=county.branch)
    with pytest.raises(Refused, match="再次奖励须写明理由"):
        approve_reward(county, propose_reward(county, later))


def test_declined_and_cancelled_ones_and_those_of_others_do_not_count(county, account):
    declined = reward_in(county, "proposed")
    rewards.decline_reward(declined, by=county.approver, opinion="依据不足。")
    cancelled = reward_in(county, "approved")
    rewards.cancel_reward(cancelled, by=county.approver, opinion="文件撤销。")
    reward_in(county, "paid", county.other_unit)
    reward = approve_reward(county, propose_reward(county), second_reason="多余的理由")
    assert (reward.state, reward.second_reason) == ("approved", "")


# --- Money ----------------------------------------------------------------------------------------


def test_it_is_paid_once(county, account):
    reward = reward_in(county, "approved")
    typed = honours.payment()
    entry = pay(county, reward, **typed)
    assert pay(county, reward, **typed) == entry
    with pytest.raises(Refused) as refusal:
        pay(county, reward)
    assert refusal.value.stale
    assert account.balances.cash == 2500


def test_a_unit_without_an_account_on_file_is_not_paid(county, account):
    reward = reward_in(county, "approved")
    county.branch.payee_account = ""
    county.branch.save()
    with pytest.raises(Refused, match="没有登记收款账户"):
        pay(county, reward)
    assert account.balances.available == 3000


def test_too_little_in_the_account_is_refused_naming_both_figures(county):
    working_money(county, "499.99")
    reward = reward_in(county, "approved")
    with pytest.raises(Refused, match=r"可用余额 499\.99 元，不足 500\.00 元"):
        pay(county, reward)
    assert (fresh_reward(reward).state, fresh_reward(reward).commitment) == ("approved", None)


def test_a_paid_reward_is_reversed_only_after_the_approver_reopened_it(county, account):
    reward = reward_in(county, "paid")
    with pytest.raises(Refused, match="重新办理"):
        honours.reverse(county, reward)
    with pytest.raises(NotPermitted):
        rewards.reopen_reward(reward, by=county.cashier, opinion="记错。")
    reward = rewards.reopen_reward(reward, by=county.approver, opinion="账号有误。")
    assert (reward.state, reward.main_verb) == ("approved", "reverse")
    with pytest.raises(Refused, match="款项已经支付"):
        pay(county, reward)
    with pytest.raises(Refused, match="款项已经支付"):
        rewards.cancel_reward(reward, by=county.approver, opinion="撤销。")
    honours.reverse(county, reward)
    assert account.balances.available == account.balances.cash == 3000
    pay(county, reward)
    assert (fresh_reward(reward).state, account.balances.cash) == ("paid", 2500)
    assert list(differences()) == []


def test_what_was_reopened_by_mistake_stays_paid(county, account):
    reward = reward_in(county, "paid")
    rewards.reopen_reward(reward, by=county.approver, opinion="核对。")
    reward = rewards.uphold_reward(reward, by=county.approver, opinion="核对无误。")
    assert (reward.state, account.balances.cash) == ("paid", 2500)
    assert list(differences()) == []


def test_after_the_reversal_it_can_be_cancelled(county, account):
    reward = reward_in(county, "paid")
    rewards.reopen_reward(reward, by=county.approver, opinion="文件撤销。")
    honours.reverse(county, reward)
    with pytest.raises(Refused, match="没有可以冲销的付款"):
        rewards.uphold_reward(reward, by=county.approver, opinion="不对。")
    reward = rewards.cancel_reward(reward, by=county.approver, opinion="文件撤销。")
    assert (reward.state, account.balances.cash) == ("cancelled", 3000)
    assert list(differences()) == []


def test_check_ledger_finds_a_reward_that_differs_from_the_books(county, account):
    paid = reward_in(county, "paid")
    Reward.objects.filter(pk=paid.pk).update(amount=to_yuan("600"))
    name = f"典型奖励 {paid}"
    assert list(differences()) == [f"{name}：应付 600.00 元，账上付了 500.00 元。"]
    Reward.objects.filter(pk=paid.pk).update(amount=to_yuan("500"), commitment=None)
    found = list(differences())
    assert f"{name}：状态为“已发放”，账上没有付款。" in found
    assert f"工作经费 事项“{paid}”：没有所属的事项。" in found


# --- Pages ------------------------------------------------------------------------------------------


def sign_in(client, person):
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def typed_proposal(unit, **changed):
    file = SimpleUploadedFile(PDF.name, PDF.content, PDF.content_type)
    typed = {"pilot_unit": unit.pk, "level": "national", "basis_title": "命名通知", "files": file}
    return typed | changed


def test_from_the_form_to_the_voucher_through_the_browser(client, county, account):
    new = reverse("awards:propose_reward")
    sign_in(client, county.reviewer)
    answer = client.post(new, typed_proposal(county.unit, files=""))
    assert (answer.status_code, "命名通知" in answer.content.decode()) == (200, True)
    done = client.post(new, typed_proposal(county.unit))
    reward = Reward.objects.get()
    assert done["Location"] == reverse("awards:reward", args=[reward.pk])
    page = client.get(reverse("awards:rewards"), {"state": "proposed", "q": "顺丰"})
    assert reverse("awards:reward", args=[reward.pk]) in page.content.decode()
    act = {
        verb: reverse("awards:act_on_reward", args=[reward.pk, verb]) for verb in ("approve", "pay")
    }
    reward_in(county, "paid")
    sign_in(client, county.approver)
    assert "该单位已有奖励：全市 500.00 元（已发放）" in client.get(act["approve"]).content.decode()
    answer = client.post(act["approve"], {"opinion": "可以再奖。"})
    assert "再次奖励须写明理由" in answer.content.decode()
    assert "可以再奖。" in answer.content.decode()
    client.post(act["approve"], {"opinion": "可以再奖。", "second_reason": "全国典型。"})
    sign_in(client, county.cashier)
    client.post(act["pay"], honours.payment())
    assert fresh_reward(reward).state == "paid"
    page = client.get(reverse("awards:reward", args=[reward.pk])).content.decode()
    for words in ("命名通知", "通知.pdf", "全国典型。", "500.00 元", "GZ-0000"):
        assert words in page
    paid = Entry.objects.filter(commitment=fresh_reward(reward).commitment, kind="disburse").get()
    voucher = client.get(reverse("funds:voucher", args=[paid.pk])).content.decode()
    for words in ("奖励发放凭单", f"{county.unit} 全国典型奖励", "人民币伍佰元整", "签字："):
        assert words in voucher
    for person in (county.cashier, county.reviewer, county.approver):
        assert str(person) in voucher
    account_page = client.get(reverse("funds:account", args=[account.pk])).content.decode()
    assert reverse("awards:reward", args=[reward.pk]) in account_page


def test_the_county_the_unit_and_its_mentors_see_it_others_do_not(client, county, account):
    reward = reward_in(county, "paid")
    page = reverse("awards:reward", args=[reward.pk])
    file = reverse("awards:reward_file", args=[reward.files.get().pk])
    for username in ("leader", "member", "mentor", "former_mentor"):
        assert sign_in(client, county.people[username]).get(page).status_code == 200, username
        assert client.get(file).status_code == 200, username
    for username in ("neighbour", "partner", "stranger"):
        assert sign_in(client, county.people[username]).get(page).status_code == 404, username
        assert client.get(file).status_code == 404, username


# --- What waits -------------------------------------------------------------------------------------


def waiting(person):
    """The verbs on rewards that wait for the person."""
    return [item.verb for item in items_for(KINDS, person)]


def test_each_step_waits_for_those_who_may_take_it(county, account):
    reward = reward_in(county, "proposed")
    assert (waiting(county.approver), waiting(county.cashier)) == (["approve"], [])
    assert waiting(county.mentor) == waiting(county.parent_member) == []
    approve_reward(county, reward)
    assert (waiting(county.approver), waiting(county.cashier)) == ([], ["pay"])
    pay(county, reward)
    assert waiting(county.cashier) == []
    rewards.reopen_reward(reward, by=county.approver, opinion="账号有误。")
    assert waiting(county.cashier) == ["reverse"]


def test_a_unit_from_which_one_must_recuse_oneself_is_not_offered_and_named(client, county):
    client.force_login(county.mentor)
    page = client.get(reverse("awards:propose_reward"))
    offered = set(page.context["form"].fields["pilot_unit"].queryset)
    assert offered == {county.other_unit}
    assert f"按回避规定由其他初审人员办理：{county.branch.label}。" in page.content.decode()
    client.force_login(county.reviewer)
    page = client.get(reverse("awards:propose_reward"))
    assert set(page.context["form"].fields["pilot_unit"].queryset) >= {county.unit}
    assert "按回避规定" not in page.content.decode()
