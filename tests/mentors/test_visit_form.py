"""Logging a visit on the phone: one line, one tap; what is typed is never lost."""

import gzip
import io
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from mentors.models import Coordination, Difficulty, Research, SignatureActivity, Visit, VisitPhoto
from pilotwork import clock
from tests.factories import MentorAssignmentFactory, PilotUnitFactory, UserFactory, days_ago
from tests.mentors.phone import client_of, form_url, log_visit, photo, typed

FIRST_LOAD = 100_000  # bytes, compressed


# --- Logging --------------------------------------------------------------------------------------


def test_one_line_and_one_tap_save_a_visit_of_today(county):
    response = client_of(county.mentor).post(form_url(county.unit), typed(county.mentor))
    visit = Visit.objects.get()
    assert response["Location"] == reverse("mentors:visit", args=[visit.pk])
    assert (visit.visited_on, visit.visitor, visit.progress) == (
        clock.today(),
        county.mentor,
        "报名 46 人。",
    )


def test_a_script_is_answered_with_the_visits_address_and_the_message_waits(county):
    client = client_of(county.mentor)
    response = client.post(
        form_url(county.unit), typed(county.mentor), headers={"X-Requested-With": "fetch"}
    )
    assert response.status_code == 201
    assert "走访已保存。" in client.get(response["Location"]).content.decode()


def test_every_ticked_line_creates_its_record(county):
    ticked = {
        "did": ["difficulty", "money", "activity", "research"],
        "difficulty": "协调厂区调班",
        "source": "镇政府",
        "amount": "1,200.50",
        "activity": "青工技能比武",
        "research": "团员流动情况",
    }
    client_of(county.mentor).post(form_url(county.unit), typed(county.mentor, **ticked))
    visit = Visit.objects.get()
    assert Difficulty.objects.get().visit == visit
    assert str(Coordination.objects.get().amount) == "1200.50"
    assert SignatureActivity.objects.get().name == "青工技能比武"
    assert Research.objects.get().summary == "团员流动情况"


def test_an_activity_known_already_is_named_and_linked_and_not_registered_twice(county):
    client, ticked = client_of(county.mentor), {"did": ["activity"], "activity": "青工技能比武"}
    link = f'href="{reverse("mentors:activities")}?unit={county.unit.pk}"'
    pages = []
    for _ in range(2):
        sent = typed(county.mentor, **ticked)
        pages.append(client.post(form_url(county.unit), sent, follow=True).content.decode())
    assert ["以前登记过" in page for page in pages] == [False, True]
    assert link in pages[1]
    assert SignatureActivity.objects.count() == 1


def test_a_line_whose_chip_was_unticked_again_does_not_count(county):
    left = {"difficulty": "写了又取消", "amount": "不是数"}
    client_of(county.mentor).post(form_url(county.unit), typed(county.mentor, **left))
    assert Visit.objects.count() == 1
    assert not Difficulty.objects.exists()


def test_sending_twice_saves_one_visit_and_one_of_each_record(county):
    client, sent = client_of(county.mentor), typed(county.mentor, did=["research"], research="调研")
    addresses = {client.post(form_url(county.unit), sent)["Location"] for _ in range(3)}
    assert len(addresses) == 1
    assert (Visit.objects.count(), Research.objects.count()) == (1, 1)


def test_an_error_keeps_everything_typed_and_stands_at_its_field(county):
    sent = typed(
        county.mentor,
        did=["money"],
        source="镇政府",
        amount="",
        problems="场地小",
        next_step="下周再看",
    )
    response = client_of(county.mentor).post(form_url(county.unit), sent)
    page = response.content.decode()
    assert response.status_code == 200
    assert not Visit.objects.exists()
    for kept in ("报名 46 人。", "镇政府", "场地小", "下周再看", sent["key"]):
        assert kept in page
    assert list(response.context["form"].errors) == ["amount"]
    assert re.search(r'<details class="visit-more" open>', page)


def test_a_broken_photo_is_refused_by_name_and_the_rest_is_kept(county):
    broken = SimpleUploadedFile("坏的.jpg", b"\xff\xd8\xff broken", "image/jpeg")
    response = client_of(county.mentor).post(
        form_url(county.unit), typed(county.mentor, photos=[photo(), broken])
    )
    page = response.content.decode()
    assert "坏的.jpg" in page
    assert "报名 46 人。" in page
    assert not Visit.objects.exists()


def test_a_document_is_no_photo(county):
    pdf = SimpleUploadedFile("方案.pdf", b"%PDF-1.4 ...", "application/pdf")
    response = client_of(county.mentor).post(
        form_url(county.unit), typed(county.mentor, photos=[pdf])
    )
    assert list(response.context["form"].errors) == ["photos"]


def test_a_photo_is_kept_without_its_place_at_most_2000_px(county):
    exif = Image.Exif()
    exif[0x010E] = "38.9,116.9"
    content = io.BytesIO()
    Image.new("RGB", (2400, 1200), "green").save(content, "JPEG", exif=exif)
    large = SimpleUploadedFile("大.jpg", content.getvalue(), "image/jpeg")
    client_of(county.mentor).post(form_url(county.unit), typed(county.mentor, photos=[large]))
    with VisitPhoto.objects.get().open_stored() as file, Image.open(file) as kept:
        assert max(kept.size) == 2000
        assert not kept.getexif()


