"""manage.py reset_second_factor: the way back in when no administrator has phone or recovery codes."""

from django.core.management.base import BaseCommand, CommandError

from accounts.factor_actions import reset_factor_on_server
from accounts.models import User
from pilotwork.refusals import Refused


class Command(BaseCommand):
    help = "Takes away a person's second factor; the person sets it up anew at the next sign-in."

    def add_arguments(self, parser):
        parser.add_argument("username", help="登录名")
        parser.add_argument("--reason", required=True, help="原因，本人会看到")

    def handle(self, *args, username, reason, **options):
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"没有登录名为 {username} 的账户。")
        try:
            reset_factor_on_server(user, reason=reason)
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"已重置 {user} 的手机验证码，此人下次登录会看到。")
