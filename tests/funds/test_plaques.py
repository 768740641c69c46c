"""铜牌: one valid plaque a unit, paid by the county from 工作经费, its QR code (DOMAIN)."""

import io
import xml.etree.ElementTree as ElementTree

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from PIL import Image

from accounts.matters import NotPermitted
from accounts.models import Act
from accounts.todo import items_for
from funds.actions import plaques
from funds.models import Entry, Plaque
from funds.plaque_todo import KINDS
from funds.verify import differences
from pilotwork import clock
from pilotwork.money import to_yuan
from pilotwork.refusals import Refused
from tests import honours
from tests.factories import PilotProgrammeFactory, PilotUnitFactory, days_ago
from tests.honours import (
    COST,
    MAKER,
    OPINION,
    approve_plaque,
    fresh_plaque,
    hang,
    pay,
    plaque_in,
    propose_plaque,
    working_money,
)

pytestmark = pytest.mark.django_db
RECUSED = ("mentor", "former_mentor", "parent_member", "staff_member")


@pytest.fixture
def account(county):
    return working_money(county)


def test_a_plaque_goes_from_the_proposal_to_the_wall(county, account):
    plaque = propose_plaque(county)
    assert (plaque.state, plaque.main_verb, plaque.text) == ("proposed", "approve", "试点单位")
    plaque = approve_plaque(county, plaque)
    assert (plaque.state, plaque.main_verb) == ("approved", "pay")
    entry = pay(county, plaque)
    plaque = fresh_plaque(plaque)
    assert (plaque.state, plaque.main_verb, plaque.is_paid) == ("approved", "hang", True)
    plaque = hang(county, plaque, by=county.mentor)
    assert (plaque.state, plaque.main_verb, plaque.place) == ("hung", "", "社门口")
    assert (entry.account, entry.amount, entry.counterparty) == (account, COST, "县标牌厂")
    assert account.balances.available == account.balances.cash == to_yuan("2820")
    assert [(row.verb, row.act) for row in plaque.log] == [
        ("propose", Act.REVIEW),
        ("approve", Act.APPROVE),
        ("pay", Act.PAY),
        ("hang", ""),
    ]
    assert list(differences()) == []


def test_it_may_hang_before_it_is_paid(county, account):
    plaque = hang(county, plaque_in(county, "approved"))
    assert (plaque.state, plaque.main_verb) == ("hung", "pay")
    pay(county, plaque)
    assert fresh_plaque(plaque).is_paid


# --- Who may ------------------------------------------------------------------------------------


@pytest.mark.parametrize("username", RECUSED)
def test_nobody_decides_on_the_plaque_of_his_own_unit(county, account, username):
    person = county.people[username]
    guided_until = 3 if username == "former_mentor" else 0
    with honours.days_before(guided_until), pytest.raises(NotPermitted):
        propose_plaque(county, by=person)
    plaque = plaque_in(county, "proposed")
    with pytest.raises(NotPermitted):
        approve_plaque(county, plaque, by=person)
    approve_plaque(county, plaque)
    with pytest.raises(NotPermitted):
        pay(county, plaque, by=person)


def test_being_a_superuser_helps_nobody(county, account):
    plaque = plaque_in(county, "proposed")
    county.mentor.is_superuser = True
    county.mentor.save(update_fields=["is_superuser"])
    for person in (county.mentor, county.superuser):
        with pytest.raises(NotPermitted):
            approve_plaque(county, plaque, by=person)
        with pytest.raises(NotPermitted):
            propose_plaque(county, by=person)


def test_proposing_counts_as_the_review_so_neighbouring_steps_are_two_peoples(county, account):
    plaque = propose_plaque(county, by=county.allrounder)
    with pytest.raises(NotPermitted, match="相邻环节"):
        approve_plaque(county, plaque, by=county.allrounder)
    approve_plaque(county, plaque, by=county.early_mentor)
    with pytest.raises(NotPermitted, match="审批与拨付"):
        pay(county, plaque, by=county.early_mentor)
    pay(county, plaque, by=county.allrounder)


def test_only_reviewers_and_the_units_mentor_note_that_it_hangs(county, account):
    plaque = plaque_in(county, "paid")
    for person in (county.cashier, county.approver, county.member, county.superuser):
        with pytest.raises(NotPermitted, match="初审人员或该单位现任指导员"):
            hang(county, plaque, by=person)
    assert hang(county, plaque, by=county.mentor).state == "hung"


