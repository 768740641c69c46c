"""Logging a visit, correcting it, and asking for an excused week, through the verbs."""

import dataclasses
import threading
import uuid
from types import SimpleNamespace

import pytest
from django.db import OperationalError, connection

from accounts.matters import NotPermitted
from mentors.actions import assign_mentor
from mentors.actions.visits import (
    MAX_PHOTOS,
    Besides,
    add_photos,
    correct_visit,
    may_correct_visit,
    may_record_visit,
    record_visit,
)
from mentors.models import (
    Coordination,
    Difficulty,
    Mode,
    Research,
    SignatureActivity,
    Visit,
    VisitPhoto,
)
from pilotwork import clock
from pilotwork.files import Accepted
from pilotwork.money import to_yuan
from pilotwork.refusals import Refused
from tests.factories import UserFactory
from tests.mentors.five_ones import assign, day, guided_unit, living_on, make_unit, noon

pytestmark = pytest.mark.django_db
TODAY = day(11, 18)  # a Wednesday
EVERYTHING = Besides(
    difficulty="协调苗木 200 株。",
    source="县总工会",
    amount=to_yuan("500"),
    activity="林下课堂",
    research="走访了 12 户。",
)
PHOTO = Accepted("林地.jpg", "image/jpeg", b"\xff\xd8\xff")
CREATED = (Visit, Difficulty, Coordination, SignatureActivity, Research)


@pytest.fixture(autouse=True)
def on_a_wednesday():
    """Every test lives at noon of TODAY."""
    with living_on(TODAY):
        yield


@pytest.fixture
def pilot(db):
    """A unit guided by `mentor` since November, by `former` before; a reviewer as colleague."""
    unit = make_unit()
    former = assign(unit, day(1, 1), day(10, 31)).mentor
    mentor = assign(unit, day(11, 1)).mentor
    colleague = UserFactory(duties=["reviewer"])
    colleague.duty_grants.update(starts_on=day(1, 1))
    return SimpleNamespace(
        unit=unit, mentor=mentor, former=former, colleague=colleague, stranger=UserFactory()
    )


def log(pilot, by=None, on=TODAY, **more):
    """Log a visit with the verb."""
    arguments = {"key": uuid.uuid4(), "progress": "看了林地。"} | more
    return record_visit(pilot.unit, by=by or pilot.mentor, visited_on=on, **arguments)


def refusal_of(function, *args, **arguments):
    """The refusal that a verb raises."""
    with pytest.raises(Refused) as caught:
        function(*args, **arguments)
    return caught.value


def counts():
    """How many rows a visit and its records have made."""
    return [model.objects.count() for model in CREATED]


# --- Once -------------------------------------------------------------------------------------


def test_the_same_visit_sent_twice_is_saved_once_with_one_of_each_record(pilot):
    key = uuid.uuid4()
    first = log(pilot, key=key, besides=EVERYTHING, photos=[PHOTO])
    second = log(pilot, key=key, besides=EVERYTHING, photos=[PHOTO])
    assert first == second
    assert counts() == [1] * 5
    assert VisitPhoto.objects.count() == 1


def test_other_words_under_a_key_that_was_used_are_refused_and_not_lost_unsaid(pilot):
    key = uuid.uuid4()
    visit = log(pilot, key=key, progress="甲。")
    assert refusal_of(log, pilot, key=key, progress="乙。").field == "key"
    assert log(pilot, key=key, progress="甲。") == visit
    correct(pilot, visit, progress="甲，更正。")
    # What the phone sends again is what it had written first.
    assert log(pilot, key=key, progress="甲。") == visit
    assert Visit.objects.count() == 1


def test_a_retry_after_the_mentor_changed_still_finds_the_saved_visit(pilot):
    key = uuid.uuid4()
    first = log(pilot, key=key)
    pilot.unit.mentor_assignments.filter(mentor=pilot.mentor).update(ends_on=day(11, 17))
    assert log(pilot, key=key) == first


def test_another_persons_key_gives_away_nothing(pilot):
    key = uuid.uuid4()
    log(pilot, key=key)
    assert refusal_of(log, pilot, by=pilot.colleague, key=key).stale
    assert Visit.objects.count() == 1


