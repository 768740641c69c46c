"""The tags and filters of every template: figures, dates, addresses, markup."""

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.template import engines
from django.template.loader import render_to_string

from pilotwork import clock
from pilotwork.templatetags import pilotwork as tags

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = dt.datetime(2026, 11, 23, 12, 0, tzinfo=SHANGHAI)


def rendered(source, rf=None, path="/", **context):
    request = rf.get(path) if rf else None
    return engines["django"].from_string(source).render(context, request)


@pytest.mark.parametrize(
    ("amount", "exact", "short"),
    [
        (Decimal("3200"), "3,200.00", "3,200"),
        (Decimal("1409.50"), "1,409.50", "1,409.50"),
        (Decimal("-0.07"), "-0.07", "-0.07"),
        (None, "", ""),
    ],
)
def test_amounts_have_commas_and_two_decimals_unless_whole_at_a_glance(amount, exact, short):
    assert tags.yuan(amount) == exact
    assert tags.yuan0(amount) == short


def test_capitals_are_those_of_the_office_and_empty_where_there_is_no_form():
    assert tags.capitals(Decimal("6007.14")) == "人民币陆仟零柒元壹角肆分"
    assert tags.capitals(None) == ""
    assert tags.capitals(Decimal("-1")) == ""


def test_dates_name_the_year_only_when_it_is_not_this_one():
    with clock.at(NOON):
        assert tags.cn_date(dt.date(2026, 5, 4)) == "5月4日"
        assert tags.cn_date(dt.date(2025, 5, 4)) == "2025年5月4日"
        assert tags.cn_full_date(dt.date(2026, 5, 4)) == "2026年5月4日"
        assert tags.cn_date(None) == ""


def test_moments_are_shown_in_local_time_even_when_the_day_differs():
    with clock.at(NOON):
        late = dt.datetime(2026, 11, 22, 17, 5, tzinfo=dt.UTC)
        assert tags.cn_date(late) == "11月23日"
        assert tags.cn_datetime(late) == "11月23日 01:05"


def test_waiting_is_counted_in_days_on_the_calendar():
    with clock.at(NOON):
        assert tags.days_waiting(dt.datetime(2026, 11, 20, 23, 59, tzinfo=SHANGHAI)) == 3
        assert tags.days_waiting(NOON) == 0
        assert tags.days_waiting(dt.date(2026, 11, 25)) == 0


def test_a_share_never_leaves_the_picture():
    assert tags.share_of(Decimal(1800), Decimal(10000)) == Decimal("18.0")
    assert tags.share_of(Decimal(5), Decimal(0)) == 0
    assert tags.share_of(Decimal(-5), Decimal(10)) == 0
    assert tags.share_of(Decimal(50), Decimal(10)) == 100


def test_choosing_a_page_keeps_the_filters(rf):
    address = "/?state=draft&state=returned&page=3"
    assert rendered("{% page_url page=4 %}", rf, address) == (
        "?state=draft&amp;state=returned&amp;page=4"
    )
    assert rendered("{% page_url per_page=50 page=None %}", rf, address) == (
        "?state=draft&amp;state=returned&amp;per_page=50"
    )


def test_what_a_person_typed_is_escaped_in_tags_and_headings():
    assert rendered("{% tag 'g' words %}", words="<b>") == (
        '<span class="tag tone-g">&lt;b&gt;</span>'
    )
    assert rendered("{% card title %}{{ title }}{% endcard %}", title="<b>") == (
        '<section class="panel"><div class="panel-head"><h2>&lt;b&gt;</h2></div>&lt;b&gt;</section>'
    )


def test_an_unknown_tone_is_an_error_and_not_a_colourless_tag():
    with pytest.raises(ValueError, match="Unknown tone 'green'"):
        tags.tag("green", "已拨付")


def test_the_page_for_a_server_error_needs_neither_request_nor_context():
    page = render_to_string("500.html")
    assert "系统出了问题" in page
    assert "请稍等一分钟再试" in page