# --- One plaque a unit ------------------------------------------------------------------------------


def test_a_second_one_is_refused_while_the_first_is_under_way(county, account):
    plaque_in(county, "proposed")
    with pytest.raises(Refused, match="正在办理") as refusal:
        propose_plaque(county)
    assert refusal.value.field == "pilot_unit"
    propose_plaque(county, county.other_unit)


def test_a_unit_with_a_plaque_gets_another_only_in_its_place(county, account):
    old = plaque_in(county, "hung")
    with pytest.raises(Refused, match="确需更换的"):
        propose_plaque(county)
    new = plaque_in(county, "approved", replaces=old)
    assert fresh_plaque(old).state == "hung"
    hang(county, new)
    assert (fresh_plaque(old).state, fresh_plaque(new).state) == ("replaced", "hung")
    assert fresh_plaque(old).log[-1].label == "换上新牌"
    with pytest.raises(Refused, match="已经不在该单位挂着"):
        propose_plaque(county, replaces=fresh_plaque(old))


def test_the_new_one_can_be_hung_from_the_page_of_the_old_one(county, account):
    old = plaque_in(county, "hung")
    with pytest.raises(Refused, match="没有已批准"):
        plaques.replace_plaque(old, by=county.reviewer, hung_on=clock.today(), place="门口")
    new = plaque_in(county, "approved", replaces=old)
    today = clock.today()
    plaques.replace_plaque(old, by=county.mentor, made_on=today, hung_on=today, place="礼堂")
    assert (fresh_plaque(old).state, fresh_plaque(new).place) == ("replaced", "礼堂")


def test_the_database_refuses_two_valid_plaques_of_a_unit(county, account):
    plaque = plaque_in(county, "hung")
    with pytest.raises(IntegrityError), transaction.atomic():
        Plaque.objects.filter(pk=plaque.pk).update(hung_on=None)
    plaque.pk = None
    plaque.commitment = None
    with pytest.raises(IntegrityError), transaction.atomic():
        Plaque.objects.bulk_create([plaque])


def test_dates_are_in_order_and_not_in_the_future(county, account):
    with pytest.raises(Refused) as refusal:
        propose_plaque(county, made_on=days_ago(-1))
    assert refusal.value.field == "made_on"
    plaque = plaque_in(county, "paid")
    for typed, field in [
        ({"hung_on": days_ago(-1)}, "hung_on"),
        ({"made_on": clock.today(), "hung_on": days_ago(1)}, "made_on"),
    ]:
        with pytest.raises(Refused) as refusal:
            hang(county, plaque, **typed)
        assert refusal.value.field == field


# --- Money ----------------------------------------------------------------------------------------


def test_it_is_paid_once(county, account):
    plaque = plaque_in(county, "paid")
    with pytest.raises(Refused, match="款项已经支付"):
        pay(county, plaque)
    typed = honours.payment()
    other = plaque_in(county, "approved", county.other_unit)
    entry = pay(county, other, **typed)
    assert pay(county, other, **typed) == entry
    assert account.balances.cash == to_yuan("2640")


def test_too_little_in_the_account_is_refused_naming_both_figures(county):
    account = working_money(county, "100")
    plaque = plaque_in(county, "approved")
    with pytest.raises(Refused, match=r"可用余额 100\.00 元，不足 180\.00 元"):
        pay(county, plaque)
    assert (fresh_plaque(plaque).commitment, account.balances.cash) == (None, 100)


def test_a_wrong_payment_is_reversed_and_made_anew(county, account):
    plaque = plaque_in(county, "hung")
    honours.reverse(county, plaque)
    assert fresh_plaque(plaque).main_verb == "pay"
    assert account.balances.available == account.balances.cash == 3000
    with pytest.raises(Refused, match="没有可以冲销的付款"):
        honours.reverse(county, plaque)
    pay(county, plaque)
    assert account.balances.cash == to_yuan("2820")
    assert list(differences()) == []