def test_two_different_visits_on_a_day_are_both_kept(pilot):
    assert log(pilot) != log(pilot)
    assert Visit.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_the_same_visit_sent_by_two_threads_at_once_is_saved_once(pilot, race_rounds):
    for number in range(race_rounds):
        before, key, barrier, results = counts(), uuid.uuid4(), threading.Barrier(2), []
        everything = dataclasses.replace(
            EVERYTHING, activity=f"第 {number} 课", source=f"第 {number} 家"
        )

        def send(key=key, barrier=barrier, results=results, besides=everything):
            try:
                with clock.at(noon(TODAY)):
                    barrier.wait()
                    results.append(log(pilot, key=key, besides=besides).pk)
            except OperationalError as error:
                results.append(error)
            finally:
                connection.close()

        threads = [threading.Thread(target=send) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(results) == 2
        assert len(set(results)) == 1
        assert counts() == [number + 1 for number in before]


# --- What else happened -----------------------------------------------------------------------


def test_what_was_ticked_makes_its_records_and_links_them_to_the_visit(pilot):
    visit = log(pilot, besides=EVERYTHING)
    difficulty, money = visit.difficulty, visit.coordination
    assert (difficulty.state, difficulty.solved_on) == ("solved", TODAY)
    assert (money.source, money.amount, money.received_on) == ("县总工会", to_yuan("500"), TODAY)
    assert visit.research.summary == "走访了 12 户。"
    assert SignatureActivity.objects.get().designed_on == TODAY
    assert [row.verb for row in difficulty.log] == ["raise"]


def test_a_colleague_who_stood_in_may_tick_everything_too(pilot):
    log(pilot, by=pilot.colleague, besides=EVERYTHING)
    assert counts() == [1] * 5


def test_nothing_ticked_makes_nothing(pilot):
    log(pilot)
    assert counts() == [1, 0, 0, 0, 0]


@pytest.mark.parametrize(
    ("besides", "field"),
    [
        (Besides(source="县总工会"), "amount"),
        (Besides(amount=to_yuan("500")), "source"),
    ],
)
def test_half_a_coordination_is_refused_and_nothing_is_saved(pilot, besides, field):
    assert refusal_of(log, pilot, besides=besides).field == field
    assert counts() == [0] * 5


def test_money_noted_of_another_visit_of_the_day_is_not_noted_with_this_one_too(pilot):
    besides = Besides(source="县总工会", amount=to_yuan("500"))
    log(pilot, besides=besides)
    assert refusal_of(log, pilot, besides=besides).field == "source"
    assert counts()[0] == 1


def test_a_tenth_photo_is_refused_and_nothing_is_saved(pilot):
    photos = [PHOTO] * (MAX_PHOTOS + 1)
    assert refusal_of(log, pilot, photos=photos).field == "photos"
    assert counts() == [0] * 5
    visit = log(pilot, photos=[PHOTO] * MAX_PHOTOS)
    assert refusal_of(add_photos, visit, [PHOTO], by=pilot.mentor).field == "photos"


def test_a_removed_photo_makes_room_for_another_and_is_kept(pilot):
    visit = log(pilot, photos=[PHOTO] * MAX_PHOTOS)
    correct(pilot, visit, removed_photos=[visit.photos.first().pk], photos=[PHOTO])
    assert visit.photos.count() == MAX_PHOTOS + 1
    assert visit.photos.filter(removed_at=None).count() == MAX_PHOTOS


# --- When -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "is_backfilled", "state"),
    [
        (day(11, 18), False, "recorded"),
        (day(11, 17), True, "recorded"),
        (day(11, 4), True, "recorded"),  # 14 days back
        (day(11, 3), True, "late"),  # 15 days back
    ],
)
def test_a_visit_entered_later_is_marked_and_after_fourteen_days_waits(
    pilot, on, is_backfilled, state
):
    visit = log(pilot, on=on)
    assert (visit.is_backfilled, visit.state) == (is_backfilled, state)
    assert visit.counts == (state == "recorded")


def test_the_days_for_entering_later_are_the_programmes_setting(pilot):
    pilot.unit.programme.backdating_days = 15
    pilot.unit.programme.save()
    assert log(pilot, on=day(11, 3)).state == "recorded"


def test_a_visit_of_tomorrow_is_refused(pilot):
    assert refusal_of(log, pilot, on=day(11, 19)).field == "visited_on"


def test_a_visit_outside_the_pilot_or_without_a_mentor_that_day_is_refused(pilot):
    pilot.unit.programme.starts_on = day(11, 9)
    pilot.unit.programme.save()
    assert "试点期" in refusal_of(log, pilot, on=day(11, 6)).message
    pilot.unit.programme.starts_on = day(1, 1)
    pilot.unit.programme.save()
    pilot.unit.mentor_assignments.filter(mentor=pilot.mentor).update(starts_on=day(11, 12))
    assert "没有在任指导员" in refusal_of(log, pilot, on=day(11, 11)).message


def test_a_visit_before_the_unit_joined_or_after_it_left_is_refused(pilot):
    pilot.unit.joined_on = day(11, 9)
    pilot.unit.save()
    assert "2026年11月9日才加入" in refusal_of(log, pilot, on=day(11, 6)).message
    type(pilot.unit).objects.filter(pk=pilot.unit.pk).update(state="left", left_on=day(11, 12))
    assert "到2026年11月12日为止" in refusal_of(log, pilot, on=day(11, 13)).message
    assert log(pilot, on=day(11, 12)).counts


# --- Who --------------------------------------------------------------------------------------


def test_a_colleagues_visit_is_credited_to_him_whoever_logs_it(pilot):
    for by in (pilot.mentor, pilot.colleague):
        visit = log(pilot, by=by, visitor=pilot.colleague)
        assert visit.visitor == pilot.colleague
        assert visit.is_stand_in
        assert visit.assignment.mentor == pilot.mentor