def test_a_draft_kept_over_midnight_still_means_its_day(county):
    day = days_ago(2).isoformat()
    client_of(county.mentor).post(form_url(county.unit), typed(county.mentor, day=day))
    assert Visit.objects.get().visited_on == days_ago(2)


def test_another_day_is_chosen_and_marked_as_entered_later(county):
    chosen = typed(county.mentor, day="other", visited_on=days_ago(1).isoformat())
    client_of(county.mentor).post(form_url(county.unit), chosen)
    assert Visit.objects.get().is_backfilled


@pytest.mark.parametrize("chosen", ["", "2026-13-01", "future"])
def test_a_day_that_cannot_be_is_refused_at_the_date(county, chosen):
    chosen = days_ago(-1).isoformat() if chosen == "future" else chosen
    response = client_of(county.mentor).post(
        form_url(county.unit), typed(county.mentor, day="other", visited_on=chosen)
    )
    assert list(response.context["form"].errors) == ["visited_on"]


def test_a_draft_is_not_sent_in_another_persons_name(county):
    response = client_of(county.other_mentor).post(form_url(county.unit), typed(county.mentor))
    assert list(response.context["form"].errors) == ["writer"]
    assert not Visit.objects.exists()


def test_the_mentor_logs_for_a_colleague_who_stood_in(county):
    sent = typed(county.mentor, visitor=county.approver.pk)
    client_of(county.mentor).post(form_url(county.unit), sent)
    visit = Visit.objects.get()
    assert (visit.visitor, visit.recorded_by, visit.is_stand_in) == (
        county.approver,
        county.mentor,
        True,
    )


def test_a_mentor_of_another_unit_without_duty_stands_in_and_sees_what_he_logged(county):
    helper = UserFactory()
    MentorAssignmentFactory(pilot_unit=PilotUnitFactory(programme=county.programme), mentor=helper)
    client = client_of(helper)
    response = client.post(form_url(county.unit), typed(helper), follow=True)
    assert response.status_code == 200
    assert "代访" in response.content.decode()
    assert client.get(reverse("mentors:visits")).content.decode().count("看了") == 0


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("mentor", 200),
        ("other_mentor", 200),
        ("approver", 200),
        ("leader", 403),
        ("administrator", 403),
        ("member", 403),
        ("neighbour", 404),
        ("partner", 404),
        ("stranger", 404),
    ],
)
def test_who_may_open_the_form(county, who, status):
    assert client_of(county.people[who]).get(form_url(county.unit)).status_code == status


def test_who_guides_one_unit_is_one_tap_from_its_form(county):
    response = client_of(county.mentor).get(reverse("mentors:new_visit"))
    assert response["Location"] == form_url(county.unit)


def test_a_stand_in_finds_the_unit_by_name(county):
    page = client_of(county.approver).get(reverse("mentors:new_visit"), {"q": "王口"})
    assert page.content.decode().count("/visits/new/") == 1
    assert form_url(county.other_unit) in page.content.decode()


def test_the_card_says_whether_this_week_has_a_visit(county):
    client = client_of(county.mentor)
    before = client.get(form_url(county.unit)).context["card"]
    log_visit(county)
    after = client.get(form_url(county.unit)).context["card"]
    assert before["last"] is None
    assert (after["words"], after["last"]) == ("本周已走访", clock.today())


# --- The first load -------------------------------------------------------------------------------


def source_of(name):
    """The bytes of a static file."""
    return Path(finders.find(name)).read_bytes()


def assets_of(page):
    """Every static file that the page's HTML makes a browser load, with the modules' imports."""
    found, waiting = set(), set(re.findall(r'(?:src|href)="/static/([^"#?]+)', page))
    while waiting:
        name = waiting.pop()
        found.add(name)
        text, folder = source_of(name).decode(), name.rpartition("/")[0]
        if name.endswith(".js"):
            waiting |= {f"{folder}/{n}" for n in re.findall(r'from "\./([^"]+)"', text)} - found
        if name.endswith("forms.css"):
            waiting |= {f"{folder}/{n}" for n in re.findall(r'url\("([^":]+)"\)', text)} - found
    return found


def test_the_form_loads_in_at_most_100_kb(county):
    page = client_of(county.mentor).get(form_url(county.unit)).content
    assets = assets_of(page.decode())
    assert {"js/visit.js", "js/drafts.js", "css/visit.css", "icons.svg"} <= assets
    loaded = [page, *(source_of(name) for name in sorted(assets))]
    assert sum(len(gzip.compress(content)) for content in loaded) <= FIRST_LOAD


def test_what_is_no_photo_is_refused_in_the_words_of_the_field(county):
    page = SimpleUploadedFile("页面.html", b"<html>")
    sent = typed(county.mentor, photos=[page])
    answer = client_of(county.mentor).post(form_url(county.unit), sent)
    (said,) = answer.context["form"].errors["photos"]
    assert "只能上传 JPG、PNG 照片" in said
    assert "PDF" not in said