def test_in_a_final_state_nothing_is_reversed_until_the_approver_reopens(county, account):
    plaque = plaques.withdraw_plaque(
        plaque_in(county, "hung"), by=county.approver, opinion="单位撤并。"
    )
    with pytest.raises(Refused, match="重新办理"):
        honours.reverse(county, plaque)
    with pytest.raises(NotPermitted):
        plaques.reopen_plaque(plaque, by=county.cashier, opinion="记错。")
    plaque = plaques.reopen_plaque(plaque, by=county.approver, opinion="金额记错。")
    honours.reverse(county, plaque)
    pay(county, plaque)
    plaques.withdraw_plaque(plaque, by=county.approver, opinion="更正完毕。")
    assert list(differences()) == []


def test_what_is_paid_and_never_hung_is_not_simply_taken_back(county, account):
    plaque = plaque_in(county, "paid")
    with pytest.raises(Refused, match="先冲销付款"):
        plaques.withdraw_plaque(plaque, by=county.approver, opinion="不做了。")
    honours.reverse(county, plaque)
    plaque = plaques.withdraw_plaque(plaque, by=county.approver, opinion="不做了。")
    assert plaque.state == "withdrawn"
    assert propose_plaque(county).state == "proposed"
    with pytest.raises(Refused, match="正在办理"):
        plaques.reopen_plaque(plaque, by=county.approver, opinion="还是要做。")


def test_check_ledger_finds_a_plaque_that_differs_from_the_books(county, account):
    plaque = plaque_in(county, "hung")
    Plaque.objects.filter(pk=plaque.pk).update(cost=to_yuan("190"))
    name = f"铜牌 {plaque}"
    assert list(differences()) == [f"{name}：应付 190.00 元，账上付了 180.00 元。"]
    # Behind the state machine's back, as somebody with the database's password would.
    Plaque.objects.filter(pk=plaque.pk).update(**{"cost": COST, "state": "declined"})
    assert f"{name}：状态为“不予制作”，账上却付了 180.00 元。" in list(differences())


# --- Pages ------------------------------------------------------------------------------------------


def sign_in(client, person):
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def typed_proposal(unit, **changed):
    return {"pilot_unit": unit.pk, "text": "试点单位", "cost": "180", **MAKER} | changed


def test_from_the_form_to_the_list_through_the_browser(client, county, account):
    sign_in(client, county.reviewer)
    new = reverse("funds:propose_plaque")
    assert client.post(new, typed_proposal(county.unit, cost="")).status_code == 200
    assert not Plaque.objects.exists()
    done = client.post(new, typed_proposal(county.unit))
    plaque = Plaque.objects.get()
    assert done.url == reverse("funds:plaque", args=[plaque.pk])
    answer = client.post(new, typed_proposal(county.unit, maker_name="另一家"))
    assert "该单位另有一块铜牌正在办理" in answer.content.decode()
    assert "另一家" in answer.content.decode()
    page = client.get(reverse("funds:plaques"), {"state": "proposed", "q": "顺丰"})
    assert reverse("funds:plaque", args=[plaque.pk]) in page.content.decode()
    sign_in(client, county.approver)
    url = reverse("funds:act_on_plaque", args=[plaque.pk, "approve"])
    client.post(url, {"opinion": OPINION, "minutes_number": ""})
    sign_in(client, county.cashier)
    url = reverse("funds:act_on_plaque", args=[plaque.pk, "pay"])
    assert "县标牌厂，县农商银行，6210 7" in client.get(url).content.decode()
    client.post(url, honours.payment())
    sign_in(client, county.mentor)
    picture = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(picture, "JPEG")
    photo = SimpleUploadedFile("门口.jpg", picture.getvalue(), "image/jpeg")
    typed = {"made_on": clock.today(), "hung_on": clock.today(), "place": "门口", "photos": photo}
    client.post(reverse("funds:act_on_plaque", args=[plaque.pk, "hang"]), typed)
    assert fresh_plaque(plaque).state == "hung"
    page = client.get(reverse("funds:plaque", args=[plaque.pk])).content.decode()
    for words in ("180.00 元（已付）", "门口.jpg", "GZ-00003", "登记挂牌"):
        assert words in page


def test_the_county_the_unit_and_its_mentors_see_it_others_do_not(client, county, account):
    plaque = plaque_in(county, "hung")
    url = reverse("funds:plaque", args=[plaque.pk])
    for username in ("leader", "administrator", "member", "mentor", "former_mentor"):
        assert sign_in(client, county.people[username]).get(url).status_code == 200, username
    voucher = reverse("funds:voucher", args=[Entry.objects.get(kind="disburse").pk])
    for username in ("neighbour", "partner", "stranger"):
        assert sign_in(client, county.people[username]).get(url).status_code == 404, username
        assert client.get(voucher).status_code == 404, username
    assert sign_in(client, county.member).get(voucher).status_code == 200


