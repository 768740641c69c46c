"""manage.py forget_strays: take away uploaded files that were never saved with anything."""

from django.core.management.base import BaseCommand

from pilotwork.strays import strays


class Command(BaseCommand):
    help = "Delete uploaded files, over a day old, that no row names; run it weekly."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="only name them")

    def handle(self, *, dry_run, **options):
        found = list(strays())
        for storage, name in found:
            self.stdout.write(name)
            if not dry_run:
                storage.delete(name)
        self.stdout.write(f"共 {len(found)} 个，{'未删除' if dry_run else '已删除'}。")
