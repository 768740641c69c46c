"""Amounts in yuan with two decimals (DOMAIN, Money: CNY with 2 decimals, never floats).

Python sees `Decimal` yuan, the database sees whole fen: SQLite keeps decimals as floats, and a
CHECK constraint or a SUM over floats is not one an auditor can trust.
"""

import re
import unicodedata
from contextlib import suppress
from decimal import ROUND_HALF_UP, Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Sum, Value
from django.db.models.expressions import Combinable, register_combinable_fields
from django.db.models.functions import Coalesce
from django.db.models.query_utils import DeferredAttribute

from pilotwork.refusals import Refused

ZERO = Decimal("0.00")
TOO_LARGE = "合计超过 999,999,999,999.99 元，请核对所填的金额。"
FEN = Decimal("0.01")
LARGEST = Decimal("999999999999.99")
# Sums of amounts are read from the database, which adds up fen in a BIGINT; they are never stored.
LARGEST_SUM = Decimal(2**63 - 1).scaleb(-2)
PLAIN_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d*)?\Z", re.ASCII)
ENDLESS_NUMBER = re.compile(r"\d{16,}(\.\d*)?\Z", re.ASCII)
GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?\Z", re.ASCII)


def to_yuan(value, largest=LARGEST) -> Decimal:
    """Return `value` (Decimal, int or plain str, in yuan) as a Decimal with two decimals.

    Raises ValidationError for floats, booleans, NaN, infinity, exponents, fractions of a fen and
    what is beyond ±`largest`: rounding somebody's money is never this function's decision.
    """
    if isinstance(value, bool) or not isinstance(value, (Decimal, int, str)):
        raise ValidationError("金额必须是数字。", code="invalid")
    if isinstance(value, str):
        value = value.strip()
        if not PLAIN_NUMBER.match(value):
            raise ValidationError("金额只能写数字，例如 3200 或 3200.50。", code="invalid")
    amount = Decimal(value)
    if not amount.is_finite():
        raise ValidationError("金额必须是数字。", code="invalid")
    if abs(amount) > largest:
        raise ValidationError("金额太大。", code="too_large")
    rounded = amount.quantize(FEN)
    if rounded != amount:
        raise ValidationError("金额最多两位小数。", code="decimals")
    # An amount of minus nothing would print as -0.00.
    return rounded if rounded else ZERO


def round_to_fen(value) -> Decimal:
    """Return a computed amount (quantity × unit price, yuan) rounded half up to whole fen."""
    return value.quantize(FEN, rounding=ROUND_HALF_UP)


def yuan(value) -> str:
    """Return an amount or a sum (yuan) as people read it, `3,200.00`; the empty string for None."""
    return "" if value is None else f"{to_yuan(value, LARGEST_SUM):,.2f}"


class MoneyFormField(forms.DecimalField):
    """An amount as people type it: full-width digits, thousands commas, ¥ and 元 are fine.

    Cleans to a Decimal with two decimals. Refuses, in Chinese, more than two decimals, exponents,
    NaN, infinity, amounts beyond ±999,999,999,999.99, and negative ones unless `allow_negative`.
    """

    default_error_messages = {
        "invalid": "请填写金额，例如 3200 或 3,200.50。",
        "decimals": "金额最多两位小数。",
        "too_large": "金额不能超过 999,999,999,999.99 元。",
        "negative": "金额不能是负数。",
    }

    def __init__(self, *, allow_negative=False, **kwargs):
        self.allow_negative = allow_negative
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal"}))
        kwargs["localize"] = False
        super().__init__(**kwargs)

    def to_python(self, value):
        """Return Decimal yuan or None for an empty answer; raises ValidationError."""
        if value in self.empty_values:
            return None
        if isinstance(value, str):
            value = self._plain(value)
            if not value:
                return None
        try:
            amount = to_yuan(value)
        except ValidationError as error:
            raise ValidationError(self.error_messages[error.code], code=error.code) from error
        if amount < 0 and not self.allow_negative:
            raise ValidationError(self.error_messages["negative"], code="negative")
        return amount

    def _plain(self, text):
        # NFKC turns full-width digits, commas, signs and the full-width ￥ into plain ones.
        text = "".join(unicodedata.normalize("NFKC", text).split()).replace("−", "-")
        text = text.removeprefix("人民币").removeprefix("¥").removesuffix("元")
        if not text:
            return ""
        if GROUPED.match(text):
            text = text.replace(",", "")
        if ENDLESS_NUMBER.match(text):
            raise ValidationError(self.error_messages["too_large"], code="too_large")
        if not PLAIN_NUMBER.match(text):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return text

    def validate(self, value):
        # DecimalField's own check is for floats' NaN; to_yuan has refused it by now.
        forms.Field.validate(self, value)

    def prepare_value(self, value):
        """Show a stored amount without exponent or thousands commas, so that it can be edited."""
        return f"{value:.2f}" if isinstance(value, Decimal) and value.is_finite() else value


