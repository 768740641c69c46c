"""manage.py forget_senders: take away what the rate limit counted until yesterday."""

from django.core.management.base import BaseCommand

from units.models import PublicPosting


class Command(BaseCommand):
    help = "Delete the hashed addresses of visitors before they are a day old; run it hourly."

    def handle(self, **options):
        number, _ = PublicPosting.objects.outdated().delete()
        self.stdout.write(f"已删除 {number} 条。")
