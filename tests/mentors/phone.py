"""A mentor with the form of visits: signed in, with something typed and a photo."""

import io
import uuid

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from mentors.actions.besides import Besides
from mentors.actions.visits import record_visit
from pilotwork import clock
from pilotwork.money import to_yuan

BACKEND = "django.contrib.auth.backends.ModelBackend"
# What else can happen on a visit, all of it.
EVERYTHING = Besides(
    difficulty="缺苗木",
    source="县总工会",
    amount=to_yuan("300"),
    activity="林下课堂",
    research="走访了 12 户",
)


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
