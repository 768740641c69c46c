"""One clock for verbs, defaults and history."""

from datetime import UTC, date, datetime
from threading import Thread

import pytest
import time_machine

from accounts.models import User
from pilotwork import clock

NEW_YEAR_EVE = datetime(2026, 12, 31, 16, 10, tzinfo=UTC)


def test_the_day_changes_at_midnight_in_shanghai():
    with clock.at(NEW_YEAR_EVE):
        assert clock.today() == date(2027, 1, 1)


def test_a_day_is_over_at_the_next_midnight_in_shanghai():
    assert clock.end_of(date(2026, 12, 31)) == datetime(2026, 12, 31, 16, tzinfo=UTC)


def test_the_clock_follows_the_system_unless_it_is_set():
    with time_machine.travel(NEW_YEAR_EVE, tick=False):
        assert clock.now() == NEW_YEAR_EVE


def test_a_clock_set_within_a_set_clock_goes_back_to_the_outer_one():
    inner = datetime(2026, 2, 17, tzinfo=UTC)
    with clock.at(NEW_YEAR_EVE):
        with clock.at(inner):
            assert clock.now() == inner
        assert clock.now() == NEW_YEAR_EVE


def test_setting_the_clock_does_not_reach_other_threads():
    seen = []
    with clock.at(NEW_YEAR_EVE):
        thread = Thread(target=lambda: seen.append(clock.now()))
        thread.start()
        thread.join()
    assert seen[0] != NEW_YEAR_EVE


def test_a_clock_without_zone_is_refused():
    naive = datetime(2026, 1, 1)
    with pytest.raises(ValueError, match="aware"), clock.at(naive):
        pass
    with pytest.raises(ValueError, match="aware"):
        clock.local(naive)


@pytest.mark.django_db
def test_history_is_written_at_the_time_of_the_clock():
    with clock.at(NEW_YEAR_EVE):
        person = User.objects.create_user("li", name="李")
    person.post = "组宣部部长"
    later = datetime(2027, 1, 4, 1, tzinfo=UTC)
    with clock.at(later):
        person.save()
    assert [row.history_date for row in person.history.all()] == [later, NEW_YEAR_EVE]


@pytest.mark.django_db
def test_a_date_that_the_instance_brings_wins_over_the_clock():
    person = User(username="liu", name="刘")
    person._history_date = NEW_YEAR_EVE
    person.save()
    assert person.history.get().history_date == NEW_YEAR_EVE
