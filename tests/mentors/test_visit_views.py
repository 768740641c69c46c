"""The pages of visits: the phone's form, correcting, the ledger, a visit, photos, paper."""

import gzip
import io
import re
import uuid
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from mentors.actions.visits import record_visit
from mentors.models import Coordination, Difficulty, Research, SignatureActivity, Visit, VisitPhoto
from pilotwork import clock
from tests.factories import MentorAssignmentFactory, PilotUnitFactory, UserFactory, days_ago

BACKEND = "django.contrib.auth.backends.ModelBackend"
FIRST_LOAD = 100_000  # bytes, compressed


def client_of(person):
    """A client in which the person is signed in."""
    client = Client()
    client.force_login(person, backend=BACKEND)
    return client


def photo(name="林地.jpg", side=40):
    """A picture as a browser uploads it."""
    content = io.BytesIO()
    Image.new("RGB", (side, side), "green").save(content, "JPEG")
    return SimpleUploadedFile(name, content.getvalue(), "image/jpeg")


def typed(person, **changes):
    """What the form sends for a visit of today."""
    return {
        "key": str(uuid.uuid4()),
        "writer": str(person.pk),
        "day": clock.today().isoformat(),
        "mode": "on_site",
        "progress": "报名 46 人。",
        **changes,
    }


def form_url(unit):
    return reverse("mentors:record_visit", args=[unit.pk])


def log_visit(county, by=None, unit=None, on=None, **values):
    """A visit logged through the verb, today by the unit's mentor unless said otherwise."""
    return record_visit(
        unit or county.unit,
        by=by or county.mentor,
        key=uuid.uuid4(),
        visited_on=on or clock.today(),
        **{"progress": "看了林地。", **values},
    )


# --- Logging ----------------------------------------------------------------------------------


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


# --- The first load ---------------------------------------------------------------------------


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


# --- A visit, corrected, confirmed -------------------------------------------------------------


def test_the_page_says_what_was_seen_and_what_it_led_to(county):
    sent = typed(county.mentor, did=["difficulty"], difficulty="协调厂区调班")
    page = client_of(county.mentor).post(form_url(county.unit), sent, follow=True).content.decode()
    for words in ("报名 46 人。", "协调厂区调班（待单位确认）", "走访已保存。", "更正"):
        assert words in page


def test_a_correction_keeps_what_was_said_before_and_who_changed_it(county):
    visit = log_visit(county)
    client = client_of(county.mentor)
    sent = {"day": clock.today().isoformat(), "mode": "on_site", "progress": "看了苗圃。"}
    page = client.post(
        reverse("mentors:correct_visit", args=[visit.pk]), sent, follow=True
    ).content.decode()
    assert re.search(r"<del[^>]*>看了林地。</del> 改为 <ins[^>]*>看了苗圃。</ins>", page)
    assert str(county.mentor) in page


def test_a_correction_takes_photos_off_and_adds_others(county):
    client = client_of(county.mentor)
    client.post(form_url(county.unit), typed(county.mentor, photos=[photo("旧.jpg")]))
    visit, old = Visit.objects.get(), VisitPhoto.objects.get()
    sent = {
        "day": clock.today().isoformat(),
        "mode": "on_site",
        "progress": "报名 46 人。",
        "removed_photos": [old.pk],
        "photos": [photo("新.jpg")],
    }
    client.post(reverse("mentors:correct_visit", args=[visit.pk]), sent)
    assert [p.name for p in visit.photos.filter(removed_at=None)] == ["新.jpg"]
    assert client.get(reverse("mentors:visit_photo", args=[old.pk])).status_code == 404


@pytest.mark.parametrize(
    ("who", "status"),
    [("mentor", 200), ("former_mentor", 403), ("reviewer", 403), ("member", 403), ("partner", 404)],
)
def test_who_may_correct(county, who, status):
    url = reverse("mentors:correct_visit", args=[log_visit(county).pk])
    assert client_of(county.people[who]).get(url).status_code == status


def test_a_late_visit_is_confirmed_by_the_reviewer_on_its_page(county):
    visit = log_visit(county, on=days_ago(15), by=county.mentor)
    client = client_of(county.reviewer)
    url = reverse("mentors:visit", args=[visit.pk])
    assert "待确认" in client.get(url).content.decode()
    client.post(reverse("mentors:act_on_visit", args=[visit.pk, "confirm"]), {"opinion": ""})
    assert Visit.objects.get().counts


