"""Which objects, kinds and acts the words in the audit's filter mean."""

import re

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import models

from accounts.models import AuditKind
from funds.models import Application, Commitment, Entry
from reports.audit.objects import title_of, visible

MOST_CALLED = 200
# 凭单号: the account's code and the entry's number.
VOUCHER = re.compile(r"(.+)-([0-9]{1,9})")


def kinds_called(text):
    """The content types of the kinds of object with `text` in their name (立项申请)."""
    models_called = [model for model in apps.get_models() if text in str(model._meta.verbose_name)]
    return [kind.pk for kind in ContentType.objects.get_for_models(*models_called).values()]


def events_called(text):
    """The kinds of audit event with `text` in their name (登录)."""
    return [kind for kind in AuditKind if text in kind.label]


def called(text, models_of_audit, user):
    """{model: keys} of the objects that the person may see and that `text` names.

    In their title; of an application in its number; of an entry the number of its voucher, which
    names the matter that it was booked for too. Of each kind the newest MOST_CALLED; one query, and
    two for a voucher's number.
    """
    found = {}
    for place, key in _titled(text, models_of_audit, user):
        found.setdefault(models_of_audit[place], []).append(key)
    for model, key in _behind_voucher(text, user):
        found.setdefault(model, []).append(key)
    return found


def _titled(text, models_of_audit, user):
    parts = []
    for place, model in enumerate(models_of_audit):
        if title := title_of(model):
            named = models.Q(**{f"{title}__icontains": text})
            if model is Application:
                named |= models.Q(number__icontains=text)
            keys = visible(model, user).filter(named).order_by("-pk").values("pk")[:MOST_CALLED]
            parts.append(
                model._base_manager.filter(pk__in=keys)
                .order_by()
                .annotate(audit_place=models.Value(place, models.IntegerField()))
                .values_list("audit_place", "pk")
            )
    return parts[0].union(*parts[1:], all=True)


def _behind_voucher(text, user):
    """(model, key) of the entry with that voucher number and of its matter."""
    match = VOUCHER.fullmatch(text.strip().upper())
    if match is None:
        return
    code, number = match.groups()
    entries = visible(Entry, user).filter(account__code__iexact=code, number=int(number))
    owners = [f"commitment__{name}" for name in Commitment.owners()]
    for entry in entries.select_related("commitment", *owners):
        yield Entry, entry.pk
        if entry.commitment and entry.commitment.owner:
            yield type(entry.commitment.owner), entry.commitment.owner.pk