def test_another_units_mentor_may_stand_in_and_nobody_else_may(pilot):
    other = guided_unit().mentor_assignments.get().mentor
    assert log(pilot, by=other).is_stand_in
    for nobody in (pilot.stranger, pilot.former):
        assert not may_record_visit(pilot.unit, nobody)
        with pytest.raises(NotPermitted):
            log(pilot, by=nobody)
    assert refusal_of(log, pilot, visitor=pilot.stranger).field == "visitor"


def test_a_colleague_cannot_log_for_a_third_person(pilot):
    with pytest.raises(NotPermitted):
        log(pilot, by=pilot.colleague, visitor=pilot.mentor)


# --- Assignments ------------------------------------------------------------------------------


def test_a_visit_belongs_to_the_assignment_of_its_day_and_stays_with_it(pilot):
    late = log(pilot, on=day(10, 30))
    assert late.assignment.mentor == pilot.former
    visit = log(pilot)
    pilot.unit.mentor_assignments.filter(mentor=pilot.mentor).update(ends_on=TODAY)
    visit.refresh_from_db()
    assert visit.assignment.mentor == pilot.mentor
    assert visit.assignment.ends_on == TODAY
    assert Visit.objects.visible_to(pilot.mentor).count() == 2


def test_a_mentor_changed_for_a_past_day_takes_the_visits_from_that_day_on(pilot):
    before, after = log(pilot, on=day(11, 10)), log(pilot, on=day(11, 17))
    administrator = UserFactory(duties=["administrator"])
    administrator.duty_grants.update(starts_on=day(1, 1))
    successor = UserFactory()
    assign_mentor(
        pilot.unit, by=administrator, mentor=successor, starts_on=day(11, 16), reason="轮岗"
    )
    for visit, mentor, is_stand_in in [(before, pilot.mentor, False), (after, successor, True)]:
        visit = Visit.objects.get(pk=visit.pk)
        assert visit.assignment.mentor == mentor
        assert visit.is_stand_in == is_stand_in
        assert visit.visitor == pilot.mentor


# --- Correcting -------------------------------------------------------------------------------


def correct(pilot, visit, by=None, **changed):
    """Correct a visit; what is not named stays."""
    names = ("visited_on", "mode", "progress", "problems", "next_step", "companions")
    values = {name: getattr(visit, name) for name in names}
    photos = {name: changed.pop(name) for name in ("photos", "removed_photos") if name in changed}
    return correct_visit(visit, by=by or pilot.mentor, **(values | changed), **photos)[0]


def test_a_correction_keeps_what_it_said_before(pilot):
    visit = correct(pilot, log(pilot), progress="看了苗圃。")
    assert [old.progress for old in visit.history.all()] == ["看了苗圃。", "看了林地。"]
    assert [old.history_user for old in visit.history.all()] == [pilot.mentor] * 2
    assert [row.verb for row in visit.log] == ["record", "correct"]


def test_a_visit_moved_to_another_day_changes_week_assignment_and_mark(pilot):
    visit = log(pilot, on=day(11, 17))
    visit = correct(pilot, visit, visited_on=day(11, 10))
    assert (visit.week, visit.is_backfilled) == (day(11, 9), True)
    visit = correct(pilot, visit, visited_on=TODAY)
    assert (visit.week, visit.is_backfilled) == (day(11, 16), False)


@pytest.mark.parametrize("changed", [{"visited_on": day(11, 3)}, {"visited_on": day(11, 19)}])
def test_a_visit_is_not_moved_further_back_than_it_could_be_entered_nor_ahead(pilot, changed):
    visit = log(pilot, on=day(11, 17))
    assert refusal_of(correct, pilot, visit, **changed).field == "visited_on"
    visit.refresh_from_db()
    assert visit.visited_on == day(11, 17)


def test_a_telephone_visit_does_not_become_one_on_site_when_it_is_too_late(pilot):
    visit = log(pilot, on=day(11, 10), mode=Mode.REMOTE)
    with living_on(day(11, 25)):
        assert refusal_of(correct, pilot, visit, mode=Mode.ON_SITE).field == "visited_on"
        assert correct(pilot, visit, progress="电话里问了。").mode == Mode.REMOTE
    with living_on(day(11, 24)):
        assert correct(pilot, visit, mode=Mode.ON_SITE).counts


def test_a_declined_visit_is_not_corrected(pilot):
    visit = log(pilot)
    Visit.objects.update(state="declined")
    assert refusal_of(correct, pilot, visit).stale


def test_the_mentor_of_today_and_the_colleague_himself_correct_and_nobody_else(pilot):
    own, stood_in = log(pilot), log(pilot, by=pilot.colleague)
    old = log(pilot, on=day(10, 30))
    everybody = (pilot.mentor, pilot.colleague, pilot.former, pilot.stranger)
    able = [[may_correct_visit(v, p) for p in everybody] for v in (own, stood_in, old)]
    assert able == [
        [True, False, False, False],
        [True, True, False, False],
        [True, False, False, False],
    ]
    with pytest.raises(NotPermitted):
        correct(pilot, old, by=pilot.former)