def test_the_mentor_reads_why_he_does_not_confirm_his_own(county):
    visit = log_visit(county, on=days_ago(15), by=county.mentor)
    page = client_of(county.mentor).get(reverse("mentors:visit", args=[visit.pk]))
    assert "您不能办理“确认补录”" in page.content.decode()
    posted = client_of(county.mentor).post(
        reverse("mentors:act_on_visit", args=[visit.pk, "confirm"]), {"opinion": ""}
    )
    assert posted.status_code == 403


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("mentor", 200),
        ("former_mentor", 200),
        ("member", 200),
        ("leader", 200),
        ("neighbour", 404),
        ("partner", 404),
        ("stranger", 404),
    ],
)
def test_who_sees_a_visit_sees_its_photos_and_prints_it(county, who, status):
    client_of(county.mentor).post(form_url(county.unit), typed(county.mentor, photos=[photo()]))
    visit, kept = Visit.objects.get(), VisitPhoto.objects.get()
    client = client_of(county.people[who])
    urls = [
        reverse("mentors:visit", args=[visit.pk]),
        reverse("mentors:visit_photo", args=[kept.pk]),
        reverse("mentors:print_visit", args=[visit.pk]),
    ]
    assert [client.get(url).status_code for url in urls] == [status] * 3


# --- The ledger -------------------------------------------------------------------------------


@pytest.fixture
def ledger(county):
    """Visits of two units: today's on site, yesterday's by telephone, a stand-in, a late one."""
    log_visit(county, progress="今天实地")
    log_visit(county, progress="昨天电话", on=days_ago(1), mode="remote")
    log_visit(county, progress="代访一次", by=county.approver)
    log_visit(
        county,
        progress="补录待确认",
        on=days_ago(15),
        unit=county.other_unit,
        by=county.other_mentor,
    )
    return county


@pytest.mark.parametrize(
    ("filter", "expected"),
    [
        ({}, {"今天实地", "昨天电话", "代访一次", "补录待确认"}),
        ({"q": "王口"}, {"补录待确认"}),
        ({"mode": "remote"}, {"昨天电话"}),
        ({"mark": "stand_in"}, {"代访一次"}),
        ({"mark": "late"}, {"补录待确认"}),
        ({"mark": "backfilled"}, {"昨天电话", "补录待确认"}),
        ({"until": days_ago(2).isoformat()}, {"补录待确认"}),
        ({"since": days_ago(1).isoformat(), "mode": "on_site"}, {"今天实地", "代访一次"}),
        ({"mark": "declined"}, set()),
    ],
)
def test_the_ledger_is_narrowed_by_its_address_on_screen_and_on_paper(ledger, filter, expected):
    client = client_of(ledger.leader)
    for name in ("mentors:visits", "mentors:print_visits"):
        page = client.get(reverse(name), filter).content.decode()
        everything = ("今天实地", "昨天电话", "代访一次", "补录待确认")
        assert {words for words in everything if f">{words}" in page} == expected


def test_a_link_narrows_the_ledger_to_one_unit_and_says_so(ledger):
    page = client_of(ledger.leader).get(reverse("mentors:visits"), {"unit": ledger.other_unit.pk})
    assert "看全部单位" in page.content.decode()
    assert [row.record.pilot_unit for row in page.context["table"].page] == [ledger.other_unit]


def test_an_empty_ledger_says_what_to_do_next(county):
    page = client_of(county.mentor).get(reverse("mentors:visits")).content.decode()
    assert "没有走访记录" in page
    assert page.count(reverse("mentors:new_visit")) >= 2


def test_the_ledger_takes_as_many_queries_with_thirty_visits_as_with_one(county):
    client, url = client_of(county.mentor), reverse("mentors:visits")
    log_visit(county)
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for _ in range(29):
        log_visit(county, besides=None)
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    assert len(few) == len(many) <= 12


def test_logging_and_reading_take_few_queries(county):
    visit = log_visit(county)
    client = client_of(county.mentor)
    for url in (form_url(county.unit), reverse("mentors:visit", args=[visit.pk])):
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        assert len(queries) <= 12, url
