"""Where an archive is taken along, by whom, and what it costs."""

import tracemalloc

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from funds.models import ApplicationAttachment
from mentors.models import VisitPhoto
from pairings.actions.agreements import enter_agreement
from pairings.actions.seminars import enter_seminar
from pairings.models import SeminarPhoto
from pilotwork import clock
from tests.access_world import PDF, REQUESTED, AccessWorld
from tests.journeys import bring

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return AccessWorld()


def test_who_may_take_it_along_finds_the_button_where_the_unit_and_the_programme_are(world, client):
    unit_url = reverse("reports:unit_archive", args=[world.unit.pk])
    all_url = reverse("reports:archives")
    for person, sees_all in ((world.member, False), (world.leader, True)):
        client.force_login(person)
        page = client.get(reverse("reports:unit", args=[world.unit.pk])).content.decode()
        assert f'href="{unit_url}"' in page
        units = client.get(reverse("reports:units")).content.decode()
        assert (f'href="{all_url}"' in units) is sees_all
    address = reverse("reports:programme_archive", args=[world.programme.pk])
    assert f'href="{address}"' in client.get(all_url).content.decode()


def test_the_download_is_named_after_the_unit_and_kept_nowhere_on_the_way(world, client):
    client.force_login(world.member)
    response = client.get(reverse("reports:unit_archive", args=[world.unit.pk]))
    name = f"{world.branch.name}档案_{clock.today():%Y%m%d}.zip"
    assert response.filename == name
    assert response["Cache-Control"] == "private, no-store"
    b"".join(response.streaming_content)


@pytest.mark.long
def test_making_an_archive_writes_nothing_into_the_database_but_its_audit_event(world, client):
    assert bring(world, "closed")
    client.force_login(world.leader)
    for name, pk in (("unit_archive", world.unit.pk), ("programme_archive", world.programme.pk)):
        with CaptureQueriesContext(connection) as queries:
            b"".join(client.get(reverse(f"reports:{name}", args=[pk])).streaming_content)
        statements = [query["sql"].strip("(") for query in queries]
        # PostgreSQL reads long lists with a cursor; a test's transaction has the event's inside.
        reading = ("SELECT", "DECLARE", "SAVEPOINT", "RELEASE")
        (written,) = [sql for sql in statements if not sql.startswith(reading)]
        assert written.startswith('INSERT INTO "accounts_auditevent"')


@pytest.mark.long
def test_the_number_of_queries_does_not_grow_with_the_records(world, client):
    def queries_of(address):
        with CaptureQueriesContext(connection) as queries:
            b"".join(client.get(address).streaming_content)
        return len(queries)

    def work(number):
        bring(world, "closed", REQUESTED)
        ApplicationAttachment.keep(
            PDF, by=world.member, application=world.closed, purpose="proposal"
        )
        content = world.seminar_form() | {"title": f"座谈会 {number}"}
        seminar = enter_seminar(world.pairing, by=world.member, **content)
        SeminarPhoto.keep(PDF, by=world.member, seminar=seminar)
        content = world.agreement_form() | {"title": f"协议 {number}", "steps": "", "results": ""}
        enter_agreement(world.pairing, by=world.member, **content)
        VisitPhoto.keep(PDF, by=world.mentor, visit=world.visit)

    work(0)
    assert world.nomination
    client.force_login(world.leader)
    address = reverse("reports:unit_archive", args=[world.unit.pk])
    queries_of(address)  # what a process looks up only once
    with_one = queries_of(address)
    for number in range(1, 4):
        work(number)
    assert queries_of(address) == with_one


@pytest.mark.long
def test_large_attachments_do_not_fill_the_memory(world, client):
    size, number = 4 * 1024 * 1024, 8
    photos = [VisitPhoto.keep(PDF, by=world.mentor, visit=world.visit) for _ in range(number)]
    for photo in photos:
        photo.file.storage.delete(photo.file.name)
        photo.file.storage.save(photo.file.name, ContentFile(b"x" * size))
    client.force_login(world.leader)
    tracemalloc.start()
    try:
        response = client.get(reverse("reports:unit_archive", args=[world.unit.pk]))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert int(response["Content-Length"]) > size * number
    assert peak < size * number / 2
    b"".join(response.streaming_content)
