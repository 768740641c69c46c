"""What must hold for every address at once: CSRF, sessions, hosts, caches, files (DESIGN, Access)."""

import datetime as dt
import io
import uuid
import zlib
from struct import pack

import pytest
import time_machine
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.access import all_views
from funds.models import Application, ApplicationAttachment
from pilotwork import clock
from pilotwork.files import MAX_BYTES, MAX_FILES
from tests.access_world import KINDS, AccessWorld
from tests.factories import PASSWORD
from tests.journeys import content_of
from tests.pages.found import ARCHIVES
from tests.pages.test_pages import unsafe_headers_of

pytestmark = pytest.mark.django_db
ARGUMENTS = {"pk": 1, "verb": "approve", "number": 1, "kind": "plan", "token": uuid.UUID(int=1)}
ARGUMENTS |= {"code": "7KQM4XPA9TRE", "document": "report", "key": "units"}
ARGUMENTS |= {"change": "funds-application-1", "name": "workbench"}
ROUTES = sorted((name, route) for route, name, _ in all_views() if name)
NEW = "/funds/applications/new/"


def any_address(name, route):
    """The address `name` with any values in it."""
    return reverse(name, kwargs={key: ARGUMENTS[key] for key in ARGUMENTS if f":{key}>" in route})


def browser(user=None, **options):
    """A browser, signed in as `user` if one is given."""
    client = Client(**options)
    if user:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


# --- Forms ----------------------------------------------------------------------------------


def test_nothing_is_posted_anywhere_without_the_token_of_a_page(county):
    client = browser(county.allrounder, enforce_csrf_checks=True)
    for name, route in ROUTES:
        answer = client.post(any_address(name, route), {"opinion": "意见。"})
        if name == "public_suggest":
            # A visitor is not told of the workbench, nor whether there is such a page.
            assert answer.status_code == 404
            continue
        assert answer.status_code == 403, name
        assert "403_csrf.html" in [template.name for template in answer.templates], name


@pytest.mark.long
def test_only_the_methods_of_a_browser_are_answered(county):
    for name, route in ROUTES:
        # Who is signed in has no business at the sign-in page and is led away from it.
        client = browser(None if name == "accounts:sign_in" else county.allrounder)
        for method in ("put", "patch", "delete"):
            answer = getattr(client, method)(any_address(name, route))
            assert answer.status_code in {403, 404, 405}, f"{method} {name}"


# --- Sessions -------------------------------------------------------------------------------


def test_a_session_ends_after_the_working_day_even_while_it_is_open(county):
    client = Client()
    client.post("/accounts/sign-in/", {"username": "approver", "password": PASSWORD})
    assert client.get("/").status_code == 200
    with time_machine.travel(clock.now() + dt.timedelta(hours=8, minutes=1)):
        assert client.get("/").url == "/accounts/sign-in/?next=/"


