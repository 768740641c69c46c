from django.apps import AppConfig
from django.core import checks


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "账户与岗位"

    def ready(self):
        from accounts.access import every_view_declares_its_access

        checks.register(every_view_declares_its_access, checks.Tags.security)
