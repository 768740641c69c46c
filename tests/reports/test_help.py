"""本页帮助: every page leads to its part of the guide."""

import os
import re
import subprocess
import sys

import pytest
from django.conf import settings
from django.urls import reverse
from PIL import Image

from accounts.access import all_views
from reports.guide import guide_page
from reports.guide_pictures import PICTURES, path_of
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
    "reports:help_picture",
    "reports:import_template",
    "reports:next_waiting",
    "reports:programme_archive",
    "reports:public_qr",
    "reports:setup_own_duty",
    "reports:show_programme",
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


def test_the_guide_shows_every_picture_that_is_made_and_no_other():
    source = (settings.BASE_DIR / "docs" / "guide.zh.md").read_text(encoding="utf-8")
    named = re.findall(r"!\[(.+)\]\(guide-pictures/([a-z-]+)\.webp\)", source)
    assert sorted(name for _, name in named) == sorted(PICTURES)
    assert source.count("![") == len(named)


def test_a_picture_is_shown_with_its_words_once_it_is_there():
    assert "<img" not in guide_page()["body"]
    body = guide_page(frozenset(["people"]))["body"]
    address = reverse("reports:help_picture", args=["people"])
    assert f'<img src="{address}" alt="账户与岗位" loading="lazy">' in body
    assert body.count("<img") == 1


@pytest.mark.django_db
def test_pictures_are_for_people_who_are_signed_in(client, county, settings, tmp_path):
    settings.GUIDE_PICTURES = tmp_path
    Image.new("RGB", (4, 4)).save(path_of("people"), "WEBP")
    address = reverse("reports:help_picture", args=["people"])
    assert client.get(address).status_code == 302
    client.force_login(county.member)
    assert client.get(address)["Content-Type"] == "image/webp"
    assert client.get(reverse("reports:help_picture", args=["coverage"])).status_code == 404


@pytest.mark.long
@pytest.mark.browser
@pytest.mark.xdist_group("guide")  # it takes long: not at the end, with the other process idle
def test_one_command_takes_every_picture_of_the_guide(tmp_path):
    command = [sys.executable, "manage.py", "guide_pictures", "--into", str(tmp_path)]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "pilotwork.settings"}
    environment.pop("DATABASE_URL", None)
    done = subprocess.run(
        command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert {path.stem for path in tmp_path.iterdir()} == set(PICTURES)
    for path in tmp_path.iterdir():
        with Image.open(path) as picture:
            assert picture.width == PICTURES[path.stem].width
        assert 4_000 < path.stat().st_size < 150_000, path.name
