from django.apps import AppConfig
from django.core import checks


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "账户与岗位"

    def ready(self):
        from axes.signals import user_locked_out
        from django.contrib.auth.signals import (
            user_logged_in,
            user_logged_out,
            user_login_failed,
        )

        from accounts import audit
        from accounts.access import every_view_declares_its_access

        checks.register(every_view_declares_its_access, checks.Tags.security)
        user_logged_in.connect(audit.signed_in)
        user_logged_out.connect(audit.signed_out)
        user_login_failed.connect(audit.sign_in_failed)
        user_locked_out.connect(audit.locked_out)
