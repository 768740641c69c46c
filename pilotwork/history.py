"""Who changed what and when, on our own clock."""

from django.db import transaction
from django.db.models import Max, Subquery
from simple_history.models import HistoricalRecords
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from pilotwork import clock


class History(HistoricalRecords):
    """simple-history whose moment comes from `pilotwork.clock` unless the instance brings one.

    The acting person is the instance's `_history_user`, else the request's signed-in user.
    """

    def __init__(self, verbose_name="修改历史", verbose_name_plural="修改历史", **kwargs):
        super().__init__(verbose_name, verbose_name_plural, **kwargs)

    def post_save(self, instance, created, using=None, **kwargs):
        # What Django notes of a sign-in is no change that somebody made; the audit has it.
        if kwargs.get("update_fields") != {"last_login"}:
            super().post_save(instance, created, using=using, **kwargs)

    def create_historical_record(self, instance, history_type, using=None):
        if hasattr(instance, "_history_date"):
            super().create_historical_record(instance, history_type, using)
            return
        instance._history_date = clock.now()
        try:
            super().create_historical_record(instance, history_type, using)
        finally:
            del instance._history_date


def last_change_of(model, key):
    """In SQL: the number of the last change of the row of `model` whose key is `key`."""
    rows = model.history.filter(id=key).order_by("-history_id")
    return Subquery(rows.values("history_id")[:1])


def last_change(row):
    """The number of the last change of the row; None of a new one.

    A form that sends along the number its page was opened with can be refused where the row has
    changed since: else the last of two windows would silently take back what the first one saved.
    """
    return row.history.aggregate(last=Max("history_id"))["last"]


# SQLite and PostgreSQL both take this many rows of any of our models in one statement.
BATCH = 500


def create_all(rows, *, by):
    """Insert unsaved `rows` of one model, with their history, in few statements; returns them."""
    if not rows:
        return []
    return bulk_create_with_history(
        rows, type(rows[0]), batch_size=BATCH, default_user=by, default_date=clock.now()
    )


@transaction.atomic
def update_all(rows, fields, *, by):
    """Save the `fields` of `rows` of one model; their history is written in few statements.

    One UPDATE a row: a single statement for many rows takes far longer to put together. For fields
    that no state machine guards.
    """
    if not rows:
        return
    model = type(rows[0])
    for row in rows:
        values = {name: getattr(row, name) for name in fields}
        model._base_manager.filter(pk=row.pk).update(**values)
    bulk_update_with_history(
        rows, model, [], batch_size=BATCH, default_user=by, default_date=clock.now()
    )
