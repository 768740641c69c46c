"""One line for each request, by which an incident is found, and nothing about a person in it."""

import io
import json
import logging

import pytest
from django.test import Client, override_settings

from pilotwork.log_lines import JSONLines
from tests.test_security import browser

PROXYS = "0123456789abcdef"


@pytest.fixture
def lines():
    """What is logged meanwhile, each line read as JSON when called."""
    written, root = io.StringIO(), logging.getLogger()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JSONLines())
    request_log = logging.getLogger("pilotwork.request_log")
    before = request_log.level
    root.addHandler(handler)
    request_log.setLevel(logging.INFO)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    request_log.setLevel(before)
    root.removeHandler(handler)


def test_a_request_is_one_line_that_names_the_route_and_of_the_person_a_number(county, lines):
    answer = browser(county.cashier).get("/funds/applications/?q=张三")
    (line,) = lines()
    assert line.keys() == {
        "time", "level", "logger", "request", "method", "route", "status", "ms", "queries", "user",
    }  # fmt: skip
    assert (line["method"], line["route"], line["status"]) == ("GET", "funds:applications", 200)
    assert line["user"] == county.cashier.pk
    assert line["queries"] > 0
    assert line["request"] == answer["X-Request-ID"]


def test_neither_token_nor_search_nor_address_is_in_the_log(county, lines):
    token = "7d4f1b5e-8a55-4a3c-9d55-000000000001"
    client = browser(county.cashier)
    client.get(f"/p/{token}/?q=secret", REMOTE_ADDR="192.0.2.77")
    client.get(f"/nowhere/{token}/")
    text = json.dumps(lines())
    assert [line["status"] for line in lines()] == [404, 404]
    assert not [word for word in (token, "secret", "192.0.2", "cashier") if word in text]


@pytest.mark.parametrize(
    ("proxies", "given", "is_taken"),
    [
        (1, PROXYS, True),
        (0, PROXYS, False),
        (1, "short", False),
        (1, "x" * 65, False),
        (1, 'abcdefgh"\n{}', False),
        (1, "", False),
    ],
)
def test_the_proxy_s_id_is_taken_when_it_is_well_formed(proxies, given, is_taken):
    with override_settings(PROXY_COUNT=proxies):
        answer = Client().get("/robots.txt", headers={"X-Request-ID": given})
    assert (answer["X-Request-ID"] == given) is is_taken
    assert answer["X-Request-ID"].isalnum()


def test_what_breaks_is_logged_with_the_id_that_the_page_shows_and_without_what_it_held(lines):
    with override_settings(ROOT_URLCONF="tests.ground.broken_urls"):
        answer = Client(raise_request_exception=False).get("/broken/?q=secret")
    error, request = lines()
    assert answer.status_code == request["status"] == error["status"] == 500
    assert f"<code>{error['request']}</code>" in answer.content.decode()
    assert error["request"] == request["request"] == answer["X-Request-ID"]
    assert (error["level"], error["route"]) == ("ERROR", "broken")
    (told,) = error["errors"]
    assert told["kind"] == "ZeroDivisionError"
    assert told["at"][-1].startswith("tests/ground/broken_urls.py:")
    assert "张三" not in json.dumps(lines(), ensure_ascii=False)
    assert "secret" not in json.dumps(lines())


def test_a_broken_constraint_is_logged_without_the_row(county, lines):
    duplicate = type(county.cashier)(username="cashier")
    try:
        duplicate.save()
    except Exception:
        logging.getLogger("somewhere").exception("That went wrong.")
    (line,) = lines()
    assert line["message"] == "That went wrong."
    assert {told["kind"] for told in line["errors"]} <= {"IntegrityError", "UniqueViolation"}
    assert "=(cashier)" not in json.dumps(line)


def test_an_answer_of_503_that_nothing_raised_is_logged_with_its_id_too(db, settings, lines):
    settings.MIN_FREE_MB = 10**9
    answer = Client().get("/healthz")
    assert [(line["route"], line["status"]) for line in lines()] == [("health", 503)] * 2
    assert {line["request"] for line in lines()} == {answer["X-Request-ID"]}
