"""A person at the pages of the funds room: opens, sends, reads what was refused."""

import re

from django.test import Client
from django.urls import reverse

from tests import journeys


def client_of(person):
    """A browser in which `person` is signed in."""
    client = Client()
    client.force_login(person)
    return client


def open_page(person, name, *args):
    """GET a page of the funds room."""
    return client_of(person).get(reverse(f"funds:{name}", args=args))


def send(person, application, verb, **data):
    """POST a verb as its page would; `seen` is what the person's page showed by default."""
    url = reverse("funds:act", args=[application.pk, verb])
    data = {"seen": journeys.fresh(application).last_number, **data}
    return client_of(person).post(url, data)


def errors_of(response):
    """The words of the page's error summary."""
    found = re.search(r"data-error-summary.*?</div>", response.content.decode(), re.DOTALL)
    return re.sub(r"<[^>]+>|\s+", "", found.group(0)) if found else ""


def leads_back(client, response, address):
    """Whether the page after `response` leads to the form that takes back what was done."""
    return f'<a class="undo" href="{address}">' in client.get(response.url).content.decode()


def typed_draft(**changed):
    """A draft as the editor posts it: one budget line of 2 × 300, of which the fund bears 500."""
    return {
        "name": "林下课堂",
        "purpose": "学技术",
        "plan": "三次课",
        "starts_on": "2030-01-01",
        "ends_on": "2030-01-02",
        "place": "林地",
        "participants": "30 人",
        "contact": "郑",
        "phone": "022-0000 0000",
        "payee_name": "沿庄镇团委",
        "payee_bank": "县农商银行",
        "payee_account": "6210",
        "lines-TOTAL_FORMS": "1",
        "lines-INITIAL_FORMS": "0",
        "lines-0-item": "讲师",
        "lines-0-quantity": "2",
        "lines-0-unit_price": "300",
        "lines-0-from_fund": "500",
    } | changed
