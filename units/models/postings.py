"""How often an address has written on public pages lately: what the rate limit counts."""

import datetime as dt

from django.db import models
from django.db.models import Count, Q
from django.utils.crypto import salted_hmac

from pilotwork import clock

# With `manage.py forget_senders` every hour, nothing is a day old.
KEPT = dt.timedelta(hours=23)
# How many suggestions one address may send: (within, at most). A village shares few addresses.
PER_ADDRESS = ((dt.timedelta(minutes=10), 3), (KEPT, 10))
PER_UNIT_AND_DAY = 60


def mark_of(address):
    """What stands for an address (str) here: an HMAC with SECRET_KEY, not to be read backwards."""
    return salted_hmac("units.PublicPosting", address, algorithm="sha256").hexdigest()


class PublicPostingQuerySet(models.QuerySet):
    def outdated(self):
        """Rows that are counted no more."""
        return self.filter(at__lt=clock.now() - KEPT)

    def is_too_much_from(self, mark):
        """Whether the address behind `mark` has sent as much as one may (one query)."""
        now = clock.now()
        counted = {
            f"within_{n}": Count("pk", filter=Q(at__gt=now - within))
            for n, (within, _) in enumerate(PER_ADDRESS)
        }
        counts = self.filter(mark=mark).aggregate(**counted)
        return any(counts[f"within_{n}"] >= most for n, (_, most) in enumerate(PER_ADDRESS))


class PublicPosting(models.Model):
    """One suggestion sent from an address, of which only a keyed hash is here, a day at most.

    No page shows it, and nothing is kept of it with the suggestion itself.
    """

    mark = models.CharField("来源校验码", max_length=64)
    at = models.DateTimeField("时间", default=clock.now)

    objects = PublicPostingQuerySet.as_manager()

    class Meta:
        verbose_name = "公开页提交计数"
        verbose_name_plural = "公开页提交计数"
        indexes = [models.Index(fields=["mark", "at"]), models.Index(fields=["at"])]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M}"
