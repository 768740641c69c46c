"""A visit read, corrected and confirmed; the list of visits."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mentors.models import Visit, VisitPhoto
from pilotwork import clock
from tests.factories import days_ago
from tests.mentors.phone import client_of, form_url, log_visit, photo, typed

# --- A visit, corrected, confirmed ----------------------------------------------------------------


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


# --- The ledger -----------------------------------------------------------------------------------


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


@pytest.mark.parametrize("list_of", ["mentors:visits", "funds:account"])
def test_days_in_the_wrong_order_are_said_beside_the_second(client, county, list_of):
    client.force_login(county.approver)
    arguments = [county.fund.pk] if list_of == "funds:account" else []
    turned = {"since": "2026-11-20", "until": "2026-11-01"}
    page = client.get(reverse(list_of, args=arguments), turned).content.decode()
    assert "结束日期不能早于开始日期。" in page