def test_the_session_cookie_is_kept_from_scripts_and_other_sites(county):
    client = Client()
    answer = client.post("/accounts/sign-in/", {"username": "approver", "password": PASSWORD})
    cookie = answer.cookies[settings.SESSION_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", "")


def test_signing_in_gives_a_new_session_so_that_none_can_be_planted(county):
    client = Client()
    client.get("/accounts/sign-in/")
    client.cookies[settings.SESSION_COOKIE_NAME] = "planted0planted0planted0planted0"
    client.post("/accounts/sign-in/", {"username": "approver", "password": PASSWORD})
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != "planted0planted0planted0planted0"


def test_an_unknown_name_and_a_wrong_password_are_answered_alike(county):
    answers = []
    for username in ("approver", "nobody-of-this-name"):
        answer = Client().post("/accounts/sign-in/", {"username": username, "password": "wrong"})
        answers.append((answer.status_code, answer.context["form"].errors.as_text()))
    assert answers[0] == answers[1]
    assert "登录名或密码不正确" in answers[0][1]


def test_a_lock_out_of_one_name_keeps_nobody_else_out(county):
    client = Client()
    for _ in range(5):
        answer = client.post("/accounts/sign-in/", {"username": "approver", "password": "wrong"})
    assert answer.status_code == 429
    signed_in = Client().post("/accounts/sign-in/", {"username": "cashier", "password": PASSWORD})
    assert signed_in.status_code == 302


@pytest.mark.parametrize("kind", ["A", "D", "U", "P"])
def test_who_must_change_a_password_opens_nothing_else(county, kind):
    user = getattr(county, KINDS[kind])
    user.must_change_password = True
    user.save(update_fields=["must_change_password"])
    client = browser(user)
    may_open = {"accounts:change_password", "accounts:enter_code", "accounts:sign_out"}
    for name, route in ROUTES:
        answer = client.get(any_address(name, route))
        if name not in may_open:
            assert (answer.status_code, answer.get("Location")) == (302, "/accounts/password/"), (
                name
            )
    assert client.get("/admin/").url == "/accounts/password/"


@pytest.mark.parametrize(
    ("password", "said"),
    [("short7x", "10"), ("1234567890123", "数字"), ("password123", "常见"), ("approver12", "相似")],
)
def test_a_weak_password_is_refused_in_chinese(county, password, said):
    typed = {"old_password": PASSWORD, "new_password1": password, "new_password2": password}
    answer = browser(county.approver).post("/accounts/password/", typed)
    assert answer.status_code == 200
    errors = " ".join(sum(answer.context["form"].errors.values(), []))
    assert said in errors
    assert not any("a" <= letter.lower() <= "z" for letter in errors), errors


# --- Answers --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(ARCHIVES))
def test_no_cache_keeps_an_archive_and_it_has_the_headers(county, name):
    # Every other address is judged with the pages, as everybody.
    pk = county.unit.pk if name == "reports:unit_archive" else county.programme.pk
    answer = browser(county.administrator).get(reverse(name, args=[pk]))
    assert answer.status_code == 200
    assert unsafe_headers_of(answer) == []


def test_another_host_name_is_refused(county, settings):
    settings.ALLOWED_HOSTS = ["pilot.example.org"]
    assert Client().get("/accounts/sign-in/", headers={"host": "evil.example"}).status_code == 400
    answer = Client().get("/accounts/sign-in/", headers={"host": "pilot.example.org"})
    assert answer.status_code == 200


# --- Files ----------------------------------------------------------------------------------


def bomb():
    """A PNG of a few hundred bytes that claims 40,000 × 40,000 pixels."""

    def chunk(kind, data):
        return pack(">I", len(data)) + kind + data + pack(">I", zlib.crc32(kind + data))

    head = pack(">IIBBBBB", 40_000, 40_000, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 1000)
    chunks = chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def typed(county, files):
    """An application as a browser posts it, with files."""
    rows = {"lines-TOTAL_FORMS": 1, "lines-INITIAL_FORMS": 0, "lines-0-item": "展板"}
    rows |= {"lines-0-quantity": "2", "lines-0-unit_price": "50", "lines-0-from_fund": "100"}
    return content_of(county.unit) | rows | {"uploads": files}


def pdf(number=1):
    return SimpleUploadedFile(f"证明{number}.pdf", b"%PDF-1.7", "application/pdf")


REFUSED = {
    "a picture bomb": (
        lambda: [SimpleUploadedFile("图.png", bomb())],
        "“图.png”：图片超过 5000 万像素。",
    ),
    "a renamed program": (
        lambda: [SimpleUploadedFile("发票.pdf", b"MZ\x90\0", "application/pdf")],
        "“发票.pdf”：这是可执行程序，不能上传。",
    ),
    "a page with a script": (
        lambda: [SimpleUploadedFile("图.png", b"<svg onload=alert(1)>", "image/png")],
        "“图.png”：只能上传",
    ),
    "a file that is too large": (
        lambda: [SimpleUploadedFile("大.pdf", b"%PDF-" + bytes(MAX_BYTES))],
        "“大.pdf”：文件超过 20 MB。",
    ),
    "too many files": (
        lambda: [pdf(number) for number in range(MAX_FILES + 1)],
        f"一次最多上传 {MAX_FILES} 个文件。",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_file_that_is_refused_is_named_at_its_field_and_nothing_typed_is_lost(county, what):
    files, said = REFUSED[what]
    data = typed(county, files())
    answer = browser(county.member).post(NEW, data)
    assert answer.status_code == 200
    form = answer.context["form"]
    assert said in form.errors["uploads"].as_text()
    page = answer.content.decode()
    assert all(data[field] in page for field in ("name", "purpose", "plan", "payee_account"))
    assert form.lines.forms[0]["item"].value() == "展板"
    assert not Application.objects.exists()


def test_a_file_has_no_address_but_its_page(county):
    browser(county.member).post(NEW, typed(county, [pdf()]))
    kept = ApplicationAttachment.objects.get()
    for address in (f"/media/{kept.file.name}", f"/{kept.file.name}", f"/static/{kept.file.name}"):
        assert browser(county.member).get(address).status_code == 404
    with pytest.raises(ValueError, match="no address"):
        _ = kept.file.url


def test_a_file_is_given_out_so_that_it_runs_nowhere(db):
    world = AccessWorld()
    answer = browser(world.member).get(reverse("funds:attachment", args=[world.proposal_file.pk]))
    assert io.BytesIO(b"".join(answer.streaming_content)).read() == b"%PDF-1.7"
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-store"
