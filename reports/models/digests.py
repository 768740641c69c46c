"""每日提醒: which message of a day was taken up, and what became of it."""

import datetime as dt

from django.db import models
from django.db.models import Q

from accounts.models import User
from pilotwork import clock

# Nobody takes so long over one message: whoever took it up earlier and said nothing is gone.
ABANDONED_AFTER = dt.timedelta(minutes=15)


class DigestQuerySet(models.QuerySet):
    def left_over(self):
        """Messages that did not go out: refused by the channel, or left by a process that died."""
        is_abandoned = Q(claimed_at__lt=clock.now() - ABANDONED_AFTER)
        return self.filter(Q(failed_at__isnull=False) | is_abandoned, sent_at=None)


class Digest(models.Model):
    """One message of one day, to a person or to a group; never what it said.

    The row is made first, by whoever sends it: its being unique is what keeps a second run, or a
    second machine, from sending the same message again.
    """

    day = models.DateField("日期")
    person = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="digests", verbose_name="人员"
    )
    # The fingerprint of the group's address, which is a secret.
    group = models.CharField("群", max_length=64, blank=True)
    claimed_at = models.DateTimeField("取走时间", default=clock.now)
    sent_at = models.DateTimeField("发出时间", null=True)
    failed_at = models.DateTimeField("失败时间", null=True)

    objects = DigestQuerySet.as_manager()

    class Meta:
        verbose_name = "每日提醒"
        verbose_name_plural = "每日提醒"
        ordering = ["-day", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "day"],
                condition=Q(person__isnull=False),
                name="one_digest_per_person_and_day",
            ),
            models.UniqueConstraint(
                fields=["group", "day"],
                condition=~Q(group=""),
                name="one_digest_per_group_and_day",
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False, group="") | (Q(person=None) & ~Q(group="")),
                name="a_digest_goes_to_a_person_or_a_group",
            ),
        ]

    def __str__(self):
        return f"{self.day} {self.person or '群'}"
