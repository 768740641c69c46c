"""Pages of dues: a year's list, one unit's record, its verbs, refunding all that are due."""

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import access
from accounts.freshness import WHEN_POSTED
from accounts.matters import NotPermitted
from accounts.pages import form_page
from accounts.rules import holds_cashier
from accounts.verbs import run_verb
from funds.actions.dues import record_dues, why_no_record, years_of
from funds.actions.dues_refunds import refund_each
from funds.dues_due import refunds_due
from funds.dues_list import (
    DuesFilter,
    DuesTable,
    units_of_year,
    with_dues,
    years_to_show,
)
from funds.dues_page import DUES, keep_used, record_context, with_papers
from funds.dues_presenters import shares_of, totals_of
from funds.dues_verbs import DUES_VERBS
from funds.exports import dues_exports
from funds.forms.dues import RecordForm, RefundAllForm
from funds.models import DuesRecord, DuesUseFile
from mentors.models import units_visible_to
from pilotwork import clock, files
from pilotwork.exports import list_page
from pilotwork.lists import CappedPaginator, arrange
from units.models import PilotUnit

ONLY_CASHIERS = "退返由财务人员办理。"
MOST_AT_ONCE = 100


def with_programme(units):
    """Units with what recording their dues asks and names."""
    return units.select_related("organisation__parent", "programme")


def year_context(request):
    """What the list of a year and its print have in common: year, sums, what goes upward."""
    years, year = years_to_show(request)
    records = DuesRecord.objects.visible_to(request.user).filter(year=year)
    return {
        "year": year,
        "years": years,
        "totals": totals_of(records),
        # Asked by the page and its print alone, not by the workbook.
        "shares": SimpleLazyObject(lambda: shares_of(year)) if request.user.is_county else [],
    }


@access()
@require_safe
def dues_list(request):
    """The dues of a year, unit by unit, also of those that are not recorded yet."""
    context = year_context(request)
    year, is_cashier = context["year"], holds_cashier(request.user)
    rows = with_dues(units_of_year(request.user, year), year)
    narrowed = DuesFilter(request.GET, rows, year=year, years=context["years"])
    table = arrange(request, DuesTable(narrowed.qs, year=year, may_record=is_cashier))
    printed = {"label": "打印", "icon": "printer"}
    actions = [printed | {"url": f"{reverse('funds:print_dues')}?year={year}"}]
    if is_cashier and context["totals"].due:
        url = f"{reverse('funds:refund_dues')}?year={year}"
        refund = {"label": "一键退返", "url": url, "icon": "cash-coin", "kind": "primary"}
        actions.insert(0, refund)
    context |= {"filter": narrowed, "table": table, "actions": actions}
    return list_page(request, "funds/dues.html", context, *dues_exports(narrowed.qs, year))


@access()
@require_safe
def print_year(request):
    """The dues of a year on A4, with room to sign and seal."""
    context = year_context(request)
    rows = with_dues(units_of_year(request.user, context["year"]), context["year"])
    context |= {
        "units": rows,
        "today": clock.today(),
        "back_url": f"{reverse('funds:dues')}?year={context['year']}",
    }
    return render(request, "funds/print_dues_year.html", context)


@access(of=PilotUnit, among=units_visible_to, enrich=with_programme)
@require_http_methods(["GET", "HEAD", "POST"])
def record(request, unit):
    """登记: the cashier records what a unit owes for a year."""
    reason = why_no_record(unit, request.user)
    if reason:
        raise NotPermitted(reason)

    def act(**typed):
        record_dues(unit, by=request.user, **typed)
        return "已登记，收到团费后登记缴纳，由初审人核实。"

    asked = {"year": request.GET.get("year")}
    years = list(reversed(years_of(unit)))
    return form_page(
        request,
        RecordForm(request.POST or None, unit=unit, years=years, initial=asked),
        act,
        back=reverse("funds:dues"),
        title="登记团费",
        button="登记",
        sub=str(unit),
        crumbs=[DUES],
    )


def record_page(request, dues, chosen=None, form=None):
    """The page of one unit's dues of one year."""
    context = record_context(dues, request.user, chosen=chosen, form=form)
    return render(request, "funds/dues_record.html", context)


@access(of=DuesRecord, enrich=with_papers)
@require_safe
def dues_record(request, dues):
    """One unit's dues of one year, and what this person may do."""
    return record_page(request, dues)


@access(of=DuesRecord, enrich=with_papers)
@require_http_methods(["GET", "HEAD", "POST"])
def act(request, dues, verb):
    """A verb of one record."""
    if verb not in DUES_VERBS:
        raise Http404("没有这个办理事项。")
    keep_used(dues)
    return run_verb(
        request,
        dues,
        DUES_VERBS[verb],
        render=lambda chosen, form: record_page(request, dues, chosen, form),
        done=lambda result: reverse("funds:dues_record", args=[dues.pk]),
    )


@access(of=DuesUseFile)
@require_safe
def use_file(request, file):
    """A paper of one use, for whoever sees the record."""
    return files.serve(file)


@access(holds_cashier, reason=ONLY_CASHIERS, fresh=WHEN_POSTED)
@require_http_methods(["GET", "HEAD", "POST"])
def refund_all(request):
    """一键退返: the units due, those to be left to a colleague with the reason; POST pays each."""
    _, year = years_to_show(request)
    form = RefundAllForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return refunded(request, year, **form.cleaned_data)
    records = DuesRecord.objects.visible_to(request.user).filter(year=year).to_refund()
    page = CappedPaginator(records.order_by("pk"), MOST_AT_ONCE).get_page(request.GET.get("page"))
    due = refunds_due(DuesRecord.objects.filter(pk__in=[dues.pk for dues in page]), request.user)
    context = {
        "year": year,
        "form": form,
        "page": page,
        "mine": [one for one in due if not one.reason],
        "others": [one for one in due if one.reason],
        "crumbs": [DUES],
    }
    return render(request, "funds/dues_refund.html", context)


def refunded(request, year, *, records, **arguments):
    """Pay the chosen ones, each on its own; the page that says which were paid and which not."""
    found = DuesRecord.objects.visible_to(request.user).with_unit().in_bulk(records)
    chosen = [(found[pk], seen) for pk, seen in records.items() if pk in found]
    outcomes = refund_each(chosen, by=request.user, **arguments)
    context = {
        "year": year,
        "paid": [one for one in outcomes if one.entry],
        "not_paid": [one for one in outcomes if not one.entry],
        "crumbs": [DUES],
    }
    return render(request, "funds/dues_refunded.html", context)
