"""审计: the timeline of all that is recorded, for administrators and leaders, and one change in full."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import access
from accounts.rules import may_read_audit
from pilotwork.exports import list_page
from pilotwork.lists import page_size
from reports.audit.changes import change_of
from reports.audit.exports import AUDIT
from reports.audit.forms import AuditFilter
from reports.audit.lines import lines_of
from reports.audit.timeline import Timeline, TimelinePaginator

ONLY = "审计只对系统管理员和领导开放。"


@access(may_read_audit, reason=ONLY)
@require_safe
def audit(request):
    """Who signed in, did, changed, printed, exported and opened what, newest first."""
    form = AuditFilter(request.GET)
    form.is_valid()
    pages = TimelinePaginator(Timeline(form.asked(request.user)), page_size(request))
    page = pages.get_page(request.GET.get("page"))
    context = {"filter_form": form, "page": page}
    if "format" not in request.GET:
        context["lines"] = lines_of(page.object_list, request.user)
    return list_page(request, "reports/audit.html", context, AUDIT)


@access(may_read_audit, reason=ONLY)
@require_safe
def audit_change(request, change):
    """One change of a row: each field before and after."""
    context = {"change": change_of(change, request.user)}
    return render(request, "reports/audit_change.html", context)
