"""Races on a public page: a form sent many times is received once, and the limit holds at once too."""

import pytest

from reports.public.actions import open_page
from tests.people import County
from tests.test_concurrency import all_at_once
from units.actions import suggest_publicly
from units.models import PublicPosting, Suggestion, new_receipt

pytestmark = pytest.mark.django_db(transaction=True)
TOGETHER = 8


def test_one_form_sent_many_times_at_once_is_received_once_and_many_forms_three_times(
    transactional_db,
):
    county = County()
    unit = open_page(county.unit, by=county.approver)
    receipt = new_receipt()

    def send(number, code):
        return lambda: suggest_publicly(
            unit, address="192.0.2.7", kind="opinion", text=f"第{number}件事", receipt=code
        )

    received = all_at_once(*[send(0, receipt)] * TOGETHER)
    assert {suggestion.receipt for suggestion in received} == {receipt}
    all_at_once(*[send(number, new_receipt()) for number in range(1, TOGETHER)])
    assert Suggestion.objects.count() == PublicPosting.objects.count() == 3
