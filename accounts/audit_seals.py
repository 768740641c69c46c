"""Seals each day of the audit when it is over, and finds out later whether anything was changed."""

import datetime as dt

from django.db import transaction

from accounts.models import AuditEvent, AuditSeal
from pilotwork import clock
from pilotwork.appendonly import digest_of

# After midnight the last events of a day may still be on their way into the database.
GRACE = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
PART = 2000  # rows fetched at a time


def of_day(day):
    """The events of one day (Asia/Shanghai), in the order in which they were kept."""
    return AuditEvent.objects.filter(at__gte=clock.start_of(day), at__lt=clock.end_of(day))


def seal_of(day, previous):
    """(number of events, digest) of a day, chained to the seal before, whose digest is `previous`."""
    count, digest = 0, digest_of({"day": day}, previous)
    fields = [field.attname for field in AuditEvent._meta.concrete_fields]
    for values in of_day(day).order_by("pk").values(*fields).iterator(chunk_size=PART):
        count, digest = count + 1, digest_of(values, digest)
    return count, digest


@transaction.atomic
def seal_days():
    """Seal every day that is over and has events; returns the new AuditSeals, oldest first."""
    made, last = [], AuditSeal.objects.select_for_update().last()
    until = clock.local(clock.now() - GRACE).date()
    while day := _next_day(last, until):
        count, digest = seal_of(day, last.digest if last else "")
        number = last.number + 1 if last else 1
        last = AuditSeal.objects.create(number=number, day=day, events=count, digest=digest)
        made.append(last)
    return made


def _next_day(last, until):
    """The first day before `until`, and after the last one sealed, that has events; or None."""
    events = AuditEvent.objects.filter(at__lt=clock.start_of(until)).order_by("at")
    if last:
        events = events.filter(at__gte=clock.end_of(last.day))
    first = events.values_list("at", flat=True).first()
    return first and clock.local(first).date()


def check_seals():
    """Yield a sentence for every sealed day that is no longer as it was sealed, and for what lies
    in days between."""
    previous, number, day = "", 0, None
    for seal in AuditSeal.objects.iterator(chunk_size=PART):
        if seal.number != number + 1:
            yield f"审计封存第 {number + 1} 号缺失。"
        count, digest = seal_of(seal.day, previous)
        if (seal.events, seal.digest) != (count, digest):
            yield f"审计 {seal.day:%Y-%m-%d}：封存时 {seal.events} 条，现有 {count} 条，内容与封存不符。"
        strays = AuditEvent.objects.filter(at__lt=clock.start_of(seal.day))
        strays = strays.filter(at__gte=clock.end_of(day)) if day else strays
        if strays.exists():
            yield f"审计 {seal.day:%Y-%m-%d} 之前有封存时没有的记录。"
        previous, number, day = seal.digest, seal.number, seal.day
