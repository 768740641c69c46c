"""Django's migrate, which first puts back the triggers that its own system checks ask for."""

from django.core.management.commands import migrate
from django.db import connections

from pilotwork.appendonly import install_triggers


class Command(migrate.Command):
    """migrate refuses to start while a check fails; a lacking trigger must not lock it out.

    So a database restored without triggers, or one older than a new guard, is repaired by migrate.
    """

    def check(self, *args, databases=None, **kwargs):
        """Put back the triggers of `databases` (aliases), then run Django's checks."""
        for alias in databases or []:
            install_triggers(connections[alias])
        super().check(*args, databases=databases, **kwargs)
