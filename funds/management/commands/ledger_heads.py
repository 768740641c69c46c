"""manage.py ledger_heads: print the head of every account's and every log's chain as JSON."""

import json

from django.core.management.base import BaseCommand

from funds.heads import ledger_heads


class Command(BaseCommand):
    help = "Prints the heads of the ledger's chains as JSON, for check_ledger --against."

    def handle(self, *args, **options):
        self.stdout.write(json.dumps(ledger_heads(), ensure_ascii=False, indent=1))
