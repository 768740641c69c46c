"""Two machines send the day's digests in the same instant: each message goes out once."""

import pytest
from django.core import mail

from accounts.models import User
from reports.digest.channels import Group
from reports.digest.sending import send_digests
from reports.models import Digest
from tests.journeys import bring
from tests.people import County
from tests.reports.servers import robot
from tests.test_concurrency import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def county(transactional_db):
    return County()


def test_two_runs_at_once_tell_each_person_and_each_group_once(county, race_rounds, settings):
    settings.SITE_URL, settings.DEFAULT_FROM_EMAIL = "https://site.example", "site@county.example"
    bring(county, "reviewed")
    bring(county, "submitted")
    working = [county.approver, county.second_approver, county.reviewer]
    User.objects.exclude(pk__in=[person.pk for person in working]).update(is_active=False)
    for person in working:
        person.email = f"{person.username}@county.example"
        person.save(update_fields=["email"])
    with robot() as server:
        for _ in range(race_rounds):
            runs = [
                lambda: send_digests(by_mail=True, groups=[Group(server.address())])
                for _ in range(4)
            ]
            outcomes = all_at_once(*runs)
            assert sum(outcome.mails for outcome in outcomes) == len(mail.outbox) == 3
            assert sum(outcome.groups for outcome in outcomes) == len(server.posted) == 1
            assert Digest.objects.exclude(sent_at=None).count() == 4
            Digest.objects.all().delete()
            mail.outbox.clear()
            server.posted.clear()
