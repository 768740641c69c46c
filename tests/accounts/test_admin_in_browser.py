"""Django's admin in a real browser: nothing that the security policy would have to refuse."""

import pytest
from django.contrib import admin
from django.urls import reverse

from accounts.models import Duty
from pilotwork.site import ReferenceAdmin
from tests.factories import PASSWORD, OrganisationFactory, UserFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]


def addresses():
    """The index, every list, every form for adding reference data and one for changing it."""
    yield reverse("admin:index")
    for model, guarded in admin.site._registry.items():
        prefix = f"admin:{model._meta.app_label}_{model._meta.model_name}_"
        yield reverse(prefix + "changelist")
        if isinstance(guarded, ReferenceAdmin):
            yield reverse(prefix + "add")
    yield reverse("admin:units_organisation_change", args=[OrganisationFactory().pk])


def test_the_admin_s_pages_keep_to_the_security_policy(page):
    UserFactory(username="guan", duties=[Duty.ADMINISTRATOR])
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto("/accounts/sign-in/?next=/admin/")
    page.get_by_label("登录名").fill("guan")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/admin/")
    for address in addresses():
        assert page.goto(address).status == 200
    assert said == []
