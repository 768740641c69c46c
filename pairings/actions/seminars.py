"""Verbs on seminars (DOMAIN, Joint pairing)."""

from django.db import transaction

from accounts.matters import require, verb
from pairings.actions.joint import begin, check_day, check_only_one, log_correction, log_entry
from pairings.models import Seminar, SeminarPhoto
from pilotwork import clock
from pilotwork.refusals import Refused

MAX_PHOTOS = 9


@transaction.atomic
def enter_seminar(pairing, *, by, photos=(), on_behalf=False, **content):
    """登记座谈会: a member of either side enters it, the other side is to confirm it.

    `content` are the fields of Seminar.CONTENT, `photos` Accepted pictures. With `on_behalf` the
    reviewer enters it for a side without account, and it counts at once. Refused: a day in the
    future or outside the pair's period, the same seminar twice, both sides having accounts.
    """
    state = {"state": "confirmed"} if on_behalf else {}
    seminar = begin(Seminar, pairing, by=by, values=content | state, on_behalf=on_behalf)
    _check(seminar)
    seminar.save()
    log_entry(seminar, by=by)
    _keep(seminar, photos, by=by)
    return seminar


@verb
def correct_seminar(seminar, *, by, opinion="", photos=(), removed_photos=(), seen=None, **content):
    """The entering side writes it anew; refused as on entering. Earlier words stay in the log."""
    require(seminar, "correct", by, seen=seen)
    for name in Seminar.CONTENT:
        setattr(seminar, name, content[name])
    _check(seminar)
    seminar.photos.filter(pk__in=removed_photos, removed_at=None).update(removed_at=clock.now())
    _keep(seminar, photos, by=by)
    log_correction(seminar, by=by, opinion=opinion)
    return seminar


def _check(seminar):
    check_day(seminar, seminar.held_on, "held_on")
    check_only_one(seminar, held_on=seminar.held_on, title=seminar.title)


def _keep(seminar, photos, *, by):
    if seminar.photos.filter(removed_at=None).count() + len(photos) > MAX_PHOTOS:
        raise Refused(f"照片最多 {MAX_PHOTOS} 张。", "photos")
    for photo in photos:
        SeminarPhoto.keep(photo, by=by, seminar=seminar)
