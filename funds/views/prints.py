"""The A4 forms that the office signs and seals; nothing here changes anything."""

from django.http import Http404
from django.views.decorators.http import require_safe

from accounts.access import access
from accounts.rules import is_signed_in
from funds import papers
from funds.models import Application, Entry


def page_of(request, paper):
    """The form's page; Http404 where there is no such form."""
    if paper is None:
        raise Http404("There is no such form.")
    return paper.page(request)


@access(is_signed_in, of=Application)
@require_safe
def approval_form(request, application):
    """《试点工作基金立项审批表》 with every opinion in its cell and room to sign and seal."""
    return page_of(request, papers.approval_form(application))


@access(is_signed_in, of=Application)
@require_safe
def closure_form(request, application):
    """结项表: the report, the spending by budget line, the vouchers and the balance."""
    return page_of(request, papers.closure_form(application))


@access(is_signed_in, of=Entry)
@require_safe
def voucher(request, entry):
    """收款凭单, 冲销凭单 or, titled as the matter says, the voucher of what was paid."""
    return page_of(request, papers.voucher(entry))
