"""manage.py load_demo: the office's first weeks, invented where the report does not say."""

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from reports.demo import load


class Command(BaseCommand):
    help = "Load the demo data into an empty database, through the same verbs as people use."

    def add_arguments(self, parser):
        parser.add_argument(
            "--if-empty",
            action="store_true",
            help="Do nothing, successfully, when the database already holds people.",
        )

    def handle(self, *, if_empty, **options):
        if User.objects.exists():
            if if_empty:
                self.stdout.write("数据库中已有数据，保留原样。")
                return
            raise CommandError("数据库中已有数据；演示数据只能载入空数据库。")
        load()
        self.stdout.write("演示数据已载入。")
