"""manage.py health: what is not well with this installation, with the particulars; exit 1 then."""

from django.core.management.base import BaseCommand, CommandError

from pilotwork.condition import complaints


class Command(BaseCommand):
    help = "Says whether database, migrations, uploads' folder and free space are well."
    # It is asked when something is wrong: nothing else may keep it from running.
    requires_system_checks = []

    def handle(self, *args, **options):
        found = complaints()
        for complaint in found:
            self.stdout.write(f"{complaint.words}: {complaint.detail}")
        if found:
            raise CommandError(f"共 {len(found)} 处不正常。", returncode=1)
        self.stdout.write("ok")
