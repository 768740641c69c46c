"""manage.py restore FILE: put a backup back into an empty installation."""

from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, connections

from pilotwork.refusals import Refused
from reports.backup.box import Box
from reports.backup.restoring import restore


class Command(BaseCommand):
    help = "Restore a backup into a migrated, empty installation: all of it or nothing."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("file")
        parser.add_argument("--database", default=DEFAULT_DB_ALIAS)

    def handle(self, *, file, database, **options):
        try:
            with Box(file) as box:
                has_checksum = restore(box, connections[database])
                made_at = box.made_at
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        if not has_checksum:
            self.stderr.write("旁边没有 .sha256 文件，只核对了文件内部的校验和。")
        self.stdout.write(f"已恢复 {made_at} 的备份。请重启服务，并运行 manage.py check_ledger。")
