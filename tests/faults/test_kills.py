"""kill -9 of the whole server at random moments while eight people work, again and again.

`pytest tests/faults/test_kills.py --long -s` kills a hundred times and prints what happened;
`--kills=N` says how often.
"""

import datetime as dt
import random
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import override_settings

from funds.verify import differences
from pilotwork.strays import strays
from tests.faults.half_done import half_done
from tests.faults.work import KEPT, Office

AT_WORK = (0.05, 0.75)  # seconds until the server is killed, at random
LOOK_EVERY = (
    25  # kills after which everything is looked at, so that a fault is found near its cause
)

pytestmark = pytest.mark.long


def missing(deeds):
    """The deeds that were answered "saved" and are not there, or are there more than once."""
    return [deed for deed in deeds if deed.is_saved and KEPT[deed.kind](deed.mark).count() != 1]


def look_at_everything(office):
    """Nothing that was saved is missing, nothing is half done or there twice, the ledger is clean."""
    assert missing(office.deeds) == []
    assert list(half_done()) == []
    assert list(differences()) == []


def work_until_killed(server, office, moment):
    """One round: the server starts, eight people work, it is killed; a mistake of theirs is raised."""
    server.start()
    with ThreadPoolExecutor(len(office.workers)) as pool:
        began = [pool.submit(worker.work) for worker in office.workers]
        time.sleep(moment)
        server.kill()
        for one in began:
            one.result()


def report(office, kills, answered, was_done, seconds):
    """What the run was worth, in lines: pytest shows them with -s."""
    sent = Counter(deed.kind for deed in office.deeds)
    again = [deed for deed in office.deeds if deed.times > 1]
    return (
        f"\n{connection.vendor}: {kills} kills in {seconds:.0f} s; sent {dict(sent)}, answered "
        f"{len(answered)}; cut off {len(again)}, {was_done} of them when it was done; stray files {len(list(strays(dt.timedelta(0))))}"
    )


def test_whatever_was_answered_outlives_the_server_and_nothing_is_half_done(
    server, tmp_path, pytestconfig
):
    kills, dice = pytestconfig.getoption("--kills"), random.Random()
    with override_settings(MEDIA_ROOT=str(tmp_path / "media")):
        office = Office(server.url)
        server.start()
        for worker in office.workers:
            worker.browser.sign_in()
        server.kill()
        office.prepare()
        for worker in office.workers:
            server.warm(worker.browser, worker.path)
        began, was_done = time.monotonic(), 0
        for kill in range(1, kills + 1):
            office.prepare()
            work_until_killed(server, office, dice.uniform(*AT_WORK))
            cut_off = [worker.unanswered for worker in office.workers if worker.unanswered]
            was_done += sum(KEPT[deed.kind](deed.mark).exists() for deed in cut_off)
            if kill % LOOK_EVERY == 0 or kill == kills:
                look_at_everything(office)
        answered = [deed for deed in office.deeds if deed.is_saved]
        sys.stdout.write(report(office, kills, answered, was_done, time.monotonic() - began))
    assert {deed.kind for deed in answered} == set(KEPT)
