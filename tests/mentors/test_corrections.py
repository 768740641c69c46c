"""A visit corrected: in two windows at once, and what was logged with it."""

import pytest
from django.urls import reverse

from mentors.models import Visit
from pilotwork import clock
from tests.mentors.phone import client_of, log_visit, photo

# --- In two windows -------------------------------------------------------------------------------


def sent(**changes):
    """What the form of a correction sends."""
    return {"day": clock.today().isoformat(), "mode": "on_site", "progress": "看了。"} | changes


@pytest.fixture
def opened(county):
    """A visit whose correction is open: (client, address, visit, the `seen` of its form)."""
    visit = log_visit(county)
    client, url = client_of(county.mentor), reverse("mentors:correct_visit", args=[visit.pk])
    return client, url, visit, client.get(url).context["form"]["seen"].value()


def test_a_visit_corrected_in_another_window_is_not_written_over_unasked(opened):
    client, url, visit, seen = opened
    assert client.post(url, sent(progress="甲窗口。", seen=seen)).status_code == 302
    refused = client.post(url, sent(progress="乙窗口。", companions="小王", seen=seen))
    page = refused.content.decode()
    for words in ("在别的窗口或由别人改过", "乙窗口。", 'value="小王"'):
        assert words in page
    visit.refresh_from_db()
    assert visit.progress == "甲窗口。"
    newest = refused.context["form"]["seen"].value()
    client.post(url, sent(progress="乙窗口。", companions="小王", seen=newest))
    visit.refresh_from_db()
    assert (visit.progress, visit.companions) == ("乙窗口。", "小王")


def test_what_was_ticked_stays_and_what_the_browser_cannot_keep_is_said(opened):
    client, url, visit, seen = opened
    client.post(url, sent(photos=[photo("旧.jpg")], seen=seen))
    old = visit.photos.get()
    refused = client.post(url, sent(removed_photos=[old.pk], photos=[photo()], seen=seen))
    assert refused.context["form"]["removed_photos"].value() == [str(old.pk)]
    page = refused.content.decode()
    assert "照片还没有保存，请重新选择。" in page
    assert "checked" in page[page.index('name="removed_photos"') :].split(">")[0]
    assert visit.photos.get().removed_at is None


def test_a_page_opened_after_the_last_change_is_saved_at_once(opened):
    client, url, visit, seen = opened
    for words in ("一。", "二。"):
        client.post(url, sent(progress=words, seen=seen))
        seen = client.get(url).context["form"]["seen"].value()
    assert Visit.objects.get(pk=visit.pk).progress == "二。"
