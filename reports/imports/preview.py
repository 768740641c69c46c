"""What the page of an upload shows: what confirming would do, or what it has done."""

from django.core.paginator import Paginator
from django.urls import reverse, reverse_lazy

from pilotwork.lists import page_size
from reports.imports.kind import counts_of, digest_of
from reports.imports.kinds import KINDS
from reports.imports.rows import Outcome

IMPORTS = {"label": "导入", "url": reverse_lazy("reports:imports")}
ALL = "all"


def page_of_upload(request, upload):
    """The context of an upload's page: its result once it is imported, else its preview."""
    kind = KINDS[upload.kind]
    context = {
        "upload": upload,
        "kind": kind,
        "crumbs": [IMPORTS, {"label": kind.title, "url": again(kind)}],
        "again": again(kind),
    }
    if upload.confirmed_at:
        return context | {"figures": _figures(upload.result), "list_url": reverse(kind.list_url)}
    return context | _preview(request, kind.plan(upload.rows, request.user))


def again(kind):
    """The address at which a file of that kind is uploaded."""
    return reverse("reports:import_upload", args=[kind.slug])


def _preview(request, rows):
    counts = counts_of(rows)
    chosen = request.GET.get("show", "")
    if chosen not in {ALL, *counts}:
        # What stands in the way comes first.
        chosen = Outcome.ERROR.value if counts[Outcome.ERROR] else ALL
    shown = [row for row in rows if chosen in {ALL, row.outcome}]
    to_write = counts[Outcome.NEW] + counts[Outcome.CHANGED]
    return {
        "figures": _figures(counts),
        "tabs": _tabs(counts, chosen, len(rows)),
        "page": Paginator(shown, page_size(request)).get_page(request.GET.get("page")),
        "error_count": counts[Outcome.ERROR],
        "to_write": to_write,
        "may_confirm": to_write and not counts[Outcome.ERROR],
        "seen": digest_of(rows),
    }


def _figures(counts):
    return [
        {"outcome": outcome.value, "label": outcome.label, "count": counts.get(outcome.value, 0)}
        for outcome in (Outcome.NEW, Outcome.CHANGED, Outcome.SAME, Outcome.ERROR)
    ]


def _tabs(counts, chosen, number):
    """The filters above the rows, those only that leave some."""
    tabs = [(ALL, "全部", number)]
    tabs += [(outcome.value, outcome.label, counts[outcome]) for outcome in Outcome]
    return [
        {"value": value, "label": label, "count": count, "is_current": value == chosen}
        for value, label, count in tabs
        if count
    ]
