"""A small sample of the siege for the fast suite: the forms that ask nobody to sign in."""

import urllib.parse

import pytest

from tests.fuzz.asking import RAW
from tests.fuzz.hostile import TEXTS

pytestmark = [pytest.mark.django_db, pytest.mark.long]


def test_whoever_signs_in_may_type_anything(client):
    for number, text in enumerate(TEXTS[::3]):
        asked = urllib.parse.urlencode({"next": text[:400]})
        answer = client.post(
            f"/accounts/sign-in/?{asked}",
            {"username": f"{number}{text}", "password": text, "next": text},
        )
        assert answer.status_code == 200, ascii(text[:80])
        assert not RAW.search(answer.content), ascii(text[:80])


def test_whoever_registers_may_type_anything(client):
    for number, text in enumerate(TEXTS[::3]):
        answer = client.post("/accounts/register/", {"username": f"{number}{text}", "code": text})
        assert answer.status_code == 200, ascii(text[:80])
        assert not RAW.search(answer.content), ascii(text[:80])
