"""What a browser sends is looked at before any page reads it: size, letters, charset, method."""

import io

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from pilotwork.intake import MAX_BODY, MAX_QUERY, IntakeMiddleware
from pilotwork.request import Request
from pilotwork.wsgi import application

BIDI = "王\u202e口\u200b镇\x00"


def taken_in(request):
    """The request as the pages meet it."""
    met = []
    IntakeMiddleware(lambda request: met.append(request) or HttpResponse("ok"))(request)
    return met[0]


def status_and_page(answer):
    """The status with whether it is a page of our own."""
    return (
        answer.status_code,
        "<h1>" in answer.content.decode() and "zh-Hans" in answer.content.decode(),
    )


def test_a_page_meets_neither_unseen_nor_acting_characters():
    request = RequestFactory().post("/?q=%E2%80%AE%00a", {"name": [BIDI, "二\r\n行\t"]})
    met = taken_in(request)
    assert met.GET.dict() == {"q": "a"}
    assert met.POST.getlist("name") == ["王口镇", "二\n行\t"]


def test_what_needs_no_cleaning_stays_the_same_object():
    request = RequestFactory().post("/?q=a", {"name": "👩\u200d🌾"})
    asked, typed = request.GET, request.POST
    met = taken_in(request)
    assert met.GET is asked
    assert met.POST is typed


def test_a_password_is_taken_as_it_was_typed():
    met = taken_in(RequestFactory().post("/", {"new_password1": BIDI}))
    assert met.POST["new_password1"] == BIDI


def test_a_field_with_an_unseen_name_is_left_out():
    met = taken_in(RequestFactory().post("/", {"opinion\u200b": "a", "opinion": "b"}))
    assert met.POST.dict() == {"opinion": "b"}


def test_what_is_cleaned_can_be_changed_by_nobody():
    met = taken_in(RequestFactory().post("/", {"name": BIDI}))
    with pytest.raises(AttributeError):
        met.POST["name"] = "x"


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"QUERY_STRING": "q=" + "a" * MAX_QUERY}, 400),
        ({"QUERY_STRING": "q=" + "a" * (MAX_QUERY - 2)}, 200),
        ({"CONTENT_LENGTH": str(MAX_BODY + 1)}, 413),
        ({"CONTENT_LENGTH": "9" * 5000}, 413),
        ({"CONTENT_LENGTH": "no number"}, 400),
        ({"CONTENT_LENGTH": "-1"}, 400),
        ({"REQUEST_METHOD": "PUT"}, 405),
        ({"REQUEST_METHOD": "TRACE"}, 405),
    ],
)
def test_too_much_or_an_unknown_method_is_refused_with_a_page_of_our_own(sent, status):
    answer = Client().get("/robots.txt", **sent)
    assert status_and_page(answer) == (status, status != 200)


def test_a_refused_method_still_says_which_ones_there_are():
    assert Client().put("/robots.txt")["Allow"] == "GET, HEAD"


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"a=1&" * 3001, "application/x-www-form-urlencoded", 400),
        (b"a=" + b"x" * 5 * 1024 * 1024, "application/x-www-form-urlencoded", 413),
        (b"--x\r\n", "multipart/form-data; boundary=", 400),
    ],
)
def test_a_form_that_is_too_large_or_broken_is_refused_with_a_page_of_our_own(
    body, content_type, status
):
    answer = Client().post("/accounts/sign-in/", body, content_type=content_type)
    assert status_and_page(answer) == (status, True)


@pytest.mark.parametrize(
    "charset", ["hex", "idna", "rot13", "utf-7", "unicode_escape", "\x00", "gbk"]
)
def test_a_form_is_read_as_utf_8_whatever_charset_it_claims(charset):
    body = (
        b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\\ud800\xe7\x8e\x8b\r\n--x--\r\n'
    )
    environ = RequestFactory().post("/?q=%E7%8E%8B", body, content_type="text/plain").environ
    claimed = f"multipart/form-data; boundary=x; charset={charset}"
    request = Request({**environ, "CONTENT_TYPE": claimed, "wsgi.input": io.BytesIO(body)})
    assert request.GET["q"] == "王"
    assert request.POST["a"] == "\\ud800王"


def test_the_served_application_reads_requests_so():
    assert application.request_class is Request


def test_a_large_file_comes_in_whatever_its_name_ends_with():
    large = io.BytesIO(b"x" * 3 * 1024 * 1024)
    large.name = "x." + "png" * 150
    request = RequestFactory().post("/", {"uploads": large})
    assert taken_in(request).FILES["uploads"].name == "x.pngpngpngp"
