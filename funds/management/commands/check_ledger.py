"""manage.py check_ledger: recompute every account and every log; exit 1 when something differs."""

from django.core.management.base import BaseCommand, CommandError

from funds.verify import differences, summaries


class Command(BaseCommand):
    help = "Recomputes the ledger and the logs; names every difference and exits with 1."
    # A damaged installation is just when this is needed: nothing else may keep it from running.
    requires_system_checks = []

    def handle(self, *args, **options):
        count = 0
        for words in differences():
            count += 1
            self.stdout.write(words)
        if count:
            raise CommandError(f"共 {count} 处不符。", returncode=1)
        for line in summaries():
            self.stdout.write(line)
