"""A visit corrected: in two windows at once, and what was logged with it."""

import pytest
from django.urls import reverse

from mentors.actions import advance_activity
from mentors.actions.records import (
    confirm_difficulty,
    coordinate,
    correct_coordination,
    correct_research,
    reject_difficulty,
)
from mentors.actions.visits import CORRECTABLE, correct_visit
from mentors.models import Coordination, Difficulty, SignatureActivity, Visit
from pilotwork import clock
from pilotwork.money import to_yuan
from pilotwork.templatetags.pilotwork import cn_date
from tests.factories import days_ago
from tests.mentors.phone import EVERYTHING, client_of, log_visit, photo

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


# --- To another day -------------------------------------------------------------------------------


@pytest.fixture
def everything(county):
    """A visit of yesterday with everything logged along with it."""
    return log_visit(county, on=days_ago(1), besides=EVERYTHING)


def move(county, visit, on):
    """Correct the visit's day; returns the words of what moved along."""
    values = {name: getattr(visit, name) for name in CORRECTABLE}
    return correct_visit(visit, by=county.mentor, **values | {"visited_on": on})[1]


def days_of(visit):
    """The days of all that was logged with the visit, as the database has them."""
    visit = Visit.objects.get(pk=visit.pk)
    return {
        "difficulty": (visit.difficulty.raised_on, visit.difficulty.solved_on),
        "coordination": (visit.coordination.on, visit.coordination.received_on),
        "activity": visit.activity.designed_on,
        "research": visit.research.on,
    }


def of_one_day(day):
    return {
        "difficulty": (day, day),
        "coordination": (day, day),
        "activity": day,
        "research": day,
    }


@pytest.mark.parametrize("day", [2, 0])
def test_what_was_logged_with_a_visit_moves_along_to_its_other_day(county, everything, day):
    moved = move(county, everything, days_ago(day))
    assert moved == ["实际困难", "经费协调", "特色活动", "调研"]
    assert days_of(everything) == of_one_day(days_ago(day))
    for record in (everything.research, everything.coordination, everything.difficulty):
        assert [row.history_user for row in record.history.all()] == [county.mentor] * 2


def test_a_correction_of_words_moves_nothing(county, everything):
    assert move(county, everything, days_ago(1)) == []
    assert everything.research.history.count() == 1


def test_what_moved_along_is_said(county, everything):
    Difficulty.objects.all().delete()
    SignatureActivity.objects.all().delete()
    url = reverse("mentors:correct_visit", args=[everything.pk])
    page = client_of(county.mentor).post(url, sent(), follow=True).content.decode()
    assert f"同时登记的经费协调、调研一并改到{cn_date(clock.today())}。" in page


def test_a_record_whose_day_was_set_right_since_stays_on_it(county, everything):
    correct_research(everything.research, by=county.mentor, summary="12 户。", on=days_ago(4))
    money = everything.coordination
    typed = {"source": "县总工会", "amount": to_yuan("300"), "on": days_ago(3)}
    correct_coordination(money, by=county.mentor, **typed, received_on=days_ago(3))
    assert move(county, everything, days_ago(2)) == ["实际困难", "特色活动"]
    assert days_of(everything) == of_one_day(days_ago(2)) | {
        "coordination": (days_ago(3), days_ago(3)),
        "research": days_ago(4),
    }


def test_money_that_has_not_come_in_moves_and_is_not_received_by_it(county, everything):
    Coordination.objects.update(received_on=None)
    assert "经费协调" in move(county, everything, days_ago(2))
    assert days_of(everything)["coordination"] == (days_ago(2), None)


def test_a_difficulty_that_the_unit_confirmed_stays(county, everything):
    confirm_difficulty(everything.difficulty, by=county.member)
    assert "实际困难" not in move(county, everything, days_ago(2))
    assert days_of(everything)["difficulty"] == (days_ago(1), days_ago(1))


def test_a_difficulty_that_the_unit_sent_back_moves_with_the_day_it_was_raised(county, everything):
    reject_difficulty(everything.difficulty, by=county.member, opinion="还缺。")
    assert "实际困难" in move(county, everything, days_ago(2))
    assert days_of(everything)["difficulty"] == (days_ago(2), None)


def test_nothing_moves_past_what_came_after_it(county, everything):
    Coordination.objects.update(on=days_ago(2))
    Difficulty.objects.update(raised_on=days_ago(2))
    advance_activity(everything.activity, by=county.mentor, on=days_ago(1))
    before = days_of(everything)
    assert move(county, everything, days_ago(4)) == ["特色活动", "调研"]
    assert days_of(everything) == before | {"activity": days_ago(4), "research": days_ago(4)}
    assert move(county, everything, days_ago(0)) == ["调研"]


def test_money_that_another_record_notes_on_the_new_day_stays_where_it_is(county, everything):
    typed = {"source": "县总工会", "amount": to_yuan("300"), "on": days_ago(2)}
    coordinate(county.unit, by=county.mentor, **typed)
    assert "经费协调" not in move(county, everything, days_ago(2))
    assert days_of(everything)["coordination"] == (days_ago(1), days_ago(1))
