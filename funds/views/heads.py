"""核对凭单校验码: whether a paper still agrees with the ledger it was printed from."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import access
from accounts.rules import is_county
from funds.forms.heads import HeadForm
from funds.head_check import check_head


@access(is_county)
@require_safe
def check_printed(request):
    """The form, and below it what came of the check when something was typed."""
    form = HeadForm(request.GET or None)
    result = check_head(form.cleaned_data["head"]) if form.is_valid() else None
    context = {
        "form": form,
        "result": result,
        "entry": result.row if result and hasattr(result.row, "account") else None,
    }
    return render(request, "funds/check_printed.html", context)
