"""manage.py check_ledger: recompute every account and every log; exit 1 when something differs.

With --head and --against also whether the ledger is still the one whose chain heads were printed on
paper, or kept with a backup (manage.py ledger_heads).
"""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from funds.kept_heads import head_of_option, heads_of_file
from funds.verify import differences, summaries
from pilotwork.refusals import Refused


class Command(BaseCommand):
    help = "Recomputes the ledger and the logs; names every difference and exits with 1."
    # A damaged installation is just when this is needed: nothing else may keep it from running.
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument(
            "--head",
            action="append",
            default=[],
            metavar="CHAIN:NUMBER:DIGEST",
            help="a chain head as printed, e.g. JJ:12:0123456789abcdef; may be given several times",
        )
        parser.add_argument(
            "--against",
            action="append",
            default=[],
            metavar="FILE",
            help="what ledger_heads once printed; may be given several times",
        )

    def handle(self, *args, head, against, **options):
        try:
            kept = [head_of_option(text) for text in head]
            for path in against:
                kept += heads_of_file(self._read(path), f"“{Path(path).name}”")
        except Refused as refusal:
            raise CommandError(refusal.message, returncode=2) from None
        count = 0
        for words in differences(kept):
            count += 1
            self.stdout.write(words)
        if count:
            raise CommandError(f"共 {count} 处不符。", returncode=1)
        for line in summaries():
            self.stdout.write(line)
        if kept:
            self.stdout.write(f"与留存的 {len(kept)} 个链首一致。")

    def _read(self, path):
        try:
            return json.loads(Path(path).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise CommandError(f"“{path}”读不出来：{error}", returncode=2) from None
