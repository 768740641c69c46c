"""本页帮助: every page leads to its part of the guide."""

import re

import pytest
from django.urls import reverse

from accounts.access import all_views
from reports.guide import guide_page
from reports.help_topics import HEADING_OF, TOPICS, anchor_for

HEADINGS = set(re.findall(r'<h[23] id="([^"]+)"', guide_page()["body"]))
# What is no page of its own: files, fragments, and addresses that only lead on or take a POST.
NO_PAGE = {
    "accounts:sign_out",
    "accounts:switch_off",
    "accounts:switch_on",
    "accounts:switch_digest",
    "accounts:lift_lockout",
    "awards:discard_nomination",
    "awards:evidence",
    "awards:reward_file",
    "funds:attachment",
    "funds:discard_application",
    "funds:dues_file",
    "funds:plaque_photo",
    "funds:plaque_qr",
    "mentors:document_version",
    "mentors:visit_photo",
    "pairings:agreement_file",
    "pairings:seminar_photo",
    "reports:briefing_word",
    "reports:confirm_import",
    "reports:frozen_briefing_word",
    "reports:import_template",
    "reports:next_waiting",
    "reports:programme_archive",
    "reports:public_qr",
    "reports:setup_own_duty",
    "reports:unit_archive",
    "units:unset_working_day",
}


def test_every_page_of_the_site_has_its_part_of_the_guide():
    pages = {name for _, name, view in all_views() if name and view.access != "public"}
    assert pages - NO_PAGE == set(HEADING_OF)
    assert set(TOPICS) <= HEADINGS


@pytest.mark.django_db
def test_a_page_links_to_its_part_of_the_guide(client, county):
    client.force_login(county.cashier)
    page = client.get(reverse("funds:accounts")).content.decode()
    assert anchor_for("funds:accounts") == "财务人员"
    assert f'href="{reverse("reports:help")}#财务人员"' in page
