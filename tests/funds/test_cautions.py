"""What an application is warned of, or refused for, before it goes on: dates and what the fund has."""

import pytest
from django.urls import reverse

from funds.actions import applications
from funds.cautions import cautions_of
from funds.models import Application
from pilotwork.money import to_yuan
from pilotwork.refusals import Refused
from pilotwork.templatetags.pilotwork import cn_full_date
from tests.factories import LONG_AGO, days_ago
from tests.journeys import bring, draft, file_change, go_on
from tests.people import County

pytestmark = pytest.mark.django_db
ABOVE = "超过基金现有可用余额"


@pytest.fixture
def county():
    return County()


def page_of(client, person, application, name="application"):
    """The application's page as `person` reads it."""
    client.force_login(person)
    return client.get(reverse(f"funds:{name}", args=[application.pk])).content.decode()


def test_an_activity_from_before_the_pilot_is_not_handed_in(county):
    early = draft(county, starts_on=days_ago(LONG_AGO + 1))
    with pytest.raises(Refused, match="不能早于试点开始") as refusal:
        applications.submit(early, by=county.member)
    assert refusal.value.field == "starts_on"
    first_day = draft(county, starts_on=days_ago(LONG_AGO))
    assert applications.submit(first_day, by=county.member).state == "submitted"


def test_no_change_moves_an_activity_to_before_the_pilot(county):
    application = bring(county, "approved")
    with pytest.raises(Refused, match="不能早于试点开始") as refusal:
        file_change(county, application, starts_on=days_ago(LONG_AGO + 1))
    assert refusal.value.field == "starts_on"


def test_an_activity_that_ends_after_the_pilot_is_handed_in_with_a_warning(county, client):
    late = draft(county, ends_on=days_ago(-301))
    words = f"晚于试点结束的 {cn_full_date(days_ago(-300))}"
    assert words in page_of(client, county.member, late, "edit_application")
    late = applications.submit(late, by=county.member)
    for person in (county.member, county.reviewer, county.approver):
        assert words in page_of(client, person, late)


def test_a_change_to_after_the_pilot_is_filed_and_whoever_decides_is_warned(county, client):
    application = bring(county, "approved")
    words = f"晚于试点结束的 {cn_full_date(days_ago(-300))}"
    change = file_change(county, application, ends_on=days_ago(-301))
    for person in (county.member, county.reviewer, county.approver):
        client.force_login(person)
        page = client.get(reverse("funds:change", args=[change.pk])).content.decode()
        assert words in page


def test_a_closure_before_the_activity_is_over_is_filed_with_a_warning(county, client):
    application = bring(county, "paid")
    Application.objects.update(ends_on=days_ago(-5))
    words = "才结束，现在就结项"
    client.force_login(county.member)
    address = reverse("funds:act", args=[application.pk, "file_closure"])
    assert words in client.get(address).content.decode()
    filed = go_on(county, application, "file_closure")
    assert words in page_of(client, county.reviewer, filed)
    Application.objects.update(ends_on=days_ago(0))
    assert words not in page_of(client, county.reviewer, filed)


def test_a_request_above_the_balance_is_handed_in_and_whoever_decides_is_warned(county, client):
    above = draft(county, requested="10000.01")
    assert ABOVE in page_of(client, county.member, above, "edit_application")
    above = applications.submit(above, by=county.member)
    for person in (county.member, county.reviewer, county.approver):
        page = page_of(client, person, above)
        assert f"申请由基金承担 10,000.01 元，{ABOVE} 10,000.00 元" in page
    assert ABOVE not in page_of(client, county.approver, bring(county, "reviewed"))


def test_what_is_decided_is_warned_of_no_more(county):
    assert cautions_of(bring(county, "reviewed"), to_yuan("1")) != []
    assert cautions_of(bring(county, "approved"), to_yuan("1")) == []
