"""What Django says of a field, in the words of an office."""

from django.core import validators
from django.forms import fields

TOO_LONG = "最多 %(limit_value)d 字，现在 %(show_value)d 字。"
EMAIL = "请填写正确的邮箱地址，例如 name@example.com。"


def reword():
    """Put our words in place of Django's; called once, before any form is made."""
    validators.MaxLengthValidator.message = TOO_LONG
    validators.MinValueValidator.message = "不能小于 %(limit_value)s。"
    validators.MaxValueValidator.message = "不能大于 %(limit_value)s。"
    validators.validate_email.message = EMAIL
    fields.DateField.default_error_messages["invalid"] = "请填写正确的日期，例如 2026-11-23。"
    fields.IntegerField.default_error_messages["invalid"] = "请填写整数。"
