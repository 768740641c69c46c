"""Who changed what and when, on our own clock."""

from simple_history.models import HistoricalRecords

from pilotwork import clock


class History(HistoricalRecords):
    """simple-history whose moment comes from `pilotwork.clock` unless the instance brings one.

    The acting person is the instance's `_history_user`, else the request's signed-in user.
    """

    def __init__(self, verbose_name="修改历史", verbose_name_plural="修改历史", **kwargs):
        super().__init__(verbose_name, verbose_name_plural, **kwargs)

    def create_historical_record(self, instance, history_type, using=None):
        if hasattr(instance, "_history_date"):
            super().create_historical_record(instance, history_type, using)
            return
        instance._history_date = clock.now()
        try:
            super().create_historical_record(instance, history_type, using)
        finally:
            del instance._history_date
