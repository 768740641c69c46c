"""Uploads in a bucket that speaks S3: the same pages, the same refusals, and no address of their own."""

import io
import urllib.error
import urllib.request
import zipfile
from uuid import uuid4

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from PIL import Image

from funds.models import ApplicationAttachment
from mentors.models import VisitPhoto
from pilotwork import clock
from pilotwork.files import PrivateStorage
from tests.access_world import AccessWorld
from tests.buckets import s3_service, storage_of

COMPLETE = {
    "MEDIA_STORAGE": "s3",
    "S3_BUCKET": "uploads",
    "S3_ENDPOINT": "https://s3.example.org",
    "S3_ACCESS_KEY": "key",
    "S3_SECRET_KEY": "secret",
}


def without(name):
    return {key: value for key, value in COMPLETE.items() if key != name}


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        (without("S3_BUCKET"), "S3_BUCKET must be set"),
        (without("S3_ACCESS_KEY"), "S3_ACCESS_KEY must be set"),
        (without("S3_SECRET_KEY"), "S3_SECRET_KEY must be set"),
        (without("S3_ENDPOINT"), "S3_ENDPOINT or S3_REGION must be set"),
        (without("MEDIA_STORAGE"), "needs MEDIA_STORAGE=s3"),
        (COMPLETE | {"MEDIA_STORAGE": "S3"}, "must be folder or s3"),
        (COMPLETE | {"S3_ADDRESSING": "both"}, "must be one of auto, path, virtual"),
    ],
)
def test_half_a_configuration_is_refused(variables, words):
    with pytest.raises(ImproperlyConfigured, match=words):
        storage_of(variables)


def test_a_folder_is_what_nobody_has_to_ask_for():
    assert storage_of({}) == {"BACKEND": "pilotwork.files.PrivateStorage"}
    assert isinstance(storages["default"], PrivateStorage)


@pytest.fixture(scope="module")
def service():
    """An S3 service for the module."""
    with s3_service() as service:
        yield service


@pytest.fixture
def bucket(service, settings):
    """A bucket, as (client, its name), in which the uploads of the test lie."""
    variables = service.new_bucket()
    settings.STORAGES = {**settings.STORAGES, "default": storage_of(variables)}
    return service.client(), variables["S3_BUCKET"]


def keys_in(bucket):
    client, name = bucket
    return [item["Key"] for item in client.list_objects_v2(Bucket=name).get("Contents", [])]


def signed_in(person):
    client = Client()
    client.force_login(person)
    return client


def photo(size=(2400, 1200)):
    """A picture that says where it was taken."""
    exif = Image.Exif()
    exif[0x010E] = "38.9,116.9"
    content = io.BytesIO()
    Image.new("RGB", size, "green").save(content, "JPEG", exif=exif)
    return SimpleUploadedFile("走访.jpg", content.getvalue(), "image/jpeg")


@pytest.mark.long
@pytest.mark.django_db
def test_a_photo_goes_into_the_bucket_drawn_anew_and_comes_back_to_who_may_see_it(bucket):
    world = AccessWorld()
    typed = {"mode": "on_site", "day": clock.today().isoformat(), "progress": "看了林地。"}
    typed |= {"key": uuid4(), "writer": world.mentor.pk, "photos": [photo()]}
    answer = signed_in(world.mentor).post(
        reverse("mentors:record_visit", args=[world.unit.pk]), typed
    )
    assert answer.status_code == 302
    kept = VisitPhoto.objects.get()
    assert keys_in(bucket) == [kept.file.name]
    assert kept.is_intact
    address = reverse("mentors:visit_photo", args=[kept.pk])
    answer = signed_in(world.mentor).get(address)
    content = b"".join(answer.streaming_content)
    assert (answer.status_code, len(content)) == (200, kept.size)
    assert int(answer["Content-Length"]) == kept.size
    with Image.open(io.BytesIO(content)) as shown:
        assert max(shown.size) == 2000
        assert not shown.getexif()
    assert signed_in(world.stranger).get(address).status_code == 404


@pytest.mark.long
@pytest.mark.django_db
def test_an_object_has_no_public_address(bucket):
    kept = AccessWorld().proposal_file
    with pytest.raises(ValueError, match="no address"):
        _ = kept.file.url
    client, name = bucket
    acl = client.get_object_acl(Bucket=name, Key=kept.file.name)
    assert [(g["Permission"], "URI" in g["Grantee"]) for g in acl["Grants"]] == [
        ("FULL_CONTROL", False)
    ]
    address = f"{client.meta.endpoint_url}/{name}/{kept.file.name}"
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(address)


@pytest.mark.long
@pytest.mark.django_db
def test_an_archive_takes_its_attachments_from_the_bucket(bucket):
    world = AccessWorld()
    kept = world.proposal_file
    answer = signed_in(world.approver).get(reverse("reports:unit_archive", args=[world.unit.pk]))
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        found = [archive.read(name) for name in archive.namelist() if name.endswith(kept.name)]
    assert found == [b"%PDF-1.7"]


@pytest.mark.long
@pytest.mark.django_db
def test_an_object_that_is_lost_or_replaced_is_noticed(bucket):
    kept = AccessWorld().proposal_file
    client, name = bucket
    client.put_object(Bucket=name, Key=kept.file.name, Body=b"%PDF-1.8")
    assert not kept.is_intact
    client.delete_object(Bucket=name, Key=kept.file.name)
    assert not kept.is_intact
    person = signed_in(kept.uploaded_by)
    assert person.get(reverse("funds:attachment", args=[kept.pk])).status_code == 404


@pytest.mark.long
@pytest.mark.django_db
def test_an_upload_that_the_service_does_not_take_is_not_half_kept(bucket):
    world = AccessWorld()
    application = world.proposal_file.application
    client, name = bucket
    client.delete_object(Bucket=name, Key=keys_in(bucket)[0])
    client.delete_bucket(Bucket=name)
    number = ApplicationAttachment.objects.count()
    with pytest.raises(OSError, match="did not answer as it must"), transaction.atomic():
        world._file(application)
    assert ApplicationAttachment.objects.count() == number
