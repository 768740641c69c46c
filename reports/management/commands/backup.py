"""manage.py backup: all data and uploads in one file, while people go on working."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, connections

from pilotwork.refusals import Refused
from reports.backup.box import Box
from reports.backup.checking import check
from reports.backup.making import make_backup
from reports.backup.retention import clear_away

# The backup is good, but uploads were lost or changed before it was made.
UPLOADS_LOST = 2


def number(text):
    """The number of days, weeks or months that an option names; raises ValueError for none."""
    if not text.isdecimal():
        raise ValueError(text)
    return int(text)


class Command(BaseCommand):
    help = "Write a backup into FOLDER (default BACKUP_FOLDER) and check it; see docs/backup.md."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("folder", nargs="?", default=settings.BACKUP_FOLDER)
        parser.add_argument("--verify", metavar="FILE", help="only check an existing backup")
        parser.add_argument("--database", default=DEFAULT_DB_ALIAS)
        for period in ("daily", "weekly", "monthly"):
            parser.add_argument(
                f"--keep-{period}",
                type=number,
                metavar="N",
                help="delete older backups that no --keep-… keeps, once the new one is checked",
            )

    def handle(self, *, folder, verify, database, **options):
        keep = {period: options[f"keep_{period}"] for period in ("daily", "weekly", "monthly")}
        try:
            if verify:
                self.verify(verify)
            else:
                self.back_up(Path(folder), connections[database], keep)
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal

    def back_up(self, folder, connection, keep):
        """Write, check, and only then clear away."""
        made = make_backup(folder, connection)
        self.verify(made.path)
        if any(kept is not None for kept in keep.values()):
            for path in clear_away(folder, **{name: kept or 0 for name, kept in keep.items()}):
                self.stdout.write(f"已清除旧备份 {path.name}")
        size = made.path.stat().st_size / 1024**2
        self.stdout.write(f"已备份 {made.path}：{made.rows} 行，{made.files} 个附件，{size:.1f} MB")
        for words, names in (("不在存储中", made.missing), ("与上传时不同", made.changed)):
            for name in names:
                self.stderr.write(f"附件{words}：{name}")
        if made.missing or made.changed:
            number = len(made.missing) + len(made.changed)
            raise CommandError(
                f"备份完好，但有 {number} 个附件在此之前已丢失或被改动，请从以前的备份找回。",
                returncode=UPLOADS_LOST,
            )

    def verify(self, path):
        """Check a backup that lies there; raises Refused."""
        with Box(path) as box:
            has_checksum = check(box)
            made_at = box.made_at
        self.stdout.write(f"{path} 完好，{made_at} 备份")
        if not has_checksum:
            self.stderr.write("旁边没有 .sha256 文件，只核对了文件内部的校验和。")