class MoneyAttribute(DeferredAttribute):
    """Whatever is assigned reads back as two-decimal yuan at once, not only after a reload.

    So a digest over a new row equals the digest over the same row read from the database. What is
    no amount stays as it is, for full_clean() or the save to refuse.
    """

    def __set__(self, instance, value):
        if isinstance(value, (int, str, Decimal)):
            with suppress(ValidationError):
                value = to_yuan(value)
        instance.__dict__[self.field.attname] = value


class MoneyField(models.Field):
    """Decimal yuan in Python, whole fen in a BIGINT column.

    Not a BigIntegerField: Django would take F("a") + F("b") of those for plain integers and hand
    back fen where everything else is yuan. Sums, differences and whole multiples stay money; adding
    a bare number to an F() is refused by Django, because nobody can tell yuan from fen there.
    """

    description = "Money in yuan"
    descriptor_class = MoneyAttribute
    default_validators = [MinValueValidator(-LARGEST), MaxValueValidator(LARGEST)]
    empty_strings_allowed = False

    def get_internal_type(self):
        return "BigIntegerField"

    def to_python(self, value):
        """Return Decimal yuan or None; raises ValidationError as `to_yuan` does."""
        return None if value is None else to_yuan(value)

    def from_db_value(self, value, expression, connection):
        """Turn fen (int, or Decimal as PostgreSQL's SUM of BIGINT gives) into yuan."""
        return None if value is None else Decimal(int(value)).scaleb(-2)

    def get_prep_value(self, value):
        """Turn yuan into fen; raises ValidationError for anything `to_yuan` refuses.

        Of amounts that are each in order, a product or a sum may still be too large to be kept:
        that is Refused, so that whoever typed them reads it on his form.
        """
        value = super().get_prep_value(value)
        if value is None or hasattr(value, "resolve_expression"):
            return value
        try:
            return int(to_yuan(value).scaleb(2))
        except ValidationError as error:
            if error.code == "too_large":
                raise Refused(TOO_LARGE) from error
            raise

    def value_to_string(self, obj):
        """Serialise as yuan, so that fixtures read back the same."""
        value = self.value_from_object(obj)
        return None if value is None else str(to_yuan(value))

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": MoneyFormField, "allow_negative": True, **kwargs})


for _connector in (Combinable.ADD, Combinable.SUB):
    register_combinable_fields(MoneyField, _connector, MoneyField, MoneyField)
register_combinable_fields(MoneyField, Combinable.MUL, models.IntegerField, MoneyField)
register_combinable_fields(models.IntegerField, Combinable.MUL, MoneyField, MoneyField)


def zero():
    """Return an expression for nothing, in money."""
    return Value(ZERO, output_field=MoneyField())


def total(expression, **kwargs):
    """Return an aggregate over money that is 0.00 where there are no rows; `kwargs` go to Sum."""
    return Coalesce(Sum(expression, **kwargs), zero())
