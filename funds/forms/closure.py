"""The closure: report, document count and the vouchers by budget line."""

from django import forms

from accounts.verbs import VerbForm
from funds.forms.rows import ExpenseFormSet
from pilotwork.files import UploadsField
from pilotwork.forms import TextArea


class ClosureForm(VerbForm):
    """What was done and spent; `expenses` is its set of rows."""

    report = forms.CharField(label="活动总结", max_length=4000, widget=TextArea(rows=6))
    document_count = forms.IntegerField(label="附单据张数", min_value=0, max_value=9999)
    uploads = UploadsField(label="结项材料", required=False, help_text="照片、票据扫描件，可不传。")

    def __init__(self, data=None, files=None, **kwargs):
        super().__init__(data, files, **kwargs)
        previous = self.matter.closures.prefetch_related("expenses").first()
        if previous and data is None:
            self.initial |= {"report": previous.report, "document_count": previous.document_count}
        self.expenses = ExpenseFormSet(
            data,
            prefix="expenses",
            initial=_expenses_of(previous) if data is None else None,
            form_kwargs={"budget_lines": self.matter.budget_lines.all()},
        )

    def is_valid(self):
        """The fields and every row must be right; both are checked so that all errors show."""
        fields, rows = super().is_valid(), self.expenses.is_valid()
        return fields and rows

    def place(self, refusal):
        """A refusal of the vouchers stands above their rows."""
        if refusal.field == "expenses":
            self.expenses.non_form_errors().append(refusal.message)
        else:
            super().place(refusal)

    def arguments(self):
        return {**self.cleaned_data, "expenses": self.expenses.rows()}


def _expenses_of(closure):
    """The rows of a returned closure, so that nothing has to be typed again."""
    if closure is None:
        return []
    fields = ("note", "amount", "from_fund", "invoice_code", "invoice_number")
    return [
        {"budget_line": expense.budget_line_id, **{f: getattr(expense, f) for f in fields}}
        for expense in closure.expenses.all()
    ]
