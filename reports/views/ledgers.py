"""台账导出: all ledgers of a person on one page."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import access
from reports.ledgers import PeriodForm, ledgers_of
from reports.navigation import frame_of


@access()
@require_safe
def ledgers(request):
    """Every ledger the person may take, of the period in the address."""
    form = PeriodForm(request.GET if {"since", "until"} & request.GET.keys() else None)
    period = form.cleaned_data if form.is_valid() else {}
    context = {"form": form, "groups": ledgers_of(frame_of(request), **period)}
    return render(request, "reports/ledgers.html", context)
