"""A visitor of a unit's public page: what he sends, and how long he takes for it."""

import datetime as dt
import re

from django.urls import reverse

from pilotwork import clock
from reports.public.actions import open_page
from reports.public.forms import entrance

TEXT = "赶集日能不能下午再来一次？"
READING = dt.timedelta(seconds=20)


def opened(county, unit=None):
    """The unit (default the county's) with its page open."""
    return open_page(unit or county.unit, by=county.approver)


def page_of(unit, name="public_unit"):
    """The address of the unit's public page, or of its form or its search."""
    return reverse(name, args=[unit.public_token])


def typed(unit, took=READING, **changed):
    """The form as a browser posts it, by somebody who took so long over it."""
    held = entrance(unit, clock.now() - took)
    content = {"kind": "proposal", "text": TEXT, "contact": "", "website": "", "entrance": held}
    return content | changed


def send(client, unit, address="192.0.2.7", **changed):
    """Post the form from an address, without following where it leads."""
    sending = typed(unit, **changed)
    return client.post(page_of(unit, "public_suggest"), sending, REMOTE_ADDR=address)


def visible_text(page):
    """What of a page is read, its tags taken out."""
    return re.sub(r"<[^>]+>", " ", page)
