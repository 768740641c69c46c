"""Django's admin: for administrators, reference data to keep, never a way round the rules."""

import pytest
from django.contrib import admin
from django.urls import reverse

from accounts.models import Duty, User
from funds.models import FundAccount
from pilotwork.site import ReadOnlyAdmin, ReferenceAdmin
from tests.accounts.conftest import browser
from tests.factories import UserFactory, days_ago
from units.models import PilotProgramme, PilotUnit

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("admin")]
REFERENCE = {"fundaccount", "organisation", "pilotprogramme", "pilotunit"}
ADMINS = admin.site._registry


def page(model, kind, *args):
    meta = model._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{kind}", args=args)


def test_only_guarded_models_are_registered_and_only_reference_data_is_writable():
    assert all(isinstance(guarded, ReadOnlyAdmin) for guarded in ADMINS.values())
    writable = {m._meta.model_name for m, a in ADMINS.items() if isinstance(a, ReferenceAdmin)}
    assert writable == REFERENCE


@pytest.mark.parametrize("duty", [d for d in Duty if d != Duty.ADMINISTRATOR])
def test_nobody_but_administrators_comes_in(duty):
    client = browser(UserFactory(duties=[duty]))
    assert client.get("/admin/", follow=True).status_code == 403


@pytest.mark.long
@pytest.mark.parametrize("is_superuser", [False, True], ids=["administrator", "superuser"])
def test_rows_are_read_and_neither_added_changed_nor_deleted(story, is_superuser):
    duties = [Duty.ADMINISTRATOR]
    client = browser(UserFactory(duties=duties, is_superuser=is_superuser))
    for model, guarded in ADMINS.items():
        is_reference = isinstance(guarded, ReferenceAdmin)
        assert client.get(page(model, "changelist"), {"q": "团"}).status_code == 200
        assert client.get(page(model, "add")).status_code == (200 if is_reference else 403)
        row = guarded.get_queryset(_request(client)).first()
        if row is None:
            continue
        change = page(model, "change", row.pk)
        assert client.get(change).status_code == 200
        assert client.post(change, {}).status_code == (200 if is_reference else 403)
        assert client.post(page(model, "delete", row.pk), {"post": "yes"}).status_code == 403
        assert model._default_manager.filter(pk=row.pk).exists()


def _request(client):
    return client.get("/admin/").wsgi_request


def test_no_bulk_action_is_offered(story):
    client = browser(story.people["admin"])
    request = _request(client)
    assert all(guarded.get_actions(request) == {} for guarded in ADMINS.values())


def test_a_unit_s_draft_is_nobody_elses_business(story):
    client = browser(story.people["admin"])
    names = client.get(reverse("admin:funds_application_changelist")).content.decode()
    assert "校园法治微课堂" in names
    assert "青工技能比武" not in names


def test_the_verbs_a_person_may_use_now_are_buttons_to_their_pages(story):
    both = story.people["secretary"]
    both.duty_grants.create(duty=Duty.ADMINISTRATOR, starts_on=days_ago(1))
    application = story.units["大邱庄镇"].applications.get()
    answer = browser(both).get(page(type(application), "change", application.pk))
    permitted = application.verbs_for(both)
    assert {"approve", "reject"} <= set(permitted)
    shown = answer.context["adminform"].readonly_fields
    assert list(shown[:4]) == ["number", "state", "approved_amount", "submitted_at"]
    assert application.get_state_display() in answer.content.decode()
    links = [url for _, url in answer.context["buttons"]]
    assert links[1:] == [reverse("funds:act", args=[application.pk, v]) for v in permitted]
    assert f'href="{links[1]}"' in answer.content.decode()
    only_admin = browser(story.people["admin"]).get(
        page(type(application), "change", application.pk)
    )
    assert [label for label, _ in only_admin.context["buttons"]] == ["打开事项页面"]


def test_a_new_programme_opens_its_own_fund(administrator):
    client = browser(administrator)
    for number, code in [(1, "JJ2027"), (2, "JJ2027-2")]:
        fields = {
            "name": f"2027年试点{number}",
            "year": 2027,
            "starts_on": "2027-01-01",
            "ends_on": "2027-12-31",
            "closure_grace_days": 30,
            "min_working_days": 3,
            "backdating_days": 14,
            "dues_share": 25,
            "reward_amount": "500",
            "extra_unit_places": 1,
            "extra_youth_places": 1,
            "notice_days": 5,
        }
        client.post(reverse("admin:units_pilotprogramme_add"), fields)
        programme = PilotProgramme.objects.get(name=fields["name"])
        assert FundAccount.objects.get(programme=programme).code == code


def test_a_unit_stays_in_its_programme(story):
    client = browser(story.people["admin"])
    unit = story.units["王口镇"]
    other = PilotProgramme.objects.create(
        name="另一次", year=2027, starts_on=days_ago(0), ends_on=days_ago(-9)
    )
    fields = {
        "programme": other.pk,
        "organisation": unit.organisation_id,
        "level": "national",
        "joined_on": unit.joined_on.isoformat(),
        "state": "active",
    }
    client.post(page(PilotUnit, "change", unit.pk), fields)
    unit.refresh_from_db()
    assert (unit.level, unit.programme_id) == ("national", story.programme.pk)


def test_the_code_of_an_account_is_fixed_once_money_has_moved(story):
    client = browser(story.people["admin"])
    change = page(FundAccount, "change", story.fund.pk)
    client.post(change, {"name": "新名称", "code": "XX", "kind": "dues"})
    story.fund.refresh_from_db()
    assert (story.fund.name, story.fund.code[:2], story.fund.kind) == ("新名称", "JJ", "pilot_fund")


def test_a_superuser_without_a_duty_sees_people_and_reference_data_and_nobodys_matters(story):
    client = browser(User.objects.create_superuser("root", "x" * 12))
    request = _request(client)
    seen = {m._meta.model_name for m, a in ADMINS.items() if a.get_queryset(request).exists()}
    by_duty = _request(browser(story.people["admin"]))
    assert seen == REFERENCE | {"user", "dutygrant", "membership"}
    assert {"commitment", "entry", "transitionlog"} <= {
        m._meta.model_name for m, a in ADMINS.items() if a.get_queryset(by_duty).exists()
    }


@pytest.mark.parametrize(
    "asked",
    [
        {"name__regex": "("},
        {"id__in": "1," + "9" * 20},
        {"parent__id__exact": "9" * 19},
        {"memberships__user__password__startswith": "m"},
        {"level__contains": "c"},
    ],
)
def test_a_list_is_asked_only_what_its_filters_ask(story, asked):
    client = browser(story.people["admin"])
    answer = client.get(reverse("admin:units_organisation_changelist"), asked)
    assert answer.status_code == 400
    assert "这次提交无法识别" in answer.content.decode()


def test_what_the_database_would_refuse_is_said_on_the_form(story):
    client = browser(story.people["admin"])
    fields = {"kind": "dues", "name": "第二个", "code": "TF2"}
    answer = client.post(page(FundAccount, "add"), fields)
    assert "同样的一项已经有了" in answer.content.decode()
    assert not FundAccount.objects.filter(name="第二个").exists()


def test_a_superuser_without_the_duty_sets_up_the_first_administrator(db):
    root = User.objects.create_superuser("root", "x" * 12)
    client = browser(root)
    assert client.get("/admin/").status_code == 200
    fields = {"duty": "administrator", "starts_on": days_ago(0)}
    client.post(reverse("accounts:grant_duty", args=[root.pk]), fields)
    assert User.objects.get(pk=root.pk).duties == {Duty.ADMINISTRATOR}
