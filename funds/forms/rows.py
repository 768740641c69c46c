"""Rows added and removed on the page: budget lines and vouchers."""

from django import forms
from django.core.validators import RegexValidator

from pilotwork.forms import PaperNumberField
from pilotwork.money import MoneyFormField


class RowForm(forms.Form):
    """One row; an untouched row is left out, whatever its position."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.is_removed:
            # What was half typed in a row that is taken out is nobody's mistake.
            for field in self.fields.values():
                field.required = False

    @property
    def is_removed(self):
        """Whether the row was taken out on the page; it stays hidden when the form comes back."""
        return self.is_bound and bool(self.data.get(self.add_prefix("DELETE")))

    def row(self):
        """What was typed, as keyword data."""
        return {name: value for name, value in self.cleaned_data.items() if name != "DELETE"}


class RowSet(forms.BaseFormSet):
    """Rows of which the filled ones count; at least one is needed while `missing` says so."""

    missing = "请至少填写一行。"

    def initial_form_count(self):
        """None of the posted rows: one that was stored and is now blank is left out like any."""
        return 0 if self.is_bound else super().initial_form_count()

    def clean(self):
        if any(self.errors):
            return
        if self.missing and not self.rows():
            raise forms.ValidationError(self.missing)

    def rows(self):
        """The typed rows in order, without blank and removed ones."""
        return [
            form.row()
            for form in self.forms
            if form.has_changed() and form not in self.deleted_forms
        ]


class BudgetLineForm(RowForm):
    item = forms.CharField(label="项目", max_length=60)
    note = forms.CharField(label="说明", max_length=120, required=False)
    quantity = MoneyFormField(
        label="数量",
        error_messages={
            "invalid": "请填写数量，例如 2 或 1.5。",
            "decimals": "数量最多两位小数。",
            "negative": "数量不能是负数。",
            "too_large": "数量太大。",
        },
    )
    unit_price = MoneyFormField(label="单价")
    from_fund = MoneyFormField(label="基金承担", min_value=0)


class ExpenseForm(RowForm):
    budget_line = forms.ModelChoiceField(label="预算项目", queryset=None, empty_label="请选择")
    note = forms.CharField(label="用途", max_length=120, required=False)
    amount = MoneyFormField(label="金额")
    from_fund = MoneyFormField(label="其中基金", min_value=0)
    invoice_code = PaperNumberField(
        label="发票代码",
        required=False,
        validators=[RegexValidator(r"^[0-9]{10,12}\Z", "发票代码是 10 或 12 位数字。")],
    )
    invoice_number = PaperNumberField(
        label="发票号码",
        required=False,
        validators=[RegexValidator(r"^[0-9]{8,20}\Z", "发票号码是 8 位或 20 位数字。")],
    )

    def __init__(self, *args, budget_lines, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["budget_line"].queryset = budget_lines

    def clean(self):
        cleaned = super().clean()
        amount, from_fund = cleaned.get("amount"), cleaned.get("from_fund")
        if amount is not None and from_fund is not None and from_fund > amount:
            self.add_error("from_fund", "基金支出不能超过该笔金额。")
        if cleaned.get("invoice_code") and not cleaned.get("invoice_number"):
            self.add_error("invoice_number", "填了发票代码，还须填发票号码。")
        return cleaned


def rows_of(form, missing, **options):
    """A formset class of `form` with our rules; at most 100 rows."""
    base = type("Rows", (RowSet,), {"missing": missing})
    return forms.formset_factory(
        form,
        formset=base,
        can_delete=True,
        max_num=100,
        absolute_max=120,
        validate_max=True,
        **options,
    )


BudgetFormSet = rows_of(BudgetLineForm, "请至少填写一行预算。", extra=1)
ExpenseFormSet = rows_of(ExpenseForm, "请至少填写一张单据。", extra=1)
