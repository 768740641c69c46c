"""Working days of 2026 by the State Council's notice, date by date."""

from datetime import date, timedelta

import pytest

from pilotwork.workdays import add_workdays, is_workday, published, week_of, workdays_between


def test_spring_festival_2026_is_off_for_nine_days():
    off = [date(2026, 2, 15) + timedelta(days=n) for n in range(9)]
    assert [day for day in off if is_workday(day, {})] == []
    assert is_workday(date(2026, 2, 24), {})


def test_national_day_2026_is_off_for_seven_days():
    assert workdays_between(date(2026, 10, 1), date(2026, 10, 7), {}) == []
    assert is_workday(date(2026, 10, 8), {})


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 1, 4),
        date(2026, 2, 14),
        date(2026, 2, 28),
        date(2026, 5, 9),
        date(2026, 9, 20),
        date(2026, 10, 10),
    ],
)
def test_the_six_weekend_days_of_2026_that_make_up_for_days_off_are_worked(day):
    assert day.weekday() >= 5
    assert is_workday(day, {})


def test_no_other_weekend_day_of_2026_is_worked():
    year = workdays_between(date(2026, 1, 1), date(2026, 12, 31), {})
    assert len([day for day in year if day.weekday() >= 5]) == 6
    assert len(year) == 248


def test_the_county_may_correct_single_days_both_ways():
    sunday, monday = date(2026, 11, 22), date(2026, 11, 23)
    corrected = {sunday: True, monday: False}
    assert workdays_between(sunday, monday, corrected) == [sunday]
    assert workdays_between(sunday, monday, {}) == [monday]


def test_five_working_days_start_the_day_after_posting_and_end_on_a_worked_saturday():
    assert add_workdays(date(2026, 9, 28), 5, {}) == date(2026, 10, 10)
    assert add_workdays(date(2026, 9, 28), 0, {}) == date(2026, 9, 28)


def test_working_days_are_not_counted_backwards():
    with pytest.raises(ValueError, match="forwards"):
        add_workdays(date(2026, 9, 28), -1, {})
    assert workdays_between(date(2026, 9, 28), date(2026, 9, 25), {}) == []


def test_a_week_runs_from_monday_to_sunday():
    assert week_of(date(2026, 11, 23)) == date(2026, 11, 23)
    assert week_of(date(2026, 11, 29)) == date(2026, 11, 23)
    assert week_of(date(2027, 1, 1)) == date(2026, 12, 28)


def test_the_calendar_of_2026_is_published_and_that_of_2027_is_not_yet():
    assert published(2026)
    assert not published(2027)
