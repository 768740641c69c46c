"""导出: the list on screen as a ledger, all its pages, in the same order.

A view of a list ends with `list_page` instead of `render`. It shows the page, with an address for
its 导出 button, and at that address (the page's own with `format=xlsx`) gives the same rows whole.
The rows are those that the page's table or pages are cut from: filter and `visible_to` cannot differ.
"""

import dataclasses
import datetime as dt
import io
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import islice

from django.conf import settings
from django.contrib import messages
from django.db.models import Model, QuerySet
from django.forms import ModelChoiceField
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.module_loading import import_string

from pilotwork import clock
from pilotwork.paper.workbook import CONTENT_TYPE, Heading, Ledger, clean_file_name, write_xlsx
from pilotwork.templatetags.pilotwork import cn_full_date

APP_NAME = "试点工作台"
FORMAT = "xlsx"
# What a worker writes in a few seconds, and an office reads at all.
MOST_ROWS = 20_000
CHUNK = 500


@dataclasses.dataclass(frozen=True)
class Export:
    """How a list's records become the rows of one ledger.

    `row(record, reader)` returns the values of one record; where several are better read together,
    `rows_of(records, reader)` yields those of up to 500. `enrich` adds to the list's queryset what
    they need, so that no record asks for itself. `source` takes the place of the list's own rows,
    for a second sheet that goes with the same filter; `note` stands below them.
    """

    title: str
    headings: Sequence[Heading]
    row: Callable | None = None
    rows_of: Callable | None = None
    enrich: Callable | None = None
    source: Iterable | None = None
    note: str = ""

    def ledger(self, rows, reader, **notes):
        """The Ledger of `rows` (a queryset or list) as `reader` may see them."""
        rows = rows if self.source is None else self.source
        return Ledger(
            self.title, self.headings, self._values(rows, reader), note=self.note, **notes
        )

    def _values(self, rows, reader):
        if self.enrich and isinstance(rows, QuerySet):
            rows = self.enrich(rows)
        for records in _in_chunks(rows):
            if self.rows_of:
                yield from self.rows_of(records, reader)
            else:
                yield from (self.row(record, reader) for record in records)


def _in_chunks(rows):
    """Lists of up to 500 records; of a queryset no more is in memory at a time."""
    records = rows.iterator(chunk_size=CHUNK) if isinstance(rows, QuerySet) else iter(rows)
    while chunk := list(islice(records, CHUNK)):
        yield chunk


def list_page(request, template, context, *exports, rows=None, cutoff=None):
    """The answer of a list's view: its page, or the workbook of `exports` where that is asked for.

    The rows are those of context["table"] (django-tables2) or context["page"], uncut; `rows` is for
    a page that has neither, `cutoff` the day at which they stand where it is not today. More than
    20,000, and those of a filter that is filled in wrongly, are refused with a message on the page
    itself: a ledger would speak of a condition that its rows do not keep.
    """
    if request.GET.get("format") != FORMAT:
        return render(request, template, {**context, "export_url": export_url(request)})
    rows = rows_shown(context) if rows is None else rows
    refusal = _why_no_ledger(rows, _filter_form(context))
    if refusal:
        messages.error(request, refusal)
        return redirect(f"{request.path}?{_query(request).urlencode()}")
    return download(request, rows, exports, conditions=conditions_of(context), cutoff=cutoff)


def rows_shown(context):
    """All the records of which the page shows one page, in its order."""
    if "table" in context:
        return context["table"].data.data
    return context["page"].paginator.object_list


def download(request, rows, exports, *, conditions="", cutoff=None):
    """The workbook of `rows` as a file to keep, one sheet for each of `exports`; `cutoff` is today."""
    content = io.BytesIO()
    notes = {
        "made_by": issuer(request.user),
        "cutoff": cutoff or clock.today(),
        "conditions": conditions,
    }
    ledgers = [export.ledger(rows, request.user, **notes) for export in exports]
    write_xlsx(content, *ledgers, author=APP_NAME, created_at=clock.now())
    name = clean_file_name(f"{exports[0].title}_{clock.today():%Y%m%d}.xlsx")
    response = HttpResponse(content.getvalue(), content_type=CONTENT_TYPE)
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


def export_url(request):
    """The page's own address, with its filter and order, for the whole as a workbook."""
    query = _query(request)
    query["format"] = FORMAT
    return f"{request.path}?{query.urlencode()}"


def _query(request):
    """What the address asks for, but for the page and how it is given out."""
    query = request.GET.copy()
    for name in ("page", "per_page", "format"):
        query.pop(name, None)
    return query


def _why_no_ledger(rows, form):
    if form is not None and form.is_bound and not form.is_valid():
        return "筛选条件有误，没有导出；请先改正标出的一项。"
    some = rows[: MOST_ROWS + 1]
    if (some.count() if isinstance(rows, QuerySet) else len(some)) > MOST_ROWS:
        return f"超过 {MOST_ROWS:,} 条，请先缩小筛选范围，再分几次导出。"
    return ""


def _filter_form(context):
    """The form of the page's filter; None where it has none."""
    chosen = context.get("filter") or context.get("filter_form")
    return getattr(chosen, "form", chosen)


def conditions_of(context):
    """筛选条件: the page's filter in words, "" for none.

    Read from context["filter"] or ["filter_form"] (a form or a FilterSet), or ["query"] where one
    searches by name alone; context["unit"] or ["pair"] is what a link has narrowed the list to.
    """
    form = _filter_form(context)
    words = _form_in_words(form) if form is not None else []
    narrowed = context.get("unit") or context.get("pair")
    words += [f"单位 {narrowed}"] if narrowed else []
    words += [f"查找 {context['query']}"] if context.get("query") else []
    return "；".join(words)


def _form_in_words(form):
    if not form.is_bound:
        return []
    form.is_valid()
    typed = [(form[name], value) for name, value in form.cleaned_data.items()]
    return [
        f"{field.label} {_in_words(field, value)}"
        for field, value in typed
        if value not in (None, "") and (not field.is_hidden or isinstance(value, Model))
    ]


def _in_words(bound, value):
    """A typed value as the form's own choices or the calendar have it."""
    if isinstance(value, dt.date):
        return cn_full_date(value)
    choices = getattr(bound.field, "choices", ())
    if isinstance(bound.field, ModelChoiceField) or not choices:
        return str(value)
    return {str(key): str(label) for key, label in choices}.get(str(value), str(value))


@cache
def _issuer_function():
    return import_string(settings.LEDGER_ISSUER)


def issuer(user):
    """制表单位: whose ledger it is when `user` makes it; a higher room knows (LEDGER_ISSUER)."""
    return _issuer_function()(user)
