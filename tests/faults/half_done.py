"""Is anything half done? Each row is compared with what the same verb must have left beside it.

`check_ledger` recomputes the ledger and the logs; this looks for what lies around them.
"""

from collections import Counter

from django.contrib.contenttypes.models import ContentType

from accounts.models import TransitionLog
from funds.models import Application, DuesRecord, Entry, EntryKind, State
from mentors.models import Coordination, Difficulty, Research, Visit
from pilotwork.money import ZERO


def half_done():
    """A sentence for each thing that lacks its other half."""
    yield from _applications()
    yield from _dues()
    yield from _visits()
    yield from _logs_of_nothing()


def _log(matter):
    return list(TransitionLog.objects.of(matter))


def _moved(matter, log):
    """Entries that move cash of the matter and entries that its log names; the same, each once."""
    booked = Entry.objects.filter(commitment=matter.commitment_id).exclude(cash=ZERO)
    named = [row.details["entry"] for row in log if "entry" in row.details]
    return sorted(booked.values_list("pk", flat=True)), sorted(named)


def _applications():
    for matter in Application.objects.all():
        log = _log(matter)
        if log and log[-1].target != matter.state:
            yield f"{matter}: the log ends in {log[-1].target}, the state is {matter.state}"
        if matter.history.latest().state != matter.state:
            yield f"{matter}: the history does not know the state"
        booked, named = _moved(matter, log) if matter.commitment_id else ([], [])
        if booked != named:
            yield f"{matter}: booked {booked}, logged {named}"
        is_approved = matter.state == State.APPROVED
        if is_approved != (matter.commitment_id is not None):
            yield f"{matter}: {matter.state}, but commitment {matter.commitment_id}"
        reserves = Entry.objects.filter(commitment=matter.commitment_id, kind=EntryKind.RESERVE)
        if is_approved and [entry.amount for entry in reserves] != [matter.approved_amount]:
            yield f"{matter}: approved {matter.approved_amount}, reserved {list(reserves)}"


def _dues():
    for record in DuesRecord.objects.all():
        log = _log(record)
        if log[-1].target != record.state or record.history.latest().refunded != record.refunded:
            yield f"{record}: state, log and history differ"
        if record.refunded != record.sums.disbursed:
            yield f"{record}: refunded {record.refunded}, booked {record.sums.disbursed}"
        if record.commitment_id:
            booked, named = _moved(record, log)
            # The payments in are on no commitment.
            named = [pk for pk in named if Entry.objects.get(pk=pk).commitment_id]
            if booked != named:
                yield f"{record}: booked {booked}, logged {named}"


def _visits():
    for visit in Visit.objects.all():
        if [row.verb for row in _log(visit)] != ["record"]:
            yield f"visit {visit.pk}: its log is {_log(visit)}"
        for kind in (Difficulty, Coordination, Research):
            if kind.objects.filter(visit=visit).count() != 1:
                yield f"visit {visit.pk}: no {kind.__name__}"
        for photo in visit.photos.all():
            if not photo.is_intact:
                yield f"visit {visit.pk}: its photo is not on the disk"
        if visit.photos.count() != 1 or visit.history.count() != 1:
            yield f"visit {visit.pk}: {visit.photos.count()} photos, {visit.history.count()} histories"


def _logs_of_nothing():
    """Log rows whose matter is not there."""
    for kind in (Application, DuesRecord, Visit, Difficulty):
        rows = TransitionLog.objects.filter(content_type=ContentType.objects.get_for_model(kind))
        there = set(kind.objects.values_list("pk", flat=True))
        lost = Counter(rows.values_list("object_id", flat=True)).keys() - there
        for pk in sorted(lost):
            yield f"{kind.__name__} {pk} is in the log and nowhere else"
