"""`manage.py send_digest`, for cron: what waits for each person, once a day at most."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from reports.digest.channels import Group
from reports.digest.sending import send_digests


class Command(BaseCommand):
    help = "把待办件数发给各人的邮箱和工作群，每天最多一次。默认关闭，见 README。"

    def add_arguments(self, parser):
        parser.add_argument("--retry", action="store_true", help="补发当天没有发出去的")

    def handle(self, *args, retry, **options):
        if not settings.DIGEST_EMAIL and not settings.DIGEST_GROUPS:
            self.stdout.write("每日提醒没有开启（DIGEST_EMAIL、DIGEST_GROUPS），没有发送。")
            return
        self.require_settings()
        outcome = send_digests(by_mail=settings.DIGEST_EMAIL, groups=self.groups(), retry=retry)
        said = f"已发邮件 {outcome.mails} 封，群消息 {outcome.groups} 条"
        if outcome.why_no_mail:
            said += f"（有待办的人中，{outcome.why_no_mail}）"
        if outcome.failed:
            # Not 0, so that cron and what watches it notice.
            raise CommandError(
                f"{said}；{outcome.failed} 次没有成功，原因见日志，可用 --retry 补发。"
            )
        self.stdout.write(f"{said}。")

    def require_settings(self):
        """Raise CommandError that names what is missing before anything is sent."""
        needed = ["SITE_URL"]
        if settings.DIGEST_EMAIL:
            needed += ["EMAIL_URL", "DEFAULT_FROM_EMAIL"]
        names = {"DEFAULT_FROM_EMAIL": "EMAIL_FROM"}
        missing = [names.get(name, name) for name in needed if not getattr(settings, name)]
        if missing:
            raise CommandError(f"每日提醒已开启，但没有设置 {'、'.join(missing)}，没有发送。")
        if not settings.SITE_URL.startswith(("https://", "http://")):
            raise CommandError("SITE_URL 须以 https:// 开头，没有发送。")

    def groups(self):
        """The groups' channels; an address that is none is named by its place, being a secret."""
        found = []
        for number, address in enumerate(settings.DIGEST_GROUPS, start=1):
            try:
                found.append(Group(address))
            except ValueError as error:
                raise CommandError(
                    f"DIGEST_GROUPS 第 {number} 个地址无法识别，没有发送。"
                ) from error
        return found
