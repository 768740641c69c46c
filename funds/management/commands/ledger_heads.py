"""manage.py ledger_heads: print the head of every account's and every log's chain as JSON."""

from django.core.management.base import BaseCommand

from funds.heads import heads_as_json


class Command(BaseCommand):
    help = "Prints the heads of the ledger's chains as JSON, for check_ledger --against."

    def handle(self, *args, **options):
        for line in heads_as_json():
            self.stdout.write(line, ending="")
