"""The ground's application: keeps the append-only triggers in place."""

from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate


class PilotworkConfig(AppConfig):
    name = "pilotwork"
    verbose_name = "团建试点"

    def ready(self):
        from pilotwork.appendonly import check_triggers, reinstall_after_migrate
        from pilotwork.wording import reword

        reword()
        post_migrate.connect(reinstall_after_migrate, dispatch_uid="append_only_triggers")
        checks.register(check_triggers, checks.Tags.database)