def test_the_way_to_replace_it_is_shown_to_a_reviewer_who_may(client, county, account):
    plaque = plaque_in(county, "hung")
    page, renew = (
        reverse(f"funds:{name}", args=[plaque.pk]) for name in ("plaque", "renew_plaque")
    )
    assert renew in sign_in(client, county.reviewer).get(page).content.decode()
    assert renew not in sign_in(client, county.mentor).get(page).content.decode()
    assert client.post(renew, typed_proposal(county.unit)).status_code == 403
    sign_in(client, county.reviewer).post(renew, typed_proposal(county.unit))
    assert Plaque.objects.get(state="proposed").replaces == plaque
    assert renew not in client.get(page).content.decode()


def test_a_plaque_hangs_no_earlier_than_the_one_it_replaces(county, account):
    old = plaque_in(county, "hung")
    new = approve_plaque(county, propose_plaque(county, replaces=old))
    early = days_ago(9)
    with pytest.raises(Refused, match="不能早于原铜牌的挂牌日期"):
        hang(county, new, made_on=early, hung_on=early)


def test_who_decides_is_told_of_the_plaque_that_another_programme_hung_there(
    client, county, account
):
    plaque_in(county, "hung")
    again = PilotUnitFactory(
        programme=PilotProgrammeFactory(), organisation=county.unit.organisation
    )
    plaque = propose_plaque(county, again)
    page = reverse("funds:plaque", args=[plaque.pk])
    told = f"{county.programme}的“试点单位”铜牌还挂着（社门口）"
    assert told in sign_in(client, county.approver).get(page).content.decode()


def test_the_voucher_says_for_what_and_who_decided(client, county, account):
    plaque_in(county, "paid")
    voucher = reverse("funds:voucher", args=[Entry.objects.get(kind="disburse").pk])
    page = sign_in(client, county.leader).get(voucher).content.decode()
    for words in ("铜牌制作费付款凭单", "“试点单位”铜牌", "县标牌厂", "人民币壹佰捌拾元整"):
        assert words in page
    for person in (county.cashier, county.reviewer, county.approver):
        assert str(person) in page


def test_the_qr_code_is_a_picture_of_the_units_own_address(client, county, account):
    plaque = plaque_in(county, "approved")
    sign_in(client, county.member)
    picture = client.get(reverse("funds:plaque_qr", args=[plaque.pk]))
    assert picture["Content-Type"] == "image/svg+xml"
    assert ElementTree.fromstring(picture.content).tag == "{http://www.w3.org/2000/svg}svg"
    page = client.get(reverse("funds:print_plaque_qr", args=[plaque.pk])).content.decode()
    assert f"http://testserver/p/{county.unit.public_token}/" in page
    assert 'download="' in page
    assert county.unit.public_token != county.other_unit.public_token


# --- What waits -------------------------------------------------------------------------------------


def waiting(person):
    """The verbs on plaques that wait for the person."""
    return [item.verb for item in items_for(KINDS, person)]


def test_each_step_waits_for_those_who_may_take_it(county, account):
    plaque = plaque_in(county, "proposed")
    assert (waiting(county.approver), waiting(county.cashier)) == (["approve"], [])
    assert waiting(county.parent_member) == waiting(county.staff_member) == []
    approve_plaque(county, plaque)
    assert (waiting(county.approver), waiting(county.cashier)) == ([], ["pay"])
    pay(county, plaque)
    assert (waiting(county.cashier), waiting(county.mentor)) == ([], ["hang"])


def test_a_paid_plaque_not_hung_for_two_weeks_is_the_reviewers_reminder(county, account):
    with honours.days_before(14):
        working_money(county)
        plaque = approve_plaque(county, propose_plaque(county))
        pay(county, plaque)
    assert waiting(county.reviewer) == ["hang"]
    with honours.days_before(13):
        late = approve_plaque(county, propose_plaque(county, county.other_unit))
    pay(county, late)
    assert waiting(county.reviewer) == ["hang"]
    hang(county, plaque)
    assert waiting(county.reviewer) == []
