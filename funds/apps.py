from django.apps import AppConfig


class FundsConfig(AppConfig):
    name = "funds"
    verbose_name = "试点工作基金"
