"""manage.py seal_audit: seal the days of the audit that are over; prints each new seal."""

from django.core.management.base import BaseCommand

from accounts.audit_seals import seal_days


class Command(BaseCommand):
    help = "Seals the days of the audit that are over, so that check_ledger misses what is changed."

    def handle(self, *args, **options):
        for seal in seal_days():
            self.stdout.write(
                f"审计 {seal}：{seal.events} 条，封存第 {seal.number} 号 {seal.digest}"
            )
